"""The board: whose air is used when, how each notice stands, what meets what and who gives way."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tansiq.cell.registers import ActRow
from tansiq.cell.views import Look, Sentence
from tansiq.desks.airspace.acts import Activity, Adjustment, Footprint, Notice
from tansiq.desks.airspace.conflicts import Conflict, State, Yields, find_conflicts, is_late, state_of
from tansiq.desks.airspace.heights import band
from tansiq.desks.airspace.register import ThreadRow
from tansiq.desks.asking import hours_of, instant_of
from tansiq.geo import write_place
from tansiq.geo.volumes import Volume

TAKES = ("at", "hours")
HOUR_MS = 3_600_000
HOURS_AHEAD = 72
HOURS_MAX = 31 * 24


class VolumeShown(msgspec.Struct, frozen=True):
    """One volume as people read it: its area and heights as they are typed, and its time (UTC ms)."""

    area: str
    lower: str
    upper: str
    from_ms: int
    until_ms: int


class Told(msgspec.Struct, frozen=True):
    """A notice or footprint by name: its thread, how people call it, who told it, under which title."""

    thread: str
    reference: str
    author: str
    title: str
    lang: str
    kind: str


class NoticeShown(msgspec.Struct, frozen=True):
    """A notice or footprint as the board shows it. ``conflicts`` counts those in which it stands, ``waits`` whether it
    gives way or waits in one of them; ``cells`` counts those of a footprint."""

    told: Told
    activity: Activity | None
    state: State
    late: bool
    contact: str
    release: tuple[str, ...]
    from_ms: int
    until_ms: int
    volumes: tuple[VolumeShown, ...]
    cells: int
    conflicts: int
    waits: bool


class ConflictShown(msgspec.Struct, frozen=True):
    """Two notices that meet: in one sentence who gives way, and when they meet (UTC ms)."""

    sentence: Sentence
    one: Told
    other: Told
    yields: Yields
    waiting: tuple[str, ...]
    from_ms: int
    until_ms: int


class Board(msgspec.Struct, frozen=True):
    """What is told of the air from a moment on (UTC ms), in the order in which it begins; conflicts first."""

    sentence: Sentence
    at_ms: int
    until_ms: int
    notices: tuple[NoticeShown, ...]
    conflicts: tuple[ConflictShown, ...]


def show(look: Look) -> Board:
    """The board from a moment on."""
    at, until = span_of(look)
    threads = look.ask("airspace", "threads", since=at, until=until)
    conflicts = find_conflicts(look, since=at, until=until)
    notices = tuple(shown for row in threads if (shown := shown_of(look, row, conflicts, at)) is not None)
    return Board(_sentence(look, notices, conflicts), at, until, notices,
                 tuple(said for one in conflicts if (said := conflict_shown(look, one)) is not None))


def span_of(look: Look) -> tuple[int, int]:
    """The moment and the end that are asked for."""
    at = instant_of(look.params, "at", look.now)
    return at, at + hours_of(look.params, "hours", HOURS_AHEAD, most=HOURS_MAX) * HOUR_MS


def _sentence(look: Look, notices: Sequence[NoticeShown], conflicts: Sequence[Conflict]) -> Sentence:
    mine = sum(one.waits(look.member) for one in conflicts)
    fields = {"count": len(notices), "conflicts": len(conflicts), "mine": mine, "member": look.member}
    if not notices:
        return Sentence("No air is told of for this time.", fields)
    if not conflicts:
        return Sentence("Notices of this time: {count}. None meets another.", fields)
    if mine:
        return Sentence("Notices of this time: {count}; conflicts: {conflicts}, of which {mine} wait for {member}.",
                        fields)
    return Sentence("Notices of this time: {count}; conflicts: {conflicts}. None waits for {member}.", fields)


def latest(look: Look, thread: str) -> tuple[ActRow, ActRow] | None:
    """The first act of a thread, and the one that tells it now."""
    rows = [row for row in look.thread(thread) if row.void is None
            and isinstance(row.act, Notice | Adjustment | Footprint)]
    return (rows[0], rows[-1]) if rows else None


def told_of(first: ActRow, last: ActRow) -> Told:
    """A notice by name: called by its first act, titled by what tells it now."""
    return Told(first.id, first.reference, first.author, last.title, last.lang, first.kind)


def shown_of(look: Look, row: ThreadRow, conflicts: Sequence[Conflict], at: int) -> NoticeShown | None:
    """One line of the board; None where the thread is not held here."""
    acts = latest(look, row.thread)
    if acts is None:
        return None
    first, last = acts
    act = last.act
    assert isinstance(act, Notice | Adjustment | Footprint)
    mine = [one for one in conflicts if row.thread in (one.one.thread, one.other.thread)]
    plan = None if isinstance(act, Footprint) else act
    return NoticeShown(
        told_of(first, last), None if plan is None else plan.activity, state_of(row, at), is_late(row, look.charter),
        act.contact, first.release, row.begins, row.ends,
        tuple(map(volume_shown, plan.volumes)) if plan is not None else (),
        sum(len(part.cells) for part in act.parts) if isinstance(act, Footprint) else 0,
        len(mine), any(one.waits(row.author) for one in mine))


def volume_shown(volume: Volume) -> VolumeShown:
    """A volume as people read it."""
    lower, upper = band(volume)
    return VolumeShown(write_place(volume.area), lower, upper, volume.begins, volume.ends)


def conflict_shown(look: Look, conflict: Conflict) -> ConflictShown | None:
    """A conflict in one sentence."""
    pairs = latest(look, conflict.one.thread), latest(look, conflict.other.thread)
    if pairs[0] is None or pairs[1] is None:
        return None
    one, other = told_of(*pairs[0]), told_of(*pairs[1])
    waiting = tuple(code for code in dict.fromkeys((one.author, other.author)) if conflict.waits(code))
    return ConflictShown(_who(one, other, conflict.yields), one, other, conflict.yields, waiting, conflict.begins,
                         conflict.ends)


def _who(one: Told, other: Told, yields: Yields) -> Sentence:
    if yields == "both":
        return Sentence("{one} and {other} meet; neither had seen the other: both wait until one is adjusted or "
                        "closed.", {"one": one.reference, "other": other.reference})
    gives, keeps = (one, other) if yields == "one" else (other, one)
    return Sentence("{gives} gives way to {keeps}, which {author} had seen when it told {gives}.",
                    {"gives": gives.reference, "keeps": keeps.reference, "author": gives.author})
