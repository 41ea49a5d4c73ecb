"""A partner's copy: the open entries and those addressed to it alone, each proved to stand in the journal.

It holds no tree. Each leaf comes with its path to the checkpoint; the chain of open entries shows that none of them
was left out, and the running numbers show the same of what each author addressed to this partner.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tansiq.cell.falling import Held, began_at, fall_point
from tansiq.cell.keyring import Keyring
from tansiq.cell.links import Link
from tansiq.cell.settling import KnowsSettled, Settling
from tansiq.errors import Malformed, TansiqError, Unavailable, Untrusted
from tansiq.journal import Leaf, Record, parse_leaf
from tansiq.journal.entry import SEALED
from tansiq.journal.sqlite import Plainly, open_durable
from tansiq.merkle import signed
from tansiq.merkle.hashes import leaf_hash
from tansiq.merkle.proofs import verify_consistency, verify_inclusion
from tansiq.registrar.control import Control, Head, party_of
from tansiq.registrar.order import Feed, Ordered
from tansiq.registrar.state import Author, verify_entry
from tansiq.registrar.verifying import require_checkpoint
from tansiq.wire import sha256

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (idx INTEGER PRIMARY KEY, leaf BLOB NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS heads (size INTEGER PRIMARY KEY, note BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS settled (size INTEGER PRIMARY KEY, at INTEGER NOT NULL);
"""
EMPTY = sha256(b"")


class PartnerState:
    """What a partner knows of the journal: control, where each author stands with it, the checkpoint it trusts."""

    def __init__(self, code: str) -> None:
        self.control = Control()
        self.authors: dict[str, Author] = {}
        self.size = 0
        self._root = EMPTY
        self._code = code
        self._last_open = bytes(32)

    def root(self, size: int) -> bytes:
        """Root of the checkpoint followed to; no other is known here."""
        assert size == self.size
        return self._root

    def take(self, leaf: Leaf, record: Record) -> None:
        """Verify a leaf's signature and chains, and take it in.

        Raises:
            Untrusted: an open entry or one addressed here was left out, or a signature fails.
            Malformed: the body is not the one named.
        """
        entry = leaf.entry
        if len(record.body) != entry.body_size or sha256(record.body) != entry.body_hash:
            raise Malformed("entry.body", "The body is not the one that the entry names.")
        self.require_open(leaf)
        if self.control.rosters:
            verify_entry(entry, party_of(self.control.roster, entry.author).sign)
        if entry.kind != SEALED:
            self.control.apply(leaf.index, entry, record.body)
            self._last_open = leaf_hash(record.leaf)
        author = self.authors.setdefault(entry.author, Author())
        for partner in entry.partners:
            if partner.code == self._code:
                if partner.running != author.partners.get(self._code, 0) + 1:
                    raise Untrusted("partner.gap", "An entry of {author} for this partner was left out.",
                                    author=entry.author)
                author.partners[self._code] = partner.running
        if entry.author == self._code:
            author.number, author.last_id, author.sent = entry.number, entry.id, entry.sent
            author.seen_size = entry.seen_size

    def require_open(self, leaf: Leaf) -> None:
        """Hold that no open entry below *leaf* was left out.

        Raises:
            Untrusted: ``journal.open``.
        """
        if leaf.open != self._last_open:
            raise Untrusted("journal.open", "An open entry below entry {index} was left out.", index=leaf.index)

    def reach(self, size: int, root: bytes) -> None:
        """Trust a checkpoint that was verified."""
        self.size, self._root = size, root


class PartnerFollower(KnowsSettled):
    """Follows as ``Follower`` does, for one that may see open entries and its own alone."""

    def __init__(self, path: Path, keyring: Keyring, link: Link, *, clock: Callable[[], int]) -> None:
        self._keyring, self._link, self._clock = keyring, link, clock
        self._plainly = Plainly()
        with self._plainly:
            self._db = open_durable(path, _SCHEMA)
        self.before_fall: Callable[[int], None] = lambda size: None
        self.fell_to: int | None = None
        self.state = self._load()
        self.head_size = self.state.size
        self._settling = self._settled_before()

    def _settled_before(self) -> Settling:
        with self._plainly:
            kept: Any = self._db.execute("SELECT size, at FROM settled ORDER BY size DESC LIMIT 1").fetchone()
        return Settling(*kept) if kept else Settling()

    def _load(self) -> PartnerState:
        state = PartnerState(self._keyring.code)
        for record in self.leaves(0, 1 << 62):
            state.take(parse_leaf(record.leaf), record)
        with self._plainly:
            kept: Any = self._db.execute("SELECT size, note FROM heads ORDER BY size DESC LIMIT 1").fetchone()
        if kept is not None:
            state.reach(kept[0], signed.parse_checkpoint(signed.parse_note(kept[1]).text).root)
        return state

    @property
    def size(self) -> int:
        """Size of the checkpoint followed to."""
        return self.state.size

    @property
    def root(self) -> bytes:
        """Its root."""
        return self.state.root(self.state.size)

    def behind(self, cursor: int) -> int:
        """How many held entries lie at or above a cursor."""
        with self._plainly:
            row: Any = self._db.execute("SELECT count(*) FROM records WHERE idx >= ?", (cursor,)).fetchone()
        return int(row[0])

    def place_of(self, number: int, entry_id: bytes) -> Ordered | None:
        """No place: a partner finds no entry by its id. It offers them again, and is told their places."""
        return None

    def leaves(self, start: int, end: int) -> list[Record]:
        """Up to end − start of the records held from index *start* on."""
        with self._plainly:
            rows: list[Any] = self._db.execute("SELECT leaf, body FROM records WHERE idx >= ? ORDER BY idx LIMIT ?",
                                               (start, end - start)).fetchall()
        return [Record(*row) for row in rows]

    def follow(self) -> bool:
        """Fetch what is ours up to the newest checkpoint and prove it; tells whether anything was new.

        Raises:
            Unavailable: the link or the disk.
            Untrusted: what the registrar gave does not hold; this copy is as it was.
        """
        try:
            head = self._link.head()
        except Unavailable as error:
            if error.code == "empty":
                return False
            raise
        version = self.state.control.version if self.size else 0
        self._fall(head)
        self.head_size = max(head.size, self.size)
        before = (self.size, self.settled_size, self.cosigners)
        if head.settled > self.size:
            # The settled checkpoints are steps on the way: across a change of members each leads to the next.
            for shown in self._link.settled(self.settled_size):
                if shown.size > self.size:
                    self._step_to(shown)
        self._step_to(head)
        self._note_mandate(version)
        return before != (self.size, self.settled_size, self.cosigners)

    def _note_mandate(self, version: int) -> None:
        """Where another mandate began meanwhile, say so: places above it that the registrar before gave are none."""
        began = began_at(self.state.control, version)
        if began is not None and version:
            self.fell_to = began if self.fell_to is None else min(began, self.fell_to)

    def _fall(self, head: Head) -> None:
        """Under a new mandate go back to the last checkpoint below its start; see ``Follower``.

        This copy holds no tree, and cannot compare the mandate's root. The promises of a quorum show it, and the new
        log is proved to begin with the checkpoint gone back to.
        """
        if not self.size:
            return
        start = fall_point(self._link, head, self.state.control, Held(self.size, self.settled_size, None))
        if start is None:
            return
        size = self._get("SELECT coalesce(max(size), 0) FROM heads WHERE size <= ?", start)
        self.before_fall(size)
        self.fell_to = start if self.fell_to is None else min(start, self.fell_to)
        with self._plainly, self._db:
            self._db.execute("DELETE FROM records WHERE idx >= ?", (size,))
            self._db.execute("DELETE FROM heads WHERE size > ?", (size,))
        self.state = self._load()

    def _step_to(self, head: Head) -> None:
        if head.size > self.size:
            try:
                self._take(self._link.feed(self._keyring.code, self.size, head.size), head)
            except TansiqError:
                self.state = self._load()
                raise
        elif head.size < self.size:
            raise Untrusted("journal.back", "The registrar names {given} entries, where {held} were verified before.",
                            given=head.size, held=self.size)
        elif signed.parse_checkpoint(signed.parse_note(head.note).text).root != self.root:
            raise Untrusted("journal.tree", "The registrar's checkpoint of size {size} is not of this journal.",
                            size=head.size)
        if head.size == self.size:
            before = self._settling.size, self._settling.at
            self._settling.look(self.state.control, self._settling.count(self.state.control, head))
            if before != (self._settling.size, self._settling.at):
                with self._plainly:
                    self._db.execute("INSERT OR REPLACE INTO settled VALUES (?,?)",
                                     (self._settling.size, self._settling.at))

    def _take(self, feed: Feed, head: Head) -> None:
        note = signed.parse_note(head.note)
        given = signed.parse_checkpoint(note.text)
        verify_consistency(old_size=self.size, old_root=self.root, new_size=given.size, new_root=given.root,
                           path=feed.consistency)
        for leaf_data, body, path in feed.proved:
            leaf = parse_leaf(leaf_data)
            verify_inclusion(leaf_hash(leaf_data), index=leaf.index, size=given.size, path=path, root=given.root)
            self.state.take(leaf, Record(leaf_data, body))
        last, path = feed.last
        closing = parse_leaf(last)
        verify_inclusion(leaf_hash(last), index=given.size - 1, size=given.size, path=path, root=given.root)
        if closing.entry.kind == SEALED:
            self.state.require_open(closing)
        require_checkpoint(self.state.control, head, given.root)
        self._keep(feed, head)
        self.state.reach(given.size, given.root)

    def _keep(self, feed: Feed, head: Head) -> None:
        rows = [(parse_leaf(leaf).index, leaf, body) for leaf, body, _ in feed.proved]
        with self._plainly, self._db:
            self._db.executemany("INSERT INTO records VALUES (?,?,?)", rows)
            self._db.execute("INSERT OR REPLACE INTO heads VALUES (?,?)", (head.size, head.note))

    def _get(self, sql: str, *values: Any) -> Any:
        with self._plainly:
            return self._db.execute(sql, values).get

    def verify(self) -> dict[str, Any]:
        """Read all that is held again from the beginning: every signature, every chain. Paths are not kept.

        Raises:
            Untrusted: where it does not hold.
        """
        state = self._load()
        return {"entries": len(self.leaves(0, 1 << 62)), "size": state.size, "root": state.root(state.size).hex()}

    def close(self) -> None:
        """Let the file go."""
        with self._plainly:
            self._db.close()
