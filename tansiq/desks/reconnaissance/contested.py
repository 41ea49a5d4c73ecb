"""Sightings that contradict each other, so that they can be shown side by side. Nobody is judged right here.

Two rules, each one sentence: one track cannot be in two places at once; one thing cannot be of two sides at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import cos, hypot, radians

from tansiq.desks.reconnaissance.register import SightingRow

SPEED_M_S_MAX = 70
SPEED_FLYING_M_S_MAX = 1_000
SAME_TIME_MS = 15 * 60_000
SAME_PLACE_M = 500
VAGUE_M_MAX = 2_000
"""Sightings that are vaguer than this are too vague to say that two of them are of one thing."""
_METRES_PER_E7 = 0.011_132
_CELL_NORTH_E7, _CELL_EAST_E7 = 500_000, 2_500_000
_CELLS_AROUND = 3_600_000_000 // _CELL_EAST_E7
_FLYING_LETTERS, _FLYING_SETS = "PA", ("01", "02", "05", "06")
_SIDES = {"F": "friend", "A": "friend", "D": "friend", "M": "friend", "H": "hostile", "S": "hostile", "J": "friend",
          "K": "friend", "N": "neutral", "L": "neutral"}
_SIDES_BY_DIGIT = {"2": "friend", "3": "friend", "4": "neutral", "5": "hostile", "6": "hostile"}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sightings that cannot both be right: the same ``track`` too far apart, or one thing of two sides."""

    one: SightingRow
    other: SightingRow
    track: str | None
    metres: int
    minutes: int


def contradictions(rows: Sequence[SightingRow]) -> list[Contradiction]:
    """Every contradiction among sightings, in the order of the later one's time."""
    found = [*_torn_tracks(rows), *_two_sides(rows)]
    return sorted(found, key=lambda pair: (-max(pair.one.seen_at, pair.other.seen_at), pair.one.id, pair.other.id))


def _torn_tracks(rows: Sequence[SightingRow]) -> Iterator[Contradiction]:
    tracks: dict[str, list[SightingRow]] = defaultdict(list)
    for row in rows:
        if row.track is not None:
            tracks[row.track].append(row)
    for name, parts in tracks.items():
        for one, other in pairwise(sorted(parts, key=lambda row: (row.seen_at, row.id))):
            metres, apart_ms = metres_between(one, other), other.seen_at - one.seen_at
            speed = SPEED_FLYING_M_S_MAX if _flies(one.sidc) or _flies(other.sidc) else SPEED_M_S_MAX
            if metres > _vague(one, other) + SAME_PLACE_M + speed * apart_ms / 1000:
                yield Contradiction(one, other, name, round(metres), apart_ms // 60_000)


def _two_sides(rows: Sequence[SightingRow]) -> Iterator[Contradiction]:
    for one, other in _neighbours(row for row in rows if _side(row.sidc) is not None):
        apart_ms = abs(one.seen_at - other.seen_at)
        if one.author == other.author or apart_ms > SAME_TIME_MS or _side(one.sidc) == _side(other.sidc):
            continue
        metres = metres_between(one, other)
        if metres <= max(min(_vague(one, other), VAGUE_M_MAX), SAME_PLACE_M):
            yield Contradiction(one, other, None, round(metres), apart_ms // 60_000)


def _neighbours(rows: Iterable[SightingRow]) -> Iterator[tuple[SightingRow, SightingRow]]:
    """Pairs in one cell of a coarse grid or in two that touch, each once; up to 85 degrees a cell is over 2 km wide."""
    cells: dict[tuple[int, int], list[SightingRow]] = defaultdict(list)
    for row in rows:
        cells[row.lat // _CELL_NORTH_E7, row.lon // _CELL_EAST_E7 % _CELLS_AROUND].append(row)
    for (north, east), here in cells.items():
        yield from combinations(here, 2)
        for up, across in ((0, 1), (1, -1), (1, 0), (1, 1)):
            for other in cells.get((north + up, (east + across) % _CELLS_AROUND), ()):
                yield from ((one, other) for one in here)


def metres_between(one: SightingRow, other: SightingRow) -> float:
    """Metres between two sightings, on a sphere that is flat between them: good to a percent over 100 km."""
    around = abs(one.lon - other.lon)
    across = min(around, 3_600_000_000 - around) * cos(radians((one.lat + other.lat) / 2e7))
    return hypot(one.lat - other.lat, across) * _METRES_PER_E7


def _vague(one: SightingRow, other: SightingRow) -> int:
    return (one.accuracy_m or 0) + (other.accuracy_m or 0)


def _side(sidc: str | None) -> str | None:
    """Whose side an APP-6 code says; None where it is unknown, or no code is given."""
    if sidc is None:
        return None
    return _SIDES_BY_DIGIT.get(sidc[3]) if sidc.isdecimal() else _SIDES.get(sidc[1])


def _flies(sidc: str | None) -> bool:
    """Whether an APP-6 code is of something in the air or in space."""
    if sidc is None:
        return False
    return sidc[4:6] in _FLYING_SETS if sidc.isdecimal() else sidc[2] in _FLYING_LETTERS
