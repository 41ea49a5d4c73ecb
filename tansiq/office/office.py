"""The office of one cell: what its journal cannot rebuild (``office.db``; see ``OfficeFile`` for what it promises)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from tansiq import wire
from tansiq.charter import Role
from tansiq.errors import Malformed, Refused
from tansiq.office import papers, watch
from tansiq.office.attempts import Attempts
from tansiq.office.challenges import Challenges
from tansiq.office.duty import Duty
from tansiq.office.enrolment import Enrolment
from tansiq.office.file import OfficeFile
from tansiq.office.officers import Officer
from tansiq.office.passkeys import Passkeys
from tansiq.office.passwords import Passwords
from tansiq.office.sessions import Sessions, officer_of

DRAFTS_PER_OFFICER_MAX = 200
DRAFT_BYTES_MAX = 262_144
READINGS_MAX = 500
DEEDS_MAX = 200


class Reading(NamedTuple):
    """That *officer* opened *act* at *time* (UTC ms)."""

    officer: str
    act: str
    time: int


class LetGo(NamedTuple):
    """That *officer* let a file of evidence go at *time* (UTC ms): of which kind, about what, on which ground.

    *ground* is ``own`` (the member's own to show), ``free`` or ``leave`` (the handling, the author's leave), or
    ``override``: against the handling, for the *reason* given.
    """

    officer: str
    what: str
    subject: str
    ground: str
    reason: str
    time: int


class Deed(NamedTuple):
    """That the administrator *officer* did *what* (a message id) about somebody or something at *time* (UTC ms)."""

    time: int
    officer: str
    what: str
    about: str


class Draft(NamedTuple):
    """An act not yet said: *fields* is canonical JSON of what the form held, *time* is when it was saved (UTC ms)."""

    id: str
    officer: str
    kind: str
    fields: bytes
    time: int


class Office:
    """Officers, how they sign in, drafts, the duty roster and the logs of one cell."""

    def __init__(self, file: OfficeFile) -> None:
        self._file = file
        self.sessions = Sessions(file)
        self.passwords = Passwords(file)
        self.passkeys = Passkeys(file)
        self.enrolment = Enrolment(file)
        self.attempts = Attempts(file)
        self.challenges = Challenges(file)
        self.duty = Duty(file)
        self.papers = papers.Papers(file.connection, file.lock, file.clock)
        self.watch = watch.Watch(file.connection, file.lock, file.clock)

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], int]) -> Office:
        """Open or begin the file at *path*; *clock* gives UTC milliseconds.

        Raises:
            Unavailable: ``disk``, the file cannot be opened or written.
        """
        return cls(OfficeFile.open(path, clock=clock, more=papers.SCHEMA + watch.SCHEMA))

    def close(self) -> None:
        """Close the file; nothing may be called after."""
        self._file.close()

    def now(self) -> int:
        """The office's clock, UTC milliseconds."""
        return self._file.clock()

    def enrol(self, officers: Iterable[Officer], *, again: bool = True) -> None:
        """Write officers down; one that is there already takes the new name and roles, or with *again* false none."""
        rows = [(o.id, o.name, o.member, " ".join(o.roles)) for o in officers]
        taken = "UPDATE SET name=excluded.name, member=excluded.member, roles=excluded.roles" if again else "NOTHING"
        with self._file.changing() as connection:
            connection.executemany(
                f"INSERT INTO officer VALUES (?,?,?,?,NULL) ON CONFLICT (id) DO {taken}", rows)

    def add(self, officer: Officer) -> None:
        """Write a new officer down.

        Raises:
            Refused: ``officer.known``, there is one of that id, or was.
        """
        if not self._file.run("INSERT OR IGNORE INTO officer VALUES (?,?,?,?,NULL)", officer.id, officer.name,
                              officer.member, " ".join(officer.roles)):
            raise Refused("officer.known", "There is an officer {given} already, or was: an id is given once.",
                          given=officer.id, field="id")

    def change(self, officer: Officer) -> None:
        """Give an officer another name or other roles; its sessions end.

        Raises:
            Refused: ``officer.unknown``; ``officer.last``, nobody would be left to administer.
        """
        self.officer(officer.id)
        if "administrator" not in officer.roles:
            self._require_other_administrator(officer.id)
        self._file.run("UPDATE officer SET name=?, roles=? WHERE id=?", officer.name, " ".join(officer.roles),
                       officer.id)
        self.sessions.end_all(officer.id)

    def end(self, officer_id: str) -> None:
        """End an officer: its sessions, password, passkeys and code are gone, its id is not given again.

        Raises:
            Refused: ``officer.unknown``; ``officer.last``, nobody would be left to administer.
        """
        self.officer(officer_id)
        self._require_other_administrator(officer_id)
        with self._file.changing() as connection:
            for table in ("session", "password", "passkey", "enrolment", "duty"):
                connection.execute(f"DELETE FROM {table} WHERE officer=?", (officer_id,))
            connection.execute("UPDATE officer SET ended=? WHERE id=?", (self._file.clock(), officer_id))

    def _require_other_administrator(self, officer_id: str) -> None:
        if not any("administrator" in one.roles for one in self.officers() if one.id != officer_id):
            raise Refused("officer.last", "Nobody would be left to administer this cell.", field="roles")

    def officers(self) -> list[Officer]:
        """All officers who have not ended, in the order of their ids."""
        return [officer_of(row) for row in
                self._file.rows("SELECT id, name, member, roles FROM officer WHERE ended IS NULL ORDER BY id")]

    def has(self, officer_id: str) -> bool:
        """Whether there is such an officer."""
        return bool(self._file.rows("SELECT 1 FROM officer WHERE id=? AND ended IS NULL", officer_id))

    def officer(self, officer_id: str) -> Officer:
        """Find an officer.

        Raises:
            Refused: ``officer.unknown``.
        """
        rows = self._file.rows("SELECT id, name, member, roles FROM officer WHERE id=? AND ended IS NULL", officer_id)
        if not rows:
            raise Refused("officer.unknown", "There is no officer {given}.", given=repr(officer_id[:80]),
                          field="officer")
        return officer_of(rows[0])

    def require(self, officer_id: str, role: Role) -> Officer:
        """Find an officer and hold that it has *role*.

        Raises:
            Refused: ``officer.unknown`` or ``officer.role``.
        """
        officer = self.officer(officer_id)
        officer.require(role)
        return officer

    def sign_in(self, officer_id: str) -> str:
        """Begin a session of an officer who was chosen, and hand out its token."""
        return self.sessions.begin(self.officer(officer_id).id, "chosen")

    def session(self, token: str) -> Officer:
        """Tell whose session *token* is.

        Raises:
            Untrusted: ``session.absent``.
        """
        return self.sessions.officer(token)

    def sign_out(self, token: str) -> None:
        """End a session; one that is not there has ended already."""
        self.sessions.end(token)

    def log_reading(self, officer_id: str, act_id: str) -> None:
        """Write down that an officer opened an act."""
        self._file.run("INSERT INTO reading (officer, act, time) VALUES (?,?,?)", officer_id, act_id,
                       self._file.clock())

    def readings(self, act_id: str) -> list[Reading]:
        """Who opened an act, earliest first."""
        return [Reading(*row) for row in
                self._file.rows("SELECT officer, act, time FROM reading WHERE act=? ORDER BY number", act_id)]

    def reading_log(self, *, officer: str = "", act: str = "", after: int = 0, before: int = 1 << 62,
                    limit: int = READINGS_MAX) -> list[Reading]:
        """Who opened what, newest first: of one officer, of one act, from *after* and before *before* (UTC ms)."""
        rows = self._file.rows(
            "SELECT officer, act, time FROM reading WHERE (?1='' OR officer=?1) AND (?2='' OR act=?2) "
            "AND time>=?3 AND time<?4 ORDER BY number DESC LIMIT ?5", officer, act, after, before, limit)
        return [Reading(*row) for row in rows]

    def log_deed(self, officer_id: str, what: str, about: str) -> None:
        """Write down what an administrator did; it is never struck."""
        self._file.run("INSERT INTO deed (time, officer, what, about) VALUES (?,?,?,?)", self._file.clock(),
                       officer_id, what, about)

    def deeds(self, limit: int = DEEDS_MAX) -> list[Deed]:
        """What administrators did, newest first."""
        return [Deed(*row) for row in
                self._file.rows("SELECT time, officer, what, about FROM deed ORDER BY number DESC LIMIT ?", limit)]

    def record_evidence(self, officer_id: str, what: str, subject: str, *, ground: str, reason: str = "") -> None:
        """Write down that an officer let a file of evidence go."""
        self._file.run("INSERT INTO evidence (officer, what, subject, ground, reason, time) VALUES (?,?,?,?,?,?)",
                       officer_id, what, subject, ground, reason, self._file.clock())

    def evidence(self, limit: int = 100) -> list[LetGo]:
        """The files of evidence that were let go, newest first."""
        rows = self._file.rows("SELECT officer, what, subject, ground, reason, time FROM evidence ORDER BY number "
                               "DESC LIMIT ?", limit)
        return [LetGo(*row) for row in rows]

    def save_draft(self, officer_id: str, kind: str, fields: dict[str, Any], *, draft_id: str | None = None) -> str:
        """Keep what a form holds; with *draft_id* in place of the draft before. Returns the draft's id.

        Raises:
            Refused: ``officer.role`` without the role drafter; ``draft.count``, over 200 drafts; ``draft.absent``.
            Malformed: ``draft.size``, over 256 KiB.
        """
        self.require(officer_id, "drafter")
        data = wire.write(fields)
        if len(data) > DRAFT_BYTES_MAX:
            raise Malformed("draft.size", "A draft holds at most {limit} bytes.", limit=DRAFT_BYTES_MAX)
        if draft_id is not None:
            self.draft(officer_id, draft_id)
        elif len(self.drafts(officer_id)) >= DRAFTS_PER_OFFICER_MAX:
            raise Refused("draft.count", "An officer keeps at most {limit} drafts.", limit=DRAFTS_PER_OFFICER_MAX)
        kept = draft_id or secrets.token_hex(16)
        self._file.run("INSERT OR REPLACE INTO draft VALUES (?,?,?,?,?)", kept, officer_id, kind, data.decode(),
                       self._file.clock())
        return kept

    def drafts(self, officer_id: str) -> list[Draft]:
        """The drafts of an officer, newest first."""
        rows = self._file.rows("SELECT id, officer, kind, fields, time FROM draft WHERE officer=? "
                               "ORDER BY time DESC, id", officer_id)
        return [_draft(row) for row in rows]

    def draft(self, officer_id: str, draft_id: str) -> Draft:
        """One draft of an officer's own.

        Raises:
            Refused: ``draft.absent``.
        """
        rows = self._file.rows("SELECT id, officer, kind, fields, time FROM draft WHERE officer=? AND id=?",
                               officer_id, draft_id)
        if not rows:
            raise Refused("draft.absent", "There is no such draft.")
        return _draft(rows[0])

    def drop_draft(self, officer_id: str, draft_id: str) -> None:
        """Drop a draft; one that is not there is dropped already."""
        self._file.run("DELETE FROM draft WHERE officer=? AND id=?", officer_id, draft_id)


def _draft(row: tuple[Any, ...]) -> Draft:
    return Draft(row[0], row[1], row[2], row[3].encode(), row[4])
