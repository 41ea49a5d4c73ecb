"""Failures as pages: one total table, and one plain sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from litestar import Request, Response
from litestar.exceptions import HTTPException

from tansiq.doors.gate import REFRESHED
from tansiq.doors.web.pages import Pages, own_address, redirect
from tansiq.doors.web.reader import Reader
from tansiq.errors import Conflict, Malformed, Refused, TansiqError, Unavailable, Untrusted

STATUS: Mapping[type[TansiqError], int] = {Malformed: 400, Untrusted: 403, Refused: 403, Conflict: 409,
                                           Unavailable: 503}
"""Family to status: total over ``FAMILIES``."""

_FIRST = {"session.absent": "/enter", "session.stale": "/again"}
"""Where one goes first, and then on to the page that was asked for."""

ABSENT = ("act.absent", "desk.unknown", "act.unknown", "address.unknown")

HTTP_STATUS: Mapping[int, str] = {
    400: "The request is not what this address takes.",
    404: "There is nothing at this address.",
    405: "This address does not answer to that method.",
    413: "What was sent is larger than the {limit} KiB that this page takes. Go back: what was typed is still there.",
}

Answer = Callable[[Request[Any, Any, Any], Any], Response[Any]]


def sentence_of(error: TansiqError, reader: Reader) -> str:
    """The sentence of a failure in the reader's language."""
    fields = {name: sentence_of(value, reader) if isinstance(value, TansiqError) else value
              for name, value in error.fields.items()}
    return str(reader.say(error.sentence).format(**fields))


def answer_failure(pages: Pages) -> Answer:
    """Make the answer to a failure of ours; who has chosen no officer is sent to choose one."""
    def answer(request: Request[Any, Any, Any], error: TansiqError) -> Response[Any]:
        if error.code == "session.absent" and asked_by_script(request):
            return Response("", status_code=401, headers={"Cache-Control": "no-store"})
        if request.headers.get("accept", "") == "application/json":
            body = {"code": error.code, "sentence": sentence_of(error, pages.reader(request)), "field": error.field}
            return Response(body, status_code=_status(error), headers={"Cache-Control": "no-store"})
        if error.code in _FIRST and request.method == "GET":
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return redirect(f"{_FIRST[error.code]}?to={quote(asked, safe='')}")
        return pages.page(request, "failure.html", status=_status(error), code=error.code,
                          sentence=sentence_of(error, pages.reader(request)), onward=_before(request))

    return answer


def _before(request: Request[Any, Any, Any]) -> str:
    """The page on which a form was sent, as the browser names it."""
    path = urlsplit(request.headers.get("referer", ""))
    return own_address(path.path + (f"?{path.query}" if path.query else ""))


def _status(error: TansiqError) -> int:
    return 404 if error.code in ABSENT else next(s for f, s in STATUS.items() if isinstance(error, f))


def asked_by_script(request: Request[Any, Any, Any]) -> bool:
    """Whether a script asks, which can only be told that the session is over: it sends the page to choose anew."""
    return request.url.path.startswith("/live") or REFRESHED in request.headers


def answer_http(pages: Pages) -> Answer:
    """Make the answer to a failure of the framework."""
    def answer(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
        sentence = HTTP_STATUS.get(error.status_code, "Something broke here; the log of the server says what.")
        said, code = str(pages.reader(request).say(sentence)), f"http.{error.status_code}"
        if error.status_code == 413:
            said = said.format(limit=(request.route_handler.resolve_request_max_body_size() or 0) // 1024)
        if request.headers.get("accept", "") == "application/json":
            return Response({"code": code, "sentence": said, "field": None}, status_code=error.status_code,
                            headers={"Cache-Control": "no-store"})
        return pages.page(request, "failure.html", status=error.status_code, code=code, sentence=said, onward="/")

    return answer
