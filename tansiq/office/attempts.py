"""Attempts that failed: after each, whoever tries again waits longer.

A name is what was tried, whether there is such an officer or not, so that waiting tells nobody which officers there
are. Passkeys cannot be guessed and are not held up: who is kept out by a stranger's guesses still gets in with one.
"""

from __future__ import annotations

from tansiq import wire
from tansiq.errors import Unavailable
from tansiq.office.file import OfficeFile

FREE = 3
FIRST_MS = 5_000
LONGEST_MS = 15 * 60_000
FORGIVEN_MS = 24 * 3_600_000
NAMES_MAX = 10_000


def delay_ms(failures: int) -> int:
    """How long one waits after so many failures: three are free, then 5 s, doubled each time, at most 15 minutes."""
    return 0 if failures < FREE else min(FIRST_MS << min(failures - FREE, 20), LONGEST_MS)


class Attempts:
    """The failures of one office, by name; a day without one forgives them."""

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def begin(self, name: str) -> None:
        """Count an attempt as failed before it is made, so that many at once do not slip past the count.

        Raises:
            Unavailable: ``session.locked``, it is too early to try again.
        """
        now, key = self._file.clock(), _key(name)
        with self._file.changing() as connection:
            connection.execute("DELETE FROM attempt WHERE last<=?", (now - FORGIVEN_MS,))
            found = connection.execute("SELECT failures, until FROM attempt WHERE name=?", (key,)).fetchone()
            failures, until = found or (0, 0)
            if until > now:
                raise Unavailable("session.locked", "Too many attempts failed: try again in {seconds} seconds.",
                                  seconds=-(-(until - now) // 1000))
            connection.execute("INSERT OR REPLACE INTO attempt VALUES (?,?,?,?)",
                               (key, failures + 1, now, now + delay_ms(failures + 1)))
            connection.execute("DELETE FROM attempt WHERE name IN (SELECT name FROM attempt ORDER BY last DESC "
                               "LIMIT -1 OFFSET ?)", (NAMES_MAX,))

    def forgive(self, name: str) -> None:
        """An attempt succeeded: what failed before counts no more."""
        self._file.run("DELETE FROM attempt WHERE name=?", _key(name))


def _key(name: str) -> str:
    return wire.sha256(b"tansiq/attempt/" + name.encode("utf-8", "replace")).hex()
