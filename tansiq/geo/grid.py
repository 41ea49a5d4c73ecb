"""The lines of the military grid (MGRS) over a part of the map: zones, and squares of 100, 10 or 1 km.

Zones are drawn six degrees wide everywhere; the wider ones beside Norway and the missing ones of Svalbard are not.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from tansiq.errors import Malformed
from tansiq.geo.coordinates import SCALE, write_mgrs

SOUTH, NORTH = -80.0, 84.0
ZONE_DEGREES = 6
LINES_MAX = 400
_STEPS_M = (100_000, 10_000, 1_000)
_SQUARES_ACROSS_MAX = 14
_METRES_PER_DEGREE = 111_320
_CORNERS = 9
_EASTING = (100_000, 900_000)
_BANDS = "CDEFGHJKLMNPQRSTUVWX"

Box = tuple[float, float, float, float]


def grid(box: Box) -> dict[str, Any]:
    """Lines and labels of the grid inside *box* (west, south, east, north in degrees), as GeoJSON.

    The step is the finest of 100, 10 and 1 km that leaves at most 14 squares across; wider boxes show zones alone.
    Lines have ``step`` (metres; 0 for the edge of a zone), labels ``name``.
    """
    west, south, east, north = box[0], max(box[1], SOUTH), box[2], min(box[3], NORTH)
    features: list[dict[str, Any]] = []
    if not (west < east and south < north):
        return {"type": "FeatureCollection", "features": features}
    step = _step(west, south, east, north)
    for zone in range(_zone(west), _zone(east) + 1):
        left, right = (zone - 1) * ZONE_DEGREES - 180.0, zone * ZONE_DEGREES - 180.0
        part = (max(west, left), south, min(east, right), north)
        if part[0] >= part[2]:
            continue
        features.append(_line([(left, south), (left, north)], 0))
        if step:
            features += _squares(zone, part, step)
        else:
            features += _bands(zone, part)
    return {"type": "FeatureCollection", "features": features[:LINES_MAX]}


def require_box(box: Box) -> None:
    """Refuse a box whose corners do not lie on Earth, west before east.

    Raises:
        Malformed: ``filter.box``.
    """
    west, south, east, north = box
    if not (all(map(math.isfinite, box)) and -180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Malformed("filter.box", "A box is W,S,E,N in degrees, not {given}.", given=repr(box), field="box")


def _step(west: float, south: float, east: float, north: float) -> int:
    middle = math.cos(math.radians((south + north) / 2))
    across = max((east - west) * middle, north - south) * _METRES_PER_DEGREE
    fitting = [step for step in _STEPS_M if across / step <= _SQUARES_ACROSS_MAX]
    return fitting[-1] if fitting else 0


def _zone(lon: float) -> int:
    return min(int((lon + 180) // ZONE_DEGREES) + 1, 60)


@lru_cache(maxsize=120)
def _transformers(zone: int, southern: bool) -> tuple[Transformer, Transformer]:
    code = f"EPSG:{(32_700 if southern else 32_600) + zone}"
    return (Transformer.from_crs("EPSG:4326", code, always_xy=True),
            Transformer.from_crs(code, "EPSG:4326", always_xy=True))


def _squares(zone: int, part: Box, step: int) -> list[dict[str, Any]]:
    """Lines of easting and northing in one zone, cut at its edges, and the name of each square of 100 km."""
    west, south, east, north = part
    features = []
    for southern, low, high in ((True, south, min(north, 0.0)), (False, max(south, 0.0), north)):
        if low >= high:
            continue
        forward, back = _transformers(zone, southern)
        x, y = forward.transform([west, east, west, east, (west + east) / 2, (west + east) / 2],
                                 [low, low, high, high, low, high])
        columns = range(_floor(max(min(x), _EASTING[0]), step), _floor(min(max(x), _EASTING[1]), step) + step + 1, step)
        rows = range(_floor(min(y), step), _floor(max(y), step) + step + 1, step)
        for column in columns:
            features += _cut(back.transform([column] * _CORNERS, _spread(rows)), part, step)
        for row in rows:
            features += _cut(back.transform(_spread(columns), [row] * _CORNERS), part, step)
        features += _names(back, _hundreds(columns), _hundreds(rows), part)
    return features


def _names(back: Transformer, columns: range, rows: range, part: Box) -> list[dict[str, Any]]:
    found = []
    half = columns.step // 2
    for column in columns:
        for row in rows:
            lon, lat = back.transform(column + half, row + half)
            if part[0] < lon < part[2] and part[1] < lat < part[3]:
                found.append(_label(lon, lat, write_mgrs(round(lat * SCALE), round(lon * SCALE), 1).split()[1]))
    return found


def _spread(steps: range) -> Any:
    return np.linspace(steps[0], steps[-1], _CORNERS)


def _hundreds(steps: range) -> range:
    return range(_floor(steps[0], _STEPS_M[0]), steps[-1] + 1, _STEPS_M[0])


def _bands(zone: int, part: Box) -> list[dict[str, Any]]:
    """The edges of latitude bands, and the zone's name in each."""
    found, left, right = [], (zone - 1) * ZONE_DEGREES - 180.0, zone * ZONE_DEGREES - 180.0
    for number, band in enumerate(_BANDS):
        low, high = SOUTH + number * 8, NORTH if band == "X" else SOUTH + (number + 1) * 8
        if part[1] <= low <= part[3]:
            found.append(_line([(left, low), (right, low)], 0))
        if low < part[3] and high > part[1]:
            found.append(_label(left + 3, (low + high) / 2, f"{zone:02d}{band}"))
    return found


def _cut(corners: tuple[Any, Any], part: Box, step: int) -> list[dict[str, Any]]:
    """A line cut at the edges of its part of the map."""
    inside = shapely.clip_by_rect(shapely.LineString(np.column_stack(corners)), *part)
    return [_line(list(piece.coords), step) for piece in shapely.get_parts(inside) if piece.length > 0]


def _floor(value: float, step: int) -> int:
    return math.floor(value / step) * step


def _line(corners: list[tuple[float, float]], step: int) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"step": step}, "geometry": {
        "type": "LineString", "coordinates": [[round(lon, 6), round(lat, 6)] for lon, lat in corners]}}


def _label(lon: float, lat: float, name: str) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": name},
            "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}}
