"""Speaking: what was said is kept, numbered, sealed, stored and sent, and sent again until it is settled or refused.

The life of an act, and what a crash loses at each stage:

1. *composed*: nothing is stored yet. A crash loses it, and ``say`` had not returned.
2. *waiting*, or at once *sealed*: in the outbox, durable before ``say`` returns. A crash loses nothing: at the next
   start it is found there. Where the place of the next entry is known the act is numbered and sealed in the very
   transaction that keeps it; else it waits, and is sealed in a second one, after following to the head.
3. *sent*: only bytes that are stored are sent. A crash before the registrar's answer leaves it open whether they are
   ordered: the same bytes are offered again, and the registrar answers with the place that they have.
4. *ordered*: the answer is kept in memory alone, since the journal itself tells it again.
5. *settled*: the envelope is let go. Until then it is held, since an unsettled tail of the journal may fall.

A charter, keys, a suspension and a return go the same way: nobody else has what this cell was given to carry in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from tansiq import wire
from tansiq.cell.following import Follower
from tansiq.cell.keyring import Keyring
from tansiq.cell.links import Link
from tansiq.cell.outbox import Outbox, Sealed
from tansiq.cell.parcels import PACKED_BYTES_MAX, Parcel, bind, runs
from tansiq.cell.partner import PartnerFollower
from tansiq.cell.sealing import Place, Sealer, next_entry
from tansiq.errors import Conflict, Malformed, Refused, TansiqError, Unavailable, Untrusted
from tansiq.journal import entry as kinds
from tansiq.journal import parse_entry
from tansiq.registrar.order import Ordered

SENT_AT_ONCE = 64
HELD_KINDS = (kinds.CHARTER, kinds.KEYS, kinds.SUSPENSION, kinds.RETURN)
"""Open entries that are kept in the outbox until they are settled."""


class Speaker:
    """Gives a cell its voice: numbers run without a gap, and no two entries are sealed for one place.

    Any thread may keep and send. ``follow`` and whatever numbers exclude each other, and one send follows another.
    """

    def __init__(self, keyring: Keyring, outbox: Outbox, follower: Follower | PartnerFollower, link: Link, *,
                 clock: Callable[[], int], folded: Callable[[], int] | None = None) -> None:
        """*folded* tells up to which size a member's cell has opened and folded: no entry says it had seen more."""
        self._keyring = keyring
        self._sealer = Sealer(keyring)
        self._outbox = outbox
        self._follower = follower
        self.link = link
        self._clock = clock
        self._folded = folded
        self._sending = threading.RLock()
        self._numbering = threading.RLock()
        # Where the next entry stands once all that is sealed is ordered. None: it has to be found out, by sending
        # what is sealed, and then following to the head. So after a start, a conflict, and any failure.
        self._ahead: Place | None = None
        self._conflict: tuple[str, int] | None = None
        self._failure: TansiqError | None = None
        self._falls = 0
        self.fault: TansiqError | None = None
        """Why what is sealed waits, though this cell's own copy of the rules and the journal admits it; else None."""
        self._recall()

    def _recall(self) -> None:
        """Find the places of the held envelopes in this cell's own copy; the registrar tells those of the others."""
        for number, entry_id in self._outbox.held():
            place = self._follower.place_of(number, entry_id)
            if place is None:
                break
            self._outbox.ordered([(number, place)])

    def keep(self, parcels: Sequence[Parcel]) -> None:
        """Keep what was said, all or none; durable on return.

        Raises:
            Unavailable: ``storage``; it may be kept all the same, and is then sent.
        """
        bound = [bind(run) for run in runs(parcels)]
        # Another thread follows or seals: what is said meanwhile waits its turn instead of waiting for that.
        if not self._numbering.acquire(blocking=False):
            self._outbox.keep(bound)
            return
        try:
            with self._outbox.alone:  # nothing comes to wait before it is sealed: first in, first out
                if self._ahead is None or len(bound) > SENT_AT_ONCE or self._outbox.waits():
                    self._outbox.keep(bound)
                else:
                    self._keep_sealed(bound)
        finally:
            self._numbering.release()

    def _keep_sealed(self, parcels: Sequence[Parcel]) -> None:
        """Number, seal and store in one transaction: one fsync, not two, lies between saying and the first send."""
        place = self._place()
        try:
            made = [self._sealer.seal(self._follower.state.control, place, parcel) for parcel in parcels]
        except (Malformed, Refused, Untrusted, Unavailable):
            # Who cannot be addressed now is told with the others, by ``send``: there is one way to be refused. Where
            # the keys in force are not here, what is said waits until they are.
            self._outbox.keep(parcels)
            return
        self._hold(made, place)

    def _hold(self, made: Sequence[Sealed], place: Place, rows: Sequence[int] = ()) -> None:
        # From here until the write returns it is open what stands in the file: if it fails, the place is unknown,
        # nothing is numbered before what is found there was offered, and no second entry can have its number.
        self._ahead = None
        self._outbox.hold(made, rows)
        self._ahead = place

    def send(self) -> bool:
        """Offer what is sealed, or else seal what waits and offer that; tells whether anything moved.

        Called where the cell is stepped, since it may follow.

        Raises:
            Unavailable: the registrar or the disk does not answer; the same bytes go again at the next call.
        """
        with self._sending:
            if self._outbox.answered() and not self._seal_waiting():
                return False
            # All that waited may have been given up: that too is a movement.
            return self._outbox.answered() or self._offer(self._fail)

    def offer(self) -> bool:
        """Offer what is sealed, and take the places that it is given; tells whether anything moved. Any thread may.

        A failure of an entry changes nothing here: where the cell is stepped it is met again, and dealt with.

        Raises:
            Unavailable: as of ``send``.
        """
        with self._sending:
            return self._offer(lambda number, outcome: False)

    def _offer(self, failed: Callable[[int, TansiqError], bool]) -> bool:
        sealed, falls = self._outbox.sealed(SENT_AT_ONCE), self._falls
        if not sealed:
            return False
        try:
            outcomes = self.link.offer([offer for _, offer in sealed])
        except TansiqError:
            # While the registrar is away acts wait unsealed, so that they are sealed for what is known then.
            self._ahead = None
            raise
        with self._numbering:
            if falls != self._falls:
                return True  # the journal fell meanwhile: these places are of the tail that is no more
            places: list[tuple[int, Ordered]] = []
            for (number, _), outcome in zip(sealed, outcomes, strict=True):
                if not isinstance(outcome, Ordered):
                    self._outbox.ordered(places)
                    return failed(number, outcome) or bool(places)
                places.append((number, outcome))
            self._outbox.ordered(places)
            self._conflict = self.fault = None
            return True

    def _seal_waiting(self) -> bool:
        with self._numbering:
            if not self._outbox.waits():
                return False
            waiting = self._outbox.waiting(SENT_AT_ONCE * PACKED_BYTES_MAX)
            if self._ahead is None:
                self._follow_here()
                if not self._outbox.answered():
                    return True  # a tail fell: what stood in it goes first, under the numbers that it has
            control, place = self._follower.state.control, self._place()
            made: list[Sealed] = []
            rows, taken, at = [row for row, _ in waiting], [], 0
            for run in runs([parcel for _, parcel in waiting])[:SENT_AT_ONCE]:
                its_rows, at = rows[at:at + len(run)], at + len(run)
                try:
                    made.append(self._sealer.seal(control, place, bind(run)))
                    taken += its_rows
                except (Malformed, Refused, Untrusted) as error:
                    self._outbox.give_up(its_rows, error)
            self._hold(made, place, taken)
            return True

    def _place(self) -> Place:
        state = self._follower.state
        author = state.authors.get(self._keyring.code)
        number, prev, sent = (author.number, author.last_id, author.sent) if author else (0, bytes(32), 0)
        running, before = (dict(author.partners), author.seen_size) if author else ({}, 0)
        ahead = self._ahead
        if ahead is not None and ahead.number > number + 1:
            number, prev, sent, running = ahead.number - 1, ahead.prev, ahead.sent, dict(ahead.running)
            before = max(before, ahead.seen_size)
        # To have seen is to have folded. It never falls: while registers are built again, what was said before holds.
        seen = state.size if self._folded is None else max(min(self._folded(), state.size), before)
        return Place(number + 1, prev, seen, state.root(seen), max(self._clock(), sent), running)

    def _fail(self, number: int, outcome: TansiqError) -> bool:
        """Take a failure: the numbers after it have no place either. Tells whether another attempt may do better."""
        self._ahead, self._failure = None, outcome
        if isinstance(outcome, Unavailable):
            return False
        if self._is_unjust(outcome):
            self._conflict = None
            return False
        conflict = isinstance(outcome, Conflict)
        if not conflict:
            self._outbox.refuse(number, outcome)
        self._outbox.unseal(number)
        # The same conflict again with nothing new to follow: a clock is off, say. It does not turn in circles.
        before, self._conflict = self._conflict, (outcome.code, self._follower.size) if conflict else None
        return not conflict or before != self._conflict

    def _is_unjust(self, outcome: TansiqError) -> bool:
        """Tell whether the registrar refuses what by its own rules and journal it should order: the bytes then wait.

        They are not given up on a registrar's word alone: other members' cells hand them in (see ``Watch``).
        """
        self.fault = None
        if isinstance(self._follower, PartnerFollower):
            return False
        falls = self._falls
        self._follow_here()
        if falls != self._falls:
            return True  # another registrar is there: what this one said is past
        state = self._follower.state
        [(_, offer)] = self._outbox.sealed(1)
        try:
            state.require_whole(parse_entry(offer.entry), offer.body, max(self._clock(), state.times[-1]))
        except TansiqError:
            return False
        self.fault = Untrusted("registrar.refuses", "The registrar refuses an entry that its rules admit ({code}): it "
                               "waits, and other members' cells are asked to hand it in.", code=outcome.code)
        if outcome.code == "entry.sent":
            self.fault = Unavailable("clock.apart", "The clocks of the registrar and of this cell are over two minutes "
                                     "apart: what is said waits until they agree.")
        return True

    @property
    def clock_is_off(self) -> bool:
        """Tell whether what is sealed waits for two clocks to agree."""
        return self.fault is not None and self.fault.code == "clock.apart"

    def seal_again(self, number: int) -> None:
        """Undo the seals of an own envelope and of all after it: they no longer fit where they would have to stand."""
        with self._sending, self._numbering:
            self._ahead = None
            self._outbox.unseal(number)

    def follow(self) -> bool:
        """Follow to the head; then, if all that is sealed has its place, the next one is known. See ``Follower``."""
        with self._numbering:
            moved = self._follow_here()
            if self._ahead is None and self._outbox.answered():
                self._ahead = self._place()
            return moved

    def _follow_here(self) -> bool:
        """Follow; where the journal fell, what stood above is offered again. Call it while numbering."""
        try:
            return self._follower.follow()
        finally:
            if self._follower.fell_to is not None:
                self._fell(self._follower.fell_to)
                self._follower.fell_to = None

    def _fell(self, size: int) -> None:
        self._ahead = None
        self._falls += 1
        self._outbox.fallen(size)

    def settled(self, size: int) -> None:
        """Let go of what was ordered below *size*, settled and folded here."""
        self._outbox.settled(size)

    def fallen(self, size: int) -> None:
        """The journal fell back to *size*, and this cell's copy with it: what fell is offered again, the same bytes.

        Where they no longer fit they are sealed again, as after any conflict.
        """
        with self._sending, self._numbering:
            self._fell(size)

    def say_open(self, kind: int, document: Any) -> Ordered:
        """Say an open entry at once.

        A charter, keys, a suspension or a return is kept first, as acts are, and is said again where an unsettled tail
        falls. Of introductions and acceptances the journal itself tells what is due.

        Raises:
            TansiqError: what the registrar answered. What it was not asked, or may take later, is kept all the same.
        """
        body = wire.write(document)
        with self._sending, self._numbering:
            if kind in HELD_KINDS:
                return self._say_held(Parcel.of_open(kind, body))
            self._ahead = None
            self._follow_here()
            control, place = self._follower.state.control, self._place()
            outcome = self.link.offer([next_entry(self._keyring, control, place, kind=kind, body=body)])[0]
            if isinstance(outcome, TansiqError):
                raise outcome
            return outcome

    def _say_held(self, parcel: Parcel) -> Ordered:
        way = self._outbox.way(parcel.ids)
        if way is None or way.state == "refused":
            self.keep([parcel])
        while (way := self._outbox.way(parcel.ids)) is not None and way.place is None:
            if way.state == "refused" or not self.send():
                raise self._failure or Unavailable("busy", "The registrar has too much waiting; the same again will do "
                                                   "later.")
        assert way is not None and way.place is not None, "what was just ordered cannot be settled yet"
        self._ahead = None  # what comes next is sealed for the roster that this entry made
        return way.place
