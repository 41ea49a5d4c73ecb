"""Writing evidence: pure functions that put together what a copy of the journal, or a reader of an act, holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from tansiq import wire
from tansiq.acts import SaltedAct, act_id
from tansiq.acts.envelope import label_salt
from tansiq.errors import TansiqError
from tansiq.evidence.addressing import Pair, Segment, matching, opened_acts, segments_of
from tansiq.evidence.files import (
    Absence,
    Addressed,
    Asked,
    Committed,
    Counted,
    Disclosure,
    Labelled,
    LabelOnly,
    OpenEntry,
    Placed,
    Public,
    Receipt,
    Tag,
    Unopenable,
    hexes,
)
from tansiq.evidence.run import Run, read_entries, read_run
from tansiq.journal import Record, parse_entry, parse_leaf
from tansiq.keys.pairs import PairSecret, TagTree, pair_secret
from tansiq.keys.slots import unwrap
from tansiq.merkle import signed
from tansiq.merkle.hashes import node_hash
from tansiq.registrar.control import Control, Introduced, present


class Head(NamedTuple):
    """A checkpoint to write on: its size, its note with the cosignatures of those who may, and its last leaf."""

    centre: str
    size: int
    note: str
    tip: Placed


class Seeds(Protocol):
    """What derives a pair's seed under an introduction."""

    def __call__(self, made: Introduced) -> bytes:
        """The 32-byte seed."""


def write_head_note(note: bytes, cosignatures: dict[str, tuple[int, bytes]], control: Control, size: int) -> str:
    """Put the registrar's signature and the cosignatures of unsuspended members under one text, by their codes."""
    keys = present(control.roster_at(size))
    lines = []
    for code in sorted(keys.keys() & cosignatures.keys()):
        name = signed.member_name(control.centre, code)
        lines.append(signed.Signature(name, signed.key_id(name, signed.COSIGNED, keys[code]), cosignatures[code][1]))
    given = signed.parse_note(note)
    return signed.write_note(signed.Note(given.text, (given.signatures[0], *lines))).decode()


def write_public(head: Head, records: Iterable[Record]) -> Public:
    """The public part: every open entry below the head's size, in the journal's order."""
    chain = tuple(OpenEntry(leaf=wire.write_base64(one.leaf), body=one.body.decode()) for one in records)
    return Public(version=1, centre=head.centre, checkpoint=head.note, tip=head.tip, chain=chain)


def write_receipt(head: Head, entry: Placed, seen: Sequence[Placed]) -> Receipt:
    """The receipt of an entry, with later entries of others that had seen it, one of each by code."""
    placed = sorted(seen, key=lambda one: parse_leaf(wire.parse_base64(one.leaf)).entry.author)
    return Receipt(version=1, centre=head.centre, checkpoint=head.note, tip=head.tip, entry=entry, seen=tuple(placed))


def write_disclosure(receipt: Receipt, acts: Sequence[SaltedAct], position: int) -> Disclosure:
    """Disclose one act of an envelope; the others stay closed."""
    act = acts[position]
    return Disclosure(version=1, centre=receipt.centre, checkpoint=receipt.checkpoint, tip=receipt.tip,
                      entry=receipt.entry, seen=receipt.seen, act=act.data.decode(), salt=act.salt.hex(),
                      label=act.label.decode(), committed=_committed(acts, position))


def write_label(receipt: Receipt, acts: Sequence[SaltedAct], position: int) -> LabelOnly:
    """Show the label of one act, and nothing of its words."""
    act = acts[position]
    return LabelOnly(version=1, centre=receipt.centre, checkpoint=receipt.checkpoint, tip=receipt.tip,
                     entry=receipt.entry, seen=receipt.seen, act=act.id.hex(), label=act.label.decode(),
                     label_salt=label_salt(act.salt).hex(), committed=_committed(acts, position))


def write_taken(receipt: Receipt, given: Disclosure) -> Disclosure:
    """Disclose again, under a newer receipt, what another reader disclosed."""
    return Disclosure(version=1, centre=receipt.centre, checkpoint=receipt.checkpoint, tip=receipt.tip,
                      entry=receipt.entry, seen=receipt.seen, act=given.act, salt=given.salt, label=given.label,
                      committed=given.committed)


def label_of(given: Disclosure) -> LabelOnly:
    """The label of an act that was disclosed, and nothing of its words."""
    salt = wire.parse_hash(given.salt)
    return LabelOnly(version=1, centre=given.centre, checkpoint=given.checkpoint, tip=given.tip, entry=given.entry,
                     seen=given.seen, act=act_id(salt, given.act.encode()).hex(), label=given.label,
                     label_salt=label_salt(salt).hex(), committed=given.committed)


def _committed(acts: Sequence[SaltedAct], position: int) -> Committed:
    leaves = [act.leaf for act in acts]
    return Committed(position=position, count=len(acts), path=hexes(branch(leaves, position)))


def branch(leaves: Sequence[bytes], position: int) -> list[bytes]:
    """The path of one leaf in a small RFC 6962 tree, lowest first."""
    path, at, level = [], position, list(leaves)
    while len(level) > 1:
        if at ^ 1 < len(level):
            path.append(level[at ^ 1])
        paired = [node_hash(level[n], level[n + 1]) for n in range(0, len(level) - 1, 2)]
        level = paired + ([level[-1]] if len(level) % 2 else [])
        at >>= 1
    return path


def write_tag(seed: bytes, made: Introduced, pair: Pair, centre: bytes) -> tuple[Tag, PairSecret]:
    """The tag secret of a pair's month and desk with its path, and W, which stays here."""
    tree = TagTree(centre, seed, pair.author, pair.to, made.body.first)
    secret = pair_secret(centre, seed, frm=pair.author, to=pair.to, month=pair.month, desk=pair.desk)
    return Tag(introduction=made.number, tag=secret.tag.hex(), wrap_hash=wire.sha256(secret.wrap).hex(),
               path=hexes(tree.path(pair.month, pair.desk))), secret


class Source(NamedTuple):
    """What an absence is written from: control, the seeds of the pair, and the body of an entry by its id."""

    control: Control
    seed: Seeds
    body: Callable[[str, int], bytes]


def write_absence(head: Head, asked: Asked, pair: Pair, leaves: Sequence[bytes], last: Placed, *,
                  source: Source) -> Absence:
    """Write a certificate of absence from an author's run of leaves; whether it proves anything is for the check to
    say.

    Raises:
        Untrusted: the run does not hold.
    """
    run = read_run(b"".join(leaf[48:-64] for leaf in leaves), centre=source.control.centre, author=pair.author)
    tags, addressed = _answers(run, pair, source)
    return Absence(version=1, centre=head.centre, checkpoint=head.note, tip=head.tip, asked=asked, tags=tags,
                   run=wire.write_base64(run.data), last=last, addressed=addressed)


def write_counted(head: Head, asked: Asked, pair: Pair, entries: Sequence[Placed], *, source: Source) -> Counted:
    """Write a certificate of absence from an author's entries that name a partner; see ``write_absence``.

    Raises:
        Malformed, Untrusted: the entries do not hold.
    """
    leaves = [wire.parse_base64(one.leaf) for one in entries]
    run = read_entries(b"".join(leaf[48:-64] for leaf in leaves), centre=source.control.centre, author=pair.author)
    tags, addressed = _answers(run, pair, source)
    return Counted(version=1, centre=head.centre, checkpoint=head.note, tip=head.tip, asked=asked, tags=tags,
                   entries=tuple(entries), addressed=addressed)


def _answers(run: Run, pair: Pair, source: Source) -> tuple[tuple[Tag, ...], tuple[Addressed, ...]]:
    """The tag secrets that the month needs, and what is shown of each entry that they match."""
    start, end = wire.month_start(pair.month), wire.month_start(pair.month + 1)
    within = range(int((run.sent < start).sum()), int((run.sent < end).sum()))
    tags: dict[int, tuple[Tag, PairSecret]] = {}
    addressed: list[Addressed] = []
    for segment in segments_of(run, within, source.control, pair):
        number = segment.made.number
        if number not in tags:
            tags[number] = write_tag(source.seed(segment.made), segment.made, pair, source.control.centre)
        addressed += _addressed(run, segment, tags[number][1], pair, source)
    return tuple(tags[number][0] for number in sorted(tags)), tuple(addressed)


def _addressed(run: Run, segment: Segment, secret: PairSecret, pair: Pair, source: Source) -> list[Addressed]:
    made = []
    for n, slot in matching(run, segment, secret.tag, pair.to).items():
        entry = parse_entry(run.signed(n) + bytes(64))
        body = source.body(entry.author, entry.number)
        try:
            key = unwrap(secret, entry.number, entry.body_hash, slot)
            acts = opened_acts(body, entry, key, pair.desk)
        except TansiqError:
            shut = Unopenable(wrap=secret.wrap.hex(), body=wire.write_base64(body))
            made.append(Addressed(number=entry.number, labels=None, unopenable=shut))
            continue
        labels = tuple(Labelled(act=act.id.hex(), label=act.label.decode(), label_salt=label_salt(act.salt).hex())
                       for act in acts)
        made.append(Addressed(number=entry.number, labels=labels, unopenable=None))
    return made
