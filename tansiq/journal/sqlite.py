"""A store in one SQLite file: WAL with ``synchronous=FULL``, one transaction a batch.

``synchronous=NORMAL`` was seen to lose acknowledged commits at a power cut, so the fsync comes before the receipt.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw

from tansiq.errors import Unavailable
from tansiq.journal.contract import Checked, Record

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    idx INTEGER PRIMARY KEY, id BLOB NOT NULL, author TEXT NOT NULL, number INTEGER NOT NULL, kind INTEGER NOT NULL,
    leaf BLOB NOT NULL, body BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS entry_ids ON entries (id);
CREATE UNIQUE INDEX IF NOT EXISTS entry_numbers ON entries (author, number);
CREATE INDEX IF NOT EXISTS open_entries ON entries (idx) WHERE kind <> 0;
CREATE TABLE IF NOT EXISTS nodes (key INTEGER PRIMARY KEY, hash BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, note BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS cosignatures (
    size INTEGER NOT NULL, code TEXT NOT NULL, time_s INTEGER NOT NULL, payload BLOB NOT NULL,
    PRIMARY KEY (size, code)) WITHOUT ROWID;
"""
_LEVEL_BITS = 56


def storage(error: apsw.Error) -> Unavailable:
    """Say what the disk said."""
    return Unavailable("storage", "The disk does not take the journal: {why}.", why=str(error))


class SqliteStore:
    """The store of the embedded default; see ``Store`` for what it promises."""

    def __init__(self, path: Path) -> None:
        """Open or begin the store at *path*.

        Raises:
            Unavailable: ``storage``.
        """
        self._lock = threading.RLock()
        try:
            self._db = apsw.Connection(str(path))
            self._db.set_busy_timeout(5_000)
            self._db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536")
            self._db.execute(_SCHEMA)
            self._size = int(self._one("SELECT coalesce(max(idx) + 1, 0) FROM entries"))
        except apsw.Error as error:
            raise storage(error) from error

    def _one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        with self._lock:
            row: Any = self._db.execute(sql, tuple(values)).fetchone()
        return None if row is None else row[0]

    @property
    def size(self) -> int:
        """How many entries are stored."""
        return self._size

    def append(self, batch: Sequence[Checked], checkpoint: tuple[int, bytes] | None = None) -> None:
        """Add a batch; see the contract."""
        nodes = [((level << _LEVEL_BITS) | n, value) for c in batch for level, n, value in c.nodes]
        rows = [(c.index, c.id, c.author, c.number, c.kind, c.record.leaf, c.record.body) for c in batch]
        with self._lock:
            try:
                with self._db:
                    self._db.executemany("INSERT INTO entries VALUES (?,?,?,?,?,?,?)", rows)
                    self._db.executemany("INSERT INTO nodes VALUES (?,?)", nodes)
                    if checkpoint is not None:
                        self._db.execute("INSERT OR REPLACE INTO checkpoints VALUES (?,?)", checkpoint)
            except apsw.Error as error:
                raise storage(error) from error
            if batch:
                self._size = batch[-1].index + 1

    def truncate(self, size: int) -> None:
        """Drop the tail from *size* on, with the nodes that reach into it."""
        levels = range(max(self._size, 1).bit_length() + 1)
        with self._lock:
            try:
                with self._db:
                    self._db.execute("DELETE FROM entries WHERE idx >= ?", (size,))
                    self._db.execute("DELETE FROM checkpoints WHERE size > ?", (size,))
                    for level in levels:
                        self._db.execute("DELETE FROM nodes WHERE key >= ? AND key < ?",
                                         ((level << _LEVEL_BITS) | (size >> level), (level + 1) << _LEVEL_BITS))
            except apsw.Error as error:
                raise storage(error) from error
            self._size = size

    def fetch(self, start: int, end: int, *, bodies: bool = True) -> list[Record]:
        """Records of a range."""
        column = "body" if bodies else "x''"
        with self._lock:
            rows: list[Any] = self._db.execute(
                f"SELECT leaf, {column} FROM entries WHERE idx >= ? AND idx < ? ORDER BY idx", (start, end)).fetchall()
        return [Record(*row) for row in rows]

    def index_of(self, entry_id: bytes) -> int | None:
        """Index of an entry, by id."""
        found = self._one("SELECT idx FROM entries WHERE id = ?", (entry_id,))
        return None if found is None else int(found)

    def last_of(self, author: str) -> int | None:
        """Index of an author's last entry."""
        found = self._one("SELECT idx FROM entries WHERE author = ? ORDER BY number DESC LIMIT 1", (author,))
        return None if found is None else int(found)

    def open_indices(self) -> list[int]:
        """Indices of all open entries."""
        with self._lock:
            rows: list[Any] = self._db.execute("SELECT idx FROM entries WHERE kind <> 0 ORDER BY idx").fetchall()
        return [row[0] for row in rows]

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree."""
        found = self._one("SELECT hash FROM nodes WHERE key = ?", ((level << _LEVEL_BITS) | index,))
        if found is None:
            raise Unavailable("storage", "The disk does not take the journal: {why}.", why=f"node {level}/{index}")
        return bytes(found)

    def checkpoint(self) -> tuple[int, bytes] | None:
        """The newest checkpoint."""
        with self._lock:
            row: Any = self._db.execute("SELECT size, note FROM checkpoints ORDER BY size DESC LIMIT 1").fetchone()
        return None if row is None else (int(row[0]), bytes(row[1]))

    def keep_cosignature(self, size: int, code: str, time_s: int, payload: bytes) -> None:
        """Keep a cosignature."""
        with self._lock:
            try:
                self._db.execute("INSERT OR REPLACE INTO cosignatures VALUES (?,?,?,?)", (size, code, time_s, payload))
            except apsw.Error as error:
                raise storage(error) from error

    def cosignatures(self, size: int) -> dict[str, tuple[int, bytes]]:
        """Cosignatures of one checkpoint."""
        with self._lock:
            rows: list[Any] = self._db.execute(
                "SELECT code, time_s, payload FROM cosignatures WHERE size = ?", (size,)).fetchall()
        return {code: (time_s, payload) for code, time_s, payload in rows}

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._db.close()
