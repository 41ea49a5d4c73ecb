"""Wiring: reads a data directory, builds everything and hands it over. Nothing else builds a centre."""

from __future__ import annotations

import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar

from tansiq.cell import borders, founding, takeover
from tansiq.cell.desk import Desk
from tansiq.cell.following import Follower
from tansiq.cell.keyfiles import read_keyring
from tansiq.cell.links import Peer
from tansiq.cell.links.local import LocalLink
from tansiq.cell.node import Cell
from tansiq.cell.partner import PartnerFollower
from tansiq.charter import Charter, parse_charter
from tansiq.desks import DESKS
from tansiq.doors import api, web
from tansiq.doors.api.errors import FAILURE_HANDLERS
from tansiq.doors.floor import Floor
from tansiq.doors.guard import Loopback
from tansiq.doors.papers import Clerk
from tansiq.errors import Conflict, Malformed, Refused, TansiqError, Unavailable, Untrusted
from tansiq.journal import Store
from tansiq.journal.sqlite import SqliteStore
from tansiq.office import Office, SignIn, demonstration_officers, sign_in_of
from tansiq.registrar.control import Control
from tansiq.registrar.order import Registrar
from tansiq.registrar.verifying import verify_journal
from tansiq.run import demonstration
from tansiq.run.clock import TrialClock
from tansiq.run.instruments import TrialInstruments
from tansiq.run.log import TileLog
from tansiq.run.mandates import TrialMandates

ORDERED_WITHIN_S = 5.0
FOLDED_WITHIN_S = 1.0
IDLE_S = 0.25
SWITCH_S = 0.001
STOP_WITHIN_S = 2
HOLD_S = 30
STEPS_MAX = 10_000
LOOK_S = 0.02


def found(charter_text: str, directory: Path, *, at_ms: int | None = None, beside: Path | None = None) -> None:
    """Found a centre for trial and tests, all cells in one directory; *at_ms* sets its clock (see ``TrialClock``).

    A borders file that the charter names lies in the folder *beside*, and is laid into the directory.
    """
    borders.lay_borders(parse_charter(charter_text), beside or directory, directory)
    clock = TrialClock(directory)
    if at_ms is not None:
        clock.begin(at_ms)
    founding.found(charter_text, directory, clock=clock, desks=DESKS)


def _nothing() -> None:
    """Something was said, and nobody is told."""


class Centre:
    """Registrar and cells of one directory in one process. One thread steps the cells in turn; any thread asks.

    The cells reach the registrar through links alone, so that each may move to a machine of its own.
    """

    def __init__(self, link: LocalLink, cells: Mapping[str, Cell], directory: Path, *,
                 desks: Sequence[Desk], clock: Callable[[], int]) -> None:
        """*clock* is that of cells and registrar; only a trial's can be moved forward, by ``advance``."""
        self.link = link
        self.clock = clock
        self.directory = directory
        self.desks = tuple(desks)
        self.advance: Callable[[int], None] = clock.advance if isinstance(clock, TrialClock) else _stand_still
        self.cells = dict(cells)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._stepping = threading.RLock()
        self._moved = threading.Condition()
        self._thread: threading.Thread | None = None
        self.faults: dict[str, str] = {}
        self.story: tuple[int, int] | None = None
        """How many steps of a demonstration that is being played were said, of how many; None: it is over."""
        self._playing = threading.Lock()
        self.chores: list[Callable[[], None]] = []
        """What is done beside the steps, at least four times a second, by the thread that steps."""
        self.mandates = TrialMandates(self)
        self.instruments = TrialInstruments(self)
        self.log = TileLog(self._journal)
        for cell in self.cells.values():
            cell.after_say = partial(self._after_say, cell)
            cell.fetch_sealed = self._sealed_of
            cell.peers = self.peers(but=cell.code)

    @property
    def registrar(self) -> Registrar:
        """The registrar in force.

        Raises:
            Unavailable: ``registrar.absent``, none lies in this directory.
        """
        return self.link.registrar

    @registrar.setter
    def registrar(self, registrar: Registrar | None) -> None:
        self.link.turn_to(registrar)

    @property
    def control(self) -> Control:
        """What open entries have established, as the registrar holds it, or where it is lost the furthest cell."""
        if self.link.is_there:
            return self.registrar.state.control
        return max((cell.follower.state for cell in self.cells.values()), key=lambda state: state.size).control

    def _journal(self) -> tuple[Store, Control]:
        """The registrar's journal, or where it is lost the furthest member's copy."""
        if self.link.is_there:
            return self.registrar.store, self.control
        best = max((cell.follower for cell in self.cells.values() if isinstance(cell.follower, Follower)),
                   key=lambda follower: follower.size)
        return best.store, best.state.control

    def peers(self, *, but: str = "") -> dict[str, Peer]:
        """The members' cells here, as others see them, without one."""
        return {code: cell.as_peer for code, cell in self.cells.items() if code != but and cell.as_peer is not None}

    @contextmanager
    def still(self) -> Iterator[None]:
        """Hold all cells still: nothing is followed, folded or cosigned meanwhile."""
        with self._stepping:
            yield

    def _sealed_of(self, author: str, digest: str) -> bytes | None:
        """Ask the author's cell for a sealed attachment."""
        found: bytes | None = self.cells[author].attachments.sealed(digest) if author in self.cells else None
        return found

    @property
    def charter(self) -> Charter:
        """The charter in force."""
        return self.control.charter

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
                    moved = cell.fold() or moved
        with self._moved:
            self._moved.notify_all()
        return moved

    def run_until_quiet(self) -> None:
        """Step until nothing moves."""
        for _ in range(STEPS_MAX):
            if not self.step():
                return

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Let no cell send or follow inside: each seals what it says with what it has seen so far."""
        before = {code: cell.after_say for code, cell in self.cells.items()}
        with self.still():
            for cell in self.cells.values():
                cell.after_say = _nothing
            try:
                yield
            finally:
                for code, cell in self.cells.items():
                    cell.after_say = before[code]

    def _after_say(self, cell: Cell) -> None:
        """A cell said something: send it from here, and wait until that is ordered, and folded by the cell itself.

        Nothing else is waited for. What cannot be sent now stays in the outbox, and the thread tries again.
        """
        if self._thread is None:
            self.run_until_quiet()
            return
        if threading.current_thread() is self._thread:
            return  # a chore said it: the step that follows orders it
        said, until = cell.outbox.mark(), time.monotonic() + ORDERED_WITHIN_S
        try:
            while not cell.outbox.through(said) and cell.code not in self.faults and time.monotonic() < until:
                if not cell.speaker.offer():  # it waits to be sealed: that is done where the cell is stepped
                    self._wait_moved(lambda: cell.outbox.through(said), LOOK_S)
        except TansiqError:
            self._wake.set()
            return
        size = cell.outbox.placed_to
        self._wait_moved(lambda: cell.registers.latest() >= size, FOLDED_WITHIN_S)

    def _wait_moved(self, done: Callable[[], bool], seconds: float) -> None:
        self._wake.set()
        with self._moved:
            self._moved.wait_for(done, seconds)

    def start(self) -> None:
        """Begin to step in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="cells", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopping.is_set():
            for chore in self.chores:
                chore()
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
        if self.link.is_there:
            self.registrar.store.close()

    def play(self, folder: Path) -> int:
        """Play a folder of steps, also while others speak; how many it has. The clock is moved to the story's time.

        Raises:
            Malformed: ``demonstration``, there are none, or one cannot be read or played; what was said before it
                stays.
            Conflict: ``demonstration.playing``, another is being played.
        """
        steps = demonstration.read_steps(folder)
        if not steps:
            raise Malformed("demonstration", "The demonstration cannot be played: {why}.",
                            why=f"no steps in {folder.name}")
        for _ in self.telling(folder):
            pass
        return len(steps)

    def telling(self, folder: Path) -> Iterator[tuple[int, int]]:
        """As ``play``, step by step; meanwhile ``story`` says how far it has come.

        Raises:
            Malformed, Conflict: as of ``play``.
        """
        if not self._playing.acquire(blocking=False):
            raise Conflict("demonstration.playing", "A story is being played already: wait until it is over.")
        try:
            for progress in tell(self, folder):
                self.story = progress
                yield progress
        finally:
            self.story = None
            self._playing.release()

    def status(self) -> dict[str, Any]:
        """Size, settled size, root and each cell's state: what ``/healthz`` answers."""
        cells = {code: cell.status() for code, cell in self.cells.items()}
        for code, why in self.faults.items():
            cells[code]["fault"] = why
        best = max(cells.values(), key=lambda status: status["settled"])
        size = self.registrar.store.size if self.link.is_there else max(status["size"] for status in cells.values())
        return {"ready": True, "centre": self.control.centre.hex(), "size": size, "settled": best["settled"],
                "root": best["root"], "cosigners": best["cosigners"], "members": len(self.charter.members),
                "quorum": self.control.roster.quorum,
                "present": [member.code for member in self.control.roster.present], "mandate": self.control.version,
                "story": self.story,
                "registrar": self.link.is_there, "cells": cells}

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

    def fold(self, code: str, file: bytes, *, officer: str, progress: Callable[[int, int], None]) -> dict[str, Any]:
        """Take an act from another reader's disclosure into a cell, and fold its registers again where it is new.

        Raises:
            Malformed, Untrusted, Refused: see ``Intake.take``; nothing was kept.
        """
        with self._stepping:
            cell = self.cells[code]
            name, is_new = cell.intake.take(file, officer=officer, at=cell.now())
            if is_new:
                cell.rebuild(progress)
        return {"id": name, "folded": is_new}


def _stand_still(to_ms: int) -> None:
    """A clock that is handed in is moved by whoever handed it in."""


def open_centre(directory: Path, desks: Sequence[Desk] = DESKS, *, clock: Callable[[], int] | None = None) -> Centre:
    """Open all that lies in a directory; the caller holds its lock. Its time is *clock*'s, or the trial's own.

    Raises:
        Refused: ``centre.absent``, nothing is founded there.
        Unavailable: the disk.
    """
    clock = clock or TrialClock(directory)
    link, drawn = LocalLink(_registrar(directory, clock)), borders.BordersFolder(directory / borders.FOLDER)
    charter, cells = founding.charter_of(directory), {}
    try:
        for code in [party.code for party in charter.parties]:
            folder = founding.cell_directory(directory, code)
            if not (folder / founding.KEYS).exists():
                continue  # it joined, and its cell lies elsewhere
            store = SqliteStore(folder / founding.JOURNAL) if code in [m.code for m in charter.members] else None
            cells[code] = Cell(folder, read_keyring(directory, code), link, desks, store=store, clock=clock,
                               territories=drawn)
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error
    centre = Centre(link, cells, directory, desks=desks, clock=clock)
    centre.run_until_quiet()
    return centre


def _registrar(directory: Path, clock: Callable[[], int]) -> Registrar | None:
    """The registrar of a directory; None where it is lost.

    Raises:
        Unavailable: the disk.
    """
    try:
        registrar = takeover.open_registrar(directory / takeover.FOLDER, clock)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error
    if registrar.state.size:
        return registrar
    # A key whose journal is gone must not begin another: the cells hold one.
    registrar.store.close()
    return None


def open_offices(centre: Centre) -> dict[str, Office]:
    """Open each cell's office. In an exercise the officers of a demonstration are enrolled; else an administrator
    alone, who needs a code (``tansiq enrol``) and makes the others."""
    offices = {}
    for code, officers in demonstration_officers(centre.charter).items():
        if code not in centre.cells:
            continue
        if not centre.charter.exercise:
            officers = tuple(one for one in officers if "administrator" in one.roles)
        folder = founding.cell_directory(centre.directory, code)
        office = Office.open(folder / "office.db", clock=centre.cells[code].now)
        office.enrol(officers, again=False)
        offices[code] = office
    return offices


def application(centre: Centre, desks: Sequence[Desk], offices: Mapping[str, Office], *,
                token: str | None = None, hold_ms: int = 0, sign_in: SignIn | None = None) -> Any:
    """Compose the doors into one ASGI application that answers loopback alone.

    *hold_ms* is how long what an officer says on a page can be taken back before it is sealed.
    """
    clerk = Clerk(Floor(centre, desks, offices), hold_ms=hold_ms)
    centre.chores.append(clerk.release_due)
    handlers = [*api.routes(centre, desks, offices, administration_token=token, sign_in=sign_in),
                *web.routes(centre, desks, offices, hold_ms=hold_ms, sign_in=sign_in)]
    app = Litestar(route_handlers=handlers, exception_handlers=FAILURE_HANDLERS, openapi_config=api.openapi_config())
    return Loopback(app, origin=lambda: sign_in.origin if sign_in is not None else "")


def serve(directory: Path, desks: Sequence[Desk], *, listening: socket.socket, token: str, hold_s: int = HOLD_S,
          sign_in: str | None = None, origin: str | None = None) -> None:
    """Serve the floor on *listening* until told to stop; the caller holds the lock. *hold_s*: see ``application``.

    *sign_in* is ``choose``, ``prove`` or, by the charter, neither; *origin* is the floor's address for browsers.

    Raises:
        Refused: ``signin.exercise``, ``centre.absent``.
        Malformed: ``origin``.
    """
    port = listening.getsockname()[1]
    # One process folds and answers: who waits for an answer waits a millisecond for its turn, and not five.
    sys.setswitchinterval(SWITCH_S)
    centre = open_centre(directory, desks)
    try:
        entering = sign_in_of(centre.charter, given=sign_in, origin=origin or f"http://localhost:{port}")
        centre.start()
        app = application(centre, desks, open_offices(centre), token=token, hold_ms=hold_s * 1000, sign_in=entering)
        address = f"http://127.0.0.1:{port}" if entering.choosing else entering.origin
        print(f"The centre is open at {address}/", flush=True)
        server = server_of(app)
        story = threading.Thread(target=_tell_beside, args=(centre, server), name="story", daemon=True)
        story.start()
        server.run(sockets=[listening])
        server.should_exit = True
        story.join()
    finally:
        centre.stop()


def server_of(app: Any) -> uvicorn.Server:
    """The server of a floor; its ``run`` answers until told to stop, on the event loop of uvloop."""
    return uvicorn.Server(uvicorn.Config(app, log_level="warning", http="httptools",
                                         timeout_graceful_shutdown=STOP_WITHIN_S))


def lay_demonstration(folder: Path, directory: Path) -> int | None:
    """Lay the files of a demonstration into a directory: the server plays them once; returns when its story begins.

    Raises:
        Malformed: ``demonstration``.
        Unavailable: ``disk``.
    """
    steps = demonstration.read_steps(folder)
    try:
        shutil.copytree(folder, directory / demonstration.FOLDER, dirs_exist_ok=True)
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=str(error)) from error
    return demonstration.begins_at(steps)


def play(centre: Centre, folder: Path | None = None) -> None:
    """Play a folder of steps, or the one that lies in the directory: what of it was not said before.

    Raises:
        Malformed: ``demonstration``, it cannot be read or played.
    """
    for _ in tell(centre, folder):
        pass


def tell(centre: Centre, folder: Path | None = None) -> Iterator[tuple[int, int]]:
    """As ``play``, step by step: gives how many steps were said, of how many."""
    steps = demonstration.read_steps(folder or centre.directory / demonstration.FOLDER)
    roles = {form.kind.name: form.role for desk in centre.desks for form in desk.forms}
    return demonstration.telling(centre, steps, roles, demonstration.Said(centre.directory))


def _tell_beside(centre: Centre, server: uvicorn.Server) -> None:
    """Let the story arrive while the floor answers already; what goes wrong with it is said on the terminal."""
    while not server.started and not server.should_exit:
        time.sleep(LOOK_S)
    try:
        for _ in centre.telling(centre.directory / demonstration.FOLDER):
            if server.should_exit:
                return
    except (Malformed, Conflict) as error:
        print(error, file=sys.stderr, flush=True)
