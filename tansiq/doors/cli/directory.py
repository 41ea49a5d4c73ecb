"""The data directory between processes: one holds it, and says where it can be spoken to.

``lock`` is held with flock(2) for as long as a process has the centre open. A server besides writes
``server.json`` (mode 600): its port, and a token that makes whoever can read it the directory's owner.
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tansiq.errors import Conflict, Refused, Unavailable

LOCK = "lock"
SERVER = "server.json"
WAITING_MAX = 128


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the server of a directory answers, and the token of the directory's owner."""

    port: int
    token: str


@contextmanager
def hold(directory: Path) -> Iterator[None]:
    """Hold the directory for this process alone.

    Raises:
        Conflict: ``directory.held``, another process has it.
        Refused: ``directory.absent``.
        Unavailable: ``disk``.
    """
    if not directory.is_dir():
        raise Refused("directory.absent", "There is no directory {given}.", given=str(directory), field="data")
    try:
        handle = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise Conflict("directory.held", "Another process has {given} open.", given=str(directory)) from error
    try:
        yield
    finally:
        os.close(handle)


def listen(port: int) -> socket.socket:
    """Take a port of this machine. Connections wait from now on until the server answers them: take it before the
    server is announced, or whoever reads the note is turned away.

    Raises:
        Refused: ``port.taken``.
    """
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(WAITING_MAX)
    except OSError as error:
        listening.close()
        raise Refused("port.taken", "The port {port} of this machine is taken: choose another one with --port.",
                      port=str(port), field="--port") from error
    return listening


@contextmanager
def announce(directory: Path, server: Server) -> Iterator[None]:
    """Write where this process answers, and take it back at the end. Call it while the directory is held.

    Raises:
        Unavailable: ``disk``.
    """
    path = directory / SERVER
    try:
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(server))
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror) from error
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def server_of(directory: Path) -> Server | None:
    """Where the directory's server answers, if one holds it; a note that a dead server left counts for nothing."""
    try:
        data = (directory / SERVER).read_bytes()
        with hold(directory):
            return None
    except (FileNotFoundError, Refused, Unavailable):
        return None
    except Conflict:
        try:
            return msgspec.json.decode(data, type=Server)
        except msgspec.DecodeError:
            return None
