"""Drafts, as doors see them: what a form holds before it is said or handed in, kept for its officer alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from tansiq.desks.fields import first_sentence
from tansiq.doors.floor import Floor
from tansiq.office import Draft, Officer

Sent = Mapping[str, list[str]]


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a draft holds: the desk, and every field of the form as it was typed."""

    desk: str
    sent: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft with its address: *time* is when it was saved (UTC ms)."""

    id: str
    officer: str
    desk: str
    kind: str
    title: str
    lang: str
    time: int
    sent: Sent


def save(floor: Floor, officer: Officer, desk: str, kind: str, *, sent: Sent, draft_id: str = "") -> str:
    """Keep what a form of a desk's kind holds; returns the draft's id.

    Raises:
        Refused: ``officer.role`` without the role drafter; ``draft.count``, ``draft.absent``.
        Malformed: ``desk.unknown``, ``act.unknown``, ``draft.size``.
    """
    floor.form(desk, kind)
    held = {"desk": desk, "sent": {name: list(values) for name, values in sent.items() if any(values)}}
    return floor.offices[officer.member].save_draft(officer.id, kind, held, draft_id=draft_id or None)


def own(floor: Floor, officer: Officer) -> list[Kept]:
    """The officer's own drafts, newest first."""
    return [_kept(draft) for draft in floor.offices[officer.member].drafts(officer.id)]


def find(floor: Floor, officer: Officer, draft_id: str) -> Kept:
    """One draft of the officer's own.

    Raises:
        Refused: ``draft.absent``.
    """
    return _kept(floor.offices[officer.member].draft(officer.id, draft_id))


def drop(floor: Floor, officer: Officer, draft_id: str) -> None:
    """Drop a draft of one's own; one that is gone is gone."""
    floor.offices[officer.member].drop_draft(officer.id, draft_id)


def shown(kept: Kept) -> dict[str, Any]:
    """A draft as programs read it."""
    return {"id": kept.id, "officer": kept.officer, "desk": kept.desk, "kind": kept.kind, "title": kept.title,
            "time": kept.time, "sent": {name: list(v) for name, v in kept.sent.items()}}


def _kept(draft: Draft) -> Kept:
    held = msgspec.json.decode(draft.fields, type=Held)
    words = next((held.sent[name][0] for name in ("title", "text") if held.sent.get(name)), "")
    return Kept(draft.id, draft.officer, held.desk, draft.kind, first_sentence(words),
                (held.sent.get("lang") or ["und"])[0], draft.time, held.sent)
