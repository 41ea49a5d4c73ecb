"""The cell itself: say, send, follow, verify, cosign, open, rule, fold. The same steps at a start as on any day."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from tansiq import wire
from tansiq.acts import Act, Catalogue, SaltedAct, act_id
from tansiq.cell import answering
from tansiq.cell.assertions import is_signed
from tansiq.cell.attachments import Attachments, Fetch
from tansiq.cell.borders import Locate, built_in
from tansiq.cell.composing import Composer
from tansiq.cell.cosigning import Cosigner
from tansiq.cell.desk import Common, Desk, Thread
from tansiq.cell.disclosures import Disclosures, Intake
from tansiq.cell.folding import Folder, judge, judge_words, suspended
from tansiq.cell.following import Follower
from tansiq.cell.introducing import Introducer
from tansiq.cell.keyring import Keyring
from tansiq.cell.links import Link, Peer
from tansiq.cell.links.local import LocalPeer
from tansiq.cell.moment import InForce, Mandates, Settled
from tansiq.cell.opening import Opener
from tansiq.cell.outbox import Outbox
from tansiq.cell.parcels import SALT_BYTES, Parcel, gather, hashes
from tansiq.cell.partner import PartnerFollower
from tansiq.cell.presence import HEARTBEAT, SPEAKER, due
from tansiq.cell.promises import PromiseBook
from tansiq.cell.proving import MemberCopy, PartnerCopy, Prover
from tansiq.cell.registers import ActRow, Registers
from tansiq.cell.speaking import SENT_AT_ONCE, Speaker
from tansiq.cell.upkeep import Upkeep
from tansiq.cell.views import Look
from tansiq.cell.watching import Watch
from tansiq.charter import Charter
from tansiq.errors import Conflict, Refused, TansiqError, Unavailable
from tansiq.journal import Store
from tansiq.keys.signing import require_public
from tansiq.registrar.order import Ordered

_NO_THREAD = Thread(())
Clock = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Step:
    """How far an act has come with one of its readers.

    ``opened``: its entry at ``index`` says, at ``time`` (UTC ms), that it had verified, opened and folded so far.
    ``awaited``: it has said nothing since, from ``time`` on. ``unopened``: it said that it could not,
        and why (``code``).
    """

    member: str
    state: Literal["opened", "awaited", "unopened"]
    time: int
    index: int | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far an act has come: ``outbox``, ``ordered``, ``settled`` or ``refused``; ``why`` says why it was refused."""

    id: str
    state: str
    index: int | None = None
    number: int | None = None
    time: int | None = None
    settled_at: int | None = None
    code: str | None = None
    why: str | None = None
    steps: tuple[Step, ...] = ()


class Cell:
    """A member's node. One thread steps it; any thread says and reads."""

    def __init__(self, directory: Path, keyring: Keyring, link: Link, desks: Sequence[Desk], *,
                 store: Store | None, clock: Clock, territories: Locate = built_in) -> None:
        """Open a cell; without a *store* it is a partner's, and holds what is addressed to it alone."""
        self.territories = territories
        self.code = keyring.code
        self.keyring = keyring
        self.desks = tuple(desks)
        self._by_number = {desk.number: desk for desk in desks}
        self.catalogue = Catalogue(kind for desk in desks for kind in desk.kinds)
        self._clock = clock
        self.outbox = Outbox(directory / "outbox.db")
        self.disclosures = Disclosures(directory / "disclosures.db")
        self.registers = Registers.open(directory / "registers.db", desks, self.disclosures.name)
        self.follower: Follower | PartnerFollower
        if store is None:
            self.follower = PartnerFollower(directory / "partner.db", keyring, link, clock=clock)
        else:
            cosigner = Cosigner(PromiseBook(directory / "promises.db"), keyring, clock=clock)
            self.follower = Follower(store, link, cosigner, clock=clock)
        self.watch = None if isinstance(self.follower, PartnerFollower) else Watch(
            self.code, self.follower, link, clock=clock)
        self.follower.before_fall = self._fall
        self._unfold(self.follower.size)
        opener = Opener(keyring, self.catalogue, [desk.number for desk in desks])
        copy = (PartnerCopy(self.follower, self.code, link)
                if isinstance(self.follower, PartnerFollower) else MemberCopy(self.follower))
        self.prover = Prover(keyring, copy, self.registers, lambda: self.follower.state.control, self.disclosures,
                             desks=[desk.number for desk in desks])
        self._folder = Folder(self.registers, opener, self.desks, self.follower, territories=territories,
                              disclosures=self.disclosures)
        self.intake = Intake(self.code, opener, self.follower, self.disclosures, basis=self.prover.basis)
        self._composer = Composer(self.code, self.catalogue, desks, self.registers, look=self.look)
        # Whoever wires cells together sets how they reach each other; alone, a cell fetches nothing.
        self.fetch_sealed: Fetch = lambda author, digest: None
        self.attachments = Attachments(directory / "attachments", lambda *asked: self.fetch_sealed(*asked))
        self.speaker = Speaker(keyring, self.outbox, self.follower, link, clock=clock,
                               folded=None if store is None else self.registers.latest)
        self._introducer = Introducer(keyring)
        self.after_say: Callable[[], None] = lambda: None
        self.peers: Mapping[str, Peer] = {}
        """The other members' cells, as far as this one reaches them; whoever wires cells together sets them."""
        self.upkeep = Upkeep(self.code, self.follower, clock)

    @property
    def charter(self) -> Charter:
        """The charter in force."""
        return self.follower.state.control.charter

    def now(self) -> int:
        """This cell's clock, UTC milliseconds."""
        return self._clock()

    @property
    def settled(self) -> Settled:
        """What this cell knows to be settled."""
        return Settled(self.follower.settled_size, self.follower.settled_at or 0)

    def look(self, params: Mapping[str, str] | None = None, *, people: bool = False) -> Look:
        """What views may read: these registers at this moment, and what was asked in the address.

        *people*: it will be drawn on a page; without it, what no machine door may give is left out.
        """
        mine = self.registers
        return Look(self.code, self.charter, self.now(), self.settled, mine.query, mine.search, mine.act, mine.thread,
                    mine.query_all, self.in_force, dict(params or {}), self.territories, people, mine.named,
                    self.mandates)

    def in_force(self, at: int) -> InForce:
        """The charter and the suspensions that entries ordered before an instant (UTC ms) had made, as folded here."""
        control, time_of = self.follower.state.control, self.registers.time_of

        def last_of(made: Sequence[tuple[int, Any]]) -> Any:
            before = (one for index, one in reversed(made) if (time := time_of(index)) is not None and time < at)
            return next(before, made[0][1])

        return InForce(last_of(control.charters), suspended(last_of(control.rosters)))

    def mandates(self) -> Mandates:
        """The mandates so far, whose promises made the newest, and what this member promised."""
        return answering.mandates_of(self.follower.state.control, self.follower.leaves, self.registers.time_of,
                                     self._book)

    @property
    def centre(self) -> bytes:
        """The centre's id: the entry id of its founding charter."""
        return self.follower.state.control.centre

    def say(self, kind_name: str, fields: dict[str, Any], *, officer: str) -> str:
        """Rule on an act and put it in the outbox; returns its id (64 hex digits)."""
        return self.say_many([(kind_name, fields)], officer=officer)[0]

    def say_many(self, items: Sequence[tuple[str, Mapping[str, Any]]], *, officer: str) -> list[str]:
        """Rule on several acts and put them in the outbox, all or none; returns their ids.

        Raises:
            Malformed: a field cannot be said as it is (``field`` names it).
            Refused: the charter or a desk's rule says no.
            Unavailable: ``storage``, nothing was kept.
        """
        charter, common = self.charter, self._common()
        acts = [self._composer.compose(kind_name, fields, officer, charter) for kind_name, fields in items]
        for act, desk in acts:
            judge(act, desk, self._thread(act), common, charter)
        return self._keep(acts)

    def draft(self, kind_name: str, fields: Mapping[str, Any], *, officer: str) -> Act:
        """Compose an act and rule on it, all but the officer's signature, which it has not yet; say nothing.

        Raises:
            Malformed: a field cannot be said as it is (``field`` names it).
            Refused: the charter or a desk's rule says no.
        """
        act, desk = self._compose(kind_name, fields, officer)
        judge_words(act, desk, self._thread(act), self._common(), self.charter)
        return act

    def is_signed(self, kind_name: str) -> bool:
        """Tell whether an act of this kind, said here and now, counts only with its officer's own signature."""
        desk = self._by_number[self.catalogue.kind(kind_name).desk]
        return is_signed(desk.form(kind_name), self.code, self._common(), self.charter)

    def say_signed(self, act: Act) -> str:
        """Rule on an act that was drafted here and signed since, and put it in the outbox; returns its id.

        Raises:
            Refused: the charter or a desk's rule says no; ``act.assertion``, the signature does not hold.
            Unavailable: ``storage``, nothing was kept.
        """
        desk = self._by_number[self.catalogue.kind(act.kind, act.version).desk]
        judge(act, desk, self._thread(act), self._common(), self.charter)
        self.catalogue.parse(self.catalogue.write(act))
        return self._keep([(act, desk)])[0]

    def salted(self, act: Act) -> SaltedAct:
        """Draw the salt of an act that was drafted here: with it the act has its id, before it is said."""
        kind = self.catalogue.kind(act.kind, act.version)
        return SaltedAct.of(os.urandom(SALT_BYTES), self.catalogue.write(act), act, kind.desk)

    def say_salted(self, salt: bytes, data: bytes) -> str:
        """Rule on an act whose bytes and salt were kept, and put it in the outbox, unless this cell has it already.

        Returns the act's id. The same bytes and salt, given again after a crash, are one act.

        Raises:
            Malformed: the bytes are no act.
            Refused: the charter or a desk's rule says no.
            Unavailable: ``storage``, nothing was kept.
        """
        kind, act = self.catalogue.parse(data)
        name = act_id(salt, data).hex()
        if self.registers.act(name) is None and self.outbox.way(bytes.fromhex(name)) is None:
            desk = self._by_number[kind.desk]
            judge(act, desk, self._thread(act), self._common(), self.charter)
            self._keep([(act, desk)], salt)
        return name

    def _keep(self, acts: Sequence[tuple[Act, Desk]], salt: bytes | None = None) -> list[str]:
        ids = self._put(acts, salt)
        self.after_say()
        return ids

    def _put(self, acts: Sequence[tuple[Act, Desk]], salt: bytes | None = None) -> list[str]:
        written, said = self.catalogue.write_many([act for act, _ in acts]), [(act, desk.number) for act, desk in acts]
        parcels = gather(salt or os.urandom(SALT_BYTES * len(acts)), written, said)
        try:
            self.speaker.keep(parcels)
        except Unavailable:
            # A write may be kept and yet be reported as failed: what the file holds counts, and it is asked.
            if any(self.outbox.way(name) is None for parcel in parcels for name in hashes(parcel.ids)):
                raise
        return [name.hex() for parcel in parcels for name in hashes(parcel.ids)]

    def seal_again(self, act_id: str) -> None:
        """Seal an act of this member again, the same bytes and salt, for whoever could not open it at first.

        It is one act still: who has it passes over the repetition.

        Raises:
            Refused: ``act.absent``; ``act.author.other``, it is another's.
            Conflict: ``act.unsettled``, it is on its way already.
        """
        row, kept = self.registers.act(act_id), self.registers.salted(act_id)
        if row is None or kept is None:
            raise Refused("act.absent", "{member} can read no act {given}.", member=self.code, given=act_id[:80])
        if row.author != self.code:
            raise Refused("act.author.other", "Only its author can seal an act again.")
        if self.outbox.way(bytes.fromhex(act_id)) is not None:
            raise Conflict("act.unsettled", "The act is on its way already: wait until it is settled.")
        desk = self._by_number[self.catalogue.kind(row.kind, row.act.version).desk]
        self.speaker.keep([Parcel.of(*kept, row.act, desk.number)])
        self.after_say()

    def _compose(self, kind_name: str, fields: Mapping[str, Any], officer: str) -> tuple[Act, Desk]:
        return self._composer.compose(kind_name, fields, officer, self.charter)

    def _thread(self, act: Act) -> Thread:
        """The thread of an act that is said now.

        Raises:
            Refused: ``act.thread``, ``act.refers``.
        """
        thread = _NO_THREAD
        if act.thread is not None or act.refers:
            with self.registers.writing() as writer:
                if act.thread is not None and writer.holds_unknown(act.thread):
                    raise Refused("act.thread.unread", "This thread holds an act of a kind that this program does not "
                                  "know: it must be upgraded before anything is answered here.", field="refers")
                thread = self._folder.thread_of(act, writer)
        for given in act.refers:
            self._folder.require_referred(act, thread, given)
        return thread

    def _common(self) -> Common:
        size, control = self.follower.size, self.follower.state.control
        return Common(self._clock(), size, size, self.settled, self.registers.common, suspended(control.roster),
                      self.registers.query, self.territories, {made.version: made.key for made in control.mandates},
                      None if self._book is None else self._book.given)

    def step(self) -> bool:
        """Send, follow, cosign and fold once; tells whether anything moved.

        Raises:
            Unavailable: the registrar or the disk does not answer; call again.
            Untrusted: what was followed does not hold; nothing of it was folded.
        """
        failures: list[TansiqError] = []
        moved = False
        for part in (self.send, self._follow):
            try:
                moved = part() or moved
            except TansiqError as error:
                # A registrar that takes nothing may still give; one that is away stops nobody from reading on.
                failures.append(error)
        moved = self.fold() or moved
        self.speaker.settled(min(self.follower.settled_size, self.registers.latest()))
        moved = self._say_own() or moved
        if failures:
            raise failures[0]
        return moved

    def _say_own(self) -> bool:
        """Keep what the cell says by itself: that it is there, and what it could not open."""
        if HEARTBEAT not in {kind.name for kind in self.catalogue}:
            return False
        own = [self._compose(one.kind, one.fields, SPEAKER)
               for one in due(self.code, self.follower, self.registers, self.outbox, self._clock())]
        if own:
            self._put(own)
        return bool(own)

    def _follow(self) -> bool:
        moved = self.speaker.follow()
        if self.watch is not None:
            # While the clocks are apart, what waits here is nobody's fault but one clock's.
            own = [] if self.speaker.clock_is_off else self.outbox.sealed(SENT_AT_ONCE)
            stale = self.watch.look(own, self.peers)
            if stale is not None:
                self.speaker.seal_again(stale)
        due = self._introducer.due(self.follower.state.control, self._clock())
        if due is not None and not self.outbox.sealed(1):
            self.speaker.say_open(*due)
            moved = True
        return moved

    @property
    def as_peer(self) -> Peer | None:
        """This cell as another member's cell in the same process sees it; None where it is a partner's."""
        if self.watch is None or isinstance(self.follower, PartnerFollower):
            return None
        return LocalPeer(self.follower, self.watch)

    def _fall(self, size: int) -> None:
        self.keyring.forget()
        self._unfold(size)

    def _unfold(self, size: int) -> None:
        """Empty the registers where they hold more than the journal's first *size* entries: they are folded again.

        So when an unsettled tail falls, before it does; and at a start, where a backup of the journal was restored.
        """
        if self.registers.latest() > size:
            self.registers.reset(self.disclosures.name)

    @property
    def book(self) -> PromiseBook:
        """What this member bound itself to.

        Raises:
            Refused: ``promise.partner``, a partner neither cosigns nor promises.
        """
        if self._book is None:
            raise Refused("promise.partner", "{code} is a partner, and makes no registrar.", code=self.code)
        return self._book

    @property
    def _book(self) -> PromiseBook | None:
        return None if isinstance(self.follower, PartnerFollower) else self.follower.cosigner.book

    def promise(self, version: int, key: bytes, *, unordered: bool = False) -> bytes:
        """Promise a registrar's key for a mandate's version: the note. From then on nothing older is cosigned.

        Where the charter asks for a named officer, an act of this member that names both stands here first; or, with
        *unordered*, it is owed. A note that was given is given again, whatever is asked.

        Raises:
            Refused: see ``PromiseBook.promise`` and ``answering.require_answer``; ``promise.suspended``, a suspended
                member's word would not count.
        """
        book, control = self.book, self.follower.state.control
        if self.code in suspended(control.roster):
            raise Refused("promise.suspended", "{code} is suspended: its promise would not count.", code=self.code)
        require_public(key)
        if version <= control.version:
            raise Refused("promise.old", "Mandate {version} is over: {code} cosigns under mandate {due}.",
                          version=version, code=self.code, due=control.version)
        if book.given().get(version) != key:
            found = answering.answers(self.registers.query_all, member=self.code, version=version)
            answering.require_answer(answering.answer_for(found, self.code, version), (version, key), control.charter,
                                     code=self.code, unordered=unordered)
        return book.promise(control.centre, version, key, code=self.code, sign=self.keyring.sign_under(control))

    def fold(self) -> bool:
        """Fold some of what was followed; tells whether there was anything."""
        return self._folder.fold()

    def send(self) -> bool:
        """Seal what waits and have it ordered; tells whether anything moved.

        Raises:
            Unavailable: the registrar or the disk does not answer; call again.
        """
        return self.speaker.send()

    def say_open(self, kind: int, document: Any) -> Ordered:
        """Say an open entry at once: introductions, accepts, suspensions.

        Raises:
            TansiqError: what the registrar answered.
        """
        return self.speaker.say_open(kind, document)

    def receipt(self, act_id: str) -> Receipt:
        """How far an act has come.

        Raises:
            Refused: ``act.absent``, this cell knows no such act.
        """
        row = self.registers.act(act_id)
        if row is not None:
            places = [(row.index, row.number), *self.registers.places(act_id)]
            steps = tuple(self._step(member, places, row) for member in row.release if member != row.author)
            return replace(self._receipt(act_id, row.number, Ordered(row.index, row.time)), steps=steps)
        way = self.outbox.way(wire.parse_hash(act_id))
        if way is None:
            raise Refused("act.absent", "{member} can read no act {given}.", member=self.code, given=act_id[:80])
        if way.failure is not None:
            return Receipt(act_id, "refused", code=way.failure["code"], why=way.failure["sentence"])
        if way.place is None or way.number is None:
            return Receipt(act_id, "outbox")
        return self._receipt(act_id, way.number, way.place)

    def _step(self, member: str, places: Sequence[tuple[int, int]], row: ActRow) -> Step:
        """What a reader has said of an act: of its first sealing that the reader could open, else of its last."""
        step = None
        for index, number in places:
            since = self.registers.time_of(index) or row.time
            answers = self.registers.query_all("unopened", author=row.author, number=number)
            told = next((answer[member] for _, answer in answers if member in answer), None)
            if told is not None:
                step = Step(member, "unopened", told[1], code=told[0])
                continue
            found = self.registers.seen_from(index, (member,)).get(member)
            if found is not None:
                return Step(member, "opened", found[1], found[0])
            step = Step(member, "awaited", since)
        assert step is not None, "an act has a place"
        return step

    def _receipt(self, act_id: str, number: int, place: Ordered) -> Receipt:
        settled = place.index < self.follower.settled_size
        return Receipt(act_id, "settled" if settled else "ordered", place.index, number, place.time,
                       self.follower.settled_at if settled else None)

    def status(self) -> dict[str, Any]:
        """Size, settled size, cursor, outbox and cosigners of this cell."""
        follower = self.follower
        return {"size": follower.size, "settled": follower.settled_size, "folded": self.registers.latest(),
                "lag": max(follower.head_size - follower.size, 0) + follower.behind(self.registers.latest()),
                "outbox": self.outbox.count(),
                "cosigners": sorted(follower.cosigners), "root": follower.root.hex(), **self._bound()}

    def _bound(self) -> dict[str, Any]:
        """The mandate that is followed, a later one that was promised, and what is wrong, where anything is."""
        told: dict[str, Any] = {"mandate": self.follower.state.control.version}
        if self.watch is not None and self.book.promised > told["mandate"]:
            told["promised"] = self.book.promised
        fault = self.speaker.fault or (self.watch and self.watch.fault) or self._introducer.fault
        return told | ({"fault": str(fault)} if fault else {})

    def rebuild(self, progress: Callable[[int, int], None]) -> int:
        """Fold the registers again from this cell's journal; returns the number of entries folded."""
        self.registers.reset(self.disclosures.name)
        while self._folder.fold(limit=2_048):
            progress(self.registers.latest(), self.follower.size)
        return self.registers.latest()

    def close(self) -> None:
        """Let the files go."""
        self.disclosures.close()
        self.outbox.close()
        self.registers.close()
        if self._book is not None:
            self._book.close()
        self.follower.close()
