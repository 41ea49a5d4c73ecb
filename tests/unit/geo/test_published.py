"""The built-in borders against published positions that do not come from them: tripoints, pillars, crossings.

Tripoints and pillars are those of the International Boundary Studies of the US Department of State (No. 100, Iraq and
Syria, 1970; No. 164, Iran and Iraq, 1978) and, for that of Iran, Iraq and Turkey, of the article "Iran-Iraq border" of
Wikipedia. Crossings are those of the Humanitarian Information Unit of the US Department of State (2014-2015, public
domain).
"""

from __future__ import annotations

import pytest

from tansiq.geo import Point, Territories, parse_position
from tansiq.geo.borders import DEFAULT

MARGIN_M = 20_000
TRIPOINTS = [
    ("37°06'22\"N 42°21'26\"E", {"IRQ", "SYR", "TUR"}),
    ("33°22'29\"N 38°47'33\"E", {"IRQ", "SYR", "JOR"}),
    ("37°08'44\"N 44°47'05\"E", {"IRQ", "IRN", "TUR"}),
]
PILLARS = ["30°27'13\"N 48°06'33\"E", "30°28'40\"N 48°01'27\"E", "30°59'53\"N 48°01'56\"E", "31°00'01\"N 47°40'54\"E",
           "31°47'05\"N 47°51'57\"E"]
CROSSINGS = [
    ("Abu Kamal", "34.398 40.976", {"IRQ", "SYR"}), ("At Tanf", "33.434 38.921", {"IRQ", "SYR"}),
    ("Tall Kujik", "36.806 42.076", {"IRQ", "SYR"}), ("Peshakapor", "37.09 42.348", {"IRQ", "SYR", "TUR"}),
    ("Nasib", "32.543 36.202", {"JOR", "SYR"}), ("Dara", "32.603 36.081", {"JOR", "SYR"}),
    ("Bab al-Hawa", "36.23 36.692", {"SYR", "TUR"}), ("Bab al-Salam", "36.646 37.085", {"SYR", "TUR"}),
    ("Jarablus", "36.831 37.999", {"SYR", "TUR"}), ("Ras al-Ain", "36.843 40.053", {"SYR", "TUR"}),
    ("Qamishli", "37.061 41.219", {"SYR", "TUR"}), ("Tell Abiad", "36.703 38.959", {"SYR", "TUR"}),
    ("Judaydat Yabus", "33.66 35.977", {"LBN", "SYR"}), ("Riblah", "34.423 36.544", {"LBN", "SYR"}),
    ("Tallkalakh", "34.668012 36.303241", {"LBN", "SYR"}),
]


@pytest.fixture(scope="module")
def territories() -> Territories:
    """The default borders, where the wheel's build has made them."""
    if not DEFAULT.is_file():
        pytest.skip("the default borders are not built: python -m tansiq.geo.build SRC DST")
    return Territories.load()


def asked(territories: Territories, position: str) -> set[str]:
    """Whose governments are asked at a position, by the default margin."""
    return set(territories.within(Point(at=parse_position(position)), MARGIN_M))


@pytest.mark.parametrize(("position", "states"), TRIPOINTS)
def test_at_a_tripoint_all_three_are_asked(territories: Territories, position: str, states: set[str]) -> None:
    """Where three states meet, all three lie within the margin, and each within six kilometres."""
    assert asked(territories, position) == states
    assert set(territories.within(Point(at=parse_position(position)), 6_000)) == states


@pytest.mark.parametrize("position", PILLARS)
def test_at_a_boundary_pillar_both_sides_are_asked(territories: Territories, position: str) -> None:
    """The pillars that two states set up between them lie within the margin of both."""
    assert asked(territories, position) >= {"IRN", "IRQ"}


@pytest.mark.parametrize(("name", "position", "states"), CROSSINGS, ids=lambda one: one if isinstance(one, str) else "")
def test_at_a_crossing_both_sides_are_asked(territories: Territories, name: str, position: str,
                                            states: set[str]) -> None:
    """A crossing that people use lies within the margin of both sides."""
    assert asked(territories, position) >= states, name
