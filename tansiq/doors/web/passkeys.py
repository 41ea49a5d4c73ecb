"""What a browser and a passkey say to each other: questions as JSON, and the answers that a script brings back."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, post
from litestar.params import JSONBody

from tansiq.doors.gate import ANYONE, OFFICER, session_cookie, session_of
from tansiq.doors.web.pages import Pages, own_address
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Naming(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who enrols, and the code from an administrator."""

    officer: str
    code: str


class Answered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A passkey's answer as the browser gives it, and where to go on."""

    answer: dict[str, Any]
    to: str = "/"


class Enrolled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new passkey as the browser gives it, for an officer with a code."""

    officer: str
    code: str
    answer: dict[str, Any]


class Onward(msgspec.Struct, frozen=True):
    """Where the script goes on."""

    to: str


@post("/enter/question", role=ANYONE, status_code=200, sync_to_thread=True)
def enter_question(pages: PagesHere) -> Response[dict[str, Any]]:
    """What is asked of whoever comes in."""
    return _asked(pages.floor.entrance.question())


@post("/enter/passkey", role=ANYONE, status_code=200, sync_to_thread=True)
def enter(request: Asked, pages: PagesHere, data: JSONBody[Answered]) -> Response[Onward]:
    """Come in with a passkey; the session before ends."""
    return _in(request, pages, pages.floor.entrance.with_passkey(data.answer), data.to)


@post("/enter/enrol/question", role=ANYONE, status_code=200, sync_to_thread=True)
def enrol_question(pages: PagesHere, data: JSONBody[Naming]) -> Response[dict[str, Any]]:
    """What to make for an officer with a code."""
    return _asked(pages.floor.entrance.enrol_question(data.officer, data.code))


@post("/enter/enrol/passkey", role=ANYONE, status_code=200, sync_to_thread=True)
def enrol(request: Asked, pages: PagesHere, data: JSONBody[Enrolled]) -> Response[Onward]:
    """Take a new passkey for a code, and come in."""
    return _in(request, pages, pages.floor.entrance.enrol_passkey(data.officer, data.code, data.answer), "/")


@post("/again/question", role=OFFICER, status_code=200, sync_to_thread=True)
def again_question(pages: PagesHere, officer: OfficerHere) -> Response[dict[str, Any]]:
    """What is asked of an officer who shows once more to be there."""
    return _asked(pages.floor.entrance.proof_question(officer))


@post("/again/passkey", role=OFFICER, status_code=200, sync_to_thread=True)
def again(request: Asked, pages: PagesHere, data: JSONBody[Answered]) -> Response[Onward]:
    """Show once more to be there, with a passkey."""
    pages.floor.entrance.prove_with_passkey(session_of(request), data.answer)
    return Response(Onward(own_address(data.to)), headers=HEADERS)


@post("/me/passkey/question", role=OFFICER, status_code=200, sync_to_thread=True)
def another_question(pages: PagesHere, officer: OfficerHere) -> Response[dict[str, Any]]:
    """What to make for an officer who is in."""
    return _asked(pages.floor.entrance.another_question(officer))


@post("/me/passkey", role=OFFICER, status_code=200, sync_to_thread=True)
def another(pages: PagesHere, officer: OfficerHere, data: JSONBody[Answered]) -> Response[Onward]:
    """Take one more passkey of an officer who is in."""
    pages.floor.entrance.another_passkey(officer, data.answer)
    return Response(Onward(own_address(data.to)), headers=HEADERS)


def _asked(question: dict[str, Any]) -> Response[dict[str, Any]]:
    return Response(question, headers=HEADERS)


def _in(request: Asked, pages: Pages, token: str, to: str) -> Response[Onward]:
    pages.floor.entrance.leave(session_of(request))
    return Response(Onward(own_address(to)), headers=HEADERS, cookies=[session_cookie(token, pages.floor.sign_in)])


HANDLERS: tuple[Any, ...] = (enter_question, enter, enrol_question, enrol, again_question, again, another_question,
                             another)
