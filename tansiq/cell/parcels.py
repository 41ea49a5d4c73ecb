"""Parcels: acts of one desk and one release, bound together before they are sealed, or after their seal was undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tansiq import wire
from tansiq.acts import Act, act_id, act_leaf, pack_act, salt_acts, write_label

HASH_BYTES = SALT_BYTES = 32
PACKED_BYTES_MAX = 59_998
"""What one envelope takes: its plain body, with two bytes of count, stays at 60,000."""


class Parcel(NamedTuple):
    """Acts that may travel in one envelope. ``ids`` and ``leaves`` are 32 bytes an act, end to end, in order.

    ``packed`` is the acts as they stand in a plain body: salt, length, bytes. An open entry is a parcel by itself:
    ``desk`` is its kind below zero, ``packed`` its body, and ``ids`` one hash that names it in this outbox alone.
    """

    desk: int
    release: tuple[str, ...]
    ids: bytes
    leaves: bytes
    packed: bytes

    @property
    def acts(self) -> int:
        """How many acts it holds; an open entry counts as one."""
        return len(self.ids) // HASH_BYTES

    @property
    def kind(self) -> int:
        """The kind of the entry that it becomes: 0 sealed."""
        return max(0, -self.desk)

    @classmethod
    def of_open(cls, kind: int, body: bytes) -> Parcel:
        """A parcel of the body of an open entry."""
        return cls(-kind, (), wire.sha256(bytes([kind]) + body), b"", body)

    @classmethod
    def of(cls, salt: bytes, data: bytes, act: Act, desk: int) -> Parcel:
        """A parcel of one act that lies on *desk*: its salt, its bytes.

        Raises:
            Malformed: ``act.size``.
        """
        name = act_id(salt, data)
        leaf = act_leaf(salt, write_label(desk, act.kind, act.topic), name)
        return cls(desk, act.release, name, leaf, pack_act(salt, data))


def gather(salts: bytes, written: Sequence[bytes], said: Sequence[tuple[Act, int]]) -> list[Parcel]:
    """Bind acts that are said together into as few parcels as hold them, in their order.

    *salts* stand end to end; *written* are the acts' bytes, *said* the acts and the number of each one's desk.

    Raises:
        Malformed: ``act.size``.
    """
    alike = {(act.release, desk, act.kind, act.topic) for act, desk in said}
    if len(alike) == 1 and len(said) <= wire.ACTS_PER_ENVELOPE_MAX:
        ((release, desk, kind, topic),) = alike
        ids, leaves, packed = map(b"".join, salt_acts(salts, written, [write_label(desk, kind, topic)] * len(said)))
        if len(packed) <= PACKED_BYTES_MAX:
            return [Parcel(desk, release, ids, leaves, packed)]
    each = [Parcel.of(salts[at:at + SALT_BYTES], data, act, desk)
            for at, data, (act, desk) in zip(range(0, len(salts), SALT_BYTES), written, said, strict=True)]
    return [bind(run) for run in runs(each)]


def hashes(joined: bytes) -> list[bytes]:
    """Take apart hashes that stand end to end."""
    return [joined[at:at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)]


def runs(parcels: Sequence[Parcel]) -> list[Sequence[Parcel]]:
    """Cut a row of parcels into runs of neighbours that fit into one envelope each: one desk, one release.

    An open entry stands alone.
    """
    cuts, size, acts = [0], 0, 0
    for at, parcel in enumerate(parcels):
        size, acts = size + len(parcel.packed), acts + parcel.acts
        first = parcels[cuts[-1]]
        if at > cuts[-1] and (size > PACKED_BYTES_MAX or acts > wire.ACTS_PER_ENVELOPE_MAX
                              or parcel.release != first.release or parcel.desk != first.desk or parcel.kind):
            cuts.append(at)
            size, acts = len(parcel.packed), parcel.acts
    return [parcels[start:end] for start, end in zip(cuts, [*cuts[1:], len(parcels)], strict=True) if start < end]


def bind(run: Sequence[Parcel]) -> Parcel:
    """Make one parcel of a run."""
    if len(run) == 1:
        return run[0]
    return Parcel(run[0].desk, run[0].release, b"".join([p.ids for p in run]), b"".join([p.leaves for p in run]),
                  b"".join([p.packed for p in run]))
