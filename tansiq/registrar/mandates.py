"""Mandates: a quorum's word that makes a registrar (open kind 7; spec: ``docs/spec/mandate.md``).

Two quorums of one roster have a member in common. So among the promises of a mandate is one by a member that cosigned
what was settled last; it names that checkpoint or a greater one, and nothing settled lies above the start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from tansiq import wire
from tansiq.acts import Record
from tansiq.errors import Malformed, Refused
from tansiq.keys.rosters import Roster
from tansiq.keys.signing import require_public
from tansiq.merkle import signed
from tansiq.merkle.promises import VERSION_MAX, Named, Promise, parse_promise, promiser

RootOf = Callable[[int], bytes]


class MandateDoc(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of an open entry of kind 7: ``key`` base64 with its suite byte, ``root`` hex, ``promises`` whole notes."""

    version: int
    key: str
    start: int
    root: str
    promises: tuple[str, ...]


class Promised(NamedTuple):
    """A promise, whose it is, and the note that shows it."""

    code: str
    promise: Promise
    note: bytes


class Mandate(NamedTuple):
    """A mandate as read. It is not yet known to hold: ``require_quorum``, ``require_log``."""

    version: int
    key: bytes
    start: int
    root: bytes
    promises: tuple[Promised, ...]

    @property
    def greatest(self) -> Named:
        """The greatest checkpoint that a promise names."""
        return max(promised.promise.named for promised in self.promises)


class InForce(NamedTuple):
    """A mandate in force: the index of its entry (0 for the first, which the charter makes), version, key."""

    index: int  # type: ignore[assignment]  # a field, not tuple.index
    version: int
    key: bytes


def parse_promised(note: bytes) -> Promised:
    """Read a promise's note, unverified.

    Raises:
        Malformed: ``note``, ``promise``, or what is wrong with a part; bytes that are not the one writing of the note.
    """
    parsed = signed.parse_note(note)
    promise = parse_promise(parsed.text)
    if signed.write_note(parsed) != note:
        raise Malformed("promise", "Not a promise for a mandate.")
    return Promised(promiser(parsed, promise), promise, note)


def parse_mandate(body: bytes) -> Mandate:
    """Read the body of an open entry of kind 7.

    Raises:
        Malformed: not canonical JSON of this shape, no promise or over 32, or one that is none.
    """
    doc = wire.parse(body, MandateDoc)
    key = wire.parse_base64(doc.key)
    require_public(key)
    if not 1 <= len(doc.promises) <= wire.PROMISES_MAX or not 1 < doc.version <= VERSION_MAX or doc.start < 1:
        raise Malformed("mandate", "Not a mandate for a registrar.")
    return Mandate(doc.version, key, doc.start, wire.parse_hash(doc.root),
                   tuple(parse_promised(note.encode()) for note in doc.promises))


def mandate_doc(version: int, key: bytes, promises: Sequence[Promised]) -> MandateDoc:
    """Write a mandate from promises: it starts at the greatest checkpoint that they name."""
    greatest = max(promised.promise.named for promised in promises)
    return MandateDoc(version=version, key=wire.write_base64(key), start=greatest.size, root=greatest.root.hex(),
                      promises=tuple(p.note.decode() for p in sorted(promises, key=lambda p: p.code)))


def require_promised(given: Promised, centre: bytes, roster: Roster, word: tuple[int, bytes]) -> None:
    """Hold that a promise is a present member's, signed, and for the version and key that *word* names.

    Raises:
        Refused: ``entry.open``.
        Untrusted: it is not signed by its member.
    """
    code, promise, note = given
    keys = {member.code: member.sign for member in roster.present}
    if (promise.centre, promise.version, promise.key) != (centre, *word) or code not in keys:
        raise Refused("entry.open", "A promise of {code} is for another mandate, or not one that counts here.",
                      code=code)
    signed.verify_text(signed.parse_note(note), signed.member_name(centre, code), keys[code])


def require_named(given: Promised, history: Sequence[InForce], start: int, root: RootOf) -> None:
    """Hold that the checkpoint of a promise is of the log that goes on at *start*; *history* are its mandates so far.

    What lies above the end of its own log has fallen since: there is nothing to compare it with.

    Raises:
        Refused: ``entry.open``.
    """
    ends = {made.version: later.index for made, later in pairwise(history)} | {history[-1].version: start}
    named = given.promise.named
    if named.size <= ends.get(named.mandate, -1) and root(named.size) != named.root:
        raise Refused("entry.open", "The promise of {code} names a checkpoint of another journal.", code=given.code)


def require_quorum(mandate: Mandate, centre: bytes, roster: Roster) -> None:
    """Hold that a quorum of a roster's unsuspended members promised this mandate, and that it starts where they say.

    Raises:
        Refused: ``entry.open``.
        Untrusted: a promise is not signed by its member.
    """
    for given in mandate.promises:
        require_promised(given, centre, roster, (mandate.version, mandate.key))
    codes = [promised.code for promised in mandate.promises]
    if any(a >= b for a, b in pairwise(codes)) or len(codes) < roster.quorum:
        raise Refused("entry.open", "A mandate needs the promises of {needed} members, each once, by ascending code.",
                      needed=roster.quorum)
    if (mandate.start, mandate.root) != mandate.greatest[1:]:
        raise Refused("entry.open", "A mandate starts at the greatest checkpoint that its promises name.")


def require_log(mandate: Mandate, history: Sequence[InForce], root: RootOf | None) -> None:
    """Hold that a mandate goes on from the log that it is entered into: *history* are the mandates in force so far.

    *root* gives the root at a size of that log, up to the start; a partner, who holds no tree, has none to compare.

    Raises:
        Refused: ``entry.open``.
    """
    if mandate.version <= history[-1].version or mandate.greatest.mandate != history[-1].version:
        raise Refused("entry.open", "Mandate {given} does not follow mandate {due}.", given=mandate.version,
                      due=history[-1].version)
    for given in mandate.promises if root is not None else ():
        assert root is not None
        require_named(given, history, mandate.start, root)
