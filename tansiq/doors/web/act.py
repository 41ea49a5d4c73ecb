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
from tansiq.doors.gate import REFRESHED
from tansiq.doors.web.pages import Pages
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
    return pages.page(
        request, "thread.html", row=row, said=[(one, fields_of(floor, one)) for one in rows],
        beneath=translated(floor, officer, rows, pages.reader(request).lang), answers=answers(floor, officer, row),
        desk=desk, it=it, part=part, files={one.id: floor.files_of(officer, one.id) for one in rows},
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


def translated(floor: Floor, officer: Officer, rows: Sequence[ActRow], lang: str) -> dict[str, list[Told]]:
    """Translations of these acts that any desk knows, by the id of what they translate; those in *lang* stand first."""
    registers, found = floor.cell(officer.member).registers, dict[str, list[Told]]()
    for row in rows:
        known = [one for _, named in registers.query_all("translations", of=row.id) for one in named]
        acts = [registers.act(act_id) for _, act_id in sorted(known, key=lambda one: one[0] != lang)]
        if acts:
            found[row.id] = [(act, fields_of(floor, act)) for act in acts if act is not None]
    return found


def _on_its_way(request: Asked, pages: Pages, officer: Officer, given: str, absent: Refused) -> Response[str]:
    """Show an act of ours that the journal has not brought back yet; anything else is absent."""
    try:
        pages.floor.receipt(officer, given)
    except Refused:
        raise absent from None
    return pages.page(request, "way.html", given=given, receipt=receipt_of(pages.floor, officer, given))


HANDLERS: tuple[Any, ...] = (act,)
