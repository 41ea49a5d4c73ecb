"""The register of the airspace desk: every volume by place and time, where each notice stands, and the lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, Literal

import apsw
import msgspec

from tansiq.acts import Act
from tansiq.cell.desk import Description, Query, Said
from tansiq.cell.registers import set_standing, set_thread_standing
from tansiq.cell.views import Sentence
from tansiq.desks.airspace.acts import (
    Activation,
    Adjustment,
    Closing,
    Footprint,
    LineCheck,
    Notice,
)
from tansiq.geo import corners
from tansiq.geo.footprints import Part
from tansiq.geo.volumes import Buffers, Volume, bounds, in_conflict

ADJUSTED, ACTIVE, CLOSED, WITHDRAWN, REPLACED = "adjusted", "active", "closed", "withdrawn", "replaced"
ROWS_MAX = 1_000
BRIEF_AHEAD_MS = 366 * 86_400_000
_EPOCH_MS, _DAY_MS = 946_684_800_000, 86_400_000
_volume = msgspec.json.Decoder(Volume)
_parts = msgspec.json.Decoder(tuple[Part, ...])
_COLUMNS = "v.id, v.thread, v.author, v.age, v.seen, v.begins, v.ends, v.volume"


class VolumeRow(msgspec.Struct, frozen=True):
    """One volume as it is told now. ``age`` is the index of the act that first said it so, ``seen`` what that act's
    author had verified; ``begins`` and ``ends`` are UTC ms, cut short where the notice was closed."""

    id: int
    thread: str
    author: str
    age: int
    seen: int
    begins: int
    ends: int
    volume: Volume


class PrintRow(msgspec.Struct, frozen=True):
    """One footprint as it is shown now; ``age`` is the index of its act."""

    thread: str
    author: str
    age: int
    seen: int
    begins: int
    ends: int
    parts: tuple[Part, ...]


class ThreadRow(msgspec.Struct, frozen=True):
    """Where a notice or a footprint stands: told last by the act in ``told``, ``began`` and ``ended`` (UTC ms) where it
    was activated and closed. ``lead_ms`` is how long before its beginning it was ordered."""

    thread: str
    author: str
    kind: Literal["notice", "footprint"]
    told: int
    begins: int
    ends: int
    lead_ms: int
    began: int | None
    ended: int | None


class LineRow(msgspec.Struct, frozen=True):
    """How the line between two parties stands: since when (UTC ms), and when and by whom it was looked at last."""

    one: str
    other: str
    state: Literal["open", "tested", "suspended"]
    since_ms: int
    at_ms: int
    author: str
    act: str


def schema() -> str:
    """The tables of this desk."""
    return files("tansiq.desks.airspace").joinpath("register.sql").read_text("utf-8")


def describe(act: Act) -> Description:
    """Show a notice by its title, its areas and its time; what answers it by its words."""
    if isinstance(act, Notice | Adjustment):
        texts = (act.title, *(() if act.note is None else (act.note,)),
                 *((act.reason,) if isinstance(act, Adjustment) else ()))
        return Description(act.title.text, texts, tuple(at for one in act.volumes for at in corners(one.area)),
                           (min(one.begins for one in act.volumes), max(one.ends for one in act.volumes)))
    if isinstance(act, Footprint):
        when = (min(part.begins for part in act.parts), max(part.ends for part in act.parts)) if act.parts else None
        return Description(act.contact, () if act.note is None else (act.note,), (), when)
    assert isinstance(act, Activation | Closing | LineCheck)
    texts = () if act.note is None else (act.note,)
    title = act.note.text if act.note is not None else ""
    if isinstance(act, LineCheck):
        return Description(title or f"{act.author} – {act.party}", texts, (), (act.at, act.at))
    moment = act.began if isinstance(act, Activation) else act.ended
    return Description(title, texts, (), (moment, moment))


def fold(connection: apsw.Connection, said: Said) -> None:
    """Fold an admitted act."""
    act = said.act
    if isinstance(act, Notice | Adjustment):
        _fold_told(connection, said, act)
    elif isinstance(act, Footprint):
        _fold_print(connection, said, act)
    elif isinstance(act, Activation):
        _fold_activation(connection, said, act)
    elif isinstance(act, Closing):
        _fold_closing(connection, said, act)
    elif isinstance(act, LineCheck):
        _fold_line(connection, said, act)


def _thread_id(said: Said) -> bytes:
    return bytes.fromhex(said.act.thread or said.id)


def _row(said: Said) -> int:
    return said.index << 10 | said.position


def _fold_told(connection: apsw.Connection, said: Said, act: Notice | Adjustment) -> None:
    """A volume that is told again to the byte keeps its age; what else is told is as old as this act."""
    thread = _thread_id(said)
    before = {volume: (age, seen) for age, seen, volume in connection.execute(
        "SELECT age, seen, volume FROM airspace_volumes WHERE thread = ?", (thread,))}
    _drop_volumes(connection, thread)
    if isinstance(act, Adjustment):
        set_thread_standing(connection, act.thread or said.id, ADJUSTED, kinds=("notice", "adjustment"), below=said)
    fresh = [one.begins for one in act.volumes if msgspec.json.encode(one) not in before]
    _tell(connection, said, "notice", (min(one.begins for one in act.volumes), max(one.ends for one in act.volumes)),
          lead=min(fresh) - said.time if fresh else None)
    for n, volume in enumerate(act.volumes):
        data = msgspec.json.encode(volume)
        age, seen = before.get(data, (said.index, said.seen))
        add_volume(connection, (_row(said) << 4 | n, thread, act.author, age, seen), volume)


def _tell(connection: apsw.Connection, said: Said, kind: str, span: tuple[int, int], *, lead: int | None) -> None:
    """Say which act tells a thread now, and for when; without a *lead* it stays as it was."""
    connection.execute(
        "INSERT INTO airspace_threads (thread, author, kind, told, begins, ends, lead) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
        "?7) ON CONFLICT (thread) DO UPDATE SET told = ?4, begins = ?5, ends = ?6, lead = coalesce(?8, lead)",
        (_thread_id(said), said.act.author, kind, _row(said), *span, lead or 0, lead))


def add_volume(connection: apsw.Connection, head: tuple[int, bytes, str, int, int], volume: Volume) -> None:
    """Keep a volume (id, thread, author, age, seen) where it is found by place and time."""
    connection.execute("INSERT INTO airspace_volumes VALUES (?,?,?,?,?,?,?,?)",
                       (*head, volume.begins, volume.ends, msgspec.json.encode(volume)))
    connection.executemany("INSERT INTO airspace_boxes VALUES (?,?,?,?,?,?,?)", [
        (head[0] << 1 | n, *box, _days(volume.begins), _days(volume.ends)) for n, box in enumerate(bounds(volume))])


def _drop_volumes(connection: apsw.Connection, thread: bytes) -> None:
    ids = [row[0] for row in connection.execute("SELECT id FROM airspace_volumes WHERE thread = ?", (thread,))]
    connection.executemany("DELETE FROM airspace_boxes WHERE box = ?", [(id_ << 1 | n,) for id_ in ids for n in (0, 1)])
    connection.execute("DELETE FROM airspace_volumes WHERE thread = ?", (thread,))


def _days(instant: int) -> float:
    return (instant - _EPOCH_MS) / _DAY_MS


def _fold_print(connection: apsw.Connection, said: Said, act: Footprint) -> None:
    thread = _thread_id(said)
    connection.execute("DELETE FROM airspace_prints WHERE thread = ?", (thread,))
    if act.thread is not None:
        set_thread_standing(connection, act.thread, REPLACED, kinds=("footprint",), below=said)
    begins = min((part.begins for part in act.parts), default=said.time)
    ends = max((part.ends for part in act.parts), default=said.time)
    _tell(connection, said, "footprint", (begins, ends), lead=begins - said.time)
    connection.execute("INSERT INTO airspace_prints VALUES (?,?,?,?,?,?,?)", (
        _row(said), thread, act.author, said.seen, begins, ends, msgspec.json.encode(act.parts)))


def _fold_activation(connection: apsw.Connection, said: Said, act: Activation) -> None:
    thread = _thread_id(said)
    connection.execute("UPDATE airspace_threads SET began = ? WHERE thread = ?", (act.began, thread))
    _mark(connection, thread, ACTIVE)


def _fold_closing(connection: apsw.Connection, said: Said, act: Closing) -> None:
    """Free what was not used: volumes that begin later are gone, and one that lasts is cut off."""
    thread = _thread_id(said)
    began = connection.execute("SELECT began FROM airspace_threads WHERE thread = ?", (thread,)).get
    connection.execute("UPDATE airspace_threads SET ended = ? WHERE thread = ?", (act.ended, thread))
    _mark(connection, thread, WITHDRAWN if began is None else CLOSED)
    rows = list(connection.execute("SELECT id, author, age, seen, volume FROM airspace_volumes WHERE thread = ?",
                                   (thread,)))
    _drop_volumes(connection, thread)
    for id_, author, age, seen, data in rows if began is not None else ():
        volume = _volume.decode(data)
        if volume.begins < act.ended:
            cut = msgspec.structs.replace(volume, ends=min(volume.ends, act.ended))
            add_volume(connection, (id_, thread, author, age, seen), cut)
    connection.execute("DELETE FROM airspace_prints WHERE thread = ?", (thread,))


def _mark(connection: apsw.Connection, thread: bytes, standing: str) -> None:
    """Say of the act that tells the thread now how it stands."""
    told = connection.execute("SELECT act_id FROM acts WHERE row = "
                              "(SELECT told FROM airspace_threads WHERE thread = ?)", (thread,)).get
    assert isinstance(told, bytes)
    set_standing(connection, [told.hex()], standing)


def _fold_line(connection: apsw.Connection, said: Said, act: LineCheck) -> None:
    """A test tells that the line works; it stands open since it was opened, until it is suspended."""
    one, other = sorted((act.author, act.party))
    before: Any = connection.execute("SELECT state, since FROM airspace_lines WHERE one = ? AND other = ?",
                                     (one, other)).fetchone()
    works = act.state != "suspended"
    since = before[1] if before is not None and (before[0] != "suspended") == works else act.at
    connection.execute("INSERT OR REPLACE INTO airspace_lines VALUES (?,?,?,?,?,?,?)",
                       (one, other, act.state, since, act.at, act.author, bytes.fromhex(said.id)))


def conflicts_of(connection: apsw.Connection, *, volume: Volume, author: str, buffers: Buffers) -> list[VolumeRow]:
    """Volumes of others that come closer to *volume* than the buffers, as they are told now."""
    found: dict[int, VolumeRow] = {}
    for row in _near(connection, volume, buffers):
        if row.author != author and row.id not in found and in_conflict(volume, row.volume, buffers):
            found[row.id] = row
    return list(found.values())


def _near(connection: apsw.Connection, volume: Volume, buffers: Buffers) -> Iterator[VolumeRow]:
    """What the tree of boxes finds, looked at again for its time."""
    since, until = _days(volume.begins - buffers.time_ms), _days(volume.ends + buffers.time_ms)
    for south, north, west, east in bounds(volume, buffers.sideways_m):
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM airspace_boxes AS b CROSS JOIN airspace_volumes AS v ON v.id = b.box >> 1 "
            "WHERE b.south <= ? AND b.north >= ? AND b.west <= ? AND b.east >= ? AND b.since <= ? AND b.until >= ? "
            "AND v.begins < ? AND v.ends > ?",
            (north, south, east, west, until, since, volume.ends + buffers.time_ms, volume.begins - buffers.time_ms))
        for row in rows:
            yield _volume_row(row)


def _volume_row(row: tuple[Any, ...]) -> VolumeRow:
    id_, thread, author, age, seen, begins, ends, data = row
    return VolumeRow(id_, thread.hex(), author, age, seen, begins, ends, _volume.decode(data))


def volumes(connection: apsw.Connection, *, since: int, until: int, limit: int = ROWS_MAX) -> list[VolumeRow]:
    """Volumes that meet a span of time, in the order in which they begin."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM airspace_volumes AS v WHERE v.ends > ? AND v.begins < ? "
                              "ORDER BY v.begins, v.id LIMIT ?", (since, until, limit))
    return [_volume_row(row) for row in rows]


def volumes_of(connection: apsw.Connection, *, thread: str) -> list[VolumeRow]:
    """The volumes of one notice, as they are told now."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM airspace_volumes AS v WHERE v.thread = ? ORDER BY v.id",
                              (bytes.fromhex(thread),))
    return [_volume_row(row) for row in rows]


def prints(connection: apsw.Connection, *, since: int, until: int, limit: int = ROWS_MAX) -> list[PrintRow]:
    """Footprints that meet a span of time, in the order in which they begin."""
    rows = connection.execute("SELECT row, thread, author, seen, begins, ends, parts FROM airspace_prints "
                              "WHERE ends > ? AND begins < ? ORDER BY begins, row LIMIT ?", (since, until, limit))
    return [PrintRow(thread.hex(), author, row >> 10, seen, begins, ends, _parts.decode(data))
            for row, thread, author, seen, begins, ends, data in rows]


def threads(connection: apsw.Connection, *, since: int, until: int, limit: int = ROWS_MAX) -> list[ThreadRow]:
    """Notices and footprints that meet a span of time, and those still in use past their end, as they begin."""
    rows = connection.execute(
        "SELECT thread, author, kind, told, begins, ends, lead, began, ended FROM airspace_threads "
        "WHERE begins < ?2 AND (ends > ?1 OR (began IS NOT NULL AND ended IS NULL)) ORDER BY begins, told LIMIT ?3",
        (since, until, limit))
    return [_thread_row(row) for row in rows]


def thread(connection: apsw.Connection, *, thread: str) -> ThreadRow | None:
    """One notice or footprint."""
    row: Any = connection.execute("SELECT thread, author, kind, told, begins, ends, lead, began, ended "
                                  "FROM airspace_threads WHERE thread = ?", (bytes.fromhex(thread),)).fetchone()
    return None if row is None else _thread_row(row)


def _thread_row(row: tuple[Any, ...]) -> ThreadRow:
    return ThreadRow(row[0].hex(), *row[1:])


def lines(connection: apsw.Connection) -> list[LineRow]:
    """Every line that anybody looked at, by the codes of its ends."""
    return [LineRow(one, other, state, since, at, author, act.hex()) for one, other, state, since, at, author, act in
            connection.execute("SELECT one, other, state, since, at, author, act_id FROM airspace_lines "
                               "ORDER BY one, other")]




def brief(connection: apsw.Connection, *, now: int) -> list[tuple[Sentence, str]]:
    """What is open at this desk for who takes over the chair: notices that have not ended, without their places."""
    return [(Sentence("A notice of {author}, from {begins_ms} until {ends_ms}.", {
        "author": [row.author], "begins_ms": row.begins, "ends_ms": row.ends}), row.thread)
        for row in threads(connection, since=now, until=now + BRIEF_AHEAD_MS)
        if row.kind == "notice" and row.ended is None]


QUERIES: Mapping[str, Query] = {"brief": brief, "conflicts_of": conflicts_of, "volumes": volumes,
                                "volumes_of": volumes_of, "prints": prints, "threads": threads, "thread": thread,
                                "lines": lines}
