"""Coming in: choosing an officer in an exercise, else a password or a code; showing once more to be there; leaving.

What a browser does with passkeys stands in ``passkeys.py``.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Response, get, post
from litestar.params import FromQuery

from tansiq.doors.gate import ANYONE, OFFICER, session_cookie, session_of
from tansiq.doors.web.failures import STATUS, sentence_of
from tansiq.doors.web.forms import Sent, one
from tansiq.doors.web.pages import Pages, own_address, redirect
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere, SentHere
from tansiq.errors import TansiqError


@get("/enter", role=ANYONE, sync_to_thread=True)
def enter(request: Asked, pages: PagesHere, to: FromQuery[str] = "/") -> Response[Any]:
    """Officers of every member whose cell lies here, to choose one; where they sign in, how to."""
    here = elsewhere(request, pages)
    if here and not pages.floor.sign_in.choosing:
        return redirect(here)
    return _enter(request, pages, own_address(to))


@post("/enter", role=ANYONE, sync_to_thread=True)
def begin(request: Asked, pages: PagesHere, sent: SentHere) -> Response[Any]:
    """Begin a session: as the officer that was chosen, or with a password; the one before ends."""
    entrance, officer, to = pages.floor.entrance, one(sent, "officer"), own_address(one(sent, "to") or "/")
    if "password" not in sent:
        return come_in(request, pages, entrance.choose(officer), to)
    try:
        return come_in(request, pages, entrance.with_password(officer, one(sent, "password")), to)
    except TansiqError as error:
        return _enter(request, pages, to, fault=error, officer_id=officer)


@get("/enter/enrol", role=ANYONE, sync_to_thread=True)
def enrol_form(request: Asked, pages: PagesHere) -> Response[Any]:
    """Where an officer enters with the code of an administrator, to make a passkey or set a password."""
    here = elsewhere(request, pages)
    return redirect(here) if here and not pages.floor.sign_in.choosing else _enrol(request, pages, {})


@post("/enter/enrol", role=ANYONE, sync_to_thread=True)
def enrol(request: Asked, pages: PagesHere, sent: SentHere) -> Response[Any]:
    """Set a password with a code, and come in."""
    try:
        token = pages.floor.entrance.enrol_password(one(sent, "officer"), one(sent, "code"), one(sent, "password"))
    except TansiqError as error:
        return _enrol(request, pages, sent, fault=error)
    return come_in(request, pages, token, "/")


@get("/again", role=OFFICER, sync_to_thread=True)
def again_form(request: Asked, pages: PagesHere, officer: OfficerHere, to: FromQuery[str] = "/") -> Response[str]:
    """Where an officer shows once more to be there."""
    return _again(request, pages, officer.id, own_address(to))


@post("/again", role=OFFICER, sync_to_thread=True)
def again(request: Asked, pages: PagesHere, officer: OfficerHere, sent: SentHere) -> Response[Any]:
    """Show to be there with a password, and go on."""
    to = own_address(one(sent, "to") or "/")
    try:
        pages.floor.entrance.prove_with_password(session_of(request), one(sent, "password"))
    except TansiqError as error:
        return _again(request, pages, officer.id, to, fault=error)
    return redirect(to)


@post("/leave", role=OFFICER, sync_to_thread=True)
def leave(request: Asked, pages: PagesHere) -> Response[None]:
    """End the session."""
    pages.floor.entrance.leave(session_of(request))
    return redirect("/enter", session_cookie("", pages.floor.sign_in))


def come_in(request: Asked, pages: Pages, token: str, to: str) -> Response[None]:
    """Go on with the session that has just begun; the one that came along has ended."""
    pages.floor.entrance.leave(session_of(request))
    return redirect(to, session_cookie(token, pages.floor.sign_in))


def elsewhere(request: Asked, pages: Pages) -> str:
    """The same page at the floor's own address, where passkeys work; empty where this is it."""
    origin = pages.floor.sign_in.origin
    if request.headers.get("host", "") == urlsplit(origin).netloc:
        return ""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{origin}{quote(request.url.path)}{query}"


def status_of(error: TansiqError | None) -> int:
    """The status of a page that shows a failure, or none."""
    return next(status for family, status in STATUS.items() if isinstance(error, family)) if error else 200


def _enter(request: Asked, pages: Pages, to: str, *, fault: TansiqError | None = None,
           officer_id: str = "") -> Response[str]:
    grouped = []
    if pages.floor.sign_in.choosing:
        officers = pages.floor.officers()
        mine = [(member, sorted((o for o in officers if o.member == member.code), key=lambda o: -len(o.roles)))
                for member in pages.floor.charter.parties]
        grouped = [pair for pair in mine if pair[1]]
    return _page(request, pages, "enter.html", fault, grouped=grouped, to=to, officer_id=officer_id,
                 choosing=pages.floor.sign_in.choosing)


def _enrol(request: Asked, pages: Pages, sent: Sent, *, fault: TansiqError | None = None) -> Response[str]:
    return _page(request, pages, "enrol.html", fault, officer_id=one(sent, "officer"), code=one(sent, "code"),
                 elsewhere=elsewhere(request, pages))


def _again(request: Asked, pages: Pages, officer_id: str, to: str, *,
           fault: TansiqError | None = None) -> Response[str]:
    office = pages.floor.entrance.office_of(officer_id)
    return _page(request, pages, "again.html", fault, to=to, passkeys=bool(office.passkeys.of(officer_id)))


def _page(request: Asked, pages: Pages, template: str, fault: TansiqError | None, **context: Any) -> Response[str]:
    sentence = sentence_of(fault, pages.reader(request)) if fault else ""
    return pages.page(request, template, status=status_of(fault), fault_sentence=sentence,
                      fault_field=fault.field if fault else None, **context)


HANDLERS: tuple[Any, ...] = (enter, begin, enrol_form, enrol, again_form, again, leave)
