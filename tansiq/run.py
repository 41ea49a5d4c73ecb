"""Wiring: reads a data directory, builds everything and hands it over. Nothing else builds a centre."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from litestar import Litestar

from tansiq import wire
from tansiq.cell import founding
from tansiq.cell.desk import Desk
from tansiq.cell.links.local import LocalLink
from tansiq.cell.node import Cell
from tansiq.cell.partner import PartnerFollower
from tansiq.cell.registers import ActQuery
from tansiq.charter import Charter
from tansiq.desks import DESKS
from tansiq.doors import api, web
from tansiq.doors.api.errors import FAILURE_HANDLERS
from tansiq.doors.guard import Loopback
from tansiq.errors import Malformed, Refused, TansiqError, Unavailable, Untrusted
from tansiq.journal.sqlite import SqliteStore
from tansiq.keys.signing import SigningKey
from tansiq.office import Office, demonstration_officers
from tansiq.registrar.order import Registrar
from tansiq.registrar.verifying import verify_journal

ORDERED_WITHIN_S = 5.0
IDLE_S = 0.25
DEMONSTRATION = "demonstration.json"
STOP_WITHIN_S = 2


def now() -> int:
    """UTC milliseconds of this machine's clock."""
    return time.time_ns() // 1_000_000


def found(charter_text: str, directory: Path) -> None:
    """Found a centre for trial and tests, all cells in one directory; see ``cell.founding``."""
    founding.found(charter_text, directory, clock=now, desks=DESKS)


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One act of a demonstration; ``refers`` in its fields names earlier steps."""

    cell: str
    kind: str
    name: str
    fields: dict[str, Any]


class Centre:
    """Registrar and cells of one directory in one process. One thread steps the cells in turn; any thread asks.

    The cells reach the registrar through links alone, so that each may move to a machine of its own.
    """

    def __init__(self, registrar: Registrar, cells: Mapping[str, Cell], directory: Path) -> None:
        self.registrar = registrar
        self.directory = directory
        self.cells = dict(cells)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._stepping = threading.RLock()
        self._moved = threading.Condition()
        self._thread: threading.Thread | None = None
        self.faults: dict[str, str] = {}
        for cell in self.cells.values():
            cell.after_say = self._after_say

    @property
    def charter(self) -> Charter:
        """The charter in force."""
        return self.registrar.state.control.charter

    def step(self) -> bool:
        """Let every cell send, follow, cosign and fold once; tells whether anything moved."""
        moved = False
        with self._stepping:
            for code, cell in self.cells.items():
                try:
                    moved = cell.step() or moved
                    self.faults.pop(code, None)
                except (Unavailable, Untrusted, Malformed, Refused) as error:
                    # One cell's trouble is its own: it is shown in the status, and the others go on.
                    self.faults[code] = str(error)
        with self._moved:
            self._moved.notify_all()
        return moved

    def run_until_quiet(self, steps_max: int = 10_000) -> None:
        """Step until nothing moves."""
        for _ in range(steps_max):
            if not self.step():
                return

    def _after_say(self) -> None:
        """Something was said: order it now, by the thread where one runs, else here."""
        if self._thread is None:
            self.run_until_quiet()
            return
        self._wake.set()
        until = time.monotonic() + ORDERED_WITHIN_S
        with self._moved:
            while any(cell.outbox.count() for cell in self.cells.values()) and time.monotonic() < until:
                self._moved.wait(0.05)

    def start(self) -> None:
        """Begin to step in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="cells", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self.step():
                self._wake.wait(IDLE_S)
                self._wake.clear()

    def stop(self) -> None:
        """Stop stepping and let all files go."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        for cell in self.cells.values():
            cell.close()
        self.registrar.store.close()

    def status(self) -> dict[str, Any]:
        """Size, settled size, root and each cell's state: what ``/healthz`` answers."""
        cells = {code: cell.status() for code, cell in self.cells.items()}
        for code, why in self.faults.items():
            cells[code]["fault"] = why
        best = max(cells.values(), key=lambda status: status["settled"])
        return {"ready": True, "centre": self.registrar.state.control.centre.hex(),
                "size": self.registrar.store.size, "settled": best["settled"], "root": best["root"],
                "cosigners": best["cosigners"], "members": len(self.charter.members), "cells": cells}

    def verify(self, code: str | None, *, progress: Callable[[int, int], None]) -> dict[str, Any]:
        """Check a whole journal from its first entry: the registrar's, or a cell's copy.

        Raises:
            Untrusted: where it does not hold.
        """
        if code is None:
            return verify_journal(self.registrar.store, progress=progress)
        follower = self.cells[code].follower
        if isinstance(follower, PartnerFollower):
            return follower.verify()
        return verify_journal(follower.store, progress=progress)

    def rebuild(self, code: str, *, progress: Callable[[int, int], None]) -> dict[str, Any]:
        """Fold a cell's registers again from its journal."""
        with self._stepping:
            return {"cell": code, "entries": self.cells[code].rebuild(progress)}


def open_centre(directory: Path, desks: Sequence[Desk] = DESKS, *, clock: Callable[[], int] = now) -> Centre:
    """Open all that lies in a directory; the caller holds its lock.

    Raises:
        Refused: ``centre.absent``, nothing is founded there.
        Unavailable: the disk.
    """
    try:
        kept = msgspec.json.decode((directory / "registrar" / founding.KEYS).read_bytes(),
                                   type=founding.RegistrarSecrets)
    except FileNotFoundError as error:
        raise _absent(directory) from error
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error
    key = SigningKey.from_seed(wire.parse_base64(kept.sign))
    registrar = Registrar(SqliteStore(directory / "registrar" / founding.JOURNAL), key, clock=clock)
    if not registrar.state.size:
        raise _absent(directory)
    link, cells = LocalLink(registrar), {}
    charter = registrar.state.control.charter
    for code in [party.code for party in charter.parties]:
        folder = founding.cell_directory(directory, code)
        secrets = msgspec.json.decode((folder / founding.KEYS).read_bytes(), type=founding.Secrets)
        store = SqliteStore(folder / founding.JOURNAL) if code in [m.code for m in charter.members] else None
        cells[code] = Cell(folder, founding.keyring(code, secrets), link, desks, store=store, clock=clock)
    centre = Centre(registrar, cells, directory)
    centre.run_until_quiet()
    return centre


def _absent(directory: Path) -> Refused:
    return Refused("centre.absent", "No centre is founded in {given}.", given=str(directory), field="data")


def open_offices(centre: Centre) -> dict[str, Office]:
    """Open each cell's office, with the officers of a demonstration enrolled."""
    offices = {}
    for code, officers in demonstration_officers(centre.charter).items():
        office = Office.open(founding.cell_directory(centre.directory, code) / "office.db", clock=now)
        office.enrol(officers)
        offices[code] = office
    return offices


def application(centre: Centre, desks: Sequence[Desk], offices: Mapping[str, Office], *,
                token: str | None = None) -> Any:
    """Compose the doors into one ASGI application that answers loopback alone."""
    handlers = [*api.routes(centre, desks, offices, administration_token=token),
                *web.routes(centre, desks, offices)]
    app = Litestar(route_handlers=handlers, exception_handlers=FAILURE_HANDLERS, openapi_config=api.openapi_config())
    return Loopback(app)


def serve(directory: Path, desks: Sequence[Desk], *, port: int, token: str) -> None:
    """Serve the floor until it is told to stop; the caller holds the lock."""
    centre = open_centre(directory, desks)
    centre.start()
    try:
        play(centre)
        app = application(centre, desks, open_offices(centre), token=token)
        config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", http="httptools",
                                timeout_graceful_shutdown=STOP_WITHIN_S)
        print(f"The centre is open at http://127.0.0.1:{port}/", flush=True)
        asyncio.run(uvicorn.Server(config).serve())
    finally:
        centre.stop()


def play(centre: Centre) -> None:
    """Play ``demonstration.json`` of the data directory once, where it lies there and nothing has been said yet.

    Raises:
        Malformed: ``demonstration``, it cannot be read or played.
    """
    source = centre.directory / DEMONSTRATION
    said_before = any(cell.registers.count(ActQuery()) for cell in centre.cells.values())
    if not source.is_file() or said_before:
        return
    try:
        steps = msgspec.json.decode(source.read_bytes(), type=list[Step])
        said: dict[str, str] = {}
        for step in steps:
            fields = dict(step.fields)
            if "refers" in fields:
                fields["refers"] = [said[name] for name in fields["refers"]]
            officer = next(o.id for o in demonstration_officers(centre.charter)[step.cell] if "releaser" in o.roles)
            said[step.name] = centre.cells[step.cell].say(step.kind, fields, officer=officer)
    except (TansiqError, msgspec.DecodeError, KeyError, OSError) as error:
        raise Malformed("demonstration", "The demonstration cannot be played: {why}.", why=str(error)) from error
