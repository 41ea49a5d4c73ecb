"""Drafts on the floor: the list, and saving as one types, answered with the last look before sealing."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from tansiq.doors import drafts
from tansiq.doors.gate import DRAFTER
from tansiq.doors.web import forms
from tansiq.doors.web.looking import look
from tansiq.doors.web.pages import redirect
from tansiq.doors.web.request import READ_BYTES_MAX, Asked, OfficerHere, PagesHere, SentHere, require_size

NOT_KEPT = ("draft", "csrf")


@get("/drafts", role=DRAFTER, sync_to_thread=True)
def listed(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[str]:
    """The officer's own drafts: what was typed and neither said nor handed in."""
    return pages.page(request, "drafts.html", own=drafts.own(pages.floor, officer),
                      form_of=pages.floor.form_of)


@post("/desks/{name:str}/say/{kind:str}/draft", role=DRAFTER, status_code=200, sync_to_thread=True,
      request_max_body_size=READ_BYTES_MAX)
def keep(request: Asked, pages: PagesHere, officer: OfficerHere, sent: SentHere, *, name: FromPath[str],
         kind: FromPath[str]) -> Response[str]:
    """Keep what was typed so far, and answer with how it would read; nothing is said.

    Raises:
        Malformed: ``form.size``; what was kept before stays.
    """
    require_size(sent)
    kept = {key: values for key, values in sent.items() if key not in NOT_KEPT}
    draft_id = drafts.save(pages.floor, officer, name, kind, sent=kept, draft_id=(sent.get("draft") or [""])[0])
    to = (sent.get("to") or [""])[0]
    shape, answered = pages.floor.form(name, kind), pages.floor.find(officer, to) if to else None
    draft = forms.read(shape, officer, pages.floor.charter, sent, answered=answered)
    return pages.piece(request, "look.html", officer=officer, draft_id=draft_id, saved=pages.floor.now(),
                       it=look(pages, officer, pages.reader(request), draft))


@post("/drafts/{given:str}/drop", role=DRAFTER, sync_to_thread=True)
def drop(pages: PagesHere, officer: OfficerHere, given: FromPath[str]) -> Response[None]:
    """Drop a draft."""
    drafts.drop(pages.floor, officer, given)
    return redirect("/drafts")


HANDLERS: tuple[Any, ...] = (listed, keep, drop)
