"""Rosters: who belongs to the centre, under which keys, from which entry on."""

from __future__ import annotations

from dataclasses import dataclass

from tansiq.errors import Untrusted


@dataclass(frozen=True, slots=True)
class Member:
    """A member or partner and its three public keys."""

    code: str
    state: bytes
    sign: bytes
    seal: bytes
    suspended: bool = False


@dataclass(frozen=True)
class Roster:
    """Members by ascending code, then partners likewise; ``index`` counts rosters from 0."""

    index: int
    members: tuple[Member, ...]
    partners: tuple[Member, ...]

    def party(self, code: str) -> Member:
        """A member or partner.

        Raises:
            Untrusted: ``entry.author``.
        """
        for party in (*self.members, *self.partners):
            if party.code == code:
                return party
        raise Untrusted("entry.author", "{code} is not in the roster in force.", code=code)

    @property
    def codes(self) -> tuple[str, ...]:
        """Members' codes in slot order."""
        return tuple(member.code for member in self.members)

    @property
    def present(self) -> tuple[Member, ...]:
        """Members that are not suspended."""
        return tuple(member for member in self.members if not member.suspended)

    @property
    def quorum(self) -> int:
        """How many unsuspended members settle the journal: ⌊2u/3⌋ + 1, or all where fewer are there."""
        return quorum(len(self.present))


def quorum(unsuspended: int) -> int:
    """⌊2u/3⌋ + 1, at most u: 4 → 3, 3 → 3, 2 → 2, 30 → 21."""
    return min(unsuspended, 2 * unsuspended // 3 + 1)
