"""What holds at one moment: the charter in force with who is suspended, the mandates, what is settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class Made:
    """A mandate that came into force: its version, the registrar's key (suite byte first), the index of its entry.

    ``at`` is when the registrar ordered it (UTC ms), None where it is not folded here yet. ``asked``: the charter in
    force at that index asks for a named officer behind each promise.
    """

    version: int
    key: bytes
    index: int
    at: int | None
    asked: bool


@dataclass(frozen=True, slots=True)
class Mandates:
    """The mandates so far, oldest first; the charter made the first. ``promisers`` are the members whose promises made
    the newest; ``promised`` is what this member promised itself, in force or not: keys by version."""

    made: tuple[Made, ...] = ()
    promisers: tuple[str, ...] = ()
    promised: Mapping[int, bytes] = field(default_factory=dict)
