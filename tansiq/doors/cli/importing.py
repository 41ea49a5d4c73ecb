"""The command that says the rows of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from tansiq.desks.importing import BadRow, GoodRow, count_rows, read_rows
from tansiq.doors.cli.access import Access, officer_of, reach
from tansiq.doors.cli.frame import NOT_DONE, As, CellCode, Data, Json, codes, failures, frame_of, print_json, progress
from tansiq.errors import Malformed, Refused
from tansiq.office import Officer

Mapping = Annotated[Path | None, typer.Option("--mapping", metavar="FILE", help="Which column is what, TOML.")]
BATCH = 1_000
SHOWN_MAX = 20


@dataclass
class Outcome:
    """What became of the rows: said, skipped because they were said before, bad with line and reason."""

    said: int = 0
    skipped: int = 0
    bad: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows were looked at."""
        return self.said + self.skipped + len(self.bad)


def import_file(
    context: typer.Context, data: Data, cell: CellCode, *,
    release: Annotated[str, typer.Option("--release", metavar="CODES", help="Who may read the reports.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or GeoJSON.")],
    mapping: Mapping = None,
    officer: As = None, as_json: Json = False,
) -> None:
    """Say every row of a CSV or GeoJSON file as a report; a second run says nothing twice.

    A bad row is listed with its line and reason, and the rest goes on. Exit status 1 where rows were bad
    and none could be said.
    """
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        released = tuple(sorted({cell, *codes(release, "--release")}))
        total = count_rows(file)
        with reach(data, frame.desks, frame.wiring) as access, progress("import", total) as step:
            who = officer_of(access, cell, "releaser", officer)
            rows = read_rows(file, mapping, release=released)
            outcome = say_rows(access, who, rows, lambda done: step(done, total))
        _print(outcome, as_json=as_json)
    if outcome.bad and not outcome.said and not outcome.skipped:
        raise typer.Exit(NOT_DONE)


def say_rows(access: Access, officer: Officer, rows: Iterable[GoodRow | BadRow],
             step: Callable[[int], None]) -> Outcome:
    """Say *rows* in batches of 1000, passing over those that the cell said before."""
    outcome = Outcome()
    for part in _parts(iter(rows)):
        good = []
        for row in part:
            if isinstance(row, BadRow):
                outcome.bad.append({"line": row.line, "reason": row.reason})
            else:
                good.append(row)
        _say(access, officer, good, outcome)
        step(outcome.rows)
    return outcome


def _say(access: Access, officer: Officer, rows: Sequence[GoodRow], outcome: Outcome) -> None:
    known = access.known(officer, [row.external_id for row in rows if row.external_id])
    fresh = []
    for row in rows:
        if row.external_id and row.external_id in known:
            outcome.skipped += 1
        else:
            known.add(row.external_id or "")
            fresh.append(row)
    if not fresh:
        return
    try:
        outcome.said += len(access.say_many(officer, "intelligence", [("report", row.fields) for row in fresh]))
    except (Malformed, Refused) as error:
        if len(fresh) == 1:
            outcome.bad.append({"line": fresh[0].line, "reason": str(error)})
            return
        # One of them is at fault: the halves are said apart, until it stands alone.
        middle = len(fresh) // 2
        _say(access, officer, fresh[:middle], outcome)
        _say(access, officer, fresh[middle:], outcome)


def _parts(rows: Iterator[GoodRow | BadRow]) -> Iterator[list[GoodRow | BadRow]]:
    while part := list(islice(rows, BATCH)):
        yield part


def _print(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        print_json({"said": outcome.said, "skipped": outcome.skipped, "bad": outcome.bad})
        return
    for row in outcome.bad[:SHOWN_MAX]:
        typer.echo(f"line {row['line']}: {row['reason']}", err=True)
    if len(outcome.bad) > SHOWN_MAX:
        typer.echo(f"and {len(outcome.bad) - SHOWN_MAX} more; --json lists all", err=True)
    typer.echo(f"said {outcome.said}, skipped {outcome.skipped}, bad {len(outcome.bad)}")
