"""The office: officers, roles, sessions, drafts, the reading log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tansiq.charter import parse_charter
from tansiq.errors import Malformed, Refused, Untrusted
from tansiq.office import ROLES, SESSION_MS, Office, Officer, demonstration_officers

READER = Officer("AA-reader", "Reading officer", "AA", ("reader",))
DRAFTER = Officer("AA-drafter", "Drafting officer", "AA", ("reader", "drafter"))


class Clock:
    """A clock that stands still until it is moved (UTC ms)."""

    now = 1_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock for the office."""
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """An office with a reader and a drafter."""
    opened = Office.open(tmp_path / "office.db", clock=clock)
    opened.enrol([READER, DRAFTER])
    yield opened
    opened.close()


def test_officers_are_found_by_id(office: Office) -> None:
    """Officers come back as they were written, and an unknown one is refused by name."""
    assert office.officers() == [DRAFTER, READER]
    with pytest.raises(Refused) as refused:
        office.officer("AA-nobody")
    assert refused.value.code == "officer.unknown" and "AA-nobody" in str(refused.value)


def test_each_member_has_an_officer_for_every_role() -> None:
    """Every role is held by somebody in a member's cell, two may consent, and who administers reads nothing."""
    charter = parse_charter(Path("charters/baghdad.toml").read_text("utf-8"))
    officers = demonstration_officers(charter)["IQ"]
    assert {role for officer in officers for role in officer.roles} == set(ROLES)
    assert sum("consenter" in officer.roles for officer in officers) == 2
    assert next(o for o in officers if o.id == "IQ-administrator").roles == ("administrator",)


def test_a_role_that_is_missing_is_refused(office: Office) -> None:
    """A reader may not save a draft, and a drafter may not say."""
    assert office.require("AA-drafter", "drafter") == DRAFTER
    with pytest.raises(Refused):
        office.require("AA-drafter", "releaser")
    with pytest.raises(Refused):
        office.save_draft("AA-reader", "report", {"title": "x"})


def test_a_session_ends_by_itself_and_on_request(office: Office, clock: Clock) -> None:
    """A token is good until its time is up or it is handed back."""
    first, second = office.sign_in("AA-reader"), office.sign_in("AA-reader")
    assert first != second and office.session(first) == READER
    office.sign_out(first)
    with pytest.raises(Untrusted):
        office.session(first)
    clock.now += SESSION_MS
    with pytest.raises(Untrusted):
        office.session(second)


def test_no_token_is_kept(office: Office, tmp_path: Path) -> None:
    """The files of the office do not hold the token that it hands out, and only their owner may read them."""
    token = office.sign_in("AA-reader")
    for path in tmp_path.iterdir():
        assert token.encode() not in path.read_bytes()
    assert (tmp_path / "office.db").stat().st_mode & 0o077 == 0


def test_the_oldest_sessions_give_way(office: Office, clock: Clock) -> None:
    """An officer who signs in without end does not fill the disk: the oldest session ends."""
    tokens = []
    for _ in range(65):
        clock.now += 1
        tokens.append(office.sign_in("AA-reader"))
    with pytest.raises(Untrusted):
        office.session(tokens[0])
    assert office.session(tokens[1]) == READER


def test_drafts_belong_to_their_officer(office: Office) -> None:
    """A draft can be saved again, read and dropped by its officer, and not by another."""
    draft = office.save_draft("AA-drafter", "report", {"title": "one"})
    office.save_draft("AA-drafter", "report", {"title": "two"}, draft_id=draft)
    assert [d.fields for d in office.drafts("AA-drafter")] == [b'{"title":"two"}']
    with pytest.raises(Refused):
        office.draft("AA-reader", draft)
    office.drop_draft("AA-drafter", draft)
    assert office.drafts("AA-drafter") == []
    with pytest.raises(Malformed):
        office.save_draft("AA-drafter", "report", {"title": "x" * 300_000})


def test_the_reading_log_keeps_who_and_when(office: Office, clock: Clock) -> None:
    """Each opening of an act is written down, in order, and survives a new opening of the file."""
    office.log_reading("AA-reader", "ab")
    clock.now += 5
    office.log_reading("AA-drafter", "ab")
    assert [(r.officer, r.time) for r in office.readings("ab")] == [("AA-reader", 1_000_000), ("AA-drafter", 1_000_005)]


def test_what_was_enrolled_survives_the_process(tmp_path: Path, clock: Clock) -> None:
    """Officers and sessions are there when the file is opened again."""
    office = Office.open(tmp_path / "o.db", clock=clock)
    office.enrol([READER])
    token = office.sign_in("AA-reader")
    office.close()
    again = Office.open(tmp_path / "o.db", clock=clock)
    assert again.session(token) == READER
    again.close()
