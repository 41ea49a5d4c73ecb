"""A mapping file: which column of a table, or property of a GeoJSON feature, becomes which field of an act.

TOML; the guide is ``docs/guides/integrator/import.md``. Unknown keys are refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from string import Formatter

import msgspec

from tansiq.acts.catalogue import own_fields
from tansiq.cell.desk import Desk, Form
from tansiq.desks.widgets import milliseconds, read_zone
from tansiq.errors import Malformed
from tansiq.languages.digits import to_latin
from tansiq.wire import write_instant

MAPPING_BYTES_MAX = 262_144
LATITUDE, LONGITUDE, FEATURE_ID = "@latitude", "@longitude", "@id"
Cells = Sequence[str]
Cut = Callable[[Cells], str]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where one field comes from: exactly one of ``column``, ``template``, ``value``, ``latitude`` with
    ``longitude``, or ``geometry``."""

    column: str | None = None
    template: str | None = None
    value: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    geometry: bool = False
    values: dict[str, str] | None = None
    split: str | None = None
    take: int = 1
    format: str | None = None
    end_of_day: bool = False
    default: str = ""


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One mapping: desk and kind, what holds for every row (``lang``, ``zone``, ``delimiter``), and each field."""

    desk: str
    kind: str
    fields: dict[str, Source]
    lang: str = ""
    zone: str = ""
    delimiter: str = ","
    id: str = "external_id"


def parse_mapping(text: str) -> Mapping:
    """Read a mapping.

    Raises:
        Malformed: ``mapping.…``, naming the place.
    """
    if len(text) > MAPPING_BYTES_MAX:
        raise Malformed("mapping.size", "A mapping has at most {limit} bytes.", limit=MAPPING_BYTES_MAX)
    try:
        mapping = msgspec.convert(tomllib.loads(text), Mapping)
    except tomllib.TOMLDecodeError as error:
        raise Malformed("mapping.toml", "The mapping is not TOML: {why}.", why=str(error)) from error
    except msgspec.ValidationError as error:
        raise Malformed("mapping.shape", "The mapping cannot be taken: {why}.", why=str(error)) from error
    if len(mapping.delimiter) != 1 or mapping.delimiter in '"\r\n\0':
        raise Malformed("mapping.delimiter", "The delimiter is one sign, not {given}.", given=repr(mapping.delimiter))
    if mapping.zone:
        read_zone(mapping.zone)
    for name, source in mapping.fields.items():
        _require_source(name, source)
    return mapping


def plain_mapping(desk: Desk, form: Form, columns: Iterable[str]) -> Mapping:
    """The mapping where none is given: columns are named as the fields are (a place also ``lat``, ``lon``)."""
    there = set(columns)
    names = {field.name for field in form.fields}
    beside = {name + mark for name in names for mark in _MARKS}
    fields = {name: Source(column=name) for name in sorted(there & (names | beside | _HEAD | {"lang", "zone"}))}
    for field in form.fields:
        if field.widget == "position" and field.name not in fields:
            if LATITUDE in there:
                fields[field.name] = Source(geometry=True)
            elif {"lat", "lon"} <= there:
                fields[field.name] = Source(latitude="lat", longitude="lon")
    return Mapping(desk=desk.name, kind=form.kind.name, fields=fields)


_HEAD = frozenset(("handling", "precedence", "topic"))
_MARKS = ("_lang", "_zone", "_accuracy_m")


def require_fits(mapping: Mapping, form: Form) -> None:
    """Refuse a mapping of fields that the kind does not have.

    Raises:
        Malformed: ``mapping.field``.
    """
    names = {info.name for info in own_fields(form.kind.type)}
    for name in mapping.fields:
        base = next((name.removesuffix(mark) for mark in _MARKS if name.endswith(mark)), name)
        if not {name, base} & (names | _HEAD | {"lang", "zone"}):
            raise Malformed("mapping.field", "A {kind} has no field {field}, which the mapping names.",
                            kind=mapping.kind, field=name)


def columns_of(source: Source) -> tuple[str, ...]:
    """Columns that a source reads."""
    if source.geometry:
        return LATITUDE, LONGITUDE
    if source.template is not None:
        return tuple(name for _, name, _, _ in Formatter().parse(source.template) if name is not None)
    return tuple(name for name in (source.column, source.latitude, source.longitude) if name is not None)


def cutter(name: str, source: Source, places: dict[str, int], zone: str) -> Cut:
    """Make what cuts one field's text out of a row; *places* numbers the columns.

    The cutter raises ``Malformed`` where a cell holds what the mapping does not foresee.
    """
    at = [places[column] for column in columns_of(source)]
    cut = _raw_cutter(source, at, places)
    if source.split is not None:
        cut = _taken(cut, source.split, source.take - 1)
    if source.values is not None:
        cut = _valued(cut, source.values, name, source.default)
    if source.format is not None or source.end_of_day:
        cut = _dated(cut, source, name, zone)
    return _defaulted(cut, source.default) if source.default else cut


def _raw_cutter(source: Source, at: list[int], places: dict[str, int]) -> Cut:
    if source.value is not None:
        constant = source.value
        return lambda cells: constant
    if source.column is not None:
        only = at[0]
        return lambda cells: cells[only]
    if source.template is not None:
        return _templated(source.template, places)
    lat, lon = at

    def pair(cells: Cells) -> str:
        one, other = cells[lat].strip(), cells[lon].strip()
        return f"{one}, {other}" if one or other else ""

    return pair


def _templated(template: str, places: dict[str, int]) -> Cut:
    parts = [(text, None if name is None else places[name]) for text, name, _, _ in Formatter().parse(template)]

    def fill(cells: Cells) -> str:
        return "".join([text if place is None else text + cells[place] for text, place in parts])

    return fill


def _taken(cut: Cut, split: str, take: int) -> Cut:
    def part(cells: Cells) -> str:
        parts = cut(cells).split(split)
        return parts[take].strip() if take < len(parts) else ""

    return part


def _valued(cut: Cut, values: dict[str, str], name: str, default: str) -> Cut:
    def look(cells: Cells) -> str:
        text = cut(cells).strip()
        found = values.get(text)
        if found is None:
            if default or not text:
                return default
            raise Malformed("row.value", "{given} is not in the mapping's table for {field}.", given=repr(text[:60]),
                            field=name)
        return found

    return look


def _defaulted(cut: Cut, default: str) -> Cut:
    return lambda cells: cut(cells) or default


def _dated(cut: Cut, source: Source, name: str, zone: str) -> Cut:
    @lru_cache(maxsize=16_384)
    def instant(text: str) -> str:
        try:
            latin = to_latin(text.strip()[:80])
            moment = datetime.strptime(latin, source.format) if source.format else datetime.fromisoformat(latin)
        except ValueError as error:
            raise Malformed("instant.form", "{given} is no date as the mapping writes it ({format}).",
                            given=repr(text[:40]), format=source.format or "ISO 8601", field=name) from error
        try:
            if source.end_of_day:
                # The day's last millisecond, also where clocks change: one before the next day begins.
                moment = (moment + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
            return write_instant(milliseconds(moment, zone, text) - source.end_of_day)
        except OverflowError as error:
            raise Malformed("instant.range", "{given} is no date that can be counted.", given=repr(text[:40]),
                            field=name) from error

    return lambda cells: instant(text) if (text := cut(cells)) else ""


def _require_source(name: str, source: Source) -> None:
    ways = (source.column is not None, source.template is not None, source.value is not None,
            source.latitude is not None or source.longitude is not None, source.geometry)
    if sum(ways) != 1 or (source.latitude is None) != (source.longitude is None):
        raise Malformed("mapping.source", "The field {field} needs exactly one of column, template, value, geometry, "
                        "or latitude with longitude.", field=name)
    if source.take < 1 or source.split == "":
        raise Malformed("mapping.split", "The field {field} is split at a sign, and its parts count from 1.",
                        field=name)
    if source.template is not None:
        try:
            parts = list(Formatter().parse(source.template))
        except ValueError as error:
            raise Malformed("mapping.template", "The template of {field} cannot be read: {why}.", field=name,
                            why=str(error)) from error
        # Only columns are filled in: no attributes, no indices, no formats.
        if any(part[1] == "" or part[2] or part[3] for part in parts):
            raise Malformed("mapping.template", "The template of {field} names columns only: {{column}}.", field=name)
