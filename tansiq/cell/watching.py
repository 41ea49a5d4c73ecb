"""Watching the registrar: cells relay an entry that it does not order, compare what it signed, and stop cosigning.

An entry that is admissible and stays unordered for five minutes stops the cosigning of every cell that knows of it: so
a registrar that leaves out one member's entries settles nothing any more. Two histories under one mandate stop it for
good.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tansiq.cell.following import Follower
from tansiq.cell.links import Link, Peer
from tansiq.errors import TansiqError, Unavailable, Untrusted
from tansiq.journal import Entry, parse_entry
from tansiq.merkle import signed
from tansiq.registrar.control import Head
from tansiq.registrar.order import Offer

RELAY_AFTER_MS = 30_000
RELAY_EVERY_MS = 30_000
UNORDERED_MAX_MS = 300_000
FORGET_AFTER_MS = 120_000
COMPARE_EVERY_MS = 60_000
STALE = ("entry.sent", "entry.seen")
HEARD_MAX = 64
OFFERS_MAX = 64


@dataclass(slots=True)
class Waiting:
    """One author's entries that are not ordered: the first one's number, since when (UTC ms) and when last heard of."""

    number: int
    offers: tuple[Offer, ...]
    since: int
    heard: int
    passed_on: int = 0


class Watch:
    """One member's watch over the registrar. ``hear`` may be called by any thread, ``look`` by the one that steps."""

    def __init__(self, code: str, follower: Follower, link: Link, *, clock: Callable[[], int]) -> None:
        self._code = code
        self._follower = follower
        self._link = link
        self._clock = clock
        self._lock = threading.Lock()
        self._heard: list[tuple[Offer, ...]] = []
        self._waiting: dict[str, Waiting] = {}
        self._compared = 0
        self._ahead: dict[str, tuple[Head, int]] = {}
        self._faults: dict[str, TansiqError] = {}

    def hear(self, offers: Sequence[Offer]) -> None:
        """Take note of entries of one author that a peer hands over; the oldest of too many are forgotten."""
        with self._lock:
            self._heard.append(tuple(offers[:OFFERS_MAX]))
            del self._heard[:-HEARD_MAX]

    def look(self, own: Sequence[tuple[int, Offer]], peers: Mapping[str, Peer]) -> int | None:
        """Look after what is not ordered, this cell's *own* and others', and compare checkpoints with the peers'.

        Call it after following to the head. Gives the number of an own envelope that no longer fits where it would
        have to stand, though the registrar says nothing: it is to be sealed again.
        """
        now, held = self._clock(), []
        stale: int | None = None
        self._take(own, now)
        for author, waiting in list(self._waiting.items()):
            state = self._follower.state
            known = state.authors.get(author)
            if known is not None and known.number >= waiting.number:
                del self._waiting[author]
                continue
            failure = self._failure(waiting.offers[0], now)
            if failure is None:
                self._pass_on(author, waiting, peers, now)
                if now - waiting.since >= UNORDERED_MAX_MS:
                    held.append(author)
            elif author == self._code and failure.code in STALE:
                stale = waiting.number
            elif now - waiting.heard > FORGET_AFTER_MS:
                del self._waiting[author]
        if now - self._compared >= COMPARE_EVERY_MS or now < self._compared:
            self._compare(peers, now)
        self._look_back(now)
        self._judge(held)
        return stale

    def _take(self, own: Sequence[tuple[int, Offer]], now: int) -> None:
        with self._lock:
            heard, self._heard = self._heard, []
        if own:
            self._note(self._code, own[0][0], tuple(offer for _, offer in own), now)
        else:
            self._waiting.pop(self._code, None)
        for offers in heard:
            try:
                entries = [parse_entry(offer.entry) for offer in offers]
            except TansiqError:
                continue
            first = entries[0].author if entries else self._code
            if first != self._code and {e.author for e in entries} == {first} and not self._failure(offers[0], now):
                self._note(first, entries[0].number, offers, now)

    def _note(self, author: str, number: int, offers: tuple[Offer, ...], now: int) -> None:
        before = self._waiting.get(author)
        since = before.since if before is not None and before.number == number else now
        passed_on = before.passed_on if before is not None else 0
        self._waiting[author] = Waiting(number, offers, since, now, passed_on)

    def _failure(self, offer: Offer, now: int) -> TansiqError | None:
        """Why an entry may not stand next, by this cell's own copy and clock; None where it may."""
        state = self._follower.state
        try:
            entry: Entry = parse_entry(offer.entry)
            state.require_whole(entry, offer.body, max(now, state.times[-1] if state.times else 0))
        except TansiqError as error:
            return error
        return None

    def _pass_on(self, author: str, waiting: Waiting, peers: Mapping[str, Peer], now: int) -> None:
        """One's own entries to the peers, after a while; a peer's to the registrar, at once."""
        mine = author == self._code
        if (mine and now - waiting.since < RELAY_AFTER_MS) or now - waiting.passed_on < RELAY_EVERY_MS:
            return
        waiting.passed_on = now
        for call in [peer.relay for peer in peers.values()] if mine else [self._link.offer]:
            try:
                call(waiting.offers)
            except TansiqError:
                continue  # whoever is away now is asked again in half a minute

    def _compare(self, peers: Mapping[str, Peer], now: int) -> None:
        """Compare the registrar's word to this cell with its word to the others."""
        self._compared = now
        self._faults.pop("mandate", None)
        for code, peer in peers.items():
            try:
                head = peer.head()
                shown = _shown(head, self._follower.state.control.centre)
            except TansiqError:
                continue  # it is away, or shows nothing of this centre: the next time will tell
            if shown.size > self._follower.size:
                self._ahead.setdefault(code, (head, now))
            else:
                self._require_same(code, head)

    def _look_back(self, now: int) -> None:
        """What a peer was shown and this cell was not is compared once it is; it must come within five minutes."""
        self._faults.pop("withheld", None)
        for code, (head, since) in list(self._ahead.items()):
            if head.size <= self._follower.size:
                del self._ahead[code]
                self._require_same(code, head)
            elif now - since >= UNORDERED_MAX_MS:
                self._faults["withheld"] = Untrusted(
                    "journal.withheld", "The registrar shows {code} {given} entries, and this cell {held}.", code=code,
                    given=head.size, held=self._follower.size)

    def _require_same(self, code: str, head: Head) -> None:
        control, store = self._follower.state.control, self._follower.store
        given = _shown(head, control.centre)
        version = signed.version_of(given, control.centre)
        if version > control.version:
            self._faults["mandate"] = Untrusted(
                "mandate.newer", "{code} follows mandate {given}, where this cell's registrar still speaks under "
                "mandate {due}.", code=code, given=version, due=control.version)
        if version != control.version or not control.mandates[-1].index < given.size:
            return
        try:
            signed.verify_text(signed.parse_note(head.note), given.origin, control.registrar)
        except Untrusted:
            return  # whoever shows what the registrar did not sign convicts nobody
        if self._follower.state.root(given.size) != given.root:
            # The note stays beside the journal: with this cell's own checkpoint it convicts the registrar.
            store.keep_note(_fork(version), head.note)

    def _judge(self, held: list[str]) -> None:
        version = self._follower.state.control.version
        forked = self._follower.store.note(_fork(version)) is not None
        self._follower.cosigner.holding_back = bool(held) or forked
        for name in ("fork", "silent"):
            self._faults.pop(name, None)
        if forked:
            self._faults["fork"] = Untrusted(
                "journal.fork", "The registrar has signed two histories under mandate {version}: this cell cosigns "
                "nothing more under it.", version=version)
        if held:
            self._faults["silent"] = Unavailable(
                "registrar.silent", "The registrar has left out an admissible entry of {codes} for five minutes: this "
                "cell cosigns nothing until it is ordered.", codes=", ".join(sorted(held)))

    @property
    def fault(self) -> TansiqError | None:
        """What is wrong with the registrar, as far as this cell sees; None where nothing is."""
        return next((self._faults[name] for name in ("fork", "silent", "withheld", "mandate") if name in self._faults),
                    None)


def _shown(head: Head, centre: bytes) -> signed.Checkpoint:
    shown = signed.parse_checkpoint(signed.parse_note(head.note).text)
    signed.version_of(shown, centre)
    return shown


def _fork(version: int) -> str:
    return f"fork/{version}"
