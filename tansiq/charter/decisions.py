"""How the members decide together: the charter's shares, and what a vote came to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from tansiq.charter.model import Charter, Share
from tansiq.charter.shape import refuse

WHOLE_MAX = 100

Vote = Literal["yes", "no", "abstain"]
Outcome = Literal["open", "adopted", "rejected", "too_few"]


@dataclass(frozen=True, slots=True)
class Tally:
    """What a vote came to: how many said what of ``members`` unsuspended ones, and how many the charter asks for.

    ``quorum`` is how many must have voted, ``majority`` how many must have said yes; who abstains has voted.
    """

    outcome: Outcome
    yes: int
    no: int
    abstain: int
    members: int
    quorum: int
    majority: int


def tally(charter: Charter, unsuspended: Collection[str], votes: Mapping[str, Vote], *, over: bool) -> Tally:
    """Count *votes* by member under the charter; those of members that are not *unsuspended* count for nothing.

    *over*: no more votes can come. Until then, and until everyone has voted, the outcome is ``open``. A majority is
    counted of all unsuspended members, not of those who voted: a tie adopts nothing, and neither does silence.
    """
    counted = [vote for code, vote in votes.items() if code in unsuspended]
    of, yes = len(unsuspended), counted.count("yes")
    quorum, majority = charter.decisions.quorum.least(of), charter.decisions.majority.least(of)
    outcome: Outcome = "adopted" if yes >= majority else "rejected"
    if not over and len(counted) < of:
        outcome = "open"
    elif len(counted) < quorum:
        outcome = "too_few"
    return Tally(outcome, yes, counted.count("no"), counted.count("abstain"), of, quorum, majority)


def check(charter: Charter) -> None:
    """Hold that the shares are shares, and that no two opposite proposals could both be adopted.

    Raises:
        Malformed: ``charter.share``.
    """
    decisions = charter.decisions
    _check_share(decisions.quorum, "decisions.quorum")
    part, whole = _check_share(decisions.majority, "decisions.majority")
    if 2 * part < whole or (2 * part == whole and decisions.majority.more_than is None):
        refuse("charter.share", "{place}: two opposite proposals could both be adopted: a majority is more than half.",
               "decisions.majority")


def _check_share(share: Share, place: str) -> tuple[int, int]:
    given = [pair for pair in (share.at_least, share.more_than) if pair is not None]
    if len(given) != 1:
        refuse("charter.share", "{place}: give a share as at_least or as more_than, one of the two.", place)
    part, whole = given[0]
    least, most = (1, whole) if share.at_least is not None else (0, whole - 1)
    if not (1 <= whole <= WHOLE_MAX and least <= part <= most):
        refuse("charter.share", "{place}: {part} of {whole} is no share that members could reach.", place, part=part,
               whole=whole)
    return part, whole
