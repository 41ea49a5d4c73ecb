"""Hashes of a Merkle tree (RFC 6962, section 2.1): a leaf and a node can never be taken for each other."""

from __future__ import annotations

from hashlib import sha256

HASH_BYTES = 32
LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"
EMPTY_ROOT = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
"""Root of the tree without leaves: SHA-256 of nothing."""


def leaf_hash(data: bytes) -> bytes:
    """Hash a leaf: SHA-256(0x00 ‖ data), 32 bytes."""
    return sha256(LEAF_PREFIX + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two children into their parent: SHA-256(0x01 ‖ left ‖ right), 32 bytes."""
    return sha256(NODE_PREFIX + left + right).digest()
