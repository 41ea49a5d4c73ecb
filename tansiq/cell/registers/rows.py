"""How acts lie in the tables: row numbers, references, and reading a row back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from tansiq import wire
from tansiq.acts import Act, Kind
from tansiq.cell.desk import Said
from tansiq.cell.registers.entry import ActRow, EntryRow
from tansiq.languages.digits import to_latin

ACT_COLUMNS = ("a.act_id, a.\"index\", a.position, a.number, a.author, a.officer, a.kind, a.version, a.desk, a.thread, "
               "a.release, a.precedence, a.handling, a.time, a.title, a.lang, a.when_from, a.when_until, a.grade, "
               "a.void, a.article, a.standing, a.seen, "
               "(SELECT json_group_array(json_array(lat, lon)) FROM places WHERE places.row = a.row), "
               "(SELECT act FROM act_bytes WHERE act_bytes.row = a.row)")
SAID_COLUMNS = 'a.act_id, a."index", a.position, a.kind, a.version, a.time, a.void, a.article, a.seen, b.act'
ENTRY_COLUMNS = '"index", time, author, number, kind, body_size, entry_id, acts, void, seen, unread, quiet'
_REFERENCE = re.compile(r"\s*([A-Za-z0-9]{2,8})[\s\u00a0]+([0-9]{1,15})(?:\s*/\s*([0-9]{1,4}))?\s*\Z")
Decoders = Mapping[tuple[str, int], msgspec.json.Decoder[Act]]
_places = msgspec.json.Decoder(tuple[tuple[int, int], ...])


def decoders(kinds: Iterable[Kind]) -> Decoders:
    """Prepare to read acts back: their bytes were checked before they came here, so they are only decoded."""
    return {(kind.name, kind.version): msgspec.json.Decoder(kind.type) for kind in kinds}


def row_number(index: int, position: int) -> int:
    """Number an act in the journal's order: an envelope holds at most 1,024."""
    return index << 10 | position


def write_reference(author: str, number: int, position: int) -> str:
    """Name an act as people do: ``IQ 412`` for the first act of an entry, ``IQ 412/7`` for its seventh."""
    return f"{author} {number}/{position + 1}" if position else f"{author} {number}"


def parse_reference(text: str) -> tuple[str, int, int] | None:
    """Read (author, number, position) from a reference in digits of any script; None where it is none."""
    found = _REFERENCE.match(to_latin(text[:80]))
    if found is None:
        return None
    author, number, place = found.groups()
    position = int(place) - 1 if place else 0
    return (author.upper(), int(number), position) if 0 <= position < wire.ACTS_PER_ENVELOPE_MAX else None


def act_row(row: tuple[Any, ...], known: Decoders) -> ActRow:
    """Read one row of ``ACT_COLUMNS``."""
    (act_id, index, position, number, author, officer, kind, version, desk, thread, release, precedence, handling, time,
     title, lang, when_from, when_until, grade, void, article, standing, seen, places, data) = row
    return ActRow(
        act_id.hex(), index, position, number, write_reference(author, number, position), author, officer, kind, desk,
        thread.hex(), tuple(release.split(",")), precedence, handling, time, title, lang, _places.decode(places),
        None if when_from is None else (when_from, when_until), grade, void, article, standing, seen,
        known[kind, version].decode(data))


def said(row: tuple[Any, ...], known: Decoders) -> Said:
    """Read one row of ``SAID_COLUMNS``, of ``acts AS a`` joined with ``act_bytes AS b``."""
    act_id, index, position, kind, version, time, void, article, seen, data = row
    return Said(id=act_id.hex(), index=index, position=position, time=time, act=known[kind, version].decode(data),
                void=void, article=article, seen=seen)


def entry_row(row: tuple[Any, ...]) -> EntryRow:
    """Read one row of ``ENTRY_COLUMNS``."""
    index, time, author, number, kind, body_size, entry_id, acts, void, seen, unread, quiet = row
    return EntryRow(index, time, author, number, kind, body_size, entry_id.hex(), acts, void, seen,
                    tuple(unread.split(",")) if unread else (), bool(quiet))
