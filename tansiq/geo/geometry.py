"""The places that acts carry: a point, a line, a polygon or a circle, in degrees × 10⁷."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import cos, pi

import msgspec
import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from tansiq.errors import Malformed
from tansiq.geo.coordinates import SCALE, require_position

CORNERS_MAX = 500
RADIUS_M_MAX = 500_000
_POLE = 89 * SCALE
_CIRCLE_CORNERS = 64

Position = tuple[int, int]


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="point"):
    """One position."""

    at: Position


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="line"):
    """A path through two or more positions."""

    through: tuple[Position, ...]


class Polygon(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="polygon"):
    """An area inside three or more corners; the last corner joins the first, which is not repeated."""

    corners: tuple[Position, ...]


class Circle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="circle"):
    """An area within a distance of a position; ``radius_m`` is metres."""

    centre: Position
    radius_m: int


Place = Point | Line | Polygon | Circle


def require_place(place: Place) -> None:
    """Refuse a place that is no clear shape on Earth, in one sentence.

    Raises:
        Malformed: beyond the axes, too few or too many corners, crossing itself, the meridian of 180, or at a pole.
    """
    given = corners(place)
    least = {Point: 1, Circle: 1, Line: 2, Polygon: 3}[type(place)]
    if len(given) > CORNERS_MAX:
        raise Malformed("place.corners", "{count} corners are too many; at most {most}.",
                        count=len(given), most=CORNERS_MAX, field="place")  # fmt: skip
    for lat, lon in given:
        require_position(lat, lon)
    if len(set(given)) < least:
        raise Malformed("place.few", "{count} different corners are too few; at least {least}.",
                        count=len(set(given)), least=least, field="place")  # fmt: skip
    if isinstance(place, Point):
        return
    if isinstance(place, Circle) and not 1 <= place.radius_m <= RADIUS_M_MAX:
        raise Malformed("place.radius", "A radius of {radius} m is not between 1 and {most} m.",
                        radius=place.radius_m, most=RADIUS_M_MAX, field="place")  # fmt: skip
    _require_plane(place)


def shape(place: Place) -> BaseGeometry:
    """Draw a place in degrees (x is longitude). A circle becomes 64 corners that lie around it, never inside it."""
    if isinstance(place, Point):
        return shapely.Point(place.at[1] / SCALE, place.at[0] / SCALE)
    if isinstance(place, Circle):
        return shapely.Polygon(_circle(place))
    xy = [(lon / SCALE, lat / SCALE) for lat, lon in corners(place)]
    return shapely.LineString(xy) if isinstance(place, Line) else shapely.Polygon(xy)


def corners(place: Place) -> tuple[Position, ...]:
    """The positions that a place is written with, (latitude, longitude) × 10⁷."""
    match place:
        case Point():
            return (place.at,)
        case Circle():
            return (place.centre,)
        case Line():
            return place.through
        case Polygon():
            return place.corners


@lru_cache(maxsize=4_096)
def _circle(circle: Circle) -> tuple[tuple[float, float], ...]:
    lat, lon = circle.centre[0] / SCALE, circle.centre[1] / SCALE
    azimuths = np.arange(_CIRCLE_CORNERS) * (360 / _CIRCLE_CORNERS)
    around = circle.radius_m / cos(pi / _CIRCLE_CORNERS)
    size = np.full(_CIRCLE_CORNERS, 1.0)
    x, y, _ = Geod(ellps="WGS84").fwd(lon * size, lat * size, azimuths, around * size)
    return tuple(zip(x.tolist(), y.tolist(), strict=True))


def _require_plane(place: Line | Polygon | Circle) -> None:
    reach = place.radius_m * SCALE // 110_000 if isinstance(place, Circle) else 0
    given = corners(place)
    if any(abs(lat) + reach > _POLE for lat, _ in given):
        raise Malformed("place.pole", "A shape within a degree of a pole is not taken; give points.", field="place")
    lons = [round(x * SCALE) for x, _ in _circle(place)] if isinstance(place, Circle) else [lon for _, lon in given]
    ring = [*lons, lons[0]] if not isinstance(place, Line) else lons
    if any(abs(one - other) > 180 * SCALE for one, other in pairwise(ring)):
        raise Malformed("place.antimeridian", "A shape across the meridian of 180 degrees is given as two.",
                        field="place")  # fmt: skip
    if isinstance(place, Polygon) and not shape(place).is_valid:
        raise Malformed("place.crossing", "The sides of this polygon cross or touch each other.", field="place")
