"""Proofs that a leaf stands in a tree, and that one tree begins with another (RFC 9162, section 2.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tansiq.errors import Untrusted
from tansiq.merkle.hashes import EMPTY_ROOT, node_hash

NodeReader = Callable[[int, int], bytes]


def subtrees(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Complete subtrees, as (level, index), that cover the leaves from *start* to *end*, left to right."""
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        yield level, start >> level
        start += 1 << level


def range_root(start: int, end: int, node: NodeReader) -> bytes:
    """Root over the leaves from *start* to *end*, where *start* is where a subtree of that size may begin."""
    hashes = [node(level, index) for level, index in subtrees(start, end)]
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def root_at(size: int, node: NodeReader) -> bytes:
    """Root of the first *size* leaves."""
    return range_root(0, size, node) if size else EMPTY_ROOT


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_path(index: int, size: int, node: NodeReader) -> list[bytes]:
    """Path of leaf *index* in the tree of *size* leaves, from the leaf upwards."""
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(middle, end, node))
            end = middle
        else:
            path.append(range_root(start, middle, node))
            start = middle
    return path[::-1]


def verify_inclusion(leaf: bytes, *, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf's hash stands at *index* under *root*.

    Raises:
        Untrusted: ``proof.inclusion``.
    """
    failed = Untrusted("proof.inclusion", "The path does not lead from entry {index} to the root of size {size}.",
                       index=index, size=size)
    if not 0 <= index < size:
        raise failed
    at, last, reached = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise failed
        if at & 1 or at == last:
            reached = node_hash(step, reached)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            reached = node_hash(reached, step)
        at >>= 1
        last >>= 1
    if last or reached != root:
        raise failed


def consistency_path(old: int, size: int, node: NodeReader) -> list[bytes]:
    """Proof that the tree of *size* leaves begins with the one of *old* leaves."""
    if not 0 < old < size:
        return []
    start, end, path, whole = 0, size, [], True
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_root(middle, end, node))
            end = middle
        else:
            path.append(range_root(start, middle, node))
            start, whole = middle, False
    return ([] if whole else [range_root(start, end, node)]) + path[::-1]


def verify_consistency(*, old_size: int, old_root: bytes, new_size: int, new_root: bytes,
                       path: Sequence[bytes]) -> None:
    """Check that the newer tree begins with the older one.

    Raises:
        Untrusted: ``proof.consistency``.
    """
    failed = Untrusted("proof.consistency", "The journal of size {new} does not begin with the one of size {old}.",
                       new=new_size, old=old_size)
    if old_size == 0 or old_size == new_size:
        if old_size > new_size or path or (old_size == new_size and old_root != new_root):
            raise failed
        return
    steps = list(path)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    if old_size > new_size or not steps:
        raise failed
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at >>= 1
        last >>= 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise failed
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            new = node_hash(new, step)
        at >>= 1
        last >>= 1
    if last or old != old_root or new != new_root:
        raise failed
