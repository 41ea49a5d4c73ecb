"""Commands for what members sign with their state keys: a charter, new keys, a suspension, a return.

Three steps, since the members do not trust each other and state keys lie offline: an instrument is *written* from what
is in force; each member *signs* it where its key is, and is told what it signs; one cell *carries* it in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from tansiq import wire
from tansiq.cell.borders import FOLDER, lay_borders, require_borders
from tansiq.cell.keyfiles import draw_keys, lay_keys, public_keys
from tansiq.charter import parse_charter
from tansiq.doors.cli.access import officer_of, reach
from tansiq.doors.cli.centre import read_text
from tansiq.doors.cli.checking import keep, read_file
from tansiq.doors.cli.frame import CellCode, Data, Frame, Json, codes, failures, frame_of, print_json
from tansiq.errors import Malformed, Refused
from tansiq.evidence.instruments import (
    Opened,
    collect,
    draw_up,
    open_instrument,
    parse_signature,
    read_state_key,
    sign_instrument,
)
from tansiq.evidence.telling import tell
from tansiq.languages.messages import LANGUAGES
from tansiq.languages.sentences import say_sentence
from tansiq.registrar.control import Control
from tansiq.registrar.documents import CharterDoc, KeysDoc, PublicKeys, StandingDoc
from tansiq.registrar.signers import InstrumentKind

app = typer.Typer(help="Show, sign and carry in what members sign with their state keys.", no_args_is_help=True)
members = typer.Typer(help="Suspend a member, or let it return.", no_args_is_help=True)
keys = typer.Typer(help="Draw keys, and replace those of a party.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="INSTRUMENT", help="As `charter amend`, `member` and `keys replace` "
                                      "write it.")]
Output = Annotated[Path, typer.Option("--output", metavar="FILE", help="Write it to this file.")]
Whose = Annotated[str | None, typer.Option("--cell", metavar="CODE", help="Whose copy it is drawn up from; the first "
                                           "cell's without it.")]
Code = Annotated[str, typer.Argument(metavar="CODE")]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where `keys draw` put them.")]
KEY_BYTES_MAX = 16_384
PARTS = ("state", "sign", "seal")
_PARTY = re.compile(r"([A-Z0-9]{2,8})=(.+)", re.DOTALL)


def amend(
    context: typer.Context, data: Data, file: Annotated[Path, typer.Argument(metavar="CHARTER", help="The whole new "
                                                                            "charter, TOML.")], *,
    output: Output, cell: Whose = None,
    party: Annotated[list[str], typer.Option("--party", metavar="CODE=FOLDER", help="The keys of a party that joins, "
                                             "as `keys draw` put them into a folder.")] = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Write an amendment to be signed by all members that are not suspended, those that join among them."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        text = read_text(file)
        charter, joining = parse_charter(text), dict(map(_party, party))
        given = {code: public_keys(folder) for code, folder in joining.items()}
        for code in joining:
            if code not in [one.code for one in charter.parties]:
                raise Refused("instrument.joining", "{code} is no party of the new charter.", code=code, field="party")

        def make(control: Control) -> CharterDoc:
            held = _keys_in_force(control) | given
            lacking = sorted({one.code for one in charter.parties} - set(held))
            if lacking:
                raise Refused("instrument.joins", "The keys of {codes} are not known here: give them with --party.",
                              codes=", ".join(lacking), field="party")
            return CharterDoc(roster=len(control.rosters), charter=text, registrar=None,
                              keys={one.code: held[one.code] for one in charter.parties})

        made = _drawn_up(frame, (data, cell), "charter", make)
        if charter.borders.file is not None and (data / FOLDER / charter.borders.file).exists():
            require_borders(data / FOLDER / charter.borders.file, charter.borders.sha256 or "")
        lay_borders(charter, file.parent, data)
        for code, folder in joining.items():
            lay_keys(folder, data, code, joining=True)
        keep(output, made, as_json=as_json)


@members.command("suspend")
def suspend(context: typer.Context, data: Data, code: Code, *, output: Output, cell: Whose = None,
            as_json: Json = False) -> None:
    """Write the suspension of a member, to be signed by all others that are not suspended, at least three."""
    _standing(context, (data, cell), "suspension", code, output, as_json=as_json)


@members.command("return")
def let_return(context: typer.Context, data: Data, code: Code, *, output: Output, cell: Whose = None,
               as_json: Json = False) -> None:
    """Write the return of a suspended member, to be signed by all others that are not suspended, at least three."""
    _standing(context, (data, cell), "return", code, output, as_json=as_json)


@keys.command("draw")
def draw(context: typer.Context, folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Made if it is not "
                                                                       "there.")], *, as_json: Json = False) -> None:
    """Draw a state key (state.json, kept offline), the keys of a cell (keys.json), and the public ones to hand on."""
    with failures(frame_of(context), as_json=as_json):
        drawn = draw_keys(folder)
        if as_json:
            print_json({"folder": str(folder), "state": drawn.state, "sign": drawn.sign, "seal": drawn.seal})
        else:
            typer.echo(f"state       {drawn.state}\nsign        {drawn.sign}\n"
                       f"seal        sha256 {wire.sha256(wire.parse_base64(drawn.seal)).hex()}")


@keys.command("replace")
def replace(
    context: typer.Context, data: Data, code: Code, folder: Folder, *, output: Output, cell: Whose = None,
    only: Annotated[str, typer.Option("--only", metavar="KEYS", help="Which to replace: state, sign, seal, between "
                                      "commas; all three without it.")] = "",
    as_json: Json = False,
) -> None:
    """Write the replacement of a party's keys, to be signed by its state key; that lost, by a quorum of the others.

    Where keys.json lies in the folder, it is laid into the party's cell, which works with it once it is in force.
    """
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        which = codes(only, "--only") if only else PARTS
        if not set(which) <= set(PARTS):
            raise Malformed("option.keys", "--only takes state, sign and seal, not {given}.", given=repr(only[:40]),
                            field="--only")
        drawn = public_keys(folder)

        def make(control: Control) -> KeysDoc:
            held = _keys_in_force(control).get(code, drawn)
            named = {part: getattr(drawn if part in which else held, part) for part in PARTS}
            return KeysDoc(roster=len(control.rosters), member=code, **named)

        made = _drawn_up(frame, (data, cell), "keys", make)
        lay_keys(folder, data, code)
        keep(output, made, as_json=as_json)


@app.command("show")
def show(context: typer.Context, file: File, *, as_json: Json = False) -> None:
    """Say what an instrument does, who signs it and what it rests on; it needs no data directory."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        _print(_plain(open_instrument(read_file(file)), frame), as_json=as_json)


@app.command("sign")
def sign(
    context: typer.Context, file: File, *, output: Output,
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The member's state key: state.json, or in a trial "
                                      "keys.json of its cell.")],
    as_json: Json = False,
) -> None:
    """Sign an instrument with a member's state key, and say what was signed; it needs no data directory."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        opened, secret = open_instrument(read_file(file)), read_state_key(read_file(key, KEY_BYTES_MAX))
        made = sign_instrument(opened, secret)
        plain = _plain(opened, frame) | {"member": made.member, "file": str(output)}
        keep(output, wire.write(made), as_json=None)
        _print(plain, as_json=as_json)
        if not as_json:
            typer.echo(f"Signed by {made.member}: {output}.")


@app.command("carry")
def carry(
    context: typer.Context, file: File, data: Data, cell: CellCode, *,
    signatures: Annotated[list[Path], typer.Option("--signature", metavar="FILE", help="A signature, as `sign` wrote "
                                                   "it; once for each.")] = [],  # noqa: B006
    as_json: Json = False,
) -> None:
    """Carry an instrument into the journal through a member's cell, with all the signatures that it needs."""
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        opened = open_instrument(read_file(file))
        given = collect(opened, [parse_signature(read_file(path, KEY_BYTES_MAX)) for path in signatures])
        with reach(data, frame.desks, frame.wiring) as access:
            carried = access.carry(cell, opened.kind, opened.text, given)
        if as_json:
            print_json(carried)
        else:
            typer.echo(f"It is entry {carried['index']} of the journal, and makes roster {carried['roster']}; it is "
                       f"{'settled' if carried['settled'] else 'not settled yet'}.")


def _standing(context: typer.Context, place: tuple[Path, str | None], kind: InstrumentKind, code: str, output: Path, *,
              as_json: bool) -> None:
    frame = frame_of(context)
    with failures(frame, as_json=as_json):
        keep(output, _drawn_up(frame, place, kind, lambda control: StandingDoc(
            roster=len(control.rosters), member=code)), as_json=as_json)


def _drawn_up(frame: Frame, place: tuple[Path, str | None], kind: InstrumentKind,
              make: Callable[[Control], Any]) -> bytes:
    data, cell = place
    with reach(data, frame.desks, frame.wiring) as access:
        public = access.public(officer_of(access, cell or access.officers()[0].member, "reader"))
    return draw_up(public, kind, make)


def _keys_in_force(control: Control) -> dict[str, PublicKeys]:
    roster, b64 = control.roster, wire.write_base64
    return {party.code: PublicKeys(state=b64(party.state), sign=b64(party.sign), seal=b64(party.seal))
            for party in (*roster.members, *roster.partners)}


def _party(given: str) -> tuple[str, Path]:
    found = _PARTY.fullmatch(given)
    if found is None:
        raise Malformed("option.party", "--party takes CODE=FOLDER, not {given}.", given=repr(given[:80]),
                        field="--party")
    return found[1], Path(found[2])


def _plain(opened: Opened, frame: Frame) -> dict[str, Any]:
    lang = frame.lang if frame.lang in LANGUAGES else "en"
    told, signing = tell(opened, lang), opened.signing
    return {"kind": opened.kind, "centre": opened.basis.centre.hex(), "roster": opened.doc.roster,
            "document": opened.hash, "needed": sorted(signing.needed),
            "instead": {"enough": signing.enough, "of": sorted(signing.instead)} if signing.enough else None,
            "sentences": [say_sentence(one, lang, plain=True) for one in told.sentences],
            "words": list(told.words), "text": list(told.text)}


def _print(plain: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(plain)
        return
    for sentence in plain["sentences"]:
        typer.echo(sentence)
    for title, lines in (("The charter, as people read it", plain["words"]),
                         ("The charter, as it is written", plain["text"])):
        _print_lines(title, lines)


def _print_lines(title: str, lines: Sequence[str]) -> None:
    if lines:
        typer.echo(f"\n{title}")
        for line in lines:
            typer.echo(f"  {line}")
