"""The outbox: acts said and not yet settled in the journal. It is kept apart from what the journal can rebuild.

An act waits in a *parcel*, or lies sealed in an envelope, and is in one of the two from ``keep`` or ``hold`` on until
its entry is settled. An envelope's bytes are stored before they are first sent, and are the same at every attempt:
while they are not ordered, and again where an unsettled tail of the journal fell. Where they lost their place for good
(a conflict), the seal is undone with the key that lies beside them, and the same acts, with the same salts, wait again.

Charters, keys, suspensions and returns are held in the same way, as envelopes without a key: they too are said again
where a tail falls.

Where an envelope stands in the journal is not written here: the journal says it. After a start every envelope that
the cell does not find in its own copy is offered again, and the registrar answers with its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tansiq.acts import open_body
from tansiq.cell.parcels import Parcel
from tansiq.errors import TansiqError
from tansiq.journal import parse_entry
from tansiq.journal.sqlite import Plainly, open_durable
from tansiq.registrar.order import Offer, Ordered

# What is looked through without being opened stands before the bytes, which lie on pages of their own.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS parcels (
    row INTEGER PRIMARY KEY, desk INTEGER NOT NULL, release TEXT NOT NULL, failure TEXT,
    ids BLOB NOT NULL, leaves BLOB NOT NULL, packed BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS waiting ON parcels (row) WHERE failure IS NULL;
CREATE TABLE IF NOT EXISTS envelopes (
    number INTEGER PRIMARY KEY, desk INTEGER NOT NULL, release TEXT NOT NULL, key BLOB NOT NULL,
    ids BLOB NOT NULL, leaves BLOB NOT NULL, entry BLOB NOT NULL, body BLOB NOT NULL);
"""
_FRESH_MAX = 64
_NEW_PARCEL = "INSERT INTO parcels (row, desk, release, failure, ids, leaves, packed) VALUES (?,?,?,?,?,?,?)"
_NEW_ENVELOPE = "INSERT INTO envelopes VALUES (?,?,?,?,?,?,?,?)"


class Sealed(NamedTuple):
    """An envelope: its number, what it holds, the content key, and the bytes that are offered."""

    number: int
    parcel: Parcel
    key: bytes
    offer: Offer


class Way(NamedTuple):
    """How far an act has come: ``waiting``, ``sealed``, ``ordered`` or ``refused`` (with the failure)."""

    state: str
    place: Ordered | None = None
    number: int | None = None
    failure: dict[str, Any] | None = None


class Outbox:
    """One SQLite file with ``synchronous=FULL``: what ``keep`` or ``hold`` took is not forgotten before it is settled.

    Any thread may call. A call that failed may have been done all the same: what then stands in the file counts.
    """

    def __init__(self, path: Path) -> None:
        self.alone = self._plainly = Plainly()
        """Whoever enters it is alone with the outbox until it leaves."""
        # Places of the envelopes that are known to be ordered: numbers and indices rise together.
        self._places: dict[int, Ordered] = {}
        # The number of the last envelope held, and whether nothing waits; None where only the file can tell.
        self._last: int | None = None
        self._clear: bool | None = None
        # The envelopes without a place, if all of them were stored since the last that has one: what is offered next
        # need not be read back. None where only the file can tell.
        self._fresh: tuple[Sealed, ...] | None = None
        self._kept = 0
        self.placed_to = 0
        """Size of the journal with the last envelope of this outbox that was given its place; 0 after a start."""
        with self._plainly:
            self._db = open_durable(path, _SCHEMA)

    def keep(self, parcels: Sequence[Parcel]) -> None:
        """Keep parcels that wait to be sealed. All or none, durable on return."""
        with self._plainly, self._db:
            self._clear = None
            self._db.executemany(_NEW_PARCEL, [_parcel_row(None, parcel) for parcel in parcels])
            self._kept += sum([parcel.acts for parcel in parcels])

    def hold(self, envelopes: Sequence[Sealed], rows: Sequence[int] = ()) -> None:
        """Store envelopes and drop the parcels of *rows*, which they hold. All or none, durable on return.

        This is the transaction before the first send: an envelope of which nothing is stored was never sent.
        """
        values = [(e.number, e.parcel.desk, ",".join(e.parcel.release), e.key, e.parcel.ids, e.parcel.leaves, *e.offer)
                  for e in envelopes]
        with self._plainly:
            fresh = self._fresh or (() if self._all_answered() else None)
            self._last = self._fresh = None
            if len(values) == 1 and not rows:
                self._db.execute(_NEW_ENVELOPE, values[0])
            else:
                with self._db:
                    self._db.executemany(_NEW_ENVELOPE, values)
                    self._db.executemany("DELETE FROM parcels WHERE row = ?", [(row,) for row in rows])
            self._last = envelopes[-1].number if envelopes else None
            if fresh is not None and len(fresh) + len(envelopes) <= _FRESH_MAX:
                self._fresh = (*fresh, *envelopes)
            self._kept += 0 if rows else sum([envelope.parcel.acts for envelope in envelopes])

    def waits(self) -> bool:
        """Tell whether any parcel waits to be sealed."""
        with self._plainly:
            if self._clear is None or not self._clear:
                self._clear = not self._db.execute("SELECT EXISTS (SELECT 1 FROM parcels WHERE failure IS NULL)").get
            return not self._clear

    def waiting(self, bytes_max: int) -> list[tuple[int, Parcel]]:
        """Parcels to be sealed with their rows, in the order in which they were said, until *bytes_max* are reached."""
        found, size = [], 0
        with self._plainly:
            for row, desk, release, ids, leaves, packed in self._db.execute(
                    "SELECT row, desk, release, ids, leaves, packed FROM parcels WHERE failure IS NULL ORDER BY row"):
                found.append((row, Parcel(desk, _release(release), ids, leaves, packed)))
                size += len(packed)
                if size >= bytes_max:
                    break
        return found

    def held(self) -> list[tuple[int, bytes]]:
        """Number and id of each entry that is held here, unsettled."""
        with self._plainly:
            return [(number, parse_entry(entry).id)
                    for number, entry in self._db.execute("SELECT number, entry FROM envelopes ORDER BY number")]

    def sealed(self, limit: int) -> list[tuple[int, Offer]]:
        """The first envelopes whose place is not known: they are to be offered."""
        found: list[tuple[int, Offer]] = []
        with self._plainly:
            if self._all_answered():
                return found
            if self._fresh is not None:
                return [(envelope.number, envelope.offer) for envelope in self._fresh[:limit]]
            for number, entry, body in self._db.execute(
                    "SELECT number, entry, body FROM envelopes WHERE number > ? ORDER BY number", (self._answered(),)):
                found.append((number, Offer(entry, body)))
                if len(found) >= limit:
                    break
        return found

    def _answered(self) -> int:
        """The number up to which every envelope held has its place; none above it has one."""
        return next(reversed(self._places), 0)

    def answered(self) -> bool:
        """Tell whether every envelope held has its place."""
        with self._plainly:
            return self._all_answered()

    def _all_answered(self) -> bool:
        if self._last is None:
            self._last = int(self._db.execute("SELECT coalesce(max(number), 0) FROM envelopes").get)
        return self._last <= self._answered()

    def ordered(self, places: Sequence[tuple[int, Ordered]]) -> None:
        """Envelopes have their place. Nothing is written: were it forgotten, the same bytes are offered again."""
        with self._plainly:
            self._places.update(places)
            if places:
                self.placed_to = places[-1][1].index + 1
                self._fresh = tuple([one for one in self._fresh or () if one.number > self._answered()]) or None

    def settled(self, size: int) -> None:
        """Let go of the envelopes ordered below *size*. Not waited for: kept too long, they go at the next time."""
        with self._plainly:
            done = [number for number, _ in takewhile(lambda held: held[1].index < size, self._places.items())]
            if not done:
                return
            self._db.execute("PRAGMA synchronous=NORMAL")
            try:
                self._db.execute("DELETE FROM envelopes WHERE number <= ?", (done[-1],))
            finally:
                self._db.execute("PRAGMA synchronous=FULL")
            for number in done:
                del self._places[number]
            self._last = None

    def fallen(self, size: int) -> None:
        """The journal fell back to *size* entries: envelopes that stood above are offered again, the same bytes."""
        with self._plainly:
            self._places = {number: place for number, place in self._places.items() if place.index < size}
            self.placed_to = min(self.placed_to, size)
            self._fresh = None

    def unseal(self, number: int) -> None:
        """Undo the seals of the envelope *number* and of all after it: their acts wait again, before all others."""
        with self._plainly, self._db:
            self._clear = self._last = self._fresh = None
            found = self._opened("number >= ?", number)
            first: Any = self._db.execute("SELECT min(row) FROM parcels").get
            start = (1 if first is None else int(first)) - len(found)
            self._db.executemany(_NEW_PARCEL, [_parcel_row(start + n, parcel) for n, parcel in enumerate(found)])
            self._db.execute("DELETE FROM envelopes WHERE number >= ?", (number,))

    def refuse(self, number: int, failure: TansiqError) -> None:
        """The registrar will never take this envelope: its acts go back to the officer, with the reason."""
        with self._plainly, self._db:
            self._last = self._fresh = None
            self._db.executemany(_NEW_PARCEL, [_parcel_row(None, parcel, failure)
                                               for parcel in self._opened("number = ?", number)])
            self._db.execute("DELETE FROM envelopes WHERE number = ?", (number,))

    def _opened(self, which: str, number: int) -> list[Parcel]:
        rows: list[Any] = self._db.execute(
            f"SELECT number, desk, release, key, ids, leaves, entry, body FROM envelopes WHERE {which} ORDER BY number",
            (number,)).fetchall()
        return [Parcel(desk, _release(release), ids, leaves, _packed(number, Offer(entry, body), key))
                for number, desk, release, key, ids, leaves, entry, body in rows]

    def give_up(self, rows: Sequence[int], failure: TansiqError) -> None:
        """Parcels that cannot be sealed at all go back to the officer, with the reason."""
        with self._plainly, self._db:
            self._db.executemany("UPDATE parcels SET failure = ? WHERE row = ?",
                                 [(_told(failure), row) for row in rows])

    def way(self, act_id: bytes) -> Way | None:
        """How far an act of this cell has come; None where it is none, or was settled and let go."""
        with self._plainly:
            number: Any = self._db.execute(
                "SELECT number FROM envelopes WHERE instr(ids, ?) ORDER BY number DESC LIMIT 1", (act_id,)).get
            if number is not None:
                place = self._places.get(number)
                return Way("sealed" if place is None else "ordered", place, number)
            row: Any = self._db.execute("SELECT failure FROM parcels WHERE instr(ids, ?) ORDER BY row DESC LIMIT 1",
                                        (act_id,)).fetchone()
        if row is None:
            return None
        return Way("waiting") if row[0] is None else Way("refused", failure=msgspec.json.decode(row[0]))

    def mark(self) -> int:
        """Mark what was kept until now; ``through`` tells when it is through."""
        return self._kept

    def through(self, mark: int) -> bool:
        """Tell whether all that was kept before a mark was ordered or refused: first in, first out."""
        with self._plainly:
            return self._kept - self.count() >= mark

    def count(self) -> int:
        """How many acts are not ordered yet."""
        if not self.waits():
            with self._plainly:
                if self._all_answered():
                    return 0
                if self._fresh is not None:
                    return sum([envelope.parcel.acts for envelope in self._fresh])
        with self._plainly:
            found: Any = self._db.execute(
                "SELECT (SELECT coalesce(sum(length(ids)), 0) FROM parcels WHERE failure IS NULL) + "
                "(SELECT coalesce(sum(length(ids)), 0) FROM envelopes WHERE number > ?)", (self._answered(),)).get
        return int(found) // 32

    def close(self) -> None:
        """Let the file go."""
        with self._plainly:
            self._db.close()


def _parcel_row(row: int | None, parcel: Parcel, failure: TansiqError | None = None) -> tuple[Any, ...]:
    told = None if failure is None else _told(failure)
    return row, parcel.desk, ",".join(parcel.release), told, parcel.ids, parcel.leaves, parcel.packed


def _release(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(",")) if joined else ()


def _told(failure: TansiqError) -> str:
    return msgspec.json.encode({"code": failure.code, "sentence": str(failure)}).decode()


def _packed(number: int, offer: Offer, key: bytes) -> bytes:
    if not key:
        return offer.body  # an open entry
    entry = parse_entry(offer.entry)
    opened = open_body(offer.body, key, centre=entry.centre, author=entry.author, number=number)
    return b"".join([salt + len(act).to_bytes(4, "big") + act for salt, act in opened.acts])
