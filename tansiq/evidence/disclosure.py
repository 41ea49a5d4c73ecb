"""The disclosure of one act, or of its label alone: that the author of an entry said it."""

from __future__ import annotations

from typing import Any, NamedTuple

from tansiq import wire
from tansiq.acts import Label, act_id, label_hash
from tansiq.acts.desks import desk_of
from tansiq.acts.envelope import label_salt
from tansiq.charter import Charter
from tansiq.errors import Malformed, Untrusted
from tansiq.evidence.basis import Basis, Ground
from tansiq.evidence.files import Committed, Disclosure, LabelOnly, hashes
from tansiq.evidence.heads import read_head, read_label
from tansiq.evidence.receipt import (
    CHECKED_CHAIN,
    CHECKED_GROUND,
    CHECKED_PLACE,
    READ,
    acknowledgements,
    located,
    place_facts,
)
from tansiq.evidence.verdict import Verdict, base, grounded, name, names, reference
from tansiq.journal import Entry, Leaf
from tansiq.journal.entry import SEALED
from tansiq.languages.sentences import Sentence
from tansiq.merkle.hashes import leaf_hash
from tansiq.wire import sha256

_COMMITMENT = b"tansiq/commitment/v1\n"


class Shown(NamedTuple):
    """An act as it was shown: where it stands, its head, its label."""

    ground: Ground
    leaf: Leaf
    seen: tuple[Leaf, ...]
    head: Any
    label: Label


def commitment_of(leaf: bytes, committed: Committed) -> bytes:
    """The commitment that a leaf with this path makes.

    Raises:
        Malformed: ``evidence.position``, there is no such place; the path is not hashes.
        Untrusted: ``evidence.path``, the path is too short or too long.
    """
    position, count = committed.position, committed.count
    if not 0 <= position < count <= wire.ACTS_PER_ENVELOPE_MAX:
        raise Malformed("evidence.position", "There is no act {position} of {count} in an envelope.",
                        position=position + 1, count=count)
    root = _root_by(leaf, position, count, hashes(committed.path))
    return sha256(_COMMITMENT + count.to_bytes(2, "big") + root)


def _root_by(leaf: bytes, position: int, count: int, path: list[bytes]) -> bytes:
    """The root to which a path leads; the length of a path follows from position and count."""
    steps, at, last, here = list(path), position, count - 1, leaf
    while last:
        if at & 1 or at < last:
            if not steps:
                raise Untrusted("evidence.path", "The path of the act does not lead to the entry's commitment.")
            beside = steps.pop(0)
            here = sha256(b"\x01" + (beside + here if at & 1 else here + beside))
        at, last = at >> 1, last >> 1
    if steps:
        raise Untrusted("evidence.path", "The path of the act does not lead to the entry's commitment.")
    return here


def require_committed(entry: Entry, leaf: bytes, committed: Committed) -> None:
    """Hold that the entry commits to an act's leaf at its place.

    Raises:
        Untrusted: ``evidence.sealed``, an open entry commits to nothing; ``evidence.commitment``.
    """
    if entry.kind != SEALED:
        raise Untrusted("evidence.sealed", "An open entry commits to no act.")
    if commitment_of(leaf, committed) != entry.commitment:
        raise Untrusted("evidence.commitment", "The act, its salt or its label is not the one that the entry commits "
                                               "to.")


def shown(evidence: Disclosure, basis: Basis) -> Shown:
    """Check a disclosed act up to its entry's commitment and place.

    Raises:
        Malformed, Untrusted: what does not hold, by name.
    """
    ground, leaf, seen = located(evidence, basis)
    salt, head, label = wire.parse_hash(evidence.salt), read_head(evidence.act.encode()), read_label(evidence.label)
    hashed = label_hash(label_salt(salt), evidence.label.encode())
    require_committed(leaf.entry, leaf_hash(hashed + act_id(salt, evidence.act.encode())), evidence.committed)
    if (label.kind, label.topic) != (head.kind, head.topic):
        raise Untrusted("evidence.label", "The label does not fit its act: the author committed to a false one, and "
                                          "the act is void.")
    if head.author != leaf.entry.author:
        raise Untrusted("evidence.author", "The act names {given} as its author; {due} signed the entry.",
                        given=head.author[:8], due=leaf.entry.author)
    if label.desk != (desk_of(head.kind) or label.desk):
        raise Untrusted("evidence.desk", "An act of the kind {kind} does not lie on that desk: it is void.",
                        kind=head.kind)
    return Shown(ground, leaf, seen, head, label)


def verify_disclosure(evidence: Disclosure, basis: Basis) -> Verdict:
    """Check a disclosed act.

    Raises:
        Malformed, Untrusted: what does not hold, by name.
    """
    it = shown(evidence, basis)
    charter, entry = it.ground.control.charter, it.leaf.entry
    proved = Sentence("{author} said this act, {kind}, to {release}: act {position} of {count} in its entry {entry}, "
                      "ordered {time_ms}; {ground}.", {
                          "author": name(charter, entry.author), "kind": it.head.kind,
                          "release": names(charter, it.head.release), "position": evidence.committed.position + 1,
                          "count": evidence.committed.count, "entry": reference(entry), "time_ms": it.leaf.time,
                          "ground": grounded(it.ground)})
    facts = place_facts(it.leaf, it.seen) | {"act": evidence.act, "kind": it.head.kind, "topic": it.head.topic,
                                             "release": list(it.head.release), "desk": it.label.desk}
    return Verdict(evidence="disclosure", proved=proved, besides=acknowledgements(it.ground, it.leaf, it.seen),
                   not_proved=(TRUE, READ, OPENED, REST), checked=(CHECKED_CHAIN, CHECKED_GROUND, CHECKED_PLACE,
                                                                  CHECKED_ACT), facts=facts, **base(it.ground))


def verify_label(evidence: LabelOnly, basis: Basis) -> Verdict:
    """Check a label that is shown without its act.

    Raises:
        Malformed, Untrusted: what does not hold, by name.
    """
    ground, leaf, seen = located(evidence, basis)
    label = read_label(evidence.label)
    hashed = label_hash(wire.parse_hash(evidence.label_salt), evidence.label.encode())
    require_committed(leaf.entry, leaf_hash(hashed + wire.parse_hash(evidence.act)), evidence.committed)
    proved = Sentence("{author} said an act, {labelled}, as act {position} of {count} in its entry {entry}, ordered "
                      "{time_ms}; {ground}.", {
                          "author": name(ground.control.charter, leaf.entry.author),
                          "labelled": labelled(label, ground.control.charter),
                          "position": evidence.committed.position + 1, "count": evidence.committed.count,
                          "entry": reference(leaf.entry), "time_ms": leaf.time, "ground": grounded(ground)})
    facts = place_facts(leaf, seen) | {"kind": label.kind, "topic": label.topic, "desk": label.desk}
    return Verdict(evidence="label", proved=proved, besides=acknowledgements(ground, leaf, seen),
                   not_proved=(WORDS, TO_WHOM, VALID, REST), checked=(CHECKED_CHAIN, CHECKED_GROUND, CHECKED_PLACE,
                                                                     CHECKED_LABEL), facts=facts, **base(ground))


def labelled(label: Label, charter: Charter) -> Sentence:
    """A label as part of a sentence."""
    if label.topic is None:
        return Sentence("of the kind {kind}", {"kind": label.kind})
    return Sentence("of the kind {kind} about {topic}", {"kind": label.kind, "topic": topic(label.topic, charter)})


def topic(given: str, charter: Charter) -> dict[str, str]:
    """The name of a topic: of a kind of support, by language; else as it stands."""
    support = charter.support_of(given)
    return {"": given} if support is None else dict(support.name)


TRUE = Sentence("It does not show that what was said is true.")
OPENED = Sentence("It does not show that every member named could open it, unless that member says so above.")
REST = Sentence("It shows nothing else that was said in the same entry, or anywhere.")
WORDS = Sentence("It does not show the words of the act.")
TO_WHOM = Sentence("It does not show to whom it was said.")
VALID = Sentence("It does not show that the label fits the act: only its readers can tell.")
CHECKED_ACT = Sentence("Act, salt and label are those that the entry commits to; the label fits the act.")
CHECKED_LABEL = Sentence("The label is the one that the entry commits to.")

