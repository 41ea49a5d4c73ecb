"""The command that checks a file of evidence, offline, and how commands read and write files.

It stands apart, and loads what it needs and no more: the desks, the cell and the server are none of its affairs.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from tansiq.doors.cli.frame import Frame, Json, failures, frame_of, language_of, print_json
from tansiq.errors import Refused, TansiqError, Unavailable
from tansiq.evidence import Basis, Verdict, open_basis, verify
from tansiq.languages.messages import LANGUAGES
from tansiq.languages.sentences import Sentence, say_sentence
from tansiq.wire import EVIDENCE_BYTES_MAX

NAME = "verify"
PublicFile = Annotated[Path, typer.Option("--charter", metavar="PUBLIC", help="The public part of the centre, as "
                                          "`charter export` wrote it.")]
IT_DOES_NOT_PROVE = Sentence("What it does not prove:")
_WRITTEN = "Written to {file}: {size} bytes."


def alone() -> typer.Typer:
    """A command line of this one command."""
    app = typer.Typer(name="tansiq", add_completion=False, pretty_exceptions_enable=False)

    @app.callback()
    def begin(context: typer.Context) -> None:
        nothing: Any = None
        context.obj = Frame((), nothing, language_of(os.environ))

    app.command(NAME)(check)
    return app


def check(
    context: typer.Context, charter: PublicFile, file: Annotated[Path, typer.Argument(metavar="FILE")], *,
    lang: Annotated[str, typer.Option("--lang", metavar="TAG", help="The language of the answer.")] = "",
    as_json: Json = False,
) -> None:
    """Check a file of evidence, offline: what it proves, and what it does not. Exit status 0 only if it is proved."""
    frame = frame_of(context)
    spoken = lang or frame.lang
    with failures(Frame(frame.desks, frame.wiring, spoken), as_json=as_json):
        verdict, said = verify(read_file(file), read_basis(charter)), spoken if spoken in LANGUAGES else "en"
        if as_json:
            print_json(_plain(verdict, said))
        else:
            _print(verdict, said)


def _plain(verdict: Verdict, lang: str) -> dict[str, Any]:
    """A verdict for programs: ``proved`` is true, and what is proved stands in ``sentence``; its sentences are said."""
    plain: dict[str, Any] = msgspec.to_builtins(verdict)
    for part in ("besides", "not_proved", "checked"):
        plain[part] = [say_sentence(one, lang, plain=True) for one in getattr(verdict, part)]
    return plain | {"proved": True, "sentence": say_sentence(verdict.proved, lang, plain=True)}


def _print(verdict: Verdict, lang: str) -> None:
    def say(sentence: Sentence) -> str:
        return say_sentence(sentence, lang, plain=True)

    typer.echo(say(verdict.proved))
    for one in verdict.besides:
        typer.echo(f"  {say(one)}")
    typer.echo(say(IT_DOES_NOT_PROVE))
    for one in verdict.not_proved:
        typer.echo(f"  - {say(one)}")


def keep(output: Path, data: bytes, *, as_json: bool | None) -> None:
    """Write what a command made to a file, and tell; None tells nothing.

    Raises:
        Unavailable: ``disk``.
    """
    try:
        output.write_bytes(data)
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error
    if as_json:
        print_json({"file": str(output), "size": len(data)})
    elif as_json is not None:
        typer.echo(_WRITTEN.format(file=output, size=len(data)))


def read_basis(path: Path) -> Basis:
    """Read the public part of a centre from a file."""
    return open_basis(read_file(path))


def read_file(path: Path, limit: int = EVIDENCE_BYTES_MAX) -> bytes:
    """Read a file that was named on the command line.

    Raises:
        Refused: ``file.unreadable``, absent, not a file or over *limit* bytes.
    """
    unreadable: TansiqError = Refused("file.unreadable", "The file {given} cannot be read.", given=str(path))
    try:
        if path.stat().st_size > limit:
            raise unreadable
        return path.read_bytes()
    except OSError as error:
        raise unreadable from error
