"""Documents fail like code: links lead somewhere, and the commands shown are there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import typer.main

from tansiq.desks import DESKS
from tansiq.doors.cli import build_cli
from tests.house.reading import ROOT, text_of, tracked

LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _documents() -> Iterator[tuple[str, str]]:
    for name in tracked():
        if name.endswith(".md"):
            yield name, text_of(name) or ""


def test_links_lead_somewhere() -> None:
    """Every relative link of every document names a tracked file, or a folder that holds one."""
    known = set(tracked())
    folders = {name.rsplit("/", count)[0] for name in known for count in range(1, name.count("/") + 1)}
    broken = []
    for name, text in _documents():
        for target in LINK.findall(text):
            if "://" not in target and not target.startswith("mailto:"):
                path = os.path.normpath(os.path.join(os.path.dirname(name), target))
                if path not in known | folders:
                    broken.append(f"{name}: {target}")
    assert not broken, "\n".join(broken)


def _shown() -> Iterator[tuple[str, str]]:
    """Lines of shell that documents show, without what follows as a comment."""
    for name, text in _documents():
        for block in FENCED.findall(text):
            for line in block.splitlines():
                command = line.split(" #")[0].strip().removeprefix("$ ")
                if command.startswith(("script/", ".venv/bin/tansiq ", "tansiq ")):
                    yield name, command


def test_scripts_that_are_shown_are_there() -> None:
    """Every script that a document shows is in the repository and can be run."""
    shown = {(name, command.split()[0]) for name, command in _shown() if command.startswith("script/")}
    assert ("README.md", "script/server") in shown and ("README.md", "script/test") in shown
    assert not [where for where in shown if not os.access(ROOT / where[1], os.X_OK)]


def test_commands_that_are_shown_are_there() -> None:
    """Every ``tansiq`` command in a document exists, with the options that it is shown with."""
    wiring: Any = None
    app = typer.main.get_command(build_cli(DESKS, wiring))
    wrong = [f"{name}: {command}" for name, command in _shown()
             if not command.startswith("script/") and not _understood(app, command.split()[1:])]
    assert not wrong, "\n".join(wrong)


def _understood(command: Any, words: list[str]) -> bool:
    while words and hasattr(command, "commands"):
        if words[0] not in command.commands:
            return False
        command, words = command.commands[words[0]], words[1:]
    options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    given = {word.split("=")[0].strip("[]") for word in words if word.lstrip("[").startswith("--")}
    return given <= options | {"--help"}
