"""Reading CSV and GeoJSON files into the fields of acts, row by row; a bad row is told, and the next one read."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from tansiq.cell.desk import Desk, Form
from tansiq.desks.fields import composer
from tansiq.desks.mapping import (
    FEATURE_ID,
    LATITUDE,
    LONGITUDE,
    Cut,
    Mapping,
    columns_of,
    cutter,
    plain_mapping,
    require_fits,
)
from tansiq.errors import Malformed, TansiqError

LINE_CHARACTERS_MAX = 1_000_000
CELL_CHARACTERS_MAX = 131_072
COLUMNS_MAX = 1_000
GEOJSON_BYTES_MAX = 256 * 1024 * 1024
_AT_ONCE = 1_000
_SUFFIXES = (".geojson", ".json")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be said: its line (CSV) or number (GeoJSON, from 1), its id and the fields of an act."""

    line: int
    external_id: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that cannot be said: where, why in one sentence, and the column (or field) at fault, if one is."""

    line: int
    reason: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Doubled:
    """One row whose id was imported before, or stood in this file before: left out, and no failure."""

    line: int
    external_id: str


@dataclass(frozen=True, slots=True)
class _Broken:
    line: int
    reason: str


def read_rows(path: Path, mapping: Mapping | None, desk: Desk, *, kind: str = "report",
              defaults: dict[str, str] | None = None) -> Iterator[Row | BadRow]:
    """Read a file row by row; by its name, GeoJSON (``.geojson``, ``.json``) or CSV (UTF-8, with a header).

    *mapping* says desk and kind itself; without one, columns are named as the fields of *kind* are. *defaults*
    (``lang``, ``zone``) hold where neither mapping nor column gives them. At most one row is in memory for CSV; a
    GeoJSON file is read whole.

    Raises:
        Malformed: ``import.…`` or ``mapping.…``, the file as a whole cannot be read: nothing of it was yielded.
    """
    form = _form(desk, mapping.kind if mapping is not None else kind, mapping)
    columns, rows = (_geojson(path) if path.suffix.lower() in _SUFFIXES
                     else _csv(path, mapping.delimiter if mapping is not None else ","))
    mapping = mapping or plain_mapping(desk, form, columns)
    if not mapping.fields:
        raise Malformed("import.columns", "No column is named as a field of a {kind}: a mapping is needed.",
                        kind=mapping.kind)
    require_fits(mapping, form)
    return _composed(rows, _Cutting.of(mapping, columns, defaults or {}), form)


def fresh(rows: Iterable[Row | BadRow], known: Callable[[list[str]], Collection[str]],
          ) -> Iterator[Row | BadRow | Doubled]:
    """Mark rows as doubled whose id is *known*, or came before in *rows*; *known* is asked for a thousand at a time."""
    seen: set[str] = set()
    rows = iter(rows)
    while part := list(islice(rows, _AT_ONCE)):
        before = known([row.external_id for row in part if isinstance(row, Row)])
        for row in part:
            if isinstance(row, Row):
                if row.external_id in before or row.external_id in seen:
                    yield Doubled(row.line, row.external_id)
                    continue
                seen.add(row.external_id)
            yield row


@dataclass(frozen=True, slots=True)
class _Cutting:
    """A mapping made ready for the columns of one file."""

    cuts: tuple[tuple[str, Cut], ...]
    given: dict[str, str]
    columns: tuple[str, ...]
    id_field: str

    @classmethod
    def of(cls, mapping: Mapping, columns: tuple[str, ...], defaults: dict[str, str]) -> _Cutting:
        places = {column: place for place, column in enumerate(columns)}
        for name, source in mapping.fields.items():
            for column in columns_of(source):
                if column not in places:
                    raise Malformed("import.column", "The file has no column {column}, which the mapping reads for "
                                    "{field}.", column=column, field=name)
        given = {name: value for name, value in (("lang", mapping.lang or defaults.get("lang", "")),
                                                 ("zone", mapping.zone or defaults.get("zone", ""))) if value}
        zone = given.get("zone", "")
        cuts = tuple((name, cutter(name, source, places, zone)) for name, source in mapping.fields.items())
        return cls(cuts, given, columns, mapping.id)


def _composed(rows: Iterator[tuple[int, list[str]] | _Broken], cutting: _Cutting, form: Form) -> Iterator[Row | BadRow]:
    keeps_id = any(field.name == cutting.id_field for field in form.fields)
    width, compose = len(cutting.columns), composer(form)
    for row in rows:
        if isinstance(row, _Broken):
            yield BadRow(row.line, row.reason)
            continue
        line, cells = row
        if len(cells) != width:
            yield BadRow(line, f"The row has {len(cells)} cells, and the header {width}.")
            continue
        try:
            given = cutting.given.copy()
            for name, cut in cutting.cuts:
                given[name] = cut(cells)
            external_id = given.get(cutting.id_field, "").strip() or _row_id(cells)
            if keeps_id:
                given[cutting.id_field] = external_id
            yield Row(line, external_id, compose(given))
        except TansiqError as error:
            yield BadRow(line, str(error), error.field)


def _row_id(cells: list[str]) -> str:
    """Name a row that has no id by what it holds, so that the same row is known again."""
    whole = "\x1f".join(cells).encode("utf-8", "surrogatepass")
    return "row-" + hashlib.sha256(whole).hexdigest()[:32]


def _form(desk: Desk, kind: str, mapping: Mapping | None) -> Form:
    if mapping is not None and mapping.desk != desk.name:
        raise Malformed("mapping.desk", "The mapping is for the desk {desk}, not {given}.", desk=mapping.desk,
                        given=desk.name)
    form = next((form for form in desk.forms if form.kind.name == kind), None)
    if form is None or form.answers:
        raise Malformed("mapping.kind", "On the desk {desk} nothing of the kind {given} can be imported.",
                        desk=desk.name, given=repr(kind[:40]))
    return form.rows.form if form.rows is not None else form


_Read = tuple[tuple[str, ...], Iterator[tuple[int, list[str]] | _Broken]]


def _unreadable(path: Path, error: OSError) -> Malformed:
    return Malformed("import.file", "The file {name} cannot be read: {why}.", name=path.name,
                     why=error.strerror or "unreadable")


def _csv(path: Path, delimiter: str) -> _Read:
    # Opened once for the header and again when the first row is asked for: what is refused in between leaves no
    # file open.
    with _text(path) as file:
        lines = _Lines(file)
        columns = _header(csv.reader(lines, delimiter=delimiter, strict=True), lines, path)
    return columns, _csv_rows(path, delimiter)


def _text(path: Path) -> TextIO:
    try:
        # Bytes that are not UTF-8 come as lone surrogates, so that the row that holds them can be told by its line.
        return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")
    except OSError as error:
        raise _unreadable(path, error) from error


class _Lines:
    """The lines of a file, none longer than the limit: what is over is left out, and remembered."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.number = 0
        self.cut = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LINE_CHARACTERS_MAX)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == LINE_CHARACTERS_MAX and not line.endswith("\n"):
            self.cut = True
            while (rest := self._file.readline(LINE_CHARACTERS_MAX)) and not rest.endswith("\n"):
                pass
        return line


def _header(reader: Any, lines: _Lines, path: Path) -> tuple[str, ...]:
    try:
        header = [name.strip() for name in next(reader)]
    except StopIteration as error:
        raise Malformed("import.empty", "The file {name} is empty.", name=path.name) from error
    except csv.Error as error:
        raise Malformed("import.header", "The header of {name} cannot be read: {why}.", name=path.name,
                        why=str(error)) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if lines.cut or len(header) > COLUMNS_MAX:
        raise Malformed("import.header", "The header of {name} cannot be read: {why}.", name=path.name,
                        why="it is too long")
    doubled = sorted({name for name in header if header.count(name) > 1})
    if doubled:
        raise Malformed("import.doubled", "The header names {column} twice.", column=repr(doubled[0][:60]),
                        field=doubled[0])
    if (fault := _fault_of(header)) is not None:
        raise Malformed("import.header", "The header of {name} cannot be read: {why}.", name=path.name, why=fault)
    return tuple(header)


def _csv_rows(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]] | _Broken]:
    with _text(path) as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        next(reader, None)
        while True:
            line, lines.cut = lines.number + 1, False
            try:
                cells: list[str] = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield _Broken(line, f"The row is no CSV: {error}.")
                continue
            except OSError as error:
                raise _unreadable(path, error) from error
            if not cells:
                continue
            if lines.cut:
                yield _Broken(line, f"The row is longer than {LINE_CHARACTERS_MAX} characters.")
            elif (fault := _fault_of(cells)) is not None:
                yield _Broken(line, fault)
            else:
                yield line, cells


def _fault_of(cells: list[str]) -> str | None:
    """Name what no cell may hold: bytes that are not UTF-8, and NUL."""
    whole = "".join(cells)
    if "\0" in whole:
        return "The row holds a NUL character."
    if not whole.isascii():
        try:
            whole.encode("utf-8")
        except UnicodeEncodeError:
            return "The row is not UTF-8."
    return None


def _geojson(path: Path) -> _Read:
    try:
        if path.stat().st_size > GEOJSON_BYTES_MAX:
            raise Malformed("import.size", "The file {name} is larger than {limit} MiB; divide it.", name=path.name,
                            limit=GEOJSON_BYTES_MAX >> 20)
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    if not data.strip():
        raise Malformed("import.empty", "The file {name} is empty.", name=path.name)
    features = _features(data, path)
    # Columns are gathered first: a property may be missing in any feature, and is then empty.
    names: dict[str, None] = dict.fromkeys((LATITUDE, LONGITUDE, FEATURE_ID))
    for feature in features:
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if isinstance(properties, dict):
            names.update(dict.fromkeys(properties))
    columns = tuple(names)
    return columns, _feature_rows(features, columns)


def _features(data: bytes, path: Path) -> list[Any]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("import.utf8", "The file {name} is not UTF-8.", name=path.name) from error
    try:
        # NaN and Infinity are no JSON, but tools write them: read as text here, they spoil one feature alone.
        whole = json.loads(text, parse_constant=str, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Malformed("import.json", "The file {name} is no JSON: {why}.", name=path.name, why=str(error)) from error
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(whole, dict) or whole.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise Malformed("import.geojson", "The file {name} is no GeoJSON FeatureCollection.", name=path.name)
    return features


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("an object names one key twice")
    return made


def _feature_rows(features: list[Any], columns: tuple[str, ...]) -> Iterator[tuple[int, list[str]] | _Broken]:
    for number, feature in enumerate(features, 1):
        try:
            cells = _feature_cells(feature)
        except Malformed as error:
            yield _Broken(number, str(error))
            continue
        row = [cells.get(column, "") for column in columns]
        fault = _fault_of(row)
        if fault is not None:
            yield _Broken(number, fault)
        elif max(map(len, row)) > CELL_CHARACTERS_MAX:
            yield _Broken(number, f"A property is longer than {CELL_CHARACTERS_MAX} characters.")
        else:
            yield number, row


def _feature_cells(feature: Any) -> dict[str, str]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise Malformed("row.feature", "This is no GeoJSON Feature.")
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise Malformed("row.feature", "The properties of the feature are no object.")
    cells = {name: _cell(value) for name, value in properties.items()}
    cells[FEATURE_ID] = _cell(feature.get("id"))
    geometry = feature.get("geometry")
    if geometry is None:
        return cells
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or geometry.get("type") != "Point" or not isinstance(coordinates, list):
        raise Malformed("row.geometry", "The feature is no point; only points are imported.")
    if len(coordinates) not in (2, 3) or not all(map(_is_finite, coordinates)):
        raise Malformed("row.geometry", "The coordinates of the feature are no longitude and latitude.")
    # GeoJSON writes the longitude first (RFC 7946, 3.1.1).
    cells[LONGITUDE], cells[LATITUDE] = (f"{float(value):.7f}" for value in coordinates[:2])
    return cells


def _is_finite(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e6 and math.isfinite(value)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False)
