"""The register of the protection desk: which sites stand, who knows them since when, and what lies near a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files

import apsw
import msgspec

from tansiq.acts import Act, Text
from tansiq.cell.desk import Description, Query, Said
from tansiq.cell.registers import set_thread_standing
from tansiq.desks.protection.acts import Acknowledgement, Category, Site, SiteChange, SiteDetail
from tansiq.desks.protection.incident import Finding, FindingAnswer, Incident, Inquiry
from tansiq.geo import Place, bounds, boxes_around, corners, distance_m

CHANGED = "changed"
_IDS_AT_ONCE = 500
_FAR = 1 << 62
_names = msgspec.json.Decoder(tuple[Text, ...])
_place: msgspec.json.Decoder[Place] = msgspec.json.Decoder(Place)


class Near(msgspec.Struct, frozen=True):
    """One site within reach: its thread, how it is called, metres to its footprint, and who knows it since (UTC ms)."""

    site: str
    author: str
    category: Category
    names: tuple[Text, ...]
    distance_m: int
    told_at: int
    known: dict[str, int]


class Surroundings(msgspec.Struct, frozen=True):
    """What lies within reach of a place in a span of time. ``version`` counts all that ever changed there: it grows
    with every change, and never for anything that lies elsewhere. Sites stand by name, not by distance."""

    version: int
    sites: tuple[Near, ...]


class SiteRow(msgspec.Struct, frozen=True):
    """One site as lists show it: without its place, which stands on its own page."""

    site: str
    author: str
    category: Category
    names: tuple[Text, ...]
    told_at: int
    valid_from: int
    valid_until: int | None
    known: dict[str, int]


def schema() -> str:
    """The tables of this desk."""
    return files("tansiq.desks.protection").joinpath("register.sql").read_text("utf-8")


def describe(act: Act) -> Description:
    """Show a site by its names. No list and no search tells where one lies: its own page does."""
    if isinstance(act, Site | SiteChange):
        span = (act.valid_from, act.valid_until if act.valid_until is not None else act.valid_from)
        return Description(act.names[0].text if act.names else "", act.names, (), span)
    if isinstance(act, Incident):
        texts = (act.title, act.text, *(() if act.harm is None else (act.harm,)))
        return Description(act.title.text, texts, corners(act.area), (act.occurred_from, act.occurred_until))
    if isinstance(act, Inquiry):
        return Description(act.question.text, (act.question,))
    if isinstance(act, Finding):
        return Description(act.text.text, (act.text,))
    if isinstance(act, FindingAnswer):
        return Description(act.reason.text if act.reason else "", (act.reason,) if act.reason else ())
    if isinstance(act, SiteDetail):
        return Description(act.text.text if act.text else "", (act.text,) if act.text else ())
    assert isinstance(act, Acknowledgement)
    return Description(act.note.text if act.note else "", (act.note,) if act.note else ())


def fold(connection: apsw.Connection, said: Said) -> None:
    """Fold an admitted act: a site and its changes are told and counted, acknowledgements kept until it changes."""
    act = said.act
    if isinstance(act, Site):
        _tell(connection, said, bytes.fromhex(said.id), act)
        changed(connection, said, act.footprint, (act.valid_from, act.valid_until))
        if act.external_id is not None:
            connection.execute("INSERT OR IGNORE INTO protection_external VALUES (?, ?, ?)",
                               (act.author, act.external_id, bytes.fromhex(said.id)))
    elif isinstance(act, SiteChange) and act.thread is not None:
        thread = bytes.fromhex(act.thread)
        before = connection.execute("SELECT footprint, valid_from, valid_until FROM protection_sites "
                                    "WHERE thread = ?", (thread,)).fetchone()
        assert before is not None, "a change refers to a site that was folded"
        changed(connection, said, _place.decode(before[0]), (before[1], before[2]))
        changed(connection, said, act.footprint, (act.valid_from, act.valid_until))
        _tell(connection, said, thread, act)
        connection.execute("DELETE FROM protection_known WHERE thread = ?", (thread,))
        set_thread_standing(connection, act.thread, CHANGED, kinds=("site", "site_change"), below=said)
    elif isinstance(act, Acknowledgement) and act.thread is not None:
        connection.execute("INSERT OR REPLACE INTO protection_known VALUES (?, ?, ?, ?)",
                           (bytes.fromhex(act.thread), act.author, said.index, said.time))
    elif isinstance(act, Incident | Inquiry | Finding | FindingAnswer):
        _follow(connection, said, act)


def _follow(connection: apsw.Connection, said: Said, act: Incident | Inquiry | Finding | FindingAnswer) -> None:
    """Keep how far an incident has come: an inquiry begins it anew, a finding asks every word anew."""
    thread = bytes.fromhex(act.thread or said.id)
    if isinstance(act, Incident):
        connection.execute("INSERT INTO protection_incidents VALUES (?, ?, ?, NULL, NULL, '')",
                           (thread, said.index, act.author))
    elif isinstance(act, FindingAnswer):
        connection.execute("UPDATE protection_incidents SET words = words || ? WHERE thread = ?",
                           (f"{act.author} ", thread))
    elif isinstance(act, Finding):
        connection.execute("UPDATE protection_incidents SET finder = ?, words = '' WHERE thread = ?",
                           (act.author, thread))
    else:
        connection.execute("UPDATE protection_incidents SET inquirer = ?, finder = NULL, words = '' WHERE thread = ?",
                           (act.author, thread))


def _tell(connection: apsw.Connection, said: Said, thread: bytes, told: Site | SiteChange) -> None:
    encode = msgspec.json.encode
    connection.execute(
        "INSERT OR REPLACE INTO protection_sites VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (thread, told.author, said.index, said.time, told.category, encode(told.names), encode(told.footprint),
         told.valid_from, told.valid_until))


def changed(connection: apsw.Connection, said: Said, footprint: Place, span: tuple[int, int | None]) -> None:
    """Count a change of what must be spared: where, and for what time (UTC ms; None: without an end)."""
    thread = bytes.fromhex(said.act.thread or said.id)
    connection.execute('INSERT INTO protection_changes ("index", thread, footprint, since, until) VALUES (?,?,?,?,?)',
                       (said.index, thread, msgspec.json.encode(footprint), *span))
    connection.execute("INSERT INTO protection_boxes VALUES (?, ?, ?, ?, ?)",
                       (connection.last_insert_rowid(), *bounds(footprint)))


def author_of(connection: apsw.Connection, *, site: str) -> str | None:
    """Who told of a site; None where there is no such site."""
    author: str | None = connection.execute("SELECT author FROM protection_sites WHERE thread = ?",
                                            (bytes.fromhex(site),)).get
    return author


def surroundings(connection: apsw.Connection, *, place: Place, span: tuple[int, int], reach_m: int) -> Surroundings:
    """What lies within *reach_m* of a place in a span of time (UTC ms), and its version."""
    since, until = span
    threads: dict[bytes, int] = {}
    version = 0
    for south, north, west, east in boxes_around(place, reach_m):
        rows = connection.execute(
            "SELECT c.thread, c.footprint FROM protection_boxes AS b JOIN protection_changes AS c ON c.n = b.n "
            "WHERE b.north >= ? AND b.south <= ? AND b.east >= ? AND b.west <= ? "
            "AND c.since <= ? AND coalesce(c.until, ?) >= ?", (south, north, west, east, until, _FAR, since))
        for thread, footprint in rows:
            if distance_m(place, _place.decode(footprint)) <= reach_m:
                version += 1
                threads[thread] = 0
    sites = [near for thread in threads if (near := _near(connection, thread, place, span)) is not None
             and near.distance_m <= reach_m]
    return Surroundings(version, tuple(sorted(sites, key=lambda near: (near.names[0].text, near.site))))


def _near(connection: apsw.Connection, thread: bytes, place: Place, span: tuple[int, int]) -> Near | None:
    row = connection.execute(
        "SELECT author, category, names, footprint, told_at FROM protection_sites WHERE thread = ? "
        "AND valid_from <= ? AND coalesce(valid_until, ?) >= ?", (thread, span[1], _FAR, span[0])).fetchone()
    if row is None:
        return None
    author, category, names, footprint, told_at = row
    return Near(thread.hex(), author, category, _names.decode(names), distance_m(place, _place.decode(footprint)),
                told_at, _known(connection, thread))


def _known(connection: apsw.Connection, thread: bytes) -> dict[str, int]:
    return dict(connection.execute("SELECT member, since FROM protection_known WHERE thread = ? ORDER BY member",
                                   (thread,)))


def sites(connection: apsw.Connection, *, author: str | None = None) -> list[SiteRow]:
    """All sites that were told of, by name; of one author if asked."""
    rows = connection.execute(
        "SELECT thread, author, category, names, told_at, valid_from, valid_until FROM protection_sites "
        "WHERE author = coalesce(?, author)", (author,))
    found = [SiteRow(thread.hex(), by, category, _names.decode(names), told_at, since, until,
                     _known(connection, thread)) for thread, by, category, names, told_at, since, until in rows]
    return sorted(found, key=lambda row: (row.names[0].text, row.site))


def footprints(connection: apsw.Connection, *, box: tuple[float, float, float, float],
               now: int) -> list[tuple[str, Category, Place, int, int | None]]:
    """Site, kind, footprint and span of the sites that stand now or later in a box (west, south, east, north)."""
    west, south, east, north = box
    rows = connection.execute(
        "SELECT thread, category, footprint, valid_from, valid_until FROM protection_sites WHERE thread IN ("
        "SELECT c.thread FROM protection_boxes AS b JOIN protection_changes AS c ON c.n = b.n "
        "WHERE b.north >= ? AND b.south <= ? AND b.east >= ? AND b.west <= ?) AND coalesce(valid_until, ?) >= ?",
        (south, north, west, east, _FAR, now))
    return [(thread.hex(), category, _place.decode(footprint), since, until)
            for thread, category, footprint, since, until in rows]


def unacknowledged(connection: apsw.Connection, *, member: str, now: int) -> tuple[int, str | None, int]:
    """How many sites of others *member* has not taken note of, which was told first, and when (UTC ms)."""
    found = connection.execute(
        "SELECT count(*), min(s.told_at) FROM protection_sites AS s LEFT JOIN protection_known AS k "
        "ON k.thread = s.thread AND k.member = ?1 WHERE s.author <> ?1 AND k.member IS NULL "
        "AND coalesce(s.valid_until, ?2) >= ?3", (member, _FAR, now)).fetchone()
    assert found is not None
    count, since = found
    first = connection.execute(
        "SELECT s.thread FROM protection_sites AS s LEFT JOIN protection_known AS k "
        "ON k.thread = s.thread AND k.member = ?1 WHERE s.author <> ?1 AND k.member IS NULL "
        'AND coalesce(s.valid_until, ?2) >= ?3 ORDER BY s."index" LIMIT 1', (member, _FAR, now)).get
    return count, None if first is None else bytes(first).hex(), since or 0


def unended(connection: apsw.Connection, *, members: Iterable[str]) -> list[str]:
    """Incidents without a finding, or without the word of one of *members* on it; the newest first."""
    asked = frozenset(members)
    rows = connection.execute('SELECT thread, finder, words FROM protection_incidents ORDER BY "index" DESC')
    return [thread.hex() for thread, finder, words in rows if finder is None or asked - {finder, *words.split()}]


def waiting(connection: apsw.Connection, *, member: str, members: Iterable[str],
            speaking: Iterable[str]) -> list[str]:
    """Incidents that may wait for a member: it told of one that nobody looks into, or no member did; it inquires, or
    who does is suspended; or it has not said what it thinks of a finding. The newest first; none is left out."""
    all_, may = frozenset(members), frozenset(speaking)
    rows = connection.execute('SELECT thread, author, inquirer, finder, words FROM protection_incidents '
                              'ORDER BY "index" DESC')
    return [thread.hex() for thread, author, inquirer, finder, words in rows
            if (member not in {finder, *words.split()} if finder is not None else
                inquirer == member or inquirer not in may if inquirer is not None else
                author == member or author not in all_)]


def inquired(connection: apsw.Connection) -> list[str]:
    """Incidents into which an inquiry is under way; the newest first."""
    return [thread.hex() for (thread,) in connection.execute(
        'SELECT thread FROM protection_incidents WHERE inquirer IS NOT NULL AND finder IS NULL ORDER BY "index" DESC')]


def incidents(connection: apsw.Connection, *, members: Iterable[str]) -> tuple[list[str], list[str]]:
    """All incidents, the newest first: those that ``unended`` gives, and those that have ended."""
    left = unended(connection, members=members)
    among = set(left)
    rows = connection.execute('SELECT thread FROM protection_incidents ORDER BY "index" DESC')
    return left, [name for (thread,) in rows if (name := thread.hex()) not in among]


def known_external_ids(connection: apsw.Connection, *, author: str, ids: Iterable[str]) -> frozenset[str]:
    """Which of these external ids sites of *author* already have."""
    wanted, known = list(ids), set[str]()
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        part = wanted[start:start + _IDS_AT_ONCE]
        known.update(row[0] for row in connection.execute(
            f"SELECT external_id FROM protection_external WHERE author = ? "
            f"AND external_id IN ({','.join('?' * len(part))})", (author, *part)))
    return frozenset(known)


COMMON: Mapping[str, Query] = {"author_of": author_of, "surroundings": surroundings}
QUERIES: Mapping[str, Query] = {**COMMON, "sites": sites, "unacknowledged": unacknowledged, "footprints": footprints,
                                "unended": unended, "incidents": incidents, "waiting": waiting, "inquired": inquired,
                                "known_external_ids": known_external_ids}
