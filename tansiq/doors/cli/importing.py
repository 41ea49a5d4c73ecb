"""The command that says the rows of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from tansiq.cell.desk import Desk, Form
from tansiq.desks.importing import BadRow, Doubled, Row, fresh, read_rows
from tansiq.desks.mapping import Mapping, parse_mapping
from tansiq.doors.cli.access import Access, officer_of, reach
from tansiq.doors.cli.centre import read_text
from tansiq.doors.cli.frame import (
    NOT_DONE,
    As,
    CellCode,
    Data,
    Frame,
    Json,
    codes,
    failures,
    frame_of,
    print_json,
    progress,
)
from tansiq.errors import Malformed, Refused
from tansiq.office import Officer

MappingFile = Annotated[Path | None, typer.Option("--mapping", metavar="FILE", help="Which column is what, TOML.")]
TextLang = Annotated[str, typer.Option("--text-lang", metavar="TAG", help="The language of texts, where neither "
                                       "mapping nor column gives it.")]
Zone = Annotated[str, typer.Option("--zone", metavar="ZONE", help="The zone of instants, where nothing gives it.")]
BATCH = 1_000
SHOWN_MAX = 20
KIND = "report"


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


@dataclass(frozen=True)
class Speaker:
    """Who says the rows: through what, as which officer, at which desk in which form, released to whom."""

    access: Access
    officer: Officer
    desk: Desk
    form: Form
    release: tuple[str, ...]


def import_file(
    context: typer.Context, data: Data, cell: CellCode, *,
    release: Annotated[str, typer.Option("--release", metavar="CODES", help="Who may read what is said.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or GeoJSON.")], mapping: MappingFile = None,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="What each row is, where no mapping says it.")]
    = KIND, text_lang: TextLang = "", zone: Zone = "", officer: As = None, as_json: Json = False,
) -> None:
    """Say every row of a CSV or GeoJSON file, as a report or another kind; a second run says nothing twice.

    A bad row is listed with its line and reason, and the rest goes on: exit status 0. It is 1 where rows were
    bad and none was said, now or before.
    """
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        chosen = parse_mapping(read_text(mapping)) if mapping is not None else None
        desk = _desk(frame, chosen, kind)
        rows = read_rows(file, chosen, desk, kind=kind, defaults={"lang": text_lang, "zone": zone})
        released = tuple(sorted({cell, *codes(release, "--release")}))
        with reach(data, frame.desks, frame.wiring) as access, progress("import") as step:
            who = officer_of(access, cell, "releaser", officer)
            speaker = Speaker(access, who, desk, desk.form(chosen.kind if chosen else kind), released)
            outcome = say_rows(speaker, rows, lambda done: step(done, None))
    _print(outcome, as_json=as_json)
    if outcome.bad and not outcome.said and not outcome.skipped:
        raise typer.Exit(NOT_DONE)


def say_rows(speaker: Speaker, rows: Iterable[Row | BadRow], step: Callable[[int], None]) -> Outcome:
    """Say *rows* in batches, passing over those that the cell said before."""
    outcome = Outcome()
    marked = fresh(rows, lambda ids: speaker.access.known(speaker.officer, ids, speaker.desk.name))
    for part in _parts(iter(marked)):
        good: list[Row] = []
        for row in part:
            if isinstance(row, BadRow):
                outcome.bad.append({"line": row.line, "reason": row.reason, "column": row.column})
            elif isinstance(row, Doubled):
                outcome.skipped += 1
            else:
                good.append(row)
        if good:
            _say(speaker, good, outcome)
        step(outcome.rows)
    return outcome


def _say(speaker: Speaker, rows: Sequence[Row], outcome: Outcome) -> None:
    acts = [row.fields for row in rows]
    if speaker.form.rows is not None:
        acts = speaker.form.rows.gather(acts)
    items = [(speaker.form.kind.name, {**fields, "release": speaker.release}) for fields in acts]
    try:
        speaker.access.say_many(speaker.officer, speaker.desk.name, items)
        outcome.said += len(rows)
    except (Malformed, Refused) as error:
        if error.code.startswith(("officer.", "session.")):
            raise
        if len(rows) == 1:
            outcome.bad.append({"line": rows[0].line, "reason": str(error), "column": error.field})
            return
        # One of them is at fault: the halves are said apart, until it stands alone.
        middle = len(rows) // 2
        _say(speaker, rows[:middle], outcome)
        _say(speaker, rows[middle:], outcome)


def _desk(frame: Frame, mapping: Mapping | None, kind: str) -> Desk:
    for desk in frame.desks:
        if desk.name == mapping.desk if mapping else any(form.kind.name == kind for form in desk.forms):
            return desk
    raise Malformed("desk.unknown", "There is no desk {given}.", given=repr((mapping.desk if mapping else kind)[:40]))


def _parts(rows: Iterator[Row | BadRow | Doubled]) -> Iterator[list[Row | BadRow | Doubled]]:
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
