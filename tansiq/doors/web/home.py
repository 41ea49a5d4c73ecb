"""The first page: what needs a person, the picture, and what arrives."""

from __future__ import annotations

import time
from typing import Any

from litestar import Response, get

from tansiq.doors.web.present import events, kind_title, unread, unsettled
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere

FEED_MAX = 60
NEEDS_MAX = 20


@get("/", sync_to_thread=True)
def home(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[str]:
    """What needs this officer, recent acts on the map, and the live feed."""
    floor = pages.floor
    return pages.page(
        request, "home.html", feed=events(floor, officer, limit=FEED_MAX),
        urgent=unread(floor, officer, limit=NEEDS_MAX), own=unsettled(floor, officer, limit=NEEDS_MAX),
        checked=floor.now(), title_of=lambda kind: kind_title(floor.desks, kind))


HANDLERS: tuple[Any, ...] = (home,)
