"""Commands that write what leaves on paper or into another program: documents as PDF, the calendar as iCalendar."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tansiq.doors.cli.access import officer_of, reach
from tansiq.doors.cli.acts import given_fields
from tansiq.doors.cli.frame import As, CellCode, Data, Json, failures, frame_of, print_json
from tansiq.errors import Malformed, Unavailable
from tansiq.wire import write_base64

Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write it to this file, not to standard "
                                             "output.")]


def calendar(context: typer.Context, data: Data, cell: CellCode, *, output: Output = None, officer: As = None,
             as_json: Json = False) -> None:
    """Write the dates of all desks as iCalendar, in the language of --lang: terms, meetings, visits, deadlines."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        _put(access.calendar(officer_of(access, cell, "reader", officer), frame.lang), output, as_json=as_json)


def document(
    context: typer.Context, desk: Annotated[str, typer.Argument(metavar="DESK")], data: Data, cell: CellCode, *,
    view: Annotated[str, typer.Argument(metavar="VIEW")] = "",
    act: Annotated[str, typer.Option("--act", metavar="ACT", help="Where the thread of this act stands, not a view.")]
    = "",
    param: Annotated[list[str], typer.Option("--param", metavar="NAME=VALUE", help="One parameter.")] = [],  # noqa: B006
    output: Output = None, officer: As = None, as_json: Json = False,
) -> None:
    """Write what a desk shows as a PDF, in the language of --lang: `document DESK VIEW`, `document DESK --act ACT`."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        if bool(view) == bool(act):
            raise Malformed("option.document", "Name a view or an act, one of the two.", field="view")
        with reach(data, frame.desks, frame.wiring) as access:
            reader = officer_of(access, cell, "reader", officer)
            _put(access.document(reader, act or (desk, view), given_fields(param), frame.lang), output,
                 as_json=as_json)


def _put(data: bytes, output: Path | None, *, as_json: bool) -> None:
    if output is None:
        print_json({"base64": write_base64(data), "size": len(data)}) if as_json else sys.stdout.buffer.write(data)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error
    if as_json:
        print_json({"file": str(output), "size": len(data)})
