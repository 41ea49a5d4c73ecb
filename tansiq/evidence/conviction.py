"""Convictions: that a registrar, a member or an author broke its word. Each shows two things that cannot both be
honest."""

from __future__ import annotations

from tansiq import wire
from tansiq.errors import Malformed, Untrusted
from tansiq.evidence.addressing import Pair, require_tag, require_unopenable
from tansiq.evidence.basis import Basis, read_note
from tansiq.evidence.disclosure import shown
from tansiq.evidence.files import (
    AuthorConviction,
    MemberConviction,
    Misaddressed,
    Ordered,
    RegistrarConviction,
    Unaddressed,
    hashes,
)
from tansiq.evidence.receipt import CHECKED_CHAIN, CHECKED_GROUND, CHECKED_PLACE, place, require_centre
from tansiq.evidence.verdict import Verdict, base, grounded, name, reference
from tansiq.journal import Entry, Leaf
from tansiq.journal.entry import SEALED, SLOT_BYTES
from tansiq.keys.pairs import PairSecret
from tansiq.keys.rosters import Roster
from tansiq.keys.slots import matches
from tansiq.languages.sentences import Sentence
from tansiq.merkle import signed
from tansiq.merkle.promises import HEADING, Promise, parse_promise
from tansiq.merkle.proofs import verify_consistency
from tansiq.registrar.control import Control, Introduced


def verify_registrar(evidence: RegistrarConviction, basis: Basis) -> Verdict:
    """Check that one registrar signed two checkpoints that no journal has both.

    Raises:
        Malformed, Untrusted: what does not hold; ``evidence.consistent``, the two agree.
    """
    require_centre(evidence.centre, basis)
    first, second = _registered(evidence.first, basis), _registered(evidence.second, basis)
    if first.origin != second.origin:
        raise Untrusted("evidence.origins", "The two checkpoints are of two mandates: {first} and {second}.",
                        first=first.origin, second=second.origin)
    if not 1 <= first.size <= second.size:
        raise Untrusted("evidence.order", "The smaller checkpoint stands first, and has at least one entry.")
    instead = wire.parse_hash(evidence.instead)
    if first.size == second.size and instead != second.root:
        raise Untrusted("proof.consistency", "The journal of size {new} does not begin with the one of size {old}.",
                        new=second.size, old=first.size)
    verify_consistency(old_size=first.size, old_root=instead, new_size=second.size, new_root=second.root,
                       path=hashes(evidence.path))
    if instead == first.root:
        raise Untrusted("evidence.consistent", "The two checkpoints agree: nobody is convicted.")
    proved = Sentence("The registrar under mandate {mandate} signed two journals: at {first} entries its own journal "
                      "of {second} entries has another root than the one it signed.",
                      {"mandate": int(first.origin.rpartition("/")[2]), "first": first.size, "second": second.size})
    return Verdict(evidence="conviction-registrar", centre=basis.centre.hex(), proved=proved,
                   not_proved=(WHY, Sentence("It does not show which of the two journals the members hold.")),
                   checked=(Sentence("Both checkpoints are signed by the registrar's key under the same mandate."),
                            Sentence("The path leads from the other root to the second checkpoint.")),
                   facts={"first": first.size, "second": second.size})


def _registered(text: str, basis: Basis) -> signed.Checkpoint:
    """A checkpoint that a registrar of this centre signed, alone."""
    note = read_note(text)
    given = signed.parse_checkpoint(note.text)
    stem, _, version = given.origin.rpartition("/")
    keys = basis.registrars()
    if stem != f"tansiq/{basis.centre.hex()}" or version not in {str(known) for known in keys}:
        raise Untrusted("evidence.origin", "The checkpoint is of another centre, or of none: {given}.",
                        given=given.origin[:100])
    if len(note.signatures) != 1:
        raise Malformed("evidence.lines", "The note is signed by one alone, where it convicts.")
    signed.verify_text(note, given.origin, keys[int(version)])
    return given


def verify_member(evidence: MemberConviction, basis: Basis) -> Verdict:
    """Check that a member's promise is contradicted by another promise, or by a cosignature it had given.

    Raises:
        Malformed, Untrusted: what does not hold; ``evidence.consistent``, the two agree.
    """
    require_centre(evidence.centre, basis)
    promise = _promised(evidence.promise, evidence.member, basis)
    facts = {"author": evidence.member, "version": promise.version}
    fields = {"member": name(basis.ground.control.charter, evidence.member), "version": promise.version}
    if evidence.other.startswith(HEADING):
        other = _promised(evidence.other, evidence.member, basis)
        if other.version != promise.version or evidence.promise >= evidence.other or promise == other:
            raise Untrusted("evidence.consistent", "The two notes agree: nobody is convicted.")
        proved = Sentence("{member} signed two promises for mandate {version} that differ.", fields)
    else:
        version, size = _cosigned(evidence.other, evidence.member, basis)
        if version >= promise.version or (version, size) <= promise.named[:2]:
            raise Untrusted("evidence.consistent", "The two notes agree: nobody is convicted.")
        fields |= {"named": promise.named.size, "size": size}
        proved = Sentence("{member} promised for mandate {version} that {named} entries were the most it had "
                          "cosigned, and had cosigned {size}.", fields)
    return Verdict(evidence="conviction-member", centre=basis.centre.hex(), proved=proved, not_proved=(WHY,),
                   checked=(Sentence("Both notes are signed by a key that the member had in the centre."),),
                       facts=facts)


def _promised(text: str, member: str, basis: Basis) -> Promise:
    note = read_note(text)
    _require_line(note, member, basis)
    promise = parse_promise(note.text)
    if promise.centre != basis.centre:
        raise Untrusted("evidence.origin", "The checkpoint is of another centre, or of none: {given}.",
                        given=promise.centre.hex())
    keys = basis.signing_keys(member)
    public = next((key for key in keys if _line_key(note, member, basis, key) == note.signatures[0].key_id), keys[-1])
    signed.verify_text(note, signed.member_name(basis.centre, member), public)
    return promise


def _require_line(note: signed.Note, member: str, basis: Basis) -> None:
    if len(note.signatures) != 1:
        raise Malformed("evidence.lines", "The note is signed by one alone, where it convicts.")
    name_ = signed.member_name(basis.centre, member)
    if note.signatures[0].name != name_:
        raise Untrusted("note.signature", "The note is not signed by {name}.", name=name_)


def _line_key(note: signed.Note, member: str, basis: Basis, public: bytes) -> bytes:
    kind = signed.SIGNED if note.text.startswith(HEADING) else signed.COSIGNED
    return signed.key_id(signed.member_name(basis.centre, member), kind, public)


def _cosigned(text: str, member: str, basis: Basis) -> tuple[int, int]:
    """Mandate and size of a checkpoint that a member cosigned; its registrar's signature is not asked for."""
    note = read_note(text)
    _require_line(note, member, basis)
    given = signed.parse_checkpoint(note.text)
    stem, _, version = given.origin.rpartition("/")
    if stem != f"tansiq/{basis.centre.hex()}" or not (version.isascii() and version.isdecimal()):
        raise Untrusted("evidence.origin", "The checkpoint is of another centre, or of none: {given}.",
                        given=given.origin[:100])
    keys = basis.signing_keys(member)
    public = next((key for key in keys if _line_key(note, member, basis, key) == note.signatures[0].key_id), keys[-1])
    signed.verify_cosignature(note.text, note.signatures[0], signed.member_name(basis.centre, member), public)
    return int(version), given.size


def verify_misaddressed(evidence: Misaddressed, basis: Basis) -> Verdict:
    """Check that an entry is addressed to a member by a valid tag, and that its body does not open for it.

    Raises:
        Malformed, Untrusted: what does not hold; ``evidence.opens``, it opens.
    """
    require_centre(evidence.centre, basis)
    ground = basis.stand(evidence.checkpoint, evidence.tip)
    leaf = place(evidence.entry, ground)
    made, slot = _addressing(leaf, evidence.to, ground.control)
    pair = Pair(leaf.entry.author, evidence.to, wire.month_of(leaf.entry.sent), evidence.desk)
    secret = require_tag(evidence.tag, made, pair)
    if not _matches(secret, leaf.entry, slot):
        raise Untrusted("evidence.unaddressed", "The entry is not addressed to {to} on this desk.", to=evidence.to)
    require_unopenable(evidence.unopenable, leaf.entry, slot, evidence.tag, desk=evidence.desk)
    charter = ground.control.charter
    proved = Sentence("{author} addressed its entry {entry} to "
                      "{to}, and sealed in it what {to} cannot open; {ground}.", {
        "author": name(charter, leaf.entry.author), "entry": reference(leaf.entry), "to": name(charter, evidence.to),
        "ground": grounded(ground)})
    return Verdict(evidence="conviction-misaddressed", proved=proved,
                   not_proved=(WHY, Sentence("It opens what this pair said in that month on that desk to whoever "
                                             "holds the entries, and nothing else.")),
                   checked=(CHECKED_CHAIN, CHECKED_GROUND, CHECKED_PLACE, CHECKED_SECRET,
                            Sentence("The key in the slot opens no body as the entry promises.")),
                   facts={"author": leaf.entry.author, "to": evidence.to, "number": leaf.entry.number}, **base(ground))


def verify_unaddressed(evidence: Unaddressed, basis: Basis) -> Verdict:
    """Check that an act's release names a member whose slot in its entry is junk.

    Raises:
        Malformed, Untrusted: what does not hold; ``evidence.addressed.well``, the slot is good.
    """
    it = shown(evidence, basis)
    leaf, to = it.leaf, evidence.to
    if to not in it.head.release:
        raise Untrusted("evidence.release", "The act's release does not name {to}.", to=to)
    made, slot = _addressing(leaf, to, it.ground.control)
    secret = require_tag(evidence.tag, made, Pair(leaf.entry.author, to, wire.month_of(leaf.entry.sent), it.label.desk))
    if _matches(secret, leaf.entry, slot):
        raise Untrusted("evidence.addressed.well", "The slot of {to} names it as it must: nobody is convicted.", to=to)
    charter = it.ground.control.charter
    proved = Sentence("{author} named {to} among the readers of an act in its entry {entry}, and did not address it to "
                      "{to}; {ground}.", {
                          "author": name(charter, leaf.entry.author), "to": name(charter, to),
                          "entry": reference(leaf.entry), "ground": grounded(it.ground)})
    return Verdict(evidence="conviction-unaddressed", proved=proved, not_proved=(WHY,),
                   checked=(CHECKED_CHAIN, CHECKED_GROUND, CHECKED_PLACE, CHECKED_SECRET),
                   facts={"author": leaf.entry.author, "to": to, "number": leaf.entry.number}, **base(it.ground))


def verify_author(evidence: AuthorConviction, basis: Basis) -> Verdict:
    """Check that an author has two settled entries with one number.

    Raises:
        Malformed, Untrusted: what does not hold; ``evidence.unsettled``, one of them is no part of a settled journal;
            ``evidence.same``, they are one entry, or have two numbers or authors.
    """
    require_centre(evidence.centre, basis)
    first, second = _settled(evidence.first, basis), _settled(evidence.second, basis)
    one, two = first.entry, second.entry
    if (one.author, one.number) != (two.author, two.number) or one.id >= two.id:
        raise Untrusted("evidence.same", "These are not two entries of one author with one number, each once, by "
                                         "their ids.")
    proved = Sentence("{author} signed two entries with the number {number}, and both are settled.", {
        "author": name(basis.ground.control.charter, one.author), "number": one.number})
    return Verdict(evidence="conviction-author", centre=basis.centre.hex(), proved=proved, not_proved=(WHY,),
                   checked=(CHECKED_CHAIN, CHECKED_GROUND, CHECKED_PLACE),
                   facts={"author": one.author, "number": one.number})


def _settled(given: Ordered, basis: Basis) -> Leaf:
    ground = basis.stand(given.checkpoint, given.tip)
    if ground.settled_ms is None:
        raise Untrusted("evidence.unsettled", "No quorum has signed the checkpoint of size {size}.", size=ground.size)
    return place(given.entry, ground)


def _addressing(leaf: Leaf, to: str, control: Control) -> tuple[Introduced, bytes]:
    """The introduction in force between an entry's author and *to*, and the slot of *to*."""
    entry = leaf.entry
    made = control.in_force(entry.author, to, entry.seen_size) if entry.kind == SEALED else None
    if made is None:
        raise Untrusted("evidence.pair", "No introduction of {author} to {to} was in force.", author=entry.author,
                        to=to)
    return made, slot_of(entry, control.roster_at(leaf.index), to)


def slot_of(entry: Entry, roster: Roster, to: str) -> bytes:
    """The slot of a member or partner in a sealed entry; empty where a partner is not named."""
    if to in roster.codes:
        at = roster.codes.index(to) * SLOT_BYTES
        return entry.slots[at:at + SLOT_BYTES]
    return next((partner.slot for partner in entry.partners if partner.code == to), b"")


def _matches(secret: bytes, entry: Entry, slot: bytes) -> bool:
    return matches(PairSecret(secret, bytes(32)), entry.number, entry.body_hash, slot)


WHY = Sentence("It does not show why: a fault of a program looks the same as ill will.")
CHECKED_SECRET = Sentence("The tag secret is the one that the author introduced for this month and desk.")

