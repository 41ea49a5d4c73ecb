"""The office: officers, roles, sessions, drafts, the reading log."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from tansiq.charter import parse_charter
from tansiq.errors import Malformed, Refused, Untrusted
from tansiq.office import ROLES, SESSION_MS, Office, Officer, demonstration_officers, named_officer
from tests.unit.office.conftest import ADMINISTRATOR, DRAFTER, READER, Clock


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


def test_an_id_is_given_once(office: Office) -> None:
    """An officer who ended cannot sign in, and its id is never somebody else's."""
    office.add(ADMINISTRATOR)
    token = office.sign_in("AA-reader")
    office.end("AA-reader")
    with pytest.raises(Untrusted):
        office.session(token)
    assert [o.id for o in office.officers()] == ["AA-administrator", "AA-drafter"]
    with pytest.raises(Refused) as refused:
        office.add(READER)
    assert refused.value.code == "officer.known"
    office.enrol([READER])
    assert not office.has("AA-reader")


def test_somebody_is_left_to_administer(office: Office) -> None:
    """The last administrator is neither ended nor stripped of the role; a second makes it possible."""
    office.add(ADMINISTRATOR)
    stripped = Officer("AA-administrator", "Administrator", "AA", ("reader",))
    for attempt in (lambda: office.end("AA-administrator"), lambda: office.change(stripped)):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "officer.last"
    office.add(Officer("AA-second-administrator", "Administrator", "AA", ("administrator",)))
    office.change(stripped)
    assert office.officer("AA-administrator").roles == ("reader",)


def test_new_roles_end_what_was_begun_with_the_old(office: Office) -> None:
    """An officer whose roles changed signs in again."""
    office.add(ADMINISTRATOR)
    token = office.sign_in("AA-reader")
    office.change(Officer("AA-reader", "Reading officer", "AA", ("reader", "drafter")))
    with pytest.raises(Untrusted):
        office.session(token)


@pytest.mark.parametrize(("given", "name", "roles", "code"), [
    ("Duty", "Duty officer", ("reader",), "officer.id"), ("duty officer", "x", ("reader",), "officer.id"),
    ("BB-duty", "x", ("reader",), "officer.id"), ("duty", " ", ("reader",), "officer.name"),
    ("duty", "a\nb", ("reader",), "officer.name"), ("duty", "a\u202eb", ("reader",), "officer.name"),
    ("duty", "x", (), "officer.roles"), ("duty", "x", ("reader", "emperor"), "officer.roles"),
])
def test_an_officer_that_cannot_be_is_refused(given: str, name: str, roles: tuple[str, ...], code: str) -> None:
    """An id, a name and roles have their forms; the sentence names the field."""
    with pytest.raises(Malformed) as refused:
        named_officer("AA", given, name=name, roles=roles)
    assert refused.value.code == code and refused.value.field == code.partition(".")[2]


def test_roles_stand_in_their_order() -> None:
    """However they were ticked."""
    assert named_officer("AA", "duty", name="افسر پیش\u200cنویس", roles=("reader",)).name == "افسر پیش\u200cنویس"
    made = named_officer("AA", "duty", name=" Duty officer ", roles=("releaser", "reader"))
    assert (made.id, made.name, made.roles) == ("AA-duty", "Duty officer", ("reader", "releaser"))


def test_what_administrators_did_is_kept(office: Office, clock: Clock) -> None:
    """Each deed with its time, newest first; the reading log is found by officer, act and time."""
    office.log_deed("AA-administrator", "made", "AA-x")
    office.log_deed("AA-administrator", "ended", "AA-x")
    assert [(d.what, d.about, d.time) for d in office.deeds()] == [("ended", "AA-x", clock.now), ("made", "AA-x",
                                                                                                clock.now)]
    for officer, act in (("AA-reader", "ab"), ("AA-drafter", "ab"), ("AA-reader", "cd")):
        office.log_reading(officer, act)
        clock.now += 10
    assert [r.act for r in office.reading_log(officer="AA-reader")] == ["cd", "ab"]
    assert [r.officer for r in office.reading_log(act="ab", after=1_000_010)] == ["AA-drafter"]
    assert [r.act for r in office.reading_log(before=1_000_010)] == ["ab"]


def test_an_older_file_is_brought_up(tmp_path: Path, clock: Clock) -> None:
    """A file of before this has its officers, drafts and readings after it was opened; its sessions have ended."""
    path = tmp_path / "old.db"
    old = apsw.Connection(str(path))
    old.execute("CREATE TABLE officer (id TEXT PRIMARY KEY, name TEXT NOT NULL, member TEXT NOT NULL, roles TEXT NOT "
                "NULL) STRICT, WITHOUT ROWID; CREATE TABLE session (hash BLOB PRIMARY KEY, officer TEXT NOT NULL, "
                "began INTEGER NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID; CREATE INDEX session_officer "
                "ON session (officer, began); INSERT INTO officer VALUES ('AA-reader', 'Reading officer', 'AA', "
                "'reader'); INSERT INTO session VALUES (x'00', 'AA-reader', 1, 9000000)")
    old.close()
    office = Office.open(path, clock=clock)
    assert office.officer("AA-reader") == READER and office.sessions.running() == []
    assert office.session(office.sign_in("AA-reader")) == READER
    office.close()
    Office.open(path, clock=clock).close()
