"""Following: fetch, verify every entry and the tree, cosign, and know what is settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tansiq.cell.keyring import Keyring
from tansiq.cell.links import Link
from tansiq.cell.settling import Settling
from tansiq.errors import Conflict, Malformed, Refused, Unavailable, Untrusted
from tansiq.journal import Checked, Leaf, Record, Store, parse_leaf
from tansiq.merkle import signed
from tansiq.registrar.control import Head
from tansiq.registrar.order import Ordered
from tansiq.registrar.settling import settled_heads
from tansiq.registrar.state import JournalState
from tansiq.registrar.verifying import require_leaf, verified_early

PAGE = 1_024
SPLIT_FROM = 128
AHEAD_MS = 120_000
COSIGN_EVERY_S = 60


class Follower:
    """This cell's copy of the journal: nothing stands in it that was not verified, once ``follow`` returns."""

    def __init__(self, store: Store, keyring: Keyring, link: Link, *, clock: Callable[[], int]) -> None:
        self._store = store
        self._keyring = keyring
        self._link = link
        self._clock = clock
        kept = store.checkpoint()
        if store.size != (kept[0] if kept else 0):
            # A crash between two pages left entries that no checkpoint covers here: fetch them again.
            store.truncate(kept[0] if kept else 0)
        self.state = JournalState.load(store)
        self.head_size = self.state.size
        self._settling = Settling()
        self._cosigned: tuple[int, int] = (-1, 0)
        self._counted: Head | None = None
        self._torn_at: int | None = None
        if kept:
            own = store.cosignatures(kept[0]).get(keyring.code)
            self._cosigned = (kept[0], own[0]) if own else (-1, 0)
            for head in settled_heads(store, self.state.control, 0):
                self._settling.count(self.state.control, head)

    @property
    def settled_size(self) -> int:
        """Everything below this size is settled, as far as this cell knows."""
        return self._settling.size

    @property
    def settled_at(self) -> int | None:
        """When it was settled at the latest, UTC milliseconds."""
        return self._settling.at

    @property
    def cosigners(self) -> frozenset[str]:
        """Who has cosigned the newest checkpoint."""
        return self._settling.cosigners

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
        index = self._store.placed(self._keyring.code, number)
        if index is None or parse_leaf(self._store.fetch(index, index + 1, bodies=False)[0].leaf).entry.id != entry_id:
            return None
        return Ordered(index, self.state.times[index])

    def leaves(self, start: int, end: int) -> list[Record]:
        """Records of the verified journal."""
        return self._store.fetch(start, min(end, self.size))

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
        self.head_size = max(head.size, self.size)
        grown = head.size > self.size
        if grown:
            self._fetch(head)
        elif head.size < self.size:
            raise Untrusted("journal.back", "The registrar names {given} entries, where {held} were verified before.",
                            given=head.size, held=self.size)
        else:
            self._require_checkpoint(head)
        before = (self.settled_size, self.cosigners)
        self._settle(head)
        self._cosign(head)
        return grown or before != (self.settled_size, self.cosigners)

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
        if leaf.time < self._cosigned[1] * 1000 - AHEAD_MS:
            raise Untrusted("journal.time.past", "Entry {index} was put below what this cell had cosigned without it.",
                            index=leaf.index)

    def _require_checkpoint(self, head: Head) -> None:
        control = self.state.control
        origin = signed.origin(control.centre, control.version)
        note = signed.parse_note(head.note)
        signed.verify_text(note, origin, control.registrar)
        given = signed.parse_checkpoint(note.text)
        if (given.origin, given.size, given.root) != (origin, head.size, self.state.root(head.size)):
            raise Untrusted("journal.tree", "The registrar's checkpoint of size {size} is not of this journal.",
                            size=given.size)

    def _cosign(self, head: Head) -> None:
        """Cosign the checkpoint: kept here first, then handed in. A clock that fell says nothing."""
        now_s, code = self._clock() // 1000, self._keyring.code
        size, time_s = self._cosigned
        if code not in self.state.control.cosigners(self.settled_size, head.size):
            return
        kept = self._store.cosignatures(head.size).get(code) if size == head.size else None
        if kept is not None and (now_s < time_s or now_s - time_s < COSIGN_EVERY_S):
            if code not in head.cosignatures:
                # Stopped between keeping it and handing it in, or the registrar did not answer: the same again.
                self._link.cosigned(head.size, code, kept[1])
            return
        if now_s < time_s:
            return
        name = signed.member_name(self.state.control.centre, code)
        text = signed.parse_note(head.note).text
        payload = signed.cosign(text, name, self._keyring.sign, time_s=now_s).payload
        self._store.keep_cosignatures(head.size, {code: (now_s, payload)})
        self._cosigned = (head.size, now_s)
        self._link.cosigned(head.size, code, payload)

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
