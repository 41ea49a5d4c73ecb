"""Coarse footprints of volumes: cells of the H3 grid, and whole hours.

A footprint tells which cells an area touches, and nothing finer: not where in a cell, not how high, not what for. Rings
of cells are added around them, so that what comes closer than the buffer always meets one of its cells. Two areas that
touch the same cells have the same footprint, to the byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from math import ceil, cos, radians
from typing import Any

import h3
import msgspec
import numpy as np
import shapely
from pyproj import Geod

from tansiq.errors import Malformed
from tansiq.geo.coordinates import SCALE
from tansiq.geo.geometry import Circle, Place, Polygon
from tansiq.geo.volumes import Volume

HOUR_MS = 3_600_000
RESOLUTION_MIN, RESOLUTION_MAX = 2, 5
CELLS_MAX = 2_000
_SAMPLES_A_SIDE = 16
_GEOD = Geod(ellps="WGS84")


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cells (H3, all of one size, in ascending order), from one whole hour until another (UTC ms)."""

    cells: tuple[str, ...]
    begins: int
    ends: int


def footprint(volumes: Iterable[Volume], *, resolution: int, buffer_m: int, buffer_ms: int) -> tuple[Part, ...]:
    """The footprint of volumes with the buffers around them; parts of one time are joined, in the order of time.

    Raises:
        Malformed: ``footprint.large``, it would take more than 2,000 cells.
    """
    parts: dict[tuple[int, int], set[str]] = {}
    for volume in volumes:
        hours = ((volume.begins - buffer_ms) // HOUR_MS * HOUR_MS, -(-(volume.ends + buffer_ms) // HOUR_MS) * HOUR_MS)
        parts.setdefault(hours, set()).update(around(touched(volume.area, resolution), resolution, buffer_m))
    if sum(map(len, parts.values())) > CELLS_MAX:
        raise Malformed("footprint.large", "The footprint would take more than {limit} cells: say it in parts.",
                        limit=CELLS_MAX, field="of")
    return tuple(Part(tuple(sorted(cells)), *hours) for hours, cells in sorted(parts.items()))


@lru_cache(maxsize=4_096)
def touched(area: Place, resolution: int) -> frozenset[str]:
    """Cells that a point of the edge was found in, of points no further apart than ``spacing_m``, and cells whose own
    middle lies inside.

    What lies in any other cell lies in a corner of it, cut off between two such points: within one spacing and a half.
    """
    assert isinstance(area, Circle | Polygon)
    edge = _edge_of_circle(area, resolution) if isinstance(area, Circle) else _edge_of_polygon(area, resolution)
    found = {h3.latlng_to_cell(lat, lon, resolution) for lat, lon in edge}
    inside, waiting = _inside(area), list(found)
    while waiting:
        for near in h3.grid_ring(waiting.pop(), 1):
            if near not in found and inside(*h3.cell_to_latlng(near)):
                found.add(near)
                waiting.append(near)
    return frozenset(found)


def around(cells: Iterable[str], resolution: int, buffer_m: int) -> set[str]:
    """Cells with as many rings around each as hold all within the buffer of it, and what ``touched`` may leave out.

    A ring is at least as wide as the shortest side of the cells about, which is measured: near the twelve pentagons of
    the grid they are shorter than elsewhere.
    """
    reach_m = buffer_m + 3 * spacing_m(resolution)
    return {near for cell in cells for near in h3.grid_disk(cell, ceil(reach_m / _ring_m(cell)))}


@lru_cache(maxsize=16_384)
def _ring_m(cell: str) -> float:
    return 0.97 * min(_side_m(near) for near in h3.grid_disk(cell, 2))


@lru_cache(maxsize=65_536)
def _side_m(cell: str) -> float:
    return float(min(h3.edge_length(side, unit="m") for side in h3.origin_to_directed_edges(cell)))


def spacing_m(resolution: int) -> float:
    """Metres between the points of an edge that are looked at: a sixteenth of a cell's side."""
    return float(h3.average_hexagon_edge_length(resolution, unit="m")) / _SAMPLES_A_SIDE


def meet(parts: Iterable[Part], volume: Volume) -> bool:
    """Tell whether a volume, without buffers, touches a cell of a footprint in one of its hours."""
    for part in parts:
        if part.begins < volume.ends and volume.begins < part.ends and part.cells:
            resolution = h3.get_resolution(part.cells[0])
            if not touched(volume.area, resolution).isdisjoint(part.cells):
                return True
    return False


def both_meet(one: Iterable[Part], other: Iterable[Part]) -> bool:
    """Tell whether two footprints share a cell at one hour."""
    others = tuple(other)
    return any(a.begins < b.ends and b.begins < a.ends and _share(a.cells, b.cells) for a in one for b in others)


def _share(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if not one or not other:
        return False
    sizes = h3.get_resolution(one[0]), h3.get_resolution(other[0])
    if sizes[0] == sizes[1]:
        return not {*one}.isdisjoint(other)
    # Of two sizes: a cell does not lie wholly in its parent, so the parents' neighbours count as well.
    coarse = min(sizes)
    parents = {h3.cell_to_parent(cell, coarse) for cell in one}
    return not {near for cell in parents for near in h3.grid_disk(cell, 1)}.isdisjoint(
        h3.cell_to_parent(cell, coarse) for cell in other)


def covers(parts: Iterable[Part], volumes: Iterable[Volume]) -> bool | None:
    """Tell whether a footprint still holds all that volumes touch: True, False, or None where it holds none of it."""
    given = tuple(parts)
    held = [_holds(given, volume) for volume in volumes]
    return None if not any(share for share, _ in held) else all(whole for _, whole in held)


def _holds(parts: tuple[Part, ...], volume: Volume) -> tuple[bool, bool]:
    """Whether any, and whether all of what a volume touches lies in the footprint."""
    if not parts or not parts[0].cells:
        return False, False
    cells = touched(volume.area, h3.get_resolution(parts[0].cells[0]))
    meeting = [part for part in parts if part.begins < volume.ends and volume.begins < part.ends]
    whole = any(part.begins <= volume.begins and volume.ends <= part.ends and cells <= {*part.cells} for part in parts)
    return any(not cells.isdisjoint(part.cells) for part in meeting), whole


def require_cells(parts: tuple[Part, ...], resolution: int) -> None:
    """Refuse what is no footprint of the charter's size.

    Raises:
        Malformed: ``footprint.cells``, ``footprint.hours``.
    """
    for part in parts:
        if not all(h3.is_valid_cell(cell) and h3.get_resolution(cell) == resolution for cell in part.cells):
            raise Malformed("footprint.cells", "A footprint here has cells of the size {resolution}.",
                            resolution=resolution, field="of")
        if not part.cells or list(part.cells) != sorted(set(part.cells)):
            raise Malformed("footprint.cells", "A footprint here has cells of the size {resolution}.",
                            resolution=resolution, field="of")
        if part.begins % HOUR_MS or part.ends % HOUR_MS or part.begins >= part.ends:
            raise Malformed("footprint.hours", "A footprint is given in whole hours.", field="of")
    if sum(len(part.cells) for part in parts) > CELLS_MAX:
        raise Malformed("footprint.large", "The footprint would take more than {limit} cells: say it in parts.",
                        limit=CELLS_MAX, field="of")


def drawn(cells: Iterable[str]) -> dict[str, Any]:
    """Draw cells as one GeoJSON geometry; across the meridian of 180 it is cut in two."""
    rings = []
    for cell in cells:
        ring = [(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]
        if max(x for x, _ in ring) - min(x for x, _ in ring) > 180:
            for turn in (-360, 360):
                moved = shapely.Polygon([(x + turn if (x > 0) == (turn < 0) else x, y) for x, y in ring])
                rings.append(moved.intersection(shapely.box(-180, -90, 180, 90)))
        else:
            rings.append(shapely.Polygon(ring))
    whole: dict[str, Any] = shapely.geometry.mapping(shapely.union_all(rings))
    return whole


def _inside(area: Circle | Polygon) -> Callable[[float, float], bool]:
    """Whether a latitude and longitude lie inside an area."""
    if isinstance(area, Circle):
        y, x = area.centre[0] / SCALE, area.centre[1] / SCALE
        return lambda lat, lon: bool(_GEOD.inv(x, y, lon, lat)[2] <= area.radius_m)
    polygon = shapely.Polygon([(lon / SCALE, lat / SCALE) for lat, lon in area.corners])
    shapely.prepare(polygon)
    return lambda lat, lon: bool(shapely.contains_xy(polygon, lon, lat))


def _edge_of_circle(circle: Circle, resolution: int) -> Iterator[tuple[float, float]]:
    lat, lon = circle.centre[0] / SCALE, circle.centre[1] / SCALE
    yield lat, lon
    count = max(8, ceil(2 * 3.15 * circle.radius_m / spacing_m(resolution)))
    size = np.full(count, 1.0)
    x, y, _ = _GEOD.fwd(lon * size, lat * size, np.arange(count) * (360 / count), circle.radius_m * size)
    yield from zip(y.tolist(), x.tolist(), strict=True)


def _edge_of_polygon(polygon: Polygon, resolution: int) -> Iterator[tuple[float, float]]:
    ring = [(lat / SCALE, lon / SCALE) for lat, lon in polygon.corners]
    for (y0, x0), (y1, x1) in zip(ring, (*ring[1:], ring[0]), strict=True):
        across = abs(x1 - x0) * 111_320 * cos(radians(min(abs(y0), abs(y1))))
        parts = max(1, ceil((abs(y1 - y0) * 111_700 + across) / spacing_m(resolution)))
        yield from ((y0 + (y1 - y0) * n / parts, x0 + (x1 - x0) * n / parts) for n in range(parts))
