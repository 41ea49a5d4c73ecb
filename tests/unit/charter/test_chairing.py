"""Who has the chair: a model that walks through ten years event by event, and the hard days of the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.charter import Charter, chair_at, parse_charter, term_beginning, term_of
from tansiq.charter.chairing import grace_end
from tests.unit.charter.conftest import CHARTERS, SMALL

DAY = 86_400_000
YEARS = 10


def charter_of(first: str, length: str, grace: int, *, zone: str = "Asia/Baghdad", hour: int = 0) -> Charter:
    """The small charter with another calendar and another grace."""
    text = SMALL.replace("first_day = 2015-09-27", f"first_day = {first}").replace("months = 3", length)
    text = text.replace("grace_days = 3", f"grace_days = {grace}")
    return parse_charter(text.replace('hour = 0\nzone = "Asia/Baghdad"', f'hour = {hour}\nzone = "{zone}"'))


def walked(charter: Charter, instant: int, taken: dict[tuple[int, str], int]) -> tuple[int, str, int]:
    """The number of the term whose member has the chair, how and when it came: by walking through all events before."""
    events: list[tuple[int, int, int, str]] = []
    number = 1
    while (term := term_of(charter, number)).from_ms <= instant:
        done = taken.get((term.from_ms, term.chair))
        late = grace_end(charter, number)
        if number == 1:
            events.append((term.from_ms, 0, number, "first"))
        elif done is not None and done < late:
            events.append((max(done, term.from_ms), 0, number, "taken"))
        else:
            events.append((late, 0, number, "calendar"))
        number += 1
    held, how, since = 0, "", 0
    for at, _, number, came in sorted(events):
        if at <= instant and number > held:
            held, how, since = number, came, at
    return held, how, since


CALENDARS = st.sampled_from([("2015-09-27", "months = 3"), ("2024-02-29", "years = 1"), ("2016-02-29", "months = 1"),
                             ("2015-08-31", "months = 6"), ("2015-12-31", "months = 2"), ("2015-03-29", "months = 1")])
ZONES = st.sampled_from([("Asia/Baghdad", 0), ("Africa/Cairo", 0), ("Australia/Lord_Howe", 2), ("Asia/Tehran", 0),
                         ("Europe/Moscow", 12)])


@given(calendar=CALENDARS, zone=ZONES, grace=st.sampled_from([0, 1, 7, 45, 366]), data=st.data())
def test_ten_years_of_terms(calendar: tuple[str, str], zone: tuple[str, int], grace: int, data: st.DataObject) -> None:
    """Terms taken over early, late, too late, by the wrong member or never: the chair is where the walk says."""
    charter = charter_of(*calendar, grace, zone=zone[0], hour=zone[1])
    count = min(40, YEARS * 12 // charter.rotation.term.in_months)
    offsets = data.draw(st.lists(st.none() | st.integers(-40 * DAY, (grace + 30) * DAY), min_size=count,
                                 max_size=count))
    wrong = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    taken: dict[tuple[int, str], int] = {}
    for number, (offset, swapped) in enumerate(zip(offsets, wrong, strict=True), 2):
        term = term_of(charter, number)
        if offset is not None:
            other = next(code for code in charter.rotation.order if code != term.chair)
            taken[term.from_ms, other if swapped else term.chair] = term.from_ms + offset
    last = term_of(charter, count + 1).until_ms
    instants = data.draw(st.lists(st.integers(term_of(charter, 1).from_ms, last), max_size=12))
    for number in range(1, count + 1):
        begin, late = term_of(charter, number).from_ms, grace_end(charter, number)
        instants += [begin - 1, begin, late - 1, late, taken.get((begin, term_of(charter, number).chair), begin)]
    for instant in instants:
        shown = chair_at(charter, instant, taken)
        held, how, since = walked(charter, instant, taken)
        assert (shown is None) == (held == 0)
        if shown is not None:
            assert (shown.term.number, shown.how, shown.since_ms) == (held, how, since)
            assert shown.chair == charter.rotation.order[(held - 1) % len(charter.rotation.order)]
            assert shown.since_ms <= instant and shown.running.from_ms <= instant < shown.running.until_ms
            assert shown.late == (held != shown.running.number)
            assert shown.following.number == (shown.running.number if shown.late else held + 1)
            assert shown.passes_ms == grace_end(charter, shown.following.number)


def test_before_the_first_term_nobody_has_the_chair() -> None:
    """The first term begins without a handover, and before it there is no chair."""
    charter = charter_of("2015-09-27", "months = 3", 7)
    begin = term_of(charter, 1).from_ms
    assert chair_at(charter, begin - 1, {}) is None
    first = chair_at(charter, begin, {})
    assert first is not None and (first.chair, first.how, first.late) == ("AA", "first", False)


@pytest.mark.parametrize("grace", [0, 7])
def test_a_missed_handover_is_missed_to_the_millisecond(grace: int) -> None:
    """Until the grace is over the outgoing member has the chair; in that millisecond it is the next one's."""
    charter = charter_of("2015-09-27", "months = 3", grace)
    begin, late = term_of(charter, 2).from_ms, grace_end(charter, 2)
    assert late == begin + grace * DAY
    at = chair_at(charter, late, {(begin, "BB"): late})
    assert at is not None and (at.chair, at.how, at.since_ms) == ("BB", "calendar", late)
    if grace:
        before = chair_at(charter, late - 1, {})
        assert before is not None and (before.chair, before.late, before.passes_ms) == ("AA", True, late)
        taken = chair_at(charter, late - 1, {(begin, "BB"): late - 1})
        assert taken is not None and (taken.chair, taken.how) == ("BB", "taken")


def test_a_handover_by_the_wrong_member_changes_nothing() -> None:
    """What anyone but the next in order took over is passed over."""
    charter = charter_of("2015-09-27", "months = 3", 7)
    begin = term_of(charter, 2).from_ms
    for instant in range(begin - DAY, begin + 10 * DAY, DAY // 2):
        assert chair_at(charter, instant, {(begin, "AA"): begin}) == chair_at(charter, instant, {})


def test_leap_days_move_a_term_and_its_grace_together() -> None:
    """A year's term from 29 February begins on the 28th of other years; its grace is counted from there."""
    charter = parse_charter((CHARTERS / "maritime.toml").read_text("utf-8"))
    zone = ZoneInfo(charter.rotation.zone)
    for number in range(1, YEARS + 1):
        begin = datetime.fromtimestamp(term_of(charter, number).from_ms / 1000, zone)
        leap = begin.year % 4 == 0
        assert (begin.month, begin.day, begin.hour) == (2, 29 if leap else 28, 12)
        late = datetime.fromtimestamp(grace_end(charter, number) / 1000, zone)
        assert late == begin + timedelta(days=charter.rotation.grace_days)


def test_an_order_amended_in_the_middle_of_a_term_counts_from_then_on() -> None:
    """What was taken over under the old order does not bind the new one; terms begin as before."""
    old = charter_of("2015-09-27", "months = 3", 7)
    third = '[[members]]\ncode = "CC"\nzone = "Etc/UTC"\nterritory = "CCC"\n' \
            'name = {ar = "جيم", en = "Gamma"}\ncapital = {ar = "مدينة", en = "town"}\n\n'
    new = parse_charter(old.text.replace('order = ["AA", "BB"]', 'order = ["AA", "CC", "BB"]')
                        .replace("[[partners]]", third + "[[partners]]", 1))
    begin = term_of(old, 2).from_ms
    taken = {(begin, "BB"): begin - DAY}
    assert (term_of(new, 2).from_ms, term_of(new, 2).chair) == (begin, "CC")
    by_old, by_new = chair_at(old, begin, taken), chair_at(new, begin, taken)
    assert by_old is not None and by_old.chair == "BB"
    assert by_new is not None and (by_new.chair, by_new.late, by_new.following.chair) == ("AA", True, "CC")
    again = chair_at(new, begin, taken | {(begin, "CC"): begin})
    assert again is not None and (again.chair, again.how) == ("CC", "taken")


def test_a_term_is_known_by_its_begin() -> None:
    """Only the very millisecond in which a term begins names it."""
    charter = charter_of("2015-09-27", "months = 3", 7)
    begin = term_of(charter, 2).from_ms
    found = term_beginning(charter, begin)
    assert found is not None and found.number == 2
    assert term_beginning(charter, begin + 1) is None and term_beginning(charter, 0) is None
