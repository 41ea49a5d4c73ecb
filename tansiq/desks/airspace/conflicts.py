"""Which air meets which, and who gives way: worked out from what the register holds, with the charter's buffers.

Nothing of it is kept: it follows from what is told now and the charter in force, and so is the same in every cell that
holds the same acts, in whatever order they came.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from tansiq.cell.views import Look
from tansiq.charter import Charter
from tansiq.desks.airspace.register import PrintRow, ThreadRow, VolumeRow
from tansiq.geo.footprints import both_meet, meet
from tansiq.geo.volumes import Buffers, in_conflict

MINUTE_MS = 60_000
State = Literal["planned", "active", "overrun", "closed", "withdrawn", "expired"]
Yields = Literal["one", "other", "both"]


class Side(msgspec.Struct, frozen=True):
    """One side of a conflict: whose thread it is, whether its volumes or its footprint meet, and its time (UTC ms)."""

    thread: str
    author: str
    kind: Literal["notice", "footprint"]
    begins: int
    ends: int


class Conflict(msgspec.Struct, frozen=True):
    """Two threads that meet; ``yields`` is which side gives way, or ``both``: neither had seen the other.

    ``begins`` and ``ends`` (UTC ms): when they meet, the buffer of time left out.
    """

    one: Side
    other: Side
    yields: Yields
    begins: int
    ends: int

    def waits(self, code: str) -> bool:
        """Whether a party has to move here, or to wait until somebody does."""
        return (self.one.author == code and self.yields != "other") or (
            self.other.author == code and self.yields != "one")


def buffers_of(charter: Charter) -> Buffers:
    """What the charter keeps apart."""
    air = charter.airspace
    return Buffers(air.buffer_m, air.buffer_height_m, air.buffer_minutes * MINUTE_MS, air.ground_low_m,
                   air.ground_high_m)


def state_of(row: ThreadRow, at: int) -> State:
    """How a notice or a footprint stands at a moment (UTC ms)."""
    if row.ended is not None:
        return "withdrawn" if row.began is None else "closed"
    if row.began is not None:
        return "overrun" if at > row.ends else "active"
    return "expired" if at > row.ends else "planned"


def is_late(row: ThreadRow, charter: Charter) -> bool:
    """Whether it came less than the charter's time before its beginning."""
    return row.lead_ms < charter.airspace.lead_minutes * MINUTE_MS


def find_conflicts(look: Look, *, since: int, until: int) -> list[Conflict]:
    """Every conflict of what is told now in a span of time, in the order in which they begin."""
    threads = {row.thread: row for row in look.ask("airspace", "threads", since=since, until=until)}
    rows = [_lasting(row, threads.get(row.thread), look.now)
            for row in look.ask("airspace", "volumes", since=since - _overrun_ms(threads, look.now), until=until)]
    prints = look.ask("airspace", "prints", since=since, until=until)
    found: dict[tuple[str, str], Conflict] = {}
    for conflict in _not_told_twice([*_between_volumes(look, rows), *_with_prints(look.charter, rows, prints)]):
        first, second = sorted((conflict.one.thread, conflict.other.thread))
        found[first, second] = _joined(found.get((first, second)), conflict)
    return sorted((one for one in found.values() if one.ends > since),
                  key=lambda one: (one.begins, one.one.thread, one.other.thread))


def _lasting(row: VolumeRow, thread: ThreadRow | None, now: int) -> VolumeRow:
    """A volume in use past its end lasts until now."""
    if thread is None or state_of(thread, now) != "overrun" or row.ends != thread.ends:
        return row
    return msgspec.structs.replace(row, ends=now, volume=msgspec.structs.replace(row.volume, ends=now))


def _overrun_ms(threads: dict[str, ThreadRow], now: int) -> int:
    """How far back the longest overrun began to be one."""
    return max((now - row.ends for row in threads.values() if state_of(row, now) == "overrun"), default=0) + 1


def _between_volumes(look: Look, rows: Sequence[VolumeRow]) -> Iterator[Conflict]:
    buffers = buffers_of(look.charter)
    lasting = [row for row in rows if row.ends == look.now]
    for row in rows:
        others = {other.id: other for other in look.ask("airspace", "conflicts_of", volume=row.volume,
                                                        author=row.author, buffers=buffers)}
        others |= {other.id: other for other in lasting if other.author != row.author
                   and in_conflict(row.volume, other.volume, buffers)}
        for other in others.values():
            # Each pair is found from both sides, and told once: the older act stands first.
            if (row.age, row.id) < (other.age, other.id):
                yield _conflict(_side(row), _side(other), (row.age, row.seen), (other.age, other.seen))


def _side(row: VolumeRow) -> Side:
    return Side(row.thread, row.author, "notice", row.begins, row.ends)


def _print_side(row: PrintRow) -> Side:
    return Side(row.thread, row.author, "footprint", row.begins, row.ends)


def _with_prints(charter: Charter, rows: Sequence[VolumeRow], prints: Sequence[PrintRow]) -> Iterator[Conflict]:
    """Footprints count between a partner and anybody else; between two members their volumes do."""
    for n, shown in enumerate(prints):
        for row in rows:
            if _counts(charter, shown.author, row.author) and meet(shown.parts, row.volume):
                yield _ordered(_print_side(shown), _side(row), (shown.age, shown.seen), (row.age, row.seen))
        for other in prints[n + 1:]:
            if _counts(charter, shown.author, other.author) and both_meet(shown.parts, other.parts):
                yield _ordered(_print_side(shown), _print_side(other), (shown.age, shown.seen), (other.age, other.seen))


def _not_told_twice(every: Sequence[Conflict]) -> Iterator[Conflict]:
    """Who holds a plan as well as its footprint is told of the plan; of the footprint only where the plan keeps clear.
    """
    plans = {(side.author, other.thread) for one in every
             for side, other in ((one.one, one.other), (one.other, one.one)) if side.kind == "notice"}
    for one in every:
        told = [side.kind == "footprint" and (side.author, other.thread) in plans
                for side, other in ((one.one, one.other), (one.other, one.one))]
        if not any(told):
            yield one


def _counts(charter: Charter, one: str, other: str) -> bool:
    return one != other and (charter.member(one) is None or charter.member(other) is None)


def _ordered(one: Side, other: Side, ages_one: tuple[int, int], ages_other: tuple[int, int]) -> Conflict:
    if (ages_one[0], one.thread) < (ages_other[0], other.thread):
        return _conflict(one, other, ages_one, ages_other)
    return _conflict(other, one, ages_other, ages_one)


def _conflict(one: Side, other: Side, ages_one: tuple[int, int], ages_other: tuple[int, int]) -> Conflict:
    """Of two, the one whose author had seen the other gives way; ages are (index, seen)."""
    yields: Yields = "one" if ages_one[1] > ages_other[0] else "other" if ages_other[1] > ages_one[0] else "both"
    begins = max(one.begins, other.begins)
    return Conflict(one, other, yields, begins, max(begins, min(one.ends, other.ends)))


def _joined(before: Conflict | None, now: Conflict) -> Conflict:
    """Of several conflicts of two threads, tell the whole time; if volumes give way to each other, both wait."""
    if before is None:
        return now
    turned: dict[Yields, Yields] = {"one": "other", "other": "one", "both": "both"}
    yields = now.yields if before.one.thread == now.one.thread else turned[now.yields]
    return Conflict(before.one, before.other, before.yields if before.yields == yields else "both",
                    min(before.begins, now.begins), max(before.ends, now.ends))
