"""Commands that replace the registrar: draw its key, have members promise it, put it in force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tansiq.doors.cli.access import reach
from tansiq.doors.cli.centre import read_text
from tansiq.doors.cli.frame import CellCode, Data, Json, failures, frame_of, print_json

app = typer.Typer(help="Replace the registrar by a mandate of the members.", no_args_is_help=True)


@app.command("show")
def show(context: typer.Context, data: Data, *, as_json: Json = False) -> None:
    """Show the mandate in force, who answers for its promises, the registrar that was drawn, and who promised it."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        _print(access.mandate(), as_json=as_json)


@app.command("draw")
def draw(
    context: typer.Context, data: Data, *,
    again: Annotated[bool, typer.Option("--again", help="Give up the one drawn; take a later version.")] = False,
    as_json: Json = False,
) -> None:
    """Draw the key of the next registrar, or tell which was drawn already."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        drawn = access.draw(again=again)
        print_json(drawn) if as_json else typer.echo(f"version {drawn['version']}\nkey     {drawn['key']}")


@app.command("promise")
def promise(
    context: typer.Context, data: Data, cell: CellCode, *,
    unordered: Annotated[bool, typer.Option("--unordered", help="Before the officer's decision that the charter asks "
                                            "for is ordered: it is owed until it is.")] = False,
    as_json: Json = False,
) -> None:
    """Have a member promise the registrar that was drawn: it cosigns under no older mandate from then on."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        given = access.promise(cell, unordered=unordered)
        print_json(given) if as_json else typer.echo(given["note"], nl=False)


@app.command("enforce")
def enforce(
    context: typer.Context, data: Data, *,
    carrier: Annotated[str | None, typer.Option("--carrier", metavar="CODE", help="The member that signs the "
                                                "mandate's entry.")] = None,
    notes: Annotated[list[Path], typer.Option("--promise", metavar="FILE", help="A promise given elsewhere.")] = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Put the registrar that was drawn in force; the one before is kept beside it, and orders no more."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        given = [read_text(path) for path in notes]
        with reach(data, frame.desks, frame.wiring) as access:
            _print(access.enforce(carrier, given), as_json=as_json)


def _print(shown: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(shown)
        return
    typer.echo(f"in force    mandate {shown['in_force']}, registrar {'present' if shown['registrar'] else 'absent'}")
    for answer in shown["answers"]:
        typer.echo(f"answers     {answer['member']}: {_named(answer, asked=shown['asked'])}")
    typer.echo(f"needed      {shown['needed']} of {', '.join(shown['members'])}")
    if shown["drawn"]:
        typer.echo(f"drawn       mandate {shown['drawn']['version']}, key {shown['drawn']['key']}")
        for decision in shown["decided"]:
            typer.echo(f"decided     {decision['member']}: {_named(decision, asked=True)}")
        for given in shown["promises"]:
            typer.echo(f"promised    {given['member']}: checkpoint of {given['size']} entries")
        typer.echo(f"awaited     {', '.join(shown['awaited']) or '-'}")


def _named(answer: dict[str, Any], *, asked: bool) -> str:
    """Who answers for a promise, and whether a passkey proves it."""
    if answer["officer"] is None:
        return "no named officer" if asked else "no named officer, and none was asked for"
    return f"{answer['officer']}, {'proved by its passkey' if answer['proved'] else 'as its cell says'}"
