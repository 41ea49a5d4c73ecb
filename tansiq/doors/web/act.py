"""One act in its thread: what was said, how far it has come, what may be said next; and an act still on its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from tansiq.cell.desk import Form
from tansiq.cell.registers import ActRow
from tansiq.cell.views import Offer, Sentence
from tansiq.doors.floor import Floor
from tansiq.doors.web.pages import REFRESHED, Pages
from tansiq.doors.web.present import Shown, fields_of, kind_title, receipt_of
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere
from tansiq.errors import Refused
from tansiq.office import Officer

Told = tuple[ActRow, list[Shown]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A kind that could be said next: the offer of its desk, its form, and why not, where it may not."""

    offer: Offer
    form: Form
    why: Sentence | None

    @property
    def may(self) -> bool:
        """Whether this officer may say it now."""
        return self.why is None


@get("/acts/{given:str}", sync_to_thread=True)
def act(request: Asked, pages: PagesHere, officer: OfficerHere, given: FromPath[str]) -> Response[str]:
    """The thread that an act stands in, with the act in view; the reading log keeps that it was opened.

    A page that only brings itself up to date (``Tansiq-Refreshed``) is not opened anew.
    """
    floor = pages.floor
    try:
        row = floor.find(officer, given) if REFRESHED in request.headers else floor.read(officer, given)
    except Refused as error:
        return _on_its_way(request, pages, officer, given, error)
    rows = floor.thread(officer, row.id)
    desk, it = floor.panel(officer, row.id, people=True)
    part = f"{desk.name}/{desk.showing.panel.template}" if desk.showing and desk.showing.panel and it else None
    below = beneath(floor, rows)
    moved = {one.id for under in below.values() for one, _ in under}
    return pages.page(
        request, "thread.html", row=row, said=[(one, fields_of(floor, one)) for one in rows if one.id not in moved],
        beneath=below, answers=answers(floor, officer, row), desk=desk, it=it, part=part,
        drawn=any(one.places for one in rows), title_of=lambda kind: kind_title(floor.desks, kind))


def answers(floor: Floor, officer: Officer, row: ActRow) -> list[Answer]:
    """What may be said next in the thread of an act; what its desk or this officer's office bars says why."""
    found = []
    for offer in floor.offers(officer, row):
        form = floor.form_of(offer.kind)
        if form is not None:
            barred = Sentence("It is not for this office to say.") if form.role not in officer.roles else None
            found.append(Answer(offer, form, offer.why or barred))
    return found


def beneath(floor: Floor, rows: Sequence[ActRow]) -> dict[str, list[Told]]:
    """Acts whose words stand under those of the act that they answer, by the id of that act."""
    under = {form.kind.name for desk in floor.desks for form in desk.forms if form.beneath}
    ids, found = {row.id for row in rows}, dict[str, list[Told]]()
    for row in rows:
        refers = row.act.refers
        if row.kind in under and row.void is None and len(refers) == 1 and refers[0] in ids:
            found.setdefault(refers[0], []).append((row, fields_of(floor, row)))
    return found


def _on_its_way(request: Asked, pages: Pages, officer: Officer, given: str, absent: Refused) -> Response[str]:
    """Show an act of ours that the journal has not brought back yet; anything else is absent."""
    try:
        pages.floor.receipt(officer, given)
    except Refused:
        raise absent from None
    return pages.page(request, "way.html", given=given, receipt=receipt_of(pages.floor, officer, given))


HANDLERS: tuple[Any, ...] = (act,)
