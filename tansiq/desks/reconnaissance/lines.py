"""A batch of sightings as people type it: one on a line, its parts set apart by a bar.

    2015-10-30T05:40Z | 34.37, 41.09 ± 50 m | Three lorries, moving east | SUGPU---------- | T12

When, where and what are needed; the APP-6 code, the track's name and the name from elsewhere may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from tansiq.desks import widgets
from tansiq.desks.reconnaissance.acts import SIGHTINGS_MAX, at_line
from tansiq.errors import Malformed
from tansiq.geo import write_degrees
from tansiq.languages.digits import to_latin
from tansiq.wire import write_instant

_PARTS_MAX = 6
_ACCURACY = re.compile(r"(.*?)\s*(?:±|\+/-)\s*(\d{1,8})\s*(?:m|м|م|متر)?\s*", re.DOTALL)


def read_sightings(text: str, field: str) -> list[dict[str, Any]]:
    """Read a batch, one sighting on a line; empty lines do not count.

    Raises:
        Malformed: ``sighting.line``, the number of the first line at fault and why; ``sighting.many``.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > SIGHTINGS_MAX:
        raise Malformed("sighting.many", "A batch has at most {limit} sightings, not {count}.", limit=SIGHTINGS_MAX,
                        count=len(lines), field=field)
    made = []
    for number, line in enumerate(lines, 1):
        try:
            made.append(_read_line(line))
        except Malformed as error:
            raise at_line(number, error) from error
    return made


def _read_line(line: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("|")]
    if not 3 <= len(parts) <= _PARTS_MAX:
        raise Malformed("sighting.parts", "Write when | where | what | APP-6 code | track, set apart by bars; the last "
                        "two may be left out.")
    when, where, what, sidc, track, external_id = (*parts, *("" for _ in range(_PARTS_MAX - len(parts))))
    place, accuracy = _place(where)
    return {
        "seen_at": widgets.read_instant(when, "", "seen_at"),
        "place": {"lat": place[0], "lon": place[1], "accuracy_m": accuracy},
        "what": widgets.read_line(what, "what"),
        "sidc": to_latin(sidc).upper() or None,
        "track": widgets.read_line(track, "track") or None,
        "external_id": widgets.read_line(external_id, "external_id") or None,
    }


def _place(text: str) -> tuple[tuple[int, int], int | None]:
    found = _ACCURACY.fullmatch(to_latin(text))
    if found is None:
        return widgets.read_position(text, "place"), None
    return widgets.read_position(found.group(1), "place"), int(found.group(2))


def write_sightings(sightings: Sequence[dict[str, Any]]) -> str:
    """Write a batch so that ``read_sightings`` reads the same again, but for bars inside its words."""
    return "\n".join(map(_write_line, sightings))


def _write_line(seen: dict[str, Any]) -> str:
    place = seen["place"]
    exactly = "" if place["accuracy_m"] is None else f" ± {place['accuracy_m']} m"
    parts = [write_instant(seen["seen_at"]), write_degrees(place["lat"], place["lon"]) + exactly,
             seen["what"].replace("|", "/"), seen["sidc"] or "", seen["track"] or "", seen["external_id"] or ""]
    while parts[-1] == "":
        parts.pop()
    return " | ".join(parts)
