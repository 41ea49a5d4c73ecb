"""Where nobody is looking: what ought to be watched, less what is, from moment to moment.

A sector ought to be watched where and while somebody asks for it; and where it was watched, for a week after the last
watch there ended. Shapes are taken in degrees, since only their differences count. Pure: nothing is read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import shapely
from shapely.geometry.base import BaseGeometry

LAPSES_MS = 7 * 86_400_000
"""For so long after its last watch a sector is shown as no longer watched."""
SLIVER_PERCENT = 1
"""What is less than this part of a sector comes from corners that were typed twice, and is no gap."""
_LINE_DEGREES = 0.002


@dataclass(frozen=True, slots=True)
class Watch:
    """One coverage that stands: whether it is ``kept`` or asked for, where (in degrees), from when to when (UTC ms)."""

    sector: str
    author: str
    kept: bool
    begins: int
    ends: int
    drawn: BaseGeometry


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a sector that nobody watches, and how much of what ought to be watched it is (percent)."""

    sector: str
    begins: int
    ends: int
    left: BaseGeometry
    percent: int


def find_gaps(watches: Sequence[Watch], since: int, until: int) -> list[Gap]:
    """The gaps of every sector between two instants, sector by sector in the order of their names, then of time.

    Each gap is as long as its shape stays the same.
    """
    found: list[Gap] = []
    for sector in sorted({watch.sector for watch in watches}):
        found += _joined(_gaps_of(sector, watches, since, until))
    return found


def _gaps_of(sector: str, watches: Sequence[Watch], since: int, until: int) -> Iterator[Gap]:
    """What is left in each span between two changes."""
    wanted = [(w.begins, w.ends + LAPSES_MS if w.kept else w.ends, w.drawn) for w in watches if w.sector == sector]
    # A watch reaches into neighbouring sectors, so all that is kept anywhere counts.
    kept = [(w.begins, w.ends, _widened(w.drawn)) for w in watches if w.kept]
    changes = sorted({since, until} | {moment for begins, ends, _ in (*wanted, *kept) for moment in (begins, ends)
                                       if since < moment < until})
    for begins, ends in pairwise(changes):
        asked = _together(wanted, begins, ends)
        if asked is None:
            continue
        watched = _together(kept, begins, ends)
        left = asked if watched is None else asked.difference(watched)
        percent = _share(left, asked)
        if percent >= SLIVER_PERCENT:
            yield Gap(sector, begins, ends, left, percent)


def _together(spans: Sequence[tuple[int, int, BaseGeometry]], begins: int, ends: int) -> BaseGeometry | None:
    shapes = [drawn for since, until, drawn in spans if since <= begins and until >= ends]
    return shapely.union_all(shapes) if shapes else None


def _widened(drawn: BaseGeometry) -> BaseGeometry:
    """A line has no width: who watches it watches what lies along it."""
    return drawn if drawn.area else drawn.buffer(_LINE_DEGREES)


def _share(left: BaseGeometry, whole: BaseGeometry) -> int:
    if left.is_empty:
        return 0
    ours, all_of_it = (left.area, whole.area) if whole.area else (left.length, whole.length)
    share: float = 100 * ours / all_of_it if all_of_it else 100.0
    return round(share)


def _joined(gaps: Iterator[Gap]) -> list[Gap]:
    made: list[Gap] = []
    for gap in gaps:
        last = made[-1] if made else None
        if last is not None and (last.ends, last.percent) == (gap.begins, gap.percent) and last.left.equals(gap.left):
            made[-1] = Gap(gap.sector, last.begins, gap.ends, gap.left, gap.percent)
        else:
            made.append(gap)
    return made
