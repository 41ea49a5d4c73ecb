"""Choosing an officer, leaving, and how pages look."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromQuery

from tansiq.doors.web.pages import SESSION_COOKIE, YEAR_S, redirect
from tansiq.doors.web.reader import THEME_COOKIE, THEMES
from tansiq.doors.web.request import Asked, PagesHere, SentHere
from tansiq.errors import Malformed
from tansiq.office import SESSION_MS


@get("/enter", sync_to_thread=True)
def enter(request: Asked, pages: PagesHere, to: FromQuery[str] = "/") -> Response[str]:
    """Officers of every member whose cell lies here, to choose one."""
    officers = pages.floor.officers()
    grouped = [(member, sorted((o for o in officers if o.member == member.code), key=lambda o: -len(o.roles)))
               for member in pages.floor.charter.members]
    return pages.page(request, "enter.html", grouped=[pair for pair in grouped if pair[1]], to=_own(to))


@post("/enter", sync_to_thread=True)
def begin(pages: PagesHere, sent: SentHere) -> Response[None]:
    """Begin a session as the officer that was chosen."""
    token = pages.floor.sign_in((sent.get("officer") or [""])[0])
    cookie = Cookie(SESSION_COOKIE, value=token, httponly=True, samesite="strict", path="/",
                    max_age=SESSION_MS // 1000)
    return redirect(_own((sent.get("to") or ["/"])[0]), cookie)


@post("/leave", sync_to_thread=True)
def leave(request: Asked, pages: PagesHere) -> Response[None]:
    """End the session."""
    pages.floor.sign_out(request.cookies.get(SESSION_COOKIE, ""))
    return redirect("/enter", Cookie(SESSION_COOKIE, value="", httponly=True, samesite="strict", path="/", max_age=0))


@post("/theme", sync_to_thread=False)
def theme(sent: SentHere) -> Response[None]:
    """Change between the dark and the light theme, and come back."""
    chosen = (sent.get("theme") or [""])[0]
    if chosen not in THEMES:
        raise Malformed("filter.choice", "{field} is one of {known}, not {given}.", field="theme",
                        known=", ".join(THEMES), given=repr(chosen[:20]))
    cookie = Cookie(THEME_COOKIE, value=chosen, httponly=True, samesite="strict", path="/", max_age=YEAR_S)
    return redirect(_own((sent.get("to") or ["/"])[0]), cookie)


def _own(address: str) -> str:
    """An address of ours, or the first page: nobody is sent elsewhere."""
    plain = address.startswith("/") and not address.startswith("//") and address.isprintable() and address.isascii()
    return address if plain and "\\" not in address else "/"


HANDLERS: tuple[Any, ...] = (enter, begin, leave, theme)
