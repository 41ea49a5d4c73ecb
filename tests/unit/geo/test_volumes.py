"""Volumes that come too close: never one left out, the same both ways, at the edges of the map and of the calendar."""

from __future__ import annotations

from datetime import UTC, datetime
from math import cos, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from tansiq.geo import Circle, Place, Polygon, volumes
from tansiq.geo.volumes import (
    LATITUDE_M,
    LONGITUDE_M,
    Buffers,
    Height,
    Volume,
    bounds,
    close_in_height,
    close_sideways,
    in_conflict,
    prepare,
)

GEOD = Geod(ellps="WGS84")
HOUR_MS = 3_600_000
E7 = 10_000_000
BUFFERS = Buffers(sideways_m=10_000, height_m=300, time_ms=15 * 60_000)


LOW, HIGH = Height("AMSL", 1_000), Height("AMSL", 3_000)


def volume(area: Place, *, lower: Height = LOW, upper: Height | None = HIGH, begins: int = 0,
           ends: int = HOUR_MS) -> Volume:
    """A volume of an hour between 1000 and 3000 m."""
    return Volume(area, lower, upper, begins, ends)


def circle(lat: float, lon: float, radius_m: int = 1_000) -> Circle:
    """A circle, its centre in degrees."""
    return Circle((round(lat * E7), round(lon * E7)), radius_m)


def square(lat: float, lon: float, half: float) -> Polygon:
    """A square on the map of degrees."""
    y, x, h = round(lat * E7), round(lon * E7), round(half * E7)
    return Polygon(((y - h, x - h), (y - h, x + h), (y + h, x + h), (y + h, x - h)))


def close(one: Place, other: Place, buffer_m: int = BUFFERS.sideways_m) -> bool:
    """Whether two areas are close, asked both ways."""
    a, b = prepare(volume(one)), prepare(volume(other))
    found = close_sideways(a, b, buffer_m)
    assert found == close_sideways(b, a, buffer_m)
    return found


LATS = st.floats(-88.5, 88.5)
LONS = st.floats(-179.9, 179.9)
AROUND = st.tuples(st.floats(0, 360), st.floats(0, 60_000))


@given(LATS, LONS, AROUND, st.integers(1, 40_000), st.integers(1, 40_000))
def test_circles_that_come_closer_than_the_buffer_are_found(lat: float, lon: float, off: tuple[float, float],
                                                            one_m: int, other_m: int) -> None:
    """Measured on the ellipsoid, anywhere on Earth: close circles are found, and far ones (by a tenth, away from the
    poles) are not."""
    x, y, _ = GEOD.fwd(lon, lat, off[0], off[1] + one_m)
    one, other = circle(lat, lon, one_m), circle(y, x, other_m)
    apart = GEOD.inv(one.centre[1] / E7, one.centre[0] / E7, other.centre[1] / E7, other.centre[0] / E7)[2]
    found = close(one, other)
    if apart < one_m + other_m + BUFFERS.sideways_m - 1:
        assert found
    if abs(lat) < 75 and apart > 1.1 * (one_m + other_m + BUFFERS.sideways_m):
        assert not found


@given(LATS, LONS, st.tuples(st.floats(-1.2, 1.2), st.floats(-1.2, 1.2)), st.floats(0.01, 0.4), st.floats(0.01, 0.4),
       st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)))
def test_areas_with_two_points_closer_than_the_buffer_are_found(
        lat: float, lon: float, off: tuple[float, float], halves_one: float, halves_other: float,
        at: tuple[float, float, float, float]) -> None:
    """Two points, one of each square, measured on the ellipsoid: if they are close, the squares are found close."""
    lat, lon = max(-87.0, min(87.0, lat)), max(-178.0, min(178.0, lon))
    a, b = square(lat, lon, halves_one), square(lat + off[0], lon + off[1], halves_other)

    def inside(area: Polygon, y: float, x: float) -> tuple[float, float]:
        (south, west), (north, east) = area.corners[0], area.corners[2]
        return (south + (north - south) * y) / E7, (west + (east - west) * x) / E7

    p, q = inside(a, at[0], at[1]), inside(b, at[2], at[3])
    if GEOD.inv(p[1], p[0], q[1], q[0])[2] < BUFFERS.sideways_m - 1:
        assert close(a, b)


@pytest.mark.parametrize(("one", "other", "found"), [
    (square(33, 44, 0.5), square(33, 44, 0.1), True),
    (square(33, 44, 0.5), circle(33, 44, 10), True),
    (square(33, 44, 0.01), circle(33, 44, 50_000), True),
    (square(33, 44, 0.5), square(33, 45.09, 0.5), True),
    (square(33, 44, 0.5), square(33, 45.2, 0.5), False),
    (Polygon(((330_000_000, 440_000_000), (330_000_000, 450_000_000), (331_000_000, 450_000_000),
              (331_000_000, 440_000_000))), circle(33.25, 44.5, 10_000), True),
    (square(0, 179.5, 0.4), square(0, -179.5, 0.4), False),
    (square(0, 179.95, 0.04), square(0, -179.95, 0.04), True),
    (circle(10, 179.99), circle(10, -179.99), True),
    (circle(60, 179.99), square(60, -179.5, 0.45), True),
    (circle(88.9, 0, 5_000), circle(88.9, 180, 5_000), False),
    (circle(88.95, 0, 100), circle(88.95, 5, 100), True),
    (circle(-88.95, -10, 100), circle(-88.95, -15, 100), True),
    (square(80, 0, 5), circle(84.0, 7.0, 20_000), True),
])
def test_areas_at_the_edges_of_the_map(one: Place, other: Place, found: bool) -> None:
    """One inside the other, side by side, across the meridian of 180, near the poles."""
    assert close(one, other) is found


def test_a_hole_between_two_arms_is_not_the_area() -> None:
    """A small circle in the mouth of a wide U keeps clear of it."""
    arms = ((33, 44), (33, 46), (35, 46), (35, 45.8), (33.2, 45.8), (33.2, 44.2), (35, 44.2), (35, 44))
    u = Polygon(tuple((round(lat * E7), round(lon * E7)) for lat, lon in arms))
    assert not close(u, circle(34.5, 45, 1_000)) and close(u, circle(34.5, 45.7, 1_000))


DEGREES = st.floats(-89, 89)
PIECES = st.lists(st.tuples(DEGREES, LONS, DEGREES, LONS), min_size=1, max_size=4)


@given(PIECES, PIECES, st.sampled_from(LONGITUDE_M))
def test_arrays_and_single_pairs_give_the_same_bits(ours: list[volumes.Piece], theirs: list[volumes.Piece],
                                                    metres: int) -> None:
    """Whichever way is taken, for few sides or for many, the distance is the same to the last bit."""
    table = np.full((len(ours), len(theirs)), float(metres))
    found = volumes._squares(np.array(ours)[:, None, :], np.array(theirs)[None, :, :], table)
    assert found.tolist() == [[volumes.square_m(one, other, float(metres)) for other in theirs] for one in ours]


HEIGHTS = [Height("AMSL", 0), Height("AMSL", 2_000), Height("AMSL", 9_000), Height("AGL", 0), Height("AGL", 500),
           Height("FL", 50), Height("FL", 240)]


def _may_be(height: Height, ground_m: int, air: float) -> float:
    """Where a height lies above the sea over some ground, in some air."""
    if height.datum != "FL":
        return height.value + (ground_m if height.datum == "AGL" else 0)
    return height.value * 30.48 * (1 + air / 8) + air * (600 if air > 0 else 1_200)


@given(*[st.sampled_from(HEIGHTS)] * 4, st.integers(-500, 9_000), st.floats(-1, 1))
def test_whatever_the_ground_and_the_air_close_bands_are_found(  # the ground and the air are those of one place
        lower_one: Height, upper_one: Height, lower_other: Height, upper_other: Height, ground: int,
        air: float) -> None:
    """If over some ground, in some air, two bands come closer than the buffer, they are found; and both ways alike."""
    one = volume(circle(33, 44), lower=lower_one, upper=upper_one)
    other = volume(circle(33, 44), lower=lower_other, upper=upper_other)
    found = close_in_height(one, other, BUFFERS)
    assert found == close_in_height(other, one, BUFFERS)
    up = _may_be(lower_other, ground, air) - _may_be(upper_one, ground, air)
    down = _may_be(lower_one, ground, air) - _may_be(upper_other, ground, air)
    if up < BUFFERS.height_m - 1 and down < BUFFERS.height_m - 1:
        assert found


def test_heights_of_one_datum_are_compared_as_they_are() -> None:
    """300 m apart is far enough above the sea, above the ground and on flight levels; without an upper limit nothing
    above is."""
    for datum, step in (("AMSL", 300), ("AGL", 300), ("FL", 10)):
        low = volume(circle(33, 44), lower=Height(datum, 0), upper=Height(datum, 100))  # type: ignore[arg-type]
        high = volume(circle(33, 44), lower=Height(datum, 100 + step), upper=None)  # type: ignore[arg-type]
        assert not close_in_height(low, high, BUFFERS)
        near = volume(circle(33, 44), lower=Height(datum, 99 + step), upper=None)  # type: ignore[arg-type]
        assert close_in_height(low, near, BUFFERS)
        assert close_in_height(volume(circle(33, 44), upper=None), high, BUFFERS)


def test_a_charter_that_knows_its_ground_finds_fewer() -> None:
    """Above the ground against above the sea depends on how high the ground may be."""
    low = volume(circle(33, 44), lower=Height("AGL", 0), upper=Height("AGL", 500))
    high = volume(circle(33, 44), lower=Height("AMSL", 6_000), upper=Height("AMSL", 8_000))
    assert close_in_height(low, high, BUFFERS)
    flat = Buffers(10_000, 300, 0, ground_low_m=-20, ground_high_m=3_700)
    assert not close_in_height(low, high, flat)


def instant(*moment: int) -> int:
    """UTC milliseconds."""
    return int(datetime(*moment, tzinfo=UTC).timestamp()) * 1000  # type: ignore[misc]


def test_time_is_counted_across_leap_days_and_years() -> None:
    """The buffer of a quarter of an hour holds over 29 February and over New Year."""
    for end in (instant(2016, 2, 29, 0, 0), instant(2016, 3, 1, 0, 0), instant(2017, 1, 1, 0, 0)):
        first = volume(circle(33, 44), begins=end - HOUR_MS, ends=end)
        for minutes, found in ((14, True), (15, False)):
            later = volume(circle(33, 44), begins=end + minutes * 60_000, ends=end + HOUR_MS)
            assert in_conflict(first, later, BUFFERS) is found and in_conflict(later, first, BUFFERS) is found


@given(LATS, LONS, AROUND, st.integers(1, 500_000), st.integers(1, 500_000), st.integers(1, 100_000))
def test_boxes_hold_whatever_is_found_close(lat: float, lon: float, off: tuple[float, float], one_m: int, other_m: int,
                                            buffer_m: int) -> None:
    """So that an index of boxes leads to every conflict."""
    x, y, _ = GEOD.fwd(lon, lat, off[0], off[1] * 20)
    one, other = volume(circle(lat, lon, one_m)), volume(circle(y, x, other_m))
    if close(one.area, other.area, buffer_m):
        assert any(a[0] <= b[1] and b[0] <= a[1] and a[2] <= b[3] and b[2] <= a[3]
                   for a in bounds(one, buffer_m) for b in bounds(other))


def test_the_table_is_the_same_whoever_computes_it() -> None:
    """No entry lies so near to a whole number that another machine's cosine could round it otherwise; and no degree is
    taken for longer than it is."""
    for tenth, metres in enumerate(LONGITUDE_M):
        exact = 111_319.49 * cos(radians(tenth / 10))
        assert tenth == 900 or 1e-4 < exact - metres < 1 - 1e-4
        if tenth < 900:
            assert metres <= GEOD.inv(0, tenth / 10, 0.001, tenth / 10)[2] * 1_000
    assert all(GEOD.inv(0, lat, 0, lat + 0.01)[2] * 100 >= LATITUDE_M for lat in range(90))
