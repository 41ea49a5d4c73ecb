"""Positions as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.errors import Malformed
from tansiq.geo import parse_position, write_degrees, write_dms, write_mgrs

BAGHDAD = (333152000, 443661000)
LATITUDES = st.integers(-900_000_000, 900_000_000)
LONGITUDES = st.integers(-1_799_999_999, 1_800_000_000)


@pytest.mark.parametrize(
    "text",
    ["33.3152, 44.3661", "33.3152 44.3661", "33.3152 N 44.3661 E", "N33.3152 E44.3661", "44.3661E, 33.3152N",
     "33,3152 44,3661", "33,3152; 44,3661", "33,3152, 44,3661", "33,3152N 44,3661E", "+33.3152;+44.3661",
     "٣٣٫٣١٥٢، ٤٤٫٣٦٦١", "۳۳٫۳۱۵۲ ۴۴٫۳۶۶۱", "33.3152°, 44.3661°", "33°18'54.72\"N 44°21'57.96\"E",
     "33 18 54.72 N 44 21 57.96 E", "33:18:54.72, 44:21:57.96", "33 18 54.72 44 21 57.96",
     "33° 18′ 54.72″ N, 44° 21′ 57.96″ E", "33 18.912 N 44 21.966 E"],
)  # fmt: skip
def test_ways_of_writing(text: str) -> None:
    """Every usual way of writing one position gives the same whole numbers."""
    assert parse_position(text) == BAGHDAD


@pytest.mark.parametrize("text", ["38S MB 41234 86543", "38SMB4123486543", "38s mb 4123486543", "38 S MB 41234 86543"])
def test_grid_spacing(text: str) -> None:
    """A grid reference reads alike with any spacing and case, as the middle of its square."""
    lat, lon = parse_position(text)
    assert write_mgrs(lat, lon) == "38S MB 41234 86543"


@pytest.mark.parametrize("digits", [1, 2, 3, 4, 5])
@given(lat=st.integers(-795_000_000, 835_000_000), lon=LONGITUDES)
def test_grid_round_trip(digits: int, lat: int, lon: int) -> None:
    """A written grid reference reads back to a position within its own square's reach."""
    there = parse_position(write_mgrs(lat, lon, digits))
    assert abs(there[0] - lat) <= 10 ** (5 - digits) * 100 + 100


@given(lat=LATITUDES, lon=LONGITUDES)
def test_degrees_round_trip(lat: int, lon: int) -> None:
    """Decimal degrees lose nothing, and seconds lose less than a thousandth of a second."""
    assert parse_position(write_degrees(lat, lon)) == (lat, lon)
    again = parse_position(write_dms(lat, lon))
    assert (abs(again[0] - lat) <= 2 and abs(again[1] - lon) <= 2) or abs(abs(lon) - 1_800_000_000) <= 2


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "place.empty"), ("33.3152", "place.parts"), ("33.3152 N", "place.letters"), ("91, 10", "place.latitude"),
     ("10, 181", "place.longitude"), ("33 60 0 N 44 0 0 E", "place.minutes"), ("33 0 60 N 44 0 0 E", "place.seconds"),
     ("33 N 44 S", "place.directions"), ("-33 N 44 E", "place.sign"), ("33.5 10 N 44 E", "place.fraction"),
     ("33 Q 44 E", "place.letter"), ("33..1, 44", "place.number"), ("61S MB 1 1", "place.zone"),
     ("38I MB 1 1", "place.band"), ("38S ZZ 1 1", "place.square"), ("38S MI 1 1", "place.square"),
     ("38S MB 123", "place.digits"), ("38S MB", "place.digits"), ("38S MB 12 1234", "place.digits"),
     ("ZAG 09639 45331", "place.polar"), ("38S MQ 1 1", "place.square"), ("1" * 101, "place.long")],
)  # fmt: skip
def test_typos(text: str, code: str) -> None:
    """A typing error is refused at the field, with the part at fault."""
    with pytest.raises(Malformed) as caught:
        parse_position(text)
    assert (caught.value.code, caught.value.field) == (code, "place")
    assert str(caught.value)


def test_edges() -> None:
    """Poles are positions, the meridian of 180 has one name, and the polar grid is refused in a sentence."""
    assert parse_position("90, 0") == (900_000_000, 0)
    assert parse_position("0, -180") == parse_position("0, 180") == (0, 1_800_000_000)
    assert write_mgrs(0, 1_800_000_000).startswith("01N")
    with pytest.raises(Malformed, match="84 degrees north"):
        write_mgrs(850_000_000, 0)
