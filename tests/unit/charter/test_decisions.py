"""What a vote comes to: the charter's shares, for every number of members present."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.charter import Charter, Share, Vote, parse_charter, tally
from tests.unit.charter.conftest import Change
from tests.unit.charter.test_refusals import expect

CODES = ("AA", "BB", "CC", "DD", "EE")
CHOICES: tuple[Vote | None, ...] = ("yes", "no", "abstain", None)


@pytest.mark.parametrize(("of", "two_thirds", "half"), [(5, 4, 3), (4, 3, 3), (3, 2, 2), (2, 2, 2), (1, 1, 1)])
def test_shares_of_small_numbers(of: int, two_thirds: int, half: int) -> None:
    """Two thirds of four are three, of three two, of two both; more than half of four are three, of three two."""
    assert Share(at_least=(2, 3)).least(of) == two_thirds
    assert Share(more_than=(1, 2)).least(of) == half


@given(whole=st.integers(1, 100), part=st.integers(0, 100), of=st.integers(1, 32), over=st.booleans())
def test_a_share_is_the_smallest_number_that_reaches_it(whole: int, part: int, of: int, over: bool) -> None:
    """No smaller number of members is the share, and the number itself is (counted in fractions, without rounding)."""
    part = min(part, whole - 1) if over else min(max(part, 1), whole)
    share = Share(more_than=(part, whole)) if over else Share(at_least=(part, whole))

    def reaches(count: int) -> bool:
        return count * whole > of * part if over else count * whole >= of * part

    least = share.least(of)
    assert reaches(least) and least <= of
    assert least == 1 or not reaches(least - 1)


def _charter(change: Change, quorum: str, majority: str) -> Charter:
    text = change("quorum = {more_than = [1, 2]}\nmajority = {at_least = [2, 3]}",
                  f"quorum = {quorum}\nmajority = {majority}")
    return parse_charter(text)


@pytest.mark.parametrize("majority", ["{at_least = [2, 3]}", "{more_than = [1, 2]}", "{at_least = [1, 1]}"])
@pytest.mark.parametrize("count", [5, 4, 3, 2])
def test_every_vote_of_every_number_of_members(change: Change, majority: str, count: int) -> None:
    """Every way in which so many members can vote or be silent comes to what a count by hand says."""
    charter = _charter(change, "{at_least = [2, 3]}", majority)
    for said in product(CHOICES, repeat=count):
        votes = {code: vote for code, vote in zip(CODES, said, strict=False) if vote is not None}
        result = tally(charter, CODES[:count], votes, over=True)
        yes, spoke = said.count("yes"), count - said.count(None)
        enough = {"{at_least = [2, 3]}": 3 * yes >= 2 * count, "{more_than = [1, 2]}": 2 * yes > count,
                  "{at_least = [1, 1]}": yes == count}[majority]
        assert result.outcome == ("too_few" if 3 * spoke < 2 * count else "adopted" if enough else "rejected")
        assert (result.yes, result.no, result.abstain) == (yes, said.count("no"), said.count("abstain"))
        still = tally(charter, CODES[:count], votes, over=False)
        assert still.outcome == ("open" if None in said else result.outcome)


def test_a_tie_adopts_nothing(change: Change) -> None:
    """Two of four against two is rejected, where more than half decide."""
    charter = _charter(change, "{more_than = [1, 2]}", "{more_than = [1, 2]}")
    votes: dict[str, Vote] = {"AA": "yes", "BB": "yes", "CC": "no", "DD": "no"}
    assert tally(charter, CODES[:4], votes, over=True).outcome == "rejected"


def test_a_suspended_member_neither_votes_nor_counts(change: Change) -> None:
    """With one of four suspended, two of three decide, and the suspended member's own vote is as if it were not."""
    charter = _charter(change, "{at_least = [2, 3]}", "{at_least = [2, 3]}")
    votes: dict[str, Vote] = {"AA": "yes", "BB": "yes", "DD": "no"}
    with_three = tally(charter, CODES[:3], votes, over=True)
    assert (with_three.outcome, with_three.members, with_three.majority, with_three.no) == ("adopted", 3, 2, 0)
    assert tally(charter, CODES[:4], votes, over=True).outcome == "rejected"


@given(of=st.integers(2, 32), yes=st.integers(0, 32))
def test_two_opposite_proposals_are_never_both_adopted(of: int, yes: int) -> None:
    """Whatever share a charter may take as a majority, not both sides can reach it."""
    yes = min(yes, of)
    for share in (Share(at_least=(2, 3)), Share(more_than=(1, 2)), Share(at_least=(51, 100))):
        assert not (yes >= share.least(of) and of - yes >= share.least(of))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("quorum = {more_than = [1, 2]}", "quorum = {}", "decisions.quorum"),
        ("quorum = {more_than = [1, 2]}", "quorum = {more_than = [1, 2], at_least = [1, 2]}", "decisions.quorum"),
        ("quorum = {more_than = [1, 2]}", "quorum = {more_than = [2, 2]}", "decisions.quorum"),
        ("quorum = {more_than = [1, 2]}", "quorum = {at_least = [0, 2]}", "decisions.quorum"),
        ("quorum = {more_than = [1, 2]}", "quorum = {at_least = [3, 2]}", "decisions.quorum"),
        ("quorum = {more_than = [1, 2]}", "quorum = {at_least = [1, 0]}", "decisions.quorum"),
        ("quorum = {more_than = [1, 2]}", "quorum = {at_least = [1, 101]}", "decisions.quorum"),
        ("majority = {at_least = [2, 3]}", "majority = {at_least = [1, 2]}", "decisions.majority"),
        ("majority = {at_least = [2, 3]}", "majority = {more_than = [1, 3]}", "decisions.majority"),
    ],
)
def test_shares_that_are_none_are_refused(change: Change, old: str, new: str, place: str) -> None:
    """A share is given once and can be reached, and a majority is more than half."""
    expect(change(old, new), "charter.share", place)


def test_half_is_enough_where_more_is_asked(change: Callable[..., str]) -> None:
    """More than half is a majority; at least half is none."""
    assert parse_charter(change("majority = {at_least = [2, 3]}", "majority = {more_than = [1, 2]}"))


@pytest.mark.parametrize(("present", "needed"), [(4, 3), (3, 2), (2, 2)])
def test_the_demonstration_decides_by_two_thirds(baghdad: Charter, present: int, needed: int) -> None:
    """Three of four, two of three, both of two."""
    result = tally(baghdad, [member.code for member in baghdad.members][:present], {}, over=True)
    assert (result.quorum, result.majority, result.members) == (needed, needed, present)
