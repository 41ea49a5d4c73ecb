"""How officers sign in: passwords, passkeys, codes, sessions that grow idle or stale, and waiting after failures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tansiq.charter import parse_charter
from tansiq.doors.entrance import Entrance
from tansiq.errors import Malformed, Refused, TansiqError, Unavailable, Untrusted
from tansiq.office import Office, SignIn, sign_in_of
from tansiq.office.attempts import FREE, LONGEST_MS, delay_ms
from tansiq.office.enrolment import CODE_MS
from tansiq.office.passwords import Room
from tansiq.office.sessions import FRESH_MS, IDLE_MS, SESSION_MS
from tests.authenticator import ORIGIN, Passkey, base64url
from tests.unit.charter.conftest import SMALL
from tests.unit.office.conftest import Clock

PASSWORD = "seven wet camels"


@pytest.fixture
def entrance(office: Office) -> Entrance:
    """The entrance of one office where officers show who they are."""
    return Entrance({"AA": office}, SignIn(choosing=False, origin=ORIGIN))


def refused(attempt: Callable[[], Any]) -> TansiqError:
    """What an attempt is refused with."""
    with pytest.raises(TansiqError) as caught:
        attempt()
    return caught.value


def enrolled(entrance: Entrance, office: Office, passkey: Passkey, officer: str = "AA-reader") -> str:
    """Enrol a passkey with a code; the token of the session that began."""
    code = office.enrolment.issue(officer)
    return entrance.enrol_passkey(officer, code, passkey.create(entrance.enrol_question(officer, code)))


def test_a_password_lets_its_officer_in(entrance: Entrance, office: Office) -> None:
    """The right one begins a session; a wrong one, another's and an unknown officer's end in one sentence."""
    office.passwords.set("AA-reader", PASSWORD)
    assert entrance.officer(entrance.with_password("AA-reader", PASSWORD)).id == "AA-reader"
    said = {str(refused(lambda who=who, what=what: entrance.with_password(who, what)))
            for who, what in (("AA-reader", "wrong wet camels"), ("AA-drafter", PASSWORD), ("AA-nobody", PASSWORD))}
    assert said == {"The officer or the password is not right."}


def test_one_password_however_it_was_composed(entrance: Entrance, office: Office) -> None:
    """The same letters, composed or not, in any width, are the same password."""
    office.passwords.set("AA-reader", "caf\u00e9 caf\u00e9 caf\u00e9")
    entrance.with_password("AA-reader", "cafe\u0301 cafe\u0301 caf\u00e9")


@pytest.mark.parametrize(("password", "code"), [
    ("short", "password.short"), ("x" * 257, "password.short"), ("aaaaaaaaaaaaaaaa", "password.plain"),
    ("my AA-READER password", "password.plain"),
])
def test_a_weak_password_is_refused(office: Office, password: str, code: str) -> None:
    """Too short, too long, a few characters repeated, the officer's own name."""
    assert refused(lambda: office.passwords.set("AA-reader", password)).code == code


def test_no_password_and_no_code_is_kept_as_it_is(office: Office, tmp_path: Path) -> None:
    """The file holds an argon2id hash of the one and a hash of the other."""
    office.passwords.set("AA-reader", PASSWORD)
    code = office.enrolment.issue("AA-drafter")
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert PASSWORD.encode() not in held and code.encode() not in held and code.replace("-", "").encode() not in held
    assert b"$argon2id$v=19$m=65536,t=3" in held


def test_who_fails_waits_longer_and_longer(entrance: Entrance, office: Office, clock: Clock) -> None:
    """Three failures are free; then even the right password waits, twice as long each time, and is let in after."""
    office.passwords.set("AA-reader", PASSWORD)
    for _ in range(FREE):
        assert refused(lambda: entrance.with_password("AA-reader", "wrong wet camels")).code == "session.wrong"
    locked = refused(lambda: entrance.with_password("AA-reader", PASSWORD))
    assert (locked.code, locked.fields["seconds"]) == ("session.locked", 5)
    clock.now += 5_000
    assert refused(lambda: entrance.with_password("AA-reader", "wrong wet camels")).code == "session.wrong"
    assert refused(lambda: entrance.with_password("AA-reader", PASSWORD)).fields["seconds"] == 10
    clock.now += 10_000
    entrance.with_password("AA-reader", PASSWORD)
    assert refused(lambda: entrance.with_password("AA-reader", "wrong wet camels")).code == "session.wrong"


def test_waiting_grows_to_a_quarter_of_an_hour() -> None:
    """Each failure doubles it, up to the longest; the first three cost nothing."""
    delays = [delay_ms(failures) for failures in range(1, 40)]
    assert delays[:5] == [0, 0, 5_000, 10_000, 20_000] and delays == sorted(delays) and delays[-1] == LONGEST_MS


def test_waiting_tells_nothing_of_who_there_is(entrance: Entrance) -> None:
    """An officer who does not exist is held up like one who does."""
    for _ in range(FREE):
        refused(lambda: entrance.with_password("AA-nobody", "wrong wet camels"))
    assert refused(lambda: entrance.with_password("AA-nobody", "wrong wet camels")).code == "session.locked"


def test_a_stranger_who_guesses_keeps_no_passkey_out(entrance: Entrance, office: Office) -> None:
    """However many passwords fail, the officer's passkey lets it in."""
    passkey = Passkey()
    enrolled(entrance, office, passkey)
    for _ in range(FREE + 1):
        refused(lambda: entrance.with_password("AA-reader", "wrong wet camels"))
    assert entrance.officer(entrance.with_passkey(passkey.answer(entrance.question()))).id == "AA-reader"


@pytest.mark.parametrize("suite", [1, 2])
def test_a_passkey_is_enrolled_with_a_code_and_lets_in(entrance: Entrance, office: Office, suite: int) -> None:
    """The code serves once; the passkey then serves without a name, its counter is kept."""
    passkey = Passkey(suite=suite)
    code = office.enrolment.issue("AA-reader")
    question = entrance.enrol_question("AA-reader", code.lower().replace("-", " "))
    assert (question["rp"]["id"], question["user"]["name"]) == ("floor.example", "AA-reader")
    assert question["authenticatorSelection"]["userVerification"] == "required"
    assert entrance.officer(entrance.enrol_passkey("AA-reader", code, passkey.create(question))).id == "AA-reader"
    assert refused(lambda: entrance.enrol_question("AA-reader", code)).code == "enrolment.code"
    entrance.with_passkey(passkey.answer(entrance.question()))
    assert office.passkeys.of("AA-reader")[0].counter == passkey.counter == 1


def test_a_code_is_good_for_its_officer_and_two_days(entrance: Entrance, office: Office, clock: Clock) -> None:
    """Another officer's code, one that was replaced and one too old are the same to whoever tries; so is guessing."""
    first = office.enrolment.issue("AA-reader")
    second = office.enrolment.issue("AA-reader")
    for officer, code in (("AA-drafter", second), ("AA-reader", first), ("AA-nobody", second)):
        assert refused(lambda o=officer, c=code: entrance.enrol_password(o, c, PASSWORD)).code == "enrolment.code"
    clock.now += CODE_MS
    assert refused(lambda: entrance.enrol_password("AA-reader", second, PASSWORD)).code == "enrolment.code"
    for _ in range(FREE):
        refused(lambda: entrance.enrol_password("AA-reader", second, PASSWORD))
    assert refused(lambda: entrance.enrol_password("AA-reader", second, PASSWORD)).code == "session.locked"


def test_a_new_password_ends_older_sessions(entrance: Entrance, office: Office) -> None:
    """Whoever got in before is out; a password that is refused leaves the code unused."""
    before = office.sign_in("AA-reader")
    code = office.enrolment.issue("AA-reader")
    assert refused(lambda: entrance.enrol_password("AA-reader", code, "short")).code == "password.short"
    after = entrance.enrol_password("AA-reader", code, PASSWORD)
    assert entrance.officer(after).id == "AA-reader"
    assert refused(lambda: entrance.officer(before)).code == "session.absent"


def test_a_question_is_answered_once_and_soon(entrance: Entrance, office: Office, clock: Clock) -> None:
    """An answer serves once, for five minutes, and for what was asked."""
    passkey = Passkey()
    token = enrolled(entrance, office, passkey)
    answer = passkey.answer(entrance.question())
    entrance.with_passkey(answer)
    assert refused(lambda: entrance.with_passkey(answer)).code == "challenge.absent"
    proof = passkey.answer(entrance.proof_question(entrance.officer(token)))
    assert refused(lambda: entrance.with_passkey(proof)).code == "challenge.absent"
    late = passkey.answer(entrance.question())
    clock.now += 5 * 60_000
    assert refused(lambda: entrance.with_passkey(late)).code == "challenge.absent"


@pytest.mark.parametrize(("forge", "code"), [
    (lambda key: Passkey(seed=9), "passkey.unknown"),
    (lambda key: Passkey(origin="https://evil.example"), "assertion.client"),
    (lambda key: Passkey(flags=1), "assertion.authenticator"),
    (lambda key: key, "passkey.counter"),
], ids=["unknown", "elsewhere", "unverified", "copied"])
def test_a_passkey_that_is_not_right_lets_nobody_in(entrance: Entrance, office: Office, forge: Any, code: str) -> None:
    """Unknown, at another address, without verification, or counting backwards."""
    passkey = Passkey(counter=5)
    enrolled(entrance, office, passkey)
    passkey.counter = 4 if code == "passkey.counter" else 7
    assert refused(lambda: entrance.with_passkey(forge(passkey).answer(entrance.question()))).code == code


@pytest.mark.parametrize("given", [
    {}, {"response": {}}, {"id": "AA", "response": {"clientDataJSON": 5}},
    {"id": "AA", "response": {"clientDataJSON": "", "authenticatorData": "", "signature": ""}},
    {"id": "AA", "response": {"clientDataJSON": base64url(b'"challenge":"\xff"'), "authenticatorData": "",
                              "signature": ""}},
])
def test_no_answer_is_a_plain_refusal(entrance: Entrance, given: dict[str, Any]) -> None:
    """What a browser did not make is refused by its form."""
    assert refused(lambda: entrance.with_passkey(given)).code == "passkey.answer"


@pytest.mark.parametrize("spoil", [
    lambda made: made["response"].update(attestationObject="AAAA"),
    lambda made: made["response"].update(attestationObject=base64url(b"\xa0")),
    lambda made: made.update(id="AAAA"),
    lambda made: made["response"].pop("attestationObject"),
])
def test_a_passkey_that_is_none_is_not_taken(entrance: Entrance, office: Office, spoil: Any) -> None:
    """What cannot be read as a new passkey is refused in one sentence, and the code is still good."""
    code = office.enrolment.issue("AA-reader")
    made = Passkey().create(entrance.enrol_question("AA-reader", code))
    spoil(made)
    assert refused(lambda: entrance.enrol_passkey("AA-reader", code, made)).code == "passkey.made"
    entrance.enrol_question("AA-reader", code)


def test_a_passkey_is_one_officers(entrance: Entrance, office: Office) -> None:
    """The same passkey for a second officer is refused."""
    enrolled(entrance, office, Passkey())
    assert refused(lambda: enrolled(entrance, office, Passkey(), "AA-drafter")).code == "passkey.known"


def test_a_session_grows_idle_and_then_ends(entrance: Entrance, office: Office, clock: Clock) -> None:
    """Two hours without a request end it; looking on is no request; nothing keeps it beyond twelve hours."""
    office.passwords.set("AA-reader", PASSWORD)
    token = entrance.with_password("AA-reader", PASSWORD)
    for _ in range(3):
        clock.now += IDLE_MS - 1
        entrance.officer(token)
    clock.now += IDLE_MS - 1
    entrance.officer(token, looking=True)
    clock.now += 1
    assert refused(lambda: entrance.officer(token)).code == "session.absent"
    token, began = entrance.with_password("AA-reader", PASSWORD), clock.now
    while clock.now + IDLE_MS - 1 < began + SESSION_MS:
        clock.now += IDLE_MS - 1
        entrance.officer(token)
    clock.now = began + SESSION_MS
    assert refused(lambda: entrance.officer(token)).code == "session.absent"


def test_who_was_there_a_while_ago_shows_it_again(entrance: Entrance, office: Office, clock: Clock) -> None:
    """After five minutes a session is stale, until a passkey, or without one a password, proves its officer."""
    office.passwords.set("AA-reader", PASSWORD)
    token = entrance.with_password("AA-reader", PASSWORD)
    entrance.officer(token).require_fresh()
    clock.now += FRESH_MS
    stale = entrance.officer(token)
    assert refused(stale.require_fresh).code == "session.stale"
    assert refused(lambda: entrance.another_question(stale)).code == "session.stale"
    entrance.prove_with_password(token, PASSWORD)
    entrance.officer(token).require_fresh()
    passkey = Passkey()
    officer = entrance.officer(token)
    entrance.another_passkey(officer, passkey.create(entrance.another_question(officer)))
    clock.now += FRESH_MS
    assert refused(lambda: entrance.prove_with_password(token, PASSWORD)).code == "session.passkey"
    entrance.prove_with_passkey(token, passkey.answer(entrance.proof_question(entrance.officer(token))))
    entrance.officer(token).require_fresh()


def test_one_officers_proof_is_not_anothers(entrance: Entrance, office: Office, clock: Clock) -> None:
    """A proof answers the question that its own officer was asked."""
    mine, others = Passkey(seed=1), Passkey(seed=2)
    token = enrolled(entrance, office, mine)
    other = enrolled(entrance, office, others, "AA-drafter")
    clock.now += FRESH_MS
    question = entrance.proof_question(entrance.officer(other))
    assert refused(lambda: entrance.prove_with_passkey(token, mine.answer(question))).code == "passkey.unknown"
    question = entrance.proof_question(entrance.officer(token))
    assert refused(lambda: entrance.prove_with_passkey(token, others.answer(question))).code == "passkey.unknown"
    assert not entrance.officer(token).fresh


def test_choosing_is_for_exercises(office: Office) -> None:
    """Where officers prove who they are nobody is chosen; a charter that is no exercise admits no choosing."""
    proving = Entrance({"AA": office}, SignIn(choosing=False))
    assert refused(lambda: proving.choose("AA-reader")).code == "signin.proof"
    chosen = Entrance({"AA": office}, SignIn(choosing=True)).choose("AA-reader")
    assert office.session(chosen).fresh
    exercise = parse_charter(SMALL)
    real = parse_charter(SMALL.replace("exercise = true", "exercise = false"))
    local = "http://localhost:8400"
    assert sign_in_of(exercise, given=None, origin=local).choosing
    assert not sign_in_of(exercise, given="prove", origin=local).choosing
    assert not sign_in_of(real, given=None, origin=local).choosing
    with pytest.raises(Refused):
        sign_in_of(real, given="choose", origin=local)
    with pytest.raises(Malformed):
        sign_in_of(real, given=None, origin="http://floor.example")


def test_the_duty_roster_knows_who_is_on(office: Office) -> None:
    """Watches with their telephones; numbers in any digits; what is none, or has no time, is refused."""
    office.duty.add("AA-reader", "+964 (1) 555-0142", since=1_000, until=5_000)
    night = office.duty.add("AA-drafter", "٠٧٩٠١٢٣٤٥٦٧", since=4_000, until=9_000)
    assert night.telephone == "07901234567"
    assert [w.officer for w in office.duty.at(4_500)] == ["AA-reader", "AA-drafter"]
    assert [w.officer for w in office.duty.turns(after=5_000)] == ["AA-drafter"]
    office.duty.drop(night.id)
    assert office.duty.at(6_000) == []
    for telephone, until in (("call me", 5_000), ("+964 1 555 0142", 1_000), ("+964 1 555 0142", 10**12)):
        with pytest.raises(Malformed):
            office.duty.add("AA-reader", telephone, since=1_000, until=until)


def test_too_many_at_once_are_told_so() -> None:
    """Checking passwords takes room: whoever finds none is told to come again, and nothing hangs."""
    room = Room(1, wait_s=0.01)
    with room, pytest.raises(Unavailable), room:
        raise AssertionError("there was no room")
    with room:
        pass


def test_sessions_are_listed_and_ended_by_their_own_ids(office: Office) -> None:
    """An administrator sees who is in, and ends a session without ever seeing its token."""
    token = office.sign_in("AA-reader")
    kept = office.sign_in("AA-drafter")
    one = next(s for s in office.sessions.running() if s.officer == "AA-reader")
    assert one.id not in token and office.sessions.end_one(one.id) == "AA-reader"
    assert office.sessions.end_one(one.id) is None
    with pytest.raises(Untrusted):
        office.session(token)
    assert office.session(kept).id == "AA-drafter"
