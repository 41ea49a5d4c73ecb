"""What desks show of their own: one address for each view, and the panel of a thread."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from tansiq.cell.desk import Desk
from tansiq.cell.views import Date, Need, Offer, Panel, View
from tansiq.doors.api.request import FloorHere, OfficerHere
from tansiq.doors.calendar import MEDIA_TYPE, write_calendar
from tansiq.doors.documents import thread_document, view_document

_QUERY: Any = FromQuery
"""The marker of a parameter, for views that are made while the program runs."""


@get("/needs", sync_to_thread=True)
def needs(floor: FloorHere, officer: OfficerHere) -> list[Need]:
    """What waits for the officer's member at any desk: the most urgent first, then what ends first."""
    return floor.needs(officer)


@get("/dates", sync_to_thread=True)
def dates(floor: FloorHere, officer: OfficerHere) -> list[Date]:
    """The dates that any desk knows, earliest first."""
    return floor.dates(officer)


@get("/acts/{given:str}/offers", sync_to_thread=True)
def offers(floor: FloorHere, officer: OfficerHere, given: FromPath[str]) -> list[Offer]:
    """What may be said next in the thread of an act, and why not."""
    return list(floor.offers(officer, floor.find(officer, given)))


@get("/calendar.ics", sync_to_thread=True)
def calendar(floor: FloorHere, officer: OfficerHere, lang: FromQuery[str] = "en") -> Response[bytes]:
    """The dates of all desks as iCalendar, in a language."""
    return Response(write_calendar(floor, officer, lang), media_type=MEDIA_TYPE)


@get("/documents/{desk:str}/{view:str}", sync_to_thread=True)
def view_pdf(request: Request[Any, Any, Any], floor: FloorHere, officer: OfficerHere, *, desk: FromPath[str],
             view: FromPath[str], lang: FromQuery[str] = "en") -> Response[bytes]:
    """A view of a desk as a PDF in a language; the view's own parameters are taken too."""
    data = view_document(floor, officer, (desk, view), dict(request.query_params), lang)
    return Response(data.pdf, media_type="application/pdf")


@get("/acts/{given:str}/pdf", sync_to_thread=True)
def thread_pdf(floor: FloorHere, officer: OfficerHere, given: FromPath[str],
               lang: FromQuery[str] = "en") -> Response[bytes]:
    """Where the thread of an act stands, as a PDF in a language."""
    return Response(thread_document(floor, officer, given, lang).pdf, media_type="application/pdf")


def show_handlers(desk: Desk) -> list[HTTPRouteHandler]:
    """``GET /api/{desk}/{view}`` for every view of *desk*, and ``GET /api/{desk}/threads/{given}`` for its panel."""
    if desk.showing is None:
        return []
    made = [_view(desk, view) for view in desk.showing.views]
    return [*made, _panel(desk, desk.showing.panel)] if desk.showing.panel is not None else made


def _view(desk: Desk, view: View) -> HTTPRouteHandler:
    def show(floor: Any, officer: Any, request: Any, **given: Any) -> Any:
        return view.show(floor.look(officer, taken(view, request.query_params)))

    # Each parameter is declared by name, so that the description lists it; its text is read from the address.
    keyword = inspect.Parameter.KEYWORD_ONLY
    declared = [inspect.Parameter(name, keyword) for name in ("floor", "officer", "request")]
    declared += [inspect.Parameter(name, keyword, default=None) for name in view.takes]
    show.__signature__ = inspect.Signature(declared)  # type: ignore[attr-defined]
    show.__annotations__ = {"floor": FloorHere, "officer": OfficerHere, "request": Request[Any, Any, Any],
                            **dict.fromkeys(view.takes, _QUERY[str | None]), "return": view.gives}
    show.__doc__ = f"{view.title}: what the officer's cell knows."
    return get(f"/{desk.name}/{view.name}", operation_id=f"show_{desk.name}_{view.name}", sync_to_thread=True)(show)


def taken(view: View, given: Mapping[str, str]) -> dict[str, str]:
    """The parameters that a view takes, of all that stand in the address."""
    return {name: value for name, value in given.items() if name in view.takes}


def _panel(desk: Desk, panel: Panel) -> HTTPRouteHandler:
    def show(floor: Any, officer: Any, given: Any) -> Any:
        return floor.panel_at(officer, desk.name, given)

    show.__annotations__ = {"floor": FloorHere, "officer": OfficerHere, "given": FromPath[str],
                            "return": panel.gives | None}
    show.__doc__ = f"Where a thread of the desk {desk.name} stands."
    return get(f"/{desk.name}/threads/{{given:str}}", operation_id=f"show_{desk.name}_thread",
               sync_to_thread=True)(show)


HANDLERS = (needs, dates, offers, calendar, view_pdf, thread_pdf)
