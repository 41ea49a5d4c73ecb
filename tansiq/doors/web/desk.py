"""What desks show of their own: their views, the layers of the map. How it looks is the desk's template."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from tansiq.doors.calendar import MEDIA_TYPE, write_calendar
from tansiq.doors.documents import thread_document, view_document
from tansiq.doors.web.pages import HEADERS
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere


@get("/desks/{name:str}/{view:str}", sync_to_thread=True)
def view(request: Asked, pages: PagesHere, officer: OfficerHere, *, name: FromPath[str],
         view: FromPath[str]) -> Response[str]:
    """One view of a desk, drawn with the desk's own template."""
    shape = pages.floor.view(name, view)
    params = {key: value for key, value in request.query_params.items() if key in shape.takes}
    it = shape.show(pages.floor.look(officer, params, people=True))
    return pages.page(request, "view.html", desk=pages.floor.desk(name), view=shape, it=it, params=params,
                      part=f"{name}/{shape.template}")


@get("/desks/{name:str}/{view:str}/pdf", sync_to_thread=True)
def view_pdf(request: Asked, pages: PagesHere, officer: OfficerHere, *, name: FromPath[str],
             view: FromPath[str]) -> Response[bytes]:
    """One view of a desk as a PDF in the reader's language."""
    lang = pages.reader(request).lang
    made = view_document(pages.floor, officer, (name, view), dict(request.query_params), lang)
    return _file(made.pdf, f"{name}-{view}")


@get("/acts/{given:str}/pdf", sync_to_thread=True)
def thread_pdf(request: Asked, pages: PagesHere, officer: OfficerHere, given: FromPath[str]) -> Response[bytes]:
    """Where the thread of an act stands, as a PDF in the reader's language."""
    return _file(thread_document(pages.floor, officer, given, pages.reader(request).lang).pdf, "thread")


@get("/calendar.ics", sync_to_thread=True)
def calendar(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[bytes]:
    """The dates of all desks as iCalendar, in the reader's language."""
    return _file(write_calendar(pages.floor, officer, pages.reader(request).lang), "centre", MEDIA_TYPE)


def _file(data: bytes, name: str, media_type: str = "application/pdf") -> Response[bytes]:
    ending = "pdf" if media_type == "application/pdf" else "ics"
    return Response(data, media_type=media_type, headers={
        **HEADERS, "Content-Disposition": f'inline; filename="{name}.{ending}"'})


@get("/map/layers/{name:str}/{layer:str}", sync_to_thread=True)
def layer(request: Asked, pages: PagesHere, officer: OfficerHere, *, name: FromPath[str],
          layer: FromPath[str]) -> Response[dict[str, Any]]:
    """One layer of the map as GeoJSON; properties are those of ``tansiq.cell.views.Feature``."""
    found = pages.floor.features(officer, name, layer, dict(request.query_params))
    features = []
    for one in found:
        properties = msgspec.to_builtins(one)
        features.append({"type": "Feature", "geometry": properties.pop("geometry"), "properties": properties})
    return Response({"type": "FeatureCollection", "features": features},
                    headers={"Cache-Control": HEADERS["Cache-Control"]}, media_type="application/json")


HANDLERS: tuple[Any, ...] = (view, view_pdf, thread_pdf, calendar, layer)
