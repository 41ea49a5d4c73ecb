"""What every command shares: its options, how failures end it, how answers are printed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console

from tansiq.doors.sentences import sentence
from tansiq.errors import Conflict, Malformed, Refused, TansiqError, Unavailable, Untrusted

if TYPE_CHECKING:
    from tansiq.cell.desk import Desk
    from tansiq.doors.cli.access import Wiring

DONE, NOT_DONE, MISUSED = 0, 1, 2

EXIT: Mapping[type[TansiqError], int] = {
    Malformed: NOT_DONE,
    Untrusted: NOT_DONE,
    Refused: NOT_DONE,
    Conflict: NOT_DONE,
    Unavailable: NOT_DONE,
}
"""Family to exit status: total over ``FAMILIES``."""

MISUSE = ("filter.", "desk.unknown", "act.unknown", "option.")
"""Codes, or their beginnings, that say that the command line itself was wrong."""

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The data directory of the centre.")]
CellCode = Annotated[str, typer.Option("--cell", metavar="CODE", help="The member whose cell answers.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
As = Annotated[str | None, typer.Option("--officer", metavar="ID", help="Act as this officer of the cell.")]


@dataclass(frozen=True)
class Frame:
    """What a command line was built with, and the language of its messages."""

    desks: tuple[Desk, ...]
    wiring: Wiring
    lang: str


def frame_of(context: typer.Context) -> Frame:
    """The frame that the command line was built with."""
    found = context.find_object(Frame)
    assert found is not None, "the callback of the command line sets the frame"
    return found


def language_of(environment: Mapping[str, str]) -> str:
    """The primary tag of ``LANG`` (``ar_IQ.UTF-8`` is ``ar``); English for ``C`` and where nothing stands."""
    tag = environment.get("LANG", "").split(".")[0].split("_")[0].lower()
    return tag if len(tag) == 2 and tag.isalpha() else "en"


def exit_of(error: TansiqError) -> int:
    """The exit status of a failure."""
    if error.code.startswith(MISUSE):
        return MISUSED
    return next(status for family, status in EXIT.items() if isinstance(error, family))


@contextmanager
def failures(frame: Frame, *, as_json: bool = False) -> Iterator[None]:
    """Turn a failure into one sentence on the error stream, and its exit status.

    Raises:
        typer.Exit: 1 refused or not proved, 2 misused.
    """
    try:
        yield
    except TansiqError as error:
        said = sentence(error, (frame.lang,))
        if as_json:
            print_json({"code": error.code, "sentence": said, "field": error.field})
        typer.echo(said, err=True)
        raise typer.Exit(exit_of(error)) from error


def print_json(value: Any) -> None:
    """Print one JSON document, and a line's end."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


def console() -> Console:
    """The terminal for tables; as wide as it says, at least 100 columns where it is a file."""
    return Console(width=None if sys.stdout.isatty() else int(os.environ.get("COLUMNS", "140")))


@contextmanager
def progress(words: str, total: int | None = None) -> Iterator[Callable[[int, int | None], None]]:
    """Show how far something has come, on the error stream; call what it yields with (done, total)."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def codes(given: str, option: str) -> Sequence[str]:
    """Read codes between commas.

    Raises:
        Malformed: ``option.codes``.
    """
    parts = [part.strip() for part in given.split(",")]
    if not all(parts):
        raise Malformed("option.codes", "{option} takes codes between commas, not {given}.", option=option,
                        given=repr(given[:80]), field=option)
    return parts
