"""Presenters: what registers answer, made ready to be read. No HTML is written here, and nothing is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from tansiq.cell.desk import Desk, Field, Form
from tansiq.cell.registers import ActQuery, ActRow, EntryRow
from tansiq.charter import Charter
from tansiq.doors.floor import Floor
from tansiq.errors import Refused
from tansiq.geo import Place, write_place
from tansiq.geo import geojson as place_geojson
from tansiq.office import Officer

TINTS = 4
SHOWN_PLACES = 12
PRECEDENCE_TITLES: Mapping[str, str] = {
    "routine": "Routine", "priority": "Priority", "immediate": "Immediate", "flash": "Flash",
}
STANDING_TITLES: Mapping[str, str] = {
    "standing": "Standing", "corrected": "Corrected", "recalled": "Recalled", "void": "Void", "changed": "Changed",
    "taken_over": "Taken over", "replaced": "Replaced", "acknowledged": "Acknowledged", "contested": "Contested",
    "moved": "Moved", "called_off": "Called off", "held": "Held", "not_held": "Not held",
    "asked": "Asked", "countered": "Countered", "waiting": "Waiting", "ready": "Ready", "under_way": "Under way",
    "stopping": "Must stop", "stopped": "Has stopped", "reported": "Reported", "disputed": "Disputed",
    "harm": "Harm noticed", "fulfilled": "Fulfilled", "closed": "Ended", "declined": "Declined",
    "withdrawn": "Withdrawn", "lapsed": "Lapsed", "revoked": "Taken back",
    "adjusted": "Adjusted", "active": "In use",
}
ROLE_TITLES: Mapping[str, str] = {
    "reader": "Read acts", "drafter": "Prepare acts", "releaser": "Say acts", "consenter": "Give consent", "legal": "Review the law",
    "director": "Do the chair's work", "administrator": "Administer",
}
"""What each role may do."""
STATE_TITLES: Mapping[str, str] = {
    "outbox": "In the outbox", "ordered": "Ordered", "settled": "Settled", "refused": "Refused",
}

YES_TITLES: Mapping[bool, str] = {True: "Yes", False: "No"}


@dataclass(frozen=True, slots=True)
class Member:
    """A party as pages mark it: *tint* is its place among the members, modulo the tints that the sheet has."""

    code: str
    name: Mapping[str, str]
    tint: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far an act has come; *why* says why it was refused."""

    state: str
    title: str
    why: str


_ORDERED = Receipt("ordered", STATE_TITLES["ordered"], "")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the feed with its first acts, where this cell could open it; *kind* is the title of the first."""

    entry: EntryRow
    acts: tuple[ActRow, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of an act as its page shows it."""

    field: Field
    value: Any
    shape: str


def members_of(charter: Charter) -> dict[str, Member]:
    """Members by code, each with its tint; partners have none of their own."""
    tinted = {m.code: Member(m.code, m.name, f"m{n % TINTS}") for n, m in enumerate(charter.members)}
    return tinted | {p.code: Member(p.code, p.name, "") for p in charter.partners}


def kind_title(desks: Sequence[Desk], kind: str) -> str:
    """Title of a kind (a message id); the name itself where no desk here knows it."""
    return next((form.kind.title for desk in desks for form in desk.forms if form.kind.name == kind), kind)


def form_of(desks: Sequence[Desk], kind: str) -> Form | None:
    """The form of a kind, whichever desk it lies on."""
    return next((form for desk in desks for form in desk.forms if form.kind.name == kind), None)


def receipt_of(floor: Floor, officer: Officer, act_id: str) -> Receipt:
    """Ask the officer's cell how far an act has come; one that it does not know counts as ordered by its row alone."""
    try:
        given = floor.receipt(officer, act_id)
    except Refused:
        return _ORDERED
    known = given if isinstance(given, Mapping) else msgspec.to_builtins(given)
    state = str(known.get("state", "ordered"))
    why = known.get("why") or known.get("sentence") or ""
    return Receipt(state, STATE_TITLES.get(state, state), str(why))


def events(floor: Floor, officer: Officer, *, limit: int, after: int | None = None) -> list[Event]:
    """The newest entries of the officer's cell, newest first; with *after* only those of a greater index."""
    registers = floor.cell(officer.member).registers
    entries = [e for e in registers.entries(before=None, limit=limit, quiet=False) if after is None or e.index > after]
    heads = registers.heads([entry.index for entry in entries if entry.acts])
    return [Event(entry, acts, kind_title(floor.desks, acts[0].kind) if acts else "")
            for entry in entries for acts in (tuple(heads.get(entry.index, ())),)]


def fields_of(floor: Floor, row: ActRow) -> list[Shown]:
    """The fields of an act in its form's order, each with the shape in which it is shown."""
    form = form_of(floor.desks, row.kind)
    return [] if form is None else shown_of(floor, form, msgspec.to_builtins(row.act))


def shown_of(floor: Floor, form: Form, said: Mapping[str, Any]) -> list[Shown]:
    """The fields of a form that hold something, in its order, each with the shape in which it is shown."""
    pairs = [(field, said.get(field.name)) for field in form.fields]
    return [Shown(field, *(_named(field, value, floor.charter) or _shape(field, value))) for field, value in pairs
            if value not in (None, "", [], ())]


def _named(field: Field, value: Any, charter: Charter) -> tuple[Any, str] | None:
    """A choice that the charter names, as its names by language."""
    return None if field.options is None else (dict(field.options(charter)).get(value, {"": str(value)}), "named")


def _shape(field: Field, value: Any) -> tuple[Any, str]:
    if field.write is not None:
        return field.write(value).split("\n"), "lines"
    if field.widget == "area":
        return write_place(msgspec.convert(value, Place)), "area"
    if field.widget == "yes":
        return YES_TITLES[bool(value)], "choice"
    if field.widget == "several":
        return [dict(field.choices).get(str(one), str(one)) for one in value], "choices"
    if field.widget == "choice":
        return dict(field.choices).get(str(value), str(value)), "choice"
    if isinstance(value, dict) and {"lat", "lon"} <= value.keys():
        return [value], "places"
    if isinstance(value, dict) and {"lang", "text"} <= value.keys():
        return [value], "texts"
    if isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        return list(value)[:SHOWN_PLACES], "places" if "lat" in value[0] else "texts"
    if field.widget == "instant":
        return [value] if isinstance(value, int) else [part for part in _parts(value) if isinstance(part, int)], "times"
    if isinstance(value, list | tuple):
        return [str(part) for part in value], "words"
    return str(value), "plain"


def _parts(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else list(value)


def geojson(rows: Sequence[ActRow], *, most: int = SHOWN_PLACES) -> dict[str, Any]:
    """Acts as GeoJSON points for the picture, at most so many a piece."""
    return {"type": "FeatureCollection", "features": [point for row in rows for point in points(row, most=most)]}


def drawn(floor: Floor, rows: Sequence[ActRow]) -> dict[str, Any]:
    """Acts as GeoJSON for the picture of their thread: areas as they are, all else as points.

    What a form withholds is left out: it leaves by no machine door.
    """
    features: list[dict[str, Any]] = []
    for row in rows:
        form = form_of(floor.desks, row.kind)
        areas = [getattr(row.act, field.name) for field in form.fields if field.widget == "area" and field.picked
                 and field.name not in form.withheld] if form else []
        features += [{"type": "Feature", "geometry": place_geojson(area), "properties": _properties(row)}
                     for area in areas if area is not None] or points(row)
    return {"type": "FeatureCollection", "features": features}


def points(row: ActRow, *, most: int = SHOWN_PLACES) -> list[dict[str, Any]]:
    """The places of an act as points of the picture, with what the picture filters by."""
    return [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon / 1e7, lat / 1e7]},
             "properties": _properties(row)} for lat, lon in row.places[:most]]


def _properties(row: ActRow) -> dict[str, Any]:
    return {"href": f"/acts/{row.id}", "title": row.title, "ref": row.reference, "author": row.author,
            "desk": row.desk, "kind": row.kind, "precedence": row.precedence, "release": list(row.release),
            "lang": row.lang, "from_ms": row.when[0] if row.when else row.time,
            "until_ms": row.when[1] if row.when else row.time}
