"""Live arrival: 500 viewers on one cell while 50 acts a second are said, from the asking to every viewer's socket.

The viewers and who says live in a process of their own (``python -m bench.viewing PORT OWNER AUTHOR SESSION``), with
one clock for both ends: each act carries in its title the moment at which saying it was asked for.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from typing import Any

import httpx

from bench import trial
from bench.result import tell
from bench.serving import OWNER, served

VIEWERS = 500
ACTS_PER_S = 50
SECONDS = 12
SETTLE_S = 3.0
TARGET_MS = 100.0
_STAMP = re.compile(rb"stamp(\d{10,})")


def run() -> None:
    """Measure and tell."""
    with trial.centre(alone=True) as opened:
        author = trial.author(opened)
        with served(opened) as floor:
            given = [str(floor.port), OWNER, author.code, floor.sessions[author.code]]
            told = subprocess.run([sys.executable, "-m", "bench.viewing", *given], check=True, stdout=subprocess.PIPE,
                                  text=True)
    found = json.loads(told.stdout.splitlines()[-1])
    tell(f"live/arrival/{VIEWERS}_viewers/{ACTS_PER_S}_acts_per_s/p99", found["p99"], "ms", target=TARGET_MS,
         target_is_most=True, primitives={key: found[key] for key in ("p50", "answered_p50", "acts_per_s", "missed")})


class _Viewer(asyncio.Protocol):
    """One open stream, read as cheaply as can be: what 500 viewers cost is not to be counted as the server's."""

    def __init__(self, request: bytes, took: list[float]) -> None:
        self._request = request
        self._took = took
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.time_ns() // 1_000
        held = self._held + data
        whole = held.rfind(b"\n") + 1
        self._held = held[whole:]
        self._took.extend([(now - stamp) / 1000 for stamp in set(map(int, _STAMP.findall(held, 0, whole)))])


async def _say(client: httpx.AsyncClient, author: str, answered: list[float]) -> None:
    stamp = time.time_ns() // 1_000
    report = {"title": {"lang": "en", "text": f"stamp{stamp}"}, "text": {"lang": "en", "text": "A trial."},
              "occurred_from": 1_444_200_000_000, "occurred_until": 1_444_200_000_000, "source_reliability": "B",
              "information_credibility": "2", "release": [author]}
    answer = await client.post("/api/intelligence/report", json=report)
    assert answer.status_code == 201, answer.text
    answered.append((time.time_ns() // 1_000 - stamp) / 1000)


async def watch(port: int, owner: str, author: str, session: str) -> dict[str, Any]:
    """Open the streams, say acts at a steady pace, and count when each reached each viewer."""
    took: list[float] = []
    answered: list[float] = []
    request = (f"GET /live?lang=en&after=1000000000 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
               f"Cookie: tansiq={session}\r\nAccept: text/event-stream\r\n\r\n").encode()
    viewers = [await asyncio.get_running_loop().create_connection(lambda: _Viewer(request, took), "127.0.0.1", port)
               for _ in range(VIEWERS)]
    await asyncio.sleep(SETTLE_S)
    headers = {"Authorization": f"Bearer {owner}", "Tansiq-Officer": f"{author}-releaser"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:
        began, saying = time.monotonic(), []
        for number in range(ACTS_PER_S * SECONDS):
            await asyncio.sleep(max(0.0, began + number / ACTS_PER_S - time.monotonic()))
            saying.append(asyncio.create_task(_say(client, author, answered)))
        await asyncio.gather(*saying)
        spent = time.monotonic() - began
        await asyncio.sleep(SETTLE_S)
    for transport, _ in viewers:
        transport.close()
    took.sort()
    due = VIEWERS * len(saying)
    return {"p50": took[len(took) // 2], "p99": took[int(len(took) * 0.99)], "acts_per_s": len(saying) / spent,
            "answered_p50": sorted(answered)[len(answered) // 2], "missed": due - len(took)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(watch(int(sys.argv[1]), *sys.argv[2:5]))))
