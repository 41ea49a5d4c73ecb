"""The register of the protocol desk: meetings and visits as they stand, their minutes, and who agreed to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

import apsw
import msgspec

from tansiq.acts import Act
from tansiq.cell.desk import Description, Query, Said
from tansiq.cell.registers import set_standing
from tansiq.cell.views import Sentence
from tansiq.desks.protocol.acts import Minutes, MinutesAnswer, Planned, Rearrangement
from tansiq.desks.protocol.rule import sides

PLANNED, MOVED, CALLED_OFF = "planned", "moved", "called_off"
HELD, NOT_HELD = "held", "not_held"


class EventRow(msgspec.Struct, frozen=True):
    """A meeting or visit as it stands now; times in UTC ms. ``minutes`` are the acts in which a side wrote them."""

    act: str
    kind: str
    begins_at: int
    ends_at: int
    place_name: str
    state: str
    sides: tuple[str, ...]
    minutes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MetRow:
    """One side's word in minutes that two sides met: when (UTC ms), who agreed or contested, and with which act.

    ``index`` is that of the minutes, ``answer_index`` that of the other side's answer; ``answer`` None: none yet.
    """

    minutes: str
    event: str
    author: str
    began_at: int
    ended_at: int
    index: int
    answer: str | None
    answer_act: str | None
    answer_index: int | None


def schema() -> str:
    """The tables of this desk."""
    return files("tansiq.desks.protocol").joinpath("register.sql").read_text("utf-8")


def describe(act: Act) -> Description:
    """Show an act by its title or its words."""
    if isinstance(act, Planned):
        texts = (act.title,) if act.text is None else (act.title, act.text)
        places = () if act.place is None else ((act.place.lat, act.place.lon),)
        return Description(act.title.text, texts, places, (act.begins_at, act.ends_at))
    if isinstance(act, Minutes):
        texts = (act.outcome,) if act.text is None else (act.outcome, act.text)
        return Description(act.outcome.text, texts, when=(act.began_at, act.ended_at))
    assert isinstance(act, Rearrangement | MinutesAnswer)
    words = act.reason if isinstance(act, Rearrangement) else act.text
    return Description("" if words is None else words.text, () if words is None else (words,))


def fold(connection: apsw.Connection, said: Said) -> None:
    """Fold an admitted act into the tables of this desk."""
    act, key = said.act, bytes.fromhex(said.id)
    if isinstance(act, Planned):
        connection.execute("INSERT INTO protocol_events VALUES (?, ?, ?, ?, ?, ?)",
                           (key, act.kind, act.begins_at, act.ends_at, act.place_name, PLANNED))
        connection.executemany("INSERT INTO protocol_sides VALUES (?, ?)", [(key, side) for side in sorted(sides(act))])
    elif isinstance(act, Rearrangement):
        _fold_rearrangement(connection, act)
    elif isinstance(act, Minutes):
        connection.execute("INSERT INTO protocol_minutes VALUES (?, ?, ?, ?, ?, ?, ?)",
                           (key, bytes.fromhex(act.refers[0]), act.author, act.held == HELD, act.began_at, act.ended_at,
                            said.index))
        set_standing(connection, act.refers, act.held)
    else:
        assert isinstance(act, MinutesAnswer)
        connection.execute("INSERT OR IGNORE INTO protocol_answers VALUES (?, ?, ?, ?, ?)",
                           (bytes.fromhex(act.refers[0]), act.author, act.answer, key, said.index))


def _fold_rearrangement(connection: apsw.Connection, act: Rearrangement) -> None:
    event = bytes.fromhex(act.refers[0])
    if act.change == CALLED_OFF:
        connection.execute("UPDATE protocol_events SET state = ? WHERE act_id = ?", (CALLED_OFF, event))
    else:
        connection.execute("UPDATE protocol_events SET state = ?, begins_at = ?, ends_at = ?, "
                           "place_name = coalesce(?, place_name) WHERE act_id = ?",
                           (MOVED, act.begins_at, act.ends_at, act.place_name, event))
    set_standing(connection, act.refers, act.change)


def events(connection: apsw.Connection, *, ending_after: int = 0) -> list[EventRow]:
    """Meetings and visits that end after an instant (UTC ms), the earliest first."""
    rows = connection.execute(
        "SELECT act_id, kind, begins_at, ends_at, place_name, state, "
        "(SELECT json_group_array(side) FROM (SELECT side FROM protocol_sides WHERE event = act_id ORDER BY side)), "
        "(SELECT json_group_array(lower(hex(m.act_id))) FROM (SELECT act_id FROM protocol_minutes "
        'WHERE event = e.act_id ORDER BY "index") AS m) '
        "FROM protocol_events AS e WHERE ends_at > ? ORDER BY begins_at, act_id", (ending_after,))
    decode = msgspec.json.Decoder(tuple[str, ...]).decode
    return [EventRow(bytes(act).hex(), kind, begins, ends, place, state, decode(named), decode(minutes))
            for act, kind, begins, ends, place, state, named, minutes in rows]


def event(connection: apsw.Connection, *, act: str) -> EventRow | None:
    """A meeting or visit as it stands now."""
    return next((row for row in events(connection, ending_after=-1) if row.act == act), None)


def met(connection: apsw.Connection, *, one: str, other: str, since: int, until: int) -> list[MetRow]:
    """Minutes of either of two sides that say that both met at some time in a span (UTC ms, both ends in it)."""
    rows = connection.execute(
        'SELECT m.act_id, m.event, m.author, m.began_at, m.ended_at, m."index", a.answer, a.act_id, a."index" '
        "FROM protocol_minutes AS m LEFT JOIN protocol_answers AS a ON a.minutes = m.act_id "
        "AND a.side = CASE m.author WHEN ?1 THEN ?2 ELSE ?1 END "
        "WHERE m.held AND m.author IN (?1, ?2) AND m.began_at <= ?4 AND m.ended_at >= ?3 "
        "AND EXISTS (SELECT 1 FROM protocol_sides AS s WHERE s.event = m.event AND s.side = ?1) "
        "AND EXISTS (SELECT 1 FROM protocol_sides AS s WHERE s.event = m.event AND s.side = ?2) "
        'ORDER BY m."index", m.act_id', (one, other, since, until))
    return [MetRow(bytes(minutes).hex(), bytes(planned).hex(), author, began, ended, index, answer,
                   None if by is None else bytes(by).hex(), at)
            for minutes, planned, author, began, ended, index, answer, by, at in rows]


def unanswered(connection: apsw.Connection) -> list[tuple[str, str, tuple[str, ...]]]:
    """Minutes that other sides have not answered: the act, its author, and those sides; the oldest first."""
    rows = connection.execute(
        "SELECT m.act_id, m.author, (SELECT json_group_array(side) FROM (SELECT s.side FROM protocol_sides AS s "
        "WHERE s.event = m.event AND s.side <> m.author AND NOT EXISTS (SELECT 1 FROM protocol_answers AS a "
        "WHERE a.minutes = m.act_id AND a.side = s.side) ORDER BY s.side)) AS open "
        "FROM protocol_minutes AS m WHERE open <> '[]' ORDER BY m.\"index\", m.act_id")
    decode = msgspec.json.Decoder(tuple[str, ...]).decode
    return [(bytes(act).hex(), author, decode(named)) for act, author, named in rows]


def brief(connection: apsw.Connection, *, now: int) -> list[tuple[Sentence, str]]:
    """What is open at this desk for who takes over the chair: what lies ahead, and minutes without an answer."""
    lines = [(Sentence("Lies ahead: from {begins_ms} until {ends_ms}, with {sides}.",
                       {"begins_ms": row.begins_at, "ends_ms": row.ends_at, "sides": list(row.sides)}), row.act)
             for row in events(connection, ending_after=now) if row.state != CALLED_OFF]
    lines += [(Sentence("Minutes that {sides} have not answered.", {"sides": list(named)}), act)
              for act, _, named in unanswered(connection)]
    return lines


QUERIES: Mapping[str, Query] = {"events": events, "event": event, "met": met, "unanswered": unanswered, "brief": brief}
