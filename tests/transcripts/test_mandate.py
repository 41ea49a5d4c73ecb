"""The registrar is lost: what one types until another is in force, on a directory and through a server."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import tansiq.run
from tansiq.desks import DESKS
from tansiq.doors.cli import build_cli

REPORTS = Path(__file__).parents[2] / "docs" / "start-reports.csv"
CHARTER = Path(__file__).parents[2] / "charters" / "baghdad.toml"


class Line:
    """The command line on one directory, in this process."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._app = build_cli(DESKS, tansiq.run)

    def run(self, *words: str) -> Any:
        """Run a command with the directory's option."""
        return CliRunner().invoke(self._app, [*words, "--data", str(self.data)])

    def told(self, *words: str) -> Any:
        """What a command prints as JSON, where it is done."""
        done = self.run(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


@pytest.fixture(name="line")
def _line(tmp_path: Path) -> Line:
    line = Line(tmp_path / "trial")
    assert line.run("init", "--charter", str(CHARTER)).exit_code == 0
    done = line.run("import", "--cell", "IQ", "--release", "IQ,RU", str(REPORTS))
    assert done.exit_code == 0, done.output
    return line


def test_a_lost_registrar_is_replaced_from_the_command_line(line: Line) -> None:
    """Draw, three promises, enforce: the journal verifies again, and what was said is there and settled."""
    before = line.told("reports", "--cell", "RU")
    shutil.rmtree(line.data / "registrar")
    lost = line.run("journal", "verify")
    assert lost.exit_code == 1 and "No registrar lies here" in lost.output
    assert line.told("reports", "--cell", "RU") == before and before
    drawn = line.told("mandate", "draw")
    assert drawn["version"] == 2 and line.told("mandate", "draw") == drawn
    for code in ("IQ", "SY"):
        note = line.run("mandate", "promise", "--cell", code).stdout
        assert note.startswith("tansiq-promise/v1\n") and line.run("mandate", "promise", "--cell", code).stdout == note
    shown = line.run("mandate", "show").stdout
    assert "registrar absent" in shown and "awaited     IR, RU" in shown
    few = line.run("mandate", "enforce")
    assert few.exit_code == 1 and "needs the promises of 3" in few.output
    line.told("mandate", "promise", "--cell", "RU")
    assert line.told("mandate", "enforce")["in_force"] == 2
    verified = line.told("journal", "verify")
    assert verified["settled"] == verified["entries"] and set(verified["cosigners"]) == {"IQ", "SY", "IR", "RU"}
    assert line.told("reports", "--cell", "RU") == before and before


def test_a_registrar_is_handed_over_and_misuse_is_said(line: Line) -> None:
    """With nothing lost the one before is kept beside; a promise before a drawing, or by nobody here, is refused."""
    early = line.run("mandate", "promise", "--cell", "IQ")
    assert early.exit_code == 1 and "draw its key first" in early.output
    line.told("mandate", "draw")
    assert line.run("mandate", "promise", "--cell", "XX").exit_code == 1
    for code in ("IQ", "SY", "IR", "RU"):
        line.told("mandate", "promise", "--cell", code)
    assert line.run("mandate", "enforce", "--carrier", "XX").exit_code == 1
    assert line.run("mandate", "enforce", "--carrier", "SY").exit_code == 0
    assert (line.data / "registrar.before-2").is_dir() and line.told("mandate", "show")["drawn"] is None
