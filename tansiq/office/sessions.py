"""Sessions: who has signed in, how, until when, and whether the officer has shown of late to be there.

A token is 256 random bits, of which only a hash is kept. It is drawn here at every sign-in and never taken from a
visitor, so that nobody can be made to use a session that somebody else began.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from tansiq import wire
from tansiq.charter import Role
from tansiq.errors import Untrusted
from tansiq.office.file import OfficeFile
from tansiq.office.officers import Officer

SESSION_MS = 12 * 3_600_000
IDLE_MS = 2 * 3_600_000
FRESH_MS = 5 * 60_000
TOUCHED_MS = 60_000
SESSIONS_PER_OFFICER_MAX = 64

How = Literal["chosen", "password", "passkey"]


@dataclass(frozen=True, slots=True)
class Session:
    """One session as administrators see it: *id* is no token. Times are UTC ms."""

    id: str
    officer: str
    how: How
    began: int
    seen: int
    until: int


class Sessions:
    """The sessions of one office. One ends 12 hours after it began, and when its officer was idle for two hours.

    A session whose officer was only chosen proves nothing, so it is never stale and never idle.
    """

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def begin(self, officer_id: str, how: How) -> str:
        """Begin a session and hand out its token; the oldest beyond 64 of one officer end."""
        token, now = secrets.token_urlsafe(32), self._file.clock()
        with self._file.changing() as connection:
            connection.execute("DELETE FROM session WHERE until<=?", (now,))
            connection.execute(
                "DELETE FROM session WHERE hash IN (SELECT hash FROM session WHERE officer=? ORDER BY began DESC "
                "LIMIT -1 OFFSET ?)", (officer_id, SESSIONS_PER_OFFICER_MAX - 1))
            connection.execute("INSERT INTO session VALUES (?,?,?,?,?,?,?,?)",
                               (_hash(token), secrets.token_hex(8), officer_id, how, now, now, now, now + SESSION_MS))
        return token

    def officer(self, token: str, *, looking: bool = False) -> Officer:
        """Tell whose session *token* is. *looking*: nobody asks for anything, so the session stays idle.

        Raises:
            Untrusted: ``session.absent``, unknown, ended, idle or out of time.
        """
        key, now = _hash(token), self._file.clock()
        rows = self._file.rows(
            "SELECT o.id, o.name, o.member, o.roles, s.how, s.seen, s.proved FROM session AS s "
            "JOIN officer AS o ON o.id=s.officer WHERE s.hash=? AND s.until>? AND o.ended IS NULL", key, now)
        if not rows or (rows[0][4] != "chosen" and rows[0][5] + IDLE_MS <= now):
            raise absent()
        how, seen, proved = rows[0][4:]
        if not looking and seen + TOUCHED_MS <= now:
            self._file.run("UPDATE session SET seen=? WHERE hash=?", now, key)
        return replace(officer_of(rows[0]), fresh=how == "chosen" or proved + FRESH_MS > now)

    def prove(self, token: str) -> None:
        """Write down that the officer of a session has just shown to be there."""
        self._file.run("UPDATE session SET proved=?1, seen=?1 WHERE hash=?2", self._file.clock(), _hash(token))

    def end(self, token: str) -> None:
        """End a session; one that is not there has ended already."""
        self._file.run("DELETE FROM session WHERE hash=?", _hash(token))

    def end_one(self, session_id: str) -> str | None:
        """End the session of that id; tells whose it was, if there was one."""
        rows = self._file.rows("DELETE FROM session WHERE id=? RETURNING officer", session_id)
        return rows[0][0] if rows else None

    def end_all(self, officer_id: str) -> None:
        """End all sessions of an officer."""
        self._file.run("DELETE FROM session WHERE officer=?", officer_id)

    def running(self) -> list[Session]:
        """All sessions that have not run out, newest first."""
        now = self._file.clock()
        rows = self._file.rows("SELECT id, officer, how, began, seen, until FROM session WHERE until>? "
                               "AND (how='chosen' OR seen>?) ORDER BY began DESC, id", now, now - IDLE_MS)
        return [Session(*row) for row in rows]


def officer_of(row: tuple[Any, ...]) -> Officer:
    """The officer of a row that begins with id, name, member, roles."""
    return Officer(row[0], row[1], row[2], cast("tuple[Role, ...]", tuple(row[3].split())))


def absent() -> Untrusted:
    """What is said where there is no session."""
    return Untrusted("session.absent", "Sign in first: there is no such session, or it has ended.")


def _hash(token: str) -> bytes:
    return wire.sha256(b"tansiq/session/" + token.encode("utf-8", "replace"))
