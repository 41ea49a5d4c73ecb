"""Where nobody looks: gaps in time and in space, against a look at every hour and every square."""

from __future__ import annotations

import shapely
from hypothesis import given
from hypothesis import strategies as st

from tansiq.desks.reconnaissance.gaps import LAPSES_MS, Gap, Watch, find_gaps
from tests.unit.desks.reconnaissance.making import HOUR_MS

SIDE = 4


def watch(begins: int, ends: int, columns: tuple[int, int] = (0, SIDE), **more: object) -> Watch:
    """A watch over some columns of a strip, in whole hours."""
    return Watch(sector=str(more.get("sector", "S1")), author="IQ", kept=bool(more.get("kept", True)),
                 begins=begins * HOUR_MS, ends=ends * HOUR_MS, drawn=shapely.box(columns[0], 0, columns[1], 1))


def hours(gap: Gap) -> tuple[int, int, int]:
    """A gap in whole hours, with its percentage."""
    return gap.begins // HOUR_MS, gap.ends // HOUR_MS, gap.percent


def test_between_two_watches_nobody_looks() -> None:
    """What was watched before and is again later, is a gap between."""
    found = find_gaps([watch(0, 6), watch(9, 12)], 0, 12 * HOUR_MS)
    assert [hours(gap) for gap in found] == [(6, 9, 100)]


def test_a_sector_is_no_gap_before_anybody_asks_nor_long_after() -> None:
    """It begins with the first watch or wish, and a week after the last it is forgotten."""
    week = LAPSES_MS // HOUR_MS
    found = find_gaps([watch(5, 6)], 0, (week + 50) * HOUR_MS)
    assert [hours(gap) for gap in found] == [(6, 6 + week, 100)]
    asked = find_gaps([watch(5, 8, kept=False)], 0, 20 * HOUR_MS)
    assert [hours(gap) for gap in asked] == [(5, 8, 100)]


def test_a_part_that_nobody_watches_is_shown_with_its_shape() -> None:
    """Half a sector is a gap of half, and its shape is the half that is left; a neighbour's watch counts."""
    found = find_gaps([watch(0, 4, kept=False), watch(0, 4, (0, 2), sector="S2")], 0, 4 * HOUR_MS)
    assert [(gap.sector, hours(gap)) for gap in found] == [("S1", (0, 4, 50))]
    assert found[0].left.equals(shapely.box(2, 0, 4, 1))


def test_a_line_is_watched_by_who_watches_along_it() -> None:
    """A sector given as a line has no gap where the same line is watched, and one where half of it is."""
    line = shapely.LineString([(0, 0), (4, 0)])
    asked = Watch("S1", "IQ", False, 0, HOUR_MS, line)
    assert find_gaps([asked, Watch("S1", "RU", True, 0, HOUR_MS, line)], 0, HOUR_MS) == []
    half = Watch("S1", "RU", True, 0, HOUR_MS, shapely.LineString([(0, 0), (2, 0)]))
    assert [gap.percent for gap in find_gaps([asked, half], 0, HOUR_MS)] == [50]


SPANS = st.tuples(st.integers(0, 23), st.integers(1, 12), st.integers(0, SIDE - 1), st.integers(1, SIDE),
                  st.booleans())


@given(st.lists(SPANS, min_size=1, max_size=6))
def test_gaps_equal_a_look_at_every_hour_and_column(spans: list[tuple[int, int, int, int, bool]]) -> None:
    """In each hour the share that nobody watches is that of the columns asked for and not watched."""
    watches = [watch(begins, begins + length, (first, min(SIDE, first + wide)), kept=kept)
               for begins, length, first, wide, kept in spans]
    found = find_gaps(watches, 0, 24 * HOUR_MS)
    for hour in range(24):
        at = hour * HOUR_MS
        asked = {column for one in watches for column in range(SIDE) if _wanted(one, at) and _over(one, column)}
        kept = {column for one in watches for column in range(SIDE)
                if one.kept and one.begins <= at < one.ends and _over(one, column)}
        left = asked - kept
        shown = [gap for gap in found if gap.begins <= at < gap.ends]
        assert len(shown) == bool(left)
        if left:
            assert shown[0].percent == round(100 * len(left) / len(asked))


def _wanted(one: Watch, at: int) -> bool:
    return one.begins <= at < (one.ends + LAPSES_MS if one.kept else one.ends)


def _over(one: Watch, column: int) -> bool:
    west, _, east, _ = one.drawn.bounds
    return bool(west <= column < east)
