"""The registrar is lost: what one types until another is in force, on a directory and through a server."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import tansiq.run
from tansiq.desks import DESKS
from tansiq.doors.cli import build_cli
from tests.transcripts.test_both_ways import serving

REPORTS = Path(__file__).parents[2] / "docs" / "start-reports.csv"
CHARTER = Path(__file__).parents[2] / "charters" / "baghdad.toml"
WITHIN_S = 60.0


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


    def require_settled(self) -> None:
        """Hold that the whole journal verifies and comes to be settled, cosigned by all four."""
        end = time.monotonic() + WITHIN_S
        while True:
            verified = self.told("journal", "verify")
            if verified["settled"] == verified["entries"] and len(verified["cosigners"]) == 4:
                return
            assert time.monotonic() < end, verified
            time.sleep(0.2)


@pytest.fixture(name="line")
def _line(tmp_path: Path) -> Line:
    line = Line(tmp_path / "trial")
    assert line.run("init", "--charter", str(CHARTER)).exit_code == 0
    done = line.run("import", "--cell", "IQ", "--release", "IQ,RU", str(REPORTS))
    assert done.exit_code == 0, done.output
    return line


@pytest.fixture(name="reached", params=["here", "through a server"])
def _reached(line: Line, request: pytest.FixtureRequest) -> Iterator[Callable[[], None]]:
    """How the directory is reached, from the call on: opened by each command, or through a server that has it open."""
    with ExitStack() as until:
        yield (lambda: until.enter_context(serving(line.data))) if request.param != "here" else lambda: None


def test_a_lost_registrar_is_replaced_from_the_command_line(line: Line, reached: Callable[[], None]) -> None:
    """Draw, three promises, enforce: the journal verifies again, and what was said is there and settled."""
    before = line.told("reports", "--cell", "RU")
    shutil.rmtree(line.data / "registrar")
    reached()
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
    line.require_settled()
    assert line.told("reports", "--cell", "RU") == before and before
    assert line.run("import", "--cell", "SY", "--release", "SY,RU", str(REPORTS)).exit_code == 0
    line.require_settled()
    assert len(line.told("reports", "--cell", "RU")) == 2 * len(before), "it goes on under the mandate"


def test_a_registrar_is_handed_over_and_misuse_is_said(line: Line, reached: Callable[[], None]) -> None:
    """With nothing lost the one before is kept beside; a promise before a drawing, or by nobody here, is refused."""
    reached()
    early = line.run("mandate", "promise", "--cell", "IQ")
    assert early.exit_code == 1 and "draw its key first" in early.output
    line.told("mandate", "draw")
    assert line.run("mandate", "promise", "--cell", "XX").exit_code == 1
    for code in ("IQ", "SY", "IR", "RU"):
        line.told("mandate", "promise", "--cell", code)
    assert line.run("mandate", "enforce", "--carrier", "XX").exit_code == 1
    assert line.run("mandate", "enforce", "--carrier", "SY").exit_code == 0
    assert (line.data / "registrar.before-2").is_dir() and line.told("mandate", "show")["drawn"] is None
    line.require_settled()


def test_promises_given_elsewhere_are_handed_in_as_files(line: Line, reached: Callable[[], None],
                                                         tmp_path: Path) -> None:
    """A promise is a note: one that lies in a file counts like one of a cell that is here; what is none is refused."""
    line.told("mandate", "draw")
    for code in ("IQ", "SY"):
        line.told("mandate", "promise", "--cell", code)
    (tmp_path / "RU.txt").write_text(line.run("mandate", "promise", "--cell", "RU").stdout, "utf-8")
    reached()
    (tmp_path / "no.txt").write_text("A word.\n", "utf-8")
    bad = line.run("mandate", "enforce", "--promise", str(tmp_path / "no.txt"))
    assert bad.exit_code == 1 and bad.stderr.count("\n") == 1 and "Traceback" not in bad.output
    assert line.run("mandate", "enforce", "--promise", str(tmp_path / "absent.txt")).exit_code == 1
    assert line.told("mandate", "enforce", "--promise", str(tmp_path / "RU.txt"))["in_force"] == 2
    given_up = line.told("mandate", "draw")
    assert given_up["version"] == 3
    line.told("mandate", "promise", "--cell", "IQ")
    again = line.told("mandate", "draw", "--again")
    assert again["version"] == 4 and again["key"] != given_up["key"]
    assert line.run("mandate", "draw", "--sideways").exit_code == 2
