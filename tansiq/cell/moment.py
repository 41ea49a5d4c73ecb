"""What holds at one moment: the charter in force with who is suspended, and how far the journal is settled."""

from __future__ import annotations

from dataclasses import dataclass

from tansiq.charter import Charter


@dataclass(frozen=True, slots=True)
class Settled:
    """What a cell knows to be settled: everything below ``size``, as of the checkpoint of ``at`` (UTC ms; 0: never)."""

    size: int
    at: int


@dataclass(frozen=True, slots=True)
class InForce:
    """What open entries had established by one moment: the charter, and which members were suspended."""

    charter: Charter
    suspended: frozenset[str]
