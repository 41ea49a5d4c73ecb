"""The office of one cell: what its journal cannot rebuild (``office.db``).

Durability: every call commits before it returns. Concurrency: one connection behind one lock,
any thread. Tokens are kept as hashes only, so a copy of the file signs nobody in.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, cast

import apsw

from tansiq import wire
from tansiq.charter import Role
from tansiq.errors import Malformed, Refused, Unavailable, Untrusted
from tansiq.office import papers, watch
from tansiq.office.officers import Officer

SESSION_MS = 12 * 3_600_000
SESSIONS_PER_OFFICER_MAX = 64
DRAFTS_PER_OFFICER_MAX = 200
DRAFT_BYTES_MAX = 262_144

_SCHEMA = """
CREATE TABLE IF NOT EXISTS officer (id TEXT PRIMARY KEY, name TEXT NOT NULL, member TEXT NOT NULL, roles TEXT NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (hash BLOB PRIMARY KEY, officer TEXT NOT NULL REFERENCES officer(id) ON DELETE
    CASCADE, began INTEGER NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS session_officer ON session (officer, began);
CREATE TABLE IF NOT EXISTS reading (number INTEGER PRIMARY KEY, officer TEXT NOT NULL, act TEXT NOT NULL,
    time INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS reading_act ON reading (act, time);
CREATE TABLE IF NOT EXISTS evidence (number INTEGER PRIMARY KEY, officer TEXT NOT NULL, what TEXT NOT NULL,
    subject TEXT NOT NULL, ground TEXT NOT NULL, reason TEXT NOT NULL, time INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS draft (id TEXT PRIMARY KEY, officer TEXT NOT NULL, kind TEXT NOT NULL,
    fields TEXT NOT NULL, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS draft_officer ON draft (officer, time);
"""


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


class Draft(NamedTuple):
    """An act not yet said: *fields* is canonical JSON of what the form held, *time* is when it was saved (UTC ms)."""

    id: str
    officer: str
    kind: str
    fields: bytes
    time: int


class Office:
    """Officers, sessions, drafts and the reading log of one cell."""

    def __init__(self, connection: apsw.Connection, clock: Callable[[], int]) -> None:
        self._connection = connection
        self._clock = clock
        self._lock = threading.Lock()
        self.papers = papers.Papers(connection, self._lock, clock)
        self.watch = watch.Watch(connection, self._lock, clock)

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], int]) -> Office:
        """Open or begin the file at *path*; *clock* gives UTC milliseconds.

        Raises:
            Unavailable: ``disk``, the file cannot be opened or written.
        """
        try:
            connection = apsw.Connection(str(path))
            connection.set_busy_timeout(5_000)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            connection.execute(_SCHEMA + papers.SCHEMA + watch.SCHEMA)
        except apsw.Error as error:
            raise _disk(error) from error
        path.chmod(0o600)
        return cls(connection, clock)

    def close(self) -> None:
        """Close the file; nothing may be called after."""
        with self._lock:
            self._connection.close()

    def enrol(self, officers: Iterable[Officer]) -> None:
        """Write officers down; one that is there already takes the new name and roles."""
        rows = [(o.id, o.name, o.member, " ".join(o.roles)) for o in officers]
        with self._lock, self._connection:
            self._connection.executemany(
                "INSERT INTO officer VALUES (?,?,?,?) ON CONFLICT (id) DO UPDATE SET name=excluded.name, "
                "member=excluded.member, roles=excluded.roles", rows)

    def officers(self) -> list[Officer]:
        """All officers, in the order of their ids."""
        return [_officer(row) for row in self._rows("SELECT id, name, member, roles FROM officer ORDER BY id")]

    def officer(self, officer_id: str) -> Officer:
        """Find an officer.

        Raises:
            Refused: ``officer.unknown``.
        """
        rows = self._rows("SELECT id, name, member, roles FROM officer WHERE id=?", officer_id)
        if not rows:
            raise Refused("officer.unknown", "There is no officer {given}.", given=repr(officer_id[:80]),
                          field="officer")
        return _officer(rows[0])

    def require(self, officer_id: str, role: Role) -> Officer:
        """Find an officer and hold that it has *role*.

        Raises:
            Refused: ``officer.unknown`` or ``officer.role``.
        """
        officer = self.officer(officer_id)
        officer.require(role)
        return officer

    def sign_in(self, officer_id: str) -> str:
        """Begin a session of 12 hours and hand out its token: 256 random bits, of which only a hash is kept.

        The oldest sessions beyond 64 of one officer end.
        """
        self.officer(officer_id)
        token, now = secrets.token_urlsafe(32), self._clock()
        with self._lock, self._connection:
            self._connection.execute("DELETE FROM session WHERE until<=?", (now,))
            self._connection.execute(
                "DELETE FROM session WHERE hash IN (SELECT hash FROM session WHERE officer=? ORDER BY began DESC "
                "LIMIT -1 OFFSET ?)", (officer_id, SESSIONS_PER_OFFICER_MAX - 1))
            self._connection.execute("INSERT INTO session VALUES (?,?,?,?)",
                                     (_hash(token), officer_id, now, now + SESSION_MS))
        return token

    def session(self, token: str) -> Officer:
        """Tell whose session *token* is.

        Raises:
            Untrusted: ``session.absent``, unknown, ended or out of time.
        """
        rows = self._rows(
            "SELECT id, name, member, roles FROM session JOIN officer ON officer.id=session.officer "
            "WHERE hash=? AND until>?", _hash(token), self._clock())
        if not rows:
            raise Untrusted("session.absent", "Choose an officer first: there is no such session, or it has ended.")
        return _officer(rows[0])

    def sign_out(self, token: str) -> None:
        """End a session; one that is not there has ended already."""
        with self._lock:
            self._connection.execute("DELETE FROM session WHERE hash=?", (_hash(token),))

    def log_reading(self, officer_id: str, act_id: str) -> None:
        """Write down that an officer opened an act."""
        with self._lock:
            self._connection.execute("INSERT INTO reading (officer, act, time) VALUES (?,?,?)",
                                     (officer_id, act_id, self._clock()))

    def readings(self, act_id: str) -> list[Reading]:
        """Who opened an act, earliest first."""
        return [Reading(*row) for row in
                self._rows("SELECT officer, act, time FROM reading WHERE act=? ORDER BY number", act_id)]

    def record_evidence(self, officer_id: str, what: str, subject: str, *, ground: str, reason: str = "") -> None:
        """Write down that an officer let a file of evidence go."""
        with self._lock:
            self._connection.execute(
                "INSERT INTO evidence (officer, what, subject, ground, reason, time) VALUES (?,?,?,?,?,?)",
                (officer_id, what, subject, ground, reason, self._clock()))

    def evidence(self, limit: int = 100) -> list[LetGo]:
        """The files of evidence that were let go, newest first."""
        rows = self._rows("SELECT officer, what, subject, ground, reason, time FROM evidence ORDER BY number DESC "
                          "LIMIT ?", limit)
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
        with self._lock:
            self._connection.execute("INSERT OR REPLACE INTO draft VALUES (?,?,?,?,?)",
                                     (kept, officer_id, kind, data.decode(), self._clock()))
        return kept

    def drafts(self, officer_id: str) -> list[Draft]:
        """The drafts of an officer, newest first."""
        rows = self._rows("SELECT id, officer, kind, fields, time FROM draft WHERE officer=? ORDER BY time DESC, id",
                          officer_id)
        return [_draft(row) for row in rows]

    def draft(self, officer_id: str, draft_id: str) -> Draft:
        """One draft of an officer's own.

        Raises:
            Refused: ``draft.absent``.
        """
        rows = self._rows("SELECT id, officer, kind, fields, time FROM draft WHERE officer=? AND id=?",
                          officer_id, draft_id)
        if not rows:
            raise Refused("draft.absent", "There is no such draft.")
        return _draft(rows[0])

    def drop_draft(self, officer_id: str, draft_id: str) -> None:
        """Drop a draft; one that is not there is dropped already."""
        with self._lock:
            self._connection.execute("DELETE FROM draft WHERE officer=? AND id=?", (officer_id, draft_id))

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return cast("list[tuple[Any, ...]]", self._connection.execute(sql, values).fetchall())


def _officer(row: tuple[Any, ...]) -> Officer:
    return Officer(row[0], row[1], row[2], cast("tuple[Role, ...]", tuple(row[3].split())))


def _draft(row: tuple[Any, ...]) -> Draft:
    return Draft(row[0], row[1], row[2], row[3].encode(), row[4])


def _hash(token: str) -> bytes:
    return wire.sha256(b"tansiq/session/" + token.encode("utf-8", "replace"))


def _disk(error: apsw.Error) -> Unavailable:
    return Unavailable("disk", "The disk does not do what was asked: {why}.", why=str(error))
