"""Administration of one member's cell: officers and how they sign in, the duty roster, sessions, logs, passkeys.

Every change is written down as a deed. Only an administrator comes here, and only of its own member's cell.
"""

from __future__ import annotations

import msgspec

from tansiq import wire
from tansiq.doors.floor import Floor
from tansiq.doors.signing import Signing
from tansiq.errors import Refused
from tansiq.office import Office, Officer, OnDuty, Passkey, Reading, Role, Session, named_officer

VALID_MS = 365 * 86_400_000
ADMINISTRATOR: Role = "administrator"

DEED_TITLES = {
    "made": "Officer made", "changed": "Roles changed", "ended": "Officer ended", "code": "Code drawn",
    "duty": "Put on duty", "off": "Taken off duty", "session": "Session ended", "published": "Passkey published",
    "passkey": "Passkey ended",
}
"""What administrators do, as the log says it."""


class PasskeyRow(msgspec.Struct, frozen=True):
    """A passkey of an officer: its id (hex), where it works, when it was made and used (UTC ms); the act that published
    it, if one did, and whether the roles published are still the officer's."""

    id: str
    origin: str
    made_ms: int
    used_ms: int | None
    published: str | None
    roles_stand: bool


class OfficerRow(msgspec.Struct, frozen=True):
    """An officer as administrators see it; ``code_until_ms`` where a code waits for it."""

    id: str
    name: str
    roles: tuple[str, ...]
    has_password: bool
    code_until_ms: int | None
    passkeys: tuple[PasskeyRow, ...]
    sessions: int


class Administration:
    """What the administrator *officer* may do and see.

    Raises:
        Refused: ``officer.role``, it is none.
    """

    def __init__(self, floor: Floor, officer: Officer) -> None:
        officer.require(ADMINISTRATOR)
        self._floor = floor
        self._officer = officer
        self.office: Office = floor.entrance.office_of(officer.id)

    def officers(self) -> list[OfficerRow]:
        """All officers of this cell."""
        running = [one.officer for one in self.office.sessions.running()]
        published = {one.credential: one for one in Signing(self._floor).published(self._officer.member)
                     if one.ended_time is None}

        def row(officer: Officer) -> OfficerRow:
            keys = []
            for key in self.office.passkeys.of(officer.id):
                known = published.get(wire.write_base64(key.id))
                keys.append(PasskeyRow(key.id.hex(), key.origin, key.made, key.used, known.act if known else None,
                                       known is None or known.roles == officer.roles))
            return OfficerRow(officer.id, officer.name, officer.roles, self.office.passwords.has(officer.id),
                              self.office.enrolment.until(officer.id), tuple(keys), running.count(officer.id))

        return [row(officer) for officer in self.office.officers()]

    def make(self, given: str, *, name: str, roles: tuple[str, ...]) -> str:
        """Make an officer, and draw the code with which it enters: it is shown this once.

        Raises:
            Malformed: ``officer.id``, ``officer.name``, ``officer.roles``.
            Refused: ``officer.known``.
        """
        made = named_officer(self._officer.member, given, name=name, roles=roles)
        self._fresh().add(made)
        self._log("made", made.id)
        return self.draw(made.id)

    def change(self, given: str, *, name: str, roles: tuple[str, ...]) -> None:
        """Give an officer another name or other roles; its sessions end.

        Raises:
            Malformed: ``officer.name``, ``officer.roles``.
            Refused: ``officer.unknown``, ``officer.last``.
        """
        changed = named_officer(self._officer.member, given, name=name, roles=roles)
        self._fresh().change(changed)
        self._log("changed", f"{changed.id}: {', '.join(changed.roles)}")

    def end(self, given: str) -> None:
        """End an officer for good.

        Raises:
            Refused: ``officer.unknown``, ``officer.last``.
        """
        self._fresh().end(given)
        self._log("ended", given)

    def draw(self, given: str) -> str:
        """Draw a code with which an officer enters once.

        Raises:
            Refused: ``officer.unknown``.
        """
        code = self._fresh().enrolment.issue(self.office.officer(given).id)
        self._log("code", given)
        return code

    def publish(self, passkey_id: str) -> str | None:
        """Publish a passkey to all members for a year, with its officer's roles.

        Gives the challenge of what the administrator has yet to sign, where the charter asks it; else None.

        Raises:
            Refused: ``passkey.absent``, ``credential.known``, ``passkey.unpublished``: the administrator's own.
        """
        key, now = self._passkey(passkey_id), self._floor.now()
        fields = {"holder": key.officer, "roles": self.office.officer(key.officer).roles,
                  "credential": wire.write_base64(key.id), "key": wire.write_base64(key.public), "origin": key.origin,
                  "valid_from": now, "valid_until": now + VALID_MS,
                  "release": [member.code for member in self._floor.charter.members]}
        self._fresh()
        signing, asked = Signing(self._floor), None
        if signing.asks(self._officer, "credential"):
            asked = signing.begin(self._officer, "credential", fields)
        else:
            self._floor.say(self._officer, "credential", fields)
        self._log("published", f"{key.officer} {passkey_id[:12]}")
        return asked

    def end_passkey(self, passkey_id: str, reason: str) -> None:
        """End a passkey: nobody signs in with it any more, and where it was published, all members are told.

        Raises:
            Refused: ``passkey.absent``.
            Malformed: the reason is none.
        """
        key, office = self._passkey(passkey_id), self._fresh()
        for one in Signing(self._floor).published(self._officer.member):
            if one.credential == wire.write_base64(key.id) and one.ended_time is None:
                self._floor.say(self._officer, "credential_end", {"reason": reason, "refers": [one.act]})
        office.passkeys.drop(key.officer, key.id)
        self._log("passkey", f"{key.officer} {passkey_id[:12]}: {reason}")

    def duty(self) -> list[OnDuty]:
        """The roster from now on."""
        return self.office.duty.turns(after=self._floor.now())

    def put_on_duty(self, given: str, telephone: str, *, since: int, until: int) -> OnDuty:
        """Put an officer on duty.

        Raises:
            Refused: ``officer.unknown``, ``duty.count``.
            Malformed: ``duty.telephone``, ``duty.time``.
        """
        turn = self._fresh().duty.add(self.office.officer(given).id, telephone, since=since, until=until)
        self._log("duty", f"{given} {wire.write_instant(since)} {wire.write_instant(until)}")
        return turn

    def take_off_duty(self, turn_id: str) -> None:
        """Strike a turn of duty."""
        self._fresh().duty.drop(turn_id)
        self._log("off", turn_id)

    def sessions(self) -> list[Session]:
        """Who is in."""
        return self.office.sessions.running()

    def end_session(self, session_id: str) -> None:
        """End somebody's session."""
        whose = self._fresh().sessions.end_one(session_id)
        if whose is not None:
            self._log("session", whose)

    def readings(self, *, officer: str = "", act: str = "", after: int = 0, before: int = 1 << 62) -> list[Reading]:
        """Who opened what: acts by their ids, since an administrator reads none."""
        return self.office.reading_log(officer=officer, act=act, after=after, before=before)

    def _fresh(self) -> Office:
        self._officer.require_fresh()
        return self.office

    def _log(self, what: str, about: str) -> None:
        self.office.log_deed(self._officer.id, what, about)

    def _passkey(self, passkey_id: str) -> Passkey:
        found = None if len(passkey_id) % 2 or not _is_hex(passkey_id) else self.office.passkeys.find(
            bytes.fromhex(passkey_id))
        if found is None:
            raise Refused("passkey.absent", "There is no such passkey in this office.")
        return found


def _is_hex(text: str) -> bool:
    return bool(text) and all(sign in "0123456789abcdef" for sign in text)
