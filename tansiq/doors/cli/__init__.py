"""The command line: each command parses, calls one method, prints.

``build_cli`` makes it from the desks and from what ``run.py`` wires; importing it does nothing.
Exit status: 0 done, 1 refused or not proved, 2 misused.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer

from tansiq.doors.cli import checking
from tansiq.doors.cli.frame import DONE, MISUSED, NOT_DONE

if TYPE_CHECKING:
    from tansiq.cell.desk import Desk
    from tansiq.doors.cli.access import Wiring

__all__ = ["DONE", "MISUSED", "NOT_DONE", "build_cli", "main"]


def build_cli(desks: Sequence[Desk], wiring: Wiring) -> typer.Typer:
    """Make the command line for *desks*; *wiring* opens, founds and serves."""
    from tansiq.doors.cli.building import build

    return build(desks, wiring)


def main() -> None:
    """Run the command line of this installation.

    Whoever checks a file needs no desk and no centre: they are not loaded for it, and the answer comes sooner.
    """
    if sys.argv[1:2] == [checking.NAME]:
        checking.alone()()
        return
    from tansiq.desks import DESKS

    wiring: Any = _Wiring()
    build_cli(DESKS, wiring)()


class _Wiring:
    """What ``run.py`` does, which lies below the doors and so is asked for by name, with the first question."""

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module("tansiq.run"), name)
