"""What is urgent and unopened rises by itself: look, call whoever is on duty, wake the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tansiq.cell.registers import ActQuery
from tansiq.doors.floor import Floor
from tansiq.doors.web.needs import PATIENCE_MINUTES, waiting
from tansiq.run import found, open_centre, open_offices

CHARTER = Path(__file__).resolve().parents[2] / "charters/baghdad.toml"
BEGIN, MINUTE = 1_444_200_000_000, 60_000


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Floor, list[int]]]:
    """A centre on a clock that stands still, with a flash report of RU that IQ can read."""
    clock = [BEGIN]
    found(CHARTER.read_text("utf-8"), tmp_path, at_ms=BEGIN)
    centre = open_centre(tmp_path, clock=lambda: clock[0])
    clock[0] += 10 * MINUTE
    offices = open_offices(centre)
    floor = Floor(centre, centre.desks, offices)
    words = {"lang": "en", "text": "Exercise: a wall of dust."}
    floor.say(floor.officer("RU-releaser"), "report", {
        "title": words, "text": words, "occurred_from": BEGIN, "occurred_until": BEGIN, "place": None,
        "place_name": None, "source_reliability": "B", "information_credibility": "2", "source": None,
        "external_id": None, "release": ["IQ", "RU"], "precedence": "flash"})
    centre.run_until_quiet()
    yield floor, clock
    for office in offices.values():
        office.close()
    centre.stop()


def test_an_unopened_flash_rises_until_somebody_opens_it(place: tuple[Floor, list[int]]) -> None:
    """Each step names what to do, with the telephone of the roster; opening the act ends it."""
    floor, clock = place
    officer, said = floor.officer("IQ-reader"), clock[0]

    def told() -> list[str]:
        return [str(row.need.sentence.text).split(":")[0] for row in waiting(floor, officer)
                if row.need.precedence == "flash"]

    assert told() == ["Nobody here has opened it yet."]
    clock[0] = said + PATIENCE_MINUTES["flash"] * MINUTE
    assert told() == ["Nobody here has opened it since {since_ms}, and the roster names nobody on duty now."]
    floor.offices["IQ"].duty.add("IQ-releaser", "+964 1 555 0100", since=said, until=said + 600 * MINUTE)
    need = next(row.need for row in waiting(floor, officer) if row.need.precedence == "flash")
    assert need.sentence.fields == {"since_ms": said, "officer": "IQ-releaser", "telephone": "+964 1 555 0100"}
    clock[0] += PATIENCE_MINUTES["flash"] * MINUTE
    assert told() == ["Nobody here has opened it since {since_ms}, and the call has not helped"]
    row = floor.search(officer, ActQuery(precedence="flash"))[0]
    floor.read(officer, row.id)
    assert told() == []
