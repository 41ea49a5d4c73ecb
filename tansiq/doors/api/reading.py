"""Reading: desks, acts, threads, receipts, the journal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from tansiq.cell.desk import Desk, Field, Form
from tansiq.charter import Charter
from tansiq.doors.api.request import FiltersHere, FloorHere, OfficerHere
from tansiq.doors.api.shapes import ActsShape, DeskShape, FieldShape, KindShape
from tansiq.doors.filters import Filters
from tansiq.doors.floor import BATCH_MAX, Floor
from tansiq.doors.gate import ANYONE
from tansiq.errors import Malformed
from tansiq.office import Officer

ENTRIES_MAX = 500


@get("/centre", role=ANYONE, sync_to_thread=True)
def centre(floor: FloorHere) -> dict[str, Any]:
    """The centre: its name in every language, members, partners, desks, and whether it is an exercise."""
    charter = floor.charter
    members = [{"code": m.code, "name": dict(m.name), "zone": m.zone, "capital": dict(m.capital)}
               for m in charter.members]
    return {"id": charter.id, "name": dict(charter.name), "languages": list(charter.languages), "members": members,
            "partners": [{"code": p.code, "name": dict(p.name)} for p in charter.partners],
            "handling": [{"code": h.code, "name": dict(h.name)} for h in charter.handling],
            "cells": sorted(floor.centre.cells), "exercise": charter.exercise}


@get("/desks", role=ANYONE, sync_to_thread=False)
def desks(floor: FloorHere) -> list[DeskShape]:
    """All desks with their kinds and forms."""
    return [desk_shape(desk, floor.charter) for desk in floor.desks]


@get("/acts", sync_to_thread=True)
def acts(floor: FloorHere, officer: OfficerHere, filters: FiltersHere) -> ActsShape:
    """Acts that the officer's cell can read, newest first, through the filters."""
    return search(floor, officer, filters)


@get("/acts/{given:str}", sync_to_thread=True)
def act(floor: FloorHere, officer: OfficerHere, given: FromPath[str]) -> dict[str, Any]:
    """One act, by its id or by its reference (``IQ 412``); the reading log keeps that it was opened."""
    return floor.plain(floor.read(officer, given))


@get("/acts/{given:str}/receipt", sync_to_thread=True)
def receipt(floor: FloorHere, officer: OfficerHere, given: FromPath[str]) -> Any:
    """How far an act has come: in the outbox, ordered, settled, refused; and who has seen it."""
    return msgspec.to_builtins(floor.receipt(officer, given))


@get("/threads/{given:str}", sync_to_thread=True)
def thread(floor: FloorHere, officer: OfficerHere, given: FromPath[str]) -> list[dict[str, Any]]:
    """All acts of the thread in which an act stands, in the journal's order."""
    return [floor.plain(row) for row in floor.thread(officer, given)]


@get("/journal", sync_to_thread=True)
def journal(floor: FloorHere, officer: OfficerHere, before: FromQuery[int | None] = None,
            limit: FromQuery[int] = 100) -> dict[str, Any]:
    """The journal as the officer's cell holds it, newest first, with every entry, sealed or not."""
    officer.require("reader")
    registers = floor.cell(officer.member).registers
    rows = registers.entries(before=before, limit=max(1, min(limit, ENTRIES_MAX)))
    return {"entries": [msgspec.to_builtins(row) for row in rows],
            "status": msgspec.to_builtins(floor.cell(officer.member).status())}


@post("/known", status_code=200, sync_to_thread=True)
def known(floor: FloorHere, officer: OfficerHere, data: JSONBody[list[str]], desk: FromQuery[str] = "") -> list[str]:
    """Which of these names from elsewhere (at most 1000) the officer's member has said already, at a desk or any."""
    if len(data) > BATCH_MAX:
        raise Malformed("batch.size", "A batch has 1 to {limit} acts.", limit=BATCH_MAX)
    return sorted(floor.known(officer, data, desk))


def search(floor: Floor, officer: Officer, filters: Filters) -> ActsShape:
    """One page of a search, with the count of all that it finds."""
    rows = floor.search(officer, filters.query())
    return ActsShape(floor.count(officer, filters), [floor.plain(row) for row in rows])


def desk_handler(desk: Desk) -> HTTPRouteHandler:
    """The list of one desk, ``GET /api/{desk}``, under the same filters."""

    def listing(floor: FloorHere, officer: OfficerHere, filters: FiltersHere) -> ActsShape:
        return search(floor, officer, replace(filters, desk=desk.name))

    listing.__annotations__ = {"floor": FloorHere, "officer": OfficerHere, "filters": FiltersHere, "return": ActsShape}
    listing.__doc__ = f"Acts of the desk {desk.name} that the officer's cell can read, newest first."
    return get(f"/{desk.name}", operation_id=f"list_{desk.name}", sync_to_thread=True)(listing)


def desk_shape(desk: Desk, charter: Charter) -> DeskShape:
    """Show a desk; choices that the charter gives are titled in its first language."""
    views = tuple(view.name for view in desk.showing.views) if desk.showing is not None else ()
    return DeskShape(desk.name, desk.number, desk.title, desk.icon,
                     tuple(_kind_shape(form, charter) for form in desk.forms), views)


def _kind_shape(form: Form, charter: Charter) -> KindShape:
    shown = tuple(FieldShape(f.name, f.title, f.widget, f.required, _choices(f, charter), f.hint) for f in form.fields)
    return KindShape(form.kind.name, form.kind.version, form.kind.title, form.answers, shown, form.role)


def _choices(field: Field, charter: Charter) -> tuple[tuple[str, str], ...]:
    if field.options is None:
        return field.choices
    return tuple((key, names.get("en") or next(iter(names.values()))) for key, names in field.options(charter))


HANDLERS = (centre, desks, acts, act, receipt, thread, journal, known)
