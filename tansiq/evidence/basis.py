"""The basis of a judgement: the public part of a centre, checked as one chain of open entries from its first.

Whoever holds it knows the charter, every key, every introduction and every mandate of the centre, up to a size.
It is the one thing that a judge must have from a source of its own: all else is proved from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tansiq import wire
from tansiq.errors import Malformed, TansiqError, Untrusted
from tansiq.evidence.files import OpenEntry, Placed, Public, hashes
from tansiq.journal import Leaf, parse_leaf
from tansiq.journal.entry import CHARTER, ENTRY_DOMAIN, MANDATE, SEALED, ZERO
from tansiq.keys.signing import verify
from tansiq.merkle import signed
from tansiq.merkle.hashes import leaf_hash
from tansiq.merkle.proofs import verify_inclusion
from tansiq.registrar.control import Control, party_of, present

GROUNDS_KEPT = 64
_VERSION = re.compile(r"[1-9][0-9]{0,8}\Z", re.ASCII)


class OpenLeaf(NamedTuple):
    """An open entry as read: its leaf, its body, and the hash of its leaf."""

    leaf: Leaf
    body: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Ground:
    """What a file rests on: a checkpoint of ``size`` entries, and who signed for it.

    ``settled_ms`` is the latest time of the quorum's cosignatures (UTC ms); None where no quorum has signed.
    ``control`` is what the open entries below that size have established.
    """

    size: int
    root: bytes
    version: int
    signers: tuple[str, ...]
    settled_ms: int | None
    control: Control


@dataclass
class Basis:
    """A checked public part. ``ground`` is its own; ``stand`` checks the ground of another file against it."""

    chain: tuple[OpenLeaf, ...]
    ground: Ground = field(init=False)
    _controls: dict[int, Control] = field(default_factory=dict, repr=False)
    _grounds: dict[tuple[str, Placed], Ground] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, public: Public) -> Basis:
        """Check a public part from its first entry to its checkpoint.

        Raises:
            Malformed: a leaf or body that is not what it must be.
            Untrusted: a signature, the chain, the tree or the quorum does not hold.
            Refused: ``entry.open``, an open entry that breaks its kind's rule.
        """
        basis = cls(_chained(public.chain, wire.parse_hash(public.centre)))
        basis._require_tip(signed.parse_checkpoint(read_note(public.checkpoint).text), public.tip)
        basis.ground = basis.stand(public.checkpoint, public.tip)
        if basis.ground.settled_ms is None:
            raise Untrusted("evidence.unsettled", "No quorum has signed the checkpoint of size {size}.",
                            size=basis.ground.size)
        if basis.chain[-1].leaf.index >= basis.ground.size:
            raise Untrusted("evidence.chain", "The chain of open entries is not whole: entry {index} does not fit.",
                            index=basis.chain[-1].leaf.index)
        return basis

    @property
    def centre(self) -> bytes:
        """The centre's id: the entry id of its charter."""
        return self.chain[0].leaf.entry.id

    def control_at(self, size: int) -> Control:
        """What the open entries below *size* have established, each checked as the registrar must.

        Raises:
            Untrusted, Malformed, Refused: an open entry does not hold.
        """
        count = sum(1 for one in self.chain if one.leaf.index < size)
        kept = self._controls.get(count)
        if kept is None:
            kept = Control()
            for one in self.chain[:count]:
                _apply(kept, one)
            self._controls[count] = kept
        return kept

    def registrars(self) -> dict[int, bytes]:
        """The registrar's key under each mandate that the chain holds, by version."""
        sizes = [1, *(one.leaf.index + 1 for one in self.chain if one.leaf.entry.kind == MANDATE)]
        return {control.version: control.registrar for control in map(self.control_at, sizes)}

    def signing_keys(self, code: str) -> list[bytes]:
        """Every signing key that a member has had.

        Raises:
            Untrusted: ``entry.author``, it was never a member.
        """
        rosters = [roster for _, roster in self.ground.control.rosters]
        keys = [member.sign for roster in rosters for member in roster.members if member.code == code]
        if not keys:
            raise Untrusted("entry.author", "{code} is not in the roster in force.", code=code[:8])
        return list(dict.fromkeys(keys))

    def stand(self, checkpoint: str, tip: Placed) -> Ground:
        """Check a checkpoint with its signatures, and that no open entry below it is missing here.

        Raises:
            Malformed: ``note``, ``checkpoint``.
            Untrusted: ``evidence.origin``, ``evidence.mandate``, ``note.signature``, ``evidence.cosigner``,
                ``cosignature``, ``evidence.tip``, ``evidence.newer``, ``evidence.chain``, ``evidence.fork``.
        """
        kept = self._grounds.get((checkpoint, tip))
        if kept is None:
            kept = self._checked(checkpoint, tip)
            if len(self._grounds) >= GROUNDS_KEPT:
                self._grounds.clear()
            self._grounds[checkpoint, tip] = kept
        return kept

    def _checked(self, checkpoint: str, tip: Placed) -> Ground:
        note = read_note(checkpoint)
        given = signed.parse_checkpoint(note.text)
        control = self.control_at(given.size)
        version = self._require_mandate(given, control)
        self._require_tip(given, tip)
        signed.verify_text(note, given.origin, control.registrar)
        times = _cosigners(note, control, self.centre)
        settled_ms = max(times.values()) * 1000 if len(times) >= control.roster.quorum else None
        ground = Ground(given.size, given.root, version, tuple(times), settled_ms,
                        control)
        mine = getattr(self, "ground", None)
        if mine is not None and mine.size == ground.size and mine.root != ground.root:
            raise Untrusted("evidence.fork", "The checkpoint is of another journal than that of the charter's file, "
                            "of the same size {size}.", size=ground.size)
        return ground

    def _require_mandate(self, given: signed.Checkpoint, control: Control) -> int:
        """The version of the mandate that the checkpoint names, which must be the one in force at its size."""
        stem, _, last = given.origin.rpartition("/")
        if stem != f"tansiq/{self.centre.hex()}" or not _VERSION.match(last):
            raise Untrusted("evidence.origin", "The checkpoint is of another centre, or of none: {given}.",
                            given=given.origin[:100])
        if int(last) != control.version:
            raise Untrusted("evidence.mandate", "The checkpoint of size {size} is signed under mandate {given}; "
                                                "mandate "
                            "{due} was in force there.", size=given.size, given=int(last), due=control.version)
        return int(last)

    def _require_tip(self, given: signed.Checkpoint, tip: Placed) -> None:
        """Hold that leaf N−1 stands under the root, and that the chain here is the whole one below N."""
        data = wire.parse_base64(tip.leaf)
        leaf, here = parse_leaf(data), leaf_hash(data)
        if given.size < 1 or leaf.index != given.size - 1:
            raise Untrusted("evidence.tip", "The last entry shown is number {index}; the checkpoint has {size} "
                                            "entries.",
                            index=leaf.index, size=given.size)
        verify_inclusion(here, index=leaf.index, size=given.size, path=hashes(tip.path), root=given.root)
        due = leaf.open if leaf.entry.kind == SEALED else here
        below = [one for one in self.chain if one.leaf.index < given.size]
        if below and below[-1].hash == due:
            return
        mine = getattr(self, "ground", None)
        if mine is not None and given.size > mine.size:
            raise Untrusted("evidence.newer", "The journal has open entries after entry {index} that the charter's "
                                              "file lacks: export it again.", index=below[-1].leaf.index)
        raise Untrusted("evidence.chain", "The chain of open entries is not whole: entry {index} does not fit.",
                        index=leaf.index)


def read_note(text: str) -> signed.Note:
    """Read a note that stands in a file, in its one form.

    Raises:
        Malformed: ``note``.
    """
    note = signed.parse_note(text.encode())
    if signed.write_note(note) != text.encode():
        raise Malformed("note", "Not a signed note.")
    return note


def _chained(chain: Sequence[OpenEntry], centre: bytes) -> tuple[OpenLeaf, ...]:
    """Read a chain, and hold that each open entry names the one before it: cheap, and done before any signature."""
    read: list[OpenLeaf] = []
    for one in chain:
        data, body = wire.parse_base64(one.leaf), one.body.encode()
        leaf = parse_leaf(data)
        due = read[-1].hash if read else ZERO
        after = read[-1].leaf.index if read else -1
        if leaf.open != due or leaf.index <= after or leaf.entry.kind == SEALED or (not read and leaf.index != 0):
            raise Untrusted("evidence.chain", "The chain of open entries is not whole: entry {index} does not fit.",
                            index=leaf.index)
        if len(body) != leaf.entry.body_size or wire.sha256(body) != leaf.entry.body_hash:
            raise Untrusted("evidence.body", "The body of open entry {index} is not the one that it names.",
                            index=leaf.index)
        read.append(OpenLeaf(leaf, body, leaf_hash(data)))
    if not read or read[0].leaf.entry.id != centre or read[0].leaf.entry.kind != CHARTER:
        raise Untrusted("evidence.centre", "The file names another centre than its first entry makes.")
    return tuple(read)


def _apply(control: Control, one: OpenLeaf) -> None:
    entry = one.leaf.entry
    if control.rosters:
        if entry.centre != control.centre or entry.roster != control.roster.index:
            raise Untrusted("evidence.chain", "The chain of open entries is not whole: entry {index} does not fit.",
                            index=one.leaf.index)
        require_signed(one.leaf, control)
    control.apply(one.leaf.index, entry, one.body)


def require_signed(leaf: Leaf, control: Control) -> None:
    """Hold that an entry belongs to the centre, and is signed by its author under the roster in force at its place.

    Raises:
        Untrusted: ``entry.centre``, ``entry.author``, ``entry.roster``, ``entry.signature``.
    """
    entry, roster = leaf.entry, control.roster_at(leaf.index)
    if leaf.index == 0:
        verify(party_of(roster, entry.author).sign, entry.signature, ENTRY_DOMAIN + entry.signed)
        return
    if entry.centre != control.centre:
        raise Untrusted("entry.centre", "The entry belongs to another centre.")
    if entry.roster != roster.index:
        raise Untrusted("evidence.roster", "The entry was sealed for roster {given}; roster {due} was in force.",
                        given=entry.roster, due=roster.index)
    try:
        verify(party_of(roster, entry.author).sign, entry.signature, ENTRY_DOMAIN + entry.signed)
    except TansiqError as error:
        raise Untrusted("entry.signature", "The entry is not signed by {author}.", author=entry.author) from error


def _cosigners(note: signed.Note, control: Control, centre: bytes) -> dict[str, int]:
    """Code to time (seconds) of each cosignature under a note; every line must hold, in ascending order of codes."""
    keys, times = present(control.roster), dict[str, int]()
    for line in note.signatures[1:]:
        code = line.name.rpartition("/")[2]
        if code not in keys or (times and code <= max(times)):
            raise Untrusted("evidence.cosigner", "{name} may not stand as a cosigner here.", name=line.name[:100])
        name = signed.member_name(centre, code)
        times[code] = signed.verify_cosignature(note.text, line, name, keys[code])
    return times
