"""A growing tree's frontier: the roots of its complete subtrees, from the largest to the smallest (RFC 6962)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tansiq.merkle.hashes import EMPTY_ROOT, node_hash
from tansiq.merkle.proofs import NodeReader

Grown = Callable[[int, int, bytes], None]


class Growth:
    """What is needed to append to a tree and to know its root: at most 64 hashes."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """Take up a tree of *size* leaves; *hashes* are the roots of its complete subtrees, largest first."""
        assert len(hashes) == size.bit_count()
        self.size = size
        self._hashes = list(hashes)
        self._root: bytes | None = None

    @classmethod
    def at(cls, size: int, node: NodeReader) -> Growth:
        """The frontier of the first *size* leaves of a stored tree."""
        hashes, start = [], 0
        for level in range(size.bit_length() - 1, -1, -1):
            if size >> level & 1:
                hashes.append(node(level, start >> level))
                start += 1 << level
        return cls(size, hashes)

    def append(self, leaf: bytes, grown: Grown | None = None) -> None:
        """Add a leaf's hash. *grown* is told each subtree that became complete: level, index, hash."""
        index, level, stack = self.size, 0, self._hashes
        self._root = None
        stack.append(leaf)
        if grown:
            grown(0, index, leaf)
        while index & 1:
            right = stack.pop()
            stack[-1] = node_hash(stack[-1], right)
            index >>= 1
            level += 1
            if grown:
                grown(level, index, stack[-1])
        self.size += 1

    def root(self) -> bytes:
        """Root over all leaves so far; of none, the hash of nothing."""
        if self._root is None:
            self._root = self._hashes[-1] if self._hashes else EMPTY_ROOT
            for left in reversed(self._hashes[:-1]):
                self._root = node_hash(left, self._root)
        return self._root
