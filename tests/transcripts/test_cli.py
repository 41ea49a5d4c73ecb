"""The command line as scripts use it: what is printed, and with which exit status."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from socket import socket
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from tansiq.cell.desk import Desk
from tansiq.charter import parse_charter
from tansiq.desks import DESKS
from tansiq.doors.cli import build_cli
from tansiq.doors.cli.directory import Server, announce, hold, server_of
from tansiq.doors.cli.frame import EXIT, language_of
from tansiq.errors import FAMILIES, Conflict
from tansiq.office import Office, demonstration_officers
from tests.doors.trial import TRIAL, MemoryCentre

ROOT = Path(__file__).resolve().parents[2]
CHARTER = ROOT / "charters/baghdad.toml"


class MemoryWiring:
    """What run.py does, over a centre of memory that outlives each command."""

    def __init__(self) -> None:
        self.centre: MemoryCentre | None = None

    def lay_demonstration(self, folder: Path, directory: Path) -> int | None:
        """There is nothing to play in memory."""
        return None

    def found(self, charter_text: str, directory: Path, *, at_ms: int | None = None,
              beside: Path | None = None) -> None:
        """Found it."""
        self.centre = MemoryCentre(parse_charter(charter_text))

    def open_centre(self, directory: Path, desks: Sequence[Desk]) -> Any:
        """Open it."""
        return self.centre

    def open_offices(self, centre: Any) -> dict[str, Any]:
        """An office for each cell."""
        offices = {}
        for code, officers in demonstration_officers(centre.charter).items():
            offices[code] = Office.open(Path(self.folder) / f"{code}.db", clock=lambda: 0)
            offices[code].enrol(officers)
        return offices

    def serve(self, directory: Path, desks: Sequence[Desk], *, listening: socket, token: str, **_: Any) -> None:
        """See that the note stands while it serves."""
        assert server_of(directory) == Server(listening.getsockname()[1], token)

    folder = ""


class Line:
    """A command line over one data directory."""

    def __init__(self, folder: Path, *desks: Desk) -> None:
        self.wiring = MemoryWiring()
        self.wiring.folder = str(folder)
        self.data = folder / "data"
        self.app = build_cli((TRIAL, *desks), self.wiring)

    def run(self, *words: str, data: bool = True) -> Result:
        """Run one command."""
        return CliRunner().invoke(self.app, [*words, *(("--data", str(self.data)) if data else ())])


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """A founded centre."""
    made = Line(tmp_path)
    assert made.run("init", "--charter", str(CHARTER)).exit_code == 0
    return made


def test_the_table_of_exits_is_total() -> None:
    """Every family of failure has an exit status."""
    assert set(EXIT) == set(FAMILIES)


def test_the_language_of_messages_is_that_of_the_terminal() -> None:
    """LANG names it; C and nothing are English."""
    assert [language_of({"LANG": given}) for given in ("ar_IQ.UTF-8", "fa", "C", "")] == ["ar", "fa", "en", "en"]


def test_a_desk_of_the_tests_can_be_said_and_listed(line: Line) -> None:
    """A desk that the package does not know has its command, and what is said with it is listed."""
    code = sorted(line.wiring.centre.cells)[0]  # type: ignore[union-attr]
    said = line.run("say", "trial", "greeting", "--cell", code, "--release", code, "--field", "words=peace", "--json")
    assert said.exit_code == 0, said.output
    listed = line.run("acts", "--cell", code, "--desk", "trial", "--json")
    assert [act["id"] for act in json.loads(listed.stdout)] == [json.loads(said.stdout)["id"]]
    assert json.loads(line.run("receipt", f"{code} 1", "--cell", code, "--json").stdout)["state"] == "settled"
    assert "peace" in line.run("acts", "--cell", code).stdout
    assert "words" in line.run("say", "trial", "greeting", "--help", data=False).stdout


@pytest.mark.parametrize(("words", "status"), [
    (("acts", "--cell", "CELL", "--box", "1,2"), 2), (("acts", "--cell", "CELL", "--after", "soon"), 2),
    (("acts",), 2), (("fly",), 2), (("acts", "--cell", "NOBODY"), 1), (("receipt", "X 9", "--cell", "CELL"), 1),
    (("say", "trial", "greeting", "--cell", "CELL", "--field", "words"), 2), (("say", "nothing"), 2),
    (("acts", "--cell", "CELL", "--officer", "CELL-nobody"), 1),
])
def test_misuse_and_refusal_are_told_apart(line: Line, words: tuple[str, ...], status: int) -> None:
    """A wrong command line ends with 2, a refusal with 1, each with words on the error stream."""
    code = sorted(line.wiring.centre.cells)[0]  # type: ignore[union-attr]
    ended = line.run(*(word.replace("CELL", code) for word in words))
    assert ended.exit_code == status and ended.stderr and not ended.stdout


def test_a_journal_that_does_not_hold_ends_with_one(line: Line) -> None:
    """`journal verify` says what it proved, or ends with 1 and one sentence."""
    assert json.loads(line.run("journal", "verify", "--json").stdout) == {"size": 1}
    line.wiring.centre.sound = False  # type: ignore[union-attr]
    ended = line.run("journal", "verify")
    assert ended.exit_code == 1 and "does not hold" in ended.stderr


def test_every_command_prints_one_json_document(line: Line) -> None:
    """With --json the output is one document and nothing else."""
    code = sorted(line.wiring.centre.cells)[0]  # type: ignore[union-attr]
    for words in (("officers",), ("rebuild", "--cell", code), ("acts", "--cell", code), ("reports", "--cell", code)):
        ended = line.run(*words, "--json")
        assert ended.exit_code == 0, ended.output
        json.loads(ended.stdout)


def test_a_second_process_is_told_in_one_sentence(line: Line) -> None:
    """While another process holds the directory, a command ends with 1 and says so."""
    with hold(line.data):
        ended = line.run("officers")
        assert ended.exit_code == 1 and "Another process" in ended.stderr
        with pytest.raises(Conflict), hold(line.data):
            raise AssertionError("held twice")
    assert line.run("officers").exit_code == 0


def test_the_note_of_a_server_is_for_its_owner_alone(line: Line) -> None:
    """server.json is readable by its owner only, is gone after, and counts for nothing once the server is dead."""
    with hold(line.data), announce(line.data, Server(8400, "token")):
        assert (line.data / "server.json").stat().st_mode & 0o077 == 0
        assert server_of(line.data) == Server(8400, "token")
    assert server_of(line.data) is None
    (line.data / "server.json").write_text('{"port":1,"token":"left behind"}')
    assert server_of(line.data) is None
    assert line.run("officers").exit_code == 0


def test_serving_founds_where_nothing_is(tmp_path: Path) -> None:
    """`serve --charter` founds an empty directory and holds it while it serves."""
    made = Line(tmp_path)
    assert made.run("serve", "--charter", str(CHARTER), "--port", "8401").exit_code == 0
    assert made.wiring.centre is not None and not (made.data / "server.json").exists()


def test_a_charter_is_checked_without_a_directory(line: Line) -> None:
    """`charter check`, `show` and `terms` need the file alone."""
    assert line.run("charter", "check", str(CHARTER), data=False).exit_code == 0
    assert line.run("charter", "show", str(CHARTER), data=False).stdout
    listed = line.run("charter", "terms", str(CHARTER), "--count", "3", "--json", data=False)
    assert len(json.loads(listed.stdout)) == 3
    assert line.run("charter", "check", "/nowhere", data=False).exit_code == 1


def test_an_import_goes_on_after_a_bad_row_and_doubles_nothing(tmp_path: Path) -> None:
    """Good rows are said, a bad one is listed with its line, and a second run says nothing."""
    made = Line(tmp_path, *DESKS)
    made.run("init", "--charter", str(CHARTER))
    one, two = sorted(made.wiring.centre.cells)[:2]  # type: ignore[union-attr]
    file = tmp_path / "rows.csv"
    file.write_text("title,text,occurred_from,occurred_until,source_reliability,information_credibility,external_id\n"
                    "a,b,2015-10-07T09:30Z,2015-10-07T09:30Z,A,1,e1\nc,d,never,2015-10-07T09:30Z,A,1,e2\n"
                    "e,f,2015-10-07T09:30Z,2015-10-07T09:30Z,B,2,e3\n")
    words = ("import", "--cell", one, "--release", two, "--text-lang", "en", str(file), "--json")
    first = made.run(*words)
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout)
    assert (told["said"], told["skipped"], [row["line"] for row in told["bad"]]) == (2, 0, [3])
    again = json.loads(made.run(*words).stdout)
    assert (again["said"], again["skipped"], len(again["bad"])) == (0, 2, 1)
    rows = made.wiring.centre.cells[one].rows  # type: ignore[union-attr]
    assert [tuple(row["fields"]["release"]) for row in rows] == [(one, two)] * 2


def test_an_import_of_nothing_but_bad_rows_ends_with_one(tmp_path: Path) -> None:
    """Where no row could be said the status is 1; a file that cannot be read is refused in one sentence."""
    made = Line(tmp_path, *DESKS)
    made.run("init", "--charter", str(CHARTER))
    code = sorted(made.wiring.centre.cells)[0]  # type: ignore[union-attr]
    file = tmp_path / "rows.csv"
    file.write_text("title,text,occurred_from,occurred_until\na,b,never,never\n")
    assert made.run("import", "--cell", code, "--release", code, str(file)).exit_code == 1
    gone = made.run("import", "--cell", code, "--release", code, str(tmp_path / "gone.csv"))
    assert gone.exit_code == 1 and gone.stderr.count("\n") == 1


def test_an_import_with_a_mapping_says_what_the_mapping_says(tmp_path: Path) -> None:
    """The example of the guide reads points; a mapping that is absent, not UTF-8 or no TOML is one sentence."""
    made = Line(tmp_path, *DESKS)
    made.run("init", "--charter", str(CHARTER))
    code = sorted(made.wiring.centre.cells)[0]  # type: ignore[union-attr]
    file = tmp_path / "points.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "id": "p1", "geometry": {"type": "Point", "coordinates": [44.4, 33.3]},
         "properties": {"name": "A post", "note": None, "seen": "2015-10-07T09:30+03:00"}}]}))
    words = ("import", "--cell", code, "--release", code, str(file), "--json", "--mapping")
    told = made.run(*words, str(ROOT / "docs/guides/integrator/points.toml"))
    assert told.exit_code == 0 and json.loads(told.stdout)["said"] == 1, told.output
    said = made.wiring.centre.cells[code].rows[-1]["fields"]  # type: ignore[union-attr]
    assert (said["title"]["text"], said["text"]["text"]) == ("A post", "No text was given.")
    for name, content in (("gone.toml", None), ("latin.toml", b"desk = \"\xff\""), ("broken.toml", b"desk = ")):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        refused = made.run(*words, str(tmp_path / name))
        assert refused.exit_code == 1 and refused.stderr.count("\n") == 1, (name, refused.output)
