"""Sightings as files, over a real centre: imported, shown as GeoJSON, and imported again by another member."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

import tansiq.run as wiring
from tansiq.desks import DESKS
from tansiq.doors.cli import build_cli

CHARTER = Path(__file__).resolve().parents[2] / "charters/baghdad.toml"
COUNT = 700


@pytest.fixture(name="run")
def _run(tmp_path: Path) -> Any:
    app, data = build_cli(DESKS, wiring), str(tmp_path / "data")

    def run(cell: str, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--data", data, "--cell", cell])

    assert CliRunner().invoke(app, ["init", "--charter", str(CHARTER), "--data", data]).exit_code == 0
    return run


def points(path: Path) -> Path:
    """A file of points, one of them bad."""
    made = [{"type": "Feature", "id": n, "geometry": {"type": "Point", "coordinates": [41 + n / 1e4, 34.5]},
             "properties": {"what": f"شاحنة {n}", "seen_at": "2015-10-30T05:00:00Z", "track": f"T{n % 9}",
                            "means": "camera"}} for n in range(COUNT)]
    made[5]["properties"]["sidc"] = "no code"  # type: ignore[index]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}), encoding="utf-8")
    return path


def test_a_file_of_points_becomes_a_picture_and_a_file_again(run: Any, tmp_path: Path) -> None:
    """Hundreds of rows are said as few acts, one bad row is told, a second run says nothing, and what another member
    gets out of its own picture it can take in elsewhere."""
    file = points(tmp_path / "points.geojson")
    said = run("IQ", "import", "--release", "IQ,RU", "--kind", "sighting", "--text-lang", "ar", "--json", str(file))
    outcome = json.loads(said.stdout)
    assert outcome["said"] == COUNT - 1 and outcome["skipped"] == 0
    assert [(row["line"], row["column"]) for row in outcome["bad"]] == [(6, "sidc")]
    assert len(json.loads(run("IQ", "acts", "--kind", "sighting", "--json").stdout)) < 6
    again = run("IQ", "import", "--release", "IQ,RU", "--kind", "sighting", "--text-lang", "ar", str(file))
    assert f"said 0, skipped {COUNT - 1}, bad 1" in again.stdout

    out = run("RU", "show", "reconnaissance", "geojson", "--param", "at=2015-10-30T06:00Z")
    assert len(json.loads(out.stdout)["features"]) == COUNT - 1
    file.write_text(out.stdout, encoding="utf-8")
    taken = run("RU", "import", "--release", "RU,SY", "--kind", "sighting", "--json", str(file))
    assert json.loads(taken.stdout) == {"said": COUNT - 1, "skipped": 0, "bad": []}
    assert json.loads(run("SY", "show", "reconnaissance", "track", "--param", "name=T3").stdout)["sentence"]["fields"][
        "count"] == len(range(3, COUNT, 9))


def test_what_a_view_cannot_be_asked_is_one_sentence(run: Any) -> None:
    """A bad box, hour or instant is refused at its parameter."""
    for param, field in (("box=1,2,3", "box"), ("hours=0", "hours"), ("at=noon", "at"), ("known=x", "known")):
        answer = run("IQ", "show", "reconnaissance", "picture", "--param", param)
        assert answer.exit_code != 0 and json.loads(answer.stdout)["field"] == field, answer.stdout
