"""Whose term it is, from the calendar alone."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.charter import Charter, Term, parse_charter, term_at, terms, terms_json
from tansiq.errors import Malformed
from tests.unit.charter.conftest import SMALL, Change

ZONES = ["Asia/Baghdad", "Asia/Tehran", "Europe/Moscow", "America/Sao_Paulo", "Australia/Lord_Howe", "Etc/UTC",
         "Africa/Cairo", "Asia/Beirut", "America/Santiago", "Pacific/Apia"]  # fmt: skip


def charter_of(first: date, length: str, hour: int, zone: str) -> Charter:
    """The small charter with another calendar."""
    text = SMALL.replace("first_day = 2015-09-27", f"first_day = {first.isoformat()}")
    text = text.replace("term = {months = 3}", f"term = {{{length}}}")
    return parse_charter(text.replace('hour = 0\nzone = "Asia/Baghdad"', f'hour = {hour}\nzone = "{zone}"'))


def local(instant: int, zone: str) -> datetime:
    """*instant* on the clocks of *zone*."""
    return datetime.fromtimestamp(instant / 1000, ZoneInfo(zone))


def skipped(instant: int, zone: str) -> timedelta:
    """By how much the clocks of *zone* were put forward in the 25 hours before *instant*."""
    now, before = local(instant, zone).utcoffset(), local(instant - 25 * 3_600_000, zone).utcoffset()
    assert now is not None and before is not None
    return now - before


def test_baghdad(baghdad: Charter) -> None:
    """Iraq has the first three months; the order after it is the charter's, and says so in each language."""
    listed = terms_json(baghdad, 5)
    assert [term["chair"] for term in listed] == ["IQ", "IR", "RU", "SY", "IQ"]
    assert listed[0] == {"term": 1, "chair": "IQ", "from": "2015-09-27T00:00:00+03:00",
                         "to": "2015-12-27T00:00:00+03:00"}  # fmt: skip
    assert "charter's choice" in baghdad.rotation.note["en"]
    assert set(baghdad.rotation.note) == set(baghdad.languages)


@given(
    first=st.dates(date(1970, 1, 1), date(2099, 12, 31)) | st.sampled_from([date(2016, 2, 29), date(2015, 8, 31)]),
    length=st.integers(1, 30).map(lambda n: f"months = {n}") | st.integers(1, 4).map(lambda n: f"years = {n}"),
    hour=st.integers(0, 23),
    zone=st.sampled_from(ZONES),
)
def test_ten_years(first: date, length: str, hour: int, zone: str) -> None:
    """Over ten years terms touch, go round the order, and begin on the first day's day or the month's last."""
    charter = charter_of(first, length, hour, zone)
    months = charter.rotation.term.in_months
    listed = terms(charter, 120 // months + 2)
    for before, after in pairwise(listed):
        assert before.from_ms < before.until_ms == after.from_ms
    for term in listed:
        index = first.year * 12 + first.month - 1 + (term.number - 1) * months
        year, month = index // 12, index % 12 + 1
        day = date(year, month, min(first.day, monthrange(year, month)[1]))
        begun = local(term.from_ms, zone)
        # A term begins late only where the clock skips its hour, and then by what the clock skips.
        late = begun.replace(tzinfo=None) - datetime(day.year, day.month, day.day, hour)
        assert late == timedelta(0) or late == skipped(term.from_ms, zone) > timedelta(0)
        assert term.chair == charter.rotation.order[(term.number - 1) % 2]
        assert term_at(charter, term.from_ms) == term == term_at(charter, term.until_ms - 1)
    assert term_at(charter, listed[0].from_ms - 1) is None


@given(st.integers(0, 4_000_000_000_000))
def test_every_instant(instant: int) -> None:
    """Every instant from the first day on lies in exactly one term."""
    charter = charter_of(date(2016, 2, 29), "months = 1", 2, "America/Santiago")
    term = term_at(charter, instant)
    if term is None:
        assert instant < terms(charter, 1)[0].from_ms
    else:
        assert term.from_ms <= instant < term.until_ms


@pytest.mark.parametrize(
    ("first", "length", "begins"),
    [
        (date(2015, 8, 31), "months = 3", ["2015-08-31", "2015-11-30", "2016-02-29", "2016-05-31"]),
        (date(2016, 2, 29), "years = 1", ["2016-02-29", "2017-02-28", "2018-02-28", "2019-02-28", "2020-02-29"]),
        (date(2015, 1, 30), "months = 1", ["2015-01-30", "2015-02-28", "2015-03-30"]),
    ],
)
def test_short_months(first: date, length: str, begins: list[str]) -> None:
    """A month too short for the day moves its own begin and none after it; leap days come back."""
    listed = terms_json(charter_of(first, length, 0, "Etc/UTC"), len(begins))
    assert [term["from"][:10] for term in listed] == begins


def test_skipped_and_doubled_hours() -> None:
    """An hour that the clock skips begins after the skip; of an hour that comes twice the first counts."""
    skipped = terms(charter_of(date(2021, 3, 28), "months = 1", 2, "Europe/Berlin"), 1)[0]
    assert local(skipped.from_ms, "Europe/Berlin").isoformat() == "2021-03-28T03:00:00+02:00"
    doubled = terms(charter_of(date(2021, 10, 31), "months = 1", 2, "Europe/Berlin"), 1)[0]
    assert local(doubled.from_ms, "Europe/Berlin").isoformat() == "2021-10-31T02:00:00+02:00"


def test_summer_time_counts() -> None:
    """A term is so many months on the charter's clocks, not so many hours."""
    first = terms(charter_of(date(2021, 3, 1), "months = 1", 0, "Europe/Berlin"), 1)[0]
    assert first.until_ms - first.from_ms == (31 * 24 - 1) * 3_600_000
    assert first.from_ms == int(datetime(2021, 2, 28, 23, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize("count", [0, -1, 1_001])
def test_count(small: Charter, count: int) -> None:
    """From 1 to 1,000 terms can be listed."""
    with pytest.raises(Malformed) as caught:
        terms(small, count)
    assert (caught.value.code, caught.value.field) == ("charter.count", "count")


def test_past_the_calendar(change: Change) -> None:
    """Terms and instants that leave the calendar are refused, not wrapped."""
    charter = parse_charter(change("term = {months = 3}", "term = {years = 100}"))
    assert terms(charter, 79)[-1].number == 79
    for ask in (lambda: terms(charter, 90), lambda: term_at(charter, 10**15), lambda: term_at(charter, 10**30)):
        with pytest.raises(Malformed) as caught:
            ask()
        assert caught.value.code == "charter.calendar"


def test_term_is_frozen() -> None:
    """A term is a value."""
    assert Term(1, "AA", 0, 1) == Term(1, "AA", 0, 1)
