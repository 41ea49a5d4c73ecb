"""Coarse footprints: never leaving out a true conflict, and showing nothing that is finer than a cell and an hour."""

from __future__ import annotations

import h3
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from tansiq.errors import Malformed
from tansiq.geo import Circle, Polygon
from tansiq.geo.footprints import (
    HOUR_MS,
    Part,
    around,
    both_meet,
    covers,
    drawn,
    footprint,
    meet,
    require_cells,
    spacing_m,
    touched,
)
from tansiq.geo.volumes import Buffers, Height, Volume, in_conflict

E7 = 10_000_000
GEOD = Geod(ellps="WGS84")
BUFFERS = Buffers(sideways_m=10_000, height_m=300, time_ms=15 * 60_000)
PENTAGONS = [h3.cell_to_latlng(cell) for cell in h3.get_pentagons(5)]
PLACES = st.tuples(st.floats(-88.5, 88.5), st.floats(-179, 179)) | st.sampled_from(
    [*PENTAGONS, (34.4, 41.0), (0.0, 179.99), (0.0, -179.99), (88.4, 10.0), (-88.4, 170.0)])
SIZES = st.integers(4, 5)


def volume(area: Circle | Polygon, begins: int = 0, ends: int = HOUR_MS) -> Volume:
    """A volume from the ground up."""
    return Volume(area, Height("AGL", 0), None, begins, ends)


def circle(lat: float, lon: float, radius_m: int) -> Circle:
    """A circle, its centre in degrees."""
    return Circle((round(lat * E7), round((lon + 180) % 360 * E7) - 180 * E7), radius_m)


def shown(one: Volume, resolution: int) -> tuple[Part, ...]:
    """Its footprint with the buffers."""
    return footprint([one], resolution=resolution, buffer_m=BUFFERS.sideways_m, buffer_ms=BUFFERS.time_ms)


def square(lat: float, lon: float, half_m: float) -> Polygon:
    """A square on the map of degrees, some 2 × half_m high."""
    half = half_m / 111_320
    return Polygon(tuple((round((lat + y * half) * E7), round((lon + x * half) * E7))
                         for y, x in ((-1, -1), (-1, 1), (1, 1), (1, -1))))


def point_of(area: Circle | Polygon, out: float, turn: float) -> tuple[float, float]:
    """Longitude and latitude of a point of an area: *out* 1 lies on its edge."""
    if isinstance(area, Circle):
        lon, lat = area.centre[1] / E7, area.centre[0] / E7
        return GEOD.fwd(lon, lat, turn, area.radius_m * out)[:2]
    (south, west), (north, east) = area.corners[0], area.corners[2]
    share = turn / 360
    return (west + (east - west) * share) / E7, (south + (north - south) * out) / E7


AREA = st.tuples(st.booleans(), st.integers(100, 60_000), st.floats(0, 1), st.floats(0, 360))


@settings(max_examples=250)
@given(PLACES, AREA, AREA, st.floats(0, 360), st.floats(0, 0.9999), SIZES, st.integers(-74, 74))
def test_no_true_conflict_is_left_out(place: tuple[float, float], one_: tuple[bool, int, float, float],
                                      other_: tuple[bool, int, float, float], azimuth: float, near: float, size: int,
                                      minutes: int) -> None:
    """Whenever a point of one plan comes closer to a point of another than the buffer, measured on the ellipsoid, and
    the times do too, the footprint of each meets the other: anywhere on Earth, at the pentagons of the grid, across
    the meridian of 180, near the poles."""
    lat, lon = place

    def area(y: float, x: float, of: tuple[bool, int, float, float]) -> Circle | Polygon:
        return square(y, x, of[1]) if of[0] and abs(y) < 80 and abs(x) < 178 else circle(y, x, of[1])

    one = area(lat, lon, one_)
    p = point_of(one, *one_[2:])
    q = GEOD.fwd(*p, azimuth, near * BUFFERS.sideways_m)
    # The other is laid so that its chosen point falls on q.
    away = point_of(area(q[1], q[0], other_), *other_[2:])
    back, _, metres = GEOD.inv(*away, q[0], q[1])
    x, y, _ = GEOD.fwd(q[0], q[1], back, metres)
    if abs(y) > 89:
        return
    other = area(y, x, other_)
    q = point_of(other, *other_[2:])
    if GEOD.inv(*p, *q)[2] > BUFFERS.sideways_m - 1:
        return
    a, b = volume(one), volume(other, minutes * 60_000, minutes * 60_000 + HOUR_MS)
    assert in_conflict(a, b, BUFFERS)
    assert meet(shown(a, size), b) and meet(shown(b, size), a) and both_meet(shown(a, size), shown(b, size))


@pytest.mark.parametrize("large", [circle(34.4, 41.0, 150_000), square(34.4, 41.0, 150_000)])
def test_a_small_plan_within_a_large_one_is_found(large: Circle | Polygon) -> None:
    """Also far from its edge, where no point was looked at."""
    for off in (0.0, 0.3, 0.6, 0.9):
        small = volume(circle(34.4 + off, 41.0 - off / 2, 100))
        assert meet(shown(volume(large), 4), small) and meet(shown(small, 4), volume(large))


@settings(max_examples=150)
@given(PLACES, SIZES, st.floats(0, 360), st.floats(0, 1), st.floats(0, 360), st.floats(0, 1))
def test_rings_hold_all_that_lies_within_the_buffer_of_a_cell(  # corner to corner, wherever the cell lies
        place: tuple[float, float], size: int, turn: float, out: float, azimuth: float, far: float) -> None:
    """From any point of a cell, whatever lies within the buffer and the spacings is in a ring around it."""
    cell = h3.latlng_to_cell(*place, size)
    corners = h3.cell_to_boundary(cell)
    y0, x0 = corners[int(turn) % len(corners)]
    lat, lon = h3.cell_to_latlng(cell)
    inside = GEOD.fwd(x0, y0, GEOD.inv(x0, y0, lon, lat)[0], 1 + out * 1_000)
    reach = far * (BUFFERS.sideways_m + 3 * spacing_m(size))
    x, y, _ = GEOD.fwd(inside[0], inside[1], azimuth, reach)
    assert h3.latlng_to_cell(inside[1], inside[0], size) == cell
    assert h3.latlng_to_cell(y, x, size) in around([cell], size, BUFFERS.sideways_m)


@given(st.floats(33.5, 35.5), st.floats(40, 42), st.integers(1, 4_000), st.integers(0, 59), st.integers(1, 60))
def test_plans_that_touch_the_same_cells_have_the_same_footprint(lat: float, lon: float, radius: int, begins: int,
                                                                 long: int) -> None:
    """Where in its cells a plan lies, how large it is, how high, and which minutes it takes, cannot be told."""
    base = 500_000 * HOUR_MS
    plan = volume(circle(lat, lon, radius), base + begins * 60_000, base + (begins + long) * 60_000)
    cells = touched(plan.area, 5)
    hours = ((plan.begins - BUFFERS.time_ms) // HOUR_MS, -(-(plan.ends + BUFFERS.time_ms) // HOUR_MS))
    others = []
    for cell in cells:
        y, x = h3.cell_to_latlng(cell)
        others.append(Volume(circle(y, x, 50), Height("FL", 240), Height("FL", 250),
                             hours[0] * HOUR_MS + BUFFERS.time_ms, hours[1] * HOUR_MS - BUFFERS.time_ms))
    again = footprint(others, resolution=5, buffer_m=BUFFERS.sideways_m, buffer_ms=BUFFERS.time_ms)
    assert shown(plan, 5) == again
    assert all(h3.get_resolution(cell) == 5 for part in again for cell in part.cells)
    assert all(part.begins % HOUR_MS == 0 == part.ends % HOUR_MS for part in again)


def test_a_footprint_that_no_longer_holds_its_plan_is_told() -> None:
    """Whole, in part, or not at all: so that an author sees when a moved plan is not shown any more."""
    plan = volume(circle(34.4, 41.0, 5_000))
    parts = shown(plan, 5)
    assert covers(parts, [plan]) is True
    assert covers(parts, [plan, volume(circle(34.4, 43.0, 5_000))]) is False
    assert covers(parts, [volume(plan.area, 0, 9 * HOUR_MS)]) is False  # type: ignore[arg-type]
    assert covers(parts, [volume(circle(34.4, 43.0, 5_000))]) is None
    assert covers((), [plan]) is None


def test_what_is_no_footprint_of_the_charters_size_is_refused() -> None:
    """Cells that are none, of another size, twice, unordered, or parts of an hour."""
    cell, coarse = h3.latlng_to_cell(34, 41, 5), h3.latlng_to_cell(34, 41, 4)
    pair = sorted([cell, h3.latlng_to_cell(35, 42, 5)])
    require_cells((Part(tuple(pair), 0, HOUR_MS),), 5)
    for cells, begins, ends in (
            ((), 0, HOUR_MS), (("nowhere",), 0, HOUR_MS), ((coarse,), 0, HOUR_MS), (tuple(reversed(pair)), 0, HOUR_MS),
            ((cell, cell), 0, HOUR_MS), ((cell,), 60_000, HOUR_MS), ((cell,), HOUR_MS, HOUR_MS)):
        with pytest.raises(Malformed) as refused:
            require_cells((Part(cells, begins, ends),), 5)
        assert refused.value.field == "of"


def test_a_footprint_of_half_a_country_is_refused() -> None:
    """It would say too much at once, and not fit an act."""
    with pytest.raises(Malformed) as refused:
        shown(volume(circle(34, 41, 500_000)), 5)
    assert refused.value.code == "footprint.large"


@pytest.mark.parametrize(("lat", "lon"), [(34.4, 41.0), (0.0, 179.99), (-16.0, -179.95)])
def test_cells_are_drawn_where_they_lie(lat: float, lon: float) -> None:
    """Also across the meridian of 180, where they are cut in two and none is drawn around the Earth."""
    shape = shapely.geometry.shape(drawn(shown(volume(circle(lat, lon, 1_000)), 4)[0].cells))
    assert shape.is_valid and shape.area < 25
    assert shape.intersects(shapely.Point(lon, lat))


def test_footprints_of_two_sizes_can_be_compared() -> None:
    """After an amendment that changed the size, an older footprint still meets a newer one at the same place."""
    plan = volume(circle(34.4, 41.0, 1_000))
    assert both_meet(shown(plan, 4), shown(plan, 5))
    assert not both_meet(shown(plan, 4), shown(volume(circle(20, 41.0, 1_000)), 5))
