"""Evidence as it is typed, on a directory and through its server: written on one machine, checked on another with
nothing but two files."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import tansiq.run
from tansiq.desks import DESKS
from tansiq.doors.cli import build_cli
from tansiq.doors.cli.directory import server_of
from tansiq.merkle import signed
from tests.faults import making
from tests.transcripts.test_start import TANSIQ
from tests.vectors import evidence as vectors

ROOT = Path(__file__).parents[2]
ABSENCE = ("absence", "--from", "IQ", "--to", "RU", "--month", "2015-10")
SUPPORT = (*ABSENCE, "--desk", "support", "--kind", "request", "--topic", "air")
LEFT_OUT = "Left out of it"
MARKS = {"\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f"}
SERVING_S = 60


class Line:
    """The command line on one directory, in this process; what is written lies beside it."""

    def __init__(self, folder: Path) -> None:
        self.data, self.folder, self.public = folder / "trial", folder, folder / "public.json"
        self._app = build_cli(DESKS, tansiq.run)
        self.forked = ""

    def run(self, *words: str, lang: str = "en") -> Any:
        """Run a command."""
        return CliRunner().invoke(self._app, ["--lang", lang, *words])

    def at(self, code: str, *words: str, lang: str = "en") -> Any:
        """Run a command at a member's cell."""
        return self.run(*words, "--data", str(self.data), "--cell", code, lang=lang)

    def file(self) -> Path:
        """A name for a file that is not there yet."""
        return self.folder / f"{len(list(self.folder.iterdir()))}.json"

    def written(self, code: str, *words: str) -> Path:
        """Have a file written."""
        file = self.file()
        done = self.at(code, *words, "--output", str(file))
        assert done.exit_code == 0 and f"Written to {file}" in done.output, done.output
        return file

    def refused(self, code: str, *words: str, status: int = 1) -> str:
        """Ask for a file that is not written; the sentence that says why."""
        file = self.file()
        done = self.at(code, *words, "--output", str(file))
        assert done.exit_code == status and not file.exists(), done.output
        return str(done.stderr)

    def verify(self, file: Path, *words: str, lang: str = "en", charter: Path | None = None) -> Any:
        """Check a file against the public part, with no directory."""
        return self.run("verify", "--charter", str(charter or self.public), str(file), *words, lang=lang)

    def keep(self, text: str) -> Path:
        """Write a file."""
        file = self.file()
        file.write_text(text, "utf-8")
        return file

    def act(self, code: str = "IQ", title: str | None = None) -> str:
        """An act that a member can read: the newest report, or the one with a title."""
        listed = json.loads(self.at(code, "reports", "--json").stdout)
        return next(str(one["id"]) for one in listed if title in (None, one["title"]))


def _found(line: Line) -> None:
    """Found a trial, import reports, leave a reader out of one, and keep a checkpoint that the journal denies."""
    founded = line.run("init", "--charter", str(ROOT / "charters/baghdad.toml"), "--data", str(line.data), "--clock",
                       "2015-10-07T09:30Z")
    assert founded.exit_code == 0, founded.output
    done = line.at("IQ", "import", "--release", "IQ,RU", str(ROOT / "docs/start-reports.csv"))
    assert done.exit_code == 0, done.output
    centre = tansiq.run.open_centre(line.data)
    iraq = centre.cells["IQ"]
    act = making.salted(making.composed(iraq, LEFT_OUT, release=("IQ", "RU", "SY")))
    making.order(centre, making.forge(iraq, [act], ["IQ", "RU"]))
    head = signed.parse_checkpoint(signed.parse_note(centre.registrar.head().note).text)
    text = signed.Checkpoint(head.origin, head.size, bytes(32)).text
    line.forked = signed.write_note(signed.Note(text, (signed.sign_text(text, head.origin, centre.registrar._key),
                                                       ))).decode()
    centre.stop()
    exported = line.run("charter", "export", "--data", str(line.data), "--output", str(line.public))
    assert exported.exit_code == 0, exported.output


@pytest.fixture(scope="module", name="line", params=["directory", "server"])
def _line(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    line = Line(tmp_path_factory.mktemp("evidence"))
    _found(line)
    if request.param == "directory":
        yield line
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    server = subprocess.Popen([*TANSIQ, "serve", "--data", str(line.data), "--port", port], cwd=ROOT,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        ends = time.monotonic() + SERVING_S
        while server_of(line.data) is None or line.at("IQ", "acts").exit_code != 0:
            assert server.poll() is None and time.monotonic() < ends, "the server does not answer"
            time.sleep(0.1)
        yield line
    finally:
        server.terminate()
        server.wait(SERVING_S)


@pytest.mark.parametrize("words", [("receipt",), ("disclose",), ("disclose", "--label-only")])
def test_what_an_act_gives_is_proved_far_away(line: Line, words: tuple[str, ...]) -> None:
    """Exit status 0, what is proved, and what is not; the same as JSON; a file with one byte changed proves nothing."""
    file = line.written("IQ", words[0], line.act(), *words[1:])
    told = line.verify(file)
    assert told.exit_code == 0 and "What it does not prove:" in told.output and "IQ" in told.output
    as_json = json.loads(line.verify(file, "--json").stdout)
    assert as_json["proved"] is True and as_json["sentence"] == told.output.split("\n")[0] and as_json["not_proved"]
    file.write_bytes(file.read_bytes().replace(b'"seen":[', b'"seen": [', 1))
    failed = line.verify(file, "--json")
    assert failed.exit_code == 1 and json.loads(failed.stdout)["code"] == "json.canonical" and failed.stderr


def test_an_absence_is_proved_and_a_presence_is_said(line: Line) -> None:
    """Either side writes it; where something of the sort was said no file is written, and the sentence says where."""
    for code in ("IQ", "RU"):
        told = line.verify(line.written(code, *SUPPORT))
        assert told.exit_code == 0 and "nothing of the kind request about Air support" in told.output
    assert "IQ said such an act to RU in its entry" in line.refused("IQ", *ABSENCE, "--desk", "intelligence")
    assert "Only IQ or RU can show this" in line.refused("SY", *ABSENCE, "--desk", "support")
    assert "A month is written 2015-10" in line.refused("IQ", *ABSENCE[:-1], "October", "--desk", "support")
    line.refused("IQ", *ABSENCE, status=2)


def test_a_partner_writes_what_it_can(line: Line) -> None:
    """Of itself; of a member that never named it there is nothing to show, and the sentence says who can."""
    own = ("absence", "--from", "CJTF", "--to", "IQ", "--month", "2015-10", "--desk", "airspace")
    assert line.verify(line.written("CJTF", *own)).exit_code == 0
    asked = ("absence", "--from", "IQ", "--to", "CJTF", "--month", "2015-10", "--desk", "airspace")
    assert "IQ itself can show this, from all of them" in line.refused("CJTF", *asked)
    assert line.verify(line.written("IQ", *asked)).exit_code == 0


@pytest.mark.parametrize(("lang", "word"), [("ar", "لا يقول"), ("fa", "ثابت نمی‌کند"), ("ru", "не доказывает"),
                                            ("en", "does not prove")])
def test_the_answer_is_in_the_reader_s_language(line: Line, lang: str, word: str) -> None:
    """Before the command or after it, proved or not; on a terminal no marks of direction stand in it."""
    file = line.written("IQ", *ABSENCE, "--desk", "press")
    for told in (line.verify(file, lang=lang), line.verify(file, "--lang", lang)):
        assert told.exit_code == 0 and word in told.output and not {*told.output} & MARKS
    file.write_bytes(file.read_bytes()[:-1])
    failed = line.verify(file, "--lang", lang)
    assert failed.exit_code == 1 and failed.stderr and not failed.stdout and not {*failed.stderr} & MARKS
    assert (failed.stderr == line.verify(file).stderr) is (lang == "en")


def test_another_s_act_leaves_with_a_reason(line: Line) -> None:
    """The handling asks for its author's leave; going against it is said, and recorded by name."""
    act = line.act("RU")
    assert "its author's leave is needed" in line.refused("RU", "disclose", act)
    assert line.verify(line.written("RU", "disclose", act, "--override", "A court asked for it.")).exit_code == 0
    assert "can read no act" in line.refused("SY", "disclose", act, "--override", "A court asked for it.")


def test_who_was_left_out_takes_the_act_in_and_convicts_its_author(line: Line) -> None:
    """Another reader's disclosure: it is folded once, and proves what was done; nobody else folds it."""
    file = str(line.written("RU", "disclose", line.act("RU", LEFT_OUT), "--override", "SY was left out."))
    outsider = line.at("IR", "fold", file)
    assert outsider.exit_code == 1 and "does not name IR" in outsider.stderr
    folded, again = line.at("SY", "fold", file, "--json"), line.at("SY", "fold", file)
    assert folded.exit_code == 0 and json.loads(folded.stdout) == {"id": line.act("SY", LEFT_OUT), "folded": True}
    assert again.exit_code == 0 and "was here already" in again.output
    convicted = line.verify(line.written("SY", "conviction", "misaddressed", "--disclosure", file))
    assert convicted.exit_code == 0 and "did not address it to Syria" in convicted.output


def test_what_convicts_nobody_says_so(line: Line) -> None:
    """A checkpoint that the journal bears out, an entry that opens, what is no entry; and a registrar that lied."""
    text, _, lines = json.loads(line.public.read_text("utf-8"))["checkpoint"].partition("\n\n")
    honest = line.keep(f"{text}\n\n{lines.split(chr(10))[0]}\n")
    assert "nobody is convicted" in line.refused("RU", "conviction", "registrar", "--note", str(honest))
    assert "opens as it must" in line.refused("RU", "conviction", "misaddressed", "--entry", "IQ 4")
    assert "IQ has no entry 99" in line.refused("RU", "conviction", "misaddressed", "--entry", "IQ 99")
    assert "is not open to SY" in line.refused("SY", "conviction", "misaddressed", "--entry", "IQ 4")
    line.refused("RU", "conviction", "misaddressed", "--entry", "IQ seven", status=2)
    forked = line.verify(line.written("RU", "conviction", "registrar", "--note", str(line.keep(line.forked))))
    assert forked.exit_code == 0 and "signed two journals" in forked.output


def test_convictions_from_two_files_need_no_directory(line: Line) -> None:
    """Two promises of one member, two settled receipts of one number; of what agrees no file is made."""
    public = line.keep(vectors.text_of_file(vectors.public_part()))
    branch = vectors.branched()
    made = {"member": (vectors.promise(), vectors.promise("other")), "author": (
        vectors.text_of_file(vectors.receipt(vectors.MAPS)),
        vectors.text_of_file(vectors.receipt(vectors.MAPS, size=branch.size, log=branch)))}
    for who, (first, second) in made.items():
        one, two, file = str(line.keep(first)), str(line.keep(second)), line.file()
        words = ("conviction", who, "--charter", str(public), "--first", one, "--output", str(file), "--second")
        same = line.run(*words, one)
        assert same.exit_code == 1 and not file.exists(), same.output
        done = line.run(*words, two)
        assert done.exit_code == 0 and line.verify(file, charter=public).exit_code == 0, done.output


def test_a_file_that_is_none_is_refused(line: Line) -> None:
    """The public part itself, another centre's, no file at all, a public part that is none; 2 where it is misused."""
    vector = line.keep(vectors.text_of_file(vectors.receipt(vectors.MAPS)))
    for file, why in ((line.public, "public part"), (line.folder / "none.json", "cannot be read"),
                      (vector, "The file speaks of the centre")):
        refused = line.verify(file)
        assert refused.exit_code == 1 and why in refused.stderr, refused.output
    assert line.verify(vector, charter=vector).exit_code == 1
    assert line.run("verify", str(vector)).exit_code == 2
    assert line.run("charter", "export", "--data", str(line.folder / "nothing"), "--output", "x").exit_code == 1


@pytest.mark.parametrize(("what", "why"), [
    ("a random tag secret", "tag secret"), ("a gap in the middle", "is not there"),
    ("an undisclosed label", "its labels are not shown"), ("an open entry left out", "is not whole"),
    ("a partner's entry left out of its count", "is not the next one that names"),
    ("a checkpoint that is not settled", "No quorum has signed"), ("a false W", "wrap secret is not the one"),
    ("a clock stalled in last month", "is dated too far"), ("something of the sort was said", "said such an act")])
def test_a_forged_file_ends_with_the_reason(line: Line, what: str, why: str) -> None:
    """Exit status 1, one sentence, and nothing else."""
    forged = next(one["file"] for one in vectors.vectors() if one["what"] == what)
    public = line.keep(vectors.text_of_file(vectors.public_part()))
    refused = line.verify(line.keep(forged), charter=public)
    assert refused.exit_code == 1 and why in refused.stderr and refused.stderr.count("\n") == 1 and not refused.stdout


def test_who_checks_a_file_loads_no_centre(line: Line) -> None:
    """The program itself: proved, and no desk, no cell and nothing of what serves a centre was loaded for it."""
    file = line.written("IQ", *SUPPORT)
    asked = ["verify", "--charter", str(line.public), str(file)]
    script = ("import atexit, sys; from tansiq.doors.cli import main; sys.argv = ['tansiq', *sys.argv[1:]]; "
              "needless = {'tansiq.run', 'tansiq.cell', 'tansiq.desks', 'tansiq.doors.floor', 'tansiq.office', "
              "'httpx', 'shapely', 'pyproj', 'rich.progress'}; "
              "atexit.register(lambda: print(needless & {*sys.modules})); main()")
    done = subprocess.run([TANSIQ[0], "-c", script, *asked], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.endswith("set()\n"), done.stdout + done.stderr


def test_an_outsider_s_second_program_agrees(line: Line) -> None:
    """The second verifier, on the same two files: status 0 where it is proved, 1 and a reason where it is not."""
    file = line.written("IQ", *SUPPORT)
    command = [TANSIQ[0], str(ROOT / "tools/verify_evidence.py"), str(line.public), str(file)]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == "Proved.\n"
    file.write_text(file.read_text("utf-8").replace('"air"', '"maps"'), "utf-8")
    failed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert failed.returncode == 1 and failed.stderr.startswith("Not proved: ")
