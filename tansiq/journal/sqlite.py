"""A store in one SQLite file: WAL with ``synchronous=FULL``, one transaction a batch.

``synchronous=NORMAL`` was seen to lose acknowledged commits at a power cut, so the fsync comes before the receipt.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import apsw

from tansiq.errors import Unavailable
from tansiq.journal.contract import Checked, Record

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    idx INTEGER PRIMARY KEY, author TEXT NOT NULL, number INTEGER NOT NULL, kind INTEGER NOT NULL, nodes BLOB NOT NULL,
    leaf BLOB NOT NULL, body BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS entry_numbers ON entries (author, number);
CREATE INDEX IF NOT EXISTS open_entries ON entries (idx) WHERE kind <> 0;
CREATE TABLE IF NOT EXISTS checkpoints (size INTEGER PRIMARY KEY, note BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS cosignatures (
    size INTEGER NOT NULL, code TEXT NOT NULL, time_s INTEGER NOT NULL, payload BLOB NOT NULL,
    PRIMARY KEY (size, code)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, note BLOB NOT NULL) WITHOUT ROWID;
"""
# The subtrees that an entry completes stand in its own row, upwards from its leaf: a batch touches fewer pages, and
# what is cut off takes its nodes with it. A subtree is found in the row of its last entry.
_NODES = """
WITH RECURSIVE ends (at) AS (VALUES (?1) UNION ALL SELECT at + ?2 FROM ends WHERE at + ?2 < ?3)
SELECT substr(nodes, ?4, 32) FROM ends JOIN entries ON idx = at WHERE at < ?3 ORDER BY at
"""
HASH_BYTES = 32


def storage(error: apsw.Error) -> Unavailable:
    """Say what the disk said: the first failure, not that of going back from it."""
    first: BaseException = error
    while isinstance(first.__context__, apsw.Error):
        first = first.__context__
    return Unavailable("storage", "The disk does not take the journal: {why}.", why=str(first))


class Plainly:
    """One thread at a time; what SQLite says is told as a failure of the storage."""

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._lock.release()
        if isinstance(error, apsw.Error):
            raise storage(error) from error


def open_durable(path: Path, schema: str) -> apsw.Connection:
    """Open a file whose commits are on the disk when they return."""
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(5_000)
    connection.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
    connection.execute(schema)
    return connection


class SqliteStore:
    """The store of the embedded default; see ``Store`` for what it promises."""

    def __init__(self, path: Path) -> None:
        """Open or begin the store at *path*.

        Raises:
            Unavailable: ``storage``.
        """
        self._lock = threading.RLock()
        try:
            self._db = open_durable(path, _SCHEMA)
            self._db.execute("PRAGMA cache_size=-65536")
            self._size: int | None = None
        except apsw.Error as error:
            raise storage(error) from error

    def _one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        rows = self._all(sql, values)
        return rows[0][0] if rows else None

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            try:
                return self._db.execute(sql, tuple(values)).fetchall()
            except apsw.Error as error:
                raise storage(error) from error

    @property
    def size(self) -> int:
        """How many entries are stored; counted again after a write that failed, which may be there all the same."""
        with self._lock:
            if self._size is None:
                self._size = int(self._one("SELECT coalesce(max(idx) + 1, 0) FROM entries"))
            return self._size

    def append(self, batch: Sequence[Checked], checkpoint: tuple[int, bytes] | None = None) -> None:
        """Add a batch; see the contract."""
        rows = [(c.index, c.author, c.number, c.kind, b"".join([value for _, _, value in c.nodes]), *c.record)
                for c in batch]
        with self._lock:
            try:
                with self._db:
                    self._db.executemany("INSERT INTO entries VALUES (?,?,?,?,?,?,?)", rows)
                    if checkpoint is not None:
                        self._db.execute("INSERT OR REPLACE INTO checkpoints VALUES (?,?)", checkpoint)
            except apsw.Error as error:
                self._size = None
                raise storage(error) from error
            if batch:
                self._size = batch[-1].index + 1

    def truncate(self, size: int) -> None:
        """Drop the tail from *size* on, with the nodes that reach into it."""
        with self._lock:
            try:
                with self._db:
                    self._db.execute("DELETE FROM entries WHERE idx >= ?", (size,))
                    self._db.execute("DELETE FROM checkpoints WHERE size > ?", (size,))
                    self._db.execute("DELETE FROM cosignatures WHERE size > ?", (size,))
            except apsw.Error as error:
                self._size = None
                raise storage(error) from error
            self._size = min(size, self.size)

    def fetch(self, start: int, end: int, *, bodies: bool = True) -> list[Record]:
        """Records of a range."""
        column = "body" if bodies else "x''"
        rows = self._all(f"SELECT leaf, {column} FROM entries WHERE idx >= ? AND idx < ? ORDER BY idx", (start, end))
        return [Record(*row) for row in rows]

    def placed(self, author: str, number: int) -> int | None:
        """Index of an author's entry."""
        found = self._one("SELECT idx FROM entries WHERE author = ? AND number = ?", (author, number))
        return None if found is None else int(found)

    def last_of(self, author: str) -> int | None:
        """Index of an author's last entry."""
        found = self._one("SELECT idx FROM entries WHERE author = ? ORDER BY number DESC LIMIT 1", (author,))
        return None if found is None else int(found)

    def run(self, author: str, first: int, until: int) -> list[bytes]:
        """Leaves of an author's entries by number."""
        rows = self._all("SELECT leaf FROM entries WHERE author = ? AND number >= ? AND number < ? ORDER BY number",
                         (author, first, until))
        return [row[0] for row in rows]

    def open_indices(self) -> list[int]:
        """Indices of all open entries."""
        return [row[0] for row in self._all("SELECT idx FROM entries WHERE kind <> 0 ORDER BY idx")]

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree."""
        found = self._one("SELECT substr(nodes, ?, 32) FROM entries WHERE idx = ?",
                          (HASH_BYTES * level + 1, (index + 1 << level) - 1))
        if not found:
            raise Unavailable("storage", "The disk does not take the journal: {why}.", why=f"node {level}/{index}")
        return bytes(found)

    def nodes(self, level: int, start: int, end: int) -> list[bytes]:
        """Hashes of a run of complete subtrees."""
        rows = self._all(_NODES, ((start + 1 << level) - 1, 1 << level, end << level, HASH_BYTES * level + 1))
        return [bytes(row[0]) for row in rows]

    def checkpoint(self, size: int | None = None) -> tuple[int, bytes] | None:
        """The newest checkpoint, or that of a size."""
        where, values = ("", ()) if size is None else ("WHERE size = ?", (size,))
        rows = self._all(f"SELECT size, note FROM checkpoints {where} ORDER BY size DESC LIMIT 1", values)
        return (int(rows[0][0]), bytes(rows[0][1])) if rows else None

    def keep_cosignatures(self, size: int, given: Mapping[str, tuple[int, bytes]]) -> None:
        """Keep cosignatures in one transaction."""
        rows = [(size, code, time_s, payload) for code, (time_s, payload) in given.items()]
        with self._lock:
            try:
                with self._db:
                    self._db.executemany("INSERT OR REPLACE INTO cosignatures VALUES (?,?,?,?)", rows)
            except apsw.Error as error:
                raise storage(error) from error

    def cosigned(self, start: int, *, newest_first: bool = False) -> Iterator[int]:
        """Sizes with cosignatures, found one by one: the file is not held open between two of them."""
        if newest_first:
            sql, bound = "SELECT max(size) FROM cosignatures WHERE size >= ? AND size < ?", 1 << 62
        else:
            sql, bound = "SELECT min(size) FROM cosignatures WHERE size >= ? AND size > ?", -1
        while (size := self._one(sql, (start, bound))) is not None:
            yield size
            bound = size

    def cosignatures(self, size: int) -> dict[str, tuple[int, bytes]]:
        """Cosignatures of one checkpoint."""
        rows = self._all("SELECT code, time_s, payload FROM cosignatures WHERE size = ?", (size,))
        return {code: (time_s, payload) for code, time_s, payload in rows}

    def keep_note(self, name: str, note: bytes) -> None:
        """Keep a note beside the journal."""
        with self._lock:
            try:
                self._db.execute("INSERT OR REPLACE INTO notes VALUES (?,?)", (name, note))
            except apsw.Error as error:
                raise storage(error) from error

    def note(self, name: str) -> bytes | None:
        """The note of a name."""
        found = self._one("SELECT note FROM notes WHERE name = ?", (name,))
        return None if found is None else bytes(found)

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._db.close()
