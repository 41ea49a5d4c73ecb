"""Processes that are killed, that come twice, and that may not write: said plainly, nothing lost, nothing doubled."""

from __future__ import annotations

import ctypes
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import making
from tests.faults.making import CHARTERS, copied, quiet

ROOT = CHARTERS.parent
ACTS = 200
_DROP_FROM_BOUNDS = 24  # prctl(2)
_OVER_RIGHTS = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy."""
    return making.found(tmp_path_factory.mktemp("processes"))


def _tansiq(*arguments: str, before: object = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", "from tansiq.doors.cli import main; main()", *arguments], cwd=ROOT,
                          text=True, capture_output=True, timeout=60, check=False, preexec_fn=before)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize(("after", "later_ms"), [(1, 60_000), (60, 60_000), (150, 60_000), (90, 3_600_000)])
def test_a_process_that_is_killed_loses_nothing(founded: Path, tmp_path: Path, after: int, later_ms: int) -> None:
    """Killed in the midst of saying: every acknowledged act is there once, after no more than opening again.

    After a minute what was sealed is still good; after an hour it is too old, and is sealed again.
    """
    quiet(copied(founded, tmp_path)).stop()
    directory = tmp_path / "centre"
    process = subprocess.Popen([sys.executable, "-m", "tests.faults.saying", str(directory), str(ACTS)], cwd=ROOT,
                               stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "open\n"
    told = [process.stdout.readline().strip() for _ in range(after)]
    process.send_signal(signal.SIGKILL)
    told += [line.strip() for line in process.stdout if len(line) == 65]
    process.wait()
    process.stdout.close()
    centre = quiet(making.opened(directory, later_ms=later_ms))
    titles = making.titles(centre.cells["RU"])
    assert titles == making.titles(centre.cells["IQ"]) == [f"Act {n:04}" for n in range(len(titles))]
    assert len(told) <= len(titles) <= len(told) + 1
    assert all(centre.cells["IQ"].receipt(act).state == "settled" for act in told)
    making.require_whole(centre)
    centre.stop()


def test_a_second_process_is_refused(founded: Path, tmp_path: Path) -> None:
    """While a process holds a directory a second one is told so, and nothing is touched."""
    quiet(copied(founded, tmp_path)).stop()
    directory = tmp_path / "centre"
    holder = subprocess.Popen(
        [sys.executable, "-c", "import sys, pathlib\nfrom tansiq.doors.cli.directory import hold\n"
         "with hold(pathlib.Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()", str(directory)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    told = _tansiq("serve", "--data", str(directory), "--port", "18431")
    assert told.returncode != 0 and "Another process has" in told.stderr and "Traceback" not in told.stderr
    holder.communicate("")
    assert holder.stdin is not None
    centre = making.opened(directory)
    making.require_whole(centre)
    centre.stop()


def test_nothing_is_founded_over_a_centre(founded: Path, tmp_path: Path) -> None:
    """To found a centre where there is one is refused plainly, and the one that is there stays whole."""
    quiet(copied(founded, tmp_path)).stop()
    told = _tansiq("init", "--data", str(tmp_path / "centre"), "--charter", str(CHARTERS / "maritime.toml"))
    assert told.returncode != 0 and "founded" in told.stderr and "Traceback" not in told.stderr
    centre = making.opened(tmp_path / "centre")
    making.require_whole(centre)
    centre.stop()


def test_a_disk_that_takes_no_more_is_named(tmp_path: Path) -> None:
    """Where no file may grow founding fails in one plain sentence."""
    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, 8_192))

    told = _tansiq("init", "--data", str(tmp_path / "new"), "--charter", str(CHARTERS / "baghdad.toml"), before=small)
    assert told.returncode != 0 and "disk" in told.stderr.lower() and "Traceback" not in told.stderr, told.stderr


def test_a_centre_that_may_not_be_written_says_so(founded: Path, tmp_path: Path) -> None:
    """Saying while no file may grow fails plainly; with room again the centre is whole, and nothing is lost."""
    centre = quiet(copied(founded, tmp_path))
    making.say(centre.cells["IQ"], "Before", release=("RU",))
    centre.run_until_quiet()
    centre.stop()

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    told = subprocess.run([sys.executable, "-m", "tests.faults.saying", str(centre.directory), "400"], cwd=ROOT,
                          text=True, capture_output=True, timeout=60, check=False, preexec_fn=small)
    assert told.returncode != 0 and "The disk does not take the journal" in told.stderr
    acknowledged = [line for line in told.stdout.splitlines() if len(line) == 64]
    again = quiet(making.opened(centre.directory))
    assert {row.id for row in making.rows(again.cells["RU"])} >= set(acknowledged)
    assert len(making.titles(again.cells["RU"])) <= len(acknowledged) + 2
    making.require_whole(again)
    again.stop()


def _as_anybody() -> None:
    """In the process to be begun the superuser is held to the rights of files like everybody."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    for capability in _OVER_RIGHTS:
        prctl(_DROP_FROM_BOUNDS, capability, 0, 0, 0)


@pytest.mark.parametrize("words", [("journal", "verify"), ("reports", "--cell", "RU"), ("serve", "--port", "18432"),
                                   ("mandate", "draw"), ("rebuild", "--cell", "RU")])
def test_a_directory_that_may_only_be_read(founded: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    """A directory without the right to write is refused in one plain sentence, and stays as it is."""
    directory = tmp_path / "centre"
    shutil.copytree(founded, directory)
    for path in (directory, *directory.rglob("*")):
        path.chmod(0o500 if path.is_dir() else 0o400)
    told = _tansiq(*words, "--data", str(directory), before=_as_anybody)
    for path in (directory, *directory.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    assert told.returncode == 1 and "disk" in told.stderr.lower() and told.stderr.count("\n") == 1, told.stderr
    centre = making.opened(directory)
    making.require_whole(centre)
    centre.stop()


def test_a_journal_that_may_only_be_read(founded: Path, tmp_path: Path) -> None:
    """Where the registrar's file takes no writing, acts wait, the trouble is named, and nothing is damaged."""
    centre = quiet(copied(founded, tmp_path))
    database = centre.registrar.store._db  # type: ignore[attr-defined]
    database.execute("PRAGMA query_only=1")
    act = making.say(centre.cells["IQ"], "Waits", release=("RU",))
    centre.step()
    assert "disk" in centre.faults["IQ"] and centre.cells["IQ"].receipt(act).state == "outbox"
    database.execute("PRAGMA query_only=0")
    centre.run_until_quiet()
    assert centre.cells["RU"].receipt(act).state == "settled"
    making.require_whole(centre)
    centre.stop()
