"""Commands that send a file along, and fetch one."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Annotated

import typer

from tansiq.doors.cli.access import officer_of, reach
from tansiq.doors.cli.frame import As, CellCode, Data, Json, codes, failures, frame_of, print_json
from tansiq.errors import Refused, Unavailable


def attach(
    context: typer.Context, data: Data, cell: CellCode, file: Annotated[Path, typer.Argument(metavar="FILE")], *,
    release: Annotated[str, typer.Option("--release", metavar="CODES", help="Who may read it.")],
    title: Annotated[str, typer.Option("--title", help="What it is, in one line.")],
    lang: Annotated[str, typer.Option("--lang", metavar="TAG", help="The language of the title.")] = "en",
    of: Annotated[str, typer.Option("--of", metavar="ACT", help="The id of the act that it belongs to.")] = "",
    officer: As = None, as_json: Json = False,
) -> None:
    """Seal a file of at most 10 MiB by itself, and say the act that carries it."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        try:
            content = file.read_bytes()
        except OSError as error:
            raise Refused("file.unreadable", "The file {given} cannot be read.", given=str(file)) from error
        with reach(data, frame.desks, frame.wiring) as access:
            fields = {"of": of or None, "title": {"lang": lang, "text": title}, "name": file.name,
                      "media_type": mimetypes.guess_type(file.name)[0] or "", "release": codes(release, "--release")}
            said = access.attach(officer_of(access, cell, "releaser", officer), content, fields)
        print_json({"id": said}) if as_json else typer.echo(said)


def fetch(
    context: typer.Context, data: Data, cell: CellCode, act: Annotated[str, typer.Argument(metavar="ACT")], *,
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="Where to write it.")], officer: As = None,
    as_json: Json = False,
) -> None:
    """Write the file that an act carries; it is fetched from its author's cell and checked."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        content = access.attached(officer_of(access, cell, "reader", officer), act)
        try:
            output.write_bytes(content)
        except OSError as error:
            raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error
        if as_json:
            print_json({"file": str(output), "size": len(content)})
        else:
            typer.echo(f"{len(content)} bytes")
