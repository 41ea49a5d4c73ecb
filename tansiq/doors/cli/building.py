"""The whole command line, made from the desks and from what ``run.py`` wires."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated

import typer

from tansiq.cell.desk import Desk
from tansiq.doors.cli import (
    acts,
    attaching,
    centre,
    charter,
    checking,
    importing,
    instruments,
    leaving,
    mandates,
    proving,
    requests,
)
from tansiq.doors.cli.access import Wiring
from tansiq.doors.cli.frame import Frame, language_of

Language = Annotated[str, typer.Option("--lang", metavar="TAG", help="The language of messages; LANG without it.")]


def build(desks: Sequence[Desk], wiring: Wiring) -> typer.Typer:
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
    app.command("verify")(checking.check)
    app.add_typer(charter.app, name="charter")
    app.add_typer(mandates.app, name="mandate")
    app.add_typer(instruments.app, name="instrument")
    app.add_typer(instruments.members, name="member")
    app.add_typer(instruments.keys, name="keys")
    app.add_typer(proving.convictions, name="conviction")
    app.add_typer(requests.app, name="request")
    return app
