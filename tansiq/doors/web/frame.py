"""The frame around every page: whose term it is, the clocks, the journal, the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tansiq.charter import Charter, term_at
from tansiq.doors.floor import Floor
from tansiq.doors.web.reader import Reader, moment
from tansiq.errors import TansiqError
from tansiq.office import Officer

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Chair:
    """Whose term it is: *days_left*, and how much of it is over in hundredths."""

    code: str
    days_left: int
    passed: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of the strip; *zone* is an IANA name, *seat* marks that of the centre's seat."""

    title: str
    zone: str
    seat: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page, as the officer's own cell knows it; None where nothing can say it."""

    chair: Chair | None
    clocks: tuple[Clock, ...]
    utc: str
    size: int | None
    settled: int | None
    cosigners: tuple[str, ...] | None
    root: str
    cells: int
    outbox: int | None


def frame(floor: Floor, officer: Officer | None, reader: Reader, *, now_ms: int) -> Frame:
    """Read the state of the centre and of the officer's cell at *now_ms*."""
    cell = dict(floor.cell(officer.member).status()) if officer else {}
    journal = floor.centre.status() | cell
    cosigners = journal.get("cosigners")
    return Frame(
        chair=_chair(floor.charter, now_ms), clocks=_clocks(floor.charter, reader),
        utc=moment(now_ms).strftime("%H:%M:%S"), size=_count(journal, "size"), settled=_count(journal, "settled"),
        cosigners=None if cosigners is None else tuple(cosigners), root=str(journal.get("root") or ""),
        cells=len(floor.charter.members), outbox=_count(cell, "outbox"))


def _chair(charter: Charter, now_ms: int) -> Chair | None:
    try:
        term = term_at(charter, now_ms)
    except TansiqError:
        return None
    if term is None:
        return None
    length = term.until_ms - term.from_ms
    return Chair(term.chair, -(-(term.until_ms - now_ms) // DAY_MS), round(100 * (now_ms - term.from_ms) / length))


def _clocks(charter: Charter, reader: Reader) -> tuple[Clock, ...]:
    seat = reader.named(charter.seat.place)
    clocks = [Clock(reader.named(m.capital), m.zone, False) for m in charter.members]
    at_seat = next((n for n, clock in enumerate(clocks) if clock.title == seat), None)
    if at_seat is None:
        return (Clock(seat, charter.rotation.zone, True), *clocks)
    first = clocks.pop(at_seat)
    return (Clock(first.title, first.zone, True), *clocks)


def _count(given: Mapping[str, Any], name: str) -> int | None:
    value = given.get(name)
    return value if isinstance(value, int) else None
