"""Commands for requests: which there are, and where one stands. They are said with `say support request`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from tansiq.doors.cli.access import officer_of, reach
from tansiq.doors.cli.frame import As, CellCode, Data, Json, failures, frame_of, print_json
from tansiq.languages.messages import LANGUAGES, Messages

DESK, VIEW = "support", "requests"

app = typer.Typer(help="Requests: which there are, and where one stands. Say one with `say support request`.",
                  no_args_is_help=True)


@app.command("list")
def list_requests(
    context: typer.Context, data: Data, cell: CellCode, *, officer: As = None, standing: Annotated[
        str, typer.Option("--standing", metavar="WORD", help="Only requests that stand so.")] = "",
    as_json: Json = False,
) -> None:
    """List requests: who asks whom, where each stands, and who is awaited."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        asked = {"standing": standing} if standing else {}
        found = access.show(officer_of(access, cell, "reader", officer), DESK, VIEW, asked)
    if as_json:
        print_json(found)
        return
    for row in found["requests"]:
        typer.echo(f"{row['act'][:12]}  {row['state']:<10} {row['asker']} → {', '.join(row['to'])}  {row['title']}")
        awaited = f" [{', '.join(row['awaited'])}]" if row["awaited"] else ""
        typer.echo(f"{'':14}{_said(row['sentence'], frame.lang)}{awaited}")


@app.command("show")
def show_request(
    context: typer.Context, data: Data, cell: CellCode, act: Annotated[str, typer.Argument(metavar="ACT")], *,
    officer: As = None, as_json: Json = False,
) -> None:
    """Show where the request of ACT stands: the sentence, who is awaited, what the charter asks. Its place stands on
    its page alone."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        found = access.panel(officer_of(access, cell, "reader", officer), DESK, act)
    if as_json or found is None:
        print_json(found)
        return
    typer.echo(_said(found["sentence"], frame.lang))
    for one in found["awaited"]:
        typer.echo(f"  {one['member']:<4} {_said(one['sentence'], frame.lang)}")
    for terms in found["terms"]:
        for article in terms["articles"]:
            typer.echo(f"  {article['number']:>4} {article['state']:<10} "
                       + " ".join(_said(one, frame.lang) for one in article["sentences"]))


def _said(sentence: Mapping[str, Any], lang: str) -> str:
    """Say a sentence that a view gave, as a terminal shows it."""
    messages = Messages.load(lang if lang in LANGUAGES else "en")
    return messages.gettext(sentence["text"], plain=True, **sentence["fields"])
