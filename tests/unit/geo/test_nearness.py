"""How far one place is from another, and what lies around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from tansiq.geo import Circle, Line, Place, Point, Polygon, bounds, boxes_around, covers, distance_m

D = 10_000_000
BAGHDAD, DAMASCUS = Point(at=(333_152_000, 443_661_000)), Point(at=(335_138_000, 362_765_000))
SQUARE = Polygon(corners=((33 * D, 44 * D), (33 * D, 45 * D), (34 * D, 45 * D), (34 * D, 44 * D)))
points = st.builds(Point, at=st.tuples(st.integers(-85 * D, 85 * D), st.integers(-180 * D, 180 * D)))


def test_distance_between_cities() -> None:
    """Baghdad to Damascus is measured on the ellipsoid, to the metre, both ways alike."""
    _, _, metres = Geod(ellps="WGS84").inv(44.3661, 33.3152, 36.2765, 33.5138)
    assert distance_m(BAGHDAD, DAMASCUS) == distance_m(DAMASCUS, BAGHDAD) == int(metres)


def test_what_touches_is_no_distance_away() -> None:
    """A point inside an area, a line across it and the area itself are 0 m away."""
    for place in (BAGHDAD, SQUARE, Line(through=((335_000_000, 40 * D), (335_000_000, 50 * D)))):
        assert distance_m(place, SQUARE) == 0


def test_distance_to_an_edge_and_a_radius() -> None:
    """The nearest point counts, not the middle: a circle of 10 km begins 10 km sooner."""
    circle = Circle(centre=DAMASCUS.at, radius_m=10_000)
    assert abs(distance_m(BAGHDAD, DAMASCUS) - 10_000 - distance_m(BAGHDAD, circle)) < 30
    west = Point(at=(335_000_000, 43 * D))
    assert 90_000 < distance_m(west, SQUARE) < 94_000


def test_the_shorter_way_around_the_earth() -> None:
    """Two places on both sides of the meridian of 180 are near each other."""
    assert distance_m(Point(at=(0, 1_799_000_000)), Point(at=(0, -1_799_000_000))) < 23_000
    assert len(boxes_around(Point(at=(0, 1_799_999_000)), 5_000)) == 2


@pytest.mark.parametrize(("inner", "inside"), [
    (BAGHDAD, True), (SQUARE, True), (DAMASCUS, False), (Circle(centre=BAGHDAD.at, radius_m=5_000), True),
    (Circle(centre=BAGHDAD.at, radius_m=80_000), False),
    (Line(through=((335_000_000, 441_000_000), (335_000_000, 46 * D))), False),
])
def test_covering(inner: Place, inside: bool) -> None:
    """An area covers what has no part outside it; itself too."""
    assert covers(SQUARE, inner) is inside


@given(one=points, other=points, reach_m=st.integers(0, 400_000))
def test_nothing_within_reach_lies_outside_the_boxes(one: Point, other: Point, reach_m: int) -> None:
    """What is within a reach of a place lies in one of the boxes around it: an index loses nothing."""
    if distance_m(one, other) <= reach_m:
        south, north, west, east = bounds(other)
        assert any(box[0] <= north and box[1] >= south and box[2] <= east and box[3] >= west
                   for box in boxes_around(one, reach_m))
