"""Commands that check, show and amend a charter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tansiq.charter import parse_charter, show, terms_json
from tansiq.doors.cli import instruments, proving
from tansiq.doors.cli.centre import read_text
from tansiq.doors.cli.frame import Json, failures, frame_of, print_json

app = typer.Typer(help="Check, show and amend a charter.", no_args_is_help=True)
app.command("export")(proving.export)
app.command("amend")(instruments.amend)
File = Annotated[Path, typer.Argument(metavar="FILE")]
COUNT_MAX = 1_000


@app.command("check")
def check(context: typer.Context, file: File, *, as_json: Json = False) -> None:
    """Read a charter; a refusal names the place and the reason."""
    with failures(frame_of(context), as_json=as_json):
        charter = parse_charter(read_text(file))
        members = [member.code for member in charter.members]
        if as_json:
            print_json({"id": charter.id, "members": members})
        else:
            typer.echo(f"{charter.id}: {', '.join(members)}")


@app.command("show")
def show_charter(
    context: typer.Context, file: File, *,
    lang: Annotated[str, typer.Option("--lang", metavar="TAG", help="The language of its texts.")] = "en",
    as_json: Json = False,
) -> None:
    """Print a charter for people, in one of its languages."""
    with failures(frame_of(context), as_json=as_json):
        text = show(parse_charter(read_text(file)), lang)
        print_json({"lang": lang, "text": text}) if as_json else typer.echo(text)


@app.command("terms")
def terms(
    context: typer.Context, file: File, *,
    count: Annotated[int, typer.Option("--count", min=1, max=COUNT_MAX, help="So many terms.")] = 8,
    as_json: Json = False,
) -> None:
    """List the terms of the chair: number, member, from, to."""
    with failures(frame_of(context), as_json=as_json):
        listed = terms_json(parse_charter(read_text(file)), count)
        if as_json:
            print_json(listed)
        else:
            for term in listed:
                typer.echo("  ".join(str(value) for value in term.values()))
