"""Commands that found, serve, check and rebuild."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from tansiq.desks.widgets import read_instant
from tansiq.doors.cli.access import reach
from tansiq.doors.cli.directory import Server, announce, hold, listen, server_of
from tansiq.doors.cli.frame import CellCode, Data, Json, failures, frame_of, print_json, progress
from tansiq.errors import Conflict, Refused, TansiqError, Unavailable


class SignInWay(Enum):
    """How officers come in."""

    choose = "choose"
    prove = "prove"


CharterFile = Annotated[Path, typer.Option("--charter", metavar="FILE", help="The charter, TOML.")]


INIT_HELD = ("founded.served", "A server has {given} open: a centre is founded there already, and is founded only "
             "once.")
SERVE_HELD = ("directory.served", "A server has {given} open already: a directory has one server at a time.")
BEFORE_FOUNDING = ("lock", "server.json", "clock.json", "demonstration", "borders")
"""What may lie in a directory in which nothing is founded yet."""


def init(
    context: typer.Context, data: Data, charter: CharterFile, *, clock: Annotated[
        str, typer.Option("--clock", metavar="T", help="The trial's own time at its founding, as "
                          "2015-10-07T09:30Z; it runs on from there.")] = "",
    as_json: Json = False,
) -> None:
    """Found a centre for trial and tests: registrar and all cells in one directory.

    It is done once, before anything is served: a directory that a server has open is founded already, and refused.
    """
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        text = read_text(charter)
        at_ms = read_instant(clock, "", "--clock") if clock else None
        _make(data)
        with _alone(data, INIT_HELD), hold(data):
            frame.wiring.found(text, data, at_ms=at_ms, beside=charter.parent)
        print_json({"data": str(data)}) if as_json else typer.echo(f"The centre is founded in {data}.")


def serve(
    context: typer.Context, data: Data, *, port: Annotated[
        int, typer.Option("--port", min=1, max=65535, help="The port on 127.0.0.1.")] = 8400,
    charter: Annotated[Path | None, typer.Option("--charter", metavar="FILE", help="Found it first, where nothing "
                                                 "is founded.")] = None,
    hold_s: Annotated[int, typer.Option("--hold", metavar="SECONDS", min=0, max=600, help="How long what is said on a "
                                        "page can be taken back before it is sealed; flash and immediate go at "
                                        "once.")] = 30,
    sign_in: Annotated[SignInWay | None, typer.Option("--sign-in", help="Officers are chosen, or prove who they are; "
                       "without it they are chosen where the charter is an exercise.")] = None,
    origin: Annotated[str | None, typer.Option("--origin", metavar="URL", help="The floor's address for browsers: "
                      "passkeys are made for it. http://localhost and the port without it.")] = None,
) -> None:
    """Serve the floor on this machine until it is told to stop (Ctrl-C).

    One server has a directory open at a time; all other commands go through it meanwhile.
    """
    frame = frame_of(context)
    with failures(frame):
        founded = data.is_dir() and any(path.name not in BEFORE_FOUNDING for path in data.iterdir())
        text = read_text(charter) if charter is not None and not founded else None
        _make(data)
        with _alone(data, SERVE_HELD), hold(data), listen(port) as listening:
            if text is not None and charter is not None:
                beside = charter.with_suffix(".demonstration")
                begins = frame.wiring.lay_demonstration(beside, data) if beside.is_dir() else None
                frame.wiring.found(text, data, at_ms=begins, beside=charter.parent)
            server = Server(port, secrets.token_urlsafe(32))
            with announce(data, server):
                frame.wiring.serve(data, frame.desks, listening=listening, token=server.token, hold_s=hold_s,
                                   origin=origin, sign_in=sign_in.value if sign_in is not None else None)


def play(context: typer.Context, data: Data, folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where the steps lie.")], *, as_json: Json = False) -> None:
    """Play a folder of steps in a trial: its clock is moved forward to the time of the story, for all who are in it."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        said = access.play(folder)
        print_json({"said": said}) if as_json else typer.echo(f"{said} acts were said.")


def officers(context: typer.Context, data: Data, *, as_json: Json = False) -> None:
    """List the officers of all cells in a directory."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        found = access.officers()
        if as_json:
            print_json([{"id": o.id, "name": o.name, "member": o.member, "roles": o.roles} for o in found])
        else:
            for officer in found:
                typer.echo(f"{officer.id:<20} {', '.join(officer.roles)}")


def enrol(
    context: typer.Context, data: Data,
    officer: Annotated[str, typer.Argument(metavar="OFFICER", help="As `tansiq officers` lists it.")], *,
    as_json: Json = False,
) -> None:
    """Draw a code with which an officer enters once, to make a passkey or set a password. It is shown only here."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        code = access.enrol(officer)
        print_json({"officer": officer, "code": code}) if as_json else typer.echo(code)


def verify(
    context: typer.Context, data: Data, *, cell: Annotated[
        str | None, typer.Option("--cell", metavar="CODE", help="A cell's copy; the registrar's without it.")] = None,
    as_json: Json = False,
) -> None:
    """Check a whole journal: every signature, every chain, the tree, the cosignatures."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        with progress("verify") as step:
            proved = access.verify(cell, progress=step)
        if as_json:
            print_json(proved)
        else:
            for name, value in proved.items():
                typer.echo(f"{name:<12} {value}")


def rebuild(context: typer.Context, data: Data, cell: CellCode, *, as_json: Json = False) -> None:
    """Fold a cell's registers again from its journal."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json), reach(data, frame.desks, frame.wiring) as access:
        with progress("rebuild") as step:
            built = access.rebuild(cell, progress=step)
        if as_json:
            print_json(built)
        else:
            for name, value in built.items():
                typer.echo(f"{name:<12} {value}")


@contextmanager
def _alone(data: Path, held: tuple[str, str]) -> Iterator[None]:
    """Say why a server that has the directory open keeps this command out; another process is named as elsewhere."""
    code, why = held
    if server_of(data) is not None:
        raise Conflict(code, why, given=str(data))
    yield


def read_text(path: Path) -> str:
    """Read a small text file.

    Raises:
        Refused: ``file.unreadable``, absent, not a file, over 1 MiB or not UTF-8.
    """
    unreadable: TansiqError = Refused("file.unreadable", "The file {given} cannot be read.", given=str(path))
    try:
        if path.stat().st_size > 1024 * 1024:
            raise unreadable
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable from error


def _make(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error
