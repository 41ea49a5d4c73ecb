"""Sightings that contradict each other stand side by side; nobody is judged right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tansiq.desks.reconnaissance import Seen
from tansiq.desks.reconnaissance.contested import contradictions, metres_between
from tansiq.desks.reconnaissance.register import SightingRow, Window
from tests.unit.desks.reconnaissance.making import HOUR_MS, seen, sighting
from tests.unit.registers.making import OCTOBER_7, entry, folded

FRIEND, HOSTILE, UNKNOWN = "SFGPU----------", "SHGPU----------", "SUGPU----------"
FLYING = "SUAPM----------"
MINUTE_MS = 60_000


def rows(tmp_path: Path, *batches: tuple[str, list[Seen]]) -> list[SightingRow]:
    """These batches as a register gives them."""
    registers = folded(tmp_path, *(entry(n, sighting(*batch, author=author), author=author)
                                   for n, (author, batch) in enumerate(batches)))
    found = registers.query("reconnaissance", "sightings", window=Window(since=0, until=OCTOBER_7 + 48 * HOUR_MS))
    registers.close()
    return list(found)


def test_one_track_is_not_in_two_places_at_once(tmp_path: Path) -> None:
    """Forty kilometres in ten minutes are too far on the ground, and not in the air."""
    def pair(sidc: str | None) -> list[Seen]:
        return [seen(track="T1", sidc=sidc), seen(track="T1", sidc=sidc, at=(347_700_000, 410_900_000),
                                                  seen_at=OCTOBER_7 + 10 * MINUTE_MS)]

    found = contradictions(rows(tmp_path, ("IQ", pair(None))))
    assert [(one.track, one.minutes) for one in found] == [("T1", 10)] and 44_000 < found[0].metres < 45_000
    (tmp_path / "registers.db").unlink()
    assert contradictions(rows(tmp_path, ("IQ", pair(FLYING)))) == []


def test_one_thing_is_not_of_two_sides(tmp_path: Path) -> None:
    """Two members, one place, a quarter of an hour: one says friend, the other hostile. Unknown contradicts nobody."""
    found = contradictions(rows(
        tmp_path, ("IQ", [seen(sidc=FRIEND), seen(sidc=FRIEND, at=(300_000_000, 400_000_000))]),
        ("RU", [seen(sidc=HOSTILE, seen_at=OCTOBER_7 + 10 * MINUTE_MS), seen(sidc=UNKNOWN)])))
    assert len(found) == 1 and {found[0].one.author, found[0].other.author} == {"IQ", "RU"}


def test_across_the_meridian_of_180_places_are_near(tmp_path: Path) -> None:
    """Two sightings on both sides of it are of one place."""
    found = contradictions(rows(tmp_path, ("IQ", [seen(sidc=FRIEND, at=(0, 1_799_999_000))]),
                                ("RU", [seen(sidc=HOSTILE, at=(0, -1_799_999_000))])))
    assert len(found) == 1 and found[0].metres < 50


PLACES = st.tuples(st.integers(-5, 5), st.integers(-5, 5))


@given(st.lists(st.tuples(PLACES, st.integers(0, 40), st.sampled_from([FRIEND, HOSTILE, UNKNOWN]),
                          st.sampled_from(["IQ", "RU"])), max_size=12), st.integers(0, 1))
def test_sides_equal_a_look_at_every_pair(given_: list[Any], far: int) -> None:
    """The grid leaves out no pair that a look at all pairs finds, at the equator and beyond the polar circle."""
    base = (800_000_000 if far else 0, 1_799_990_000)
    made = [SightingRow(n, base[0] + 30_000 * y, (base[1] + 30_000 * x + 1_800_000_000) % 3_600_000_000
                        - 1_800_000_000, 0, OCTOBER_7 + minutes * MINUTE_MS, sidc, "", None, "", "", author, 0, "en",
                        "post", "F6") for n, ((y, x), minutes, sidc, author) in enumerate(given_)]
    sides = {FRIEND: 1, HOSTILE: 2}
    expected = {(a.id, b.id) for a in made for b in made if a.id < b.id and a.author != b.author
                and a.sidc in sides and b.sidc in sides and a.sidc != b.sidc
                and abs(a.seen_at - b.seen_at) <= 15 * MINUTE_MS and metres_between(a, b) <= 500}
    assert {tuple(sorted((one.one.id, one.other.id))) for one in contradictions(made)} == expected
