"""Who asks: officers and sessions."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.params import JSONBody

from tansiq.doors.api.request import COOKIE, FloorHere, OfficerHere, token_of
from tansiq.doors.api.shapes import OfficerShape, SessionRequest, SessionShape, officer_shape
from tansiq.office import SESSION_MS


@get("/officers", sync_to_thread=True)
def officers(floor: FloorHere) -> list[OfficerShape]:
    """Officers that one can choose in the demonstration."""
    return [officer_shape(officer) for officer in floor.officers()]


@post("/session", sync_to_thread=True)
def begin_session(floor: FloorHere, data: JSONBody[SessionRequest]) -> Response[SessionShape]:
    """Begin a session of 12 hours as the officer named; sets the cookie ``tansiq``."""
    token = floor.sign_in(data.officer)
    cookie = Cookie(COOKIE, value=token, httponly=True, samesite="strict", path="/", max_age=SESSION_MS // 1000)
    return Response(SessionShape(officer_shape(floor.officer(data.officer)), token), status_code=201, cookies=[cookie])


@get("/session", sync_to_thread=False)
def session(officer: OfficerHere) -> SessionShape:
    """Whose session this is."""
    return SessionShape(officer_shape(officer))


@delete("/session", status_code=204, sync_to_thread=True)
def end_session(request: Request[Any, Any, Any], floor: FloorHere) -> Response[None]:
    """End the session."""
    floor.sign_out(token_of(request))
    gone = Cookie(COOKIE, value="", httponly=True, samesite="strict", path="/", max_age=0)
    return Response(None, status_code=204, cookies=[gone])


HANDLERS = (officers, begin_session, session, end_session)
