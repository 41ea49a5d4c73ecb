"""Slots: how an entry names those who may open it, to them alone (spec: ``docs/spec/keys.md``).

A slot is ``tag 16 ‖ wrapped 32``. To whoever lacks the pair's secret it is 48 random bytes.
"""

from __future__ import annotations

from hmac import compare_digest, digest

from tansiq.errors import Malformed, Untrusted
from tansiq.keys.pairs import PairSecret

SLOT_BYTES = 48
TAG_BYTES = 16
KEY_BYTES = 32
_ALGORITHM = "sha256"


def slot(secret: PairSecret, number: int, body_hash: bytes, key: bytes) -> bytes:
    """Address the content *key* (32 bytes) of the author's entry *number* to the holder of *secret*: 48 bytes.

    tag = HMAC-SHA256(T, x)[:16], wrapped = key ⊕ HMAC-SHA256(W, x), x = number ‖ body hash.

    Raises:
        Malformed: the key or the body's hash is not 32 bytes.
    """
    if len(key) != KEY_BYTES:
        raise Malformed("slot.key", "A content key has 32 bytes, not {given}.", given=len(key))
    named = _named(number, body_hash)
    return digest(secret.tag, named, _ALGORITHM)[:TAG_BYTES] + _xor(key, digest(secret.wrap, named, _ALGORITHM))


def matches(secret: PairSecret, number: int, body_hash: bytes, slot: bytes) -> bool:
    """Tell whether *slot* is addressed to the holder of *secret*; any other length never is."""
    if len(slot) != SLOT_BYTES:
        return False
    return compare_digest(digest(secret.tag, _named(number, body_hash), _ALGORITHM)[:TAG_BYTES], slot[:TAG_BYTES])


def unwrap(secret: PairSecret, number: int, body_hash: bytes, slot: bytes) -> bytes:
    """Take the content key out of a slot: 32 bytes. Only opening the body shows that it is the right one.

    Raises:
        Malformed: the slot is not 48 bytes.
        Untrusted: the slot is not addressed to the holder of *secret*.
    """
    if len(slot) != SLOT_BYTES:
        raise Malformed("slot.length", "A slot has 48 bytes, not {given}.", given=len(slot))
    if not matches(secret, number, body_hash, slot):
        raise Untrusted("slot.tag", "The slot is not addressed to the holder of this secret.")
    return _xor(slot[TAG_BYTES:], digest(secret.wrap, _named(number, body_hash), _ALGORITHM))


def _named(number: int, body_hash: bytes) -> bytes:
    if len(body_hash) != 32 or not 0 <= number < 1 << 64:
        raise Malformed("slot.entry", "A slot needs a number of 64 bits and a body hash of 32 bytes.")
    return number.to_bytes(8, "big") + body_hash


def _xor(left: bytes, right: bytes) -> bytes:
    return (int.from_bytes(left, "big") ^ int.from_bytes(right, "big")).to_bytes(KEY_BYTES, "big")
