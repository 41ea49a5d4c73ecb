"""Notices and what answers them, made without a journal."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tansiq.acts import Act, Text
from tansiq.cell.moment import InForce, Settled
from tansiq.cell.registers import FoldedEntry, Registers
from tansiq.cell.views import Look
from tansiq.charter import Charter, parse_charter
from tansiq.desks.airspace import Activation, Adjustment, Footprint, LineCheck, Notice
from tansiq.desks.airspace.conflicts import buffers_of
from tansiq.geo import Circle, Polygon
from tansiq.geo.footprints import Part
from tansiq.geo.volumes import Height, Volume
from tests.unit.registers.making import HEAD, OCTOBER_7, said

HOUR_MS = 3_600_000
ALL = ("IQ", "IR", "RU", "SY")
CHARTER: Charter = parse_charter((Path(__file__).resolve().parents[4] / "charters/baghdad.toml").read_text("utf-8"))
BUFFERS = buffers_of(CHARTER)
PARTNER = CHARTER.partners[0].code
E7 = 10_000_000
GROUND = Height("AGL", 0)


def text(words: str) -> Text:
    """English words."""
    return Text(lang="en", text=words)


def told(**changes: Any) -> dict[str, Any]:
    """What a notice tells: a circle near Al-Qa'im for two hours; *at* (degrees) and *hour* move it."""
    lat, lon = changes.pop("at", (34.37, 41.09))
    hour = changes.pop("hour", 0)
    fields = {**HEAD, "release": ALL, "title": text("Relief flight"), "activity": "relief", "lower": GROUND,
              "area": Circle((round(lat * E7), round(lon * E7)), changes.pop("radius", 10_000)),
              "upper": Height("AMSL", 3_000), "begins": OCTOBER_7 + hour * HOUR_MS,
              "ends": OCTOBER_7 + (hour + 2) * HOUR_MS, "further": (), "contact": "Air desk, line 3", "note": None}
    return {**fields, **changes}


def notice(**changes: Any) -> Notice:
    """A notice of IQ to all members."""
    return Notice(**{**told(), "kind": "notice", **told(**changes)})


def adjustment(of: str, **changes: Any) -> Adjustment:
    """The notice *of* told again."""
    return Adjustment(**{"kind": "adjustment", "reason": text("Moved."), **told(**changes), "thread": of,
                         "refers": (of,)})


def answer(kind: type[Act], of: str, **changes: Any) -> Any:
    """An activation or a closing of the notice *of*."""
    own: dict[str, Any] = {"began": OCTOBER_7} if kind is Activation else {"ended": OCTOBER_7 + HOUR_MS}
    return kind(**{**HEAD, "release": ALL, "kind": kind.__name__.lower(), "thread": of, "refers": (of,), "note": None,
                   **own, **changes})


def shown(*parts: Part, **changes: Any) -> Footprint:
    """A footprint to all members and the partner."""
    return Footprint(**{**HEAD, "release": tuple(sorted((*ALL, PARTNER))), "kind": "footprint", "parts": parts,
                        "contact": "Air desk, line 3", "note": None, **changes})


def line(**changes: Any) -> LineCheck:
    """A look at the line to the partner."""
    return LineCheck(**{**HEAD, "release": tuple(sorted((*ALL, PARTNER))), "kind": "line_check", "party": PARTNER,
                        "state": "tested", "at": OCTOBER_7, "note": None, **changes})


def entry(index: int, *acts: Act, seen: int | None = None, time: int = OCTOBER_7 - 24 * HOUR_MS) -> FoldedEntry:
    """Entry *index* with these acts of one author, whose cell had verified *seen* entries: all, unless said."""
    size = index if seen is None else seen
    opened = []
    for place, act in enumerate(acts):
        one, salt, data = said(act, index=index, position=place)
        opened.append((replace(one, seen=size, time=time), salt, data))
    return FoldedEntry(index=index, time=time, author=acts[0].author, number=index + 1, kind=0, body_size=2048,
                       entry_id=index.to_bytes(32, "big"), seen=size, acts=tuple(opened))


def id_of(act: Act, index: int, position: int = 0) -> str:
    """The id that ``entry`` gives an act."""
    return said(act, index=index, position=position)[0].id


def scattered(count: int, *, seed: int, hours: int = 24, degrees: float = 4.0) -> list[Notice]:
    """Notices of four members here and there: circles and squares, all datums."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        lat, lon = chance.uniform(33, 33 + degrees), chance.uniform(39, 39 + degrees)
        begins = OCTOBER_7 + chance.randrange(hours * HOUR_MS)
        datum = chance.choice(["AMSL", "AGL", "FL"])
        low = chance.randrange(0, 200) if datum == "FL" else chance.randrange(0, 6_000)
        high = low + (chance.randrange(10, 60) if datum == "FL" else chance.randrange(300, 3_000))
        half = chance.uniform(0.02, 0.3)
        square = Polygon(tuple((round((lat + y * half) * E7), round((lon + x * half) * E7))
                               for y, x in ((-1, -1), (-1, 1), (1, 1), (1, -1))))
        area = square if chance.random() < 0.5 else Circle((round(lat * E7), round(lon * E7)),
                                                           chance.randrange(500, 30_000))
        made.append(notice(author=chance.choice(ALL), area=area, lower=Height(datum, low),  # type: ignore[arg-type]
                           upper=Height(datum, high) if chance.random() < 0.9 else None,  # type: ignore[arg-type]
                           begins=begins, ends=begins + chance.randrange(600_000, 4 * HOUR_MS)))
    return made


def volumes(registers: Registers) -> Sequence[Any]:
    """All volumes that the register holds."""
    return list(registers.query("airspace", "volumes", since=0, until=1 << 60, limit=1 << 30))


def look(registers: Registers, member: str, *, now: int = OCTOBER_7 - HOUR_MS, **params: str) -> Look:
    """What a member's views read."""
    return Look(member, CHARTER, now, Settled(0, 0), registers.query, registers.search, registers.act, registers.thread,
                registers.query_all, lambda at: InForce(CHARTER, frozenset()), params)


def volume_of(act: Notice) -> Volume:
    """The volume of a notice that has one."""
    return act.volumes[0]
