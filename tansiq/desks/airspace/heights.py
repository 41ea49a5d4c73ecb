"""Heights and volumes as people type them, in the words of four languages.

    ground                     from the ground up
    1500 m                     metres above mean sea level; 1500 m AGL: above the ground
    FL 240                     a flight level
    unlimited

    circle 34.37 41.09; 15 km | ground | 2400 m | 2015-10-31T10:00Z | 2015-10-31T12:00Z      a volume, on one line
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from tansiq.desks import widgets
from tansiq.errors import Malformed
from tansiq.geo import Place, write_place
from tansiq.geo.volumes import Datum, Height, Volume
from tansiq.languages.digits import to_latin
from tansiq.wire import write_instant

_GROUND = ("ground", "surface", "gnd", "sfc", "الأرض", "سطح الأرض", "زمین", "سطح زمین", "земля", "от земли")
_UNLIMITED = ("unlimited", "unl", "بلا حد", "غير محدود", "نامحدود", "без ограничения", "не ограничено")
_DATUMS: dict[str, Datum] = {
    "": "AMSL", "amsl": "AMSL", "msl": "AMSL", "agl": "AGL",
    "فوق سطح البحر": "AMSL", "فوق الأرض": "AGL", "بالای سطح دریا": "AMSL", "بالای زمین": "AGL",
    "над уровнем моря": "AMSL", "над землёй": "AGL", "над землей": "AGL",
}  # fmt: skip
_METRES = re.compile(r"(-?\d{1,6})\s*(?:(?:متر|m|м|م)(?!\w))?\s*(.*)")
_LEVEL = re.compile(r"fl\s*(\d{1,4})")
_PARTS = 5


def read_height(text: str, field: str) -> dict[str, object] | None:
    """Read a height; None: without a limit.

    Raises:
        Malformed: ``height.form``.
    """
    given = " ".join(to_latin(text).casefold().split())
    if given in _UNLIMITED:
        return None
    if given in _GROUND:
        return {"datum": "AGL", "value": 0}
    if found := _LEVEL.fullmatch(given):
        return {"datum": "FL", "value": int(found.group(1))}
    found = _METRES.fullmatch(given)
    datum = _DATUMS.get(found.group(2)) if found else None
    if found is None or datum is None:
        raise Malformed("height.form", "{given} is no height: write 1500 m, 300 m AGL, FL 240, ground or unlimited.",
                        given=repr(text[:40]), field=field)
    return {"datum": datum, "value": int(found.group(1))}


def read_bottom(text: str, field: str) -> dict[str, object]:
    """Read a height that has to be one.

    Raises:
        Malformed: ``height.form``, also of what has no limit.
    """
    height = read_height(text, field)
    if height is None:
        raise Malformed("height.form", "{given} is no height: write 1500 m, 300 m AGL, FL 240, ground or unlimited.",
                        given=repr(text[:40]), field=field)
    return height


def write_height(height: dict[str, Any] | None) -> str:
    """Write a height so that ``read_height`` reads the same again."""
    if height is None:
        return "unlimited"
    if height["datum"] == "FL":
        return f"FL {height['value']}"
    if height["datum"] == "AGL" and not height["value"]:
        return "ground"
    return f"{height['value']} m {height['datum']}"


def read_volumes(text: str, field: str) -> list[dict[str, Any]]:
    """Read further volumes, one on a line: area | from height | to height | from | until.

    Raises:
        Malformed: ``notice.line``, or what is wrong with a part.
    """
    return [_read_volume(line, field) for line in text.splitlines() if line.strip()]


def _read_volume(line: str, field: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != _PARTS:
        raise Malformed("notice.line", "Write a further volume as area | from height | to height | from | until.",
                        field=field)
    area, lower, upper, begins, ends = parts
    return {"area": widgets.read_area(area, field), "lower": read_bottom(lower, field),
            "upper": read_height(upper, field), "begins": widgets.read_instant(begins, "", field),
            "ends": widgets.read_instant(ends, "", field)}


def write_volumes(volumes: Sequence[dict[str, Any]]) -> str:
    """Write volumes so that ``read_volumes`` reads the same again."""
    return "\n".join(" | ".join((write_place(msgspec.convert(one["area"], Place)), write_height(one["lower"]),
                                 write_height(one["upper"]), write_instant(one["begins"]),
                                 write_instant(one["ends"]))) for one in volumes)


def band(volume: Volume) -> tuple[str, str]:
    """The two heights of a volume, as they are typed."""
    return _written(volume.lower), _written(volume.upper)


def _written(height: Height | None) -> str:
    return write_height(None if height is None else msgspec.to_builtins(height))
