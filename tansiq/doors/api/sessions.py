"""Who asks: officers and sessions. Passkeys belong to people before a browser: the floor's pages take them."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, JSONBody

from tansiq.doors.api.request import FloorHere, OfficerHere, token_of
from tansiq.doors.api.shapes import CodeShape, OfficerShape, ProofRequest, SessionRequest, SessionShape, officer_shape
from tansiq.doors.gate import ANYONE, OFFICER, OWNER, bearer_of, csrf_of, session_cookie, session_of

Asked = Request[Any, Any, Any]


@get("/officers", role=ANYONE, sync_to_thread=True)
def officers(request: Asked, floor: FloorHere) -> list[OfficerShape]:
    """Officers that one can choose; where one signs in, those of one's own member."""
    if floor.sign_in.choosing or floor.is_administration(bearer_of(request)):
        return [officer_shape(officer) for officer in floor.officers()]
    member = floor.session(token_of(request)).member
    return [officer_shape(officer) for officer in floor.officers() if officer.member == member]


@post("/session", role=ANYONE, sync_to_thread=True)
def begin_session(request: Asked, floor: FloorHere, data: JSONBody[SessionRequest]) -> Response[SessionShape]:
    """Begin a session as the officer named, with its password where officers are not chosen; sets the cookie
    ``tansiq``. The session of the cookie that came along ends."""
    entrance = floor.entrance
    token = (entrance.choose(data.officer) if data.password is None
             else entrance.with_password(data.officer, data.password))
    entrance.leave(session_of(request))
    shown = SessionShape(officer_shape(entrance.officer(token)), token, csrf_of(token))
    return Response(shown, status_code=201, cookies=[session_cookie(token, floor.sign_in)])


@get("/session", role=OFFICER, sync_to_thread=False)
def session(request: Asked, officer: OfficerHere) -> SessionShape:
    """Whose session this is, and what a change with the cookie must bring in the header ``Tansiq-CSRF``."""
    return SessionShape(officer_shape(officer), csrf=csrf_of(token_of(request)), fresh=officer.fresh)


@post("/session/proof", role=OFFICER, status_code=204, sync_to_thread=True)
def prove(request: Asked, floor: FloorHere, data: JSONBody[ProofRequest]) -> None:
    """Show once more to be there, with the password: decisions and administration ask it every five minutes."""
    floor.entrance.prove_with_password(token_of(request), data.password)


@delete("/session", role=OFFICER, status_code=204, sync_to_thread=True)
def end_session(request: Asked, floor: FloorHere) -> Response[None]:
    """End the session."""
    floor.entrance.leave(token_of(request))
    return Response(None, status_code=204, cookies=[session_cookie("", floor.sign_in)])


@post("/officers/{given:str}/code", role=OWNER, sync_to_thread=True)
def draw_code(floor: FloorHere, given: FromPath[str]) -> CodeShape:
    """Draw a code with which an officer enters once; for the owner of the data directory."""
    return CodeShape(given, floor.entrance.office_of(given).enrolment.issue(given))


HANDLERS = (officers, draw_code, begin_session, session, prove, end_session)
