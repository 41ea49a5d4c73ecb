"""The frame around every page: whose term it is, the clocks, the journal, the link, the outbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tansiq.cell.registers import EntryRow
from tansiq.charter import Charter, term_at
from tansiq.doors.floor import Floor
from tansiq.doors.web.reader import Reader, moment
from tansiq.errors import TansiqError
from tansiq.office import Officer

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Chair:
    """Who has the chair: *days_left*, and how much of the term is over in hundredths.

    *late*: the term is over and nobody has taken over yet; then *days_left* are those until it passes by the calendar.
    """

    code: str
    days_left: int
    passed: int
    late: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of the strip; *zone* is an IANA name, *seat* marks that of the centre's seat."""

    title: str
    zone: str
    seat: bool


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal as one cell knows it; None where nothing can say it.

    *acknowledged* is how much of it each party had verified when it last spoke: what lies below, it has opened.
    *awaited* are those whose cosignatures the newest checkpoint lacks, where fewer than *quorum* of *members* have
    cosigned it: then nothing new is settled.
    *mandate* is the version by which the registrar orders. *lag* counts entries that were ordered and are not folded here, *newest* is the index of the newest one that is, and
    *last_ms* its time (UTC).
    """

    size: int | None = None
    settled: int | None = None
    cosigners: tuple[str, ...] | None = None
    awaited: tuple[str, ...] = ()
    quorum: int = 0
    members: int = 0
    root: str = ""
    mandate: int | None = None
    outbox: int | None = None
    lag: int = 0
    newest: int = -1
    last_ms: int | None = None
    acknowledged: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page, as the officer's own cell knows it."""

    chair: Chair | None
    clocks: tuple[Clock, ...]
    utc: str
    cells: int
    journal: Journal


def frame(floor: Floor, officer: Officer | None, reader: Reader, *, now_ms: int) -> Frame:
    """Read the state of the centre and of the officer's cell at *now_ms*."""
    return Frame(chair=_chair(floor, officer, now_ms), clocks=_clocks(floor.charter, reader),
                 utc=moment(now_ms).strftime("%H:%M:%S"), cells=len(floor.charter.members),
                 journal=journal(floor, officer))


def journal(floor: Floor, officer: Officer | None) -> Journal:
    """Read the state of the journal: as the officer's cell has it, or as the centre tells anybody."""
    if officer is None:
        return _journal(dict(floor.centre.status()), (), {})
    cell = floor.cell(officer.member)
    acknowledged = cell.registers.acknowledged([party.code for party in floor.charter.parties])
    return _journal(floor.centre.status() | dict(cell.status()), cell.registers.entries(limit=1), acknowledged)


def _journal(status: Mapping[str, Any], last: Sequence[EntryRow], acknowledged: Mapping[str, int]) -> Journal:
    cosigners, quorum, present = status.get("cosigners"), _count(status, "quorum") or 0, status.get("present") or ()
    lacking = [code for code in present if code not in (cosigners or ())]
    few = cosigners is not None and len(cosigners) < quorum
    return Journal(
        awaited=tuple(lacking) if few else (), quorum=quorum,
        members=len(present),
        size=_count(status, "size"), settled=_count(status, "settled"), root=str(status.get("root") or ""),
        mandate=_count(status, "mandate"),
        cosigners=None if cosigners is None else tuple(cosigners), outbox=_count(status, "outbox"),
        lag=_count(status, "lag") or 0, newest=last[0].index if last else -1, last_ms=last[0].time if last else None,
        acknowledged=acknowledged)


def _chair(floor: Floor, officer: Officer | None, now_ms: int) -> Chair | None:
    try:
        now = floor.chairing(officer) if officer is not None else None
        term = now.term if now is not None else term_at(floor.charter, now_ms)
    except TansiqError:
        return None
    if term is None:
        return None
    late, length = now is not None and now.late, term.until_ms - term.from_ms
    end = now.passes_ms if now is not None and now.late else term.until_ms
    return Chair(term.chair, -(-(end - now_ms) // DAY_MS), min(100, round(100 * (now_ms - term.from_ms) / length)), late)


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
