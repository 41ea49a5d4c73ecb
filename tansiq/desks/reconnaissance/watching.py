"""Who watches which sector, until when, and where nobody is looking: a list, features of the map, what needs people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
import shapely

from tansiq.acts import PRECEDENCES
from tansiq.cell.registers import ActQuery, ActRow
from tansiq.cell.views import Feature, Look, Need, Sentence, Style
from tansiq.desks.asking import hours_of, instant_of
from tansiq.desks.reconnaissance.acts import Coverage, Sighting
from tansiq.desks.reconnaissance.gaps import LAPSES_MS, Gap, Watch, find_gaps
from tansiq.geo import geojson, shape
from tansiq.wire import write_instant

TAKES = ("at", "hours")
HOUR_MS = 3_600_000
SOON_MS = HOUR_MS
BEHIND_MS = 31 * 24 * HOUR_MS
AHEAD_HOURS = 48
AHEAD_HOURS_MAX = 14 * 24
AHEAD_MS_MAX = AHEAD_HOURS_MAX * HOUR_MS
_ROWS_MAX = 1_000
State = Literal["watched", "ends_soon", "part", "gap", "quiet"]


class GapShown(msgspec.Struct, frozen=True):
    """A time in which nobody watches a sector, or ``percent`` of it is not watched (UTC ms; ``until_ms`` None: beyond
    what was asked for)."""

    sentence: Sentence
    from_ms: int
    until_ms: int | None
    percent: int


class SectorShown(msgspec.Struct, frozen=True):
    """One sector: how it stands at the moment asked for, who watches it, and its gaps from then on."""

    sector: str
    state: State
    sentence: Sentence
    watched_by: tuple[str, ...]
    gaps: tuple[GapShown, ...]
    acts: tuple[tuple[str, str], ...]


class Sectors(msgspec.Struct, frozen=True):
    """All sectors that this member was told of, at a moment (UTC ms), in the order of their names."""

    sentence: Sentence
    at_ms: int
    until_ms: int
    sectors: tuple[SectorShown, ...]


class Standing(msgspec.Struct, frozen=True):
    """Where a thread of this desk stands; ``act`` is what stands now, ``view`` and ``at`` (ISO 8601) show it on a map.
    """

    sentence: Sentence
    act: str
    at: str
    view: str


def standing(look: Look, *, since: int, until: int) -> list[ActRow]:
    """Coverage that stands and meets a span of time."""
    return list(look.find(ActQuery(desk="reconnaissance", kinds=("coverage",), standing="standing", after=since,
                                   before=until, limit=_ROWS_MAX)))


def show(look: Look) -> Sectors:
    """How every sector stands at a moment, and what is to come."""
    at = instant_of(look.params, "at", look.now)
    until = at + hours_of(look.params, "hours", AHEAD_HOURS, most=AHEAD_HOURS_MAX) * HOUR_MS
    rows, gaps = _gaps(look, at, until)
    names = sorted({_told(row).sector for row in rows})
    sectors = tuple(_sector(name, rows, gaps, at, until=until) for name in names)
    unseen = tuple(one.sector for one in sectors if one.state == "gap")
    partly = tuple(one.sector for one in sectors if one.state == "part")
    if not sectors:
        sentence = Sentence("Nobody has said yet which sectors are watched.")
    elif unseen:
        sentence = Sentence("Nobody is looking at {sectors}.", {"sectors": unseen})
    elif partly:
        sentence = Sentence("Some of {sectors} is not watched.", {"sectors": partly})
    else:
        sentence = Sentence("Every sector that anybody asked for is watched.")
    return Sectors(sentence, at, until, sectors)


def _gaps(look: Look, at: int, until: int) -> tuple[list[ActRow], list[Gap]]:
    rows = standing(look, since=at - BEHIND_MS - LAPSES_MS, until=until)
    return rows, find_gaps([_watch(row) for row in rows], at - BEHIND_MS, until)


def _told(row: ActRow) -> Coverage:
    assert isinstance(row.act, Coverage)
    return row.act


def _watch(row: ActRow) -> Watch:
    act = _told(row)
    return Watch(act.sector, row.author, act.watch == "kept", act.begins, act.ends, shape(act.area))


def _sector(name: str, rows: Sequence[ActRow], gaps: Sequence[Gap], at: int, *, until: int) -> SectorShown:
    here = [row for row in rows if _told(row).sector == name]
    watching = tuple(sorted({row.author for row in here if _told(row).watch == "kept"
                             and _told(row).begins <= at < _told(row).ends}))
    mine = [gap for gap in gaps if gap.sector == name and gap.ends > at]
    now = mine[0] if mine and mine[0].begins <= at else None
    following = next((gap for gap in mine if gap.begins > at), None)
    state, sentence = _state(name, watching, now, following, at=at)
    return SectorShown(name, state, sentence, watching,
                       tuple(_shown(gap, until) for gap in mine), tuple((row.id, row.reference) for row in here))


def _state(name: str, watching: tuple[str, ...], now: Gap | None, following: Gap | None, *, at: int,
           ) -> tuple[State, Sentence]:
    if now is not None and now.percent == 100:
        return "gap", Sentence("Nobody has been looking at {sector} since {since_ms}.",
                               {"sector": name, "since_ms": now.begins})
    if now is not None:
        return "part", Sentence("{percent} percent of {sector} has not been watched since {since_ms}.",
                                {"percent": now.percent, "sector": name, "since_ms": now.begins})
    if not watching:
        return "quiet", Sentence("{sector} is not to be watched at this moment.", {"sector": name})
    if following is None:
        return "watched", Sentence("{sector} is watched by {members}.", {"members": watching, "sector": name})
    return ("ends_soon" if following.begins - at <= SOON_MS else "watched",
            Sentence("{sector} is watched by {members}; from {since_ms} on it has a gap.",
                     {"members": watching, "sector": name, "since_ms": following.begins}))


def _shown(gap: Gap, until: int) -> GapShown:
    open_end = gap.ends >= until
    fields = {"percent": gap.percent, "from_ms": gap.begins, "until_ms": gap.ends}
    if gap.percent == 100:
        sentence = (Sentence("Nobody looks from {from_ms} on.", fields) if open_end else
                    Sentence("Nobody looks from {from_ms} until {until_ms}.", fields))
    else:
        sentence = (Sentence("{percent} percent is not watched from {from_ms} on.", fields) if open_end else
                    Sentence("{percent} percent is not watched from {from_ms} until {until_ms}.", fields))
    return GapShown(sentence, gap.begins, None if open_end else gap.ends, gap.percent)


def features(look: Look) -> list[Feature]:
    """Watched areas and gaps, each with the time in which it holds, a month back and as far ahead as is asked."""
    at = instant_of(look.params, "at", look.now)
    until = at + hours_of(look.params, "hours", AHEAD_HOURS, most=AHEAD_HOURS_MAX) * HOUR_MS
    rows, gaps = _gaps(look, at, until)
    kept = [(row, _told(row)) for row in rows if _told(row).watch == "kept"]
    made = [Feature(geometry=geojson(act.area), title=act.sector, href=f"/acts/{row.id}", ref=row.reference,
                    author=row.author, kind="coverage", style=_style(act, at), release=row.release,
                    from_ms=act.begins, until_ms=act.ends) for row, act in kept]
    return made + [Feature(geometry=shapely.geometry.mapping(gap.left), title=gap.sector, kind="coverage", style="gap",
                           href="/desks/reconnaissance/coverage", from_ms=gap.begins, until_ms=gap.ends)
                   for gap in gaps]


def _style(act: Coverage, at: int) -> Style:
    if not act.begins <= at < act.ends:
        return "plain"
    return "waiting" if act.ends - at <= SOON_MS else "live"


def needs(look: Look) -> list[Need]:
    """One thing for each sector with a gap now, or one that begins within the hour after this member's own watch."""
    shown = show(look)
    rows = {row.id: row for row in standing(look, since=look.now - BEHIND_MS - LAPSES_MS, until=shown.until_ms)}
    found = []
    for one in shown.sectors:
        mine = look.member in one.watched_by
        if one.state in ("gap", "part") or (one.state == "ends_soon" and mine):
            here = [rows[act] for act, _ in one.acts]
            urgent = max(here, key=lambda row: (PRECEDENCES.index(_told(row).precedence), row.index))
            found.append(Need(sentence=one.sentence, act=urgent.id, title=urgent.title, lang=urgent.lang,
                              precedence=_told(urgent).precedence,
                              since_ms=one.gaps[0].from_ms, until_ms=one.gaps[0].until_ms))
    return found


def panel(look: Look, rows: Sequence[ActRow]) -> Standing | None:
    """What stands of a thread: the last that was told of it."""
    told = [row for row in rows if row.void is None]
    if not told:
        return None
    last = told[-1]
    act = last.act
    if isinstance(act, Coverage):
        fields = {"author": last.author, "sector": act.sector, "from_ms": act.begins, "until_ms": act.ends}
        sentence = (Sentence("{author} watches {sector} from {from_ms} until {until_ms}.", fields)
                    if act.watch == "kept" else
                    Sentence("{author} asks that {sector} be watched from {from_ms} until {until_ms}.", fields))
        return Standing(sentence, last.id, write_instant(act.begins), "coverage")
    assert isinstance(act, Sighting)
    if not act.sightings:
        return Standing(Sentence("{author} has taken these sightings back.", {"author": last.author}), last.id,
                        write_instant(last.time), "picture")
    times = [seen.seen_at for seen in act.sightings]
    return Standing(Sentence("{author} tells of {count} sightings, the last at {last_ms}.",
                             {"author": last.author, "count": len(times), "last_ms": max(times)}),
                    last.id, write_instant(max(times)), "picture")
