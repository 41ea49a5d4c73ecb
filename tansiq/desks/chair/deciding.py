"""What a proposal came to, counted from its votes and from what was in force when it ended. Nobody types a result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tansiq.cell.moment import InForce
from tansiq.cell.views import Look
from tansiq.charter import Tally, tally
from tansiq.charter import Vote as Choice
from tansiq.desks.chair.register import VoteRow


@dataclass(frozen=True, slots=True)
class Decided:
    """The count, when it was closed (UTC ms; None: still open), and which votes came too late to count."""

    tally: Tally
    closed_at: int | None
    uncounted: frozenset[str]


def decide(look: Look, votes: Sequence[VoteRow], closes_at: int) -> Decided:
    """Count *votes* (in the journal's order) on a proposal that is open until *closes_at* (UTC ms).

    It is closed by the vote after which every unsuspended member has voted, or when its time is over; what is in force
    then decides who counts and how many are needed.
    """
    counted: dict[str, Choice] = {}
    closed_at = None
    for row in votes:
        counted[row.voter] = row.vote
        if unsuspended(look.in_force(row.voted_at + 1)) <= counted.keys():
            closed_at = row.voted_at + 1
            break
    if closed_at is None and look.now >= closes_at:
        closed_at = closes_at
    force = look.in_force(look.now if closed_at is None else closed_at)
    members = unsuspended(force)
    result = tally(force.charter, members, counted, over=closed_at is not None)
    uncounted = frozenset(row.voter for row in votes if row.voter not in counted or row.voter not in members)
    return Decided(result, closed_at, uncounted)


def unsuspended(force: InForce) -> frozenset[str]:
    """The members that may vote."""
    return frozenset(member.code for member in force.charter.members) - force.suspended
