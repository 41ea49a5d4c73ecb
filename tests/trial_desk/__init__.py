"""A desk that lives only under tests: gauges of a river. It uses every widget, and no file of the package knows it."""

from __future__ import annotations

from typing import Literal

import apsw

from tansiq.acts import Act, Kind, Position, Text
from tansiq.cell.desk import Common, Description, Desk, Field, Form, Said, Thread
from tansiq.charter import Charter
from tansiq.errors import Malformed, Refused

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


class Remark(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A remark on a reading, by anyone who can read it."""

    text: Text


def rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """A remark answers a reading that stands."""
    if isinstance(act, Reading):
        act.check()
    elif not (len(act.refers) == 1 and (found := thread.find(act.refers[0])) and found.void is None):
        raise Refused("trial.refers", "A remark answers one reading that stands.", field="refers")


def describe(act: Act) -> Description:
    """Show a reading by its station, a remark by its words."""
    if isinstance(act, Reading):
        texts = (Text(lang="en", text=act.station), act.note)
        return Description(act.station, texts, ((act.place.lat, act.place.lon),), (act.measured_at, act.measured_at))
    assert isinstance(act, Remark)
    return Description(act.text.text, (act.text,))


def fold(connection: apsw.Connection, said: Said) -> None:
    """Keep the highest level of each station."""
    if isinstance(said.act, Reading):
        connection.execute("INSERT INTO trial_highest VALUES (?1, ?2) ON CONFLICT (station) DO UPDATE "
                           "SET level_cm = max(level_cm, ?2)", (said.act.station, said.act.level_cm))


def highest(connection: apsw.Connection, *, station: str) -> int | None:
    """The highest level that was read at a station."""
    level: int | None = connection.execute("SELECT level_cm FROM trial_highest WHERE station = ?", (station,)).get
    return level


DESK = Desk(
    name="gauges", number=NUMBER, title="Gauges", icon="ripple", rule=rule, describe=describe, fold=fold,
    schema="CREATE TABLE trial_highest (station TEXT PRIMARY KEY, level_cm INTEGER NOT NULL) STRICT, WITHOUT ROWID;",
    queries={"highest": highest},
    forms=(
        Form(Kind("reading", 1, NUMBER, Reading, "Reading"), (
            Field("station", "Station", "line"), Field("note", "Note", "text"), Field("level_cm", "Level", "number"),
            Field("measured_at", "Measured", "instant"), Field("place", "Place", "position"),
            Field("trend", "Trend", "choice", default="2",
                  choices=(("1", "falling"), ("2", "steady"), ("3", "rising"))),
            Field("marks", "Marks", "words", required=False), Field("about", "About", "reference", required=False))),
        Form(Kind("remark", 1, NUMBER, Remark, "Remark"), (Field("text", "Text", "text"),), answers=("reading",)),
    ),
)
