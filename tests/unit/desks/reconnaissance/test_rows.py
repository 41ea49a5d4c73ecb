"""Sightings from files: many rows to an act, bad rows named, and what goes out comes in again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tansiq.cell.registers import Registers
from tansiq.desks import catalogue
from tansiq.desks.importing import BadRow, Row, read_rows
from tansiq.desks.reconnaissance import DESK
from tansiq.desks.reconnaissance import picture as of
from tansiq.desks.reconnaissance.register import Window
from tests.unit.desks.reconnaissance.making import scattered, seen, sighting
from tests.unit.registers.making import HEAD, OCTOBER_7, entry, folded

FORM = DESK.form("sighting")


def feature(**properties: Any) -> dict[str, Any]:
    """A GeoJSON feature near Al-Qa'im."""
    told = {"what": "Lorry", "seen_at": "2015-10-07T05:40:00Z", "means": "post", **properties}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [41.09, 34.37]}, "properties": told}


def write(path: Path, *features: dict[str, Any]) -> Path:
    """A GeoJSON file of these features."""
    file = path / "sightings.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return file


def test_rows_become_batches_and_a_bad_row_costs_itself_alone(tmp_path: Path) -> None:
    """Rows of one means and grade go into one act; the row at fault is told by its number and column."""
    file = write(tmp_path, feature(track="T1"), feature(sidc="SF"), feature(), feature(means="camera"))
    rows = list(read_rows(file, None, DESK, kind="sighting", defaults={"lang": "en"}))
    bad = [row for row in rows if isinstance(row, BadRow)]
    assert [(row.line, row.column) for row in bad] == [(2, "sidc")]
    assert FORM.rows is not None
    acts = FORM.rows.gather([row.fields for row in rows if isinstance(row, Row)])
    assert [(act["means"], len(act["sightings"])) for act in acts] == [("post", 2), ("camera", 1)]
    assert acts[0]["title"] == {"lang": "en", "text": "Lorry"}


def test_long_files_are_cut_where_an_act_is_full() -> None:
    """No act is larger than an act may be, and no sighting is lost, whatever the script of its words."""
    one = {"what": {"lang": "ar", "text": "شاحنات" * 20}, "seen_at": OCTOBER_7, "sidc": None, "track": None,
           "place": {"lat": 1, "lon": 1, "accuracy_m": None}, "means": "post", "source_reliability": "B",
           "information_credibility": "2"}
    assert FORM.rows is not None
    acts = FORM.rows.gather([{**one, "external_id": f"row-{n}"} for n in range(1_000)])
    assert [seen["external_id"] for act in acts for seen in act["sightings"]] == [f"row-{n}" for n in range(1_000)]
    for act in acts:
        head = {**HEAD, "kind": "sighting"}
        catalogue().write(msgspec.convert({**head, **act}, FORM.kind.type))


@pytest.fixture(name="registers")
def _registers(tmp_path: Path) -> Any:
    made = folded(tmp_path, entry(0, sighting(*scattered(40, seed=3, tracks=4), seen(sidc="SFGPU----------"))))
    yield made
    made.close()


def test_what_goes_out_as_geojson_comes_in_again(registers: Registers, tmp_path: Path) -> None:
    """Every sighting of the picture, with place, time, code, track, means and grade, is read back the same."""
    rows = registers.query("reconnaissance", "sightings", window=Window(since=0, until=OCTOBER_7 * 2))
    given = of.Collection(more=False, features=tuple(of.located(rows)))
    file = tmp_path / "out.geojson"
    file.write_bytes(msgspec.json.encode(given))
    again = list(read_rows(file, None, DESK, kind="sighting"))
    assert FORM.rows is not None
    assert all(isinstance(row, Row) for row in again), again
    acts = FORM.rows.gather([row.fields for row in again if isinstance(row, Row)])
    read = [(one["seen_at"], one["place"]["lat"], one["place"]["lon"], one["place"]["accuracy_m"], one["what"],
             one["sidc"], one["track"], act["means"], act["source_reliability"] + act["information_credibility"])
            for act in acts for one in act["sightings"]]
    assert read == [(row.seen_at, row.lat, row.lon, row.accuracy_m, row.what, row.sidc, row.track, row.means, row.grade)
                    for row in rows]
