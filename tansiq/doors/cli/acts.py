"""Commands that read and say acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from tansiq.cell.desk import Desk, Form
from tansiq.desks.fields import compose
from tansiq.doors.cli.access import Access, officer_of, reach
from tansiq.doors.cli.frame import As, CellCode, Data, Json, codes, console, failures, frame_of, print_json
from tansiq.doors.cli.proving import write_receipt
from tansiq.doors.filters import LIMIT_MAX, OFFSET_MAX, Filters
from tansiq.errors import Malformed
from tansiq.office import Officer

Words = Annotated[str | None, typer.Option("--text", metavar="WORDS", help="Words to look for.")]
Box = Annotated[str | None, typer.Option("--box", metavar="W,S,E,N", help="Only what lies in this box, degrees.")]
After = Annotated[str | None, typer.Option("--after", metavar="T", help="What happened at or after this instant.")]
Before = Annotated[str | None, typer.Option("--before", metavar="T", help="What happened before this instant.")]
Author = Annotated[str | None, typer.Option("--author", metavar="CODE", help="Only what this member said.")]
Limit = Annotated[int, typer.Option("--limit", min=0, help="At most so many; 0 for all.")]
Offset = Annotated[int, typer.Option("--offset", help="Leave out so many of the newest.")]


def acts(
    context: typer.Context, data: Data, cell: CellCode, *, officer: As = None, desk: Annotated[
        str | None, typer.Option("--desk", metavar="NAME", help="Only this desk.")] = None, kind: Annotated[
        str | None, typer.Option("--kind", metavar="NAMES", help="Only these kinds, between commas.")] = None,
    text: Words = None, box: Box = None, after: After = None, before: Before = None, author: Author = None,
    precedence: Annotated[str | None, typer.Option("--precedence", help="Only this precedence.")] = None,
    standing: Annotated[str | None, typer.Option("--standing", help="Only acts that stand so.")] = None,
    limit: Limit = 0, offset: Offset = 0, as_json: Json = False,
) -> None:
    """List the acts that a cell can read, newest first."""
    filters = Filters(desk=desk, kind=kind, text=text, box=box, after=after, before=before, author=author,
                      precedence=precedence, standing=standing, offset=offset)
    _list(context, data, cell, officer=officer, filters=filters, limit=limit, as_json=as_json)


def reports(
    context: typer.Context, data: Data, cell: CellCode, *, officer: As = None, text: Words = None, box: Box = None,
    after: After = None, before: Before = None, author: Author = None, limit: Limit = 0, offset: Offset = 0,
    as_json: Json = False,
) -> None:
    """List the reports that a cell can read, newest first: `acts --kind report`."""
    filters = Filters(kind="report", text=text, box=box, after=after, before=before, author=author, offset=offset)
    _list(context, data, cell, officer=officer, filters=filters, limit=limit, as_json=as_json)


def receipt(
    context: typer.Context, data: Data, cell: CellCode, act: Annotated[str, typer.Argument(metavar="ACT")], *,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write the receipt of its entry as "
                                                "evidence.")] = None,
    officer: As = None, as_json: Json = False,
) -> None:
    """Show how far an act has come, or write it as evidence; ACT is its id or its reference, as in `"IQ 412"`."""
    frame = frame_of(context)
    if output is not None:
        write_receipt(context, (data, cell, officer), act, output, as_json=as_json)
        return
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        shown = access.receipt(officer_of(access, cell, "reader", officer), act)
        if as_json:
            print_json(shown)
        else:
            for name, value in shown.items():
                typer.echo(f"{name:<10} {value}")


def show(
    context: typer.Context, data: Data, cell: CellCode,
    desk: Annotated[str, typer.Argument(metavar="DESK")], view: Annotated[str, typer.Argument(metavar="VIEW")] = "",
    *, param: Annotated[list[str], typer.Option("--param", metavar="NAME=VALUE", help="One parameter.")] = [],  # noqa: B006
    act: Annotated[str, typer.Option("--act", metavar="ACT", help="The thread of this act, in place of a view.")] = "",
    officer: As = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document, as without it.")] = True,
) -> None:
    """Show a view of a desk as JSON, or with --act where a thread stands: `show DESK VIEW`, `show DESK --act ACT`."""
    frame = frame_of(context)
    with failures(frame, as_json=True):
        found = next((one for one in frame.desks if one.name == desk), None)
        views = found.showing.views if found is not None and found.showing is not None else ()
        if not act and view not in [one.name for one in views]:
            raise Malformed("option.view", "The desk {desk} has the views {known}, not {given}.", desk=desk[:40],
                            known=", ".join(one.name for one in views) or "-", given=repr(view[:40]), field="view")
        with reach(data, frame.desks, frame.wiring) as access:
            reader = officer_of(access, cell, "reader", officer)
            print_json(access.panel(reader, desk, act) if act else access.show(reader, desk, view, given_fields(param)))


def say_app(desks: tuple[Desk, ...]) -> typer.Typer:
    """The commands `say DESK KIND`, made from the desks alone."""
    app = typer.Typer(help="Say an act: `say DESK KIND`.", no_args_is_help=True)
    for desk in desks:
        at_desk = typer.Typer(help=desk.title, no_args_is_help=True)
        for form in (one for one in desk.forms if one.plain):
            at_desk.command(form.kind.name, help=_say_help(form))(_say_command(desk, form))
        app.add_typer(at_desk, name=desk.name)
    return app


def _say_command(desk: Desk, form: Form) -> Any:
    def say(
        context: typer.Context, data: Data, cell: CellCode, *,
        release: Annotated[str, typer.Option("--release", metavar="CODES", help="Who may read it.")] = "",
        field: Annotated[list[str], typer.Option("--field", metavar="NAME=VALUE", help="One field.")] = [],  # noqa: B006
        officer: As = None, as_json: Json = False,
    ) -> None:
        frame = frame_of(context)
        with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
            given = given_fields(field)
            if release:
                given["release"] = list(codes(release, "--release"))
            fields = compose(form, given)
            said = access.say(officer_of(access, cell, form.role, officer), desk.name, form.kind.name, fields)
            print_json({"id": said}) if as_json else typer.echo(said)

    return say


def given_fields(given: list[str]) -> dict[str, Any]:
    """Read fields or parameters from ``NAME=VALUE``, each name once.

    Raises:
        Malformed: ``option.field``.
    """
    fields: dict[str, Any] = {}
    for part in given:
        name, equals, value = part.partition("=")
        if not equals or not name or name in fields:
            raise Malformed("option.field", "An option takes NAME=VALUE, each name once, not {given}.",
                            given=repr(part[:80]), field=name[:40])
        fields[name] = value
    return fields


def _say_help(form: Form) -> str:
    lines = [f"{f.name}{'' if f.required else ' (may be left out)'}: {f.title}" for f in form.fields]
    return f"{form.kind.title}. Fields, each as --field NAME=VALUE:\n\n" + "\n\n".join(lines)


def _list(context: typer.Context, data: Data, cell: str, *, officer: str | None, filters: Filters,
          limit: int, as_json: bool) -> None:
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        filters.query()
        with reach(data, frame.desks, frame.wiring) as access:
            found = list(_pages(access, officer_of(access, cell, "reader", officer), filters, limit))
        print_json(found) if as_json else _table(found)


def _pages(access: Access, officer: Officer, filters: Filters, limit: int) -> Iterator[dict[str, Any]]:
    """All that the filters find, or the first *limit*, a thousand at a time."""
    left = limit or OFFSET_MAX
    while left > 0:
        page = access.acts(officer, replace(filters, limit=min(left, LIMIT_MAX)))["acts"]
        yield from page
        if len(page) < LIMIT_MAX:
            return
        left -= len(page)
        filters = replace(filters, offset=filters.offset + len(page))


def _table(found: list[dict[str, Any]]) -> None:
    columns = ("reference", "kind", "grade", "precedence", "standing", "title")
    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, no_wrap=name != "title")
    for row in found:
        table.add_row(*(escape(str(row.get(name) or "")) for name in columns))
    console().print(table)
    typer.echo(str(len(found)))
