"""Places: positions, geometry, and whose territory they touch."""

from __future__ import annotations

from tansiq.geo.coordinates import parse_position, require_position, write_degrees, write_dms, write_mgrs
from tansiq.geo.geometry import Circle, Line, Place, Point, Polygon, corners, require_place, shape
from tansiq.geo.names import UNASSIGNED, territory_name
from tansiq.geo.nearness import bounds, boxes_around, covers, distance_m
from tansiq.geo.territory import Territories
from tansiq.geo.writing import geojson, parse_place, write_place

__all__ = [
    "UNASSIGNED",
    "Circle",
    "Line",
    "Place",
    "Point",
    "Polygon",
    "Territories",
    "bounds",
    "boxes_around",
    "corners",
    "covers",
    "distance_m",
    "geojson",
    "parse_place",
    "parse_position",
    "require_place",
    "require_position",
    "shape",
    "territory_name",
    "write_degrees",
    "write_dms",
    "write_mgrs",
    "write_place",
]
