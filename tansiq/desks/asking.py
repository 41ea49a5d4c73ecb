"""What views are asked in an address: instants, hours, boxes, names, each refused in one sentence at its parameter."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tansiq.desks import widgets
from tansiq.errors import Malformed

Params = Mapping[str, str]
_TEXT_MAX = 200


def instant_of(params: Params, name: str, default: int) -> int:
    """Read an instant (UTC ms); a day alone is its first moment, and UTC where no offset stands.

    Raises:
        Malformed: ``instant.…``.
    """
    text = params.get(name, "").strip()
    if not text:
        return default
    return widgets.read_instant(text if len(text) > 10 else f"{text}T00:00Z", "UTC", name)


def hours_of(params: Params, name: str, default: int, *, most: int) -> int:
    """Read a number of hours from 1 to *most*.

    Raises:
        Malformed: ``number.form``, ``asked.hours``.
    """
    text = params.get(name, "").strip()
    hours = widgets.read_number(text, name) if text else default
    if not 1 <= hours <= most:
        raise Malformed("asked.hours", "{field} is a number of hours from 1 to {limit}.", field=name, limit=most)
    return hours


def box_of(params: Params, name: str = "box") -> tuple[float, float, float, float] | None:
    """Read ``W,S,E,N`` in degrees; None where none is asked; W greater than E crosses the meridian of 180.

    Raises:
        Malformed: ``asked.box``.
    """
    text = params.get(name, "").strip()
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text[:_TEXT_MAX].split(","))
    except ValueError:
        west = south = east = north = math.nan
    if not (abs(west) <= 180 and abs(east) <= 180 and -90 <= south <= north <= 90):
        raise Malformed("asked.box", "A box is west, south, east, north in degrees, not {given}.",
                        given=repr(text[:80]), field=name)
    return west, south, east, north


def line_of(params: Params, name: str) -> str:
    """Read a name or a word; empty where none is asked.

    Raises:
        Malformed: ``text.…``.
    """
    return widgets.read_line(params.get(name, ""), name)[:_TEXT_MAX]
