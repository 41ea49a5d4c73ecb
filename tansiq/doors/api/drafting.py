"""Drafts: what a form holds before it is said, kept in the officer's own office and sealed for nobody."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from tansiq.doors import drafts
from tansiq.doors.api.request import FloorHere, OfficerHere
from tansiq.doors.gate import DRAFTER


class DraftRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A draft to keep: each field of the form as it was typed; *id* puts it in place of the draft before."""

    desk: str
    kind: str
    sent: dict[str, list[str]]
    id: str = ""


class DraftShape(msgspec.Struct, frozen=True):
    """A draft, as it was typed so far; *time* is when it was saved (UTC ms)."""

    id: str
    officer: str
    desk: str
    kind: str
    title: str
    time: int
    sent: dict[str, list[str]]


@get("/drafts", role=DRAFTER, sync_to_thread=True)
def listed(floor: FloorHere, officer: OfficerHere) -> list[DraftShape]:
    """The officer's own drafts, newest first."""
    return [msgspec.convert(drafts.shown(one), DraftShape) for one in drafts.own(floor, officer)]


@post("/drafts", role=DRAFTER, sync_to_thread=True)
def save(floor: FloorHere, officer: OfficerHere, data: JSONBody[DraftRequest]) -> dict[str, str]:
    """Keep a draft; the role drafter is needed. Answers with its id."""
    return {"id": drafts.save(floor, officer, data.desk, data.kind, sent=data.sent, draft_id=data.id)}


@delete("/drafts/{given:str}", role=DRAFTER, status_code=204, sync_to_thread=True)
def drop(floor: FloorHere, officer: OfficerHere, given: FromPath[str]) -> None:
    """Drop a draft of one's own; one that is gone is gone."""
    drafts.drop(floor, officer, given)


HANDLERS: tuple[Any, ...] = (listed, save, drop)
