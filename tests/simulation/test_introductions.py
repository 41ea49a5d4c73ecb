"""Introductions serve for 64 months and are renewed with a year to go: six years of a centre on a simulated clock."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tansiq import wire
from tansiq.cell import founding
from tansiq.run import Centre, open_centre
from tests.faults import making
from tests.faults.making import ALL_DESKS, CHARTERS, Clock, quiet

YEARS = 6
HOUR = 3_600_000


def _at(month: int) -> int:
    """Noon of the 15th of a numbered month."""
    return wire.month_start(month) + 14 * 24 * HOUR + 12 * HOUR


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock(int(datetime(2015, 10, 15, 12, tzinfo=UTC).timestamp()) * 1000)


def _found(directory: Path, clock: Clock) -> Centre:
    founding.found((CHARTERS / "baghdad.toml").read_text("utf-8"), directory, clock=clock, desks=ALL_DESKS)
    return quiet(open_centre(directory, ALL_DESKS, clock=clock))


def _introductions(centre: Centre) -> list[tuple[str, int, int]]:
    control = centre.registrar.state.control
    return [(made.author, made.index, made.body.first) for made in control.introductions.values()]


def test_six_years_of_a_centre(tmp_path: Path, clock: Clock) -> None:
    """Every third month somebody speaks and is read; nobody runs out of introductions: each is renewed once."""
    centre = _found(tmp_path / "centre", clock)
    first, founded = wire.month_of(clock.now), len(_introductions(centre))
    parties = [party.code for party in centre.charter.parties]
    acts = []
    for month in range(first + 1, first + 12 * YEARS + 1):
        clock.now = _at(month)
        centre.run_until_quiet()
        if month % 3 == 0:
            author = making.members(centre)[month % 4]
            words = f"In {wire.write_month(month)}"
            acts.append(making.say(centre.cells[author], words, release=["IQ", "SY", "IR", "RU"]))
            centre.run_until_quiet()
        assert not centre.faults, (wire.write_month(month), centre.faults)
    assert all({row.id for row in making.rows(centre.cells[code])} == set(acts) for code in making.members(centre))
    renewed = _introductions(centre)[founded:]
    assert sorted(author for author, _, _ in renewed) == sorted(parties), "each party once"
    assert {begun for _, _, begun in renewed} == {first + 53}, "with eleven months left, not before"
    control = centre.registrar.state.control
    for author in making.members(centre):
        for to in parties:
            made = control.in_force(author, to, centre.registrar.store.size)
            assert made is not None and made.body.first == first + 53
    for code in making.members(centre):
        before = making.rows(centre.cells[code])
        centre.rebuild(code, progress=lambda *_: None)
        assert making.rows(centre.cells[code]) == before, "what the first introduction opened stays open"
    making.require_whole(centre)
    centre.stop()


def test_an_introduction_that_does_not_open_is_not_accepted(tmp_path: Path, clock: Clock) -> None:
    """A renewed introduction with a false root is left unaccepted, and the status says whose it is."""
    centre = _found(tmp_path / "centre", clock)
    liar: Any = centre.cells["SY"]
    true = liar._introducer._introduction

    def false(control: Any, month: int) -> Any:
        made = true(control, month)
        if made is None:
            return None
        bent = tuple(type(pair)(to=pair.to, root="ab" * 32, sealed=pair.sealed) for pair in made.pairs)
        return type(made)(first=made.first, own=made.own, pairs=bent)

    liar._introducer._introduction = false
    clock.now = _at(wire.month_of(clock.now) + 53)
    for _ in range(20):
        centre.step()
    assert "SY" in centre.cells["RU"].status()["fault"]
    control = centre.registrar.state.control
    newest = max(made.index for made in control.introductions.values() if made.author == "SY")
    assert all(made.index != newest for _, made in control.accepts["SY", "RU"])
    centre.stop()
