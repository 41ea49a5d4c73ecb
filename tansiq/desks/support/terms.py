"""What is asked for, in which bounds and with which facts: the terms of a request, or of what is offered instead."""

from __future__ import annotations

from typing import Literal, get_args

from tansiq.acts import Act, Text
from tansiq.charter.vocabulary import DURATION_DAYS_MAX, Facility, Personnel, Recipient
from tansiq.desks.holding import require_instant, require_line, require_text
from tansiq.errors import Malformed
from tansiq.geo import Place, require_place

NUMBER = 2
TITLE_CHARACTERS_MAX = 200
TEXT_CHARACTERS_MAX = 10_000
REASON_CHARACTERS_MAX = 4_000
UNIT_CHARACTERS_MAX = 60
NAME_CHARACTERS_MAX = 200
QUANTITY_MAX = 1_000_000_000
LOWEST_M, HIGHEST_M = -500, 40_000
DAY_MS = 86_400_000

Phase = Literal["preparation", "transit", "delivery", "operation", "return"]
PHASES: tuple[Phase, ...] = get_args(Phase)


class Terms(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked for: when (UTC ms), where, between which altitudes, how much, and the facts that articles judge.

    ``lower_m`` and ``upper_m`` are metres above mean sea level. ``duration_days`` None: without an end. ``at_sea`` says
    that a place on no territory is meant. ``recipient_name`` names a party, never a person.
    """

    needed_from: int
    needed_until: int
    place: Place | None
    at_sea: bool
    lower_m: int | None
    upper_m: int | None
    quantity: int | None
    unit: str | None
    foreign_personnel: Personnel
    facility: Facility
    duration_days: int | None
    recipient: Recipient | None
    recipient_name: Text | None

    def check(self) -> None:
        """Hold what the types cannot say. Reads own fields only.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        require_span(self.needed_from, self.needed_until, ("needed_from", "needed_until"))
        if self.place is not None:
            require_place(self.place)
        require_altitudes(self.lower_m, self.upper_m)
        _require_counted(self.quantity, self.unit)
        if self.duration_days is not None and not 0 <= self.duration_days <= DURATION_DAYS_MAX:
            raise Malformed("terms.duration", "A duration has 0 to {limit} days, or none: without an end.",
                            limit=DURATION_DAYS_MAX, field="duration_days")
        if (self.recipient == "other_party") != (self.recipient_name is not None):
            raise Malformed("terms.recipient", "A recipient that is no state force is named, and only such a one.",
                            field="recipient_name")
        if self.recipient_name is not None:
            require_text(self.recipient_name, "recipient_name", NAME_CHARACTERS_MAX)


class Request(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One member asks others (``asked_of``) for support of a kind that the charter names. Unanswered by ``answer_by``
    (UTC ms) it lapses."""

    asked_of: tuple[str, ...]
    support: str
    title: Text
    purpose: Text
    answer_by: int

    def check(self) -> None:
        """As of any terms; and who is asked, for what, until when.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        Terms.check(self)
        if not self.asked_of or list(self.asked_of) != sorted(set(self.asked_of)):
            raise Malformed("request.to", "A request names those who are asked, each once, in ascending order.",
                            field="asked_of")
        require_text(self.title, "title", TITLE_CHARACTERS_MAX)
        require_line(self.title.text, "title", TITLE_CHARACTERS_MAX)
        require_text(self.purpose, "purpose", TEXT_CHARACTERS_MAX)
        require_instant(self.answer_by, "answer_by")
        if self.answer_by > self.needed_until:
            raise Malformed("request.answer_by", "An answer that comes after the end of what is asked is none.",
                            field="answer_by")


class Counter(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Other terms that one who is asked offers instead, whole; it refers to the request."""

    reason: Text

    def check(self) -> None:
        """As of any terms, and the reason."""
        Terms.check(self)
        require_text(self.reason, "reason", REASON_CHARACTERS_MAX)


def _require_counted(quantity: int | None, unit: str | None) -> None:
    if (quantity is None) != (unit is None):
        raise Malformed("terms.unit", "A quantity has a unit, and a unit a quantity.",
                        field="unit" if unit is None else "quantity")
    require_quantity(quantity, "quantity")
    require_line(unit, "unit", UNIT_CHARACTERS_MAX)


def require_span(since: int, until: int, fields: tuple[str, str]) -> None:
    """Refuse a span of time (UTC ms) that ends before it begins, or lies outside the calendar.

    Raises:
        Malformed: ``instant.range``, ``instant.order``.
    """
    for instant, field in zip((since, until), fields, strict=True):
        require_instant(instant, field)
    if until < since:
        raise Malformed("instant.order", "{field} lies before the beginning.", field=fields[1])


def require_altitudes(lower_m: int | None, upper_m: int | None) -> None:
    """Refuse half a band of altitudes, and one that is upside down or out of reach.

    Raises:
        Malformed: ``altitude.half``, ``altitude.range``, ``altitude.order``.
    """
    if lower_m is None and upper_m is None:
        return
    if lower_m is None or upper_m is None:
        raise Malformed("altitude.half", "A band of altitudes has both a lower and an upper end.",
                        field="lower_m" if lower_m is None else "upper_m")
    for given, field in ((lower_m, "lower_m"), (upper_m, "upper_m")):
        if not LOWEST_M <= given <= HIGHEST_M:
            raise Malformed("altitude.range", "An altitude lies between {least} and {most} m above mean sea level.",
                            least=LOWEST_M, most=HIGHEST_M, field=field)
    if upper_m <= lower_m:
        raise Malformed("altitude.order", "The upper end of a band lies above the lower.", field="upper_m")


def require_quantity(given: int | None, field: str, *, least: int = 1) -> None:
    """Refuse a quantity that nobody can count.

    Raises:
        Malformed: ``quantity.range``.
    """
    if given is not None and not least <= given <= QUANTITY_MAX:
        raise Malformed("quantity.range", "A quantity lies between {least} and {most}.", least=least,
                        most=QUANTITY_MAX, field=field)
