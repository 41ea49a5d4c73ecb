"""To whom an entry is addressed, told by a tag secret; and whether its body opens."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tansiq import wire
from tansiq.acts import Label, SaltedAct, commitment, open_body
from tansiq.errors import Malformed, TansiqError, Untrusted
from tansiq.evidence.files import Tag, Unopenable, hashes
from tansiq.evidence.heads import read_head
from tansiq.evidence.run import Run
from tansiq.journal import Entry
from tansiq.journal.entry import SEALED
from tansiq.keys.pairs import MONTHS, PairSecret, TagPlace, verify_tag_path
from tansiq.keys.rosters import Roster
from tansiq.keys.slots import TAG_BYTES, unwrap
from tansiq.registrar.control import Control, Introduced
from tansiq.wire import code_bytes


class Pair(NamedTuple):
    """A pair's month and desk: whose entries, addressed to whom."""

    author: str
    to: str
    month: int
    desk: int


class Segment(NamedTuple):
    """Neighbours of a run that were sealed for one roster, under one introduction."""

    entries: range
    roster: Roster
    made: Introduced


def require_tag(tag: Tag, made: Introduced, pair: Pair) -> bytes:
    """Hold that a tag secret is the one introduced for that month and desk; gives T.

    Raises:
        Untrusted: ``introduction.path``; ``evidence.tag.missing``, it is of another introduction than the one in
            force; ``evidence.tag.outside``.
        Malformed: lengths.
    """
    if tag.introduction != made.number:
        raise Untrusted("evidence.tag.missing", "The tag secret under introduction {number} of {author} is not shown.",
                        number=made.number, author=pair.author)
    named = made.body.pair(pair.to)
    if named is None or not 0 <= pair.month - made.body.first < MONTHS:
        raise Untrusted("evidence.tag.outside", "The introduction in force does not reach this pair in this month.")
    secret = wire.parse_hash(tag.tag)
    verify_tag_path(TagPlace(wire.parse_hash(named.root), made.body.first, pair.month, pair.desk), hashes(tag.path),
                    tag=secret, wrap_hash=wire.parse_hash(tag.wrap_hash))
    return secret


def find_addressed(run: Run, within: range, control: Control, pair: Pair,
                   tags: Sequence[Tag]) -> dict[int, tuple[bytes, Tag]]:
    """Which entries of a run name the pair's receiver: their place in the run, to the slot that does and its secret.

    Raises:
        Untrusted: ``evidence.tag.missing``, ``evidence.tag.extra``, ``introduction.path``, ``evidence.run.roster``.
    """
    given = {tag.introduction: tag for tag in tags}
    if [tag.introduction for tag in tags] != sorted(given):
        raise Malformed("evidence.tags", "The tag secrets stand once each, by the author's introductions.")
    segments = segments_of(run, within, control, pair)
    needed = {segment.made.number: segment.made for segment in segments}
    for number in given:
        if number not in needed:
            raise Untrusted("evidence.tag.extra", "The tag secret under introduction {number} is not needed here.",
                            number=number)
    secrets: dict[int, bytes] = {}
    for number, made in needed.items():
        if number not in given:
            raise Untrusted("evidence.tag.missing", "The tag secret under introduction {number} of {author} is not "
                                                    "shown.",
                            number=number, author=pair.author)
        secrets[number] = require_tag(given[number], made, pair)
    found: dict[int, tuple[bytes, Tag]] = {}
    for segment in segments:
        number = segment.made.number
        found |= {n: (slot, given[number]) for n, slot in matching(run, segment, secrets[number], pair.to).items()}
    return found


def segments_of(run: Run, within: range, control: Control, pair: Pair) -> list[Segment]:
    """Cut a run where the roster changes or another introduction comes into force.

    Entries for which none is in force are left out: whose author could not address the receiver, and did not.

    Raises:
        Untrusted: ``evidence.run.roster``.
    """
    if not within:
        return []
    span = slice(within.start, within.stop)
    edges = {within.start, within.stop}
    edges |= {within.start + 1 + int(n) for n in np.flatnonzero(np.diff(run.rosters[span]))}
    for accepted, _ in control.accepts.get((pair.author, pair.to), ()):
        edges.add(within.start + int(np.searchsorted(run.seen[span], accepted, side="right")))
    made = []
    for start, stop in pairwise(sorted(edges)):
        introduced = control.in_force(pair.author, pair.to, int(run.seen[start]))
        if introduced is None or not 0 <= pair.month - introduced.body.first < MONTHS:
            continue
        number = int(run.rosters[start])
        if number >= len(control.rosters):
            raise _roster(number)
        made.append(Segment(range(start, stop), control.rosters[number][1], introduced))
    return made


def matching(run: Run, segment: Segment, secret: bytes, to: str) -> dict[int, bytes]:
    """The entries of a segment whose tag names *to*, and the slots that do.

    HMAC-SHA256 under one key is two hashes that begin alike: begun once, each costs half of a call.
    """
    key = secret.ljust(64, b"\0")
    inner, outer = sha256(bytes(byte ^ 0x36 for byte in key)), sha256(bytes(byte ^ 0x5C for byte in key))
    codes = segment.roster.codes
    width, position = len(codes), codes.index(to) if to in codes else None
    named, found, kinds = code_bytes(to), dict[int, bytes](), run.kinds.tolist()
    for n in segment.entries:
        if kinds[n] != SEALED:
            continue
        if run.data[run.at[n] + 202] != width:
            raise _roster(segment.roster.index)
        slot = run.slot(n, position) if position is not None else run.partner_slot(n, named)
        hashed, closed = inner.copy(), outer.copy()
        hashed.update(run.place(n))
        closed.update(hashed.digest())
        if slot and slot[:TAG_BYTES] == closed.digest()[:TAG_BYTES]:
            found[n] = slot
    return found


def _roster(number: int) -> Untrusted:
    return Untrusted("evidence.run.roster", "The run names roster {given}, which does not fit.", given=number)


def opened_acts(body: bytes, entry: Entry, key: bytes, desk: int) -> list[SaltedAct]:
    """Open a body and give each act with its salt, its label made from its head.

    Raises:
        Untrusted: ``slot.unopenable``; ``act.commitment``, the entry commits to other acts or labels.
        Malformed: ``act.malformed``.
    """
    opened = open_body(body, key, centre=entry.centre, author=entry.author, number=entry.number)
    found = []
    for salt, data in opened.acts:
        head = read_head(data)
        label = wire.write(Label(desk=desk, kind=head.kind, topic=head.topic))
        found.append(SaltedAct(salt, data, label))
    if commitment(found) != entry.commitment:
        raise Untrusted("act.commitment", "The entry commits to other acts than its body holds.")
    return found


def require_unopenable(given: Unopenable, entry: Entry, slot: bytes, tag: Tag, *, desk: int) -> None:
    """Hold that the wrap secret introduced with a tag opens no body as the spec says: so nobody could read it.

    Raises:
        Untrusted: ``evidence.wrap``, W is another; ``evidence.body``, the body is another; ``evidence.opens``, it
        opens.
    """
    secret, body = wire.parse_hash(given.wrap), wire.parse_base64(given.body)
    if wire.sha256(secret) != wire.parse_hash(tag.wrap_hash):
        raise Untrusted("evidence.wrap", "The wrap secret is not the one that was introduced with the tag secret.")
    if len(body) != entry.body_size or wire.sha256(body) != entry.body_hash:
        raise Untrusted("evidence.body.other", "The body is not the one that entry {number} names.",
                        number=entry.number)
    key = unwrap(PairSecret(wire.parse_hash(tag.tag), secret), entry.number, entry.body_hash, slot)
    try:
        opened_acts(body, entry, key, desk)
    except TansiqError:
        return
    raise Untrusted("evidence.opens", "The body opens as it must: nobody is convicted of it.")
