"""Views and panels of a desk on the command line and in the API, over a real centre."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

import tansiq.run as wiring
from tansiq.desks import DESKS
from tansiq.doors.cli import build_cli
from tests.house import surface
from tests.trial_desk import DESK as TRIAL

CHARTER = Path(__file__).resolve().parents[2] / "charters/baghdad.toml"
SAID = ("station=Hit", "note=Rising.", "lang=en", "level_cm=540", "measured_at=2015-10-07T06:00Z", "place=33.64, 42.83")


def test_a_view_and_a_thread_are_shown_as_json(tmp_path: Path) -> None:
    """`show` prints what a desk's view gives, with its parameters; with --act, where a thread stands."""
    app, data = build_cli((*DESKS, TRIAL), wiring), ["--data", str(tmp_path / "data"), "--cell", "IQ"]
    assert CliRunner().invoke(app, ["init", "--charter", str(CHARTER), *data[:2]]).exit_code == 0
    fields = [word for field in SAID for word in ("--field", field)]
    said = CliRunner().invoke(app, ["say", "gauges", "reading", *data, "--release", "IQ,RU", *fields])
    assert said.exit_code == 0, said.output
    shown = CliRunner().invoke(app, ["show", "gauges", "levels", *data, "--param", "station=Hit"])
    assert json.loads(shown.stdout) == {"station": "Hit", "level_cm": 540}
    thread = CliRunner().invoke(app, ["show", "gauges", *data, "--act", said.output.split()[-1]])
    assert json.loads(thread.stdout)["sentence"]["fields"] == {"count": 1}
    wrong = CliRunner().invoke(app, ["show", "gauges", "none", *data])
    assert wrong.exit_code == 2 and json.loads(wrong.stdout)["code"] == "option.view"


def test_a_folder_of_steps_is_played(tmp_path: Path) -> None:
    """`play` says the steps at the time of their story; a folder without steps is refused and says so."""
    app, data = build_cli(DESKS, wiring), ["--data", str(tmp_path / "data")]
    assert CliRunner().invoke(app, ["init", "--charter", str(CHARTER), "--clock", "2015-09-26T06:00Z", *data]
                              ).exit_code == 0
    steps = CHARTER.parent / "baghdad.demonstration"
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "10.json").write_bytes((steps / "10-reports.json").read_bytes())
    played = CliRunner().invoke(app, ["play", *data, str(tmp_path / "part")])
    assert played.exit_code == 0 and "20 acts" in played.output, played.output
    listed = CliRunner().invoke(app, ["reports", *data, "--cell", "RU", "--json"])
    assert {act["time"] // 31_557_600_000 for act in json.loads(listed.stdout)} == {45}
    (tmp_path / "none").mkdir()
    assert CliRunner().invoke(app, ["play", *data, str(tmp_path / "none")]).exit_code == 1


def test_the_description_lists_what_a_view_takes_and_gives() -> None:
    """Each view has an address of its own whose parameters and fields stand in the description."""
    found = surface.endpoints((TRIAL,))
    assert found["GET /api/gauges/levels"] == {"takes": ["station"], "gives": ["level_cm", "station"]}
    assert found["GET /api/gauges/threads/{given}"] == {"takes": ["given"], "gives": ["fields", "sentence", "text"]}
