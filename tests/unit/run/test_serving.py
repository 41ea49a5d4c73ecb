"""How a floor is served."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import httpx

from tansiq.run import server_of


async def _tell_loop(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] in ("http", "lifespan")
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": type(asyncio.get_running_loop()).__module__.encode()})


def test_a_floor_answers_on_the_faster_loop() -> None:
    """Hundreds of open streams are served by uvloop's event loop, not by the one that Python brings."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = server_of(_tell_loop)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            assert httpx.get(f"http://127.0.0.1:{listening.getsockname()[1]}/", timeout=20).text == "uvloop"
        finally:
            server.should_exit = True
            thread.join(20)
