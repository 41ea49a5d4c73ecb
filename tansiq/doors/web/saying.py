"""Saying an act: the form of any kind of any desk, and what happens to what was typed."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from tansiq.cell.registers import ActRow
from tansiq.desks.fields import compose
from tansiq.doors.web import forms
from tansiq.doors.web.failures import STATUS, sentence_of
from tansiq.doors.web.pages import Pages, redirect
from tansiq.doors.web.reader import moment
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere, SentHere
from tansiq.errors import Malformed, TansiqError
from tansiq.office import Officer

FOLDED_WITHIN_S = 2.0
LOOK_S = 0.05


@get("/desks/{name:str}/say/{kind:str}", sync_to_thread=True)
def form(request: Asked, pages: PagesHere, officer: OfficerHere, *, name: FromPath[str], kind: FromPath[str],
         to: FromQuery[str] = "", of: FromQuery[str] = "", paper: FromQuery[str] = "") -> Response[str]:
    """An empty form; *to* is the act that it answers, *of* the one that it is about, where the kind has that field.

    With *paper* it holds what that paper holds.
    """
    given = pages.clerk.paper(officer, paper).typed if paper else {}
    shape, answered = pages.floor.form(name, kind), _answered(pages, officer, to or (given.get("refers") or [""])[0])
    if shape.answers and answered is None:
        raise Malformed("form.answers", "This is said in answer to an act: open the act first.")
    draft = forms.empty(shape, officer, pages.floor.charter, pages.reader(request).lang, answered=answered)
    if given:
        draft = forms.taken_up(draft, given)
    if of and any(field.name == "of" for field in shape.fields):
        draft = replace(draft, values={"of": pages.floor.find(officer, of).id})
    return _page(request, pages, name, draft, paper)


@post("/desks/{name:str}/say/{kind:str}", sync_to_thread=True)
def say(request: Asked, pages: PagesHere, officer: OfficerHere, sent: SentHere, *, name: FromPath[str],
        kind: FromPath[str]) -> Response[Any]:
    """Say what was typed, and show it; what cannot be said stays in the form beside the reason."""
    shape, answered = pages.floor.form(name, kind), _answered(pages, officer, (sent.get("to") or [""])[0])
    draft = forms.read(shape, officer, pages.floor.charter, sent, answered=answered)
    paper = (sent.get("paper") or [""])[0] or None
    try:
        if shape.role not in officer.roles and "drafter" in officer.roles:
            return redirect(f"/papers/{pages.clerk.submit(officer, kind, forms.typed(draft), paper_id=paper)}")
        if pages.clerk.holds(kind, forms.typed(draft), officer):
            return redirect(f"/papers/{pages.clerk.hold(officer, kind, forms.typed(draft), paper_id=paper)}")
        act_id = pages.floor.say(officer, kind, compose(shape, forms.typed(draft)))
    except TansiqError as error:
        return _page(request, pages, name, replace(draft, fault=forms.fault(draft, error)), paper or "")
    until_folded(pages, officer, act_id)
    return redirect(f"/acts/{act_id}")


def _answered(pages: Pages, officer: Officer, given: str) -> ActRow | None:
    return pages.floor.find(officer, given) if given else None


def _page(request: Asked, pages: Pages, name: str, draft: forms.Draft, paper: str) -> Response[str]:
    reader = pages.reader(request)
    status = next(s for f, s in STATUS.items() if isinstance(draft.fault.error, f)) if draft.fault else 200
    return pages.page(request, "say.html", desk=pages.floor.desk(name), draft=draft, status=status,
                      paper=paper,
                      fault_sentence=sentence_of(draft.fault.error, reader) if draft.fault else "",
                      reach=forms.reach(draft, pages.floor.charter, reader),
                      now=moment(pages.floor.now()).strftime("%Y-%m-%dT%H:%MZ"))


def until_folded(pages: Pages, officer: Officer, act_id: str) -> None:
    """Wait a moment for the cell to fold its own act, so that its page is there when the browser asks for it."""
    registers, end = pages.floor.cell(officer.member).registers, time.monotonic() + FOLDED_WITHIN_S
    while registers.act(act_id) is None and time.monotonic() < end:
        time.sleep(LOOK_S)


HANDLERS: tuple[Any, ...] = (form, say)
