"""Enrolment: an administrator hands an officer a code, and with it the officer enters once, to set how to sign in."""

from __future__ import annotations

import hmac
import secrets

from tansiq import wire
from tansiq.errors import Untrusted
from tansiq.languages.digits import to_latin
from tansiq.office.file import OfficeFile

CODE_MS = 48 * 3_600_000
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_GROUPS, _GROUP = 4, 4


class Enrolment:
    """The codes of one office: one an officer, for 48 hours, for one use. 16 of 30 letters: 78 bits."""

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def issue(self, officer_id: str) -> str:
        """Draw a code in place of the one before; only its hash is kept."""
        code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
        self._file.run("INSERT OR REPLACE INTO enrolment VALUES (?,?,?)", officer_id, _hash(officer_id, code),
                       self._file.clock() + CODE_MS)
        return code

    def require(self, officer_id: str, code: str) -> None:
        """Hold that a code is the officer's, and leave it.

        Raises:
            Untrusted: ``enrolment.code``.
        """
        rows = self._file.rows("SELECT hash FROM enrolment WHERE officer=? AND until>?", officer_id,
                               self._file.clock())
        kept = bytes(rows[0][0]) if rows else bytes(32)
        if not hmac.compare_digest(kept, _hash(officer_id, code)):
            raise Untrusted("enrolment.code", "The code is not this officer's, or was used, or is older than two days.",
                            field="code")

    def use(self, officer_id: str, code: str) -> None:
        """Hold that a code is the officer's, and take it away.

        Raises:
            Untrusted: ``enrolment.code``.
        """
        self.require(officer_id, code)
        if not self._file.run("DELETE FROM enrolment WHERE officer=?", officer_id):
            raise Untrusted("enrolment.code", "The code is not this officer's, or was used, or is older than two days.",
                            field="code")

    def until(self, officer_id: str) -> int | None:
        """Until when a code waits for an officer (UTC ms), if one does."""
        rows = self._file.rows("SELECT until FROM enrolment WHERE officer=? AND until>?", officer_id,
                               self._file.clock())
        return rows[0][0] if rows else None


def _hash(officer_id: str, code: str) -> bytes:
    plain = "".join(sign for sign in to_latin(code[:80]).upper() if sign.isalnum())
    return wire.sha256(b"tansiq/enrolment/" + officer_id.encode() + b"/" + plain.encode("utf-8", "replace"))
