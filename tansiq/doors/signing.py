"""Signing: an officer's own passkey over an act, where the charter asks it. The act is kept while it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from tansiq import wire
from tansiq.acts import Act, Assertion, officer_challenge
from tansiq.cell.desk import Form
from tansiq.doors.floor import Floor
from tansiq.errors import Malformed, Refused, Untrusted
from tansiq.office import Officer, Passkey
from tansiq.office.passkeys import question, read_answer


@dataclass(frozen=True, slots=True)
class ToSign:
    """An act that waits for its officer's signature, its form, and what the passkey is asked."""

    act: Act
    form: Form
    question: dict[str, Any]


class Signing:
    """Has acts signed by the officers of one floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def asks(self, officer: Officer, kind: str) -> bool:
        """Tell whether an act of this kind counts only with the officer's own signature, said now by its cell."""
        form = self._floor.form_of(kind)
        return form is not None and form.signed and bool(self._floor.cell(officer.member).is_signed(kind))

    def begin(self, officer: Officer, kind: str, fields: dict[str, Any]) -> str:
        """Rule on an act and keep it to be signed; gives the challenge (hex), under which it is found.

        Raises:
            Refused: ``officer.role``; ``signing.unasked``, the charter asks for no signature;
                ``passkey.unpublished``, nobody could check one; what the rule says.
            Malformed: a field at fault.
        """
        form = self._form(kind)
        officer.require(form.role)
        if not self.asks(officer, kind):
            raise Refused("signing.unasked", "The charter asks for no officer's signature over a {kind}: say it as it "
                          "is.", kind=kind)
        self._usable(officer, form)
        act: Act = self._floor.cell(officer.member).draft(kind, fields, officer=officer.id)
        challenge = officer_challenge(act)
        office = self._floor.entrance.office_of(officer.id)
        return office.challenges.ask("sign", officer.id, challenge=challenge, payload=wire.write(act)).hex()

    def find(self, officer: Officer, challenge: str) -> ToSign:
        """The act that waits under a challenge.

        Raises:
            Untrusted: ``challenge.absent``, it was signed, is too old, or is another officer's.
        """
        given = wire.parse_hash(challenge)
        kept = self._floor.entrance.office_of(officer.id).challenges.look("sign", given)
        if kept.officer != officer.id:
            raise Untrusted("passkey.unknown", "This passkey is not known here.")
        kind, act = self._floor.cell(officer.member).catalogue.parse(kept.payload)
        form = self._form(kind.name)
        return ToSign(act, form, question(given, self._floor.sign_in, self._usable(officer, form)))

    def finish(self, officer: Officer, given: Mapping[str, Any]) -> str:
        """Put the passkey's answer into the act and say it; returns the act's id.

        Raises:
            Untrusted: ``challenge.absent``, ``passkey.…``, ``assertion.…``.
            Refused: ``officer.role``, the officer has the role no more; what the charter or a rule says by now.
        """
        answer = read_answer(given)
        office, cell = self._floor.entrance.office_of(officer.id), self._floor.cell(officer.member)
        kept = office.challenges.take("sign", answer.challenge)
        if kept.officer != officer.id:
            raise Untrusted("passkey.unknown", "This passkey is not known here.")
        office.passkeys.check(answer, officer=officer.id, origin=self._floor.sign_in.origin)
        kind, act = cell.catalogue.parse(kept.payload)
        officer.require(self._form(kind.name).role)
        proof = [wire.write_base64(part) for part in answer.proof]
        signed = Assertion(credential=wire.write_base64(answer.credential), authenticator_data=proof[0],
                           client_data=proof[1], signature=proof[2])
        return str(cell.say_signed(msgspec.structs.replace(act, assertion=signed)))

    def published(self, member: str) -> list[Any]:
        """The passkeys that a member has published, newest first."""
        return list(self._floor.cell(member).registers.query("cell", "published", author=member))

    def _usable(self, officer: Officer, form: Form) -> list[Passkey]:
        """The officer's passkeys that every cell can check for this kind, at this address, now."""
        now, origin = self._floor.now(), self._floor.sign_in.origin
        known = {one.credential for one in self.published(officer.member)
                 if one.holder == officer.id and form.role in one.roles and one.ended_time is None
                 and one.origin == origin and one.valid_from <= now < one.valid_until}
        mine = self._floor.entrance.office_of(officer.id).passkeys.of(officer.id)
        usable = [one for one in mine if wire.write_base64(one.id) in known]
        if not usable:
            raise Refused("passkey.unpublished", "The charter asks for your passkey's signature, and {member} has "
                          "published none of yours for this: ask your administrator.", member=officer.member)
        return usable

    def _form(self, kind: str) -> Form:
        form = self._floor.form_of(kind)
        if form is None:
            raise Malformed("act.unknown", "This program does not know the kind of act {given!r}.", given=kind[:40])
        return form
