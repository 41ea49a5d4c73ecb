"""The envelope's body: salted acts, labels and commitment, padded and sealed (spec: ``docs/spec/envelope.md``)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from tansiq import wire
from tansiq.acts.head import Act, Record
from tansiq.errors import Malformed, Untrusted
from tansiq.merkle.hashes import EMPTY_ROOT, LEAF_PREFIX, NODE_PREFIX

_ACT = b"tansiq/act/v1\n"
_LABEL = b"tansiq/label/v1\n"
_LABEL_SALT = b"tansiq/label-salt/v1\n"
_COMMITMENT = b"tansiq/commitment/v1\n"
_BODY = b"tansiq/body/v1\n"
_NONCE = bytes(12)


class Label(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an absence is asked about: desk, kind and topic; shown without the act's words."""

    desk: int
    kind: str
    topic: str | None


@dataclass(frozen=True, slots=True)
class SaltedAct:
    """An act's bytes with the salt drawn when it was said, its label's bytes, and its id, hashed once."""

    salt: bytes
    data: bytes
    label: bytes
    id: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Hash the act."""
        object.__setattr__(self, "id", act_id(self.salt, self.data))

    @classmethod
    def of(cls, salt: bytes, data: bytes, act: Act, desk: int) -> SaltedAct:
        """Salt an act that lies on *desk*."""
        return cls(salt, data, write_label(desk, act.kind, act.topic))

    @property
    def leaf(self) -> bytes:
        """The act's leaf under the commitment; hashed at each call."""
        return act_leaf(self.salt, self.label, self.id)

    @property
    def packed(self) -> bytes:
        """The act as it stands in a plain body: salt, length, bytes.

        Raises:
            Malformed: ``act.size``, it has more than 60,000 bytes.
        """
        return pack_act(self.salt, self.data)


@dataclass(frozen=True, slots=True)
class OpenedBody:
    """What a body held: (salt, act bytes) in order."""

    acts: tuple[tuple[bytes, bytes], ...]


@lru_cache(maxsize=1024)
def write_label(desk: int, kind: str, topic: str | None) -> bytes:
    """Write the label of an act as canonical JSON."""
    return wire.write(Label(desk=desk, kind=kind, topic=topic))


def act_id(salt: bytes, data: bytes) -> bytes:
    """Name an act by a salted hash of its bytes: 32 bytes."""
    return sha256(_ACT + salt + data).digest()


def act_leaf(salt: bytes, label: bytes, act: bytes) -> bytes:
    """Hash an act's leaf under the commitment: *label* is its label's bytes, *act* its id."""
    hidden = sha256(_LABEL + sha256(_LABEL_SALT + salt).digest() + label).digest()
    return sha256(LEAF_PREFIX + hidden + act).digest()


def pack_act(salt: bytes, data: bytes) -> bytes:
    """Write an act as it stands in a plain body: salt, length, bytes.

    Raises:
        Malformed: ``act.size``, it has more than 60,000 bytes.
    """
    size = len(data)
    if size > wire.ACT_BYTES_MAX:
        raise Malformed("act.size", "The act has {size} bytes; at most {limit} can be said in one act.", size=size,
                        limit=wire.ACT_BYTES_MAX)
    return salt + size.to_bytes(4, "big") + data


def salt_acts(salts: bytes, acts: Sequence[bytes],
              labels: Sequence[bytes]) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Of many acts with their labels: the ids, the leaves, and how they stand in a plain body; *salts* end to end.

    The same as ``act_id``, ``act_leaf`` and ``pack_act`` one by one, whose calls cost half as much as the hashing.

    Raises:
        Malformed: ``act.size``, an act has more than 60,000 bytes.
    """
    ids, leaves, packed, at = [], [], [], 0
    for data, label in zip(acts, labels, strict=True):
        salt, size = salts[at:at + 32], len(data)
        at += 32
        if size > wire.ACT_BYTES_MAX:
            pack_act(salt, data)  # refuses it
        name = sha256(_ACT + salt + data).digest()
        hidden = sha256(_LABEL + sha256(_LABEL_SALT + salt).digest() + label).digest()
        ids.append(name)
        leaves.append(sha256(LEAF_PREFIX + hidden + name).digest())
        packed.append(salt + size.to_bytes(4, "big") + data)
    return ids, leaves, packed


def label_salt(salt: bytes) -> bytes:
    """Derive the salt of an act's label, so that showing a label shows nothing of the act."""
    return sha256(_LABEL_SALT + salt).digest()


def label_hash(salt: bytes, label: bytes) -> bytes:
    """Hash a label under its own salt."""
    return sha256(_LABEL + salt + label).digest()


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """Root of a whole small RFC 6962 tree over leaf hashes."""
    if not leaves:
        return EMPTY_ROOT
    row = list(leaves)
    while len(row) > 1:
        # Neighbours in pairs, one left over goes up as it is: that is the tree of RFC 6962, without its recursion.
        pairs = zip(row[::2], row[1::2], strict=False)
        row = [*[sha256(NODE_PREFIX + left + right).digest() for left, right in pairs], *row[len(row) & ~1:]]
    return row[0]


def commitment(acts: Sequence[SaltedAct]) -> bytes:
    """Commit to every act and label of an envelope, in order."""
    return commitment_over([a.leaf for a in acts])


def commitment_over(leaves: Sequence[bytes]) -> bytes:
    """Commit to the acts of an envelope by their leaves, in order."""
    return sha256(_COMMITMENT + struct.pack(">H", len(leaves)) + tree_root(leaves)).digest()


def write_plain(acts: Sequence[SaltedAct]) -> bytes:
    """Write the plain body, padded so that its sealed size is a step of Padmé, at least 2 KiB.

    Raises:
        Malformed: no act, more than 1,024, one over 60,000 bytes, or a sealed body over 64 KiB.
    """
    return pad_plain(len(acts), b"".join([act.packed for act in acts]))


def pad_plain(count: int, packed: bytes) -> bytes:
    """Write the plain body of *count* acts that are packed already.

    Raises:
        Malformed: no act, more than 1,024, or a sealed body over 64 KiB.
    """
    if not 1 <= count <= wire.ACTS_PER_ENVELOPE_MAX:
        raise Malformed("envelope.count", "An envelope carries 1 to 1,024 acts, not {count}.", count=count)
    plain = struct.pack(">H", count) + packed
    size = sealed_size(len(plain))
    if size > wire.BODY_BYTES_MAX:
        raise Malformed("envelope.size", "The envelope would have {size} bytes; at most {limit} can be sealed in one.",
                        size=size, limit=wire.BODY_BYTES_MAX)
    return plain.ljust(size - 16, b"\0")


def sealed_size(plain_bytes: int) -> int:
    """Size of the sealed body over *plain_bytes* before padding."""
    return wire.padme(max(wire.BODY_BYTES_MIN, plain_bytes + 16))


def _aad(centre: bytes, author: str, number: int) -> bytes:
    return _BODY + centre + wire.code_bytes(author) + struct.pack(">Q", number)


def seal_body(plain: bytes, key: bytes, *, centre: bytes, author: str, number: int) -> bytes:
    """Seal a padded plain body under a content key that is used once."""
    return ChaCha20Poly1305(key).encrypt(_NONCE, plain, _aad(centre, author, number))


def open_body(body: bytes, key: bytes, *, centre: bytes, author: str, number: int) -> OpenedBody:
    """Open a sealed body and take it apart.

    Raises:
        Untrusted: ``slot.unopenable``, the key does not open it.
        Malformed: ``act.malformed``, counts, lengths or padding are not those of the spec.
    """
    try:
        plain = ChaCha20Poly1305(key).decrypt(_NONCE, body, _aad(centre, author, number))
    except InvalidTag as error:
        raise Untrusted("slot.unopenable", "The key in the slot does not open the body.") from error
    return parse_plain(plain)


def parse_plain(plain: bytes) -> OpenedBody:
    """Take a plain body apart; its padding must be zeros and its size the right step."""
    broken = Malformed("act.malformed", "The opened body is not a list of acts.")
    if len(plain) < 2:
        raise broken
    (count,) = struct.unpack_from(">H", plain)
    if not 1 <= count <= wire.ACTS_PER_ENVELOPE_MAX:
        raise broken
    offset, acts = 2, []
    for _ in range(count):
        if offset + 36 > len(plain):
            raise broken
        salt = plain[offset:offset + 32]
        (size,) = struct.unpack_from(">I", plain, offset + 32)
        offset += 36
        if size > wire.ACT_BYTES_MAX or offset + size > len(plain):
            raise broken
        acts.append((salt, plain[offset:offset + size]))
        offset += size
    if plain.count(0, offset) != len(plain) - offset or len(plain) + 16 != sealed_size(offset):
        raise broken
    return OpenedBody(tuple(acts))
