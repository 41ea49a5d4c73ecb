"""What the owner of the data directory may ask of a running server: the command line speaks to these."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from tansiq.doors.api.request import FloorHere
from tansiq.doors.gate import ANYONE, OWNER
from tansiq.errors import Unavailable
from tansiq.registrar.signers import InstrumentKind


class Carried(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An instrument to be carried in: its kind, the exact JSON of its document, and state-key signatures by member."""

    kind: InstrumentKind
    doc: str
    signatures: dict[str, str]


@get("/healthz", role=ANYONE, sync_to_thread=True)
def healthz(floor: FloorHere) -> dict[str, Any]:
    """The journal's size, how much is settled, and each cell's lag.

    Raises:
        Unavailable: ``centre.opening``, not ready yet.
    """
    status = floor.centre.status()
    if not status.get("ready", True):
        raise Unavailable("centre.opening", "The centre is opening.")
    return status


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A story to be played: the folder of its steps, on this machine."""

    folder: str


@post("/cells/{code:str}/verify", role=OWNER, status_code=200, sync_to_thread=True)
def verify(floor: FloorHere, code: FromPath[str]) -> dict[str, Any]:
    """Check a cell's whole copy of the journal; ``registrar`` for the registrar's own."""
    return floor.centre.verify(None if code == "registrar" else floor.cell(code).code, progress=floor.telling(code))


@post("/cells/{code:str}/rebuild", role=OWNER, status_code=200, sync_to_thread=True)
def rebuild(floor: FloorHere, code: FromPath[str]) -> dict[str, Any]:
    """Fold a cell's registers again from its journal."""
    return floor.centre.rebuild(floor.cell(code).code, progress=floor.telling(code))


@get("/cells/{code:str}/progress", role=OWNER, sync_to_thread=False)
def progress(floor: FloorHere, code: FromPath[str]) -> dict[str, int]:
    """How far the check or the rebuild of a cell has come, while one runs: entries done, of so many."""
    done, total = floor.work.get(code, (0, 0))
    return {"done": done, "total": total}


@get("/mandate", role=OWNER, sync_to_thread=True)
def mandate(floor: FloorHere) -> dict[str, Any]:
    """The mandate in force, the officers who answer for its promises, and the registrar that was drawn."""
    shown: dict[str, Any] = floor.mandates.show()
    return shown


@post("/mandate/draw", role=OWNER, status_code=200, sync_to_thread=True)
def draw_registrar(floor: FloorHere, again: FromQuery[bool] = False) -> dict[str, Any]:
    """Draw the next registrar's key, or tell which was drawn; with ``again`` give that one up."""
    drawn: dict[str, Any] = floor.mandates.draw(again=again)
    return drawn


@post("/mandate/promises/{code:str}", role=OWNER, status_code=200, sync_to_thread=True)
def promise(floor: FloorHere, code: FromPath[str], unordered: FromQuery[bool] = False) -> dict[str, Any]:
    """Have a member's cell promise the registrar that was drawn; its note.

    With ``unordered`` before the officer's decision that the charter asks for is ordered: it is owed until then.
    """
    given: dict[str, Any] = floor.mandates.promise(code, unordered=unordered)
    return given


@post("/mandate/enforce", role=OWNER, status_code=200, sync_to_thread=True)
def enforce(floor: FloorHere, data: JSONBody[list[str]], carrier: FromQuery[str | None] = None) -> dict[str, Any]:
    """Put the registrar that was drawn in force; the body lists notes of promises given elsewhere, if any."""
    shown: dict[str, Any] = floor.mandates.enforce(carrier=carrier, notes=data)
    return shown


@post("/cells/{code:str}/instruments", role=OWNER, status_code=200, sync_to_thread=True)
def carry(floor: FloorHere, code: FromPath[str], data: JSONBody[Carried]) -> dict[str, Any]:
    """Have a member's cell carry in a charter, keys, a suspension or a return with the signatures that it needs."""
    carried: dict[str, Any] = floor.instruments.carry(code, data.kind, data.doc, data.signatures)
    return carried


@post("/stories", role=OWNER, status_code=200, sync_to_thread=True)
def play(floor: FloorHere, data: JSONBody[Story]) -> dict[str, int]:
    """Play a folder of steps in a trial: its clock is moved forward to the time of the story, for all who are in it."""
    return {"said": floor.centre.play(Path(data.folder))}


HANDLERS = (verify, rebuild, progress, mandate, draw_registrar, promise, enforce, carry, play)
