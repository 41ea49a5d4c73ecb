"""A program that is older than its partners': it reads what it can, and the rest after its upgrade."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from tansiq.cell import founding
from tansiq.cell.desk import Desk
from tansiq.run import Centre, open_centre
from tests.faults import making
from tests.faults.making import ALL_DESKS, TRIAL, Clock, copied, quiet

REMARK = {"text": {"lang": "en", "text": "High for the season"}}
READING = {"station": "Baghdad", "note": {"lang": "en", "text": "At the bridge"}, "level_cm": 310,
           "measured_at": 1_444_200_000_000, "place": {"lat": 333_000_000, "lon": 444_000_000, "accuracy_m": None},
           "trend": 2, "marks": [], "about": None, "release": ["RU"]}


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy."""
    return making.found(tmp_path_factory.mktemp("upgrade"))


def _older() -> tuple[Desk, ...]:
    """The desks of a program that knows readings and no remarks yet."""
    forms = tuple(form for form in TRIAL.forms if form.kind.name != "remark")
    return tuple(dataclasses.replace(desk, forms=forms) if desk is TRIAL else desk for desk in ALL_DESKS)


def _opened(directory: Path, desks: tuple[Desk, ...]) -> Centre:
    return quiet(open_centre(directory, desks, clock=Clock(1_760_000_600_000)))


def test_what_was_unknown_is_folded_after_the_upgrade(founded: Path, tmp_path: Path) -> None:
    """An older program folds what it knows of an envelope; opened with a newer one, everything is there and ruled."""
    centre = quiet(copied(founded, tmp_path))
    [reading] = centre.cells["IQ"].say_many([("reading", READING)], officer="IQ-releaser")
    centre.run_until_quiet()
    remarks = [("remark", {**REMARK, "refers": [reading]})]
    said = centre.cells["IQ"].say_many([*remarks, ("reading", READING), *remarks], officer="IQ-releaser")
    centre.run_until_quiet()
    newer = {code: making.rows(centre.cells[code]) for code in making.members(centre)}
    assert {row.id for row in newer["RU"]} == {reading, *said}
    directory = centre.directory
    centre.stop()
    centre = _opened(directory, _older())
    cell = centre.cells["RU"]
    assert {row.id for row in making.rows(cell)} == {reading, said[1]} and not centre.faults
    assert cell.registers.entries(limit=1)[0].unread == ("act.unknown", "act.unknown")
    assert [row.id for row in cell.registers.thread(reading)] == [reading]
    making.require_whole(centre)
    centre.stop()
    centre = _opened(directory, ALL_DESKS)
    assert {code: making.rows(centre.cells[code]) for code in newer} == newer
    assert centre.cells["RU"].registers.entries(limit=1)[0].unread == ()
    centre.stop()
    assert (founding.cell_directory(directory, "RU") / "registers.db").is_file()
