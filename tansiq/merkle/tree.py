"""The right edge of a growing tree: all that is needed to append and to tell the root (RFC 6962, section 2.1)."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from tansiq.errors import Malformed
from tansiq.merkle.hashes import EMPTY_ROOT, HASH_BYTES, NODE_PREFIX


class Growth:
    """A tree kept as the roots of its complete subtrees, one for each 1 in the size's binary form, largest first.

    Holds at most 64 hashes, whatever the size. ``Frontier(size, hashes)`` continues where a
    stored ``(size, hashes)`` pair stopped.

    Raises:
        Malformed: the hashes are not as many as the size has ones, or one is not 32 bytes.
    """

    __slots__ = ("_hashes", "_size")

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self._size = size
        self._hashes = list(hashes)
        if size < 0 or len(self._hashes) != size.bit_count() or any(len(h) != HASH_BYTES for h in self._hashes):
            raise Malformed("tree.frontier", "The stored edge of a tree of {size} leaves is damaged.", size=size)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._size

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """Roots of the complete subtrees, largest first: store them with the size."""
        return tuple(self._hashes)

    def append(self, leaf_hash: bytes) -> None:
        """Add one leaf, given as its hash; one further hash on average."""
        here, hashes, size = leaf_hash, self._hashes, self._size
        if len(here) != HASH_BYTES:
            raise Malformed("tree.hash", "A leaf hash has 32 bytes, not {given}.", given=len(here))
        self._size = size + 1
        while size & 1:
            here = sha256(NODE_PREFIX + hashes.pop() + here).digest()
            size >>= 1
        hashes.append(here)

    def root(self) -> bytes:
        """Root over all leaves so far, 32 bytes; of none: the hash of nothing."""
        if not self._hashes:
            return EMPTY_ROOT
        here = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            here = sha256(NODE_PREFIX + left + here).digest()
        return here

    def copy(self) -> Growth:
        """Copy, so that leaves can be tried and thrown away."""
        return Growth(self._size, self._hashes)
