"""What a cell bound itself to: its greatest cosignature, and its promises. It is kept before anyone hears of it.

It lies in a file of its own, since nothing else can tell it: a copy of the journal can be fetched again, and a cell
that had forgotten what it signed could sign the contrary.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from tansiq.errors import Refused
from tansiq.journal.sqlite import Plainly, open_durable
from tansiq.keys.signing import SigningKey
from tansiq.merkle.promises import Named, Promise, parse_promise, write_promise
from tansiq.merkle.signed import parse_note

_SCHEMA = """
CREATE TABLE IF NOT EXISTS cosigned (
    mandate INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL, time_s INTEGER NOT NULL,
    payload BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS promises (version INTEGER PRIMARY KEY, note BLOB NOT NULL);
"""


class Cosigned(NamedTuple):
    """A checkpoint that this cell cosigned, when (seconds), and the cosignature's payload."""

    named: Named
    time_s: int
    payload: bytes


class PromiseBook:
    """One SQLite file with ``synchronous=FULL``: what a call kept is durable on return. Any thread may call."""

    def __init__(self, path: Path) -> None:
        """Open or begin the book.

        Raises:
            Unavailable: ``storage``.
        """
        self._plainly = Plainly()
        with self._plainly:
            self._db = open_durable(path, _SCHEMA)
            row: Any = self._db.execute("SELECT mandate, size, root, time_s, payload FROM cosigned").fetchone()
            self._bound = self._newest()
        self._cosigned = None if row is None else Cosigned(Named(*row[:3]), *row[3:])

    @property
    def cosigned(self) -> Cosigned | None:
        """The greatest checkpoint that this cell cosigned, by (mandate, size), and last of all."""
        return self._cosigned

    @property
    def promised(self) -> int:
        """The greatest version that this cell promised, or tried to; 0: none."""
        return self._bound

    @property
    def version_min(self) -> int:
        """Under a version below this one the cell cosigns nothing."""
        return max(self._bound, self._cosigned.named.mandate if self._cosigned else 0)

    def keep_cosigned(self, made: Cosigned) -> bool:
        """Keep a cosignature before it is handed in; tells whether it may be: not under a version that is forsworn."""
        with self._plainly:
            if made.named.mandate < self.version_min:
                return False
            assert self._cosigned is None or made.named[:2] >= self._cosigned.named[:2], "a copy never shrinks unseen"
            with self._db:
                self._db.execute("DELETE FROM cosigned")
                self._db.execute("INSERT INTO cosigned VALUES (?,?,?,?,?)", (*made.named, made.time_s, made.payload))
            self._cosigned = made
            return True

    def recall(self, seen: Cosigned) -> None:
        """Take up a cosignature of this cell's that others still show, where the book was lost with its disk."""
        if self._cosigned is None or seen.named[:2] > self._cosigned.named[:2]:
            self.keep_cosigned(seen)

    def promise(self, centre: bytes, version: int, key: bytes, *, code: str, sign: SigningKey) -> bytes:
        """Promise *key* for *version*, once and for ever: the note. The same again gives the same bytes.

        Raises:
            Refused: ``promise.given``, another key was promised for that version, or a later version; ``promise.old``,
                that version or a later one is in force; ``promise.nothing``, this cell has cosigned nothing yet.
        """
        with self._plainly:
            kept = self.note(version)
            if kept is not None and parse_promise(parse_note(kept).text).key == key:
                return kept
            newest = self._newest()
            if version <= newest:
                raise Refused("promise.given", "{code} has promised mandate {version} already: a member promises each "
                              "version once, and none below.", code=code, version=newest)
            cosigned = self._cosigned
            if cosigned is None:
                raise Refused("promise.nothing", "{code} has cosigned no checkpoint yet, and has none to name in a "
                              "promise.", code=code)
            if version <= cosigned.named.mandate:
                raise Refused("promise.old", "Mandate {version} is over: {code} cosigns under mandate {due}.",
                              version=version, code=code, due=cosigned.named.mandate)
            note = write_promise(Promise(centre, version, key, cosigned.named), code, sign)
            # From here on the cell is bound: the write may have been kept even where it is reported as failed.
            self._bound = version
            self._db.execute("INSERT INTO promises VALUES (?,?)", (version, note))
            return note

    def _newest(self) -> int:
        found: Any = self._db.execute("SELECT coalesce(max(version), 0) FROM promises").get
        return int(found)

    def note(self, version: int) -> bytes | None:
        """The promise for a version, if one was given."""
        with self._plainly:
            row: Any = self._db.execute("SELECT note FROM promises WHERE version = ?", (version,)).fetchone()
        return None if row is None else bytes(row[0])

    def given(self) -> dict[int, bytes]:
        """Every promise that was given: the key of each version."""
        with self._plainly:
            rows: Any = self._db.execute("SELECT note FROM promises ORDER BY version").fetchall()
        read = [parse_promise(parse_note(bytes(note)).text) for (note,) in rows]
        return {promise.version: promise.key for promise in read}

    def close(self) -> None:
        """Let the file go."""
        with self._plainly:
            self._db.close()
