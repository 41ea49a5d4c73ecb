"""The picture: what was seen up to a moment in a box, fading with age, contradictions side by side; tracks; GeoJSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

import msgspec

from tansiq.cell.views import Feature, Look, Sentence
from tansiq.desks.asking import box_of, hours_of, instant_of, line_of
from tansiq.desks.holding import EARLIEST
from tansiq.desks.reconnaissance.contested import Contradiction, contradictions
from tansiq.desks.reconnaissance.register import SIGHTINGS_SHOWN_MAX, SightingRow, Window
from tansiq.wire import write_instant

TAKES = ("at", "hours", "box", "known")
HOURS = 24
HOURS_MAX = 366 * 24
HOUR_MS = 3_600_000
FRESH_MS = HOUR_MS
AGEING_MS = 6 * HOUR_MS
_SCALE = 1e7
Freshness = Literal["fresh", "ageing", "old"]


class Shown(msgspec.Struct, frozen=True):
    """One sighting: what, where (degrees × 10⁷), how exactly (metres), when it was seen and when it was said (UTC ms).

    ``fade`` is how much of it is left, from 100 when it was seen to 0 at the end of the hours asked for; ``earlier``
    counts the sightings of its track before it in the same picture.
    """

    act: str
    reference: str
    author: str
    what: str
    lang: str
    sidc: str | None
    lat: int
    lon: int
    accuracy_m: int | None
    seen_ms: int
    said_ms: int
    fade: int
    freshness: Freshness
    means: str
    grade: str
    track: str | None
    earlier: int


class Contested(msgspec.Struct, frozen=True):
    """Two sightings that cannot both be right, and why; which of them is, nobody here says."""

    sentence: Sentence
    one: Shown
    other: Shown


class Picture(msgspec.Struct, frozen=True):
    """What was seen up to ``at_ms`` (UTC ms), back to ``since_ms``: the latest sighting of each track, the rest singly.

    ``known_ms``: as it was known then. ``more``: the box holds more than is shown; a smaller one shows all.
    """

    sentence: Sentence
    at_ms: int
    since_ms: int
    known_ms: int | None
    hours: int
    box: str
    more: bool
    sightings: tuple[Shown, ...]
    contested: tuple[Contested, ...]


class Track(msgspec.Struct, frozen=True):
    """Every sighting of one track that is known here, the latest first."""

    sentence: Sentence
    name: str
    sightings: tuple[Shown, ...]
    contested: tuple[Contested, ...]


class Point(msgspec.Struct, frozen=True, rename={"kind": "type"}):
    """A GeoJSON point: longitude and latitude in degrees."""

    coordinates: tuple[float, float]
    kind: Literal["Point"] = "Point"


class Properties(msgspec.Struct, frozen=True):
    """What a sighting says, as a GeoJSON file carries it: the columns that an import reads."""

    what: str
    sidc: str | None
    seen_at: str
    place_accuracy_m: int | None
    track: str | None
    external_id: str
    means: str
    source_reliability: str
    information_credibility: str
    lang: str
    author: str
    reference: str


class Located(msgspec.Struct, frozen=True, rename={"kind": "type"}):
    """One sighting as a GeoJSON feature."""

    id: str
    geometry: Point
    properties: Properties
    kind: Literal["Feature"] = "Feature"


class Collection(msgspec.Struct, frozen=True, rename={"kind": "type"}):
    """Sightings as GeoJSON (RFC 7946), the latest first; ``more``: there are more than are given."""

    more: bool
    features: tuple[Located, ...]
    kind: Literal["FeatureCollection"] = "FeatureCollection"


def show(look: Look) -> Picture:
    """The picture at the moment, over the hours and in the box that are asked for."""
    window, hours = _window(look)
    rows, more = _rows(look, window)
    latest, earlier = _latest(rows)
    shown = tuple(_shown(row, window, earlier.get(row.id, 0)) for row in latest)
    contested = _contested(rows, window)
    fields = {"count": len(shown), "hours": hours, "at_ms": window.until, "contradictions": len(contested)}
    if not shown:
        sentence = Sentence("Nothing was seen here in the {hours} hours up to {at_ms}.", fields)
    elif contested:
        sentence = Sentence("{count} things were seen in the {hours} hours up to {at_ms}; contradictions: "
                            "{contradictions}.", fields)
    else:
        sentence = Sentence("{count} things were seen in the {hours} hours up to {at_ms}.", fields)
    return Picture(sentence, window.until, window.since, window.known, hours, look.params.get("box", ""), more, shown,
                   contested)


def _window(look: Look) -> tuple[Window, int]:
    at = instant_of(look.params, "at", look.now)
    hours = hours_of(look.params, "hours", HOURS, most=HOURS_MAX)
    known = instant_of(look.params, "known", 0) if look.params.get("known") else None
    return Window(since=at - hours * HOUR_MS, until=at, box=box_of(look.params), known=known), hours


def _rows(look: Look, window: Window) -> tuple[list[SightingRow], bool]:
    rows = look.ask("reconnaissance", "sightings", window=window, limit=SIGHTINGS_SHOWN_MAX + 1)
    return rows[:SIGHTINGS_SHOWN_MAX], len(rows) > SIGHTINGS_SHOWN_MAX


def _latest(rows: Sequence[SightingRow]) -> tuple[list[SightingRow], dict[int, int]]:
    """Of each track its latest sighting, with the number of those before it; what has no track stands alone."""
    counts = Counter(row.track for row in rows if row.track is not None)
    kept, seen = [], set[str]()
    for row in rows:
        if row.track is None or row.track not in seen:
            kept.append(row)
            if row.track is not None:
                seen.add(row.track)
    return kept, {row.id: counts[row.track] - 1 for row in kept if row.track is not None}


def _shown(row: SightingRow, window: Window, earlier: int) -> Shown:
    age = window.until - row.seen_at
    fade = _left(row, window)
    freshness: Freshness = "fresh" if age <= FRESH_MS else "ageing" if age <= AGEING_MS else "old"
    return Shown(row.act, row.reference, row.author, row.what, row.lang, row.sidc, row.lat, row.lon, row.accuracy_m,
                 row.seen_at, row.said_at, fade, freshness, row.means, row.grade, row.track, earlier)


def _left(row: SightingRow, window: Window) -> int:
    """How much of a sighting (percent) is left at the end of a window; at its beginning it has faded away."""
    return max(0, 100 - 100 * (window.until - row.seen_at) // max(1, window.until - window.since))


def _contested(rows: Sequence[SightingRow], window: Window) -> tuple[Contested, ...]:
    return tuple(Contested(_why(pair), _shown(pair.one, window, 0), _shown(pair.other, window, 0))
                 for pair in contradictions(rows))


def _why(pair: Contradiction) -> Sentence:
    fields = {"track": pair.track or "", "metres": pair.metres, "minutes": pair.minutes}
    if pair.track is not None:
        return Sentence("Track {track} was seen in two places that lie {metres} m apart, within {minutes} minutes.",
                        fields)
    return Sentence("Two members say of one place, within {minutes} minutes, that it is of two sides.", fields)


def show_track(look: Look) -> Track:
    """All sightings of a track, the latest first; where none is asked for, that it is to be named."""
    name = line_of(look.params, "name")
    if not name:
        return Track(Sentence("Name the track to be shown."), "", (), ())
    window = _window(look)[0]
    if not look.params.get("hours"):
        window = replace(window, since=EARLIEST)
    rows = look.ask("reconnaissance", "track", track=name, window=window)
    sentence = (Sentence("{track} was seen {count} times, first at {first_ms} and last at {last_ms}.",
                         {"track": name, "count": len(rows), "first_ms": rows[-1].seen_at, "last_ms": rows[0].seen_at})
                if rows else Sentence("No sighting of {track} is known here.", {"track": name}))
    return Track(sentence, name, tuple(_shown(row, window, 0) for row in rows), _contested(rows, window))


def features(look: Look) -> list[Feature]:
    """Sightings as symbols, each from when it was seen until it has faded away."""
    window, hours = _window(look)
    latest, _ = _latest(_rows(look, window)[0])
    return [Feature(geometry=_point(row), title=row.what, href=f"/acts/{row.act}", ref=row.reference,
                    author=row.author, kind="sighting", sidc=row.sidc or "", style="plain",
                    from_ms=row.seen_at, until_ms=row.seen_at + hours * HOUR_MS, fade=_left(row, window))
            for row in latest]


def track_features(look: Look) -> list[Feature]:
    """Tracks as lines through their sightings of the picture."""
    window, hours = _window(look)
    tracks: dict[str, list[SightingRow]] = {}
    for row in _rows(look, window)[0]:
        if row.track is not None:
            tracks.setdefault(row.track, []).append(row)
    return [Feature(geometry={"type": "LineString", "coordinates": [_point(row)["coordinates"] for row in parts[::-1]]},
                    title=name, href=f"/desks/reconnaissance/track?name={name}", kind="sighting", style="plain",
                    from_ms=parts[-1].seen_at, until_ms=parts[0].seen_at + hours * HOUR_MS)
            for name, parts in tracks.items() if len(parts) > 1]


def _point(row: SightingRow) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [row.lon / _SCALE, row.lat / _SCALE]}


def collection(look: Look) -> Collection:
    """Every sighting of the picture, in the shape that an import takes."""
    rows, more = _rows(look, _window(look)[0])
    return Collection(more, tuple(located(rows)))


def located(rows: Iterable[SightingRow]) -> Iterable[Located]:
    """Sightings as GeoJSON features, in their order."""
    for row in rows:
        name = f"{row.act[:16]}/{row.id & 4095}"
        yield Located(name, Point((row.lon / _SCALE, row.lat / _SCALE)),
                      Properties(row.what, row.sidc, write_instant(row.seen_at), row.accuracy_m, row.track, name,
                                 row.means, row.grade[0], row.grade[1], row.lang, row.author, row.reference))
