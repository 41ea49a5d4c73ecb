"""Towns that everybody knows, with their names in every language: one for each time zone of the world.

Positions are those of the tz database's ``zone.tab`` (to the minute of arc), names those of CLDR.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from babel import Locale

_PLACE = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")


class Town(NamedTuple):
    """A town: its zone's name (``Asia/Baghdad``), and where it is in degrees."""

    zone: str
    lat: float
    lon: float


@lru_cache(maxsize=1)
def towns() -> tuple[Town, ...]:
    """All towns, in the order of the file."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple(Town(row[2], *_degrees(row[1])) for row in rows)


def town_name(zone: str, lang: str) -> str:
    """The name of a zone's town in a language; CLDR leaves out what the zone's own name already says."""
    known = Locale.parse(lang).time_zones.get(zone, {}).get("city")
    return str(known or zone.rpartition("/")[2].replace("_", " "))


def _degrees(text: str) -> tuple[float, float]:
    found = _PLACE.fullmatch(text)
    assert found is not None, f"zone.tab holds no place in {text!r}"
    south, lat, lat_m, lat_s, west, lon, lon_m, lon_s = found.groups()
    north = int(lat) + int(lat_m) / 60 + int(lat_s or 0) / 3600
    east = int(lon) + int(lon_m) / 60 + int(lon_s or 0) / 3600
    return (-north if south == "-" else north), (-east if west == "-" else east)
