"""Signing an act: shown once more, whole, before the officer's passkey is asked."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from tansiq.doors.gate import OFFICER
from tansiq.doors.signing import Signing
from tansiq.doors.web.passkeys import HEADERS, Answered, Onward
from tansiq.doors.web.present import shown_of
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere
from tansiq.doors.web.saying import until_folded


@get("/sign/{given:str}", role=OFFICER, sync_to_thread=True)
def to_sign(request: Asked, pages: PagesHere, officer: OfficerHere, given: FromPath[str]) -> Response[str]:
    """The act that waits for the officer's signature."""
    waiting = Signing(pages.floor).find(officer, given)
    return pages.page(request, "sign.html", act=waiting.act, form=waiting.form, challenge=given,
                      fields=shown_of(pages.floor, waiting.form, msgspec.to_builtins(waiting.act)),
                      question=json.dumps(waiting.question))


@post("/sign", role=OFFICER, status_code=200, sync_to_thread=True)
def sign(pages: PagesHere, officer: OfficerHere, data: JSONBody[Answered]) -> Response[Onward]:
    """Say the act with the passkey's answer, and show it."""
    act_id = Signing(pages.floor).finish(officer, data.answer)
    until_folded(pages, officer, act_id)
    return Response(Onward(data.to if data.to.startswith("/administration") else f"/acts/{act_id}"), headers=HEADERS)


HANDLERS: tuple[Any, ...] = (to_sign, sign)
