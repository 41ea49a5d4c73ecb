"""The gate before every address: what role it asks, whose session this is, whether a change comes from our pages.

An address says in its ``opt`` which ``role`` it asks: one of the charter's, or ``officer`` (any that is in), ``owner``
(who has read the directory's token), ``machine`` (programs on this machine, and nobody whom a proxy brings) or
``anyone``. One that says nothing asks for a reader: what was forgotten is shut. ``looking`` marks what a
page asks by itself.

A change that comes with a cookie must bring the page's own token, in a form's field ``csrf`` or the header
``Tansiq-CSRF``: the cookie alone would come along with a stranger's form too.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request
from litestar.datastructures import Cookie

from tansiq import wire
from tansiq.doors.floor import Floor
from tansiq.doors.guard import SAFE_METHODS, host_is_loopback
from tansiq.errors import Untrusted
from tansiq.office import SESSION_MS, Officer, SignIn, absent

SESSION_COOKIE = "tansiq"
VISIT_COOKIE = "tansiq-visit"
CSRF_FIELD, CSRF_HEADER = "csrf", "tansiq-csrf"
OFFICER_HEADER = "Tansiq-Officer"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
ANYONE, MACHINE, OFFICER, OWNER = "anyone", "machine", "officer", "owner"
READER, DRAFTER, ADMINISTRATOR = "reader", "drafter", "administrator"
REFRESHED = "tansiq-refreshed"
"""The header of a page that brings itself up to date."""
_KEPT = "tansiq_officer"

Asked = Request[Any, Any, Any]
Guard = Callable[[Any, Any], Awaitable[None]]


def gate(floor: Floor, *, programs: bool = False) -> Guard:
    """Make the guard of one floor's addresses; *programs* may bring a token as ``Authorization: Bearer``.

    The guard lets a request through, or raises ``Untrusted`` (``session.absent``, ``session.csrf``) or ``Refused``
    (``officer.role``). It is a function, since the framework copies whatever else it is handed.
    """
    async def hold(request: Any, handler: Any) -> None:
        role = handler.opt.get("role", READER)
        bearer = bearer_of(request) if programs else ""
        if request.method not in SAFE_METHODS and not bearer:
            await require_own_page(request, bound=not programs)
        if role == ANYONE or (role == MACHINE and host_is_loopback(request.headers.get("host", ""))):
            return
        if role == MACHINE:
            raise absent()
        if role == OWNER:
            if not floor.is_administration(bearer):
                raise absent()
            return
        officer = _officer(floor, request, bearer, looking=bool(handler.opt.get("looking")))
        request.scope["state"][_KEPT] = officer
        if role != OFFICER:
            officer.require(role)

    return hold


def _officer(floor: Floor, request: Asked, bearer: str, *, looking: bool) -> Officer:
    if bearer and floor.is_administration(bearer):
        return floor.officer(request.headers.get(OFFICER_HEADER, ""))
    # A page that brings itself up to date is nobody's doing: it does not keep a session from growing idle.
    return floor.session(bearer or session_of(request), looking=looking or REFRESHED in request.headers)


def officer_of(request: Asked) -> Officer:
    """The officer whom the gate let through.

    Raises:
        Untrusted: ``session.absent``, the address asks for none.
    """
    found = found_at(request)
    if found is None:
        raise absent()
    return found


def found_at(request: Asked) -> Officer | None:
    """The officer whom the gate let through, if the address asked for one."""
    found = request.scope["state"].get(_KEPT)
    return found if isinstance(found, Officer) else None


async def require_own_page(request: Asked, *, bound: bool) -> None:
    """Hold that a change comes from a page that this visitor was given; *bound*: also where no session has begun.

    Raises:
        Untrusted: ``session.csrf``.
    """
    secret = secret_of(request)
    if not secret and not bound:
        return
    given = request.headers.get(CSRF_HEADER, "")
    if not given and request.headers.get("content-type", "").split(";")[0].strip() in FORMS:
        sent = (await request.form()).get(CSRF_FIELD, "")
        given = sent if isinstance(sent, str) else ""
    if not secret or not hmac.compare_digest(csrf_of(secret).encode(), given.encode("utf-8", "replace")):
        raise Untrusted("session.csrf", "This page is out of date: load it anew, and do it again.")


def csrf_of(secret: str) -> str:
    """The token that pages carry for a session, or for a visitor who has none."""
    return urlsafe_b64encode(wire.sha256(b"tansiq/csrf/" + secret.encode("utf-8", "replace"))).decode("ascii")


def secret_of(request: Asked) -> str:
    """What a visitor's pages are bound to: the session's token, or that of the visit; empty where there is neither."""
    return session_of(request) or request.cookies.get(VISIT_COOKIE, "")


def session_of(request: Asked) -> str:
    """The session's token, of the cookie; empty where there is none."""
    return request.cookies.get(SESSION_COOKIE, "")


def bearer_of(request: Asked) -> str:
    """The token of an ``Authorization: Bearer`` header; empty where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def session_cookie(token: str, sign_in: SignIn) -> Cookie:
    """The cookie of a session; with an empty token, the one that takes it away."""
    return Cookie(SESSION_COOKIE, value=token, httponly=True, samesite="strict", path="/", secure=sign_in.secure,
                  max_age=SESSION_MS // 1000 if token else 0)


def visit_cookie(sign_in: SignIn) -> Cookie:
    """A cookie for a visitor without a session, to which the first forms are bound."""
    return Cookie(VISIT_COOKIE, value=secrets.token_urlsafe(16), httponly=True, samesite="strict", path="/",
                  secure=sign_in.secure)
