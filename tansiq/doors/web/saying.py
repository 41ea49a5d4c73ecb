"""Saying an act: the form of any kind of any desk, and what happens to what was typed."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from tansiq.cell.desk import Form
from tansiq.cell.registers import ActRow
from tansiq.charter import Charter
from tansiq.desks.fields import compose
from tansiq.doors import drafts
from tansiq.doors.signing import Signing
from tansiq.doors.web import forms
from tansiq.doors.web.failures import STATUS, sentence_of
from tansiq.doors.web.looking import look
from tansiq.doors.web.pages import Pages, redirect
from tansiq.doors.web.reader import Reader, moment
from tansiq.doors.web.request import READ_BYTES_MAX, Asked, OfficerHere, PagesHere, SentHere, require_size
from tansiq.errors import Malformed, Refused, TansiqError
from tansiq.office import Officer

FOLDED_WITHIN_S = 2.0
LOOK_S = 0.05
FROM = ("draft", "to", "paper")
"""What of a form's address says where its content comes from."""


@get("/desks/{name:str}/say/{kind:str}", sync_to_thread=True)
def form(request: Asked, pages: PagesHere, officer: OfficerHere, *, name: FromPath[str], kind: FromPath[str],
         to: FromQuery[str] = "", of: FromQuery[str] = "", paper: FromQuery[str] = "", draft: FromQuery[str] = "",
         template: FromQuery[str] = "") -> Response[str]:
    """An empty form; *to* is the act that it answers, *of* the one that it is about, where the kind has that field.

    With *paper* it holds what that paper holds, with *draft* what that draft of one's own holds, with *template* what
    the office keeps under that name.
    """
    return show(request, pages, officer, begun(pages, officer, name, kind, lang=pages.reader(request).lang, to=to,
                                               of=of, paper=paper, draft=draft, template=template))


def begun(pages: Pages, officer: Officer, name: str, kind: str, *, lang: str, to: str = "", of: str = "",
          paper: str = "", draft: str = "", template: str = "") -> forms.Draft:
    """What a form holds when it is opened, from what its address names.

    Raises:
        Malformed: ``form.answers``; ``desk.unknown``, ``act.unknown``.
        Refused: ``draft.absent``, ``paper.absent``, ``named.absent``.
    """
    if draft:
        return _resumed(pages, officer, drafts.find(pages.floor, officer, draft))
    given = pages.clerk.paper(officer, paper).typed if paper else _template(pages, officer, kind, template)
    shape, answered = pages.floor.form(name, kind), _answered(pages, officer, to or (given.get("refers") or [""])[0])
    if shape.answers and answered is None:
        raise Malformed("form.answers", "This is said in answer to an act: open the act first.")
    form = forms.empty(shape, officer, pages.floor.charter, lang, answered=answered)
    if not given and shape.opens is not None:
        given = dict(shape.opens(pages.floor.look(officer)))
    if given:
        form = forms.taken_up(form, given)
    if of and any(field.name == "of" for field in shape.fields):
        form = replace(form, values={"of": pages.floor.find(officer, of).id})
    return replace(form, paper=paper)


def _resumed(pages: Pages, officer: Officer, kept: drafts.Kept) -> forms.Draft:
    answered = _answered(pages, officer, (kept.sent.get("to") or [""])[0])
    held = forms.read(pages.floor.form(kept.desk, kept.kind), officer, pages.floor.charter, kept.sent, answered=answered)
    return replace(held, id=kept.id)


def _template(pages: Pages, officer: Officer, kind: str, name: str) -> dict[str, Any]:
    if not name:
        return {}
    found = pages.floor.offices[officer.member].papers.templates(kind).get(name)
    if found is None:
        raise Refused("named.absent", "No template is kept under the name {given} for this kind.", given=name[:60])
    return found


@post("/desks/{name:str}/say/{kind:str}", sync_to_thread=True, request_max_body_size=READ_BYTES_MAX)
def say(request: Asked, pages: PagesHere, officer: OfficerHere, sent: SentHere, *, name: FromPath[str],
        kind: FromPath[str]) -> Response[Any]:
    """Say what was typed, and show it; what cannot be said stays in the form beside the reason."""
    shape, answered = pages.floor.form(name, kind), _answered(pages, officer, (sent.get("to") or [""])[0])
    draft = forms.read(shape, officer, pages.floor.charter, sent, answered=answered)
    typed = forms.typed(draft)
    try:
        require_size(sent)
        done = _done_with(pages, officer, shape, typed, draft.paper or None)
    except TansiqError as error:
        return show(request, pages, officer, replace(draft, fault=forms.fault(draft, error)))
    if draft.id:
        drafts.drop(pages.floor, officer, draft.id)
    return redirect(done)


def _done_with(pages: Pages, officer: Officer, shape: Form, typed: Any, paper: str | None) -> str:
    """Hand in, hold for a moment, or say what was typed; the address of what has become of it."""
    kind = shape.kind.name
    if shape.role not in officer.roles and "drafter" in officer.roles:
        return f"/papers/{pages.clerk.submit(officer, kind, typed, paper_id=paper)}"
    if Signing(pages.floor).asks(officer, kind):
        return f"/sign/{Signing(pages.floor).begin(officer, kind, compose(shape, typed))}"
    if pages.clerk.holds(kind, typed, officer):
        return f"/papers/{pages.clerk.hold(officer, kind, typed, paper_id=paper)}"
    act_id = pages.floor.say(officer, kind, compose(shape, typed))
    until_folded(pages, officer, act_id)
    return f"/acts/{act_id}"


def _answered(pages: Pages, officer: Officer, given: str) -> ActRow | None:
    return pages.floor.find(officer, given) if given else None


def show(request: Asked, pages: Pages, officer: Officer, draft: forms.Draft, *,
         unnamed: TansiqError | None = None) -> Response[str]:
    """The page of a form; *unnamed* says why nothing was kept under a name."""
    reader, papers = pages.reader(request), pages.floor.offices[officer.member].papers
    error = unnamed or (draft.fault.error if draft.fault else None)
    status = next(s for f, s in STATUS.items() if isinstance(error, f)) if error else 200
    desk = next(one for one in pages.floor.desks if draft.form in one.forms)
    return pages.page(request, "say.html", desk=desk, draft=draft, status=status,
                      templates=tuple(papers.templates(draft.form.kind.name)), presets=papers.presets(),
                      unnamed=sentence_of(unnamed, reader) if unnamed else "",
                      fault_sentence=sentence_of(draft.fault.error, reader) if draft.fault else "",
                      reach=forms.reach(draft, pages.floor.charter, reader), zones=_zones(pages.floor.charter, reader),
                      it=look(pages, officer, reader, draft), draft_id=draft.id, saved=None,
                      now=local(pages.floor.now(), pages.floor.charter.rotation.zone))


def local(time_ms: int, zone: str) -> str:
    """An instant as it is typed in a zone: ``2015-10-08 02:50``."""
    return moment(time_ms).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _zones(charter: Charter, reader: Reader) -> dict[str, str]:
    """The zones in which an instant may be typed: the seat's, UTC, and the capitals', with how far each lies off."""
    named = {charter.rotation.zone: reader.named(charter.seat.place), "UTC": "UTC"}
    named |= {m.zone: reader.named(m.capital) for m in charter.members if m.zone not in named}
    return {zone: name if zone == "UTC" else f"{name}, {reader.offset(zone)}" for zone, name in named.items()}


def until_folded(pages: Pages, officer: Officer, act_id: str) -> None:
    """Wait a moment for the cell to fold its own act, so that its page is there when the browser asks for it."""
    registers, end = pages.floor.cell(officer.member).registers, time.monotonic() + FOLDED_WITHIN_S
    while registers.act(act_id) is None and time.monotonic() < end:
        time.sleep(LOOK_S)


HANDLERS: tuple[Any, ...] = (form, say)
