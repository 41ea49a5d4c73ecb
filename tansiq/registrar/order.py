"""The registrar: takes what is offered, orders it in groups, signs checkpoints, gathers cosignatures.

Each crash window is closed by the store: before ``append`` returns nothing was answered; after it everything is
durable. A checkpoint is signed of what is durable, when somebody asks for it. A failed write is recovered from as a
start is: the state is read from the store again.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tansiq.errors import Malformed, Refused, TansiqError, Unavailable
from tansiq.journal import Checked, Entry, Record, Store, parse_entry, signed_part
from tansiq.journal.entry import MANDATE
from tansiq.keys.signing import SigningKey
from tansiq.merkle import signed
from tansiq.merkle.proofs import consistency_path, inclusion_path
from tansiq.registrar.control import Head
from tansiq.registrar.mandates import parse_mandate, require_quorum
from tansiq.registrar.settling import settled_heads
from tansiq.registrar.state import JournalState
from tansiq.wire import sha256

QUEUE_MAX = 8_192
GROUP_MAX = 1_024
OVER = "over"
"""Name of the note beside the journal that says which mandate made another registrar."""


class Ordered(NamedTuple):
    """An entry's place: index and the registrar's time (UTC ms)."""

    index: int  # type: ignore[assignment]  # a field, not tuple.index
    time: int


class Offer(NamedTuple):
    """An entry's bytes and its body."""

    entry: bytes
    body: bytes


class Feed(NamedTuple):
    """What a partner may see: (leaf, body, path) of each entry, the last leaf of all with its path, consistency."""

    proved: list[tuple[bytes, bytes, list[bytes]]]
    last: tuple[bytes, list[bytes]]
    consistency: list[bytes]


Outcome = Ordered | TansiqError


class _Ticket:
    __slots__ = ("done", "offers", "outcomes")

    def __init__(self, offers: Sequence[Offer]) -> None:
        self.offers = offers
        self.outcomes: list[Outcome] = []
        self.done = False


class Registrar:
    """Orders entries. Any thread may offer; whoever holds the lock orders for all who wait (group commit).

    It orders while the newest mandate of its journal is for its key, and first of all the mandate that says so.
    """

    def __init__(self, store: Store, key: SigningKey, *, clock: Callable[[], int]) -> None:
        self._store = store
        self._key = key
        self._clock = clock
        self._queue: deque[_Ticket] = deque()
        self._queued = 0
        self._mutex = threading.Lock()
        self._ordering = threading.Lock()
        self._torn = False
        over = store.note(OVER)
        self._over = None if over is None else parse_mandate(over).version
        self.state = JournalState.load(store)
        self._signed = (store.checkpoint() or (0, b""))[0]
        self._settled = max((head.size for head in self.settled(0)), default=0)

    @property
    def store(self) -> Store:
        """The journal that it keeps."""
        return self._store

    @property
    def public(self) -> bytes:
        """The key under which it signs checkpoints."""
        return self._key.public

    def offer(self, offers: Sequence[Offer]) -> list[Outcome]:
        """Have entries ordered; answers one by one, when what was admitted is durable.

        Raises:
            Unavailable: ``busy``, too much waits already; ``storage``, the disk said no, nothing was ordered;
                ``mandate.over``, a newer mandate makes another registrar.
        """
        self._require_mandate()
        ticket = _Ticket(offers)
        with self._mutex:
            if self._queued + len(offers) > QUEUE_MAX:
                raise Unavailable("busy", "The registrar has too much waiting; the same again will do later.")
            self._queue.append(ticket)
            self._queued += len(offers)
        with self._ordering:
            if not ticket.done:
                self._order_waiting()
        for outcome in ticket.outcomes:
            if isinstance(outcome, Unavailable) and outcome.code == "storage":
                raise outcome
        return ticket.outcomes

    def _order_waiting(self) -> None:
        with self._mutex:
            tickets = list(self._queue)
            self._queue.clear()
            self._queued = 0
        offers = [offer for ticket in tickets for offer in ticket.offers]
        outcomes: list[Outcome] = []
        for start in range(0, len(offers), GROUP_MAX):
            group = offers[start:start + GROUP_MAX]
            try:
                outcomes += self._order(group)
            except Unavailable as error:
                outcomes += [error] * len(group)
        at = 0
        for ticket in tickets:
            ticket.outcomes = outcomes[at:at + len(ticket.offers)]
            ticket.done = True
            at += len(ticket.offers)

    def _order(self, offers: Sequence[Offer]) -> list[Outcome]:
        """Admit a group and write it in one transaction; the fsync comes before any answer."""
        if self._torn:
            # A write failed: what is durable is what stands, so read the state again, as at a start.
            self.state = JournalState.load(self._store)
            self._torn = False
        now = max(self._clock(), self.state.times[-1] if self.state.times else 0)
        outcomes: list[Outcome] = []
        batch: list[Checked] = []
        for offer in offers:
            try:
                entry = parse_entry(offer.entry)
                known = self._place_of(entry, batch)
                if known is None:
                    batch.append(self._admit(entry, offer.body, now))
                    known = batch[-1].index
                outcomes.append(Ordered(known, self.state.times[known]))
            except TansiqError as error:
                outcomes.append(error)
        return self._keep(batch, outcomes)

    def _place_of(self, entry: Entry, batch: Sequence[Checked]) -> int | None:
        """Where the same entry stands already: only one of a number that its author has used can."""
        author = self.state.authors.get(entry.author)
        if author is None or entry.number > author.number:
            return None
        for fresh in reversed(batch):
            if (fresh.author, fresh.number) == (entry.author, entry.number):
                return fresh.index if signed_part(fresh.record.leaf) == entry.signed else None
        index = self._store.placed(entry.author, entry.number)
        if index is None or signed_part(self._store.fetch(index, index + 1, bodies=False)[0].leaf) != entry.signed:
            return None
        return index

    def _admit(self, entry: Entry, body: bytes, now: int) -> Checked:
        if entry.kind == MANDATE:
            self._stand_back(entry, body)
        elif not self._is_mandated():
            raise Unavailable("mandate.none", "This registrar has no mandate: it orders nothing.")
        self._require_mandate()
        self.state.require(entry, body, now)
        return self.state.take(entry, body, now)

    def _is_mandated(self) -> bool:
        """Tell whether the journal's newest mandate is for this registrar's key; a journal yet to begin has none."""
        return not self.state.size or self.state.control.registrar == self._key.public

    def _require_mandate(self) -> None:
        if self._over is not None:
            raise Unavailable("mandate.over", "Mandate {version} makes another registrar: this one orders no more.",
                              version=self._over)

    def _stand_back(self, entry: Entry, body: bytes) -> None:
        """Order no more once a mandate that holds is for another key, whether or not its entry could stand here.

        Raises:
            Malformed, Untrusted, Refused: it is no mandate, or does not hold.
        """
        if sha256(body) != entry.body_hash:
            raise Malformed("entry.body", "The body is not the one that the entry names.")
        mandate, control = parse_mandate(body), self.state.control
        if mandate.key == self._key.public:
            return
        require_quorum(mandate, control.centre, control.roster_at(mandate.start))
        if mandate.version > control.version:
            self._store.keep_note(OVER, body)
            self._over = mandate.version

    def _keep(self, batch: list[Checked], outcomes: list[Outcome]) -> list[Outcome]:
        if not batch:
            return outcomes
        self._torn = True
        try:
            self._store.append(batch)
        except Unavailable as error:
            return [o if isinstance(o, TansiqError) else error for o in outcomes]
        self._torn = False
        self.state.settle()
        return outcomes

    def _sign_head(self) -> None:
        """Sign a checkpoint of all that is ordered: when one is asked for, so that nobody waits for it who says.

        What is signed is durable already. A crash before the checkpoint is kept loses nothing: the tree that is found
        at the next start is this one or has grown, and a signature over the same text is the same to the byte.
        """
        with self._ordering:
            if self._torn or self.state.size == self._signed:
                return
            size, control = self.state.size, self.state.control
            origin = signed.origin(control.centre, control.version)
            text = signed.Checkpoint(origin, size, self.state.growth.root()).text
            note = signed.Note(text, (signed.sign_text(text, origin, self._key),))
            self._store.append([], (size, signed.write_note(note)))
            self._signed = size

    def head(self) -> Head:
        """The newest checkpoint, which covers all that was answered, with the cosignatures that have come.

        Raises:
            Unavailable: ``empty``, nothing has been ordered; ``storage``.
        """
        if self.state.size != self._signed:
            self._sign_head()
        kept = self._store.checkpoint()
        if kept is None:
            raise Unavailable("empty", "The journal is empty.")
        if not self._is_mandated():
            raise Unavailable("mandate.none", "This registrar has no mandate: it orders nothing.")
        return Head(kept[0], kept[1], self._store.cosignatures(kept[0]), self._settled)

    def settled(self, since: int) -> list[Head]:
        """The settled checkpoints that lead from *since* to the newest settled one; see ``settled_heads``."""
        return settled_heads(self._store, self.state.control, since)

    def mandates(self, version: int) -> list[Record]:
        """The entries of the mandates above *version*, ascending, with their bodies."""
        later = [made.index for made in self.state.control.mandates if made.version > version and made.index]
        return [record for index in later for record in self._store.fetch(index, index + 1)]

    def fetch(self, start: int, end: int) -> list[Record]:
        """Records with bodies, for any member; an entry's readers cannot be told from who fetches."""
        return self._store.fetch(start, end)

    def feed(self, code: str, start: int, size: int) -> Feed:
        """What partner *code* may see between two of its checkpoints, with proofs under the one of *size*."""
        store, state = self._store, self.state
        held = sorted({i for i in (*store.open_indices(), *state.addressed.get(code, ())) if start <= i < size})
        proved = []
        for index in held:
            record = store.fetch(index, index + 1)[0]
            proved.append((record.leaf, record.body, inclusion_path(index, size, store.node)))
        last = store.fetch(size - 1, size, bodies=False)[0].leaf
        return Feed(proved, (last, inclusion_path(size - 1, size, store.node)),
                    consistency_path(start, size, store.node))

    def cosigned(self, size: int, code: str, payload: bytes) -> None:
        """Take a member's cosignature of a checkpoint; of one below what is settled it is too late and no error.

        Raises:
            Untrusted: it does not hold.
            Refused: ``cosignature.member``, suspended or no member.
        """
        kept, control = self._store.checkpoint(size), self.state.control
        if kept is None or size < self._settled:
            return
        key = control.cosigners(self._settled, size).get(code)
        if key is None:
            raise Refused("cosignature.member", "{code} is no member in good standing, and cannot cosign.", code=code)
        name = signed.member_name(control.centre, code)
        text = signed.parse_note(kept[1]).text
        given = signed.Signature(name, signed.key_id(name, signed.COSIGNED, key), payload)
        time_s = signed.verify_cosignature(text, given, name, key)
        self._store.keep_cosignatures(size, {code: (time_s, payload)})
        if control.is_settled(self._store.cosignatures(size), self._settled, size):
            self._settled = size
