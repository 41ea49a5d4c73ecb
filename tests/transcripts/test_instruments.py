"""What members that do not trust each other sign with state keys: written, signed offline, carried in; on a directory
and through a server."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import tansiq.run
from tansiq.desks import DESKS
from tansiq.doors.cli import build_cli
from tests.transcripts.test_both_ways import serving
from tests.transcripts.test_mandate import CHARTER, REPORTS, Line

FOUR = ("IQ", "SY", "IR", "RU")
JOINING = '''
[[members]]
code = "EX"
name = {name}
zone = "Asia/Amman"
capital = {capital}
territory = "JOR"
'''


class Signing(Line):
    """A directory, and a folder in which instruments, keys and signatures lie."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "trial")
        self.folder = folder
        self._alone = build_cli(DESKS, tansiq.run)

    def path(self, name: str) -> str:
        """A file of the folder."""
        return str(self.folder / name)

    def alone(self, *words: str) -> Any:
        """Run a command that needs no data directory."""
        return CliRunner().invoke(self._alone, list(words))

    def sign(self, instrument: str, signers: Sequence[str], key: Callable[[str], str] | None = None) -> list[str]:
        """Have members sign, each with its own key; the options that hand their signatures in."""
        given: list[str] = []
        for code in signers:
            file = key(code) if key else str(self.data / "cells" / code / "keys.json")
            done = self.alone("instrument", "sign", self.path(instrument), "--key", file, "--output",
                              self.path(f"{instrument}.{code}"))
            assert done.exit_code == 0, done.output
            given += ["--signature", self.path(f"{instrument}.{code}")]
        return given

    def write(self, instrument: str, *words: str) -> None:
        """Write an instrument."""
        self.told(*words, "--output", self.path(instrument))

    def carry(self, instrument: str, given: Sequence[str], cell: str = "IQ") -> Any:
        """Carry an instrument in, as JSON."""
        return self.run("instrument", "carry", self.path(instrument), "--cell", cell, *given, "--json")

    def require_carried(self, instrument: str, signers: Sequence[str], cell: str = "IQ") -> dict[str, Any]:
        """Sign and carry; the whole journal then verifies and is settled again."""
        done = self.carry(instrument, self.sign(instrument, signers), cell)
        assert done.exit_code == 0, done.output
        told: dict[str, Any] = json.loads(done.stdout)
        assert told["settled"] is True
        return told

    def require_refused(self, done: Any, code: str, words: str) -> None:
        """Hold that a command ended with 1, one sentence, and JSON that names the code."""
        assert done.exit_code == 1, done.output
        told = json.loads(done.stdout)
        assert told["code"] == code and words in told["sentence"], told
        assert done.stderr.splitlines()[-1] == told["sentence"] and "Traceback" not in done.output

    def amended(self, name: str = "new.toml") -> str:
        """A new charter: other minutes between heartbeats."""
        text = CHARTER.read_text("utf-8").replace("heartbeat_minutes = 15", "heartbeat_minutes = 10")
        assert text != CHARTER.read_text("utf-8")
        (self.folder / name).write_text(text, "utf-8")
        return self.path(name)

    def in_force(self) -> Any:
        """The public part's roster, by way of an instrument that is written and not used."""
        self.write("probe.json", "keys", "replace", "IR", self.path("probe"), "--only", "state")
        return json.loads(self.alone("instrument", "show", self.path("probe.json"), "--json").stdout)


@pytest.fixture(name="founded", scope="module")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trial that nobody changes: each test works on a copy."""
    folder = tmp_path_factory.mktemp("instruments")
    made = Signing(folder)
    assert made.run("init", "--charter", str(CHARTER)).exit_code == 0
    assert made.alone("keys", "draw", str(folder / "probe")).exit_code == 0
    return folder


@pytest.fixture(name="line")
def _line(founded: Path, tmp_path: Path) -> Signing:
    shutil.copytree(founded, tmp_path / "here")
    return Signing(tmp_path / "here")


@pytest.fixture(name="reached", params=["here", "through a server"])
def _reached(line: Signing, request: pytest.FixtureRequest) -> Iterator[None]:
    """How the directory is reached: opened by each command, or through a server that has it open."""
    with ExitStack() as until:
        if request.param != "here":
            until.enter_context(serving(line.data))
        yield


@pytest.mark.usefixtures("reached")
def test_a_charter_is_amended_by_all_and_by_nobody_less(line: Signing) -> None:
    """Three of four signatures are refused by name; with the fourth the charter is in force; the draft is then over."""
    new = line.amended()
    line.write("a.json", "charter", "amend", new)
    line.write("late.json", "charter", "amend", new)
    few = line.sign("a.json", FOUR[:3])
    line.require_refused(line.carry("a.json", few), "instrument.missing", "RU")
    line.require_refused(line.carry("a.json", []), "instrument.missing", "IQ, IR, RU, SY")
    told = line.require_carried("a.json", FOUR)
    assert told["roster"] == 1 and told["kind"] == "charter"
    line.require_settled()
    assert line.in_force()["roster"] == 2
    line.require_refused(line.carry("late.json", line.sign("late.json", FOUR)), "instrument.stale", "roster 2 is due")
    assert line.run("import", "--cell", "IQ", "--release", "IQ,RU", str(REPORTS)).exit_code == 0
    line.require_settled()


@pytest.mark.usefixtures("reached")
def test_new_keys_are_taken_up_by_the_cell_and_the_past_stays_readable(line: Signing) -> None:
    """After its three keys were replaced a member signs, cosigns and is addressed with the new ones, and reads what was
    sealed to the old."""
    assert line.run("import", "--cell", "RU", "--release", "IQ,RU", str(REPORTS)).exit_code == 0
    before = line.told("reports", "--cell", "IQ")
    assert line.alone("keys", "draw", line.path("next")).exit_code == 0
    assert line.alone("keys", "draw", line.path("next")).exit_code == 1, "keys are never overwritten"
    line.write("k.json", "keys", "replace", "IQ", line.path("next"))
    line.require_refused(line.carry("k.json", []), "instrument.missing.instead", "those of 3 of IR, RU, SY")
    line.require_carried("k.json", ["IQ"], cell="SY")
    line.require_settled()
    assert line.told("rebuild", "--cell", "IQ") and line.told("reports", "--cell", "IQ") == before and before
    for author, reader in (("IQ", "RU"), ("RU", "IQ")):
        assert line.run("import", "--cell", author, "--release", "IQ,RU", str(REPORTS)).exit_code == 0
        line.require_settled()
        assert len(line.told("reports", "--cell", reader)) > len(before)
    line.write("again.json", "keys", "replace", "IQ", line.path("probe"), "--only", "sign")
    old = line.alone("instrument", "sign", line.path("again.json"), "--key", str(line.data / "cells/IQ/keys.json"),
                     "--output", line.path("no"), "--json")
    line.require_refused(old, "instrument.key", "not the state key of a member that signs here")
    given = line.sign("again.json", ["IQ"], lambda _: line.path("next/state.json"))
    assert line.carry("again.json", given).exit_code == 0
    line.require_settled()


def test_a_lost_state_key_is_replaced_by_a_quorum_of_the_others(line: Signing) -> None:
    """Two of the three others are too few; three can."""
    line.write("k.json", "keys", "replace", "IQ", line.path("probe"), "--only", "state")
    shown = json.loads(line.alone("instrument", "show", line.path("k.json"), "--json").stdout)
    assert shown["needed"] == ["IQ"] and shown["instead"] == {"enough": 3, "of": ["IR", "RU", "SY"]}
    assert shown["sentences"][0].startswith("IQ gets the state key ") and "signing" not in shown["sentences"][1]
    two = line.sign("k.json", ["IR", "RU"])
    line.require_refused(line.carry("k.json", two), "instrument.missing.instead", "IQ is missing")
    assert line.require_carried("k.json", ["IR", "RU", "SY"], cell="RU")["kind"] == "keys"
    line.require_settled()


@pytest.mark.usefixtures("reached")
def test_a_member_is_suspended_and_returns_by_the_word_of_all_others(line: Signing) -> None:
    """It does not sign its own suspension; while suspended its signature counts nowhere; then all others let it
    return."""
    line.write("s.json", "member", "suspend", "RU")
    own = line.alone("instrument", "sign", line.path("s.json"), "--key", str(line.data / "cells/RU/keys.json"),
                     "--output", line.path("no"), "--json")
    line.require_refused(own, "instrument.key", "IQ, IR, SY")
    line.require_refused(line.carry("s.json", line.sign("s.json", ["IQ", "SY"])), "instrument.missing", "IR")
    line.require_carried("s.json", FOUR[:3])
    twice = line.run("member", "suspend", "RU", "--output", line.path("no"), "--json")
    line.require_refused(twice, "instrument.standing", "suspended already")
    line.require_refused(line.run("member", "suspend", "SY", "--output", line.path("no"), "--json"),
                         "instrument.others", "there are 2")
    line.write("a.json", "charter", "amend", line.amended())
    suspended = line.alone("instrument", "sign", line.path("a.json"), "--key", str(line.data / "cells/RU/keys.json"),
                           "--output", line.path("no"), "--json")
    line.require_refused(suspended, "instrument.suspended", "RU is suspended")
    line.write("r.json", "member", "return", "RU")
    assert line.require_carried("r.json", FOUR[:3], cell="SY")["roster"] == 2
    back = line.run("member", "return", "RU", "--output", line.path("no"), "--json")
    line.require_refused(back, "instrument.standing", "not suspended")
    line.require_settled()


@pytest.mark.usefixtures("reached")
def test_what_is_wrong_is_said_in_one_sentence(line: Signing) -> None:
    """Unknown members, wrong keys, signatures of another text, a partner's cell, misuse: each has its own words."""
    no = ("--output", line.path("no"), "--json")
    line.require_refused(line.run("member", "suspend", "XX", *no), "instrument.party", "'XX'")
    line.require_refused(line.run("keys", "replace", "XX", line.path("probe"), *no), "instrument.party", "'XX'")
    line.require_refused(line.run("keys", "replace", "IQ", line.path("absent"), *no), "keys.public", "absent")
    line.write("s.json", "member", "suspend", "RU")
    line.write("t.json", "member", "suspend", "SY")
    unknown = line.alone("instrument", "sign", line.path("s.json"), "--key", line.path("probe/state.json"), *no)
    line.require_refused(unknown, "instrument.key", "not the state key")
    no_key = line.alone("instrument", "sign", line.path("s.json"), "--key", line.path("probe/public.json"), *no)
    line.require_refused(no_key, "keys.file", "no file of a state key")
    other = [*line.sign("s.json", ["IQ", "SY"]), *line.sign("t.json", ["IR"])]
    line.require_refused(line.carry("s.json", other), "instrument.other", "IR is over another text")
    whole = line.sign("s.json", FOUR[:3])
    forged = json.loads(Path(line.path("s.json.IQ")).read_text("utf-8")) | {"member": "IR"}
    Path(line.path("s.json.IR")).write_text(json.dumps(forged, sort_keys=True, separators=(",", ":")), "utf-8")
    line.require_refused(line.carry("s.json", whole), "instrument.signature", "IR's state key")
    line.require_refused(line.carry("s.json", [], cell="XX"), "cell.absent", "XX")
    line.require_refused(line.carry("s.json", [], cell="CJTF"), "instrument.carrier", "CJTF is a partner")
    line.require_refused(line.carry("s.json.IQ", []), "instrument.file", "no instrument")
    line.require_refused(line.carry("s.json", ["--signature", line.path("s.json")]), "file.unreadable", "s.json")
    assert line.run("instrument", "carry", line.path("s.json"), "--sideways").exit_code == 2
    for words in (("charter", "amend", line.amended(), "--party", "nothing"),
                  ("keys", "replace", "IQ", line.path("probe"), "--only", "all")):
        assert line.run(*words, "--output", line.path("no")).exit_code == 2, words


def test_signing_needs_no_directory_and_says_what_changes(line: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing but the instrument and the key lies, the signer is told what goes and what comes, in its words."""
    text = Path(line.amended()).read_text("utf-8").replace("grace_days = ", "grace_days = 1")
    Path(line.path("new.toml")).write_text(text, "utf-8")
    line.write("a.json", "charter", "amend", line.path("new.toml"))
    key = line.path("IQ.json")
    shutil.copy(line.data / "cells/IQ/keys.json", key)
    shutil.rmtree(line.data)
    shown = json.loads(line.alone("instrument", "show", line.path("a.json"), "--json").stdout)
    assert "+heartbeat_minutes = 10" in shown["text"] and "-heartbeat_minutes = 15" in shown["text"]
    assert shown["needed"] == sorted(FOUR) and [one for one in shown["words"] if one.startswith("+")]
    said = line.alone("instrument", "sign", line.path("a.json"), "--key", key, "--output", line.path("a.IQ"))
    assert said.exit_code == 0 and shown["document"] in said.stdout and "Signed by IQ" in said.stdout
    monkeypatch.setenv("LANG", "ru_RU.UTF-8")
    russian = line.alone("instrument", "show", line.path("a.json")).stdout
    assert "Она вводит новый устав вместо действующего." in russian and "+heartbeat_minutes = 10" in russian


def test_an_instrument_that_was_altered_is_not_signed(line: Signing) -> None:
    """Its public part proves what is in force: a file in which that was changed is refused before a key is used."""
    line.write("s.json", "member", "suspend", "RU")
    data = Path(line.path("s.json")).read_bytes()
    for old, new in ((b'\\"member\\":\\"RU\\"', b'\\"member\\":\\"XX\\"'), (b"heartbeat_minutes = 15",
                                                                          b"heartbeat_minutes = 14")):
        assert old.replace(b"\\\\", b"\\") in data or old in data, old
        Path(line.path("bad.json")).write_bytes(data.replace(old, new))
        done = line.alone("instrument", "sign", line.path("bad.json"), "--key", str(line.data / "cells/IQ/keys.json"),
                          "--output", line.path("bad.IQ"), "--json")
        assert done.exit_code == 1 and not Path(line.path("bad.IQ")).exists(), done.output


def _joined(line: Signing) -> str:
    """A charter in which a fifth member stands, the last to take the chair."""
    charter = line.amended()
    text = Path(charter).read_text("utf-8").replace('"RU", "SY"]', '"RU", "SY", "EX"]', 1)
    first = text.index("[[partners]]")
    names = '{ ar = "تجربة", fa = "آزمون", ru = "Пример", en = "Example" }'
    text = text[:first] + JOINING.format(name=names, capital=names) + "\n" + text[first:]
    Path(charter).write_text(text, "utf-8")
    return charter


def test_a_member_joins_with_keys_of_its_own_and_signs_too(line: Signing) -> None:
    """Without its keys the amendment cannot be written, without its signature not carried; the server goes on
    without its cell, which is there once the directory is opened again."""
    charter = _joined(line)
    checked = line.alone("charter", "check", charter)
    assert checked.exit_code == 0, checked.output
    lacking = line.run("charter", "amend", charter, "--output", line.path("no"), "--json")
    line.require_refused(lacking, "instrument.joins", "EX")
    line.write("a.json", "charter", "amend", charter, "--party", f"EX={line.path('probe')}")
    shown = json.loads(line.alone("instrument", "show", line.path("a.json"), "--json").stdout)
    assert "EX, Example, becomes a member." in shown["sentences"] and "EX" in shown["needed"]
    given = line.sign("a.json", FOUR)
    line.require_refused(line.carry("a.json", given), "instrument.missing", "EX")
    given += line.sign("a.json", ["EX"], lambda _: line.path("probe/state.json"))
    with serving(line.data):
        assert line.carry("a.json", given).exit_code == 0
        assert line.run("import", "--cell", "IQ", "--release", "IQ,RU", str(REPORTS)).exit_code == 0
        assert line.told("officers") and "EX" not in {one["member"] for one in line.told("officers")}
    assert line.run("import", "--cell", "EX", "--release", "EX,RU", str(REPORTS)).exit_code == 0
    assert len(line.told("reports", "--cell", "RU", "--author", "EX")) > 0
    assert sorted(line.told("journal", "verify")["cosigners"]) == sorted([*FOUR, "EX"])
