"""A centre's floor, served on loopback by this process, with sessions ready."""

from __future__ import annotations

import logging
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tansiq.desks import DESKS
from tansiq.run import SWITCH_S, Centre, application, open_offices, server_of

OWNER = "the-owner-of-the-bench"
WITHIN_S = 20.0


@dataclass(frozen=True)
class Floor:
    """Where the floor answers, and the session of a reading officer of each member, by its code."""

    port: int
    sessions: dict[str, str]

    @property
    def address(self) -> str:
        """The address of the first page."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served(opened: Centre) -> Iterator[Floor]:
    """Serve a centre until the block ends."""
    logging.getLogger("httpx").disabled = True  # a line a request would be measured too
    sys.setswitchinterval(SWITCH_S)  # as the server does
    offices = open_offices(opened)
    app = application(opened, DESKS, offices, token=OWNER)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = server_of(app)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    end = time.monotonic() + WITHIN_S
    while not server.started and time.monotonic() < end:
        time.sleep(0.02)
    try:
        yield Floor(port, {code: office.sign_in(f"{code}-reader") for code, office in offices.items()})
    finally:
        server.should_exit = True
        thread.join(WITHIN_S)
