"""The state of a journal: what decides whether the next entry may stand. Registrar and cells replay the same rules."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

from tansiq import wire
from tansiq.errors import Conflict, Malformed, Refused, TansiqError, Unavailable, Untrusted
from tansiq.journal import Checked, Entry, Record, Store, parse_leaf, write_leaf
from tansiq.journal import entry as kinds
from tansiq.keys.signing import verify
from tansiq.merkle.hashes import leaf_hash
from tansiq.merkle.proofs import root_at
from tansiq.merkle.tree import Growth
from tansiq.registrar.control import ENTRY_ZERO_SEEN, Control, party_of

SENT_AHEAD_MS = 120_000
SENT_BEHIND_MS = 900_000
DAY_MS = 86_400_000
MINUTE_MS = 60_000
_ROOTS_KEPT = 4_096


@dataclass(slots=True)
class Author:
    """Where one author stands: its last entry, what it had seen, and how much of its quota is used."""

    number: int = 0
    last_id: bytes = bytes(32)
    seen_size: int = 0
    sent: int = 0
    day: int = 0
    day_bytes: int = 0
    minute: int = 0
    minute_entries: int = 0
    partners: dict[str, int] = field(default_factory=dict)


class JournalState:
    """Everything that admission reads, made from a store by replaying it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.control = Control()
        self.authors: dict[str, Author] = {}
        self.times = array("Q")
        self.addressed: dict[str, list[int]] = {}
        self.growth = Growth()
        self.last_open = bytes(32)
        self._roots: dict[int, bytes] = {0: ENTRY_ZERO_SEEN}
        self._fresh: dict[tuple[int, int], bytes] = {}

    @classmethod
    def load(cls, store: Store) -> JournalState:
        """Read a store from its beginning; this is also how a failed write is recovered from."""
        state = cls(store)
        for start in range(0, store.size, 4_096):
            for record in store.fetch(start, min(start + 4_096, store.size)):
                leaf = parse_leaf(record.leaf)
                state.take(leaf.entry, record.body, leaf.time)
        state.settle()
        return state

    @property
    def size(self) -> int:
        """How many entries have been taken."""
        return self.growth.size

    def root(self, size: int) -> bytes:
        """Root of the first *size* entries."""
        found = self._roots.get(size)
        if found is None:
            found = root_at(size, self._node)
            self._keep_root(size, found)
        return found

    def _keep_root(self, size: int, root: bytes) -> None:
        if len(self._roots) >= _ROOTS_KEPT:
            self._roots.pop(next(iter(self._roots)))
        self._roots[size] = root

    def _node(self, level: int, index: int) -> bytes:
        found = self._fresh.get((level, index))
        return self._store.node(level, index) if found is None else found

    def require(self, entry: Entry, body: bytes, now: int, *, signed: bool = False) -> None:
        """Decide whether *entry* may take the next place at *now* (UTC ms); *signed*: its signature was checked.

        Raises:
            Malformed, Untrusted, Conflict, Refused, Unavailable: in the order of ``docs/spec/journal.md``.
        """
        if len(body) != entry.body_size or wire.sha256(body) != entry.body_hash:
            raise Malformed("entry.body", "The body is not the one that the entry names.")
        if self.size == 0:
            self._require_first(entry)
            return
        control = self.control
        if entry.centre != control.centre:
            raise Untrusted("entry.centre", "The entry belongs to another centre.")
        party = party_of(control.roster, entry.author)
        if entry.roster != control.roster.index:
            raise Conflict("entry.roster", "The entry was sealed for roster {given}; roster {due} is in force.",
                           given=entry.roster, due=control.roster.index)
        sealed_slots = len(control.roster.members) * kinds.SLOT_BYTES
        if entry.kind == kinds.SEALED and len(entry.slots) != sealed_slots:
            raise Malformed("entry.malformed", "The bytes are not one entry.")
        if not signed:
            verify_entry(entry, party.sign)
        self._require_place(entry, now)
        self._require_quota(entry, now)

    def require_whole(self, entry: Entry, body: bytes, now: int) -> None:
        """Decide what ``require`` does, and an open entry's own rule too, as ``take`` would; nothing is changed.

        Raises:
            Malformed, Untrusted, Conflict, Refused, Unavailable: as of ``require`` and ``take``.
        """
        self.require(entry, body, now)
        if entry.kind != kinds.SEALED:
            self.control.require(self.size, entry, body, self.root)

    def _require_first(self, entry: Entry) -> None:
        if (entry.kind, entry.number, entry.roster, entry.seen_size) != (kinds.CHARTER, 1, 0, 0) or \
                entry.seen_root != ENTRY_ZERO_SEEN or entry.centre != bytes(32) or entry.prev != bytes(32):
            raise Refused("entry.open", "A journal begins with a charter.")

    def _require_place(self, entry: Entry, now: int) -> None:
        author = self.authors.get(entry.author) or Author()
        if entry.number != author.number + 1:
            raise Conflict("entry.number", "{author}'s next number is {due}, not {given}.", author=entry.author,
                           due=author.number + 1, given=entry.number)
        if entry.prev != author.last_id:
            raise Conflict("entry.prev", "The entry does not follow {author}'s last one.", author=entry.author)
        seen = entry.seen_size
        if seen > self.size or seen < author.seen_size or self.root(seen) != entry.seen_root or (
                seen < self.size and now - self.times[seen] > SENT_BEHIND_MS):
            raise Conflict("entry.seen", "What the entry says it had seen is not this journal, or too old.")
        if entry.sent < author.sent or entry.sent > now + SENT_AHEAD_MS or entry.sent < now - SENT_BEHIND_MS:
            raise Conflict("entry.sent", "The entry's time is too far from the registrar's, or falls.")
        for partner in entry.partners:
            known = any(p.code == partner.code for p in self.control.roster.partners)
            if not known or partner.running != author.partners.get(partner.code, 0) + 1:
                raise Conflict("entry.partner", "The running number for the partner {code} does not fit.",
                               code=partner.code)

    def _require_quota(self, entry: Entry, now: int) -> None:
        author, quotas = self.authors.get(entry.author), self.control.charter.quotas
        if author is None:
            return
        used = author.day_bytes if author.day == now // DAY_MS else 0
        said = author.minute_entries if author.minute == now // MINUTE_MS else 0
        if used + entry.body_size > quotas.bytes_per_day or said + 1 > quotas.entries_per_minute:
            raise Unavailable("quota", "{author} has used up its quota for now.", author=entry.author)

    def take(self, entry: Entry, body: bytes, time: int) -> Checked:
        """Put an entry that was required in its place; returns what the store is to keep.

        Raises:
            Refused, Malformed: ``entry.open``, an open entry's own rule; nothing changed.
        """
        index = self.size
        if entry.kind != kinds.SEALED:
            self.control.apply(index, entry, body, self.root)
        data = write_leaf(index, time, self.last_open, entry)
        hashed, nodes = leaf_hash(data), []
        fresh = self._fresh

        def grown(level: int, at: int, value: bytes) -> None:
            fresh[level, at] = value
            nodes.append((level, at, value))

        self.growth.append(hashed, grown)
        if entry.kind != kinds.SEALED:
            self.last_open = hashed
        self.times.append(time)
        self._advance(entry, time)
        return Checked(index, entry.author, entry.number, entry.kind, Record(data, body), tuple(nodes))

    def _advance(self, entry: Entry, time: int) -> None:
        author = self.authors.get(entry.author)
        if author is None:
            author = self.authors[entry.author] = Author()
        author.number, author.last_id, author.seen_size, author.sent = (
            entry.number, entry.id, entry.seen_size, entry.sent)
        if author.day != time // DAY_MS:
            author.day, author.day_bytes = time // DAY_MS, 0
        if author.minute != time // MINUTE_MS:
            author.minute, author.minute_entries = time // MINUTE_MS, 0
        author.day_bytes += entry.body_size
        author.minute_entries += 1
        for partner in entry.partners:
            author.partners[partner.code] = partner.running
            self.addressed.setdefault(partner.code, []).append(self.size - 1)
        if entry.kind == kinds.SEALED and any(p.code == entry.author for p in self.control.roster.partners):
            self.addressed.setdefault(entry.author, []).append(self.size - 1)

    def settle(self) -> None:
        """Forget the nodes that the store now holds, and keep the root of this size at hand."""
        self._fresh.clear()
        self._keep_root(self.size, self.growth.root())


def verify_entry(entry: Entry, public: bytes) -> None:
    """Check an entry's signature.

    Raises:
        Untrusted: ``entry.signature``.
    """
    try:
        verify(public, entry.signature, kinds.ENTRY_DOMAIN + entry.signed)
    except TansiqError as error:
        raise Untrusted("entry.signature", "The entry is not signed by {author}.", author=entry.author) from error
