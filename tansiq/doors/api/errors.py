"""Failures as HTTP: one total table, and one shape of body."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException

from tansiq.doors.sentences import languages_asked, sentence
from tansiq.errors import Conflict, Malformed, Refused, TansiqError, Unavailable, Untrusted

STATUS: Mapping[type[TansiqError], int] = {
    Malformed: 400,
    Untrusted: 403,
    Refused: 403,
    Conflict: 409,
    Unavailable: 503,
}
"""Family to status: total over ``FAMILIES``."""

EXACT: Mapping[str, int] = {
    "session.absent": 401,
    "session.wrong": 401,
    "session.locked": 429,
    "act.absent": 404,
    "act.desk.other": 404,
    "tile": 404,
    "tile.absent": 404,
    "desk.unknown": 404,
    "address.unknown": 404,
    "address.method": 405,
    "request.size": 413,
    "fault": 500,
}
"""Codes whose status says more than their family's."""

_HTTP: Mapping[int, tuple[str, str]] = {
    401: ("session.absent", "Sign in first: there is no such session, or it has ended."),
    404: ("address.unknown", "There is nothing at this address."),
    405: ("address.method", "This address does not answer to that method."),
}
RETRY_AFTER_S = 2


class Failure(msgspec.Struct, frozen=True):
    """Why a request was not done: a stable code, one plain sentence, the field or article at fault if there is one."""

    code: str
    sentence: str
    field: str | None = None
    article: str | None = None


def status_of(error: TansiqError) -> int:
    """The HTTP status of a failure."""
    if error.code in EXACT:
        return EXACT[error.code]
    return next(status for family, status in STATUS.items() if isinstance(error, family))


def answer_failure(request: Request[Any, Any, Any], error: TansiqError) -> Response[Failure]:
    """Answer a failure of ours in a language that was asked for."""
    status = status_of(error)
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    lang = languages_asked(request.headers.get("accept-language"))
    body = Failure(error.code, sentence(error, lang), error.field,
                   error.article if isinstance(error, Refused) else None)
    return Response(body, status_code=status, headers=headers, media_type=MediaType.JSON)


def answer_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Failure]:
    """Answer a failure of the framework in the same shape."""
    if isinstance(error, ValidationException) or error.status_code == 400:
        return answer_failure(request, _shape(error))
    if error.status_code not in _HTTP:
        logging.getLogger("tansiq.api").error("%s %s", request.method, request.url.path, exc_info=error)
    if error.status_code == 413:
        return answer_failure(request, too_large(request))
    code, template = _HTTP.get(error.status_code, ("fault", "Something broke here; the log of the server says what."))
    return answer_failure(request, Malformed(code, template))


def too_large(request: Request[Any, Any, Any]) -> Malformed:
    """The failure of a body that is larger than the address takes: it names the limit."""
    limit = request.route_handler.resolve_request_max_body_size()
    return Malformed("request.size", "The request is larger than the {limit} bytes that this address takes.",
                     limit=limit)


def _shape(error: HTTPException) -> Malformed:
    extra = getattr(error, "extra", None)
    first = extra[0] if isinstance(extra, list) and extra and isinstance(extra[0], dict) else {}
    why, field = str(first.get("message") or error.detail)[:300], first.get("key")
    fields = {"field": str(field)} if field and field != "data" else {}
    return Malformed("request.shape", "The request is not what this address takes: {why}.", why=why.rstrip("."),
                     **fields)


FAILURE_HANDLERS: dict[int | type[Exception], Any] = {TansiqError: answer_failure, HTTPException: answer_http}
