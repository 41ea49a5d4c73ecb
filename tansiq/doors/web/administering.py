"""The page of administration: officers, duty, keys, the quorum and the clock, the reading log, who is in."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from tansiq.charter import ROLES
from tansiq.desks.widgets import read_instant
from tansiq.doors.administration import DEED_TITLES, Administration
from tansiq.doors.gate import ADMINISTRATOR
from tansiq.doors.web.enter import status_of
from tansiq.doors.web.failures import sentence_of
from tansiq.doors.web.forms import Sent, one
from tansiq.doors.web.pages import Pages, redirect
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere, SentHere
from tansiq.errors import Malformed, TansiqError
from tansiq.office import OFFICES, Officer

PART_TITLES = {"officers": "Officers", "duty": "Duty roster", "keys": "Keys", "record": "Quorum and clock",
               "readings": "Reading log", "sessions": "Who is in"}
PART_ICONS = {"officers": "users", "duty": "phone", "keys": "key", "record": "checks", "readings": "eye",
              "sessions": "login"}
REASON_TITLES = {"replaced": "It was replaced by another", "left": "The officer has left the office",
                 "lost": "It was lost", "compromised": "Somebody else may have used it"}


@get("/administration", role=ADMINISTRATOR, sync_to_thread=True)
def officers(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[str]:
    """Officers of this cell, how they sign in, and what administrators did."""
    return _page(request, pages, officer, "officers")


@get("/administration/{part:str}", role=ADMINISTRATOR, sync_to_thread=True)
def part(request: Asked, pages: PagesHere, officer: OfficerHere, *, part: FromPath[str], by: FromQuery[str] = "",
         act: FromQuery[str] = "", after: FromQuery[str] = "", before: FromQuery[str] = "") -> Response[str]:
    """Another part of administration; the reading log through filters."""
    if part not in PART_TITLES:
        raise Malformed("address.unknown", "There is nothing at this address.")
    return _page(request, pages, officer, part, asked={"by": by, "act": act, "after": after, "before": before})


@post("/administration/{part:str}", role=ADMINISTRATOR, sync_to_thread=True)
def make(request: Asked, pages: PagesHere, officer: OfficerHere, sent: SentHere, part: FromPath[str]) -> Response[Any]:
    """Make an officer, or put one on duty."""
    return _done(request, pages, officer, sent, part=part, given="", step="add")


@post("/administration/{part:str}/{given:str}/{step:str}", role=ADMINISTRATOR, sync_to_thread=True)
def do(request: Asked, pages: PagesHere, officer: OfficerHere, sent: SentHere, *, part: FromPath[str],
       given: FromPath[str], step: FromPath[str]) -> Response[Any]:
    """Change or end an officer, draw a code, publish or end a passkey, strike a turn of duty, end a session."""
    return _done(request, pages, officer, sent, part=part, given=given, step=step)


def _done(request: Asked, pages: Pages, officer: Officer, sent: Sent, *, part: str, given: str,
          step: str) -> Response[Any]:
    shown = "officers" if part == "passkeys" else part
    try:
        officer.require_fresh()
        outcome = _do(Administration(pages.floor, officer), sent, (part, step), given)
    except TansiqError as error:
        if error.code == "session.stale" or shown not in PART_TITLES:
            raise
        return _page(request, pages, officer, shown, fault=error)
    if outcome.startswith("code "):
        return _page(request, pages, officer, shown, code=outcome.split(" "))
    return redirect(outcome or (f"/administration/{shown}" if shown != "officers" else "/administration"))


def _do(work: Administration, sent: Sent, what: tuple[str, str], given: str) -> str:
    """Do what was asked: gives where to go on, ``code …`` for a code to show, or nothing."""
    name, roles = one(sent, "name"), tuple(sent.get("roles", ()))
    if what == ("officers", "add"):
        made = one(sent, "id")
        return f"code {made} {work.make(made, name=name, roles=roles)}"
    if what == ("officers", "code"):
        return f"code {given} {work.draw(given)}"
    if what == ("passkeys", "publish"):
        asked = work.publish(given)
        return f"/sign/{asked}" if asked else ""
    if what == ("officers", "change"):
        work.change(given, name=name, roles=roles)
    elif what == ("officers", "end"):
        work.end(given)
    elif what == ("passkeys", "end"):
        work.end_passkey(given, one(sent, "reason"))
    elif what == ("duty", "add"):
        work.put_on_duty(one(sent, "officer"), one(sent, "telephone"), since=_instant(sent, "since"),
                         until=_instant(sent, "until"))
    elif what == ("duty", "off"):
        work.take_off_duty(given)
    elif what == ("sessions", "end"):
        work.end_session(given)
    else:
        raise Malformed("address.unknown", "There is nothing at this address.")
    return ""


def _page(request: Asked, pages: Pages, officer: Officer, part: str, *, fault: TansiqError | None = None,
          code: list[str] | None = None, asked: dict[str, str] | None = None) -> Response[str]:
    work, reader = Administration(pages.floor, officer), pages.reader(request)
    cell, filters = pages.floor.cell(officer.member), asked or {}
    context: dict[str, Any] = {}
    try:
        context = _shown(work, cell, part, filters)
    except Malformed as error:
        fault, context = fault or error, _shown(work, cell, part, {})
    return pages.page(
        request, "administration.html", status=status_of(fault), part=part, parts=PART_TITLES, icons=PART_ICONS,
        fault_sentence=sentence_of(fault, reader) if fault else "", code=code, asked=filters, all_roles=ROLES,
        offices=OFFICES, deed_titles=DEED_TITLES, reasons=REASON_TITLES, named={o.id: o.name for o in
                                                                               work.office.officers()}, **context)


def _shown(work: Administration, cell: Any, part: str, asked: dict[str, str]) -> dict[str, Any]:
    """What one part of the page shows."""
    if part == "officers":
        return {"rows": work.officers(), "deeds": work.office.deeds()}
    if part == "duty":
        return {"rows": work.duty(), "on_duty": {turn.id for turn in work.office.duty.at(cell.now())}}
    if part == "keys":
        return {"keys": cell.upkeep.keys()}
    if part == "record":
        return {"cosigners": cell.upkeep.cosigners(), "clocks": cell.upkeep.clocks(), "settled": cell.settled}
    if part == "sessions":
        return {"rows": work.sessions()}
    after, before = (read_instant(asked[name], "UTC", name) if asked.get(name) else None
                     for name in ("after", "before"))
    return {"rows": work.readings(officer=asked.get("by", ""), act=asked.get("act", ""), after=after or 0,
                                  before=before or 1 << 62)}


def _instant(sent: Sent, name: str) -> int:
    return read_instant(one(sent, name), "UTC", name)


HANDLERS: tuple[Any, ...] = (officers, part, make, do)
