"""Positions as people write them: decimal degrees, degrees-minutes-seconds, MGRS.

Inside Tansiq a position is (latitude, longitude) in degrees × 10⁷, whole numbers, WGS 84:
a step of that is 11 mm, and two cells never differ over a rounding. The meridian of 180
degrees is always written as +180, never as -180.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from fractions import Fraction
from math import cos, radians

from mgrs import MGRS

from tansiq.errors import Malformed

SCALE = 10_000_000
LATITUDE_MAX = 90 * SCALE
LONGITUDE_MAX = 180 * SCALE
TEXT_MAX = 100

_SIGNS = str.maketrans(
    {
        "′": "'", "’": "'", "‘": "'", "`": "'", "´": "'", "″": '"', "”": '"', "“": '"', "º": "°", "˚": "°",
        "−": "-", "–": "-", "٫": ".", "،": ",", "؛": ";", "\u200e": None, "\u200f": None, "\u061c": None,
    }
)  # fmt: skip
_NUMBER = r"\d+(?:\.\d+)?"
_ANGLE = re.compile(
    rf"([+-]?)\s*({_NUMBER})(?:(?:\s*[°:]\s*|\s+)({_NUMBER})(?:(?:\s*[':]\s*|\s+)({_NUMBER}))?)?\s*[°'\"]?"
)
_COMMAS = re.compile(r"([^,;]*?\d),(\d+[^,;\d]*?)(?:\s*[;,]\s*|\s+)([^,;]*?\d),(\d+[^,;]*)")
_GRID = re.compile(r"(\d{1,2})([A-Z])([A-Z])([A-Z])(\d*)")
_GRID_START = re.compile(r"\d{1,2}\s*[A-Z]\s*[A-Z]{2}(?![A-Z])")
_POLAR = re.compile(r"[ABYZ]\s*[A-Z]{2}\s*[\d\s]*")
_BANDS = "CDEFGHJKLMNPQRSTUVWX"


def parse_position(text: str) -> tuple[int, int]:
    """Read one position and return (latitude, longitude) in degrees × 10⁷.

    Takes decimal degrees, degrees-minutes-seconds and MGRS, in any decimal digits, with a point or
    a comma before the decimals, with signs or with N, S, E, W. Without letters the latitude stands
    first. A grid reference means the middle of the square that it names.

    Raises:
        Malformed: one sentence that names the part at fault; ``field`` is ``place``.
    """
    if len(text) > TEXT_MAX:
        raise Malformed("place.long", "A position has at most {most} characters.", most=TEXT_MAX, field="place")
    plain = _plain(text)
    if not plain:
        raise Malformed("place.empty", "A position is missing.", field="place")
    if _GRID_START.match(plain) or _POLAR.fullmatch(plain):
        return _parse_grid(plain)
    first, second = _halves(plain, text)
    return _pair(_angle(first, text), _angle(second, text), text)


def require_position(lat_e7: int, lon_e7: int) -> None:
    """Refuse numbers that are no position on Earth.

    Raises:
        Malformed: the latitude or the longitude is beyond its range.
    """
    if abs(lat_e7) > LATITUDE_MAX:
        raise Malformed("place.latitude", "The latitude {given} is beyond 90 degrees; the latitude stands first.",
                        given=_decimal(lat_e7), field="place")  # fmt: skip
    if abs(lon_e7) > LONGITUDE_MAX:
        raise Malformed("place.longitude", "The longitude {given} is beyond 180 degrees.",
                        given=_decimal(lon_e7), field="place")  # fmt: skip


def write_degrees(lat_e7: int, lon_e7: int) -> str:
    """Write decimal degrees, "33.3152, 44.3661": no digit is lost, and none is added."""
    require_position(lat_e7, lon_e7)
    return f"{_decimal(lat_e7)}, {_decimal(lon_e7)}"


def write_dms(lat_e7: int, lon_e7: int) -> str:
    """Write degrees, minutes and seconds to a thousandth of a second (3 cm): 33°18'54.72"N 44°21'57.96"E."""
    require_position(lat_e7, lon_e7)
    return f"{_sexagesimal(lat_e7, 'NS')} {_sexagesimal(lon_e7, 'EW')}"


def write_mgrs(lat_e7: int, lon_e7: int, digits: int = 5) -> str:
    """Write the MGRS square that holds the position, "38S MB 41234 86543"; *digits* 1-5: 10 km down to 1 m.

    Raises:
        Malformed: beyond 84 degrees north or 80 south, where the polar grid begins.
    """
    require_position(lat_e7, lon_e7)
    assert 1 <= digits <= 5
    if not -80 * SCALE <= lat_e7 < 84 * SCALE:
        raise _polar()
    # The grid's own zone rule takes longitudes below 180.
    lon = lon_e7 if lon_e7 < LONGITUDE_MAX else lon_e7 - 2 * LONGITUDE_MAX
    grid = str(MGRS().toMGRS(lat_e7 / SCALE, lon / SCALE, MGRSPrecision=digits))
    found = _GRID.fullmatch(grid)
    assert found is not None
    zone, band, column, row, numbers = found.groups()
    return f"{int(zone):02d}{band} {column}{row} {numbers[:digits]} {numbers[digits:]}"


def _plain(text: str) -> str:
    latin = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return " ".join(latin.translate(_SIGNS).replace("''", '"').upper().split())


def _halves(plain: str, text: str) -> tuple[str, str]:
    if found := _COMMAS.fullmatch(plain):
        a, b, c, d = found.groups()
        return f"{a}.{b}", f"{c}.{d}"
    letters = [at for at, sign in enumerate(plain) if sign.isalpha()]
    if any(plain[at] not in "NSEW" for at in letters):
        odd = next(plain[at] for at in letters if plain[at] not in "NSEW")
        raise Malformed("place.letter", "{letter} in {text} is no direction: N, S, E or W is.",
                        letter=odd, text=text, field="place")  # fmt: skip
    if len(letters) not in (0, 2):
        raise Malformed("place.letters", "{text} needs two directions (N or S, and E or W) or none.",
                        text=text, field="place")  # fmt: skip
    if letters:
        cut = letters[1] if letters[0] == 0 else letters[0] + 1
        return plain[:cut].strip(" ,;"), plain[cut:].strip(" ,;")
    parts = [part.strip() for part in re.split("[,;]", plain)]
    if len(parts) == 1:
        words = plain.split(" ")
        parts = [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]
        if len(words) % 2:
            parts = []
    if len(parts) != 2 or not all(parts):
        raise Malformed("place.parts", "{text} must be two parts: a latitude and a longitude.",
                        text=text, field="place")  # fmt: skip
    return parts[0], parts[1]


def _angle(half: str, text: str) -> tuple[int, str]:
    letter = "".join(sign for sign in half if sign.isalpha())
    found = _ANGLE.fullmatch(half.strip(letter + " ")) if letter else _ANGLE.fullmatch(half)
    if found is None:
        raise Malformed("place.number", "{part} in {text} is no angle.", part=half, text=text, field="place")
    sign, *numbers = found.groups()
    given = [number for number in numbers if number is not None]
    if any("." in number for number in given[:-1]):
        raise Malformed("place.fraction", "Only the last number of {part} may have decimals.", part=half, field="place")
    for name, number in zip(("minutes", "seconds"), given[1:], strict=False):
        if Fraction(number) >= 60:
            raise Malformed(f"place.{name}", "{number} in {part} is too much: minutes and seconds are below 60.",
                            number=number, part=half, field="place")  # fmt: skip
    if sign and letter:
        raise Malformed("place.sign", "{part} has a sign and a direction: one of them is enough.",
                        part=half, field="place")  # fmt: skip
    degrees = sum((Fraction(number) / 60**step for step, number in enumerate(given)), Fraction(0))
    size = round(degrees * SCALE)
    return (-size if sign == "-" or letter in ("S", "W") else size), letter


def _pair(first: tuple[int, str], second: tuple[int, str], text: str) -> tuple[int, int]:
    axes = ["NS" if letter in ("N", "S") else "EW" for _, letter in (first, second) if letter]
    if len(axes) == 2 and axes[0] == axes[1]:
        raise Malformed("place.directions", "{text} gives two directions of one axis: {one} and {other}.",
                        text=text, one=first[1], other=second[1], field="place")  # fmt: skip
    (lat, _), (lon, _) = (second, first) if axes and axes[0] == "EW" else (first, second)
    require_position(lat, lon)
    return lat, LONGITUDE_MAX if lon == -LONGITUDE_MAX else lon


def _parse_grid(plain: str) -> tuple[int, int]:
    if _POLAR.fullmatch(plain):
        raise _polar()
    found = _GRID.fullmatch(plain.replace(" ", ""))
    if found is None:
        raise Malformed("place.grid", "{text} is no grid reference: after the two letters come digits only.",
                        text=plain, field="place")  # fmt: skip
    zone, band, column, row, digits = found.groups()
    _require_grid(int(zone), band, column + row, digits)
    groups = plain.split(" ")
    if len(groups) > 2 and groups[-1].isdecimal() and groups[-2].isdecimal() and len(groups[-1]) != len(groups[-2]):
        raise Malformed("place.digits", "{one} and {other} of the grid reference must have as many digits.",
                        one=groups[-2], other=groups[-1], field="place")  # fmt: skip
    return _middle(int(zone), band, column + row, digits)


def _require_grid(zone: int, band: str, square: str, digits: str) -> None:
    if not 1 <= zone <= 60:
        raise Malformed("place.zone", "The grid zone {zone} is not between 1 and 60.", zone=zone, field="place")
    if band in "ABYZ":
        raise _polar()
    # The grid never uses I and O, which are read as 1 and 0. Columns go by thirds of the alphabet, rows end at V.
    if band not in _BANDS:
        raise Malformed("place.band", "{band} is no latitude band of the grid.", band=band, field="place")
    columns = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")[zone % 3]
    if square[0] not in columns or square[1] not in "ABCDEFGHJKLMNPQRSTUV":
        raise Malformed("place.square", "{square} is no square of the grid zone {zone}{band}.",
                        square=square, zone=zone, band=band, field="place")  # fmt: skip
    if not digits or len(digits) % 2 or len(digits) > 10:
        raise Malformed("place.digits", "A grid reference has 2, 4, 6, 8 or 10 digits; {digits} has {count}.",
                        digits=digits or "-", count=len(digits), field="place")  # fmt: skip


def _middle(zone: int, band: str, square: str, digits: str) -> tuple[int, int]:
    half = len(digits) // 2
    east, north = digits[:half], digits[half:]
    finer = f"{east}5{north}5" if half < 5 else digits
    try:
        with warnings.catch_warnings():  # the library only warns of a wrong band; that is refused below
            warnings.simplefilter("ignore")
            lat, lon = MGRS().toLatLon(f"{zone:02d}{band}{square}{finer}")
    except (ValueError, RuntimeError) as fault:
        raise _no_square(zone, band, square) from fault
    south = -80 + 8 * _BANDS.index(band)
    height = 12 if band == "X" else 8
    off = abs((lon - (zone * 6 - 183) + 180) % 360 - 180)
    # A square that the zone's edge cuts is still named by its zone for a little; bands V and X have wider zones.
    if not south - 0.01 <= lat <= south + height + 0.01 or off > (9.5 if band in "VX" else 3.5):
        raise _no_square(zone, band, square)
    if half == 5:  # half a metre on, to the middle of the last square
        lat, lon = lat + 0.5 / 111_132, lon + 0.5 / (111_320 * cos(radians(lat)))
    lat_e7, lon_e7 = round(lat * SCALE), round(lon * SCALE)
    if lon_e7 > LONGITUDE_MAX:
        lon_e7 -= 2 * LONGITUDE_MAX
    return lat_e7, LONGITUDE_MAX if lon_e7 <= -LONGITUDE_MAX else lon_e7


def _no_square(zone: int, band: str, square: str) -> Malformed:
    return Malformed("place.square", "{square} is no square of the grid zone {zone}{band}.",
                     square=square, zone=zone, band=band, field="place")  # fmt: skip


def _polar() -> Malformed:
    return Malformed("place.polar", "Beyond 84 degrees north and 80 degrees south give degrees, not a grid reference.",
                     field="place")  # fmt: skip


def _decimal(value_e7: int) -> str:
    whole, rest = divmod(abs(value_e7), SCALE)
    decimals = f"{rest:07d}".rstrip("0")
    return f"{'-' if value_e7 < 0 else ''}{whole}{'.' + decimals if decimals else ''}"


def _sexagesimal(value_e7: int, letters: str) -> str:
    thousandths = (abs(value_e7) * 3_600_000 * 2 + SCALE) // (2 * SCALE)
    minutes, rest = divmod(thousandths, 60_000)
    seconds = f"{rest // 1000:02d}.{rest % 1000:03d}".rstrip("0").rstrip(".")
    return f"{minutes // 60}°{minutes % 60:02d}'{seconds}\"{letters[value_e7 < 0]}"
