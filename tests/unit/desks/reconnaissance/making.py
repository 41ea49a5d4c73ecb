"""Coverage and batches of sightings, made without a journal."""

from __future__ import annotations

import random
from typing import Any

from tansiq.acts import Position, Text
from tansiq.desks.reconnaissance import Coverage, Seen, Sighting
from tansiq.geo import Place, Polygon
from tests.unit.registers.making import HEAD, OCTOBER_7

HOUR_MS = 3_600_000
SQUARE = Polygon(((340_000_000, 410_000_000), (340_000_000, 420_000_000), (350_000_000, 420_000_000),
                  (350_000_000, 410_000_000)))


def seen(**changes: Any) -> Seen:
    """Three lorries near Al-Qa'im; *changes* replace fields, ``at`` is (latitude, longitude) × 10⁷."""
    lat, lon = changes.pop("at", (343_700_000, 410_900_000))
    fields: dict[str, Any] = {"what": "Three lorries, moving east", "sidc": None, "seen_at": OCTOBER_7, "track": None,
                              "place": Position(lat=lat, lon=lon, accuracy_m=changes.pop("accuracy_m", 50)),
                              "external_id": None}
    return Seen(**{**fields, **changes})


def sighting(*batch: Seen, **changes: Any) -> Sighting:
    """A batch; without sightings it has one."""
    fields: dict[str, Any] = {**HEAD, "kind": "sighting", "title": Text(lang="en", text="Lorries near the crossing"),
                              "means": "post", "source_reliability": "B", "information_credibility": "2",
                              "sightings": batch or (seen(),)}
    return Sighting(**{**fields, **changes})


def coverage(**changes: Any) -> Coverage:
    """A watch kept over a square for twelve hours."""
    fields: dict[str, Any] = {**HEAD, "kind": "coverage", "sector": "S2", "watch": "kept", "area": SQUARE,
                              "begins": OCTOBER_7, "ends": OCTOBER_7 + 12 * HOUR_MS, "means": "post", "note": None}
    return Coverage(**{**fields, **changes})


def square(south: int, west: int, north: int, east: int) -> Place:
    """A box in whole hundredths of a degree."""
    e5 = 100_000
    return Polygon(((south * e5, west * e5), (south * e5, east * e5), (north * e5, east * e5), (north * e5, west * e5)))


def scattered(count: int, *, seed: int, tracks: int = 0) -> list[Seen]:
    """Sightings here and there over five degrees and a day."""
    chance = random.Random(seed)
    return [seen(at=(chance.randrange(330_000_000, 380_000_000), chance.randrange(380_000_000, 430_000_000)),
                 seen_at=OCTOBER_7 + chance.randrange(24 * HOUR_MS),
                 track=f"T{chance.randrange(tracks)}" if tracks else None) for _ in range(count)]
