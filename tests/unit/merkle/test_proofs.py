"""Trees and proofs: every small size, and what is altered is refused."""

from __future__ import annotations

import pytest

from tansiq.errors import Untrusted
from tansiq.merkle.hashes import EMPTY_ROOT, leaf_hash, node_hash
from tansiq.merkle.proofs import consistency_path, inclusion_path, root_at, verify_consistency, verify_inclusion
from tansiq.merkle.tree import Growth

SIZE = 18
LEAVES = [leaf_hash(bytes([n])) for n in range(SIZE)]
NODES: dict[tuple[int, int], bytes] = {}


def _whole(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(_whole(leaves[:split]), _whole(leaves[split:]))


for _level in range(5):
    for _index in range(SIZE >> _level):
        NODES[_level, _index] = _whole(LEAVES[_index << _level:(_index + 1) << _level])
ROOTS = [_whole(LEAVES[:size]) for size in range(SIZE + 1)]


def node(level: int, index: int) -> bytes:
    """Read a node that is complete."""
    return NODES[level, index]


def _altered(path: list[bytes]) -> list[list[bytes]]:
    flipped = [[*path[:at], bytes(32), *path[at + 1:]] for at in range(len(path))]
    return [*flipped, *([path[:-1]] if path else []), [*path, bytes(32)]]


def _refused_inclusion(index: int, size: int, path: list[bytes], leaf: bytes, root: bytes) -> None:
    with pytest.raises(Untrusted) as refused:
        verify_inclusion(leaf, index=index, size=size, path=path, root=root)
    assert refused.value.code == "proof.inclusion"


@pytest.mark.parametrize("size", range(SIZE + 1))
def test_growth_and_nodes_give_the_root_of_the_rfc(size: int) -> None:
    """Appending leaf by leaf, reading nodes, and taking up a frontier all reach the same root."""
    growth, told = Growth(), {}
    for leaf in LEAVES[:size]:
        growth.append(leaf, lambda level, index, value: told.update({(level, index): value}))
    assert growth.root() == root_at(size, node) == Growth.at(size, node).root() == ROOTS[size]
    assert told == {at: value for at, value in NODES.items() if at[1] + 1 << at[0] <= size}


@pytest.mark.parametrize("size", range(1, SIZE + 1))
def test_every_leaf_has_a_path_and_nothing_else_passes(size: int) -> None:
    """An inclusion path proves its own leaf at its own index; another leaf, index, root or path does not."""
    for index in range(size):
        path = inclusion_path(index, size, node)
        verify_inclusion(LEAVES[index], index=index, size=size, path=path, root=ROOTS[size])
        _refused_inclusion(index, size, path, bytes(32), ROOTS[size])
        _refused_inclusion(index, size, path, LEAVES[index], bytes(32))
        for other in {*range(-1, size + 1)} - {index}:
            _refused_inclusion(other, size, path, LEAVES[index], ROOTS[size])
        for altered in _altered(path):
            _refused_inclusion(index, size, altered, LEAVES[index], ROOTS[size])


def _refused_consistency(old: int, size: int, path: list[bytes], old_root: bytes, new_root: bytes) -> None:
    with pytest.raises(Untrusted) as refused:
        verify_consistency(old_size=old, old_root=old_root, new_size=size, new_root=new_root, path=path)
    assert refused.value.code == "proof.consistency"


@pytest.mark.parametrize("size", range(1, SIZE + 1))
def test_every_size_begins_with_every_smaller_one(size: int) -> None:
    """A consistency path proves that a tree begins with an older one; altered roots or paths do not pass."""
    for old in range(1, size + 1):
        path = consistency_path(old, size, node)
        verify_consistency(old_size=old, old_root=ROOTS[old], new_size=size, new_root=ROOTS[size], path=path)
        _refused_consistency(old, size, path, bytes(32), ROOTS[size])
        _refused_consistency(old, size, path, ROOTS[old], bytes(32))
        for altered in _altered(path):
            _refused_consistency(old, size, altered, ROOTS[old], ROOTS[size])
        if old < size:
            _refused_consistency(size, old, path, ROOTS[size], ROOTS[old])


def test_every_tree_begins_with_none() -> None:
    """The empty tree is the beginning of each, and needs no path."""
    verify_consistency(old_size=0, old_root=EMPTY_ROOT, new_size=5, new_root=ROOTS[5], path=[])
    _refused_consistency(0, 5, [bytes(32)], EMPTY_ROOT, ROOTS[5])


def test_a_leaf_is_never_a_node() -> None:
    """A leaf made of two hashes has another hash than their parent."""
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])
