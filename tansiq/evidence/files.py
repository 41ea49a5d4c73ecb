"""The files of evidence: one canonical JSON object each (spec: ``docs/spec/evidence.md``).

Bytes are base64, hashes 64 hex digits. Nothing in a file is there for people alone: each field is checked.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from tansiq import wire
from tansiq.acts import Record
from tansiq.errors import Malformed

_KIND: Any = msgspec.json.Decoder(msgspec.defstruct("EvidenceProbe", [("evidence", str)]))


class Placed(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A leaf of the journal (base64) and its path (hex) to the root of the file's checkpoint."""

    leaf: str
    path: tuple[str, ...]


class _File(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="evidence"):
    """What every file has: its version, and the centre that it speaks of."""

    version: Literal[1]
    centre: str


class _Grounded(_File, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that rests on one checkpoint: the signed note of size N with its cosignatures, and leaf N−1."""

    checkpoint: str
    tip: Placed


class OpenEntry(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An open entry's leaf (base64) and its body, which is JSON."""

    leaf: str
    body: str


class Public(_Grounded, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="public"):
    """What anybody may have of a centre: all its open entries, in one chain, under a settled checkpoint."""

    chain: tuple[OpenEntry, ...]


class Receipt(_Grounded, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="receipt"):
    """That an entry has its place. ``seen`` are later entries of others, whose authors had verified that far."""

    entry: Placed
    seen: tuple[Placed, ...]


class Committed(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where an act stands in its envelope: ``position`` of ``count``, and its leaf's path to the commitment (hex)."""

    position: int
    count: int
    path: tuple[str, ...]


class Disclosure(Receipt, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="disclosure"):
    """One act with its salt and its label: that the author of the entry said it. Both texts are the exact JSON."""

    act: str
    salt: str
    label: str
    committed: Committed


class LabelOnly(Receipt, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="label"):
    """The label of one act, and nothing of its words: ``act`` is its id."""

    act: str
    label: str
    label_salt: str
    committed: Committed


class Tag(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The tag secret T of a pair's month and desk, H(W), and their path to the root of the introduction that the
    author made with its entry ``introduction``."""

    introduction: int
    tag: str
    wrap_hash: str
    path: tuple[str, ...]


class Labelled(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One act of an envelope by its id, its label and the label's salt."""

    act: str
    label: str
    label_salt: str


class Unopenable(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The wrap secret W and the sealed body (base64) that it does not open as the spec says."""

    wrap: str
    body: str


class Addressed(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry of the run that is addressed to the pair's receiver: all its labels; or the proof that nobody can
    open it."""

    number: int
    labels: tuple[Labelled, ...] | None
    unopenable: Unopenable | None


class Asked(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an absence is asked about: from whom, to whom, which month (``2015-10``), which desk; and if wanted the kind
    and the topic."""

    author: str
    to: str
    month: str
    desk: int
    kind: str | None
    topic: str | None


class Absence(_Grounded, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="absence"):
    """That nothing of the sort was said. ``run`` (base64) is the signed parts of the author's entries without a gap,
    one
    after the other; ``last`` is the leaf of the last of them."""

    asked: Asked
    tags: tuple[Tag, ...]
    run: str
    last: Placed
    addressed: tuple[Addressed, ...]


class Counted(_Grounded, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="absence-counted"):
    """That nothing of the sort was said to a partner. ``entries`` are the author's that name it, each placed: their
    running numbers follow one another."""

    asked: Asked
    tags: tuple[Tag, ...]
    entries: tuple[Placed, ...]
    addressed: tuple[Addressed, ...]


class RegistrarConviction(_File, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="conviction-registrar"):
    """Two checkpoints of one registrar that no journal has both. ``instead`` is the root that the second one's journal
    has at the first one's size, and ``path`` the proof of it."""

    first: str
    second: str
    instead: str
    path: tuple[str, ...]


class MemberConviction(_File, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="conviction-member"):
    """A member's promise, and what it signed against it: another promise, or a cosignature (notes)."""

    member: str
    promise: str
    other: str


class Misaddressed(_Grounded, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="conviction-misaddressed"):
    """An entry whose tag names ``to`` and whose body its wrap secret W does not open."""

    to: str
    desk: int
    tag: Tag
    entry: Placed
    unopenable: Unopenable


class Unaddressed(Disclosure, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="conviction-unaddressed"):
    """An act whose release names ``to``, in an entry whose slot for ``to`` is junk."""

    to: str
    tag: Tag


class Ordered(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry under a settled checkpoint of its own."""

    checkpoint: str
    tip: Placed
    entry: Placed


class AuthorConviction(_File, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="conviction-author"):
    """Two settled entries of one author with one number."""

    first: Ordered
    second: Ordered


Conviction = RegistrarConviction | MemberConviction | Misaddressed | Unaddressed | AuthorConviction
Evidence = Receipt | Disclosure | LabelOnly | Absence | Counted | Conviction
KINDS = ("public", "receipt", "disclosure", "label", "absence", "absence-counted", "conviction-registrar",
         "conviction-member", "conviction-misaddressed", "conviction-unaddressed", "conviction-author")


def parse_evidence(data: bytes) -> Evidence | Public:
    """Read a file of evidence, or refuse it.

    Raises:
        Malformed: ``evidence.size``, over 256 MiB; ``evidence.kind``, no evidence or of an unknown kind; any code of
            JSON that is not canonical or not of the kind's shape.
    """
    if len(data) > wire.EVIDENCE_BYTES_MAX:
        raise Malformed("evidence.size", "A file of evidence has at most {limit} bytes.", limit=wire.EVIDENCE_BYTES_MAX)
    try:
        kind = _KIND.decode(data).evidence
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed("evidence.kind", "This is no file of evidence.") from error
    if kind not in KINDS:
        raise Malformed("evidence.unknown", "This program knows no evidence of the kind {given}.", given=kind[:40])
    union: Any = Evidence | Public
    found: Evidence | Public = wire.parse(data, union)
    return found


def expected(kind: str) -> Malformed:
    """The failure of a file that is of another kind than is needed."""
    return Malformed("evidence.expected", "A file of the kind {kind} is needed here.", kind=kind)


def write_evidence(evidence: Evidence | Public) -> bytes:
    """Write a file of evidence as canonical JSON."""
    return wire.write(evidence)


def hashes(path: tuple[str, ...]) -> list[bytes]:
    """Read the hashes of a path."""
    return [wire.parse_hash(step) for step in path]


def hexes(path: list[bytes]) -> tuple[str, ...]:
    """Write the hashes of a path."""
    return tuple(step.hex() for step in path)
