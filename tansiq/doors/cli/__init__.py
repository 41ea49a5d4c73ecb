"""The command line: each command parses, calls one method, prints.

``build_cli`` makes it from the desks and from what ``run.py`` wires; importing it does nothing.
Exit status: 0 done, 1 refused or not proved, 2 misused.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from tansiq.cell.desk import Desk
from tansiq.desks import DESKS
from tansiq.doors.cli import (
    acts,
    attaching,
    centre,
    charter,
    importing,
    instruments,
    leaving,
    mandates,
    proving,
    requests,
)
from tansiq.doors.cli.access import Wiring
from tansiq.doors.cli.frame import DONE, MISUSED, NOT_DONE, Frame, language_of

__all__ = ["DONE", "MISUSED", "NOT_DONE", "Wiring", "build_cli", "main"]

Language = Annotated[str, typer.Option("--lang", metavar="TAG", help="The language of messages; LANG without it.")]


def build_cli(desks: Sequence[Desk], wiring: Wiring) -> typer.Typer:
    """Make the command line for *desks*; *wiring* opens, founds and serves."""
    app = typer.Typer(name="tansiq", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                      help="A coordination centre of states: found it, serve it, say, read, prove.")

    @app.callback()
    def begin(context: typer.Context, lang: Language = "") -> None:
        context.obj = Frame(tuple(desks), wiring, lang or language_of(os.environ))

    journal = typer.Typer(help="Check the journal.", no_args_is_help=True)
    journal.command("verify")(centre.verify)
    for command in (centre.init, centre.serve, centre.officers, centre.enrol, centre.play, centre.rebuild, acts.acts,
                    acts.reports, acts.receipt, acts.show, attaching.attach, attaching.fetch,
                    proving.disclose, proving.absence, proving.fold, leaving.calendar, leaving.document):
        app.command(command.__name__)(command)
    app.command("import")(importing.import_file)
    app.add_typer(acts.say_app(tuple(desks)), name="say")
    app.add_typer(journal, name="journal")
    app.command("verify")(proving.check)
    app.add_typer(charter.app, name="charter")
    app.add_typer(mandates.app, name="mandate")
    app.add_typer(instruments.app, name="instrument")
    app.add_typer(instruments.members, name="member")
    app.add_typer(instruments.keys, name="keys")
    app.add_typer(proving.convictions, name="conviction")
    app.add_typer(requests.app, name="request")
    return app


def main() -> None:
    """Run the command line of this installation."""
    wiring: Any = _Wiring()
    build_cli(DESKS, wiring)()


class _Wiring:
    """What ``run.py`` does, which lies below the doors and so is asked for by name.

    It is loaded with the first question: who checks a file needs no centre, and is answered sooner.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module("tansiq.run"), name)
