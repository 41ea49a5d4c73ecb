"""The live stream of the floor, as server-sent events: rows of the feed, the journal's state, what needs a person."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

from litestar import get
from litestar.params import FromQuery
from litestar.response import Stream

from tansiq.doors.gate import session_of
from tansiq.doors.web.pages import HEADERS
from tansiq.doors.web.request import Asked, ChannelsHere, OfficerHere, PagesHere
from tansiq.errors import Untrusted
from tansiq.office import Officer

SESSION_ASKED_S = 10.0


@get("/live", looking=True, sync_to_thread=False)
def live(request: Asked, pages: PagesHere, officer: OfficerHere, channels: ChannelsHere,
         after: FromQuery[int] = -1) -> Stream:
    """Follow what the officer's cell folds.

    Resumes after ``Last-Event-ID``; *after* is the index of the newest entry that the page already shows. Events:
    ``rows``, ``state``, ``needs``, and ``behind`` where more was missed than is kept ready: read the page again.
    """
    officer.require("reader")
    last = request.headers.get("last-event-id", "")
    seen = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else after
    channel = channels.of(officer, pages.reader(request))
    return Stream(
        _while_signed_in(channel.follow(seen), partial(pages.floor.session, session_of(request), looking=True)),
        media_type="text/event-stream; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": HEADERS["X-Content-Type-Options"]})


@get("/live/echo", looking=True, status_code=204, sync_to_thread=False)
def echo(officer: OfficerHere) -> None:
    """Answer at once: how long this takes is how far away the cell is, and a failure says that the session is over."""


async def _while_signed_in(messages: AsyncIterator[bytes], session: Callable[[], Officer]) -> AsyncIterator[bytes]:
    """Pass messages on until the session ends; that it ended is the last thing said."""
    asked = time.monotonic()
    async for message in messages:
        yield message
        if time.monotonic() > asked + SESSION_ASKED_S:
            asked = time.monotonic()
            try:
                session()
            except Untrusted:
                yield b"event: ended\ndata: {}\n\n"
                return


HANDLERS: tuple[Any, ...] = (live, echo)
