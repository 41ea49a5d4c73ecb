"""Requests on the command line: asked, promised, consented to by two officers, begun; what is refused on the way."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

import tansiq.run as wiring
from tansiq.desks import DESKS
from tansiq.doors.cli import build_cli

CHARTER = Path(__file__).resolve().parents[2] / "charters/baghdad.toml"
SPAN = ("2015-10-08T00:00Z", "2015-10-09T00:00Z")


class Line:
    """The command line over one centre of the story's time."""

    def __init__(self, data: Path) -> None:
        self.app, self.data = build_cli(DESKS, wiring), ["--data", str(data)]
        made = self.run("init", "--charter", str(CHARTER), "--clock", "2015-10-07T09:30Z")
        assert made.exit_code == 0, made.output

    def run(self, *words: str) -> Result:
        """Run one command."""
        return CliRunner().invoke(self.app, [*words, *self.data])

    def say(self, cell: str, kind: str, *more: str, **fields: str) -> Result:
        """Say an act of the support desk."""
        given = [word for name, value in fields.items() for word in ("--field", f"{name}={value}")]
        return self.run("say", "support", kind, "--cell", cell, *given, *more)


def test_a_request_from_asking_to_beginning(tmp_path: Path) -> None:
    """Every step on the way is said by the office that may; a step without consent names the article."""
    line = Line(tmp_path / "data")
    asked = line.say("IQ", "request", "--release", "IQ,RU", title="Tents", lang="en", support="logistics",
                     asked_of="RU", purpose="Exercise", answer_by=SPAN[0], needed_from=SPAN[0], needed_until=SPAN[1],
                     place="33.2157 44.2668", duration_days="2")
    assert asked.exit_code == 0, asked.output
    act = asked.output.split()[-1]
    assert line.say("RU", "promise", lang="en", text="Exercise: yes", refers=act).exit_code == 0
    step = {"lang": "en", "phase": "delivery", "text": "Exercise", "begins": SPAN[0], "ends": SPAN[1],
            "place": "33.2157 44.2668", "refers": act}
    refused = line.say("RU", "step", "--json", **step)
    assert refused.exit_code == 1 and json.loads(refused.stdout)["code"] == "support.consent.none"
    consent = line.say("IQ", "consent", lang="en", performers="RU", phases="delivery", valid_from=SPAN[0],
                       valid_until=SPAN[1], place="circle 33.2157 44.2668; 3 km", checkpoint_minutes="60", refers=act)
    assert consent.exit_code == 0, consent.output
    given = consent.output.split()[-1]
    assert line.say("IQ", "confirmation", "--officer", "IQ-consenter", refers=given).exit_code == 1
    assert line.say("IQ", "confirmation", "--officer", "IQ-second", refers=given).exit_code == 0
    begun = line.say("RU", "step", **step)
    assert begun.exit_code == 0, begun.output
    listed = line.run("request", "list", "--cell", "RU")
    assert "under_way" in listed.output and "Tents" in listed.output and "33.2" not in listed.output
    shown = line.run("request", "show", act, "--cell", "RU")
    assert shown.output.startswith("Under way; RU is doing it.") and "IQ has consented." in shown.output
    told = json.loads(line.run("request", "show", act, "--cell", "IQ", "--json").stdout)
    assert told["state"] == "under_way" and told["terms"][0]["place"] is None
    assert line.run("request", "list", "--cell", "RU", "--standing", "perhaps").exit_code == 1
