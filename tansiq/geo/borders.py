"""Borders as a file: GeoJSON, one feature a territory, read into small valid polygons.

Borders are a political input: the default file is built into the wheel, and a charter may name its own. The default is
cut into its small polygons when the wheel is built, so that it is loaded in a moment, and no library of one machine
mends it otherwise than another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from tansiq.errors import Malformed, Unavailable
from tansiq.geo.names import UNASSIGNED

PIECES = ".pieces"
DEFAULT = Path(__file__).parent / "data" / f"borders{PIECES}"
VERTICES_MAX = 256
_CODE_PROPERTIES = ("territory", "ISO_A3_EH", "ISO_A3", "ADM0_A3")


class _Feature(msgspec.Struct):
    geometry: dict[str, Any] | None = None
    properties: dict[str, Any] | None = None


class _Collection(msgspec.Struct):
    features: list[_Feature]


class _Pieces(msgspec.Struct, forbid_unknown_fields=True):
    """A file of polygons that are cut already: for each the number of its code, and itself as WKB."""

    codes: list[str]
    pieces: list[tuple[int, bytes]]


def load_borders(path: Path = DEFAULT) -> tuple[list[BaseGeometry], list[str]]:
    """Read a borders file into polygons of at most 256 corners (degrees, x is longitude) and, beside them, their codes.

    A feature names its territory by ISO 3166 letters in ``territory`` (or in the properties of Natural Earth);
    one without a code is land of ``UNASSIGNED``: never sea.

    Raises:
        Unavailable: there is no such file.
        Malformed: it is no GeoJSON FeatureCollection of polygons.
    """
    if not path.is_file():
        raise Unavailable("borders.missing", "The borders file {name} is not there.", name=path.name)
    if path.suffix == PIECES:
        return _read_pieces(path)
    return cut_borders(path.read_bytes(), path.name)


def write_pieces(path: Path, pieces: Sequence[BaseGeometry], codes: Sequence[str]) -> None:
    """Write polygons that were cut, to be loaded without being cut again."""
    known = sorted(set(codes))
    number = {code: place for place, code in enumerate(known)}
    rows = [(number[code], shapely.to_wkb(piece)) for piece, code in zip(pieces, codes, strict=True)]
    path.write_bytes(msgspec.msgpack.encode(_Pieces(known, rows)))


def _read_pieces(path: Path) -> tuple[list[BaseGeometry], list[str]]:
    try:
        found = msgspec.msgpack.decode(path.read_bytes(), type=_Pieces)
        pieces = shapely.from_wkb([wkb for _, wkb in found.pieces]).tolist()
        return pieces, [found.codes[code] for code, _ in found.pieces]
    except (msgspec.DecodeError, IndexError, shapely.errors.ShapelyError) as fault:
        raise Malformed("borders.pieces", "{name} is no file of borders that were cut: build it again.",
                        name=path.name) from fault


def cut_borders(data: bytes, name: str) -> tuple[list[BaseGeometry], list[str]]:
    """Read GeoJSON into polygons of at most 256 corners, each valid, and their codes.

    Raises:
        Malformed: it is no GeoJSON FeatureCollection of polygons.
    """
    try:
        collection = msgspec.json.decode(data, type=_Collection)
        rows = [(_polygons(feature.geometry), _code(feature.properties or {}))
                for feature in collection.features if feature.geometry is not None]  # fmt: skip
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as fault:
        raise Malformed("borders.form", "{name} is no GeoJSON of polygons.", name=name) from fault
    pieces: list[BaseGeometry] = []
    codes: list[str] = []
    for polygons, code in rows:
        small = [piece for polygon in polygons for piece in _subdivide(polygon)]
        pieces.extend(small)
        codes.extend([code] * len(small))
    if not pieces:
        raise Malformed("borders.empty", "{name} holds no territory.", name=name)
    return pieces, codes


def _code(properties: dict[str, Any]) -> str:
    for name in _CODE_PROPERTIES:
        code = properties.get(name)
        if isinstance(code, str) and len(code) == 3 and code.isascii() and code.isalpha() and code.isupper():
            return code
    return UNASSIGNED


def _polygons(geometry: dict[str, Any]) -> list[BaseGeometry]:
    """Make the polygons of a GeoJSON geometry, each valid."""
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(geometry["type"])
    polygons: list[Any] = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    shapes = [shapely.Polygon(np.asarray(rings[0])[:, :2], [np.asarray(hole)[:, :2] for hole in rings[1:]])
              for rings in polygons]  # fmt: skip
    return [part for shape in shapes for part in _flat(shape if shape.is_valid else shapely.make_valid(shape))]


def _flat(shape: BaseGeometry) -> list[BaseGeometry]:
    """Take the polygons out of what make_valid returns: it can nest collections, and leave lines in them."""
    if shape.geom_type == "Polygon":
        return [] if shape.is_empty else [shape]
    return [part for inner in getattr(shape, "geoms", ()) for part in _flat(inner)]


def _subdivide(shape: BaseGeometry) -> list[BaseGeometry]:
    """Halve a polygon across its longer side until no piece has more than 256 corners."""
    if shapely.get_num_coordinates(shape) <= VERTICES_MAX:
        return [shape]
    west, south, east, north = shape.bounds
    if east - west > north - south:
        middle = (west + east) / 2
        halves = ((west, south, middle, north), (middle, south, east, north))
    else:
        middle = (south + north) / 2
        halves = ((west, south, east, middle), (west, middle, east, north))
    return [piece for half in halves for part in _flat(shapely.intersection(shape, shapely.box(*half)))
            for piece in _subdivide(part)]  # fmt: skip
