"""An officer's own page: its roles, its passkeys, its password."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from tansiq.doors.gate import OFFICER, session_cookie
from tansiq.doors.web.enter import elsewhere, status_of
from tansiq.doors.web.failures import sentence_of
from tansiq.doors.web.forms import one
from tansiq.doors.web.pages import Pages, redirect
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere, SentHere
from tansiq.errors import TansiqError
from tansiq.office import Officer


@get("/me", role=OFFICER, sync_to_thread=True)
def me(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[str]:
    """The officer's own page."""
    return _me(request, pages, officer)


@post("/me/password", role=OFFICER, sync_to_thread=True)
def password(request: Asked, pages: PagesHere, officer: OfficerHere, sent: SentHere) -> Response[Any]:
    """Set another password; all sessions of the officer end, and a new one begins."""
    try:
        token = pages.floor.entrance.another_password(officer, one(sent, "password"))
    except TansiqError as error:
        if error.code == "session.stale":
            raise
        return _me(request, pages, officer, fault=error)
    return redirect("/me", session_cookie(token, pages.floor.sign_in))


def _me(request: Asked, pages: Pages, officer: Officer, *, fault: TansiqError | None = None) -> Response[str]:
    office = pages.floor.entrance.office_of(officer.id)
    return pages.page(
        request, "me.html", status=status_of(fault), passkeys=office.passkeys.of(officer.id),
        password=office.passwords.has(officer.id), elsewhere=elsewhere(request, pages),
        fault_sentence=sentence_of(fault, pages.reader(request)) if fault else "")


HANDLERS: tuple[Any, ...] = (me, password)
