"""Volumes of air: an area, from one height to another, from one moment to another; and whether two come too close.

The answer is the same on every machine: nothing but whole numbers, tables of them, and the four operations and
comparisons that IEEE 754 rounds alike everywhere. It errs to one side alone: two volumes that come closer than a
buffer anywhere are always found; where the ground, the air pressure or the curve of the Earth are not known well
enough, two that keep clear may be found as well (spec: ``docs/spec/kinds/airspace.md``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil, cos, floor, radians
from typing import Any, Literal

import msgspec
import numpy as np

from tansiq.geo.coordinates import SCALE
from tansiq.geo.geometry import Circle, Place, Polygon

Datum = Literal["AMSL", "AGL", "FL"]

LATITUDE_M = 110_574
"""Metres of the shortest degree of latitude: a distance never comes out longer than it is."""
_EQUATOR_M = 111_319.49
_TENTHS = 900
LONGITUDE_M: tuple[int, ...] = tuple(floor(_EQUATOR_M * cos(radians(tenth / 10))) for tenth in range(_TENTHS + 1))
"""Metres of a degree of longitude at each tenth of a degree of latitude, rounded down; 0 at the pole."""
_TABLE = np.array(LONGITUDE_M, dtype=np.float64)
PIECE_DEGREES = 1
FAR_DEGREES = 17
"""Two volumes that are compared lie within so many degrees of latitude: circles of 500 km and a buffer of 100 km."""
LEVEL_CM = 3_048
"""A flight level is a hundred feet of pressure altitude."""
PRESSURE_LOW_CM, PRESSURE_HIGH_CM = 120_000, 60_000
"""How far a pressure altitude lies above and below the true one at 870 and 1085 hPa, the extremes ever measured."""
WARMTH = 8
"""One part in so many is what air 31 degrees off the standard adds to a height, or takes from it."""
_UNLIMITED = 1 << 50
_FEW_PAIRS = 64
"""Up to so many pairs of sides are sooner looked at one by one than made into arrays."""

Piece = tuple[float, float, float, float]
"""Latitude and longitude of the start and of the end of a side, or of a part of one, in degrees."""


class Height(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A height: metres above mean sea level (AMSL) or above the ground (AGL), or a flight level (FL, hundreds of feet).
    """

    datum: Datum
    value: int


class Volume(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An area (a circle or a polygon) between two heights, from ``begins`` until ``ends`` (UTC ms).

    ``upper`` None: without a limit.
    """

    area: Place
    lower: Height
    upper: Height | None
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Buffers:
    """What two volumes keep apart: in metres sideways and in height, in milliseconds.

    ``ground_low_m`` and ``ground_high_m`` are the lowest and the highest ground that there may be beneath (AMSL).
    """

    sideways_m: int
    height_m: int
    time_ms: int
    ground_low_m: int = -500
    ground_high_m: int = 9_000


@dataclass(frozen=True)
class Prepared:
    """A volume made ready to be compared; its arrays are made when they are first needed."""

    volume: Volume

    @cached_property
    def radius_m(self) -> int:
        """Metres of a circle; a polygon has none."""
        area = self.volume.area
        return area.radius_m if isinstance(area, Circle) else 0

    @cached_property
    def corners(self) -> tuple[tuple[int, int], ...]:
        """Corners of a polygon, or the centre of a circle (latitude, longitude) × 10⁷."""
        area = self.volume.area
        assert isinstance(area, Circle | Polygon)
        return (area.centre,) if isinstance(area, Circle) else area.corners

    @cached_property
    def span(self) -> tuple[int, int, int, int]:
        """South, north, west, east of the corners, × 10⁷."""
        lats, lons = [lat for lat, _ in self.corners], [lon for _, lon in self.corners]
        return min(lats), max(lats), min(lons), max(lons)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Sides in degrees, cut so that none spans more than a degree of latitude."""
        ring = self.corners
        sides = [(ring[0], ring[0])] if len(ring) == 1 else list(zip(ring, (*ring[1:], ring[0]), strict=True))
        return tuple(piece for side in sides for piece in _cut(*side))


@lru_cache(maxsize=16_384)
def prepare(volume: Volume) -> Prepared:
    """Make a volume ready to be compared; kept, since the same few are asked about again and again."""
    return Prepared(volume)


def _cut(start: tuple[int, int], end: tuple[int, int]) -> Iterator[Piece]:
    y0, x0, y1, x1 = start[0] / SCALE, start[1] / SCALE, end[0] / SCALE, end[1] / SCALE
    parts = max(1, -(-abs(end[0] - start[0]) // (PIECE_DEGREES * SCALE)))
    for n in range(parts):
        yield (y0 + (y1 - y0) * n / parts, x0 + (x1 - x0) * n / parts,
               y0 + (y1 - y0) * (n + 1) / parts, x0 + (x1 - x0) * (n + 1) / parts)


def in_conflict(one: Volume, other: Volume, buffers: Buffers) -> bool:
    """Tell whether two volumes come closer than the buffers in time, in height and sideways at once. Symmetric."""
    return (close_in_time(one, other, buffers.time_ms) and close_in_height(one, other, buffers)
            and close_sideways(prepare(one), prepare(other), buffers.sideways_m))


def close_in_time(one: Volume, other: Volume, buffer_ms: int) -> bool:
    """Tell whether less than the buffer lies between the end of either and the beginning of the other."""
    return other.begins - one.ends < buffer_ms and one.begins - other.ends < buffer_ms


def close_in_height(one: Volume, other: Volume, buffers: Buffers) -> bool:
    """Tell whether less than the buffer may lie between the top of either and the bottom of the other."""
    least = buffers.height_m * 100
    return _gap_cm(one.upper, other.lower, buffers) < least and _gap_cm(other.upper, one.lower, buffers) < least


def _gap_cm(top: Height | None, bottom: Height, buffers: Buffers) -> int:
    """Centimetres from a top up to a bottom, at the least; heights of one datum are compared as they are."""
    if top is None:
        return -_UNLIMITED
    if top.datum == bottom.datum:
        return _measured_cm(bottom) - _measured_cm(top)
    return _above_sea_cm(bottom, buffers)[0] - _above_sea_cm(top, buffers)[1]


def _measured_cm(height: Height) -> int:
    return height.value * (LEVEL_CM if height.datum == "FL" else 100)


def _above_sea_cm(height: Height, buffers: Buffers) -> tuple[int, int]:
    """The lowest and the highest that a height may lie above mean sea level."""
    given = _measured_cm(height)
    if height.datum == "AMSL":
        return given, given
    if height.datum == "AGL":
        return given + buffers.ground_low_m * 100, given + buffers.ground_high_m * 100
    off = abs(given) // WARMTH
    return given - off - PRESSURE_LOW_CM, given + off + PRESSURE_HIGH_CM


def close_sideways(one: Prepared, other: Prepared, buffer_m: int) -> bool:
    """Tell whether the areas overlap or come closer than the buffer; sides are straight on a map of degrees.

    A path of D metres from a latitude φ leaves no wider band than φ ± D/2. There a degree of longitude has at least
    the metres that the table gives for the band's poleward edge: so the distance taken here is never too long.
    """
    reach_m = buffer_m + one.radius_m + other.radius_m
    south = max(one.span[0] - other.span[1], other.span[0] - one.span[1])
    if south * LATITUDE_M >= reach_m * SCALE:
        return False
    metres = _longitude_m(max(map(abs, (*one.span[:2], *other.span[:2]))), reach_m)
    for turn in (0, 360, -360):
        between = max(one.span[2] - other.span[3] - turn * SCALE, other.span[2] + turn * SCALE - one.span[3])
        if between * metres < reach_m * SCALE and _meet(one, other, turn, reach_m):
            return True
    return False


def _longitude_m(latitude: int, reach_m: int) -> int:
    """Metres of a degree of longitude as far from the equator as a path of that reach can come."""
    tenths = -(-abs(latitude) * 10 // SCALE) + _beyond(reach_m)
    return LONGITUDE_M[min(tenths, _TENTHS)]


def _beyond(reach_m: int) -> int:
    """Tenths of a degree that half a reach comes nearer to the pole, rounded up."""
    return -(-reach_m * 10 // (2 * LATITUDE_M))


def _meet(one: Prepared, other: Prepared, turn: int, reach_m: int) -> bool:
    if _holds(one, other, -turn) or _holds(other, one, turn):
        return True
    if len(one.pieces) * len(other.pieces) <= _FEW_PAIRS:
        return _few_meet(one.pieces, other.pieces, turn, reach_m)
    ours = np.array(one.pieces)[:, None, :]
    theirs = np.array(other.pieces)[None, :, :] + np.array([0.0, turn, 0.0, turn])
    tenths = np.ceil(np.maximum(np.abs(ours[..., 0::2]).max(-1), np.abs(theirs[..., 0::2]).max(-1)) * 10.0)
    metres = _TABLE[np.minimum(tenths + _beyond(reach_m), _TENTHS).astype(np.int64)]
    return bool((_squares(ours, theirs, metres) < float(reach_m) * reach_m).any())


def _few_meet(ours: Sequence[Piece], theirs: Sequence[Piece], turn: int, reach_m: int) -> bool:
    """As over arrays, one pair of sides after the other: the same operations in the same order."""
    beyond, limit = _beyond(reach_m), float(reach_m) * reach_m
    for one in ours:
        for y0, x0, y1, x1 in theirs:
            tenths = ceil(max(abs(one[0]), abs(one[2]), abs(y0), abs(y1)) * 10.0)
            metres = float(LONGITUDE_M[min(tenths + beyond, _TENTHS)])
            if square_m(one, (y0, x0 + turn, y1, x1 + turn), metres) < limit:
                return True
    return False


def _holds(outer: Prepared, inner: Prepared, turn: int) -> bool:
    """Tell whether the first corner of *inner*, moved by a turn of 360 degrees, lies in the polygon *outer*."""
    ring = outer.corners
    if len(ring) < 3:
        return False
    y, x = inner.corners[0][0], inner.corners[0][1] - turn * SCALE
    inside = False
    for (y0, x0), (y1, x1) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y0 > y) != (y1 > y):
            # Whole numbers: which side of the line through the side the corner lies on.
            turned = (x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)
            inside ^= (turned < 0) == (y1 > y0)
    return inside


_Points = tuple[Any, Any]
"""Metres north and east of the start of one side, for many pairs of sides at once."""


def _squares(ours: np.ndarray[Any, Any], theirs: np.ndarray[Any, Any], metres: np.ndarray[Any, Any],
             ) -> np.ndarray[Any, Any]:
    """Squared metres between each pair of sides; 0 where they cross."""
    # Everything is taken from the start of our side, so that no digits are lost to where on Earth it is.
    a, b = (0.0, 0.0), _from(ours, 2, ours, metres)
    c, d = _from(theirs, 0, ours, metres), _from(theirs, 2, ours, metres)
    crosses = (_turn(a, b, c) * _turn(a, b, d) < 0) & (_turn(c, d, a) * _turn(c, d, b) < 0)
    nearest = np.minimum(np.minimum(_to_side(c, a, b), _to_side(d, a, b)),
                         np.minimum(_to_side(a, c, d), _to_side(b, c, d)))
    return np.where(crosses, 0.0, nearest)


def _from(sides: np.ndarray[Any, Any], end: int, start: np.ndarray[Any, Any], metres: np.ndarray[Any, Any]) -> _Points:
    return (sides[..., end] - start[..., 0]) * float(LATITUDE_M), (sides[..., end + 1] - start[..., 1]) * metres


def _turn(start: _Points, end: _Points, point: _Points) -> Any:
    """Above 0 where a point lies on one hand of a side, below on the other."""
    return (end[1] - start[1]) * (point[0] - start[0]) - (end[0] - start[0]) * (point[1] - start[1])


def _to_side(point: _Points, start: _Points, end: _Points) -> Any:
    """Squared metres from points to the nearest points of sides."""
    north, east = end[0] - start[0], end[1] - start[1]
    length = north * north + east * east
    along = np.clip(((point[0] - start[0]) * north + (point[1] - start[1]) * east) / np.where(length > 0, length, 1.0),
                    0.0, 1.0)
    up, across = point[0] - (start[0] + along * north), point[1] - (start[1] + along * east)
    return up * up + across * across


def square_m(one: Piece, other: Piece, metres: float) -> float:
    """Squared metres between two sides, where a degree of longitude has *metres*; 0 where they cross."""
    north, east = (one[2] - one[0]) * LATITUDE_M, (one[3] - one[1]) * metres
    c = (other[0] - one[0]) * LATITUDE_M, (other[1] - one[1]) * metres
    d = (other[2] - one[0]) * LATITUDE_M, (other[3] - one[1]) * metres
    a, b = (0.0, 0.0), (north, east)
    if _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0:
        return 0.0
    return min(_square_to(c, a, b), _square_to(d, a, b), _square_to(a, c, d), _square_to(b, c, d))


def _square_to(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    north, east = end[0] - start[0], end[1] - start[1]
    length = north * north + east * east
    along = ((point[0] - start[0]) * north + (point[1] - start[1]) * east) / (length if length > 0 else 1.0)
    along = 0.0 if along < 0.0 else min(along, 1.0)
    up, across = point[0] - (start[0] + along * north), point[1] - (start[1] + along * east)
    return up * up + across * across


Box = tuple[float, float, float, float]
"""South, north, west, east in degrees."""


def bounds(volume: Volume, buffer_m: int = 0) -> list[Box]:
    """Boxes that hold the area and whatever could be found within *buffer_m* of it; two across the meridian of 180."""
    ready = prepare(volume)
    south, north, west, east = ready.span
    out_m = ready.radius_m + buffer_m
    metres = LONGITUDE_M[min(_TENTHS, ceil(max(abs(south), abs(north)) * 10 / SCALE) + FAR_DEGREES * 10)]
    up = out_m / LATITUDE_M + 1e-6
    low, high = max(-90.0, south / SCALE - up), min(90.0, north / SCALE + up)
    across = out_m / metres + 1e-6 if metres else 360.0
    left, right = west / SCALE - across, east / SCALE + across
    if right - left >= 360:
        return [(low, high, -180.0, 180.0)]
    if left < -180:
        return [(low, high, left + 360, 180.0), (low, high, -180.0, right)]
    if right > 180:
        return [(low, high, left, 180.0), (low, high, -180.0, right - 360)]
    return [(low, high, left, right)]
