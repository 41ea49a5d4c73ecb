"""The entrance: how officers come in, show once more that they are there, and get what they sign in with.

It speaks for every office whose cell lies here. What it says of a failure is the same whether there is such an officer
or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tansiq.errors import Malformed, Refused, Untrusted
from tansiq.office import Office, Officer, SignIn, absent
from tansiq.office.passkeys import making, question, read_answer, read_made

Given = Mapping[str, Any]


class Entrance:
    """Officers of all *offices* (by member's code), who sign in as the setting says."""

    def __init__(self, offices: Mapping[str, Office], sign_in: SignIn) -> None:
        self.offices = offices
        self.sign_in = sign_in

    def office_of(self, officer_id: str) -> Office:
        """The office in which an officer is enrolled.

        Raises:
            Refused: ``officer.unknown``.
        """
        for office in self.offices.values():
            if office.has(officer_id):
                return office
        raise Refused("officer.unknown", "There is no officer {given}.", given=repr(officer_id[:80]), field="officer")

    def officer(self, token: str, *, looking: bool = False) -> Officer:
        """Tell whose session *token* is. *looking*: nobody asks for anything, so the session stays idle.

        Raises:
            Untrusted: ``session.absent``.
        """
        for office in self.offices.values():
            try:
                return office.sessions.officer(token, looking=looking)
            except Untrusted:
                continue
        raise absent()

    def leave(self, token: str) -> None:
        """End a session wherever it was begun."""
        for office in self.offices.values():
            office.sign_out(token)

    def choose(self, officer_id: str) -> str:
        """Come in as an officer who was chosen, and get the token of a session.

        Raises:
            Refused: ``signin.proof``, here that is not enough; ``officer.unknown``.
        """
        self.sign_in.require_choosing()
        return self.office_of(officer_id).sign_in(officer_id)

    def with_password(self, officer_id: str, password: str) -> str:
        """Come in with a password.

        Raises:
            Untrusted: ``session.wrong``.
            Unavailable: ``session.locked``, too many attempts failed; ``busy``.
        """
        self._require_password(officer_id, password)
        return self._any_office(officer_id).sessions.begin(officer_id, "password")

    def question(self) -> dict[str, Any]:
        """What a passkey is asked of whoever comes in."""
        return question(self._first.challenges.ask("enter", None), self.sign_in)

    def with_passkey(self, given: Given) -> str:
        """Come in with the answer of a passkey.

        Raises:
            Untrusted: ``challenge.absent``, ``passkey.…``, ``assertion.…``.
            Malformed: ``passkey.answer``.
        """
        answer = read_answer(given)
        self._first.challenges.take("enter", answer.challenge)
        for office in self.offices.values():
            if office.passkeys.find(answer.credential) is not None:
                found = office.passkeys.check(answer, officer=None, origin=self.sign_in.origin)
                return office.sessions.begin(office.officer(found.officer).id, "passkey")
        raise Untrusted("passkey.unknown", "This passkey is not known here.")

    def proof_question(self, officer: Officer) -> dict[str, Any]:
        """What a passkey is asked of an officer who shows once more to be there.

        Raises:
            Refused: ``passkey.none``, the officer has none.
        """
        office = self.office_of(officer.id)
        known = office.passkeys.of(officer.id)
        if not known:
            raise Refused("passkey.none", "You have no passkey yet.")
        return question(office.challenges.ask("prove", officer.id), self.sign_in, known)

    def prove_with_passkey(self, token: str, given: Given) -> None:
        """Show once more to be there, with a passkey.

        Raises:
            Untrusted: ``session.absent``, ``challenge.absent``, ``passkey.…``, ``assertion.…``.
        """
        officer, answer = self.officer(token), read_answer(given)
        office = self.office_of(officer.id)
        if office.challenges.take("prove", answer.challenge).officer != officer.id:
            raise Untrusted("passkey.unknown", "This passkey is not known here.")
        office.passkeys.check(answer, officer=officer.id, origin=self.sign_in.origin)
        office.sessions.prove(token)

    def prove_with_password(self, token: str, password: str) -> None:
        """Show once more to be there, with a password: only where the officer has no passkey.

        Raises:
            Refused: ``session.passkey``.
            Untrusted: ``session.absent``, ``session.wrong``.
            Unavailable: ``session.locked``, ``busy``.
        """
        officer = self.officer(token)
        office = self.office_of(officer.id)
        if office.passkeys.of(officer.id):
            raise Refused("session.passkey", "You have a passkey: a password is not enough here.")
        self._require_password(officer.id, password)
        office.sessions.prove(token)

    def enrol_question(self, officer_id: str, code: str) -> dict[str, Any]:
        """What a browser is asked to make for an officer who has a code.

        Raises:
            Untrusted: ``enrolment.code``.
            Unavailable: ``session.locked``.
        """
        self._require_code(officer_id, code)
        return self._making(self._any_office(officer_id).officer(officer_id))

    def enrol_passkey(self, officer_id: str, code: str, given: Given) -> str:
        """Take a new passkey for a code, which is used with it, and come in.

        Raises:
            Untrusted: ``enrolment.code``, ``challenge.absent``, ``passkey.made``.
            Unavailable: ``session.locked``.
        """
        self._require_code(officer_id, code)
        office = self._any_office(officer_id)
        self._keep(office.officer(officer_id), given, code=code)
        return office.sessions.begin(officer_id, "passkey")

    def enrol_password(self, officer_id: str, code: str, password: str) -> str:
        """Set a password for a code, which is used with it, and come in; older sessions end.

        Raises:
            Untrusted: ``enrolment.code``.
            Malformed: ``password.…``.
            Unavailable: ``session.locked``, ``busy``.
        """
        self._require_code(officer_id, code)
        office = self._any_office(officer_id)
        office.passwords.set(officer_id, password)
        office.enrolment.use(officer_id, code)
        office.sessions.end_all(officer_id)
        return office.sessions.begin(officer_id, "password")

    def another_question(self, officer: Officer) -> dict[str, Any]:
        """What a browser is asked to make for an officer who is in, and has just shown to be there.

        Raises:
            Untrusted: ``session.stale``.
        """
        officer.require_fresh()
        return self._making(officer)

    def another_passkey(self, officer: Officer, given: Given) -> None:
        """Take one more passkey of an officer who is in.

        Raises:
            Untrusted: ``session.stale``, ``challenge.absent``, ``passkey.made``.
            Refused: ``passkey.known``, ``passkey.count``.
        """
        officer.require_fresh()
        self._keep(officer, given)

    def another_password(self, officer: Officer, password: str) -> str:
        """Set another password; every session of the officer ends, and a new one begins.

        Raises:
            Untrusted: ``session.stale``.
            Malformed: ``password.…``.
        """
        officer.require_fresh()
        office = self.office_of(officer.id)
        office.passwords.set(officer.id, password)
        office.sessions.end_all(officer.id)
        return office.sessions.begin(officer.id, "password")

    def _making(self, officer: Officer) -> dict[str, Any]:
        office = self.office_of(officer.id)
        challenge = office.challenges.ask("enrol", officer.id)
        return making(challenge, self.sign_in, officer, named=officer.id, known=office.passkeys.of(officer.id))

    def _keep(self, officer: Officer, given: Given, *, code: str = "") -> None:
        office = self.office_of(officer.id)
        challenge = _challenge_of(given)
        if office.challenges.take("enrol", challenge).officer != officer.id:
            raise Untrusted("passkey.made", "The browser brought no passkey that can be used here.")
        made = read_made(given, challenge, self.sign_in)
        if code:
            office.enrolment.use(officer.id, code)
        office.passkeys.add(officer.id, made, origin=self.sign_in.origin)

    def _require_password(self, officer_id: str, password: str) -> None:
        office, name = self._any_office(officer_id), f"password {officer_id}"
        office.attempts.begin(name)
        holds = office.passwords.holds(officer_id, password)
        if not holds or not office.has(officer_id):
            raise Untrusted("session.wrong", "The officer or the password is not right.", field="password")
        office.attempts.forgive(name)

    def _require_code(self, officer_id: str, code: str) -> None:
        office, name = self._any_office(officer_id), f"code {officer_id}"
        office.attempts.begin(name)
        office.enrolment.require(officer_id, code)
        office.attempts.forgive(name)

    @property
    def _first(self) -> Office:
        """The office that keeps what is asked of anybody."""
        return next(iter(self.offices.values()))

    def _any_office(self, officer_id: str) -> Office:
        """The office of an officer, or one that keeps the count of attempts for an officer who is none."""
        return next((office for office in self.offices.values() if office.has(officer_id)), self._first)


def _challenge_of(given: Given) -> bytes:
    """Which question a new passkey answers, to find it again; the library compares the bytes."""
    try:
        # A registration has no signature of its own and no authenticator data beside its attestation.
        response = {**given["response"], "authenticatorData": "", "signature": ""}
    except (KeyError, TypeError) as error:
        raise Malformed("passkey.answer", "The browser brought no answer of a passkey.") from error
    return read_answer({**given, "response": response}).challenge
