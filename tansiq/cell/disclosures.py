"""Acts that a cell could not open and took from another reader's disclosure: which, and where they are kept.

An author may name a reader and seal junk for it. The act is said all the same: other readers fold it. Whoever was left
out takes it from any reader's disclosure, which proves every byte, and folds it at its place in the journal.

They lie in a file of their own, since the journal cannot tell them again. What the registers were folded with is part
of what they were made for: after a crash, or with another file, they are folded anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import apsw

from tansiq import wire
from tansiq.acts import act_id
from tansiq.cell.following import Follower
from tansiq.cell.opening import Opener
from tansiq.cell.partner import PartnerFollower
from tansiq.errors import Refused, Untrusted
from tansiq.evidence.basis import Basis
from tansiq.evidence.disclosure import shown
from tansiq.evidence.files import Disclosure, expected, parse_evidence
from tansiq.journal import Leaf, Record
from tansiq.journal.sqlite import Plainly, open_durable
from tansiq.wire import sha256

UNOPENABLE = "slot.unopenable"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS disclosures (
    entry_id BLOB NOT NULL, position INTEGER NOT NULL, file BLOB NOT NULL, officer TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (entry_id, position)
) WITHOUT ROWID;
"""


class Disclosures:
    """One SQLite file with ``synchronous=FULL``: what was kept is durable on return. Any thread may call.

    The file is made when there is something to keep: hardly any cell ever needs one.
    """

    def __init__(self, path: Path) -> None:
        """Read the file, if there is one.

        Raises:
            Unavailable: ``storage``.
            Malformed: what lies in it is no disclosure.
        """
        self._path, self._plainly = path, Plainly()
        self._db: apsw.Connection | None = None
        self._kept: dict[bytes, dict[int, Disclosure]] = {}
        if path.exists():
            with self._plainly:
                rows: list[Any] = self._open().execute("SELECT entry_id, position, file FROM disclosures").fetchall()
            for entry_id, position, file in rows:
                self._kept.setdefault(entry_id, {})[position] = _read(file)

    def _open(self) -> apsw.Connection:
        if self._db is None:
            self._db = open_durable(self._path, _SCHEMA)
        return self._db

    def keep(self, leaf: Leaf, given: Disclosure, *, officer: str, at: int) -> None:
        """Keep a disclosure that was checked, who took it and when (UTC ms). Kept twice, it is kept once.

        Raises:
            Unavailable: ``storage``.
        """
        entry_id, position = leaf.entry.id, given.committed.position
        with self._plainly:
            self._open().execute("INSERT OR IGNORE INTO disclosures VALUES (?,?,?,?,?)",
                                 (entry_id, position, wire.write(given), officer, at))
            self._kept.setdefault(entry_id, {}).setdefault(position, given)

    def of(self, leaf: Leaf) -> Mapping[int, Disclosure]:
        """What was taken of an entry, by its position in the envelope."""
        return self._kept.get(leaf.entry.id, {}) if self._kept else {}

    @property
    def name(self) -> str:
        """What tells these from others: empty where there are none."""
        keys = sorted((entry_id, position) for entry_id, kept in self._kept.items() for position in kept)
        return sha256(repr(keys).encode()).hex() if keys else ""

    def close(self) -> None:
        """Let the file go."""
        with self._plainly:
            if self._db is not None:
                self._db.close()


def _read(file: bytes) -> Disclosure:
    given = parse_evidence(file)
    if type(given) is not Disclosure:
        raise expected("disclosure")
    return given


class Intake:
    """Takes acts from other readers' disclosures, where this cell's slot in their entry is junk."""

    def __init__(self, code: str, opener: Opener, follower: Follower | PartnerFollower, disclosures: Disclosures, *,
                 basis: Callable[[], Basis]) -> None:
        self._code = code
        self._opener = opener
        self._follower = follower
        self._disclosures = disclosures
        self._basis = basis

    def take(self, file: bytes, *, officer: str, at: int) -> tuple[str, bool]:
        """Check a disclosure against this cell's own journal and keep it; the act's id, and whether it is new here.

        What is new is folded once the registers are folded again: the caller sees to it. A crash before that costs
        nothing, since the registers are then found to be made for another set of disclosures.

        Raises:
            Malformed: ``evidence.expected``, it is another kind of file.
            Untrusted: it proves nothing; ``evidence.unheld``; ``evidence.release``, the act does not name this cell.
            Refused: ``evidence.void``, the entry is void for all its readers.
            Unavailable: ``storage``.
        """
        given = _read(file)
        it = shown(given, self._basis())
        record = self._held(it.leaf.index, wire.parse_base64(given.entry.leaf))
        if self._code not in it.head.release:
            raise Untrusted("evidence.release", "The act's release does not name {to}.", to=self._code)
        opened = self._opener.open(it.leaf, record.body, self._follower.state.control)
        if opened.void not in (None, UNOPENABLE):
            raise Refused("evidence.void", "Entry {number} of {author} is void for all its readers ({why}): nothing in "
                          "it was validly said.", number=it.leaf.entry.number, author=it.leaf.entry.author,
                          why=opened.void)
        name = act_id(wire.parse_hash(given.salt), given.act.encode()).hex()
        if opened.acts or given.committed.position in self._disclosures.of(it.leaf):
            return name, False
        self._disclosures.keep(it.leaf, given, officer=officer, at=at)
        return name, True

    def _held(self, index: int, leaf: bytes) -> Record:
        """What this cell itself holds at a place."""
        held = self._follower.leaves(index, index + 1) if index < self._follower.size else []
        if not held or held[0].leaf != leaf:
            raise Untrusted("evidence.unheld", "This cell's own journal has no such entry at place {index}.",
                            index=index)
        return held[0]
