"""Following: fetch, verify every entry and the tree, cosign, and know what is settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tansiq.cell.cosigning import Cosigner
from tansiq.cell.falling import Held, began_at, fall_point
from tansiq.cell.links import Link
from tansiq.cell.settling import KnowsSettled, Settling
from tansiq.errors import Conflict, Malformed, Refused, Unavailable, Untrusted
from tansiq.journal import Checked, Leaf, Record, Store, parse_leaf
from tansiq.registrar.control import Head
from tansiq.registrar.order import Ordered
from tansiq.registrar.settling import settled_heads
from tansiq.registrar.state import JournalState
from tansiq.registrar.verifying import require_checkpoint, require_leaf, verified_early

PAGE = 1_024
SPLIT_FROM = 128
AHEAD_MS = 120_000


class Follower(KnowsSettled):
    """This cell's copy of the journal: nothing stands in it that was not verified, once ``follow`` returns."""

    def __init__(self, store: Store, link: Link, cosigner: Cosigner, *, clock: Callable[[], int]) -> None:
        self._store = store
        self._link = link
        self.cosigner = cosigner
        self._clock = clock
        self.before_fall: Callable[[int], None] = lambda size: None
        """Called before an unsettled tail is dropped: what was made from it goes first."""
        self.fell_to: int | None = None
        """The least size that this copy fell back to since somebody last looked."""
        kept = store.checkpoint()
        if store.size != (kept[0] if kept else 0):
            # A crash between two pages left entries that no checkpoint covers here: fetch them again.
            store.truncate(kept[0] if kept else 0)
        self.state = JournalState.load(store)
        self.head_size = self.state.size
        self._settling = Settling()
        self._counted: Head | None = None
        self._torn_at: int | None = None
        self._held_to_book = False
        if kept:
            for head in (*settled_heads(store, self.state.control, 0), Head(*kept, store.cosignatures(kept[0]))):
                cosigner.recall(self.state.control, head, self._settling.count(self.state.control, head))

    @property
    def store(self) -> Store:
        """This cell's copy of the journal."""
        return self._store

    @property
    def size(self) -> int:
        """How many entries this cell has verified."""
        return self.state.size

    @property
    def root(self) -> bytes:
        """Root over them."""
        return self.state.growth.root()

    def behind(self, cursor: int) -> int:
        """How many verified entries lie at or above a cursor."""
        return max(self.size - cursor, 0)

    def place_of(self, number: int, entry_id: bytes) -> Ordered | None:
        """Where an entry of this cell stands, if this copy has it."""
        index = self._store.placed(self.cosigner.code, number)
        if index is None or parse_leaf(self._store.fetch(index, index + 1, bodies=False)[0].leaf).entry.id != entry_id:
            return None
        return Ordered(index, self.state.times[index])

    def leaves(self, start: int, end: int) -> list[Record]:
        """Records of the verified journal."""
        return self._store.fetch(start, min(end, self.size))

    def head(self) -> Head:
        """The newest checkpoint that this copy was verified up to.

        Raises:
            Unavailable: ``empty``, there is none yet.
        """
        kept = self._store.checkpoint()
        if kept is None:
            raise Unavailable("empty", "The journal is empty.")
        return Head(*kept, self._store.cosignatures(kept[0]), self.settled_size)

    def follow(self) -> bool:
        """Fetch and verify up to the registrar's newest checkpoint, cosign it; tells whether anything was new.

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
        self._mend()
        version = self.state.control.version if self.size else 0
        self._fall(head)
        self.head_size = max(head.size, self.size)
        grown = head.size > self.size
        if grown:
            self._fetch(head)
        elif head.size < self.size:
            raise Untrusted("journal.back", "The registrar names {given} entries, where {held} were verified before.",
                            given=head.size, held=self.size)
        else:
            self._require_checkpoint(head)
        self._note_mandate(version)
        self._require_book()
        before = (self.settled_size, self.cosigners)
        self._settle(head)
        self.cosigner.cosign(self.state.control, head, self._link, since=self.settled_size)
        return grown or before != (self.settled_size, self.cosigners)

    def _note_mandate(self, version: int) -> None:
        """Where another mandate began meanwhile, say so: places above it that the registrar before gave are none."""
        began = began_at(self.state.control, version)
        if began is not None and version:
            self.fell_to = began if self.fell_to is None else min(began, self.fell_to)

    def _fall(self, head: Head) -> None:
        """Under a new mandate go back to where it starts; what was made of the tail goes before the tail does."""
        if not self.size:
            return
        point = fall_point(self._link, head, self.state.control, Held(self.size, self.settled_size, self.state.root))
        if point is not None:
            self.before_fall(point)
            self.fell_to = point if self.fell_to is None else min(point, self.fell_to)
            self._torn_at, self._counted = point, None
            self._mend()

    def _require_book(self) -> None:
        """Once after a start: hold that this copy, if it was fetched anew, is the one that this cell cosigned before.

        Raises:
            Untrusted: ``journal.cosigned``.
        """
        last, control = self.cosigner.book.cosigned, self.state.control
        if self._held_to_book or last is None or last.named.mandate != control.version:
            return
        if last.named.size > self.size or self.state.root(last.named.size) != last.named.root:
            raise Untrusted("journal.cosigned", "This is not the journal that this cell cosigned at size {size}.",
                            size=last.named.size)
        self._held_to_book = True

    def _mend(self) -> None:
        """Go back to where the last good page ended, if something failed since: also when the disk failed then."""
        if self._torn_at is not None:
            self._store.truncate(self._torn_at)
            self.state = JournalState.load(self._store)
            self._torn_at = None

    def _fetch(self, head: Head) -> None:
        self._torn_at = self.size
        try:
            while self.size < head.size:
                asked = min(self.size + PAGE, head.size)
                records = self._link.fetch(self.size, asked)
                if not 0 < len(records) <= asked - self.size:
                    raise Unavailable("link.short", "The registrar gave fewer entries than its checkpoint names.")
                checked = self._verify(records)
                done = self.size == head.size
                if done:
                    self._require_checkpoint(head)
                self._store.append(checked, (head.size, head.note) if done else None)
                self.state.settle()
            self._torn_at = None
        finally:
            self._mend()

    def _verify(self, records: Sequence[Record]) -> list[Checked]:
        """Replay the registrar's rules on a page: signatures in bulk, then each entry in its place."""
        leaves = [parse_leaf(record.leaf) for record in records]
        taken: list[Checked] = []
        early = self._verified_early(leaves)
        for leaf, record in zip(leaves, records, strict=True):
            state = self.state
            require_leaf(state, leaf)
            self._require_time(leaf)
            try:
                state.require(leaf.entry, record.body, leaf.time, signed=leaf.index in early)
                made = state.take(leaf.entry, record.body, leaf.time)
            except (Conflict, Refused) as error:
                # An honest registrar would not have ordered it: the fault is in what it gave.
                raise Untrusted("journal.leaf", "Entry {index} does not stand where the registrar put it.",
                                index=leaf.index) from error
            if made.record.leaf != record.leaf:
                raise Malformed("entry.malformed", "The bytes are not one entry.")
            taken.append(made)
        return taken

    def _verified_early(self, leaves: Sequence[Leaf]) -> set[int]:
        """Check signatures in bulk; a long page by two threads, since the library lets others run meanwhile."""
        if len(leaves) < SPLIT_FROM:
            return verified_early(self.state, list(leaves))
        middle = len(leaves) // 2
        with ThreadPoolExecutor(1) as other:
            second = other.submit(verified_early, self.state, list(leaves[middle:]))
            return verified_early(self.state, list(leaves[:middle])) | second.result()

    def _require_time(self, leaf: Leaf) -> None:
        """Refuse a time ahead of this clock, or before this cell's last cosignature of a tree without the entry."""
        if leaf.time > self._clock() + AHEAD_MS:
            raise Untrusted("journal.time", "The registrar's time of entry {index} runs ahead of this cell's clock.",
                            index=leaf.index)
        if self.cosigner.is_past(leaf.index, leaf.time):
            raise Untrusted("journal.time.past", "Entry {index} was put below what this cell had cosigned without it.",
                            index=leaf.index)

    def _require_checkpoint(self, head: Head) -> None:
        require_checkpoint(self.state.control, head, self.state.root(head.size))

    def _settle(self, head: Head) -> None:
        """Count the cosignatures that hold; where the registrar says that more is settled, see what shows it."""
        if head == self._counted:
            return
        self._settling.look(self.state.control, self._count(head))
        if head.settled > self.settled_size:
            for shown in self._link.settled(self.settled_size):
                if shown.size <= self.size:
                    self._require_checkpoint(shown)
                    self._count(shown)
        self._counted = head

    def _count(self, head: Head) -> dict[str, int]:
        times = self._settling.count(self.state.control, head)
        self.cosigner.recall(self.state.control, head, times)
        kept, given = self._store.cosignatures(head.size), head.cosignatures
        fresh = {code: given[code] for code in times if kept.get(code) != given[code]}
        if fresh:
            if self._store.checkpoint(head.size) is None:
                self._store.append((), (head.size, head.note))
            self._store.keep_cosignatures(head.size, fresh)
        return times

    def close(self) -> None:
        """Let the store go."""
        self._store.close()
