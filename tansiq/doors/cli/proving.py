"""Commands that write evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from tansiq.doors.cli.access import Access, officer_of, reach
from tansiq.doors.cli.checking import PublicFile, keep, read_basis, read_file
from tansiq.doors.cli.frame import As, CellCode, Data, Json, failures, frame_of, print_json
from tansiq.doors.proofs import convict_author, convict_member
from tansiq.errors import Malformed
from tansiq.office import Officer
from tansiq.wire import NOTE_BYTES_MAX

Output = Annotated[Path, typer.Option("--output", metavar="FILE", help="Write the evidence to this file.")]
First = Annotated[Path, typer.Option("--first", metavar="FILE", help="The one.")]
Second = Annotated[Path, typer.Option("--second", metavar="FILE", help="The other.")]

convictions = typer.Typer(help="Prove that a registrar or a member broke its word.", no_args_is_help=True)


def disclose(
    context: typer.Context, data: Data, cell: CellCode, act: Annotated[str, typer.Argument(metavar="ACT")], *,
    output: Output, label_only: Annotated[
        bool, typer.Option("--label-only", help="Show desk, kind and topic, and nothing of the words.")] = False,
    override: Annotated[str, typer.Option("--override", metavar="REASON", help="Disclose against the handling; the "
                                          "officer and the reason are recorded.")] = "",
    officer: As = None, as_json: Json = False,
) -> None:
    """Write a file that shows an act to anybody, with proof that its author said it."""
    _write(context, (data, cell, officer), output, lambda access, who: access.evidence(
        who, "disclosures", {"act": act, "label_only": label_only, "reason": override}), as_json=as_json)


def absence(
    context: typer.Context, data: Data, cell: CellCode, *,
    frm: Annotated[str, typer.Option("--from", metavar="CODE", help="Who would have said it.")],
    to: Annotated[str, typer.Option("--to", metavar="CODE", help="To whom.")],
    month: Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="In which month, UTC.")],
    desk: Annotated[str, typer.Option("--desk", metavar="NAME", help="On which desk.")], output: Output,
    kind: Annotated[str | None, typer.Option("--kind", metavar="NAME", help="Only acts of this kind.")] = None,
    topic: Annotated[str | None, typer.Option("--topic", metavar="ID", help="Only acts about this kind of "
                                              "support.")] = None,
    before: Annotated[str | None, typer.Option("--before", metavar="TIME", help="Up to the author's last entry that "
                                               "was ordered before this time.")] = None,
    officer: As = None, as_json: Json = False,
) -> None:
    """Write a certificate that nothing of the sort was said; either side of the pair can."""
    asked = {"author": frm, "to": to, "month": month, "desk": desk, "kind": kind, "topic": topic,
             "before": before}
    _write(context, (data, cell, officer), output, lambda access, who: access.evidence(who, "absences", asked),
           as_json=as_json)


def fold(
    context: typer.Context, data: Data, cell: CellCode,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Another reader's disclosure.")], *,
    officer: As = None, as_json: Json = False,
) -> None:
    """Fold an act that names this member and that its cell could not open, from another reader's disclosure."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        made = access.fold(officer_of(access, cell, "releaser", officer), read_file(file))
        if as_json:
            print_json(made)
        else:
            typer.echo(f"{made['id']} {'is folded.' if made['folded'] else 'was here already.'}")


def write_receipt(context: typer.Context, place: tuple[Path, str, str | None], act: str, output: Path, *,
                  as_json: bool) -> None:
    """Write the receipt of an act's entry."""
    _write(context, place, output, lambda access, who: access.evidence(who, "receipts", {"act": act}), as_json=as_json)


@convictions.command("misaddressed")
def misaddressed(
    context: typer.Context, data: Data, cell: CellCode, *, output: Output,
    entry: Annotated[str, typer.Option("--entry", metavar="ENTRY", help="An entry that names this member and does not "
                                       "open, by its author and number.")] = "",
    disclosure: Annotated[Path | None, typer.Option("--disclosure", metavar="FILE", help="Another reader's disclosure "
                                                    "of an act that names this member.")] = None,
    officer: As = None, as_json: Json = False,
) -> None:
    """Convict an author whose entry names this member and cannot be opened, or whose act names it and its slot is
    junk."""
    def write(access: Access, who: Officer) -> bytes:
        if disclosure is not None:
            return access.evidence(who, "convictions", {"disclosure": read_file(disclosure).decode("utf-8", "replace")})
        author, _, number = entry.partition(" ")
        if not number.isascii() or not number.isdecimal():
            raise Malformed("option.entry", "An entry is named by its author and number, not {given}.",
                            given=repr(entry[:40]),
                            field="entry")
        return access.evidence(who, "convictions", {"author": author, "number": int(number)})

    _write(context, (data, cell, officer), output, write, as_json=as_json)


@convictions.command("registrar")
def registrar(
    context: typer.Context, data: Data, cell: CellCode, *, output: Output, officer: As = None,
    note: Annotated[Path, typer.Option("--note", metavar="FILE", help="A checkpoint that was seen elsewhere.")],
    as_json: Json = False,
) -> None:
    """Convict a registrar of a checkpoint that this cell's journal does not bear out."""
    _write(context, (data, cell, officer), output, lambda access, who: access.evidence(
        who, "convictions", {"note": read_file(note, NOTE_BYTES_MAX).decode("utf-8", "replace")}), as_json=as_json)


@convictions.command("member")
def member(context: typer.Context, charter: PublicFile, first: First, second: Second, *, output: Output,
           as_json: Json = False) -> None:
    """Convict a member of two promises, or of a promise (first) and a cosignature (second), that contradict."""
    with failures(frame_of(context), as_json=as_json):
        notes = [read_file(path, NOTE_BYTES_MAX).decode("utf-8", "replace") for path in (first, second)]
        keep(output, convict_member(notes[0], notes[1], read_basis(charter)), as_json=as_json)


@convictions.command("author")
def author(context: typer.Context, charter: PublicFile, first: First, second: Second, *, output: Output,
           as_json: Json = False) -> None:
    """Convict an author of two settled entries with one number, from two receipts."""
    with failures(frame_of(context), as_json=as_json):
        keep(output, convict_author(read_file(first), read_file(second), read_basis(charter)), as_json=as_json)


def export(context: typer.Context, data: Data, *, output: Output, cell: Annotated[
        str | None, typer.Option("--cell", metavar="CODE", help="Whose copy; the first cell's without it.")] = None,
        as_json: Json = False,
) -> None:
    """Write the public part of a centre: charter, keys, introductions and mandates as one chain."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        code = cell or access.officers()[0].member
        keep(output, access.public(officer_of(access, code, "reader")), as_json=as_json)


def _write(context: typer.Context, place: tuple[Path, str, str | None], output: Path,
           write: Callable[[Access, Officer], bytes], *, as_json: bool) -> None:
    frame = frame_of(context)
    data, cell, officer = place
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        keep(output, write(access, officer_of(access, cell, "releaser", officer)), as_json=as_json)
