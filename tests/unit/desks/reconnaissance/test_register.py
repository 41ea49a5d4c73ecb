"""Sightings by place and time: what a window finds equals what a look at every one finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.cell.registers import ActQuery, Registers
from tansiq.desks.reconnaissance import Seen, picture
from tansiq.desks.reconnaissance import register as of
from tansiq.desks.reconnaissance.register import SightingRow, Window
from tests.unit.desks.airspace.making import look
from tests.unit.desks.reconnaissance.making import HOUR_MS, coverage, scattered, seen, sighting
from tests.unit.registers.making import OCTOBER_7, entry, fold, folded, said

MANY = scattered(600, seed=7, tracks=5)
EDGES = [seen(at=at, seen_at=OCTOBER_7 + n * HOUR_MS) for n, at in enumerate([
    (0, 1_800_000_000), (0, -1_800_000_000), (0, 1_799_999_999), (900_000_000, 0), (-900_000_000, 0), (0, 0)])]
ALL = [*MANY, *EDGES]
WHOLE = Window(since=OCTOBER_7 - 1, until=OCTOBER_7 + 48 * HOUR_MS)


@pytest.fixture(scope="module", name="registers")
def _registers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registers]:
    registers = folded(tmp_path_factory.mktemp("recon"), entry(0, sighting(*MANY[:300]), sighting(*MANY[300:])),
                       entry(1, sighting(*EDGES, author="RU"), author="RU"))
    yield registers
    registers.close()


def ask(registers: Registers, window: Window, limit: int = 10_000) -> list[SightingRow]:
    """The newest sightings of a window."""
    return list(registers.query("reconnaissance", "sightings", window=window, limit=limit))


def key(row: SightingRow | Seen) -> tuple[int, int, int, str | None]:
    """What tells one of these sightings from another."""
    place = row.place if isinstance(row, Seen) else row
    return row.seen_at, place.lat, place.lon, row.track


DEGREES = st.integers(-180, 180).map(float)


@given(st.tuples(DEGREES, st.integers(-90, 90), DEGREES, st.integers(-90, 90)),
       st.integers(-2, 30), st.integers(-2, 30))
def test_a_window_finds_what_a_look_at_each_finds(registers: Registers, corners: tuple[float, int, float, int],
                                                  since: int, until: int) -> None:
    """Whatever the box, also across the meridian of 180, and whatever the span: no sighting more, and none less."""
    west, south, east, north = corners[0], min(corners[1], corners[3]), corners[2], max(corners[1], corners[3])
    window = Window(since=OCTOBER_7 + since * HOUR_MS, until=OCTOBER_7 + until * HOUR_MS,
                    box=(west, float(south), east, float(north)))

    def inside(one: Seen) -> bool:
        lat, lon = one.place.lat / 1e7, one.place.lon / 1e7
        across = west <= lon <= east if west <= east else lon >= west or lon <= east
        return south <= lat <= north and across and window.since <= one.seen_at <= window.until

    found = [key(row) for row in ask(registers, window)]
    assert sorted(found, key=repr) == sorted((key(one) for one in ALL if inside(one)), key=repr)
    assert [moment for moment, *_ in found] == sorted((moment for moment, *_ in found), reverse=True)


def test_a_wide_window_is_walked_back_in_time(registers: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the tree would find too many, the newest come from the index of times: the same answer."""
    narrow = ask(registers, WHOLE, limit=50)
    monkeypatch.setattr(of, "_NARROW", 10)
    assert ask(registers, WHOLE, limit=50) == narrow and len(narrow) == 50


def test_a_track_is_found_through_all_batches(registers: Registers) -> None:
    """Its sightings come latest first, whoever said them."""
    rows = registers.query("reconnaissance", "track", track="T3", window=WHOLE)
    assert [key(row) for row in rows] == sorted((key(one) for one in ALL if one.track == "T3"), reverse=True)


def test_symbols_fade_from_when_a_thing_was_seen_to_the_end_of_the_hours(tmp_path: Path) -> None:
    """On the list and on the map alike: whole when it was seen, a quarter left after 18 hours of 24."""
    batch = sighting(*(seen(seen_at=OCTOBER_7 - hours * HOUR_MS) for hours in (0, 18, 24)))
    registers = folded(tmp_path, entry(0, batch))
    read = look(registers, "IQ", now=OCTOBER_7)
    assert [one.fade for one in picture.features(read)] == [100, 25, 0]
    assert [one.fade for one in picture.show(read).sightings] == [100, 25, 0]
    registers.close()


def test_a_batch_told_again_replaces_the_one_before(tmp_path: Path) -> None:
    """The picture holds what was told last; as known before, it holds what was told first. Rebuilding changes nothing.
    """
    first = said(sighting(seen(what="Two lorries")), index=0)[0]
    again = sighting(seen(what="Three lorries"), thread=first.id, refers=(first.id,))
    gone = sighting(thread=first.id, refers=(first.id,), sightings=())
    registers = folded(tmp_path, entry(0, sighting(seen(what="Two lorries"))))
    fold(registers, entry(1, again))

    def words(known: int | None = None) -> list[str]:
        window = Window(since=WHOLE.since, until=WHOLE.until, known=known)
        return [row.what for row in ask(registers, window)]

    assert words() == ["Three lorries"]
    assert (words(OCTOBER_7), words(OCTOBER_7 + 1), words(OCTOBER_7 - 1)) == (["Two lorries"], ["Three lorries"], [])
    fold(registers, entry(2, gone))
    assert words() == [] and words(OCTOBER_7 + 1) == ["Three lorries"]
    assert [row.standing for row in registers.search(ActQuery(kinds=("sighting",)))] == ["standing", "replaced",
                                                                                         "replaced"]
    registers.close()


def test_a_coverage_told_again_stands_alone(tmp_path: Path) -> None:
    """The earlier one is marked; another sector's stays."""
    first = said(coverage(), index=0)[0]
    registers = folded(tmp_path, entry(0, coverage()), entry(1, coverage(sector="S3")),
                       entry(2, coverage(thread=first.id, refers=(first.id,), ends=OCTOBER_7 + HOUR_MS)))
    rows = registers.search(ActQuery(kinds=("coverage",), standing="standing"))
    assert [(row.title, row.reference) for row in rows] == [("S2", "IQ 3"), ("S3", "IQ 2")]
    registers.close()


def test_what_was_imported_is_known_again(tmp_path: Path) -> None:
    """By its name from elsewhere and its author; another member may use the same name."""
    registers = folded(tmp_path, entry(0, sighting(seen(external_id="a1"), seen())))
    assert registers.query("reconnaissance", "known_external_ids", author="IQ", ids=["a1", "a2"]) == {"a1"}
    assert registers.query("reconnaissance", "known_external_ids", author="RU", ids=["a1"]) == frozenset()
    registers.close()


def test_words_and_places_of_a_batch_are_found(tmp_path: Path) -> None:
    """Search finds a batch by the words of any sighting in it, and its list shows at most sixteen places."""
    registers = folded(tmp_path, entry(0, sighting(*scattered(200, seed=1), seen(what="a broken bridge"))))
    found = registers.search(ActQuery(text="bridge"))
    assert [row.reference for row in found] == ["IQ 1"] and 1 <= len(found[0].places) <= 16
    assert registers.count(ActQuery(text="bridge")) == 1
    registers.close()
