"""The office's papers on the floor: what waits to be cleared, what is held for a moment, what came back; and the watch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from tansiq.cell.desk import Desk, Form
from tansiq.cell.registers import ActQuery
from tansiq.doors.gate import DRAFTER
from tansiq.doors.web.failures import STATUS, sentence_of
from tansiq.doors.web.needs import waiting
from tansiq.doors.web.pages import Pages, redirect
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere, SentHere
from tansiq.errors import Malformed, TansiqError
from tansiq.office import Officer
from tansiq.office.papers import Note, Paper

STATE_TITLES: Mapping[str, str] = {
    "submitted": "Waits to be cleared", "returned": "Given back", "held": "Held for a moment", "saying": "Going",
    "said": "Said", "failed": "Could not be said",
}
STEPS = ("clear", "back", "note", "drop")
BRIEF_MAX = 200
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper as its page shows it."""

    paper: Paper
    desk: Desk
    form: Form
    title: str
    notes: tuple[Note, ...]
    state: str
    own: bool
    clears: bool


@get("/papers", sync_to_thread=True)
def papers(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[str]:
    """All papers of the office that are not done: those that this officer can move stand first."""
    officer.require("reader")
    found = [_shown(pages, officer, paper) for paper in pages.floor.offices[officer.member].papers.open()]
    first = [one for one in found if one.own or one.clears]
    return pages.page(request, "papers.html", mine=first, others=[one for one in found if one not in first])


@get("/papers/{given:str}", sync_to_thread=True)
def paper(request: Asked, pages: PagesHere, officer: OfficerHere, given: FromPath[str]) -> Response[Any]:
    """One paper; one that was said leads to its act."""
    return _page(request, pages, officer, given, None)


@post("/papers/{given:str}/{step:str}", sync_to_thread=True)
def move(request: Asked, pages: PagesHere, officer: OfficerHere, sent: SentHere, *, given: FromPath[str],
         step: FromPath[str]) -> Response[Any]:
    """Clear a paper, give it back or take it back, write on it, throw it away."""
    words, office = (sent.get("note") or [""])[0], pages.floor.offices[officer.member]
    try:
        if step == "clear":
            pages.clerk.clear(officer, given)
        elif step == "back":
            pages.clerk.give_back(officer, given, words)
        elif step == "note":
            officer.require("drafter")
            office.papers.note(officer.id, given, words)
        elif step == "drop":
            office.papers.drop(officer.id, given)
            return redirect("/papers")
        else:
            raise Malformed("paper.step", "{given} is nothing that is done with a paper.", given=repr(step[:20]))
    except TansiqError as error:
        return _page(request, pages, officer, given, error)
    return redirect(f"/papers/{given}")


@get("/watch", sync_to_thread=True)
def watch(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[str]:
    """The shift log, and the brief for the next watch: what came since the last one ended, and what waits."""
    return _watch(request, pages, officer, None)


@post("/watch/{step:str}", role=DRAFTER, sync_to_thread=True)
def on_watch(request: Asked, pages: PagesHere, officer: OfficerHere, sent: SentHere,
             step: FromPath[str]) -> Response[Any]:
    """Take the watch, or write a line into the log."""
    log = pages.floor.offices[officer.member].watch
    try:
        if step == "take":
            log.take(officer.id)
        elif step == "write":
            log.write(officer.id, (sent.get("words") or [""])[0])
        else:
            raise Malformed("watch.step", "{given} is nothing that is done on watch.", given=repr(step[:20]))
    except TansiqError as error:
        return _watch(request, pages, officer, error)
    return redirect("/watch")


def _shown(pages: Pages, officer: Officer, paper: Paper) -> Shown:
    form = pages.floor.form_of(paper.kind)
    assert form is not None, "a paper was ruled on when it was taken in"
    desk = next(one for one in pages.floor.desks if form in one.forms)
    own = paper.officer == officer.id
    clears = paper.state == "submitted" and not own and form.role in officer.roles
    notes = tuple(pages.floor.offices[officer.member].papers.notes(paper.id))
    return Shown(paper, desk, form, str(paper.typed.get("title") or paper.typed.get("text") or ""), notes,
                 STATE_TITLES[paper.state], own, clears)


def _page(request: Asked, pages: Pages, officer: Officer, given: str, fault: TansiqError | None) -> Response[Any]:
    found = pages.clerk.paper(officer, given)
    if found.state == "said" and fault is None:
        return redirect(f"/acts/{found.act_id}")
    shown = _shown(pages, officer, found)
    typed = [(field, value) for field in shown.form.fields if (value := found.typed.get(field.name))]
    return pages.page(request, "paper.html", one=shown, typed=typed, status=_status(fault),
                      left_s=max(0, ((found.due or 0) - pages.floor.now()) // 1000 + 1),
                      failure=None if found.failure is None else found.failure[1],
                      fault_sentence=sentence_of(fault, pages.reader(request)) if fault else "")


def _watch(request: Asked, pages: Pages, officer: Officer, fault: TansiqError | None) -> Response[str]:
    officer.require("reader")
    floor, log = pages.floor, pages.floor.offices[officer.member].watch
    turns = log.turns(2)
    since = turns[-1].time if turns else floor.now() - DAY_MS
    rows = [row for row in floor.search(officer, ActQuery(limit=BRIEF_MAX, void=None)) if row.time >= since]
    return pages.page(request, "watch.html", turns=turns, since=since, lines=log.lines(since), rows=rows,
                      needs=waiting(floor, officer), status=_status(fault),
                      fault_sentence=sentence_of(fault, pages.reader(request)) if fault else "")


def _status(fault: TansiqError | None) -> int:
    return 200 if fault is None else next(code for family, code in STATUS.items() if isinstance(fault, family))


HANDLERS: tuple[Any, ...] = (papers, paper, move, watch, on_watch)
