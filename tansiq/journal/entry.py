"""Entries and leaves to the byte (spec: ``docs/spec/envelope.md``; fixed offsets, big-endian)."""

from __future__ import annotations

import struct
from typing import NamedTuple

from tansiq import wire
from tansiq.errors import Malformed

ENTRY_DOMAIN = b"tansiq/entry/v1\n"
FORMAT = 1
SIGNED_MIN = 204
SIGNATURE_BYTES = 64
SLOT_BYTES = 48
SEALED, CHARTER, KEYS, INTRODUCTION, ACCEPT, SUSPENSION, RETURN, MANDATE = range(8)
_HEAD = struct.Struct(">BBI8s32sQ32sQ32sQ32sI32sB")
_PARTNER = struct.Struct(">8sQ48s")
_LEAF = struct.Struct(">QQ32s")
ZERO = bytes(32)
_codes: dict[bytes, str] = {}


class PartnerSlot(NamedTuple):
    """A partner that an entry addresses openly, its running number from this author, and its slot."""

    code: str
    running: int
    slot: bytes


class Entry(NamedTuple):
    """The public face of an envelope. ``signed`` is the exact bytes that were signed; ``slots`` n × 48 bytes."""

    kind: int
    roster: int
    author: str
    centre: bytes
    number: int
    prev: bytes
    seen_size: int
    seen_root: bytes
    sent: int
    commitment: bytes
    body_size: int
    body_hash: bytes
    slots: bytes
    partners: tuple[PartnerSlot, ...]
    signed: bytes = b""
    signature: bytes = b""

    @property
    def id(self) -> bytes:
        """The entry's id."""
        return entry_id(self.signed)

    @property
    def data(self) -> bytes:
        """The whole entry as sent: signed part and signature."""
        return self.signed + self.signature


class Leaf(NamedTuple):
    """An ordered entry: index, registrar's time (UTC ms), hash of the last open leaf before it."""

    index: int  # type: ignore[assignment]  # a field, not tuple.index
    time: int
    open: bytes
    entry: Entry


def entry_id(signed: bytes) -> bytes:
    """Hash an entry's signed part under its domain; the signature is over the same bytes."""
    return wire.sha256(ENTRY_DOMAIN + signed)


def write_signed(entry: Entry) -> bytes:
    """Write the part that the author signs."""
    head = _HEAD.pack(FORMAT, entry.kind, entry.roster, wire.code_bytes(entry.author), entry.centre, entry.number,
                      entry.prev, entry.seen_size, entry.seen_root, entry.sent, entry.commitment, entry.body_size,
                      entry.body_hash, len(entry.slots) // SLOT_BYTES)
    tail = b"".join(_PARTNER.pack(wire.code_bytes(p.code), p.running, p.slot) for p in entry.partners)
    return head + entry.slots + bytes([len(entry.partners)]) + tail


def _code(data: bytes) -> str:
    found = _codes.get(data)
    if found is None:
        found = wire.parse_code(data)
        if len(_codes) < 256:
            _codes[data] = found
    return found


def parse_entry(data: bytes) -> Entry:
    """Read an entry: exactly one encoding, nothing after the signature.

    Raises:
        Malformed: ``entry.malformed`` (lengths, counts, kind, trailing bytes) or ``code``.
    """
    broken = Malformed("entry.malformed", "The bytes are not one entry.")
    size = len(data) - SIGNATURE_BYTES
    if size < SIGNED_MIN or len(data) > wire.LEAF_BYTES_MAX - 48:
        raise broken
    (form, kind, roster, author, centre, number, prev, seen_size, seen_root, sent, commitment, body_size, body_hash,
     count) = _HEAD.unpack_from(data)
    after = 203 + SLOT_BYTES * count
    if form != FORMAT or kind > MANDATE or count > wire.MEMBERS_MAX or number < 1 or after >= size:
        raise broken
    if (count == 0) != (kind != SEALED) or (kind != SEALED and commitment != ZERO):
        raise broken
    partner_count = data[after]
    if partner_count > wire.PARTNERS_PER_ENTRY_MAX or after + 1 + 64 * partner_count != size:
        raise broken
    partners = tuple(PartnerSlot(_code(code), running, slot) for code, running, slot in
                     _PARTNER.iter_unpack(data[after + 1:size])) if partner_count else ()
    if [p.code for p in partners] != sorted({p.code for p in partners}) or (partners and kind != SEALED):
        raise broken
    limit = wire.BODY_BYTES_MAX if kind == SEALED else wire.ENTRY_OPEN_BODY_BYTES_MAX
    if body_size > limit or (kind == SEALED and body_size < wire.BODY_BYTES_MIN) or max(number, seen_size, sent) >> 63:
        raise Malformed("entry.body", "The body of {size} bytes is outside the limits.", size=body_size)
    return Entry(kind, roster, _code(author), centre, number, prev, seen_size, seen_root, sent, commitment, body_size,
                 body_hash, data[203:after], partners, data[:size], data[size:])


def write_leaf(index: int, time: int, open_: bytes, entry: Entry) -> bytes:
    """Write a leaf: what the Merkle tree is built over."""
    return _LEAF.pack(index, time, open_) + entry.signed + entry.signature


def signed_part(leaf: bytes) -> bytes:
    """The signed part of a leaf that is known to hold: no more is read of it."""
    return leaf[48:-SIGNATURE_BYTES]


def parse_leaf(data: bytes) -> Leaf:
    """Read a leaf.

    Raises:
        Malformed: ``entry.malformed``.
    """
    if len(data) < 48 or len(data) > wire.LEAF_BYTES_MAX:
        raise Malformed("entry.malformed", "The bytes are not one entry.")
    index, time, open_ = _LEAF.unpack_from(data)
    return Leaf(index, time, open_, parse_entry(data[48:]))
