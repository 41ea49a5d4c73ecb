"""Commands that write what leaves on paper or into another program: documents as PDF, the calendar as iCalendar."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tansiq.doors.cli.access import officer_of, reach
from tansiq.doors.cli.acts import given_fields
from tansiq.doors.cli.frame import As, CellCode, Data, failures, frame_of
from tansiq.errors import Malformed, Unavailable

Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write it to this file, not to standard "
                                             "output.")]


def calendar(context: typer.Context, data: Data, cell: CellCode, *, output: Output = None, officer: As = None) -> None:
    """Write the dates of all desks as iCalendar, in the language of --lang: terms, meetings, visits, deadlines."""
    frame = frame_of(context)
    with failures(frame), reach(data, frame.desks, frame.wiring) as access:
        _put(access.calendar(officer_of(access, cell, "reader", officer), frame.lang), output)


def document(
    context: typer.Context, desk: Annotated[str, typer.Argument(metavar="DESK")], data: Data, cell: CellCode, *,
    view: Annotated[str, typer.Argument(metavar="VIEW")] = "",
    act: Annotated[str, typer.Option("--act", metavar="ACT", help="Where the thread of this act stands, not a view.")]
    = "",
    param: Annotated[list[str], typer.Option("--param", metavar="NAME=VALUE", help="One parameter.")] = [],  # noqa: B006
    output: Output = None, officer: As = None,
) -> None:
    """Write what a desk shows as a PDF, in the language of --lang: `document DESK VIEW`, `document DESK --act ACT`."""
    frame = frame_of(context)
    with failures(frame):
        if bool(view) == bool(act):
            raise Malformed("option.document", "Name a view or an act, one of the two.", field="view")
        with reach(data, frame.desks, frame.wiring) as access:
            reader = officer_of(access, cell, "reader", officer)
            _put(access.document(reader, act or (desk, view), given_fields(param), frame.lang), output)


def _put(data: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(data)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error
