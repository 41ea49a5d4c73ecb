"""The live stream of the floor: rows ready to stand in the feed, as server-sent events."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import anyio
from litestar import get
from litestar.params import FromQuery
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from tansiq.doors.web.frame import frame
from tansiq.doors.web.pages import Pages
from tansiq.doors.web.present import events
from tansiq.doors.web.reader import Reader
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere
from tansiq.office import Officer

LOOK_S = 0.25
QUIET_S = 15.0
ROWS_MAX = 100


@get("/live", media_type="text/event-stream", sync_to_thread=False)
def live(request: Asked, pages: PagesHere, officer: OfficerHere, after: FromQuery[int] = -1) -> ServerSentEvent:
    """Follow what the officer's cell folds: each message holds rows, and the strip anew.

    Resumes after ``Last-Event-ID``; *after* is the index of the newest entry that the page already shows.
    """
    officer.require("reader")
    last = request.headers.get("last-event-id", "")
    seen = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else after
    return ServerSentEvent(_follow(pages, pages.reader(request), officer, seen))


async def _follow(pages: Pages, reader: Reader, officer: Officer, seen: int) -> AsyncIterator[ServerSentEventMessage]:
    registers, cursor, quiet = pages.floor.cell(officer.member).registers, -2, 0.0
    yield ServerSentEventMessage(comment="open", data=None)
    while True:
        latest = await anyio.to_thread.run_sync(registers.latest)
        if latest != cursor:
            cursor = latest
            newest, rows = await anyio.to_thread.run_sync(partial(_rows, pages, reader, officer, seen))
            if rows:
                seen, quiet = newest, 0.0
                yield ServerSentEventMessage(id=newest, data=rows)
        quiet += LOOK_S
        if quiet >= QUIET_S:
            quiet = 0.0
            yield ServerSentEventMessage(comment="quiet", data=None)
        await anyio.sleep(LOOK_S)


def _rows(pages: Pages, reader: Reader, officer: Officer, seen: int) -> tuple[int, str]:
    fresh = events(pages.floor, officer, limit=ROWS_MAX, after=seen)
    if not fresh:
        return seen, ""
    now_ms = pages.floor.now()
    text = pages.part(reader, "arrived.html", events=fresh, officer=officer,
                      frame=frame(pages.floor, officer, reader, now_ms=now_ms))
    return fresh[0].entry.index, text


HANDLERS: tuple[Any, ...] = (live,)
