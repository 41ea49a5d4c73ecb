"""How pages look to a reader: theme, digits and calendar, kept in cookies that hold nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, post
from litestar.datastructures import Cookie

from tansiq.doors.gate import ANYONE
from tansiq.doors.web.pages import YEAR_S, own_address, redirect
from tansiq.doors.web.reader import CALENDAR_COOKIE, DIGITS, DIGITS_COOKIE, THEME_COOKIE, THEMES
from tansiq.doors.web.request import SentHere
from tansiq.errors import Malformed
from tansiq.languages.calendars import CALENDARS

CHOICES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "theme": (THEME_COOKIE, THEMES), "digits": (DIGITS_COOKIE, DIGITS), "calendar": (CALENDAR_COOKIE, CALENDARS),
}


@post("/display", role=ANYONE, sync_to_thread=False)
def display(sent: SentHere) -> Response[None]:
    """Take what was chosen of theme, digits and calendar, and come back."""
    cookies = []
    for name, (cookie, known) in CHOICES.items():
        chosen = (sent.get(name) or [""])[0]
        if chosen and chosen not in known:
            raise Malformed("filter.choice", "{field} is one of {known}, not {given}.", field=name,
                            known=", ".join(known), given=repr(chosen[:20]))
        if chosen:
            cookies.append(Cookie(cookie, value=chosen, httponly=True, samesite="strict", path="/", max_age=YEAR_S))
    return redirect(own_address((sent.get("to") or ["/"])[0]), *cookies)


HANDLERS: tuple[Any, ...] = (display,)
