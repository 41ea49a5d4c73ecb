"""The first page: what needs a person, the picture, and what arrives."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from tansiq.doors.gate import ADMINISTRATOR, OFFICER, READER
from tansiq.doors.web.needs import waiting
from tansiq.doors.web.pages import redirect
from tansiq.doors.web.present import events
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere

FEED_MAX = 60


@get("/", role=OFFICER, sync_to_thread=True)
def home(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[Any]:
    """What needs this officer, what is known on the map, and the live feed; an officer who reads nothing is sent to its
    own work."""
    if READER not in officer.roles:
        return redirect("/administration" if ADMINISTRATOR in officer.roles else "/charter")
    return pages.page(request, "home.html", feed=events(pages.floor, officer, limit=FEED_MAX),
                      needs=waiting(pages.floor, officer), checked=pages.floor.now())


HANDLERS: tuple[Any, ...] = (home,)
