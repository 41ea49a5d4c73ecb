"""The last look before sealing: an act as it would read, what stands at each field, and whether the rules admit it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from markupsafe import Markup

from tansiq.cell.registers import ActQuery, ActRow
from tansiq.desks.fields import compose, read_each
from tansiq.doors.floor import Floor
from tansiq.doors.web import forms
from tansiq.doors.web.failures import sentence_of
from tansiq.doors.web.pages import Pages
from tansiq.doors.web.present import Shown, shown_of
from tansiq.doors.web.reader import Reader
from tansiq.errors import TansiqError
from tansiq.geo import Place, Point
from tansiq.office import Officer

NEAR_DEGREES = 0.5
NEAR_MS = 24 * 3_600_000
NEAR_MAX = 3
BORDER_REACH_M = 100_000


@dataclass(frozen=True, slots=True)
class Note:
    """What stands under a field: a reading of what was typed, or what is wrong with it."""

    field: str
    text: str | Markup
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How a draft would read. *refused* says why the rules do not admit it; *ready*: it could be said as it stands."""

    draft: forms.Draft
    shown: Sequence[Shown]
    notes: Sequence[Note]
    refused: str
    ready: bool
    near: Sequence[ActRow] = ()
    size: int = 0
    settled: int = 0
    done: Sequence[str] = field(default_factory=tuple)


def look(pages: Pages, officer: Officer, reader: Reader, draft: forms.Draft) -> Look:
    """Read a draft as far as it goes, and rule on it where it goes far enough; nothing is kept or said."""
    floor, given = pages.floor, forms.typed(draft)
    values, faults = read_each(draft.form, given)
    notes = [*(_bad(reader, name, error) for name, error in faults.items()),
             *_readings(floor, officer, reader, draft, values)]
    ready, refused = _ruled(floor, officer, reader, draft, whole=not faults)
    standing = floor.cell(officer.member).status()
    return Look(draft, shown_of(floor, draft.form, values), notes, refused, ready, _near(floor, officer, draft, values),
                int(standing.get("size") or 0), int(standing.get("settled") or 0),
                [name for name in values if name not in faults])


def _bad(reader: Reader, name: str, error: TansiqError) -> Note:
    return Note(name, sentence_of(error, reader), bad=True)


def _ruled(floor: Floor, officer: Officer, reader: Reader, draft: forms.Draft, *, whole: bool) -> tuple[bool, str]:
    """Whether the cell would take the act, and why not; what is only unfinished is no reason yet."""
    if not whole:
        return False, ""
    try:
        given = compose(draft.form, forms.typed(draft))
    except TansiqError as error:
        return False, "" if error.code in ("field.missing", "field.lang") else sentence_of(error, reader)
    try:
        floor.cell(officer.member).draft(draft.form.kind.name, given, officer=officer.id)
    except TansiqError as error:
        return False, sentence_of(error, reader)
    return True, ""


def _readings(floor: Floor, officer: Officer, reader: Reader, draft: forms.Draft, values: dict[str, Any]) -> list[Note]:
    notes = []
    for one in draft.form.fields:
        value = values.get(one.name) if draft.value(one).strip() else None
        if one.widget == "position" and value:
            notes.append(Note(one.name, _where(floor, officer, reader, msgspec.convert(value, _Position))))
        if one.widget == "instant" and isinstance(value, int):
            notes.append(Note(one.name, Markup("= {} · {}").format(reader.instant(value), reader.ago(value))))
        if one.widget == "choice" and not one.options and value is not None:
            title = dict(one.choices).get(str(value), "")
            notes.append(Note(one.name, reader.say(title) if title else ""))
    return notes


class _Position(msgspec.Struct, frozen=True):
    lat: int
    lon: int
    accuracy_m: int | None = None


def _where(floor: Floor, officer: Officer, reader: Reader, at: _Position) -> Markup:
    """A position in the other ways of writing it, whose territory it is, and how far the next border."""
    territories = floor.look(officer).territories(floor.charter)
    names = [reader.territory(code) for code in territories.at(at.lat, at.lon)]
    whose = reader.say("territory: {names}", names=reader.listed(names)) if names else reader.say("at sea")
    parts = [reader.place(at.lat, at.lon), whose]
    place: Place = Point(at=(at.lat, at.lon))
    others = {code: metres for code, metres in territories.border_distances(place, BORDER_REACH_M).items()
              if reader.territory(code) not in names}
    if others:
        code, metres = min(others.items(), key=lambda one: one[1])
        parts.append(reader.say("{count} km to {name}", count=reader.number(round(metres / 1000)),
                                name=reader.territory(code)))
    return Markup(" · ").join(parts)


def _near(floor: Floor, officer: Officer, draft: forms.Draft, values: dict[str, Any]) -> list[ActRow]:
    """What was already said of the same place and day, newest first; where places are not picked, nothing is looked up."""
    place = next((one for one in draft.form.fields if one.widget == "position" and one.picked), None)
    when = next((one for one in draft.form.fields if one.widget == "instant"), None)
    at, time = values.get(place.name) if place else None, values.get(when.name) if when else None
    if not at or not isinstance(time, int):
        return []
    lat, lon = at["lat"] / 1e7, at["lon"] / 1e7
    box = (max(lon - NEAR_DEGREES, -180.0), max(lat - NEAR_DEGREES, -90.0), min(lon + NEAR_DEGREES, 180.0),
           min(lat + NEAR_DEGREES, 90.0))
    return floor.search(officer, ActQuery(box=box, after=time - NEAR_MS, before=time + NEAR_MS, limit=NEAR_MAX))


