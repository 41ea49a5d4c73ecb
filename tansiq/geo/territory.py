"""Whose territory a place touches, and how far the others' borders are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, radians
from pathlib import Path

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from tansiq.geo.borders import DEFAULT, load_borders
from tansiq.geo.coordinates import SCALE
from tansiq.geo.geometry import Place, shape

_METRES_PER_DEGREE = 110_500  # the shortest degree of latitude, so that a reach never falls short
_WEST_EAST_MIN = 0.01
_DRAWN_WITHIN = 0.0018


class Territories:
    """The territories of one borders file, by ISO 3166 code; ``UNASSIGNED`` stands for land without one.

    Immutable once loaded, and safe to share between threads.
    """

    def __init__(self, pieces: Sequence[BaseGeometry], codes: Sequence[str]) -> None:
        self._pieces = np.array(pieces, dtype=object)
        self._codes = tuple(codes)
        self._tree = shapely.STRtree(self._pieces)
        self._geod = Geod(ellps="WGS84")

    @classmethod
    def load(cls, path: Path = DEFAULT) -> Territories:
        """Load a borders file; raises as ``load_borders`` does."""
        return cls(*load_borders(path))

    @property
    def codes(self) -> frozenset[str]:
        """Every territory in the file."""
        return frozenset(self._codes)

    def at(self, lat_e7: int, lon_e7: int) -> tuple[str, ...]:
        """Codes of the territories at a position, sorted; empty at sea, two or more on a shared border."""
        return self._named(self._tree.query(shapely.Point(lon_e7 / SCALE, lat_e7 / SCALE), predicate="intersects"))

    def at_many(self, positions: Sequence[tuple[int, int]]) -> list[tuple[str, ...]]:
        """What ``at`` says of each position, in one pass."""
        found: list[tuple[str, ...]] = [()] * len(positions)
        degrees = np.asarray(positions, dtype=np.float64).reshape(-1, 2) / SCALE
        points = shapely.points(degrees[:, 1], degrees[:, 0])
        for point, piece in self._tree.query(points, predicate="intersects").T.tolist():
            code = self._codes[piece]
            if code not in found[point]:
                found[point] = tuple(sorted((*found[point], code)))
        return found

    def touching(self, place: Place) -> tuple[str, ...]:
        """Codes of the territories that any part of a place touches, sorted."""
        return self._named(self._tree.query(shape(place), predicate="intersects"))

    def border_distances(self, place: Place, reach_m: int = 100_000) -> dict[str, int]:
        """Metres from a place to each territory within reach, nearest first; 0 for those it touches.

        Degrees are scaled by the latitude before the nearest point is chosen, because a degree of longitude
        is shorter than one of latitude; the distance is then measured on the ellipsoid and rounded down.
        """
        found: dict[str, int] = {}
        for drawn in self._copies(shape(place), reach_m):
            for code, metres in self._distances(drawn, reach_m):
                found[code] = min(metres, found.get(code, metres))
        return dict(sorted(((code, metres) for code, metres in found.items() if metres <= reach_m),
                           key=lambda pair: (pair[1], pair[0])))  # fmt: skip

    def within(self, place: Place, margin_m: int) -> tuple[str, ...]:
        """Codes of the territories that a place touches or comes within a margin of, sorted."""
        return tuple(sorted(self.border_distances(place, margin_m)))

    def in_sea(self, lat_e7: int, lon_e7: int) -> bool:
        """Tell whether a position is on no territory at all: then ask the writer whether that is meant."""
        return not self.at(lat_e7, lon_e7)

    def swapped(self, lat_e7: int, lon_e7: int) -> bool:
        """Tell whether a position lies in the sea and would lie on land with its two numbers exchanged."""
        return self.in_sea(lat_e7, lon_e7) and abs(lon_e7) <= 90 * SCALE and not self.in_sea(lon_e7, lat_e7)

    def lines(self) -> list[list[tuple[float, float]]]:
        """Where territories end, as lines to be drawn: corners of (longitude, latitude) in degrees, at most 200 m off.

        A border that two share is one line. Rules never ask this: they ask the territories themselves.
        """
        codes = np.array(self._codes)
        ends = [shapely.boundary(shapely.union_all(self._pieces[codes == code])) for code in sorted(self.codes)]
        drawn = shapely.simplify(shapely.line_merge(shapely.union_all(ends)), _DRAWN_WITHIN)
        return [[(round(x, 5), round(y, 5)) for x, y in shapely.get_coordinates(line).tolist()]
                for line in shapely.get_parts(drawn)]

    def _named(self, pieces: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[str, ...]:
        return tuple(sorted({self._codes[piece] for piece in pieces.tolist()}))

    def _distances(self, drawn: BaseGeometry, reach_m: int) -> Iterator[tuple[str, int]]:
        west, south, east, north = drawn.bounds
        near = self._tree.query(shapely.box(*_widened((west, south, east, north), reach_m)))
        if not len(near):
            return
        scale = np.array([max(cos(radians((south + north) / 2)), _WEST_EAST_MIN), 1.0])
        pieces = shapely.transform(self._pieces[near], lambda xy: xy * scale)
        ours = shapely.transform(drawn, lambda xy: xy * scale)
        shapely.prepare(ours)
        nearest: dict[str, tuple[float, BaseGeometry]] = {}
        for index, piece, far in zip(near.tolist(), pieces, shapely.distance(pieces, ours).tolist(), strict=True):
            code = self._codes[index]
            if code not in nearest or far < nearest[code][0]:
                nearest[code] = (far, piece)
        for code, (far, piece) in nearest.items():
            yield code, self._metres(shapely.shortest_line(ours, piece), scale) if far else 0

    def _metres(self, line: BaseGeometry, scale: np.ndarray[tuple[int], np.dtype[np.float64]]) -> int:
        (x0, y0), (x1, y1) = (shapely.get_coordinates(line) / scale).tolist()
        return int(self._geod.inv(x0, y0, x1, y1)[2])

    def _copies(self, drawn: BaseGeometry, reach_m: int) -> Iterator[BaseGeometry]:
        """Give a place once more on the other side of the map where its reach crosses the meridian of 180."""
        yield drawn
        west, _, east, _ = _widened(drawn.bounds, reach_m)
        for crosses, turn in ((east > 180, -360.0), (west < -180, 360.0)):
            if crosses:
                yield shapely.transform(drawn, lambda xy, turn=turn: xy + np.array([turn, 0.0]))


def _widened(bounds: tuple[float, float, float, float], reach_m: int) -> tuple[float, float, float, float]:
    west, south, east, north = bounds
    up = reach_m / _METRES_PER_DEGREE
    farthest = min(90.0, max(abs(south), abs(north)) + up)
    across = min(180.0, up / max(cos(radians(farthest)), _WEST_EAST_MIN))
    return west - across, south - up, east + across, north + up
