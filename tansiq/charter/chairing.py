"""Who has the chair: the calendar's terms, and the handovers between them. Pure.

A term is the calendar's. The chair passes at its end once the outgoing member has handed over and the incoming one has
taken over; where that is missed, it passes by the calendar when the charter's grace is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from tansiq.charter.model import Charter
from tansiq.charter.terms import Term, begin_local, term_at, term_of

How = Literal["first", "taken", "calendar"]
Taken = Mapping[tuple[int, str], int]
"""When a handover was complete (UTC ms), by the begin of the new term (UTC ms) and the member who took over."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Chairing:
    """Who has the chair at one moment.

    ``term`` is the term that the member has the chair for, and ``since_ms`` when it passed to it: ``how`` tells whether
    it was the centre's first, was taken over, or came by the calendar because the handover was missed. ``running`` is
    the calendar's term. The two differ while a handover is late; ``following`` is the term that is to be taken over
    next, and ``passes_ms`` when it passes by the calendar, taken over or not.
    """

    term: Term
    since_ms: int
    how: How
    running: Term
    following: Term
    passes_ms: int

    @property
    def chair(self) -> str:
        """The member who has the chair."""
        return self.term.chair

    @property
    def late(self) -> bool:
        """Whether the calendar's term has begun and nobody has taken it over yet."""
        return self.term.number != self.running.number


def chair_at(charter: Charter, instant: int, taken: Taken) -> Chairing | None:
    """Find who has the chair at *instant* (UTC ms); None before the first term.

    Reads of *taken* what was complete by then; what came after the grace changes nothing.

    Raises:
        Malformed: ``charter.calendar``, *instant* lies outside the calendar.
    """
    running = term_at(charter, instant)
    if running is None:
        return None
    number = running.number
    while number > 1 and _passes(charter, number, instant, taken)[0] > instant:
        number -= 1
    since, how = _passes(charter, number, instant, taken)
    following = term_of(charter, number + 1) if number == running.number else running
    return Chairing(term_of(charter, number), since, how, running, following, grace_end(charter, following.number))


def grace_end(charter: Charter, number: int) -> int:
    """When a term's chair passes by the calendar (UTC ms): so many days of grace after it begins, on its clocks."""
    late = begin_local(charter.rotation, number) + timedelta(days=charter.rotation.grace_days)
    return (late.astimezone(UTC) - _EPOCH) // _MILLISECOND


def term_beginning(charter: Charter, begin: int) -> Term | None:
    """The term that begins at exactly that instant (UTC ms), if the charter has one.

    Raises:
        Malformed: ``charter.calendar``.
    """
    term = term_at(charter, begin)
    return term if term is not None and term.from_ms == begin else None


def _passes(charter: Charter, number: int, instant: int, taken: Taken) -> tuple[int, How]:
    """When the chair passes to the member of a term, and how, as far as is known at *instant*."""
    term = term_of(charter, number)
    if number == 1:
        return term.from_ms, "first"
    late, done = grace_end(charter, number), taken.get((term.from_ms, term.chair))
    if done is not None and done <= instant and done < late:
        return max(done, term.from_ms), "taken"
    return late, "calendar"
