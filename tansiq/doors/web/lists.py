"""Lists of acts: one page for every desk, one for a search over all, and the same acts for the map."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.params import FromPath

from tansiq.doors.filters import Filters
from tansiq.doors.web.failures import sentence_of
from tansiq.doors.web.pages import HEADERS, Pages, redirect
from tansiq.doors.web.present import SHOWN_PLACES, STANDING_TITLES, drawn, geojson, kind_title
from tansiq.doors.web.request import Asked, FiltersHere, OfficerHere, PagesHere
from tansiq.errors import Malformed, Refused
from tansiq.office import Officer

POINTS_MAX = 10_000
PAGE = 100
_ASKED = ("text", "author", "precedence", "standing", "after", "before", "box", "kind")


@get("/desks/{name:str}", sync_to_thread=True)
def desk(request: Asked, pages: PagesHere, officer: OfficerHere, filters: FiltersHere,
         name: FromPath[str]) -> Response[str]:
    """The acts of one desk as list and map."""
    return _list(request, pages, officer, replace(filters, desk=pages.floor.desk(name).name))


@get("/acts", sync_to_thread=True)
def acts(request: Asked, pages: PagesHere, officer: OfficerHere, filters: FiltersHere) -> Response[Any]:
    """Acts of all desks; a reference (``IQ 412``) opens its act at once."""
    words = (filters.text or "").strip()
    if words and _names_an_act(pages, officer, words):
        return redirect(f"/acts/{pages.floor.find(officer, words).id}")
    return _list(request, pages, officer, filters)


@get("/map/acts.json", sync_to_thread=True)
def points(pages: PagesHere, officer: OfficerHere, filters: FiltersHere) -> Response[dict[str, Any]]:
    """The acts of a list as GeoJSON points: of one desk with all their places, of all with one each.

    Where the picture shows every desk, their layers draw the rest.
    """
    rows = pages.floor.search(officer, replace(filters.query(), limit=POINTS_MAX, offset=0))
    return Response(geojson(rows, most=SHOWN_PLACES if filters.desk else 1), headers={"Cache-Control": HEADERS["Cache-Control"]}, media_type="application/json")


@get("/map/thread/{given:str}", sync_to_thread=True)
def thread_points(pages: PagesHere, officer: OfficerHere, given: FromPath[str]) -> Response[dict[str, Any]]:
    """The acts of one thread as GeoJSON: their areas, and points."""
    rows = pages.floor.thread(officer, given)
    return Response(drawn(pages.floor, rows), headers={"Cache-Control": HEADERS["Cache-Control"]}, media_type="application/json")


def _names_an_act(pages: Pages, officer: Officer, words: str) -> bool:
    if len(words) > 40 or not any(character.isdigit() for character in words):
        return False
    try:
        pages.floor.find(officer, words)
    except (Refused, Malformed):
        return False
    return True


def _list(request: Asked, pages: Pages, officer: Officer, filters: Filters) -> Response[str]:
    floor, fault, rows, count = pages.floor, None, [], 0
    try:
        filters = replace(filters, limit=min(filters.limit, PAGE))
        rows = floor.search(officer, replace(filters.query(), void=None))
        count = floor.count(officer, filters)
    except Malformed as error:
        fault = error
    here = next((d for d in floor.desks if d.name == filters.desk), None)
    asked = {name: value for name in _ASKED if (value := getattr(filters, name))}
    wide = urlencode(asked | ({"desk": here.name} if here else {}))
    return pages.page(
        request, "list.html", desk=here, rows=rows, count=max(count, len(rows)), filters=filters,
        asked=urlencode(asked), narrowed=bool(asked),
        points=f"/map/acts.json?{wide}", standings=STANDING_TITLES, fault=fault,
        fault_sentence=sentence_of(fault, pages.reader(request)) if fault else "",
        title_of=lambda kind: kind_title(floor.desks, kind), status=400 if fault else 200)


HANDLERS: tuple[Any, ...] = (desk, acts, points, thread_points)
