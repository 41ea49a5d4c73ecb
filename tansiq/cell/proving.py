"""Proving: what a cell holds, put together into evidence that outsiders can check (``tansiq.evidence``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from tansiq import wire
from tansiq.acts import SaltedAct
from tansiq.cell.disclosures import Disclosures
from tansiq.cell.following import Follower
from tansiq.cell.keyring import Keyring
from tansiq.cell.links import Link
from tansiq.cell.partner import PartnerFollower
from tansiq.cell.registers import Registers
from tansiq.errors import Malformed, Refused, Unavailable
from tansiq.evidence import files, writing
from tansiq.evidence.absence import read_month
from tansiq.evidence.addressing import Pair, opened_acts
from tansiq.evidence.basis import Basis, read_note
from tansiq.evidence.conviction import slot_of
from tansiq.evidence.counted import running_of
from tansiq.evidence.heads import read_label
from tansiq.journal import Leaf, Record, parse_leaf
from tansiq.journal.entry import SEALED
from tansiq.keys.slots import matches, unwrap
from tansiq.merkle import signed
from tansiq.merkle.proofs import consistency_path, inclusion_path, root_at
from tansiq.registrar.control import Control, Introduced


class Copy(Protocol):
    """A copy of the journal, as evidence is written from it."""

    def head(self, above: int) -> writing.Head:
        """The newest settled checkpoint, or where that does not reach above index *above* the newest of all."""

    def placed(self, index: int, size: int) -> files.Placed:
        """A leaf with its path to the root of *size*."""

    def record(self, index: int) -> Record:
        """A leaf and its body."""

    def run(self, author: str, first: int, until: int) -> list[bytes]:
        """Leaves of an author's entries by number."""

    def opened(self, size: int) -> list[Record]:
        """All open entries below *size*."""

    def body(self, author: str, number: int) -> bytes:
        """The body of an author's entry."""

    def forked(self, note: str) -> files.RegistrarConviction:
        """A checkpoint that was seen elsewhere, against this copy."""


def placed(leaf: bytes, path: Sequence[bytes]) -> files.Placed:
    """A leaf and its path as they stand in a file."""
    return files.Placed(leaf=wire.write_base64(leaf), path=files.hexes(list(path)))


class MemberCopy:
    """A member's whole journal."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._store = follower.store

    def head(self, above: int) -> writing.Head:
        """See ``Copy``."""
        size = self._follower.settled_size
        kept = self._store.checkpoint(size) if size > above else self._store.checkpoint()
        if kept is None or kept[0] <= above:
            raise _unproved()
        control = self._follower.state.control
        note = writing.write_head_note(kept[1], self._store.cosignatures(kept[0]), control, kept[0])
        return writing.Head(control.centre.hex(), kept[0], note, self.placed(kept[0] - 1, kept[0]))

    def placed(self, index: int, size: int) -> files.Placed:
        """See ``Copy``."""
        return placed(self.record(index).leaf, inclusion_path(index, size, self._store.node))

    def record(self, index: int) -> Record:
        """See ``Copy``."""
        return self._store.fetch(index, index + 1)[0]

    def run(self, author: str, first: int, until: int) -> list[bytes]:
        """See ``Copy``."""
        return self._store.run(author, first, until)

    def opened(self, size: int) -> list[Record]:
        """See ``Copy``."""
        return [self.record(index) for index in self._store.open_indices() if index < size]

    def body(self, author: str, number: int) -> bytes:
        """See ``Copy``."""
        index = self._store.placed(author, number)
        assert index is not None, "the run was read from this store"
        return self.record(index).body

    def forked(self, note: str) -> files.RegistrarConviction:
        """Hold a checkpoint that was seen elsewhere against this copy.

        Raises:
            Unavailable: ``evidence.ahead``, it is of a size that this copy has not reached.
        """
        own = self._store.checkpoint()
        given = signed.parse_checkpoint(read_note(note).text)
        if own is None or given.size > own[0]:
            raise Unavailable("evidence.ahead", "The checkpoint has {size} entries, which this cell has not reached "
                                                "yet.",
                              size=given.size)
        node = self._store.node
        instead = root_at(given.size, node)
        path = [] if given.size == own[0] else consistency_path(given.size, own[0], node)
        return files.RegistrarConviction(version=1, centre=self._follower.state.control.centre.hex(), first=note,
                                         second=own[1].decode(), instead=instead.hex(), path=files.hexes(path))


class PartnerCopy:
    """What a partner holds; it asks for paths when it needs them. Of others it has what names it, and no whole run."""

    def __init__(self, follower: PartnerFollower, code: str, link: Link) -> None:
        self._follower = follower
        self._code = code
        self._link = link

    def head(self, above: int) -> writing.Head:
        """See ``Copy``."""
        settled = [head for head in self._link.settled(0) if head.size > above]
        found = settled[-1] if settled else self._link.head()
        if found.size <= above:
            raise _unproved()
        control = self._follower.state.control
        note = writing.write_head_note(found.note, found.cosignatures, control, found.size)
        last = self._link.feed(self._code, found.size, found.size).last
        return writing.Head(control.centre.hex(), found.size, note, placed(*last))

    def placed(self, index: int, size: int) -> files.Placed:
        """See ``Copy``."""
        proved = self._link.feed(self._code, index, size).proved
        return next(placed(leaf, path) for leaf, _, path in proved if parse_leaf(leaf).index == index)

    def record(self, index: int) -> Record:
        """See ``Copy``."""
        return self._follower.leaves(index, index + 1)[0]

    def run(self, author: str, first: int, until: int) -> list[bytes]:
        """See ``Copy``: of others, only what names this partner."""
        return [record.leaf for record in self._follower.leaves(0, 1 << 62)
                if (entry := parse_leaf(record.leaf).entry).author == author and first <= entry.number < until]

    def naming(self, author: str, month: int, size: int, before: int | None) -> list[files.Placed]:
        """The author's entries of a month below *size* that name this partner, with the one on either side.

        Only those ordered *before* a time (UTC ms), where one is given.
        """
        start, end = wire.month_start(month), wire.month_start(month + 1)
        mine = [leaf for record in self._follower.leaves(0, 1 << 62) if (leaf := parse_leaf(record.leaf)).index < size
                and leaf.entry.author == author and running_of(leaf.entry, self._code) is not None
                and (before is None or leaf.time < before)]
        first = sum(leaf.entry.sent < start for leaf in mine)
        wanted = {leaf.index for leaf in mine[max(first - 1, 0):sum(leaf.entry.sent < end for leaf in mine) + 1]}
        proved = self._link.feed(self._code, min(wanted), size).proved if wanted else []
        return [placed(leaf, path) for leaf, _, path in proved if parse_leaf(leaf).index in wanted]

    def opened(self, size: int) -> list[Record]:
        """See ``Copy``."""
        return [one for one in self._follower.leaves(0, 1 << 62)
                if (leaf := parse_leaf(one.leaf)).entry.kind != SEALED and leaf.index < size]

    def body(self, author: str, number: int) -> bytes:
        """See ``Copy``."""
        held = ((one, parse_leaf(one.leaf).entry) for one in self._follower.leaves(0, 1 << 62))
        return next(one.body for one, entry in held if (entry.author, entry.number) == (author, number))

    def forked(self, note: str) -> files.RegistrarConviction:
        """See ``Copy``; a partner holds no tree.

        Raises:
            Refused: ``evidence.partner.tree``.
        """
        raise Refused("evidence.partner.tree", "A partner's cell holds no tree to hold a checkpoint against.")


class Prover:
    """Writes evidence from one cell. Everything it writes, ``tansiq.evidence.verify`` checks."""

    def __init__(self, keyring: Keyring, copy: Copy, registers: Registers, control: Callable[[], Control],
                 disclosures: Disclosures, *, desks: Sequence[int]) -> None:
        self._disclosures = disclosures
        self._keyring = keyring
        self._copy = copy
        self._registers = registers
        self._control = control
        self._desks = tuple(desks)

    def public(self) -> files.Public:
        """The public part of the centre, as far as it is settled.

        Raises:
            Unavailable: ``evidence.unproved``, nothing is settled yet.
        """
        head = self._copy.head(0)
        return writing.write_public(head, self._copy.opened(head.size))

    def receipt(self, index: int) -> files.Receipt:
        """The receipt of the entry at *index*, with the first later entry of each other that had seen it."""
        head = self._copy.head(index)
        entry, roster = self._copy.placed(index, head.size), self._control().roster
        author = parse_leaf(wire.parse_base64(entry.leaf)).entry.author
        others = {party.code for party in (*roster.members, *roster.partners)} - {author}
        seen = self._registers.seen_from(index, others).values()
        return writing.write_receipt(head, entry, [self._copy.placed(at, head.size) for at, _ in seen
                                                   if at < head.size])

    def disclosure(self, act_id: str) -> files.Disclosure:
        """Disclose an act that this cell can read.

        Raises:
            Refused: ``act.absent``.
        """
        taken = self._taken(act_id)
        if taken is not None:
            return writing.write_taken(self.receipt(taken[0]), taken[1])
        index, acts, position = self._opened(act_id)
        return writing.write_disclosure(self.receipt(index), acts, position)

    def label(self, act_id: str) -> files.LabelOnly:
        """Show the label of an act that this cell can read.

        Raises:
            Refused: ``act.absent``.
        """
        taken = self._taken(act_id)
        if taken is not None:
            return writing.label_of(writing.write_taken(self.receipt(taken[0]), taken[1]))
        index, acts, position = self._opened(act_id)
        return writing.write_label(self.receipt(index), acts, position)

    def _taken(self, act_id: str) -> tuple[int, files.Disclosure] | None:
        """The place of an act that this cell took from a disclosure, and that file; None for any other act."""
        row = self._registers.act(act_id)
        if row is None:
            return None
        kept = self._disclosures.of(parse_leaf(self._copy.record(row.index).leaf))
        return (row.index, kept[row.position]) if row.position in kept else None

    def _opened(self, act_id: str) -> tuple[int, list[SaltedAct], int]:
        row = self._registers.act(act_id)
        if row is None:
            raise Refused("act.absent", "{member} can read no act {given}.", member=self._keyring.code,
                          given=act_id[:80])
        record = self._copy.record(row.index)
        acts = self._open(parse_leaf(record.leaf), record.body)
        position = next(n for n, act in enumerate(acts) if act.id.hex() == act_id)
        return row.index, acts, position

    def _open(self, leaf: Leaf, body: bytes) -> list[SaltedAct]:
        entry, me, control = leaf.entry, self._keyring.code, self._control()
        slot = slot_of(entry, control.roster_at(leaf.index), me)
        made = control.in_force(entry.author, me, entry.seen_size)
        for desk in self._desks:
            place = (wire.month_of(entry.sent), desk)
            secret = made and self._keyring.secret(control.centre, made, (entry.author, me), place)
            if secret and matches(secret, entry.number, entry.body_hash, slot):
                return opened_acts(body, entry, unwrap(secret, entry.number, entry.body_hash, slot), desk)
        raise Refused("evidence.shut", "Entry {number} of {author} is not open to {member}.", number=entry.number,
                      author=entry.author, member=me)

    def absence(self, asked: files.Asked, before: int | None = None) -> files.Absence | files.Counted:
        """Certify that nothing of the sort was said by the one side of a pair to the other; this cell is one of them.

        With *before* (UTC ms) the run ends with the author's last entry that was ordered before that time.

        Raises:
            Malformed: ``evidence.month``; ``evidence.before``, the month begins only then.
            Refused: ``evidence.side``, the cell is neither; ``evidence.none``, no entry of the author is settled;
                ``evidence.uncounted``, a partner holds no entry of the author's that reaches the month.
        """
        me, month = self._keyring.code, read_month(asked.month)
        if me not in (asked.author, asked.to):
            raise Refused("evidence.side", "Only {author} or {to} can show this: the tag secrets are theirs.",
                          author=asked.author, to=asked.to)
        if before is not None and before <= wire.month_start(month):
            raise Malformed("evidence.before", "The month begins at that time or later: ask of an earlier month.",
                            field="before")
        head, control = self._copy.head(0), self._control()
        pair = Pair(asked.author, asked.to, month, asked.desk)

        def seed(made: Introduced) -> bytes:
            return self._keyring.seed(control.centre, made, asked.author, asked.to)

        source = writing.Source(control, seed, self._copy.body)
        if isinstance(self._copy, PartnerCopy) and asked.author != me:
            return _counted(self._copy.naming(asked.author, month, head.size, before), head, asked, source=source)
        leaves = self._run_of(asked.author, month, head.size, before)
        if not leaves:
            raise Refused("evidence.none", "{author} has no entry in the settled journal.", author=asked.author)
        last = self._copy.placed(parse_leaf(leaves[-1]).index, head.size)
        return writing.write_absence(head, asked, pair, leaves, last, source=source)

    def _run_of(self, author: str, month: int, size: int, before: int | None) -> list[bytes]:
        """The author's entries of a month below *size*, ordered *before* a time, with the neighbour on either side."""
        def leaf(number: int) -> Leaf | None:
            found = self._copy.run(author, number, number + 1)
            return parse_leaf(found[0]) if found else None

        def first_where(test: Callable[[Leaf], bool]) -> int:
            """The first number whose entry passes a test that, once passed, all later ones pass; absent ones pass."""
            low, high = 1, 2
            while (at := leaf(high)) is not None and not test(at):
                low, high = high, high * 2
            while low < high:
                middle = (low + high) // 2
                at = leaf(middle)
                low, high = (low, middle) if at is None or test(at) else (middle + 1, high)
            return low

        def beyond(one: Leaf) -> bool:
            return one.index >= size or (before is not None and one.time >= before)

        start, end = wire.month_start(month), wire.month_start(month + 1)
        first = first_where(lambda one: one.entry.sent >= start or beyond(one))
        after = first_where(lambda one: one.entry.sent >= end or beyond(one))
        last = first_where(beyond)
        return self._copy.run(author, max(first - 1, 1), min(after + 1, last))

    def misaddressed(self, author: str, number: int) -> files.Misaddressed:
        """Convict the author of an entry that names this cell and does not open.

        Raises:
            Refused: ``evidence.entry``, there is no such entry; ``evidence.shut``, it does not name this cell.
        """
        leaves = self._copy.run(author, number, number + 1)
        if not leaves:
            raise Refused("evidence.entry", "{author} has no entry {number} in this journal.", author=author,
                          number=number)
        leaf, me, control = parse_leaf(leaves[0]), self._keyring.code, self._control()
        entry, month = leaf.entry, wire.month_of(leaf.entry.sent)
        made = control.in_force(author, me, entry.seen_size)
        slot = slot_of(entry, control.roster_at(leaf.index), me)
        for desk in self._desks if made is not None else ():
            assert made is not None
            secret = self._keyring.secret(control.centre, made, (author, me), (month, desk))
            if secret is not None and matches(secret, entry.number, entry.body_hash, slot):
                head = self._copy.head(leaf.index)
                tag, kept = writing.write_tag(self._keyring.seed(control.centre, made, author, me), made,
                                              Pair(author, me, month, desk), control.centre)
                shut = files.Unopenable(wrap=kept.wrap.hex(),
                                        body=wire.write_base64(self._copy.record(leaf.index).body))
                return files.Misaddressed(version=1, centre=head.centre, checkpoint=head.note, tip=head.tip, to=me,
                                          desk=desk, tag=tag, entry=self._copy.placed(leaf.index, head.size),
                                          unopenable=shut)
        raise Refused("evidence.shut", "Entry {number} of {author} is not open to {member}.", number=number,
                      author=author, member=me)

    def unaddressed(self, given: files.Disclosure) -> files.Unaddressed:
        """Convict the author of a disclosed act that names this cell, in an entry whose slot for it is junk.

        Raises:
            Refused: ``evidence.pair``, no introduction was in force.
        """
        me, control = self._keyring.code, self._control()
        leaf = parse_leaf(wire.parse_base64(given.entry.leaf))
        made = control.in_force(leaf.entry.author, me, leaf.entry.seen_size)
        if made is None:
            raise Refused("evidence.pair.none", "{author} could not address {to} yet: no introduction was accepted.",
                          author=leaf.entry.author, to=me)
        desk = read_label(given.label).desk
        tag, _ = writing.write_tag(self._keyring.seed(control.centre, made, leaf.entry.author, me), made,
                                   Pair(leaf.entry.author, me, wire.month_of(leaf.entry.sent), desk), control.centre)
        return files.Unaddressed(version=1, centre=given.centre, checkpoint=given.checkpoint, tip=given.tip,
                                 entry=given.entry, seen=given.seen, act=given.act, salt=given.salt, label=given.label,
                                 committed=given.committed, to=me, tag=tag)

    def forked(self, note: str) -> files.RegistrarConviction:
        """Convict the registrar of a checkpoint that this copy does not bear out.

        Raises:
            Unavailable: ``evidence.ahead``.
        """
        return self._copy.forked(note)

    def basis(self) -> Basis:
        """This cell's own basis: what a dropped file is checked against."""
        return Basis.of(self.public())


def _counted(entries: Sequence[files.Placed], head: writing.Head, asked: files.Asked, *,
             source: writing.Source) -> files.Counted:
    """What a partner can show of another: that none of what names it openly says so."""
    month = read_month(asked.month)
    last = parse_leaf(wire.parse_base64(entries[-1].leaf)).entry if entries else None
    if last is None or last.sent < wire.month_start(month):
        raise Refused("evidence.uncounted", "{to} holds no entry of {author} that names it in or after {month}, and no "
                      "other of its entries: {author} itself can show this, from all of them.", to=asked.to,
                      author=asked.author, month=asked.month)
    return writing.write_counted(head, asked, Pair(asked.author, asked.to, month, asked.desk), entries, source=source)


def _unproved() -> Unavailable:
    return Unavailable("evidence.unproved", "The registrar has signed no checkpoint above it yet: ask again.")
