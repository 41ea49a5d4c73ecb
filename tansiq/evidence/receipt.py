"""The receipt: that an entry has its place in the journal, and who had verified that far since."""

from __future__ import annotations

from collections.abc import Sequence

from tansiq import wire
from tansiq.errors import Untrusted
from tansiq.evidence.basis import Basis, Ground, require_signed
from tansiq.evidence.files import Placed, Receipt, hashes
from tansiq.evidence.verdict import Verdict, base, grounded, name, reference
from tansiq.journal import Leaf, parse_leaf
from tansiq.journal.entry import SEALED
from tansiq.languages.sentences import Sentence
from tansiq.merkle.hashes import leaf_hash
from tansiq.merkle.proofs import verify_inclusion


def place(placed: Placed, ground: Ground) -> Leaf:
    """Check that a leaf stands under the ground's root, and that its author signed it.

    Raises:
        Malformed: the leaf or its path.
        Untrusted: ``proof.inclusion``, ``entry.signature`` and the like.
    """
    data = wire.parse_base64(placed.leaf)
    leaf = parse_leaf(data)
    verify_inclusion(leaf_hash(data), index=leaf.index, size=ground.size, path=hashes(placed.path), root=ground.root)
    require_signed(leaf, ground.control)
    return leaf


def require_centre(centre: str, basis: Basis) -> None:
    """Hold that a file speaks of the centre whose charter is at hand.

    Raises:
        Untrusted: ``evidence.centre``.
    """
    if wire.parse_hash(centre) != basis.centre:
        raise Untrusted("evidence.elsewhere", "The file speaks of the centre {given}; the charter is that of {due}.",
                        given=centre[:16], due=basis.centre.hex()[:16])


def located(evidence: Receipt, basis: Basis) -> tuple[Ground, Leaf, tuple[Leaf, ...]]:
    """Check the part of a file that is a receipt: its ground, its entry, and the later entries that had seen it.

    Raises:
        Malformed, Untrusted: what does not hold.
    """
    require_centre(evidence.centre, basis)
    ground = basis.stand(evidence.checkpoint, evidence.tip)
    leaf = place(evidence.entry, ground)
    seen = tuple(place(one, ground) for one in evidence.seen)
    authors = [one.entry.author for one in seen]
    if authors != sorted(set(authors)) or leaf.entry.author in authors:
        raise Untrusted("evidence.seen.order", "Those who had seen the entry stand once each, by their codes, "
                                               "without its author.")
    for one in seen:
        if one.entry.seen_size <= leaf.index or one.index <= leaf.index:
            raise Untrusted("evidence.seen", "{author} had not seen the entry when it signed entry {number}.",
                            author=one.entry.author, number=one.entry.number)
    return ground, leaf, seen


def acknowledgements(ground: Ground, leaf: Leaf, seen: Sequence[Leaf]) -> tuple[Sentence, ...]:
    """What a receipt shows besides: not earlier than, and who had verified everything below some place."""
    charter = ground.control.charter
    earliest = Sentence("{author} sealed it after it had verified the first {seen} entries, and dated it {sent_ms}.",
                        {"author": name(charter, leaf.entry.author), "seen": leaf.entry.seen_size,
                         "sent_ms": leaf.entry.sent})
    return (earliest, *(Sentence(
        "{member} says by its entry {entry} of {sent_ms} that it had verified everything below place {seen}.",
        {"member": name(charter, one.entry.author), "entry": reference(one.entry), "sent_ms": one.entry.sent,
         "seen": one.entry.seen_size}) for one in seen))


def place_facts(leaf: Leaf, seen: Sequence[Leaf]) -> dict[str, object]:
    """Values of a receipt for pages."""
    return {"author": leaf.entry.author, "number": leaf.entry.number, "index": leaf.index, "time_ms": leaf.time,
            "entry": leaf.entry.id.hex(), "seen_by": [one.entry.author for one in seen]}


CHECKED_PLACE = Sentence("The entry stands at its place under the root, and its author's signature holds.")
CHECKED_GROUND = Sentence("The root is signed by the registrar whose mandate was in force; every cosignature shown "
                          "holds.")
CHECKED_CHAIN = Sentence("The chain of open entries below it is whole: charter, keys and introductions are those in "
                         "force.")


def verify_receipt(evidence: Receipt, basis: Basis) -> Verdict:
    """Check a receipt.

    Raises:
        Malformed, Untrusted: what does not hold, by name.
    """
    ground, leaf, seen = located(evidence, basis)
    proved = Sentence("Entry {entry} of {author} stands at place {index} of the "
                      "journal, ordered {time_ms}; {ground}.", {
        "entry": reference(leaf.entry), "author": name(ground.control.charter, leaf.entry.author), "index": leaf.index,
        "time_ms": leaf.time, "ground": grounded(ground)})
    sealed = leaf.entry.kind == SEALED
    silent = Sentence("It does not show what the entry says, nor to whom.") if sealed else Sentence(
        "It does not show that the open entry is still in force.")
    return Verdict(evidence="receipt", proved=proved, besides=acknowledgements(ground, leaf, seen),
                   not_proved=(silent, READ), checked=(CHECKED_CHAIN, CHECKED_GROUND, CHECKED_PLACE),
                   facts=place_facts(leaf, seen), **base(ground))


READ = Sentence("It does not show that a person has read it: only that cells had verified it.")
