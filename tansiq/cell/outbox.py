"""The outbox: acts said and not yet settled in the journal. It is kept apart from what the journal can rebuild.

Numbering, sealing and storing the bytes happen in one transaction just before the first send. Those bytes are
retried unchanged until they are ordered or refused; after a conflict the same acts, with the same salts, are
sealed again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import msgspec

from tansiq.errors import TansiqError
from tansiq.journal.sqlite import storage
from tansiq.registrar.order import Offer, Ordered

_SCHEMA = """
CREATE TABLE IF NOT EXISTS acts (
    row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, desk INTEGER NOT NULL, release TEXT NOT NULL,
    salt BLOB NOT NULL, data BLOB NOT NULL, label BLOB NOT NULL, thread TEXT, number INTEGER,
    state TEXT NOT NULL, failure TEXT, idx INTEGER, time INTEGER, said INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS waiting ON acts (row) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS sealed ON acts (number) WHERE state = 'sealed';
CREATE TABLE IF NOT EXISTS envelopes (number INTEGER PRIMARY KEY, entry BLOB NOT NULL, body BLOB NOT NULL);
"""


Kept = tuple[bytes, int, tuple[str, ...], bytes, bytes, bytes, str | None]


class Waiting(NamedTuple):
    """An act that waits to be sealed."""

    row: int
    desk: int
    release: tuple[str, ...]
    salt: bytes
    data: bytes
    label: bytes


class Way(NamedTuple):
    """How far an act has come: ``waiting``, ``sealed``, ``ordered`` or ``refused`` (with the failure)."""

    state: str
    index: int | None  # type: ignore[assignment]  # a field, not tuple.index
    time: int | None
    number: int | None
    failure: dict[str, Any] | None


class Outbox:
    """One SQLite file with ``synchronous=FULL``: what ``put`` took is never forgotten."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        with self._plainly():
            self._db = apsw.Connection(str(path))
            self._db.set_busy_timeout(5_000)
            self._db.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000")
            self._db.execute(_SCHEMA)

    @contextmanager
    def _plainly(self) -> Any:
        with self._lock:
            try:
                yield
            except apsw.Error as error:
                raise storage(error) from error

    def put(self, rows: Sequence[Kept], now: int) -> None:
        """Keep acts to be said: (id, desk, release, salt, data, label, thread). All or none, durable on return."""
        values = [(i, desk, ",".join(release), salt, data, label, thread, now)
                  for i, desk, release, salt, data, label, thread in rows]
        with self._plainly(), self._db:
            self._db.executemany("INSERT INTO acts (id, desk, release, salt, data, label, thread, state, said) "
                                 "VALUES (?,?,?,?,?,?,?,'waiting',?)", values)

    def waiting(self, limit: int) -> list[Waiting]:
        """Acts to be sealed, in the order in which they were said."""
        with self._plainly():
            rows: list[Any] = self._db.execute(
                "SELECT row, desk, release, salt, data, label FROM acts WHERE state = 'waiting' ORDER BY row LIMIT ?",
                (limit,)).fetchall()
        return [Waiting(row, desk, tuple(release.split(",")), salt, data, label)
                for row, desk, release, salt, data, label in rows]

    def sealed(self) -> list[tuple[int, Offer]]:
        """Envelopes whose bytes are stored and not yet answered, by number."""
        with self._plainly():
            rows: list[Any] = self._db.execute("SELECT number, entry, body FROM envelopes ORDER BY number").fetchall()
        return [(number, Offer(entry, body)) for number, entry, body in rows]

    def seal(self, made: Sequence[tuple[int, Offer, Sequence[Waiting]]]) -> None:
        """Store envelopes and take their acts out of waiting, in one transaction before the first send."""
        with self._plainly(), self._db:
            self._db.executemany("INSERT INTO envelopes VALUES (?,?,?)",
                                 [(number, offer.entry, offer.body) for number, offer, _ in made])
            self._db.executemany("UPDATE acts SET state = 'sealed', number = ? WHERE row = ?",
                                 [(number, act.row) for number, _, acts in made for act in acts])

    def ordered(self, places: Sequence[tuple[int, Ordered]]) -> None:
        """Envelopes have their place. Not waited for: were it lost, the same bytes are sent and placed again."""
        if not places:
            return
        with self._plainly():
            self._db.execute("PRAGMA synchronous=NORMAL")
            try:
                with self._db:
                    self._db.executemany("UPDATE acts SET state = 'ordered', idx = ?, time = ? WHERE number = ? "
                                         "AND state = 'sealed'", [(p.index, p.time, number) for number, p in places])
                    self._db.executemany("DELETE FROM envelopes WHERE number = ?", [(number,) for number, _ in places])
            finally:
                self._db.execute("PRAGMA synchronous=FULL")

    def unseal(self, number: int) -> None:
        """Put the acts of this envelope and all later ones back: they will be sealed again."""
        with self._plainly(), self._db:
            self._db.execute("UPDATE acts SET state = 'waiting', number = NULL WHERE number >= ? AND state = 'sealed'",
                             (number,))
            self._db.execute("DELETE FROM envelopes WHERE number >= ?", (number,))

    def refuse(self, number: int, failure: TansiqError) -> None:
        """The registrar will never take this envelope: its acts go back to the officer, with the reason."""
        told = msgspec.json.encode({"code": failure.code, "sentence": str(failure)}).decode()
        with self._plainly(), self._db:
            self._db.execute("UPDATE acts SET state = 'refused', failure = ? WHERE number = ? AND state = 'sealed'",
                             (told, number))
            self._db.execute("DELETE FROM envelopes WHERE number = ?", (number,))

    def give_up(self, rows: Sequence[int], failure: TansiqError) -> None:
        """Acts that cannot be sealed at all go back to the officer, with the reason."""
        told = msgspec.json.encode({"code": failure.code, "sentence": str(failure)}).decode()
        with self._plainly(), self._db:
            self._db.executemany("UPDATE acts SET state = 'refused', failure = ? WHERE row = ?",
                                 [(told, row) for row in rows])

    def way(self, act_id: bytes) -> Way | None:
        """How far an act of this cell has come."""
        with self._plainly():
            row: Any = self._db.execute("SELECT state, idx, time, number, failure FROM acts WHERE id = ?",
                                   (act_id,)).fetchone()
        if row is None:
            return None
        state, index, time, number, failure = row
        return Way(state, index, time, number, None if failure is None else msgspec.json.decode(failure))

    def count(self) -> int:
        """How many acts are not ordered yet."""
        with self._plainly():
            row: Any = self._db.execute("SELECT (SELECT count(*) FROM acts WHERE state = 'waiting') + "
                                        "(SELECT count(*) FROM acts WHERE state = 'sealed')").fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._db.close()
