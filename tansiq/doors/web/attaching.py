"""Files on the floor: the form that takes one, and the download of one that an act carries."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec
from anyio import to_thread
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery

from tansiq.cell.registers import ActRow
from tansiq.desks.fields import compose
from tansiq.doors.floor import ATTACHMENT
from tansiq.doors.web.failures import STATUS, sentence_of
from tansiq.doors.web.forms import reach_of
from tansiq.doors.web.pages import HEADERS, Pages, redirect
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere
from tansiq.doors.web.saying import until_folded
from tansiq.errors import Malformed, TansiqError
from tansiq.office import Officer

FILE_FORM_BYTES_MAX = 11 * 1024 * 1024
_CARRIED = ("size", "digest", "key")


@get("/attach", sync_to_thread=True)
def form(request: Asked, pages: PagesHere, officer: OfficerHere, of: FromQuery[str] = "") -> Response[str]:
    """The form that takes a file; *of* is the act that it belongs to."""
    return _page(request, pages, officer, _of(pages, officer, of), None)


@post("/attach", request_max_body_size=FILE_FORM_BYTES_MAX)
async def attach(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[Any]:
    """Seal the file that was sent, and show the act that carries it; what cannot be said stays beside the reason."""
    sent = await request.form()
    file = sent.get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    given: dict[str, Any] = {name: value for name in ("of", "title", "lang", "name", "handling")
                             if isinstance(value := sent.get(name), str) and value}
    given["release"] = [code for code in sent.getall("release", []) if isinstance(code, str)]
    if isinstance(file, UploadFile):
        given.setdefault("name", file.filename)
        given["media_type"] = file.content_type
    return await to_thread.run_sync(_attach, request, pages, officer, given, content)


def _attach(request: Asked, pages: Pages, officer: Officer, given: dict[str, Any], content: bytes) -> Response[Any]:
    of = _of(pages, officer, given.get("of", ""))
    try:
        act_id = pages.floor.attach(officer, content, _fields(pages, given))
    except TansiqError as error:
        return _page(request, pages, officer, of, error)
    until_folded(pages, officer, act_id)
    return redirect(f"/acts/{of.id if of else act_id}")


@get("/acts/{given:str}/attachment", sync_to_thread=True)
def attachment(pages: PagesHere, officer: OfficerHere, given: FromPath[str]) -> Response[bytes]:
    """The file that an act carries, to be saved: a browser never opens it on the floor's own address."""
    row, content = pages.floor.attached(officer, given)
    name = quote(msgspec.to_builtins(row.act)["name"])
    return Response(content, media_type="application/octet-stream",
                    headers={**HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"})


def _of(pages: Pages, officer: Officer, given: str) -> ActRow | None:
    return pages.floor.find(officer, given) if given else None


def _fields(pages: Pages, given: dict[str, Any]) -> dict[str, Any]:
    """The act's fields without those that sealing gives: they stand in while the others are read."""
    shape = pages.floor.form_of(ATTACHMENT)
    if shape is None:
        raise Malformed("act.unknown", "This program does not know the kind of act {given!r}.", given=ATTACHMENT)
    standing_in = {"size": "1", "digest": "0" * 64, "key": "A" * 43 + "="}
    made = compose(shape, given | standing_in)
    return {name: value for name, value in made.items() if name not in _CARRIED}


def _page(request: Asked, pages: Pages, officer: Officer, of: ActRow | None,
          fault: TansiqError | None) -> Response[str]:
    reader = pages.reader(request)
    status = next(code for family, code in STATUS.items() if isinstance(fault, family)) if fault else 200
    release = of.release if of else tuple(sorted(m.code for m in pages.floor.charter.members))
    return pages.page(request, "attach.html", of=of, release=release, status=status,
                      reach=reach_of(release, pages.floor.charter, reader),
                      fault_sentence=sentence_of(fault, reader) if fault else "", bytes_max=FILE_FORM_BYTES_MAX)


HANDLERS: tuple[Any, ...] = (form, attach, attachment)
