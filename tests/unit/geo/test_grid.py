"""The military grid as lines, and the towns that stand on the map."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from tansiq.errors import Malformed
from tansiq.geo import parse_position, write_mgrs
from tansiq.geo.grid import LINES_MAX, grid, require_box
from tansiq.geo.towns import town_name, towns


def _named(box: tuple[float, float, float, float]) -> dict[str, tuple[float, float]]:
    return {f["properties"]["name"]: tuple(f["geometry"]["coordinates"]) for f in grid(box)["features"]
            if "name" in f["properties"]}


def test_squares_bear_the_names_that_positions_in_them_have() -> None:
    """The label of a square stands inside the square that it names; zones meet at a line of their own."""
    named = _named((40.0, 33.0, 45.0, 37.0))
    assert "KF" in named and len(named) >= 12
    for name, (lon, lat) in named.items():
        assert write_mgrs(round(lat * 1e7), round(lon * 1e7)).split()[1] == name
    edges = [f for f in grid((40.0, 33.0, 45.0, 37.0))["features"] if f["properties"].get("step") == 0]
    assert [42.0, 33.0] in [f["geometry"]["coordinates"][0] for f in edges]


def test_the_step_follows_the_width() -> None:
    """From a continent to a town: zones alone, then squares of 100, 10 and 1 km."""
    for box, step in (((20, 10, 80, 60), 0), ((40, 33, 45, 37), 100_000), ((42, 35, 43, 36), 10_000),
                      ((42.0, 35.0, 42.1, 35.1), 1_000)):
        steps = {f["properties"]["step"] for f in grid(box)["features"] if "step" in f["properties"]}
        assert max(steps) == step, box


def test_a_line_of_the_grid_keeps_its_easting() -> None:
    """Every corner of a north-south line has the same easting, to ten metres, in the reference that people read."""
    lines = [f["geometry"]["coordinates"] for f in grid((43.2, 33.2, 43.9, 33.9))["features"]
             if f["properties"].get("step") == 10_000]
    upright = [line for line in lines if abs(line[0][0] - line[-1][0]) < abs(line[0][1] - line[-1][1])]
    assert upright
    for line in upright:
        eastings = {int(write_mgrs(round(lat * 1e7), round(lon * 1e7)).split()[2]) for lon, lat in line}
        assert all(min(easting % 10_000, -easting % 10_000) <= 2 for easting in eastings), eastings


@given(st.floats(-180, 179), st.floats(-89, 88), st.floats(0.001, 200), st.floats(0.001, 150))
def test_any_box_gives_a_bounded_drawing_inside_it(west: float, south: float, width: float, height: float) -> None:
    """However large or small, the answer is bounded, and no square's line leaves the box by more than a hair."""
    box = (west, south, min(west + width, 180.0), min(south + height, 90.0))
    found = grid(box)["features"]
    assert len(found) <= LINES_MAX
    for feature in found:
        if feature["properties"].get("step"):
            left, low, right, high = shape(feature["geometry"]).bounds
            assert left >= box[0] - 1e-5 and right <= box[2] + 1e-5 and low >= box[1] - 1e-5 and high <= box[3] + 1e-5


@pytest.mark.parametrize("box", [(1.0, 2.0, 1.0, 3.0), (0.0, 5.0, 1.0, 4.0), (0.0, 0.0, 200.0, 1.0)])
def test_what_is_no_box_is_refused(box: tuple[float, float, float, float]) -> None:
    """West before east, south not above north, and all of it on Earth."""
    with pytest.raises(Malformed):
        require_box(box)


def test_towns_stand_where_they_are_in_four_languages() -> None:
    """A town's position is to the minute, its name each language's own."""
    known = {town.zone: town for town in towns()}
    baghdad = known["Asia/Baghdad"]
    lat, lon = parse_position("33.3152, 44.3661")
    assert abs(baghdad.lat - lat / 1e7) < 0.1 and abs(baghdad.lon - lon / 1e7) < 0.1
    names = [town_name("Asia/Tehran", lang) for lang in ("ar", "fa", "ru", "en")]
    assert names == ["طهران", "تهران", "Тегеран", "Tehran"]
    assert known["America/Argentina/Ushuaia"].lat < 0 and len(known) > 400
