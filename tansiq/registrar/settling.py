"""Finding what is settled among the checkpoints that a store keeps.

A checkpoint is settled by a quorum of every roster in force since the one settled before it. So whoever was away while
members came and went walks the same way again: the first settled checkpoint above each change of roster, then the
newest.
"""

from __future__ import annotations

from collections.abc import Iterator

from tansiq.journal import Store
from tansiq.registrar.control import Control, Head


def settled_heads(store: Store, control: Control, since: int) -> list[Head]:
    """The settled checkpoints that lead from *since* to the newest settled one, each settled since the one before."""
    found: list[Head] = []
    for index, _ in control.rosters:
        if index >= since:
            head = _first(store, control, since, max(index, since) + 1)
            if head is not None:
                found.append(head)
                since = head.size
    newest = _newest(store, control, since)
    return found if newest is None else [*found, newest]


def head_at(store: Store, size: int) -> Head | None:
    """The checkpoint of *size* with the cosignatures that are kept, if it is kept."""
    kept = store.checkpoint(size)
    return None if kept is None else Head(size, kept[1], store.cosignatures(size))


def _first(store: Store, control: Control, since: int, start: int) -> Head | None:
    return next(_settled(store, control, since, store.cosigned(start)), None)


def _newest(store: Store, control: Control, since: int) -> Head | None:
    return next(_settled(store, control, since, store.cosigned(since + 1, newest_first=True)), None)


def _settled(store: Store, control: Control, since: int, sizes: Iterator[int]) -> Iterator[Head]:
    for size in sizes:
        head = head_at(store, size)
        if head is not None and control.is_settled(head.cosignatures, since, size):
            yield head
