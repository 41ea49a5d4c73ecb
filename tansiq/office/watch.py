"""The watch: who has it, what was written in the shift log, and when the watch before ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, NamedTuple, cast

import apsw

from tansiq.errors import Malformed, Refused

SCHEMA = """
CREATE TABLE IF NOT EXISTS watch (number INTEGER PRIMARY KEY, officer TEXT NOT NULL, time INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS log (number INTEGER PRIMARY KEY, officer TEXT NOT NULL, time INTEGER NOT NULL,
    words TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS log_time ON log (time);
"""
WORDS_MAX = 4_000
LOG_MAX = 500


class Turn(NamedTuple):
    """That *officer* took the watch at *time* (UTC ms)."""

    officer: str
    time: int


class Line(NamedTuple):
    """One line of the shift log."""

    officer: str
    time: int
    words: str


class Watch:
    """The shift log of one cell. Lines are never changed. Every call commits before it returns; any thread may call."""

    def __init__(self, connection: apsw.Connection, lock: threading.Lock, clock: Callable[[], int]) -> None:
        self._connection = connection
        self._lock = lock
        self._clock = clock

    def take(self, officer_id: str) -> None:
        """Take the watch.

        Raises:
            Refused: ``watch.own``, this officer has it already.
        """
        turns = self.turns(1)
        if turns and turns[0].officer == officer_id:
            raise Refused("watch.own", "You have the watch already.")
        with self._lock:
            self._connection.execute("INSERT INTO watch (officer, time) VALUES (?,?)", (officer_id, self._clock()))

    def turns(self, count: int) -> list[Turn]:
        """The last turns, newest first."""
        return [Turn(*row) for row in
                self._rows("SELECT officer, time FROM watch ORDER BY number DESC LIMIT ?", count)]

    def write(self, officer_id: str, words: str) -> None:
        """Write a line into the shift log.

        Raises:
            Malformed: ``watch.words``, nothing or too much is written.
        """
        if not words.strip() or len(words) > WORDS_MAX:
            raise Malformed("watch.words", "A line of the log has 1 to {limit} characters.", limit=WORDS_MAX,
                            field="words")
        with self._lock:
            self._connection.execute("INSERT INTO log (officer, time, words) VALUES (?,?,?)",
                                     (officer_id, self._clock(), words.strip()))

    def lines(self, since: int) -> list[Line]:
        """Lines written at or after an instant (UTC ms), newest first, at most 500."""
        return [Line(*row) for row in
                self._rows("SELECT officer, time, words FROM log WHERE time >= ? ORDER BY number DESC LIMIT ?", since,
                           LOG_MAX)]

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return cast("list[tuple[Any, ...]]", self._connection.execute(sql, values).fetchall())
