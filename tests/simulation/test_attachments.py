"""A file goes from one cell to those that may read it, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tansiq.doors.floor import Floor
from tansiq.errors import Malformed, Refused, Unavailable, Untrusted
from tansiq.run import Centre, found, open_centre, open_offices

CHARTER = Path(__file__).resolve().parents[2] / "charters/baghdad.toml"
FILE = b"%PDF exercise " * 300
FIELDS: dict[str, Any] = {"of": None, "title": {"lang": "en", "text": "Minutes"}, "name": "minutes.pdf",
                          "media_type": "application/pdf", "release": ["IQ", "RU"]}


@pytest.fixture(scope="module")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Floor, Centre]]:
    """A real centre behind a floor."""
    tmp_path = tmp_path_factory.mktemp("centre")
    found(CHARTER.read_text("utf-8"), tmp_path)
    centre = open_centre(tmp_path)
    offices = open_offices(centre)
    yield Floor(centre, centre.desks, offices), centre
    for office in offices.values():
        office.close()
    centre.stop()


def test_its_readers_fetch_it_once_and_keep_it(floor: tuple[Floor, Centre]) -> None:
    """RU fetches it from IQ's cell; then it has it, even where IQ's is gone; SY can read no such act."""
    door, centre = floor
    act_id = door.attach(door.officer("IQ-releaser"), FILE, FIELDS)
    reader = door.officer("RU-reader")
    assert door.attached(reader, act_id)[1] == FILE
    for path in (centre.directory / "cells/IQ/attachments").iterdir():
        path.unlink()
    assert door.attached(reader, act_id)[1] == FILE
    with pytest.raises(Refused, match="can read no act"):
        door.attached(door.officer("SY-reader"), act_id)
    with pytest.raises(Unavailable, match="does not give"):
        door.attached(door.officer("IQ-reader"), act_id)


def test_other_bytes_than_the_acts_are_refused(floor: tuple[Floor, Centre]) -> None:
    """An author's cell that gives something else is caught by the hash in the act."""
    door, centre = floor
    act_id = door.attach(door.officer("IQ-releaser"), FILE, FIELDS)
    row, _ = door.attached(door.officer("IQ-reader"), act_id)
    act: Any = row.act
    path = centre.directory / "cells/IQ/attachments" / act.digest
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(Untrusted, match="not those of the attachment"):
        door.attached(door.officer("RU-reader"), act_id)


@pytest.mark.parametrize(("data", "changes", "code"), [
    (b"", {}, "attachment.size"), (bytes(10 * 1024 * 1024 + 1), {}, "attachment.size"),
    (FILE, {"name": "../minutes.pdf"}, "attachment.name"), (FILE, {"name": ".hidden"}, "attachment.name"),
    (FILE, {"media_type": "text/html"}, "field.value"), (FILE, {"name": ""}, "text.empty")])
def test_bad_files_are_refused_in_one_sentence(floor: tuple[Floor, Centre], data: bytes, changes: dict[str, str],
                                               code: str) -> None:
    """Nothing is said, and the field at fault is named."""
    door, centre = floor
    size = centre.registrar.store.size
    with pytest.raises(Malformed) as refused:
        door.attach(door.officer("IQ-releaser"), data, FIELDS | changes)
    assert refused.value.code == code and refused.value.field and centre.registrar.store.size == size


def test_files_and_translations_stand_beside_their_act(floor: tuple[Floor, Centre]) -> None:
    """What belongs to an act is found by its id, by those who can read it."""
    door, centre = floor
    officer = door.officer("IQ-releaser")
    about = door.attach(officer, FILE, FIELDS)
    door.attach(officer, b"row,row\n", FIELDS | {"of": about, "name": "rows.csv", "media_type": "text/csv",
                                                 "release": ["IQ"]})
    door.say(officer, "translation", {"of": about, "title": None, "text": {"lang": "ru", "text": "Протокол"},
                                      "release": ["IQ", "RU"]})
    centre.run_until_quiet()
    files = {code: [row.title for row in door.files_of(door.officer(f"{code}-reader"), about)] for code in ("IQ", "RU")}
    assert files == {"IQ": ["Minutes"], "RU": []}
    assert [lang for lang, _ in centre.cells["RU"].registers.query("intelligence", "translations", of=about)] == ["ru"]
