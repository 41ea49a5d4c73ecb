"""Questions for passkeys: each is asked of one officer, or of anybody, for one purpose, and is answered once."""

from __future__ import annotations

import secrets
from typing import Literal, NamedTuple

from tansiq.errors import Untrusted
from tansiq.office.file import OfficeFile

ANSWERED_WITHIN_MS = 5 * 60_000
CHALLENGES_MAX = 10_000

Purpose = Literal["enter", "prove", "enrol", "sign"]


class Question(NamedTuple):
    """A question that was asked: of which officer (None: of anybody), and what is signed with it."""

    officer: str | None
    payload: bytes


class Challenges:
    """The open questions of one office. They lie in its file, so that any process of the cell may take the answer."""

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def ask(self, purpose: Purpose, officer: str | None, *, challenge: bytes | None = None,
            payload: bytes = b"") -> bytes:
        """Open a question and give its challenge: 32 random bytes, or those that are given."""
        made, now = challenge or secrets.token_bytes(32), self._file.clock()
        with self._file.changing() as connection:
            connection.execute("DELETE FROM challenge WHERE until<=?", (now,))
            connection.execute("INSERT OR REPLACE INTO challenge VALUES (?,?,?,?,?)",
                               (made, purpose, officer, payload, now + ANSWERED_WITHIN_MS))
            connection.execute("DELETE FROM challenge WHERE challenge IN (SELECT challenge FROM challenge "
                               "ORDER BY until DESC LIMIT -1 OFFSET ?)", (CHALLENGES_MAX,))
        return made

    def look(self, purpose: Purpose, challenge: bytes) -> Question:
        """See a question that is open, and leave it so.

        Raises:
            Untrusted: ``challenge.absent``.
        """
        rows = self._file.rows("SELECT officer, payload FROM challenge WHERE challenge=? AND purpose=? AND until>?",
                               challenge, purpose, self._file.clock())
        if not rows:
            raise _absent()
        return Question(rows[0][0], bytes(rows[0][1]))

    def take(self, purpose: Purpose, challenge: bytes) -> Question:
        """Close a question, whatever becomes of its answer.

        Raises:
            Untrusted: ``challenge.absent``, none such is open: it was answered, or is too old.
        """
        rows = self._file.rows("DELETE FROM challenge WHERE challenge=? AND purpose=? AND until>? "
                               "RETURNING officer, payload", challenge, purpose, self._file.clock())
        if not rows:
            raise _absent()
        return Question(rows[0][0], bytes(rows[0][1]))


def _absent() -> Untrusted:
    return Untrusted("challenge.absent", "The question to the passkey is answered already, or too old: begin again.")
