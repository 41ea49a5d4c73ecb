"""Passwords, kept as argon2id (RFC 9106, the second recommended choice: 64 MiB, three passes)."""

from __future__ import annotations

import threading
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from tansiq.errors import Malformed, Unavailable
from tansiq.office.file import OfficeFile

CHARACTERS_MIN = 12
CHARACTERS_MAX = 256
AT_ONCE = 2
WAIT_S = 5.0
_HASHER = PasswordHasher()


class Room:
    """Room for so many at once: each check takes 64 MiB and a tenth of a second, whoever asks for it."""

    def __init__(self, places: int, *, wait_s: float) -> None:
        self._free = threading.BoundedSemaphore(places)
        self._wait_s = wait_s

    def __enter__(self) -> None:
        """Take a place.

        Raises:
            Unavailable: ``busy``, none came free in time.
        """
        if not self._free.acquire(timeout=self._wait_s):
            raise Unavailable("busy", "Too many are signing in at once: try again in a moment.")

    def __exit__(self, *_: object) -> None:
        self._free.release()


_ROOM = Room(AT_ONCE, wait_s=WAIT_S)


class Passwords:
    """The passwords of one office."""

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def set(self, officer_id: str, password: str) -> None:
        """Keep a password in place of the one before.

        Raises:
            Malformed: ``password.short``, under 12 characters or over 256; ``password.plain``, it holds the officer's
                own id, or one character over and over.
        """
        plain = _plain(password)
        if not CHARACTERS_MIN <= len(plain) <= CHARACTERS_MAX:
            raise Malformed("password.short", "A password has {least} to {most} characters.", least=CHARACTERS_MIN,
                            most=CHARACTERS_MAX, field="password")
        if officer_id.casefold() in plain.casefold() or len(set(plain)) < 5:
            raise Malformed("password.plain", "A password is not the officer's name, nor a few characters repeated.",
                            field="password")
        self._file.run("INSERT OR REPLACE INTO password VALUES (?,?,?)", officer_id, _hashed(plain),
                       self._file.clock())

    def has(self, officer_id: str) -> bool:
        """Whether an officer has set one."""
        return bool(self._file.rows("SELECT 1 FROM password WHERE officer=?", officer_id))

    def holds(self, officer_id: str, password: str) -> bool:
        """Whether it is this officer's; takes as long where there is no such officer.

        Raises:
            Unavailable: ``busy``, too many are being checked.
        """
        rows = self._file.rows("SELECT hash FROM password WHERE officer=?", officer_id)
        return _verified(rows[0][0] if rows else _nobodys(), _plain(password[:4 * CHARACTERS_MAX])) and bool(rows)

    def drop(self, officer_id: str) -> None:
        """Forget an officer's password."""
        self._file.run("DELETE FROM password WHERE officer=?", officer_id)


def _plain(password: str) -> str:
    """One writing for one password, whatever the keyboard composed (NFKC, as NIST SP 800-63B asks)."""
    return unicodedata.normalize("NFKC", password)


def _hashed(plain: str) -> str:
    with _ROOM:
        return _HASHER.hash(plain.encode("utf-8", "replace"))


def _verified(kept: str, plain: str) -> bool:
    with _ROOM:
        try:
            return _HASHER.verify(kept, plain.encode("utf-8", "replace"))
        except (Argon2Error, InvalidHashError):
            return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hashed("the password of nobody at all")
