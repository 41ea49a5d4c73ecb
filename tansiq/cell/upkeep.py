"""What an administrator looks at in a cell: whose keys are in force, who cosigned when, how far clocks are apart."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tansiq import wire
from tansiq.cell.following import Follower
from tansiq.cell.partner import PartnerFollower
from tansiq.journal import parse_leaf
from tansiq.keys.pairs import MONTHS
from tansiq.registrar.control import Control

SIZES_LOOKED_AT = 200


class PartyKeys(msgspec.Struct, frozen=True):
    """A party's public keys by their SHA-256 (hex): state, signing, sealing; and whether it is suspended."""

    code: str
    state: str
    sign: str
    seal: str
    suspended: bool


class IntroductionInForce(msgspec.Struct, frozen=True):
    """The introduction under which *author* addresses *to*: at which index it was made, until when it serves (UTC
    ms); None where none is in force."""

    author: str
    to: str
    index: int | None
    until_ms: int | None


class Keys(msgspec.Struct, frozen=True):
    """The keys of the roster in force, and the introductions that concern this cell."""

    roster: int
    parties: tuple[PartyKeys, ...]
    introductions: tuple[IntroductionInForce, ...]


class Cosigner(msgspec.Struct, frozen=True):
    """When a member last cosigned (UTC ms) and up to which size, as far as this cell's copy knows."""

    code: str
    suspended: bool
    at_ms: int | None
    size: int | None


class Clocks(msgspec.Struct, frozen=True):
    """This cell's clock, and at its own last entry the registrar's time less its own (ms), which holds the way there.

    None where this cell has said nothing yet, or holds no tree.
    """

    now_ms: int
    apart_ms: int | None
    measured_ms: int | None


class Upkeep:
    """The instruments of one cell."""

    def __init__(self, code: str, follower: Follower | PartnerFollower, clock: Callable[[], int]) -> None:
        self._code = code
        self._follower = follower
        self._clock = clock

    def keys(self) -> Keys:
        """Whose keys are in force, and until when introductions serve."""
        control, size = self._follower.state.control, self._follower.size
        roster = control.roster
        parties = tuple(PartyKeys(p.code, _named(p.state), _named(p.sign), _named(p.seal), p.suspended)
                        for p in (*roster.members, *roster.partners))
        pairs = [(self._code, p.code) for p in parties] + [(p.code, self._code) for p in parties
                                                          if p.code != self._code]
        return Keys(roster.index, parties, tuple(_in_force(control, *pair, size) for pair in pairs))

    def cosigners(self) -> tuple[Cosigner, ...]:
        """When each member last cosigned; empty at a partner's cell, which holds no tree."""
        follower, found = self._follower, dict[str, tuple[int, int]]()
        if isinstance(follower, PartnerFollower):
            return ()
        members = follower.state.control.roster.members
        for looked, size in enumerate(follower.store.cosigned(0, newest_first=True)):
            for code, (time_s, _) in follower.store.cosignatures(size).items():
                found.setdefault(code, (time_s * 1000, size))
            if looked >= SIZES_LOOKED_AT or len(found) >= len(members):
                break
        return tuple(Cosigner(m.code, m.suspended, *found.get(m.code, (None, None))) for m in members)

    def clocks(self) -> Clocks:
        """How far this cell's clock and the registrar's are apart, by the last entry of this cell's own."""
        follower, now = self._follower, self._clock()
        index = None if isinstance(follower, PartnerFollower) else follower.store.last_of(self._code)
        if index is None:
            return Clocks(now, None, None)
        leaf = parse_leaf(follower.leaves(index, index + 1)[0].leaf)
        return Clocks(now, leaf.time - leaf.entry.sent, leaf.time)


def _named(key: bytes) -> str:
    return wire.sha256(key).hex()


def _in_force(control: Control, author: str, to: str, size: int) -> IntroductionInForce:
    made = control.in_force(author, to, size)
    if made is None:
        return IntroductionInForce(author, to, None, None)
    return IntroductionInForce(author, to, made.index, wire.month_start(made.body.first + MONTHS))
