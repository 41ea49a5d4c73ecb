"""One act in its thread, with its receipts; and an act that is still on its way."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from tansiq.cell.desk import Form
from tansiq.cell.registers import ActRow
from tansiq.cell.views import Offer
from tansiq.doors.floor import Floor
from tansiq.doors.web.pages import Pages
from tansiq.doors.web.present import fields_of, kind_title, receipt_of
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere
from tansiq.errors import Refused
from tansiq.office import Officer


@get("/acts/{given:str}", sync_to_thread=True)
def act(request: Asked, pages: PagesHere, officer: OfficerHere, given: FromPath[str]) -> Response[str]:
    """The thread that an act stands in, with the act in view; the reading log keeps that it was opened."""
    try:
        row = pages.floor.read(officer, given)
    except Refused as error:
        return _on_its_way(request, pages, officer, given, error)
    rows = pages.floor.thread(officer, row.id)
    said = [(one, fields_of(pages.floor, one), receipt_of(pages.floor, officer, one.id)) for one in rows]
    desk, it = pages.floor.panel(officer, row.id, people=True)
    part = f"{desk.name}/{desk.showing.panel.template}" if desk.showing and desk.showing.panel and it else None
    return pages.page(
        request, "thread.html", row=row, said=said, answers=answers(pages.floor, officer, row), desk=desk, it=it,
        part=part,
        receipt=receipt_of(pages.floor, officer, row.id),
        title_of=lambda kind: kind_title(pages.floor.desks, kind))


@get("/acts/{given:str}/receipt", sync_to_thread=True)
def receipt(request: Asked, pages: PagesHere, officer: OfficerHere, given: FromPath[str]) -> Response[str]:
    """The receipt of an act, as the piece that a page asks for again until it is settled."""
    row = pages.floor.find(officer, given)
    return pages.piece(request, "receipt.html", row=row, receipt=receipt_of(pages.floor, officer, row.id))


def answers(floor: Floor, officer: Officer, row: ActRow) -> list[tuple[Offer, Form]]:
    """What may be said next in the thread of an act, or why not; kinds that this officer's office cannot say are left
    out."""
    forms = [(offer, floor.form_of(offer.kind)) for offer in floor.offers(officer, row)]
    return [(offer, form) for offer, form in forms if form is not None and form.role in officer.roles]


def _on_its_way(request: Asked, pages: Pages, officer: Officer, given: str, absent: Refused) -> Response[str]:
    """Show an act of ours that the journal has not brought back yet; anything else is absent."""
    try:
        pages.floor.receipt(officer, given)
    except Refused:
        raise absent from None
    return pages.page(request, "way.html", given=given, receipt=receipt_of(pages.floor, officer, given))


HANDLERS: tuple[Any, ...] = (act, receipt)
