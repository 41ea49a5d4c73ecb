"""Folding: open what is ours, rule on each act at its index, write the registers; one transaction a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from tansiq.acts import Act
from tansiq.cell.assertions import is_signed, require_assertion
from tansiq.cell.borders import Locate
from tansiq.cell.desk import Common, Desk, Form, Said, Thread, require_common, require_topic, require_unsuspended
from tansiq.cell.disclosures import UNOPENABLE, Disclosures
from tansiq.cell.following import Follower
from tansiq.cell.opening import Opened, OpenedAct, Opener
from tansiq.cell.partner import PartnerFollower
from tansiq.cell.presence import HEARTBEAT, UNOPENED
from tansiq.cell.registers import FoldedEntry, Registers, Unread, Writer
from tansiq.charter import Charter
from tansiq.errors import Refused, TansiqError
from tansiq.journal import Leaf, Record, parse_leaf
from tansiq.keys.rosters import Roster

FOLD_AT_ONCE = 1_024
SELF_SAID = (HEARTBEAT, UNOPENED)
"""What every cell says of itself, a partner's too; no charter lists it."""
_NO_THREAD = Thread(())


class _Ground(NamedTuple):
    """What all acts of one entry are ruled on alike."""

    leaf: Leaf
    common: Common
    charter: Charter


class Folder:
    """Folds the verified journal into the registers. The cursor moves inside the same transaction."""

    def __init__(self, registers: Registers, opener: Opener, desks: Sequence[Desk],
                 follower: Follower | PartnerFollower, *, territories: Locate, disclosures: Disclosures) -> None:
        self._disclosures = disclosures
        self._registers = registers
        self._opener = opener
        self._desks = {desk.number: desk for desk in desks}
        self._follower = follower
        self._territories = territories

    def fold(self, limit: int = FOLD_AT_ONCE) -> bool:
        """Fold up to *limit* entries; tells whether there was anything to fold."""
        start = self._registers.latest()
        records = self._follower.leaves(start, start + limit)
        if not records:
            return False
        with self._registers.writing() as writer:
            for record in records:
                self._fold_one(record, writer)
            writer.cursor = parse_leaf(records[-1].leaf).index + 1
        return True

    def _fold_one(self, record: Record, writer: Writer) -> None:
        leaf = parse_leaf(record.leaf)
        entry = leaf.entry
        acts: list[tuple[Said, bytes, bytes]] = []
        unread: list[Unread] = []
        repeats: list[str] = []
        void = None
        if entry.kind == 0:
            opened = self._opened(leaf, record.body)
            void = opened.void
            seen: set[bytes] = set()
            ground: _Ground | None = None
            for act in opened.acts:
                if act.id in seen or writer.knows(act.id.hex()):
                    repeats.append(act.id.hex())
                else:
                    seen.add(act.id)
                    ground = ground or self._ground(leaf, writer)
                    ruled = None if act.act is None else self._rule(ground, act, writer, acts)
                    if ruled is None or self._answers_unknown(ruled[0], writer, unread):
                        unread.append(_unread(act))
                    else:
                        acts.append(ruled)
            if opened.acts and not acts and not unread:
                void = "act.repeat"
        writer.add(FoldedEntry(index=leaf.index, time=leaf.time, author=entry.author, number=entry.number,
                               kind=entry.kind, body_size=entry.body_size, entry_id=entry.id, seen=entry.seen_size,
                               acts=tuple(acts), unread=tuple(unread), void=void, repeats=tuple(repeats)))

    def _opened(self, leaf: Leaf, body: bytes) -> Opened:
        """What this cell can read of a sealed entry; where its slot is junk, what another reader disclosed of it."""
        opened = self._opener.open(leaf, body, self._follower.state.control)
        if not opened.acts and opened.void in (None, UNOPENABLE):
            given = self._disclosures.of(leaf)
            return self._opener.disclosed(leaf, [given[position] for position in sorted(given)]) if given else opened
        return opened

    def _answers_unknown(self, said: Said, writer: Writer, before: Sequence[Unread]) -> bool:
        """Tell whether an act is not admitted because what it answers is of a kind that this program does not know."""
        if said.void not in ("act.thread.absent", "act.refers"):
            return False
        answered = {given for given in (said.act.thread, *said.act.refers) if given is not None}
        return writer.is_unknown(answered) or any(one.id in answered and one.code == "act.unknown" for one in before)

    def _ground(self, leaf: Leaf, writer: Writer) -> _Ground:
        control = self._follower.state.control
        common = Common(leaf.time, leaf.index, leaf.entry.seen_size, ask=writer.common,
                        suspended=suspended(control.roster_at(leaf.index)), territories=self._territories,
                        mandates={made.version: made.key for made in control.mandates if made.index < leaf.index})
        return _Ground(leaf, common, control.charter_at(leaf.index))

    def _rule(self, ground: _Ground, opened: OpenedAct, writer: Writer,
              before: list[tuple[Said, bytes, bytes]]) -> tuple[Said, bytes, bytes]:
        """Rule on one act at its index; what is not admitted is kept, shown and never folded."""
        act, kind = opened.act, opened.kind
        assert act is not None and kind is not None
        leaf, common, charter = ground
        void, article, digest = opened.void, None, None
        desk = self._desks[kind.desk]
        said = Said(opened.id.hex(), leaf.index, opened.position, leaf.time, act, None, None, leaf.entry.seen_size)
        if void is None:
            try:
                thread = _NO_THREAD if act.thread is None else self.thread_of(act, writer, [s for s, _, _ in before])
                for given in act.refers:
                    self.require_referred(act, thread, given)
                judge(act, desk, thread, common, charter)
                digest = desk.digest(said, thread, common, charter) if desk.digest is not None else None
            except TansiqError as error:
                void = error.code
                article = error.article if isinstance(error, Refused) else None
        if void is not None or digest is not None:
            said = replace(said, void=void, article=article, digest=digest)
        return said, opened.salt, opened.data

    def thread_of(self, act: Act, writer: Writer, before: Sequence[Said] = ()) -> Thread:
        """The thread of an act, below it: what is folded, and what stands before it in the same envelope.

        Raises:
            Refused: ``act.thread``, there is no such thread, or its release is another.
        """
        if act.thread is None:
            return Thread(())
        found = writer.thread(act.thread).acts
        found += tuple(said for said in before if act.thread in (said.id, said.act.thread))
        if not found or found[0].id != act.thread or found[0].void is not None:
            raise Refused("act.thread.absent", "The act answers a thread that does not stand.", field="refers")
        if found[0].act.release != act.release:
            raise Refused("act.thread", "A thread has one release, and this one's is {release}.",
                          release=", ".join(found[0].act.release), field="release")
        return Thread(found)

    def require_referred(self, act: Act, thread: Thread, given: str) -> None:
        """Hold that an act refers only to acts of its own thread.

        Raises:
            Refused: ``act.refers``.
        """
        if thread.find(given) is None:
            raise Refused("act.refers", "The act refers to one that is not in its thread.", field="refers")


def _unread(act: OpenedAct) -> Unread:
    """An act that cannot be read here; one that could, and answers such an act, waits with it."""
    return Unread(id=act.id.hex(), position=act.position, thread=act.head.thread or act.id.hex(),
                  code=act.void or "act.unknown", salt=act.salt, data=act.data)


def suspended(roster: Roster) -> frozenset[str]:
    """Codes of the members that a roster holds as suspended."""
    return frozenset(member.code for member in roster.members if member.suspended)


def judge(act: Act, desk: Desk, thread: Thread, common: Common, charter: Charter) -> None:
    """Rule on an act of *desk*: what holds for every desk, the desk's own rule, then the officer's signature.

    Raises:
        TansiqError: why it is not admitted.
    """
    form = _judge(act, desk, thread, common, charter)
    if is_signed(form, act.author, common, charter):
        require_assertion(act, form.role, common)


def judge_words(act: Act, desk: Desk, thread: Thread, common: Common, charter: Charter) -> None:
    """Rule on an act whose officer has not signed it yet: all but the signature.

    Raises:
        TansiqError: why it would not be admitted.
    """
    _judge(act, desk, thread, common, charter)


def _judge(act: Act, desk: Desk, thread: Thread, common: Common, charter: Charter) -> Form:
    require_exchange(act, charter)
    form = desk.form(act.kind)
    require_unsuspended(form, act, common)
    require_common(form, act, charter)
    require_topic(form, act)
    desk.rule(act, thread, common, charter)
    return form


def require_exchange(act: Act, charter: Charter) -> None:
    """Hold that what passes between the centre and a partner is of the kinds that the charter lists for it.

    Raises:
        Refused: ``partner.exchange``.
    """
    for partner in charter.partners:
        if partner.code in act.release and act.kind not in (*partner.exchanges, *SELF_SAID):
            raise Refused("partner.exchange", "The charter lets {code} exchange no act of the kind {kind}.",
                          code=partner.code, kind=act.kind, field="release")
