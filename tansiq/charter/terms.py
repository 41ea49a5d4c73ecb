"""Whose term it is: computed from the calendar in the charter's zone, and from nothing else."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tansiq.charter.model import Charter, Rotation
from tansiq.charter.shape import refuse
from tansiq.errors import Malformed

COUNT_MAX = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the chair: ``number`` from 1, from ``from_ms`` up to but without ``until_ms`` (UTC milliseconds)."""

    number: int
    chair: str
    from_ms: int
    until_ms: int


def terms(charter: Charter, count: int) -> list[Term]:
    """List the first *count* terms, in order, without a gap.

    Raises:
        Malformed: ``charter.count``, *count* is not 1 to 1,000; ``charter.calendar``, they leave the calendar.
    """
    if not 1 <= count <= COUNT_MAX:
        raise Malformed("charter.count", "{place}: from 1 to {most} terms can be listed, not {given}.", place="count",
                        given=count, most=COUNT_MAX, field="count")
    return [term_of(charter, number) for number in range(1, count + 1)]


def term_of(charter: Charter, number: int) -> Term:
    """The term of that *number*, counted from 1.

    Raises:
        Malformed: ``charter.calendar``, it would lie past the calendar.
    """
    rotation = charter.rotation
    return Term(number, rotation.order[(number - 1) % len(rotation.order)], _begin(rotation, number),
                _begin(rotation, number + 1))


def term_at(charter: Charter, instant: int) -> Term | None:
    """Find the term in which *instant* (UTC ms) lies; None before the first one begins.

    Raises:
        Malformed: ``charter.calendar``, *instant* lies outside the calendar (years 1 to 9999).
    """
    try:
        moment = (_EPOCH + timedelta(milliseconds=instant)).astimezone(ZoneInfo(charter.rotation.zone))
    except OverflowError as error:
        raise Malformed("charter.calendar", "{place}: {given} lies outside the calendar.", place="instant",
                        given=instant) from error
    first = charter.rotation.first_day
    months = (moment.year - first.year) * 12 + moment.month - first.month
    # The day of the month, the hour or a jump of the clock can put the instant into a neighbour.
    number = max(1, months // charter.rotation.term.in_months)
    while _begin(charter.rotation, number) <= instant:
        number += 1
    return term_of(charter, number - 1) if number > 1 else None


def begin_local(rotation: Rotation, number: int) -> datetime:
    """Begin of term *number* in the charter's zone.

    Counted from the first day each time, so that a month too short for it moves one begin and not those after it.
    An hour that the clock skips begins as late as the skip; of an hour that comes twice, the first counts.
    """
    months = (number - 1) * rotation.term.in_months + rotation.first_day.month - 1
    year, month = rotation.first_day.year + months // 12, months % 12 + 1
    # The last year of the calendar is left free: a zone's offset must never lead out of it.
    if year >= 9999:
        refuse("charter.calendar", "{place}: term {number} would begin in the year {given}, past the calendar.",
               "rotation.term", number=number, given=year)
    day = date(year, month, min(rotation.first_day.day, calendar.monthrange(year, month)[1]))
    local = datetime.combine(day, time(rotation.hour), ZoneInfo(rotation.zone))
    return local.astimezone(UTC).astimezone(ZoneInfo(rotation.zone))


def check_calendar(charter: Charter) -> None:
    """Hold that the first day lies in 1970 to 2199, so that every date beside it can be written.

    Raises:
        Malformed: ``charter.calendar``.
    """
    first = charter.rotation.first_day
    if not 1970 <= first.year < 2200:
        refuse("charter.calendar", "{place}: {given} does not lie in the years 1970 to 2199.", "rotation.first_day",
               given=first.isoformat())


def terms_json(charter: Charter, count: int) -> list[dict[str, Any]]:
    """List the first *count* terms as plain values: ``term``, ``chair``, ``from``, ``to`` (local, with its offset)."""
    zone = ZoneInfo(charter.rotation.zone)
    return [
        {"term": each.number, "chair": each.chair, "from": _write(each.from_ms, zone),
         "to": _write(each.until_ms, zone)}
        for each in terms(charter, count)
    ]


def _write(instant: int, zone: ZoneInfo) -> str:
    return (_EPOCH + timedelta(milliseconds=instant)).astimezone(zone).isoformat()


def _begin(rotation: Rotation, number: int) -> int:
    return (begin_local(rotation, number).astimezone(UTC) - _EPOCH) // _MILLISECOND
