"""Sightings from a file: how one row is read, and how many rows become acts that hold hundreds of sightings each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tansiq.acts import Act, Kind, Position, Text
from tansiq.cell.desk import Field, Form, Rows
from tansiq.desks.reconnaissance.acts import (
    NUMBER,
    TITLE_CHARACTERS_MAX,
    Credibility,
    Means,
    Reliability,
    Seen,
    require_seen,
)

SIGHTINGS_BYTES_MAX = 52_000
"""What the sightings of one act may take; the head and the title find room in what is left."""


class SightingRow(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of a file: a sighting with the means and the grade of the batch that it will stand in. Never said."""

    what: Text
    sidc: str | None
    place: Position
    seen_at: int
    track: str | None
    means: Means
    source_reliability: Reliability
    information_credibility: Credibility
    external_id: str | None

    def check(self) -> None:
        """Hold what no sighting can be, so that a bad row is told by its own line.

        Raises:
            Malformed: ``field`` names the column's field.
        """
        require_seen(Seen(what=self.what.text, sidc=self.sidc, place=self.place, seen_at=self.seen_at,
                          track=self.track, external_id=self.external_id))


def gather(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Batches of neighbouring rows that share language, means, grade and what a head says; titled by their first.

    Rows keep their order; a batch ends where the next row would make it too long for one act.
    """
    made: list[dict[str, Any]] = []
    room, before = 0, None
    for row in rows:
        rest = {name: value for name, value in row.items() if name not in _OF_ONE}
        shared = (row["what"]["lang"], rest)
        one = {name: row[name] for name in _OF_ONE} | {"what": row["what"]["text"]}
        size = len(msgspec.json.encode(one)) + 1
        if shared != before or size > room:
            title = {"lang": row["what"]["lang"], "text": row["what"]["text"][:TITLE_CHARACTERS_MAX]}
            made.append({**rest, "title": title, "sightings": []})
            room, before = SIGHTINGS_BYTES_MAX, shared
        made[-1]["sightings"].append(one)
        room -= size
    return made


_OF_ONE = ("what", "sidc", "place", "seen_at", "track", "external_id")


def rows_of(fields: Sequence[Field]) -> Rows:
    """How rows are read, with the fields of a batch (means, grade) that each row may name."""
    of_batch = tuple(field for field in fields if field.name in SightingRow.__struct_fields__)
    form = Form(Kind("sighting", 1, NUMBER, SightingRow, "Sighting"), (
        Field("what", "What", "line"), Field("seen_at", "When", "instant"), Field("place", "Where", "position"),
        Field("sidc", "APP-6 code", "line", required=False), Field("track", "Track", "line", required=False),
        *of_batch, Field("external_id", "External id", "line", required=False)))
    return Rows(form, gather)
