"""Checking a whole journal: every signature, chain, rule, leaf and node, and the checkpoint above them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tansiq.errors import Untrusted
from tansiq.journal import Leaf, Store, parse_leaf
from tansiq.journal.entry import ENTRY_DOMAIN
from tansiq.keys.signing import verify_many
from tansiq.merkle import signed
from tansiq.registrar.control import Control, Head, settled_times
from tansiq.registrar.settling import settled_heads
from tansiq.registrar.state import JournalState

PAGE = 1_024


def verified_early(state: JournalState, leaves: list[Leaf]) -> set[int]:
    """Indices whose signature holds under the roster in force now; later keys are checked in their place."""
    if not state.control.rosters:
        return set()
    roster = state.control.roster
    keys = {p.code: p.sign for p in (*roster.members, *roster.partners)}
    known = [leaf for leaf in leaves if leaf.entry.author in keys and leaf.entry.roster == roster.index]
    held = verify_many([(keys[leaf.entry.author], leaf.entry.signature, ENTRY_DOMAIN + leaf.entry.signed)
                        for leaf in known])
    return {leaf.index for leaf, holds in zip(known, held, strict=True) if holds}


def require_leaf(state: JournalState, leaf: Leaf) -> None:
    """Hold that a leaf stands where its index, time and open chain say.

    Raises:
        Untrusted: ``journal.leaf``.
    """
    if leaf.index != state.size or leaf.open != state.last_open or (state.times and leaf.time < state.times[-1]):
        raise Untrusted("journal.leaf", "Entry {index} does not stand where the registrar put it.", index=leaf.index)


def require_checkpoint(control: Control, head: Head, root: bytes) -> None:
    """Hold that a head is the registrar's, under the mandate of its size, and that its root is *root*.

    Raises:
        Untrusted: ``note.signature`` or ``journal.tree``.
    """
    mandate, note = control.mandate_at(head.size), signed.parse_note(head.note)
    origin = signed.origin(control.centre, mandate.version)
    signed.verify_text(note, origin, mandate.key)
    given = signed.parse_checkpoint(note.text)
    if (given.origin, given.size, given.root) != (origin, head.size, root):
        raise Untrusted("journal.tree", "The registrar's checkpoint of size {size} is not of this journal.",
                        size=given.size)


def verify_journal(store: Store, *, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Replay a stored journal from its first entry and check its newest checkpoint and cosignatures.

    Raises:
        Untrusted, Malformed, Conflict, Refused: at the first entry that does not hold.
    """
    state, size = JournalState(store), store.size
    for start in range(0, size, PAGE):
        records = store.fetch(start, min(start + PAGE, size))
        leaves = [parse_leaf(record.leaf) for record in records]
        early = verified_early(state, leaves)
        for leaf, record in zip(leaves, records, strict=True):
            require_leaf(state, leaf)
            state.require(leaf.entry, record.body, leaf.time, signed=leaf.index in early)
            made = state.take(leaf.entry, record.body, leaf.time)
            if made.record.leaf != record.leaf or any(store.node(*n[:2]) != n[2] for n in made.nodes):
                raise Untrusted("journal.leaf", "Entry {index} does not stand where the registrar put it.",
                                index=leaf.index)
        state.settle()
        progress(state.size, size)
    if state.size != size:
        raise Untrusted("journal.gap", "The journal has {found} entries where {size} are named.", found=state.size,
                        size=size)
    return {"entries": size, "root": state.growth.root().hex(), **_signed(state, store)}


def _signed(state: JournalState, store: Store) -> dict[str, Any]:
    """Verify the newest checkpoint, and those that lead to what is settled."""
    control, settled, cosigners = state.control, 0, []
    kept = store.checkpoint()
    if kept is not None:
        if kept[0] > state.size:
            raise Untrusted("journal.tree", "The registrar's checkpoint of size {size} is not of this journal.",
                            size=kept[0])
        newest = Head(*kept, store.cosignatures(kept[0]))
        for head in (*settled_heads(store, control, 0), newest):
            require_checkpoint(control, head, state.root(head.size))
            times = settled_times(control, head, min(settled, head.size))
            if control.is_settled(times, min(settled, head.size), head.size):
                settled = max(settled, head.size)
        cosigners = sorted(settled_times(control, newest, newest.size))
    return {"cosigners": cosigners, "settled": settled}
