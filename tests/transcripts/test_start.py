"""The page for beginners, done as it stands."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TANSIQ = [sys.executable, "-c", "from tansiq.doors.cli import main; main()"]


def _commands() -> list[list[str]]:
    text = (ROOT / "docs/start.md").read_text("utf-8")
    return [shlex.split(line)[1:] for line in re.findall(r"^\.venv/bin/tansiq .*$", text, re.MULTILINE)]


def _run(arguments: list[str], folder: Path) -> str:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*TANSIQ, *arguments], cwd=folder, env=surroundings, capture_output=True, text=True,
                          check=False, timeout=120)
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout


def test_the_page_for_beginners_works_as_it_stands(tmp_path: Path) -> None:
    """Every command of docs/start.md succeeds in its order: what IQ released to RU is found by RU and not by SY."""
    for folder in ("charters", "docs"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    said = {" ".join(arguments): _run(arguments, tmp_path) for arguments in _commands()}
    assert len(said) >= 9
    read = {member: json.loads(said[f"reports --data trial --cell {member} --json"]) for member in ("RU", "SY")}
    assert sorted(act["title"] for act in read["RU"])[0] == "Exercise: a quiet sector"
    assert len(read["RU"]) == 3
    assert read["SY"] == []
