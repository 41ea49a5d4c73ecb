"""The register of the reconnaissance desk: every sighting by place and time, every track through its sightings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import apsw
import msgspec

from tansiq.acts import Act, Text
from tansiq.cell.desk import Description, Query, Said
from tansiq.cell.registers import set_thread_standing, write_reference
from tansiq.desks.reconnaissance.acts import Coverage, Sighting
from tansiq.geo import corners

REPLACED = "replaced"
SIGHTINGS_SHOWN_MAX = 2_000
PLACES_SHOWN_MAX = 16
_NARROW = 20_000
"""Up to so many hits the tree of boxes leads a search; above, walking back in time finds a page sooner."""
_EPOCH_MS = 946_684_800_000
_DAY_MS = 86_400_000
_IDS_AT_ONCE = 500
_SCALE = 1e7
_COLUMNS = "s.id, s.lat, s.lon, s.accuracy_m, s.seen_at, s.sidc, s.what, s.track"

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees; across the 180th meridian where west > east."""


class SightingRow(msgspec.Struct, frozen=True):
    """One sighting as the register holds it: degrees × 10⁷, metres, UTC ms; ``said_at`` is the registrar's time."""

    id: int
    lat: int
    lon: int
    accuracy_m: int | None
    seen_at: int
    sidc: str | None
    what: str
    track: str | None
    act: str
    reference: str
    author: str
    said_at: int
    lang: str
    means: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What to look for: seen from ``since`` to ``until`` (UTC ms, both included), in ``box`` if one is given.

    ``known``: only what had been said by then, also what was told again later; None: what stands now.
    """

    since: int
    until: int
    box: Box | None = None
    known: int | None = None


def schema() -> str:
    """The tables of this desk."""
    return files("tansiq.desks.reconnaissance").joinpath("register.sql").read_text("utf-8")


def describe(act: Act) -> Description:
    """Show a coverage by its sector, a batch by its title; search finds the words of every sighting.

    A batch lists at most sixteen of its places, so that lists stay short; the desk's own picture has them all.
    """
    if isinstance(act, Coverage):
        texts = () if act.note is None else (act.note,)
        return Description(act.sector, texts, corners(act.area), (act.begins, act.ends))
    assert isinstance(act, Sighting)
    words = {word: None for seen in act.sightings for word in seen.what.split()}
    places = dict.fromkeys((seen.place.lat, seen.place.lon) for seen in act.sightings)
    times = [seen.seen_at for seen in act.sightings]
    return Description(act.title.text, (act.title, Text(lang=act.title.lang, text=" ".join(words))),
                       tuple(places)[::max(1, -(-len(places) // PLACES_SHOWN_MAX))],
                       (min(times), max(times)) if times else None,
                       act.source_reliability + act.information_credibility)


def fold(connection: apsw.Connection, said: Said) -> None:
    """Fold an admitted act: what it tells again stands no longer; sightings go where they are found by place and time.
    """
    act = said.act
    if act.thread is not None:
        set_thread_standing(connection, act.thread, REPLACED, kinds=(act.kind,), below=said)
    if not isinstance(act, Sighting):
        return
    row = said.index << 10 | said.position
    thread = bytes.fromhex(act.thread or said.id)
    if act.thread is not None:
        connection.execute("UPDATE reconnaissance_batches SET replaced_at = ? WHERE thread = ? AND replaced_at IS NULL",
                           (said.time, thread))
    number = connection.execute('SELECT number FROM acts WHERE row = ?', (row,)).get
    connection.execute("INSERT INTO reconnaissance_batches VALUES (?,?,?,?,?,?,?,?,?,?,NULL)", (
        row, bytes.fromhex(said.id), thread, act.author, number, said.position, said.time, act.title.lang, act.means,
        act.source_reliability + act.information_credibility))
    connection.executemany("INSERT INTO reconnaissance_sightings VALUES (?,?,?,?,?,?,?,?)", [
        (row << 12 | n, seen.place.lat, seen.place.lon, seen.place.accuracy_m, seen.seen_at, seen.sidc, seen.what,
         seen.track) for n, seen in enumerate(act.sightings)])
    connection.executemany("INSERT INTO reconnaissance_boxes VALUES (?1,?2,?2,?3,?3,?4,?4)", [
        (row << 12 | n, seen.place.lat / _SCALE, seen.place.lon / _SCALE, _days(seen.seen_at))
        for n, seen in enumerate(act.sightings)])
    named = [(act.author, seen.external_id) for seen in act.sightings if seen.external_id is not None]
    if named:
        connection.executemany("INSERT OR IGNORE INTO reconnaissance_external VALUES (?, ?)", named)


def _days(instant: int) -> float:
    return (instant - _EPOCH_MS) / _DAY_MS


def sightings(connection: apsw.Connection, *, window: Window, limit: int = SIGHTINGS_SHOWN_MAX) -> list[SightingRow]:
    """The newest sightings of a window, at most *limit*, the latest seen first."""
    stands, values = _stands(window)
    inside, corner_values = _inside(window)
    if _count(connection, window, _NARROW + 1) <= _NARROW:
        found, lead = _boxes(window)
        sql = (f"SELECT {_COLUMNS} FROM ({found}) AS hit CROSS JOIN reconnaissance_sightings AS s ON s.id = hit.id "
               f"CROSS JOIN reconnaissance_batches AS b ON b.row = s.id >> 12 "
               f"WHERE s.seen_at BETWEEN ? AND ? AND {inside} AND {stands} ORDER BY s.seen_at DESC, s.id LIMIT ?")
        rows = connection.execute(sql, (*lead, window.since, window.until, *corner_values, *values, limit))
    else:
        sql = (f"SELECT {_COLUMNS} FROM reconnaissance_sightings AS s INDEXED BY reconnaissance_seen "
               f"CROSS JOIN reconnaissance_batches AS b ON b.row = s.id >> 12 "
               f"WHERE s.seen_at BETWEEN ? AND ? AND {inside} AND {stands} ORDER BY s.seen_at DESC, s.id LIMIT ?")
        rows = connection.execute(sql, (window.since, window.until, *corner_values, *values, limit))
    return _with_batches(connection, rows.fetchall())


def sightings_of(connection: apsw.Connection, *, track: str, window: Window, limit: int = SIGHTINGS_SHOWN_MAX,
          ) -> list[SightingRow]:
    """The sightings of one track in a window, the latest seen first."""
    stands, values = _stands(window)
    inside, corner_values = _inside(window)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM reconnaissance_sightings AS s CROSS JOIN reconnaissance_batches AS b "
        f"ON b.row = s.id >> 12 WHERE s.track = ? AND s.seen_at BETWEEN ? AND ? AND {inside} AND {stands} "
        "ORDER BY s.seen_at DESC, s.id LIMIT ?",
        (track, window.since, window.until, *corner_values, *values, limit))
    return _with_batches(connection, rows.fetchall())


def known_external_ids(connection: apsw.Connection, *, author: str, ids: Iterable[str]) -> frozenset[str]:
    """Which of these external ids sightings of *author* already have."""
    wanted, known = list(ids), set[str]()
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        part = wanted[start:start + _IDS_AT_ONCE]
        known.update(row[0] for row in connection.execute(
            f"SELECT external_id FROM reconnaissance_external WHERE author = ? "
            f"AND external_id IN ({','.join('?' * len(part))})", (author, *part)))
    return frozenset(known)


def _count(connection: apsw.Connection, window: Window, most: int) -> int:
    found, values = _boxes(window)
    return int(connection.execute(f"SELECT count(*) FROM ({found} LIMIT {most})", values).get or 0)


def _boxes(window: Window) -> tuple[str, Sequence[Any]]:
    """The tree's rough answer: ids whose box meets the window, in two parts across the meridian of 180."""
    box, parts, values = window.box or (-180.0, -90.0, 180.0, 90.0), [], []
    for west, east in _spans(box):
        parts.append("SELECT id FROM reconnaissance_boxes WHERE south <= ? AND north >= ? AND west <= ? AND east >= ? "
                     "AND since <= ? AND until >= ?")
        values += [box[3], box[1], east, west, _days(window.until), _days(window.since)]
    return " UNION ALL ".join(parts), values


def _inside(window: Window) -> tuple[str, list[Any]]:
    """The exact condition on places."""
    if window.box is None:
        return "1", []
    box, parts, values = window.box, [], []
    for west, east in _spans(box):
        parts.append("(s.lat BETWEEN ? AND ? AND s.lon BETWEEN ? AND ?)")
        values += [round(value * _SCALE) for value in (box[1], box[3], west, east)]
    return f"({' OR '.join(parts)})", values


def _spans(box: Box) -> list[tuple[float, float]]:
    west, _, east, _ = box
    return [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]


def _stands(window: Window) -> tuple[str, list[Any]]:
    if window.known is None:
        return "b.replaced_at IS NULL", []
    return "b.time <= ? AND (b.replaced_at IS NULL OR b.replaced_at > ?)", [window.known, window.known]


def _with_batches(connection: apsw.Connection, found: Sequence[Any]) -> list[SightingRow]:
    """Complete sightings by what their batches say of all of them: read once a batch, not once a sighting."""
    batches: dict[int, tuple[Any, ...]] = {}
    for row in {id_ >> 12 for id_, *_ in found}:
        batch: Any = connection.execute("SELECT act_id, author, number, position, time, lang, means, grade "
                                        "FROM reconnaissance_batches WHERE row = ?", (row,)).fetchone()
        act_id, author, number, position, *rest = batch
        batches[row] = (act_id.hex(), write_reference(author, number, position), author, *rest)
    return [SightingRow(*row, *batches[row[0] >> 12]) for row in found]


QUERIES: Mapping[str, Query] = {"sightings": sightings, "track": sightings_of, "known_external_ids": known_external_ids}
