"""Choosing an officer, and leaving."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromQuery

from tansiq.doors.web.pages import SESSION_COOKIE, own_address, redirect
from tansiq.doors.web.request import Asked, PagesHere, SentHere
from tansiq.office import SESSION_MS


@get("/enter", sync_to_thread=True)
def enter(request: Asked, pages: PagesHere, to: FromQuery[str] = "/") -> Response[str]:
    """Officers of every member whose cell lies here, to choose one."""
    officers = pages.floor.officers()
    grouped = [(member, sorted((o for o in officers if o.member == member.code), key=lambda o: -len(o.roles)))
               for member in pages.floor.charter.members]
    return pages.page(request, "enter.html", grouped=[pair for pair in grouped if pair[1]], to=own_address(to))


@post("/enter", sync_to_thread=True)
def begin(pages: PagesHere, sent: SentHere) -> Response[None]:
    """Begin a session as the officer that was chosen."""
    token = pages.floor.sign_in((sent.get("officer") or [""])[0])
    cookie = Cookie(SESSION_COOKIE, value=token, httponly=True, samesite="strict", path="/",
                    max_age=SESSION_MS // 1000)
    return redirect(own_address((sent.get("to") or ["/"])[0]), cookie)


@post("/leave", sync_to_thread=True)
def leave(request: Asked, pages: PagesHere) -> Response[None]:
    """End the session."""
    pages.floor.sign_out(request.cookies.get(SESSION_COOKIE, ""))
    return redirect("/enter", Cookie(SESSION_COOKIE, value="", httponly=True, samesite="strict", path="/", max_age=0))


HANDLERS: tuple[Any, ...] = (enter, begin, leave)
