"""Whose territory a place touches, checked against positions that do not come from Natural Earth."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tansiq.errors import Malformed, Unavailable
from tansiq.geo import Circle, Line, Place, Point, Polygon, Territories, require_place, territory_name
from tansiq.geo.borders import DEFAULT

DATA = Path(os.environ.get("TANSIQ_TEST_DATA", Path(__file__).parents[4] / "shared" / "data"))
MARGIN_M = 20_000
D = 10_000_000
# Border towns as GeoNames publishes them (geonames.org, CC BY 4.0): name, geonameid, position, own state, a neighbour.
TOWNS = [
    ("Eilat", 295277, (295580500, 349482100), "ISR", "JOR"),
    ("Akçakale", 324944, (367111100, 389475000), "TUR", "SYR"),
    ("Khorramshahr", 127319, (304407900, 481842800), "IRN", "IRQ"),
    ("Artashat", 174979, (399548400, 445487400), "ARM", "TUR"),
    ("Kfar Saba", 294514, (321750000, 349069400), "ISR", "PSE"),
    ("Aqaba", 250774, (295266700, 350077800), "JOR", "ISR"),
    ("Ararat", 174991, (398549400, 446947000), "ARM", "TUR"),
    ("Kilis", 307864, (367161100, 371150000), "TUR", "SYR"),
    ("Baalbek", 277130, (340058300, 362180600), "LBN", "SYR"),
    ("Iğdır", 311665, (399237100, 440450000), "TUR", "ARM"),
    ("Rahat", 8184212, (313954700, 347569900), "ISR", "PSE"),
    ("Ramla", 293768, (319262400, 348635000), "ISR", "PSE"),
    ("Gyumri", 616635, (407930500, 438463500), "ARM", "TUR"),
    ("Halabja", 96205, (351777800, 459861100), "IRQ", "IRN"),
    ("Or Yehuda", 293962, (320292300, 348578800), "ISR", "PSE"),
    ("Zahle", 266045, (338467500, 359020300), "LBN", "SYR"),
    ("Netanya", 294071, (323329100, 348599200), "ISR", "PSE"),
    ("Safed", 293100, (329646500, 354960000), "ISR", "LBN"),
    ("Al Mafraq", 250582, (323428900, 362080400), "JOR", "SYR"),
    ("Teverya", 293322, (327922100, 355312400), "ISR", "JOR"),
    ("Beersheba", 295530, (312518100, 347913000), "ISR", "PSE"),
    ("Irbid", 248946, (325555600, 358500000), "JOR", "SYR"),
    ("Giv‘atayim", 294999, (320722500, 348125300), "ISR", "PSE"),
    ("Ramat Gan", 293788, (320822700, 348106500), "ISR", "PSE"),
    ("Gedera", 295064, (318145600, 347799800), "ISR", "PSE"),
    ("Ness Ziona", 294074, (319293300, 347986800), "ISR", "PSE"),
    ("Tel Aviv", 293397, (320808800, 347805700), "ISR", "PSE"),
    ("Bodrum", 320995, (370383300, 274291700), "TUR", "GRC"),
]
# https://en.wikipedia.org/wiki/Ibrahim_Khalil_border
CROSSING = (371447222, 425655600)


@pytest.fixture(scope="module")
def territories() -> Territories:
    """The default borders, where the wheel's build has made them."""
    if not DEFAULT.is_file():
        pytest.skip("the default borders are not built: python -m tansiq.geo.build SRC DST")
    return Territories.load()


@pytest.mark.parametrize("town", TOWNS, ids=lambda town: town[0])
def test_border_towns(territories: Territories, town: tuple[str, int, tuple[int, int], str, str]) -> None:
    """Within the margin of a border town both its own state and the neighbour are named."""
    _, _, at, own, neighbour = town
    assert {own, neighbour} <= set(territories.within(Point(at=at), MARGIN_M))


def test_crossing(territories: Territories) -> None:
    """At a crossing near three borders all three states are asked."""
    assert set(territories.within(Point(at=CROSSING), MARGIN_M)) == {"IRQ", "TUR", "SYR"}


def test_sea_and_swapped_axes(territories: Territories) -> None:
    """A position in the sea is told, and one that would lie on land with its numbers exchanged as well."""
    assert territories.at(333152000, 443661000) == ("IRQ",)
    assert territories.in_sea(0, 0)
    assert not territories.swapped(0, 0)
    assert territories.swapped(7 * D, 61 * D)
    assert territories.at_many([(333152000, 443661000), (0, 0)]) == [("IRQ",), ()]


def test_antimeridian_reach(territories: Territories) -> None:
    """The reach of a place does not end at the meridian of 180 degrees."""
    assert "RUS" in territories.within(Point(at=(680_000_000, 1_799_000_000)), 50_000)


def test_other_borders() -> None:
    """A charter's own GeoJSON takes the place of the default."""
    path = DATA / "natural_earth" / "ne_10m_admin_0_region12.geojson"
    if not path.is_file():
        pytest.skip(f"no shared data at {DATA}")
    assert Territories.load(path).at(333152000, 443661000) == ("IRQ",)


def test_bad_borders(tmp_path: Path) -> None:
    """A file that is missing or is no GeoJSON is refused by name."""
    with pytest.raises(Unavailable):
        Territories.load(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{}")
    with pytest.raises(Malformed):
        Territories.load(tmp_path / "bad.json")


@pytest.mark.parametrize(
    ("place", "code"),
    [(Polygon(corners=((0, 0), (D, D), (D, 0), (0, D))), "place.crossing"),
     (Line(through=((0, 179 * D), (0, -179 * D))), "place.antimeridian"),
     (Circle(centre=(0, 1_799_999_999), radius_m=5000), "place.antimeridian"),
     (Circle(centre=(895_000_000, 0), radius_m=5000), "place.pole"),
     (Circle(centre=(0, 0), radius_m=0), "place.radius"),
     (Polygon(corners=((0, 0), (D, D))), "place.few"), (Point(at=(91 * D, 0)), "place.latitude"),
     (Line(through=tuple((n, n) for n in range(501))), "place.corners")],
)  # fmt: skip
def test_unclear_shapes(place: Place, code: str) -> None:
    """A shape that has no one meaning is refused at the field."""
    with pytest.raises(Malformed) as caught:
        require_place(place)
    assert (caught.value.code, caught.value.field) == (code, "place")


def test_names() -> None:
    """Territories are named in any language of CLDR, and an unknown code is left as it is."""
    assert territory_name("IRQ", "ar") == "العراق"
    assert territory_name("XXQ", "en") == "XXQ"
