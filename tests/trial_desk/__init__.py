"""A desk that lives only under tests: gauges of a river. It uses every widget, and no file of the package knows it."""

from __future__ import annotations

from typing import Literal

import apsw
import msgspec

from tansiq.acts import Act, Kind, Position, Text
from tansiq.cell.desk import Common, Description, Desk, Field, Form, Said, Thread
from tansiq.cell.registers import ActQuery
from tansiq.cell.views import Date, Feature, Layer, Look, Need, Offer, Panel, Sentence, Showing, View
from tansiq.charter import Charter
from tansiq.errors import Malformed, Refused
from tansiq.geo import Place, corners, geojson

NUMBER = 24


class Reading(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One reading of a gauge."""

    station: str
    note: Text
    level_cm: int
    measured_at: int
    place: Position
    trend: Literal[1, 2, 3]
    marks: tuple[str, ...]
    about: str | None

    def check(self) -> None:
        """Hold the level within what a river can have."""
        if not -1_000 <= self.level_cm <= 10_000:
            raise Malformed("trial.level", "The level {given} cm is no river's.", given=self.level_cm, field="level_cm")


class Warning(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A warning of high water: an area, those who should act, and levels one on a line. Common to all members."""

    reach: Place
    support: str
    asked: tuple[str, ...]
    drill: bool
    levels: tuple[tuple[str, int], ...]


class Remark(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A remark on a reading, by anyone who can read it."""

    text: Text


def rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """A remark answers a reading that stands."""
    if isinstance(act, Reading):
        act.check()
    elif isinstance(act, Warning):
        highest_known = common.ask("gauges", "highest_common")
        if highest_known is not None and max(level for _, level in act.levels) < highest_known:
            raise Refused("trial.lower", "A warning of {given} cm stands already.", given=highest_known, field="levels")
    elif not (len(act.refers) == 1 and (found := thread.find(act.refers[0])) and found.void is None):
        raise Refused("trial.refers", "A remark answers one reading that stands.", field="refers")


def describe(act: Act) -> Description:
    """Show a reading by its station, a remark by its words."""
    if isinstance(act, Reading):
        texts = (Text(lang="en", text=act.station), act.note)
        return Description(act.station, texts, ((act.place.lat, act.place.lon),), (act.measured_at, act.measured_at))
    if isinstance(act, Warning):
        return Description(f"High water at {act.levels[0][0]}", (), corners(act.reach))
    assert isinstance(act, Remark)
    return Description(act.text.text, (act.text,))


def fold(connection: apsw.Connection, said: Said) -> None:
    """Keep the highest level of each station."""
    if isinstance(said.act, Reading):
        connection.execute("INSERT INTO trial_highest VALUES (?1, ?2) ON CONFLICT (station) DO UPDATE "
                           "SET level_cm = max(level_cm, ?2)", (said.act.station, said.act.level_cm))


    if isinstance(said.act, Warning):
        connection.execute("INSERT INTO trial_warned VALUES (?)", (max(level for _, level in said.act.levels),))


def highest_common(connection: apsw.Connection) -> int | None:
    """The highest level that anybody was warned of: the same in every cell."""
    level: int | None = connection.execute("SELECT max(level_cm) FROM trial_warned").get
    return level


def read_levels(text: str, field: str) -> list[list[object]]:
    """One on a line: a station, a colon, centimetres."""
    rows = [line.rpartition(":") for line in text.splitlines() if line.strip()]
    if not all(station and level.strip().isdecimal() for station, _, level in rows):
        raise Malformed("trial.levels", "Write one on a line: a station, a colon, centimetres.", field=field)
    return [[station.strip(), int(level)] for station, _, level in rows]


class Levels(msgspec.Struct, frozen=True):
    """The view of this desk: the highest level of a station."""

    station: str
    level_cm: int | None


class Standing(msgspec.Struct, frozen=True):
    """Where a thread stands."""

    sentence: Sentence


def show_levels(look: Look) -> Levels:
    """The highest level of one station."""
    station = look.params.get("station", "")
    return Levels(station, look.ask("gauges", "highest", station=station))


def layer(look: Look) -> list[Feature]:
    """Warnings as areas."""
    return [Feature(geometry=geojson(row.act.reach), title=row.title, ref=row.reference, style="waiting")
            for row in look.find(ActQuery(kinds=("warning",)))]


def needs(look: Look) -> list[Need]:
    """Warnings that ask this member to act."""
    return [Need(sentence=Sentence("{who} is asked to act.", {"who": look.member}), act=row.id, title=row.title,
                 lang="en", precedence=row.precedence, since_ms=row.time)
            for row in look.find(ActQuery(kinds=("warning",))) if look.member in row.act.asked]


def dates(look: Look) -> list[Date]:
    """Each warning as a date."""
    return [Date(uid=row.id, sentence=Sentence("A warning."), from_ms=row.time, until_ms=row.time, act=row.id)
            for row in look.find(ActQuery(kinds=("warning",)))]


def offers(look: Look, rows: list[object]) -> list[Offer]:
    """A remark may be said, unless the thread is a warning."""
    first = rows[0]
    why = Sentence("A warning is not remarked on.") if first.kind == "warning" else None  # type: ignore[attr-defined]
    return [Offer(kind="remark", to=first.id, why=why)]  # type: ignore[attr-defined]


SHOWING = Showing(
    templates="tests.trial_desk",
    views=(View("levels", "Levels", "ruler", "levels.html", Levels, show_levels, takes=("station",)),),
    panel=Panel("standing.html", Standing, lambda look, rows: Standing(Sentence("{count} acts stand here.",
                                                                                {"count": len(rows)}))),
    layers=(Layer("warnings", "Warnings", layer),), needs=needs, dates=dates, offers=offers)


def highest(connection: apsw.Connection, *, station: str) -> int | None:
    """The highest level that was read at a station."""
    level: int | None = connection.execute("SELECT level_cm FROM trial_highest WHERE station = ?", (station,)).get
    return level


DESK = Desk(
    name="gauges", number=NUMBER, title="Gauges", icon="ripple", rule=rule, describe=describe, fold=fold,
    schema="CREATE TABLE trial_highest (station TEXT PRIMARY KEY, level_cm INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
           "CREATE TABLE trial_warned (level_cm INTEGER NOT NULL) STRICT;",
    queries={"highest": highest}, common={"highest_common": highest_common}, showing=SHOWING,
    forms=(
        Form(Kind("reading", 1, NUMBER, Reading, "Reading"), (
            Field("station", "Station", "line"), Field("note", "Note", "text"), Field("level_cm", "Level", "number"),
            Field("measured_at", "Measured", "instant"), Field("place", "Place", "position"),
            Field("trend", "Trend", "choice", default="2",
                  choices=(("1", "falling"), ("2", "steady"), ("3", "rising"))),
            Field("marks", "Marks", "words", required=False), Field("about", "About", "reference", required=False))),
        Form(Kind("warning", 1, NUMBER, Warning, "Warning"), (
            Field("reach", "Reach", "area"),
            Field("support", "Support", "choice",
                  options=lambda charter: tuple((one.id, one.name) for one in charter.support)),
            Field("asked", "Asked", "codes", required=False), Field("drill", "Drill", "yes", required=False),
            Field("levels", "Levels", "lines", read=read_levels,
                  write=lambda levels: "\n".join(f"{station}: {level}" for station, level in levels))), common=True),
        Form(Kind("remark", 1, NUMBER, Remark, "Remark"), (Field("text", "Text", "text"),),
             answers=("reading", "warning")),
    ),
)
