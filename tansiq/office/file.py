"""The file of one office (``office.db``): its tables, and one connection behind one lock.

Durability: every change commits before its call returns. Concurrency: any thread. Tokens and codes are kept as hashes
only, passwords as argon2id, so a copy of the file signs nobody in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import apsw

from tansiq.errors import Unavailable

_VERSION = 1


class OfficeFile:
    """One connection to the file of an office. *clock* gives UTC milliseconds."""

    def __init__(self, connection: apsw.Connection, clock: Callable[[], int]) -> None:
        self.connection = connection
        self.lock = threading.Lock()
        self.clock = clock

    @classmethod
    def open(cls, path: Path, *, clock: Callable[[], int], more: str = "") -> OfficeFile:
        """Open or begin the file at *path*, readable by its owner alone; *more* is SQL of further tables.

        Raises:
            Unavailable: ``disk``, the file cannot be opened or written.
        """
        with _plainly():
            connection = apsw.Connection(str(path))
            connection.set_busy_timeout(5_000)
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}").fetchall()
            _bring_up(connection, more)
        path.chmod(0o600)
        return cls(connection, clock)

    def close(self) -> None:
        """Close the file; nothing may be called after."""
        with self.lock:
            self.connection.close()

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a question finds."""
        with self.lock, _plainly():
            return cast("list[tuple[Any, ...]]", self.connection.execute(sql, values).fetchall())

    def run(self, sql: str, *values: Any) -> int:
        """Make one change; tells how many rows it touched."""
        with self.changing() as connection:
            connection.execute(sql, values)
            return int(connection.changes())

    @contextmanager
    def changing(self) -> Iterator[apsw.Connection]:
        """One transaction: kept when the block ends, given up whole when it fails."""
        with self.lock, _plainly(), self.connection:
            yield self.connection


def _bring_up(connection: apsw.Connection, more: str) -> None:
    """Bring an older file to today's tables. Sessions of before are ended: they say too little of themselves."""
    with connection:
        version = int(connection.execute("PRAGMA user_version").get or 0)
        if version < 1 and connection.execute("SELECT 1 FROM sqlite_schema WHERE name='officer'").get:
            connection.execute("ALTER TABLE officer ADD COLUMN ended INTEGER; DROP TABLE session")
        connection.execute(files("tansiq.office").joinpath("office.sql").read_text("utf-8"))
        connection.execute(more)
        connection.execute(f"PRAGMA user_version={_VERSION}")


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except apsw.Error as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=str(error)) from error
