"""A floor that answers on this machine, in a thread, for as long as a test needs it."""

from __future__ import annotations

import socket
import threading
import time
from types import TracebackType
from typing import Any

import pytest
import uvicorn

from tansiq.doors.web.assets import FOLDER

WITHIN_S = 20.0


def require_pages() -> None:
    """Skip, and say why, where the pages are not built."""
    if not (FOLDER / "manifest.json").is_file():
        pytest.skip("the pages are not built (script/bootstrap)")


def free_port() -> int:
    """A port of this machine that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


class Serving:
    """Answers at a port with an application; it can be taken away and given back. Centre and offices stay."""

    def __init__(self, app: Any, port: int) -> None:
        self._app, self._port = app, port
        self._server: uvicorn.Server
        self._thread: threading.Thread

    def begin(self) -> None:
        """Answer, in a thread."""
        self._server = uvicorn.Server(uvicorn.Config(self._app, host="127.0.0.1", port=self._port, log_level="warning",
                                                     ws="none", timeout_graceful_shutdown=1))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        end = time.monotonic() + WITHIN_S
        while not self._server.started and time.monotonic() < end:
            time.sleep(0.05)

    def end(self) -> None:
        """Answer no more; open streams are cut."""
        self._server.should_exit = True
        self._thread.join(WITHIN_S)

    def __enter__(self) -> Serving:
        self.begin()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.end()
