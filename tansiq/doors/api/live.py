"""The live stream: one event for each entry that the officer's cell has folded (server-sent events)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anyio
import msgspec
from litestar import Request, get
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from tansiq.doors.api.request import FloorHere, OfficerHere
from tansiq.errors import Malformed

LOOK_S = 0.2
QUIET_S = 15.0
CATCH_UP_MAX = 500


@get("/live", media_type="text/event-stream", sync_to_thread=False)
def live(request: Request[Any, Any, Any], floor: FloorHere, officer: OfficerHere) -> ServerSentEvent:
    """Follow what the officer's cell folds: event ``entry``, its id the entry's index, its data the entry.

    Resumes after ``Last-Event-ID``. Where more than 500 entries were missed, one event ``behind`` comes first:
    read the lists again.
    """
    officer.require("reader")
    registers = floor.cell(officer.member).registers
    return ServerSentEvent(_follow(registers, _last_seen(request)))


def _last_seen(request: Request[Any, Any, Any]) -> int | None:
    given = request.headers.get("last-event-id", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        raise Malformed("request.shape", "The request is not what this address takes: {why}.",
                        why="Last-Event-ID is the index of an entry", field="Last-Event-ID")
    return int(given)


async def _follow(registers: Any, seen: int | None) -> AsyncIterator[ServerSentEventMessage]:
    latest = await anyio.to_thread.run_sync(_latest, registers)
    seen = latest if seen is None or seen > latest else seen
    yield ServerSentEventMessage(comment="open", data=None)
    quiet = 0.0
    while True:
        rows = await anyio.to_thread.run_sync(_after, registers, seen)
        if len(rows) == CATCH_UP_MAX and rows[0].index > seen + 1:
            yield ServerSentEventMessage(event="behind", data=str(rows[0].index))
        for row in rows:
            seen = row.index
            yield ServerSentEventMessage(event="entry", id=row.index, data=msgspec.json.encode(row))
        quiet = 0.0 if rows else quiet + LOOK_S
        if quiet >= QUIET_S:
            quiet = 0.0
            yield ServerSentEventMessage(comment="quiet", data=None)
        await anyio.sleep(LOOK_S)


def _latest(registers: Any) -> int:
    return int(registers.latest()) - 1


def _after(registers: Any, seen: int) -> list[Any]:
    """Entries after *seen*, oldest first, at most the newest 500."""
    if _latest(registers) <= seen:
        return []
    return [row for row in reversed(registers.entries(before=None, limit=CATCH_UP_MAX)) if row.index > seen]


HANDLERS = (live,)
