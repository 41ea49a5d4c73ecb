"""The registrar is lost: what one types until another is in force, on a directory and through a server."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

import tansiq.run
from tansiq.desks import DESKS
from tansiq.doors.cli import build_cli
from tansiq.doors.cli.directory import server_of
from tests.authenticator import ORIGIN, Passkey
from tests.signing import published, sign
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
        yield ((lambda: until.enter_context(serving(line.data, origin=ORIGIN))) if request.param != "here"
               else lambda: None)


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


ASKED = '\n[officers]\nassertion = ["mandate"]\n'
PASSKEYS = {code: Passkey(seed=seed) for seed, code in enumerate(("IQ", "SY", "RU"), start=1)}


@pytest.fixture(name="asking")
def _asking(line: Line, tmp_path: Path) -> Line:
    """A directory whose charter asks for a named officer behind each promise; three directors' passkeys are published
    and lie in their offices."""
    shutil.rmtree(line.data)
    (tmp_path / "asking.toml").write_text(CHARTER.read_text("utf-8") + ASKED, "utf-8")
    assert line.run("init", "--charter", str(tmp_path / "asking.toml")).exit_code == 0
    centre = tansiq.run.open_centre(line.data, DESKS)
    offices = tansiq.run.open_offices(centre)
    for code, passkey in PASSKEYS.items():
        officer, cell = f"{code}-director", centre.cells[code]
        offices[code].passkeys.add(officer, (passkey.id, passkey.public, 0), origin=ORIGIN)
        cell.say("credential", published(cell, passkey, officer, "director"), officer=f"{code}-administrator")
    centre.run_until_quiet()
    for office in offices.values():
        office.close()
    centre.stop()
    return line


def _decide(line: Line, code: str, drawn: dict[str, Any]) -> str:
    """Have a member's director sign that the drawn registrar is promised: at the cell here, or through its server."""
    fields = {"mandate": drawn["version"], "key": drawn["key"], "note": None, "release": ["IQ", "IR", "RU", "SY"]}
    officer, passkey, server = f"{code}-director", PASSKEYS[code], server_of(line.data)
    if server is None:
        centre = tansiq.run.open_centre(line.data, DESKS)
        act = centre.cells[code].draft("mandate", fields, officer=officer)
        name = centre.cells[code].say_signed(sign(act, passkey))
        centre.run_until_quiet()
        centre.stop()
        return name
    asking = httpx.Client(base_url=f"http://127.0.0.1:{server.port}", trust_env=False, timeout=WITHIN_S, headers={
        "Authorization": f"Bearer {server.token}", "Tansiq-Officer": officer})
    with asking as client:
        told = client.post("/api/chair/mandate/signing", json=fields)
        assert told.status_code == 201, told.text
        said = client.post("/api/signing", json={"answer": passkey.answer(told.json()["question"])})
        assert said.status_code == 201, said.text
        return str(said.json()["ids"][0])


def _until_shown(line: Line, code: str, named: dict[str, str | None]) -> None:
    """Hold that the page of the registrar comes to show these officers' acts at a cell, each proved, and no other."""
    end = time.monotonic() + WITHIN_S
    while True:
        shown = line.told("show", "chair", "registrar", "--cell", code)
        found = {one["member"]: one["act"] for one in shown["promises"]}
        if found == named:
            assert all(one["proved"] == (one["act"] is not None) for one in shown["promises"])
            return
        assert time.monotonic() < end, (found, named)
        time.sleep(0.2)


def test_a_named_officer_answers_for_each_promise_where_the_charter_asks_it(asking: Line,
                                                                            reached: Callable[[], None]) -> None:
    """With the registrar lost the promise is given unordered and owed; with nothing lost the decision comes first.
    Whoever looks, at any cell or at the whole directory, reads which officer answers, or that none does."""
    line, members = asking, ("IQ", "SY", "RU")
    shutil.rmtree(line.data / "registrar")
    reached()
    drawn = line.told("mandate", "draw")
    for code in members:
        early = line.run("mandate", "promise", "--cell", code)
        assert early.exit_code == 1 and early.stderr.count("\n") == 1 and "named officer's decision" in early.stderr
        note = line.run("mandate", "promise", "--cell", code, "--unordered")
        assert note.exit_code == 0 and note.stdout == line.run("mandate", "promise", "--cell", code).stdout
    line.told("mandate", "enforce")
    named: dict[str, str | None] = dict.fromkeys(members)
    for code in ("IQ", "IR", "RU", "SY"):
        _until_shown(line, code, named)
    assert "answers     IQ: no named officer\n" in line.run("mandate", "show").stdout
    for code in members[:2]:
        named[code] = _decide(line, code, drawn)
    for code in ("IQ", "IR", "RU", "SY"):
        _until_shown(line, code, named)
    shown = line.run("mandate", "show").stdout
    assert "answers     IQ: IQ-director, proved by its passkey\n" in shown and "RU: no named officer\n" in shown
    line.require_settled()
    after = line.told("mandate", "draw")
    named = {code: _decide(line, code, after) for code in members}
    end = time.monotonic() + WITHIN_S
    while {told["member"] for told in line.told("mandate", "show")["decided"]} != set(members):
        assert time.monotonic() < end
    assert "decided     SY: SY-director, proved by its passkey\n" in line.run("mandate", "show").stdout
    for code in members:
        line.told("mandate", "promise", "--cell", code)
    assert line.told("mandate", "enforce")["in_force"] == 3
    for code in ("IQ", "IR", "RU", "SY"):
        _until_shown(line, code, named)
    line.require_settled()
