"""How far one place is from another, and which boxes hold all that lies within a reach of one."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, radians

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from tansiq.geo.geometry import Place, shape

Box = tuple[float, float, float, float]
"""South, north, west, east in degrees."""

_METRES_PER_DEGREE = 110_500  # the shortest degree of latitude, so that a reach never falls short
_WEST_EAST_MIN = 0.01


def distance_m(one: Place, other: Place) -> int:
    """Metres between the nearest points of two places, rounded down; 0 where they touch.

    Degrees are scaled by the latitude before the nearest points are chosen; the distance is then measured on the
    ellipsoid. The shorter way around the Earth counts.
    """
    ours, theirs = shape(one), shape(other)
    return min(_apart(ours, turned) for turned in _turned(ours, theirs))


def covers(outer: Place, inner: Place) -> bool:
    """Tell whether no part of *inner* lies outside *outer*; what only touches the edge lies inside."""
    return bool(shape(outer).covers(shape(inner)))


def boxes_around(place: Place, reach_m: int) -> list[Box]:
    """Boxes that together hold every point within *reach_m* of a place; two where they cross the meridian of 180."""
    west, south, east, north = shape(place).bounds
    up = reach_m / _METRES_PER_DEGREE
    across = min(180.0, up / _west_east(min(90.0, max(abs(south), abs(north)) + up)))
    south, north, west, east = max(south - up, -90.0), min(north + up, 90.0), west - across, east + across
    if east - west >= 360:
        return [(south, north, -180.0, 180.0)]
    if west < -180:
        return [(south, north, west + 360, 180.0), (south, north, -180.0, east)]
    if east > 180:
        return [(south, north, west, 180.0), (south, north, -180.0, east - 360)]
    return [(south, north, west, east)]


def bounds(place: Place) -> Box:
    """The smallest box that holds a place."""
    west, south, east, north = shape(place).bounds
    return south, north, west, east


def _west_east(latitude: float) -> float:
    return max(cos(radians(latitude)), _WEST_EAST_MIN)


def _turned(ours: BaseGeometry, theirs: BaseGeometry) -> Iterator[BaseGeometry]:
    """Give the other place, and once more on this side of the map where that may be the shorter way."""
    yield theirs
    apart = theirs.centroid.x - ours.centroid.x
    if abs(apart) > 90:
        turn = -360.0 if apart > 0 else 360.0
        yield shapely.transform(theirs, lambda xy: xy + np.array([turn, 0.0]))


def _apart(ours: BaseGeometry, theirs: BaseGeometry) -> int:
    south = min(ours.bounds[1], theirs.bounds[1])
    north = max(ours.bounds[3], theirs.bounds[3])
    scale = np.array([_west_east((south + north) / 2), 1.0])
    ours, theirs = (shapely.transform(one, lambda xy: xy * scale) for one in (ours, theirs))
    if ours.intersects(theirs):
        return 0
    (x0, y0), (x1, y1) = (shapely.get_coordinates(shapely.shortest_line(ours, theirs)) / scale).tolist()
    return int(Geod(ellps="WGS84").inv(x0, y0, x1, y1)[2])


__all__ = ["Box", "bounds", "boxes_around", "covers", "distance_m"]
