"""Every command of the command line, on a directory with no server running and through the server of another: the same
exit status, the same failure, JSON of the same shape. A command that is added and not tried here fails a test."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import tansiq.run as wiring
from tansiq.desks import DESKS
from tansiq.doors.cli import build_cli
from tansiq.doors.cli.directory import server_of
from tests.transcripts.test_start import ROOT, TANSIQ

CHARTER = ROOT / "charters/baghdad.toml"
CLOCK = "2015-10-07T09:30Z"
SPAN = ("2015-10-08T00:00Z", "2015-10-09T00:00Z")
APP = build_cli(DESKS, wiring)
READY_S = 60


class Try(NamedTuple):
    """A command with its words, and how it ends. In the words FILES is a folder of the test's, ACT a report that IQ
    released to RU, REQUEST a request and ATTACHED an attachment."""

    words: str
    status: int = 0
    code: str = ""
    json: bool = True


TRIED: dict[str, Sequence[Try]] = {
    "officers": [Try("")],
    "enrol": [Try("IQ-drafter"), Try("nobody", 1, "officer.unknown")],
    "acts": [Try("--cell RU --text road --kind report"), Try("--cell XX", 1, "cell.absent"),
             Try("--cell RU --box 1,2", 2, "filter.box"), Try("--cell RU", json=False)],
    "reports": [Try("--cell RU"), Try("--cell SY --author IQ"), Try("--cell RU --after never", 2, "filter.instant")],
    "receipt": [Try("ACT --cell IQ"), Try("ACT --cell IQ --output FILES/receipt-again.json"), Try("IQ:99 --cell IQ", 1),
                Try("ACT --cell SY", 1, "act.absent")],
    "show": [Try("support requests --cell IQ"), Try("support --act REQUEST --cell RU"),
             Try("support nothing --cell IQ", 2, "option.view")],
    "attach": [Try("FILES/note.txt --cell IQ --release IQ,RU --title Exercise"),
               Try("FILES/absent.txt --cell IQ --release IQ --title Exercise", 1, "file.unreadable")],
    "fetch": [Try("ATTACHED --cell RU --output FILES/fetched.txt"), Try("ACT --cell RU --output FILES/no.txt", 1)],
    "disclose": [Try("ACT --cell IQ --output FILES/disclosed.json"),
                 Try("ACT --cell RU --output FILES/no.json", 1, "evidence.handling")],
    "absence": [Try("--cell IQ --from RU --to IQ --month 2015-10 --desk support --output FILES/absence.json"),
                Try("--cell IQ --from RU --to IQ --month never --desk support --output FILES/no.json", 1)],
    "fold": [Try("FILES/act.json --cell RU"), Try("FILES/act.json --cell SY", 1, "evidence.release"),
             Try("FILES/note.txt --cell RU", 1, "evidence.kind"), Try("FILES/act.json --cell RU", json=False)],
    "calendar": [Try("--cell IQ --output FILES/dates.ics"), Try("--cell IQ", json=False), Try("--cell XX", 1)],
    "document": [Try("chair --cell IQ", 2, "option.document"), Try("support requests --cell IQ", 1)],
    "import": [Try(f"{ROOT}/docs/start-reports.csv --cell IQ --release IQ,RU"),
               Try("FILES/note.txt --cell IQ --release IQ", 1)],
    "journal verify": [Try(""), Try("--cell RU"), Try("--cell XX", 1, "cell.absent")],
    "rebuild": [Try("--cell RU"), Try("--cell XX", 1, "cell.absent")],
    "charter export": [Try("--output FILES/public.json"), Try("--output FILES/no.json --cell XX", 1, "cell.absent")],
    "mandate show": [Try(""), Try("", json=False)],
    "mandate promise": [Try("--cell XX", 1, "cell.absent"), Try("--cell IQ"), Try("--cell IQ", json=False),
                        Try("--cell SY --unordered")],
    "mandate draw": [Try("")],
    "mandate enforce": [Try("", 1, "mandate.quorum"), Try("--promise FILES/note.txt", 1)],
    "play": [Try("FILES/story"), Try("FILES/none", 1, "demonstration"), Try("FILES/story", json=False)],
    "charter amend": [Try(f"{CHARTER} --output FILES/amended.json"),
                      Try(f"{CHARTER} --party nothing --output FILES/no.json", 2, "option.party"),
                      Try("FILES/note.txt --output FILES/no.json", 1)],
    "member suspend": [Try("RU --output FILES/suspended.json"), Try("XX --output FILES/no.json", 1,
                                                                    "instrument.party")],
    "member return": [Try("RU --output FILES/no.json", 1, "instrument.standing")],
    "keys replace": [Try("IQ FILES/keys --output FILES/replaced.json"),
                     Try("IQ FILES/none --output FILES/no.json", 1, "keys.public"),
                     Try("IQ FILES/keys --only all --output FILES/no.json", 2, "option.keys")],
    "instrument carry": [Try("FILES/instrument.json --cell IQ", 1, "instrument.missing.instead"),
                         Try("FILES/instrument.json --cell XX", 1, "cell.absent"),
                         Try("FILES/note.txt --cell IQ", 1, "instrument.file"),
                         Try("FILES/instrument.json --cell IQ --signature FILES/SY.json"),
                         Try("FILES/instrument.json --cell IQ", 1, "instrument.stale")],
    "conviction misaddressed": [Try("--cell RU --entry nothing --output FILES/no.json", 2, "option.entry"),
                                Try("--cell RU --disclosure FILES/note.txt --output FILES/no.json", 1)],
    "conviction registrar": [Try("--cell RU --note FILES/note.txt --output FILES/no.json", 1)],
    "request list": [Try("--cell IQ"), Try("--cell IQ --standing perhaps", 1), Try("--cell IQ", json=False)],
    "request show": [Try("REQUEST --cell RU"), Try("ACT --cell RU", 1, "act.desk.other"), Try("REQUEST --cell SY", 1),
                     Try("REQUEST --cell IQ", json=False)],
}
ALONE: dict[str, Sequence[Try]] = {
    "verify": [Try("FILES/receipt.json --charter FILES/public.json"),
               Try("FILES/note.txt --charter FILES/note.txt", 1)],
    "charter check": [Try(f"{CHARTER}"), Try("FILES/note.txt", 1)],
    "charter show": [Try(f"{CHARTER} --lang ar"), Try("FILES/note.txt", 1)],
    "charter terms": [Try(f"{CHARTER} --count 3")],
    "keys draw": [Try("FILES/more-keys"), Try("FILES/keys", 1, "keys.drawn")],
    "instrument show": [Try("FILES/instrument.json"), Try("FILES/note.txt", 1, "instrument.file")],
    "instrument sign": [Try("FILES/instrument.json --key FILES/SY.key --output FILES/signed.json"),
                        Try("FILES/instrument.json --key FILES/keys/state.json --output FILES/no.json", 1,
                            "instrument.key"),
                        Try("FILES/instrument.json --key FILES/note.txt --output FILES/no.json", 1, "keys.file")],
    "conviction member": [Try("--charter FILES/public.json --first FILES/note.txt --second FILES/note.txt --output "
                              "FILES/no.json", 1)],
    "conviction author": [Try("--charter FILES/public.json --first FILES/receipt.json --second FILES/receipt.json "
                              "--output FILES/no.json", 1)],
}
"""Commands that need no centre."""
NOT_BESIDE_A_SERVER = {"init": (f"--charter {CHARTER}", "is founded only once"),
                       "serve": ("--port 8499", "one server at a time")}
"""Commands that make the centre or serve it: a server that has it open keeps them out, and says why."""


def commands(found: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """All commands, as they are typed."""
    for name, one in getattr(found, "commands", {}).items():
        yield from commands(one, (*path, name))
    if not hasattr(found, "commands"):
        yield " ".join(path)


SAID = sorted(name for name in commands(get_command(APP)) if name.startswith("say "))


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    status: int
    out: bytes
    err: str

    @property
    def told(self) -> Any:
        """The one JSON document."""
        return json.loads(self.out)


class Ways:
    """Two copies of one centre, the second behind a server of its own process."""

    def __init__(self, here: Path, there: Path, files: Path) -> None:
        self.here, self.there, self.files = here, there, files
        self.names = {"FILES": str(files)}

    def run(self, command: str, words: str, data: Path | None, *, as_json: bool = True) -> Ended:
        """Run one command on a directory."""
        for name, value in self.names.items():
            words = words.replace(name, value)
        given = [*command.split(), *words.split(), *(["--json"] if as_json else []),
                 *(["--data", str(data)] if data else [])]
        done = CliRunner().invoke(APP, given)
        assert done.exception is None or isinstance(done.exception, SystemExit), (given, done.exception)
        return Ended(done.exit_code, done.stdout_bytes, done.stderr)

    def both(self, command: str, one: Try) -> tuple[Ended, Ended]:
        """Run it both ways."""
        here, there = (self.run(command, one.words, data, as_json=one.json) for data in (self.here, self.there))
        return here, there


def _prepare(ways: Ways) -> None:
    assert ways.run("init", f"--charter {CHARTER} --clock {CLOCK}", ways.here).status == 0
    (ways.files / "note.txt").write_text("A note.\n", "utf-8")
    (ways.files / "one.csv").write_text("title,text,occurred_from,occurred_until,external_id\n"
                                        "The road,Quiet.,2015-10-07T06:00Z,2015-10-07T06:00Z,one\n", "utf-8")
    assert ways.run("import", "FILES/one.csv --cell IQ --release IQ,RU --text-lang en", ways.here).told["said"] == 1
    ways.names["ACT"] = ways.run("reports", "--cell RU", ways.here).told[0]["id"]
    fields = {"title": "Tents", "lang": "en", "support": "logistics", "asked_of": "RU", "purpose": "Exercise",
              "answer_by": SPAN[0], "needed_from": SPAN[0], "needed_until": SPAN[1], "place": "33.2157,44.2668",
              "duration_days": "2"}
    given = " ".join(f"--field {name}={value}" for name, value in fields.items())
    asked = ways.run("say support request", f"--cell IQ --release IQ,RU {given}", ways.here)
    ways.names["REQUEST"] = asked.told["id"]
    ways.names["ATTACHED"] = ways.run("attach", "FILES/note.txt --cell IQ --release IQ,RU --title Note",
                                      ways.here).told["id"]
    assert ways.run("receipt", "ACT --cell IQ --output FILES/receipt.json", ways.here).status == 0
    assert ways.run("disclose", "ACT --cell IQ --output FILES/act.json", ways.here).status == 0
    assert ways.run("mandate draw", "", ways.here).told["version"] == 2
    assert ways.run("charter export", "--output FILES/public.json", ways.here).status == 0
    _prepare_instrument(ways)
    told = json.loads((ROOT / "charters/baghdad.demonstration/10-reports.json").read_text("utf-8"))
    for name, steps in (("story", told[:1]), ("none", [])):
        (ways.files / name).mkdir()
        (ways.files / name / "1.json").write_text(json.dumps(steps), "utf-8")


def _prepare_instrument(ways: Ways) -> None:
    """Another state key for SY, and the signature of the one that it has."""
    assert ways.run("keys draw", "FILES/keys", None).status == 0
    assert ways.run("keys replace", "SY FILES/keys --only state --output FILES/instrument.json", ways.here).status == 0
    shutil.copy(ways.here / "cells" / "SY" / "keys.json", ways.files / "SY.key")
    done = ways.run("instrument sign", "FILES/instrument.json --key FILES/SY.key --output FILES/SY.json", None)
    assert done.status == 0 and done.told["member"] == "SY"


@pytest.fixture(scope="module", name="ways")
def _ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    folder = tmp_path_factory.mktemp("ways")
    made = Ways(folder / "here", folder / "there", folder / "files")
    made.files.mkdir()
    _prepare(made)
    shutil.copytree(made.here, made.there)
    with serving(made.there):
        yield made


class serving:
    """A server of its own process on a directory, until the block ends."""

    def __init__(self, data: Path, *, open_first: bool = True, origin: str = "") -> None:
        """*open_first*: not before it has said that the centre is open; else as soon as its note lies there.

        *origin* is the floor's address for browsers, where it is another.
        """
        self._data = data
        self._more = ["--origin", origin] if origin else []
        self._open_first = open_first

    def __enter__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        words = ["serve", "--data", str(self._data), "--port", str(port), *self._more]
        self._process = subprocess.Popen([*TANSIQ, *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT,
                                         text=True)
        assert self._process.stdout is not None
        end = time.monotonic() + READY_S
        while server_of(self._data) is None and time.monotonic() < end:
            time.sleep(0.005)
        if self._open_first:
            assert str(port) in self._process.stdout.readline()

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.communicate(timeout=30)


def _shape(value: Any) -> Any:
    """What a script that reads the JSON counts on: names and kinds of values, not the values."""
    if isinstance(value, dict):
        return {name: _shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_shape(value[0])] if value else []
    return type(value).__name__


def test_every_command_is_tried() -> None:
    """No command is forgotten: each is tried both ways, or alone, or is one that no server lets in."""
    tried = {*TRIED, *ALONE, *NOT_BESIDE_A_SERVER, *SAID}
    assert sorted(tried) == sorted(commands(get_command(APP)))


@pytest.mark.parametrize("command", sorted(TRIED))
def test_a_command_does_the_same_both_ways(ways: Ways, command: str) -> None:
    """The exit status is the one due, the answer one JSON document of one shape, a failure one sentence."""
    for one in TRIED[command]:
        here, there = ways.both(command, one)
        assert (here.status, there.status) == (one.status, one.status), (one, here, there)
        if one.json:
            assert _shape(here.told) == _shape(there.told), one
        if one.status:
            assert here.told["code"] == there.told["code"] and one.code in ("", here.told["code"]), (one, here, there)
            assert here.err.splitlines()[-1] == there.err.splitlines()[-1] == here.told["sentence"]


@pytest.mark.parametrize("command", SAID)
def test_saying_nothing_is_refused_alike(ways: Ways, command: str) -> None:
    """Each kind, said without its fields, is refused with the same sentence both ways, or said both ways."""
    here, there = ways.both(command, Try("--cell IQ --release IQ,RU"))
    assert here.status == there.status and _shape(here.told) == _shape(there.told)
    assert here.told.get("code") == there.told.get("code") and here.told.get("sentence") == there.told.get("sentence")


@pytest.mark.parametrize("command", sorted(ALONE))
def test_a_command_that_needs_no_centre_needs_none(ways: Ways, command: str) -> None:
    """Without a directory it ends as it should, with one JSON document."""
    for one in ALONE[command]:
        ended = ways.run(command, one.words, None)
        assert ended.status == one.status and isinstance(ended.told, (dict, list)), ended
        assert not one.status or ended.err.strip() == ended.told["sentence"]


@pytest.mark.parametrize("command", sorted(NOT_BESIDE_A_SERVER))
def test_a_server_keeps_out_what_would_pull_the_centre_from_under_it(ways: Ways, command: str) -> None:
    """Founding and serving a second time end with 1 and one sentence; the server goes on."""
    words, why = NOT_BESIDE_A_SERVER[command]
    ended = ways.run(command, words, ways.there, as_json=False)
    assert ended.status == 1 and ended.err.count("\n") == 1 and why in ended.err, ended
    assert ways.run("journal verify", "", ways.there).status == 0


def test_misuse_ends_with_two_both_ways(ways: Ways) -> None:
    """An option that is unknown, or a value that is none, is misuse: 2, whoever has the directory."""
    for words in ("officers --nothing", "rebuild", "mandate enforce --carrier", "say support nothing"):
        for data in (ways.here, ways.there):
            assert ways.run(words, "", data, as_json=False).status == 2, words
