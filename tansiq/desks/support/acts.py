"""What answers a request: promises, consents, reviews, steps, and how it ended. Each is said by a named officer."""

from __future__ import annotations

import re
from typing import Literal, get_args

from tansiq.acts import Act, Kind, Text
from tansiq.charter.vocabulary import Facility, Personnel
from tansiq.desks.holding import require_text
from tansiq.desks.support.terms import (
    NUMBER,
    PHASES,
    REASON_CHARACTERS_MAX,
    TEXT_CHARACTERS_MAX,
    Counter,
    Phase,
    Request,
    require_altitudes,
    require_quantity,
    require_span,
)
from tansiq.errors import Malformed
from tansiq.geo import Circle, Place, Polygon, require_place
from tansiq.languages.digits import to_latin

CHECKPOINT_MINUTES_MAX = 10_080
DAY_MINUTES = 1_440

Outcome = Literal["done", "not_done", "stopped", "harm"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
Subject = Literal["legal", "sites"]
SUBJECTS: tuple[Subject, ...] = get_args(Subject)
Verdict = Literal["clear", "blocks"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
Substance = Literal["base", "landing", "arms", "other"]
SUBSTANCES: tuple[Substance, ...] = get_args(Substance)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)


class Reasoned(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer that is given with its reason and nothing else."""

    reason: Text

    def check(self) -> None:
        """Hold the reason within its length.

        Raises:
            Malformed: it is empty or too long.
        """
        require_text(self.reason, "reason", REASON_CHARACTERS_MAX)


class Decline(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One who is asked says no, or takes its promise back before anything was begun."""


class Refusal(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One whose consent is needed says that it does not give it."""


class Revocation(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who gave a consent takes it back: what is under way must stop."""


class Stopped(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who was doing it has stopped."""


class Dispute(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The asker does not agree with how its end was reported."""


class Withdrawal(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The asker no longer asks; or an objection is taken back by who made it."""


class Objection(Reasoned, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In substance this is something else than it is called."""

    substance: Substance


class Promise(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One who is asked takes the request upon itself, whole or a part (``quantity``, in the request's unit)."""

    quantity: int | None
    text: Text

    def check(self) -> None:
        """Hold the quantity and the words.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        require_quantity(self.quantity, "quantity")
        require_text(self.text, "text", REASON_CHARACTERS_MAX)


class Consent(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A capability: whose steps, which phases, where, between which altitudes, when, and until when (UTC ms).

    ``day_from`` and ``day_until`` are minutes of the day in UTC (None: all day; over midnight where the end is the
    smaller). ``checkpoint_minutes``: how old the performer's last settled checkpoint may be.
    """

    performers: tuple[str, ...]
    phases: tuple[Phase, ...]
    place: Place
    lower_m: int | None
    upper_m: int | None
    valid_from: int
    valid_until: int
    day_from: int | None
    day_until: int | None
    conditions: Text | None
    checkpoint_minutes: int

    def check(self) -> None:
        """Hold what the types cannot say. Reads own fields only.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        if not self.performers or list(self.performers) != sorted(set(self.performers)):
            raise Malformed("consent.performers", "A consent names whose steps it covers, each once.",
                            field="performers")
        if not self.phases or list(self.phases) != [phase for phase in PHASES if phase in self.phases]:
            raise Malformed("consent.phases", "A consent names the steps that it covers, each once.", field="phases")
        require_place(self.place)
        if not isinstance(self.place, Circle | Polygon):
            raise Malformed("consent.place", "A consent covers an area: write a circle or a polygon.", field="place")
        require_altitudes(self.lower_m, self.upper_m)
        require_span(self.valid_from, self.valid_until, ("valid_from", "valid_until"))
        _require_hours(self.day_from, self.day_until)
        if self.conditions is not None:
            require_text(self.conditions, "conditions", REASON_CHARACTERS_MAX)
        if not 1 <= self.checkpoint_minutes <= CHECKPOINT_MINUTES_MAX:
            raise Malformed("consent.checkpoint", "A settled checkpoint may be 1 to {limit} minutes old.",
                            limit=CHECKPOINT_MINUTES_MAX, field="checkpoint_minutes")


class Confirmation(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A second officer confirms a consent; or, with ``place`` typed once more, the place of a request."""

    place: Place | None

    def check(self) -> None:
        """Hold the place on Earth."""
        if self.place is not None:
            require_place(self.place)


class Review(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named officer's answer in words, which can block. A legal one answers distinction, proportionality and
    precautions. ``near_version`` names what was seen of the sites that lie near."""

    subject: Subject
    verdict: Verdict
    distinction: Text | None
    proportionality: Text | None
    precautions: Text | None
    reasons: Text
    near_version: int

    def check(self) -> None:
        """Hold that a legal review answers its three questions, and that every answer is words.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        answers = {"distinction": self.distinction, "proportionality": self.proportionality,
                   "precautions": self.precautions}
        for name, answer in answers.items():
            if answer is not None:
                require_text(answer, name, REASON_CHARACTERS_MAX)
            elif self.subject == "legal":
                raise Malformed("review.answers", "A legal review answers distinction, proportionality and "
                                "precautions, each in words.", field=name)
        require_text(self.reasons, "reasons", REASON_CHARACTERS_MAX)
        if self.near_version < 0:
            raise Malformed("review.version", "The version of what lies near is a number that the request's page "
                            "shows.", field="near_version")


class Step(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is done now, said before it begins: when (UTC ms), where, between which altitudes, by whom on the ground."""

    phase: Phase
    text: Text
    begins: int
    ends: int
    place: Place | None
    at_sea: bool
    lower_m: int | None
    upper_m: int | None
    foreign_personnel: Personnel
    facility: Facility

    def check(self) -> None:
        """Hold what the types cannot say. Reads own fields only.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        require_text(self.text, "text", REASON_CHARACTERS_MAX)
        require_span(self.begins, self.ends, ("begins", "ends"))
        if self.place is not None:
            require_place(self.place)
        require_altitudes(self.lower_m, self.upper_m)


class Completion(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How it ended: done, not done, stopped, or harm noticed; and how much was given. No other account of effect."""

    outcome: Outcome
    given: int | None
    text: Text

    def check(self) -> None:
        """Hold the quantity and the words.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        require_quantity(self.given, "given", least=0)
        require_text(self.text, "text", TEXT_CHARACTERS_MAX)


class Acceptance(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The asker agrees: to the terms of a counter, or to how the end was reported."""

    note: Text | None

    def check(self) -> None:
        """Hold the note within its length."""
        if self.note is not None:
            require_text(self.note, "note", REASON_CHARACTERS_MAX)


REQUEST = Kind("request", 1, NUMBER, Request, "Request")
COUNTER = Kind("counter", 1, NUMBER, Counter, "Counter-offer")
PROMISE = Kind("promise", 1, NUMBER, Promise, "Promise")
DECLINE = Kind("decline", 1, NUMBER, Decline, "Decline")
CONSENT = Kind("consent", 1, NUMBER, Consent, "Consent")
CONFIRMATION = Kind("confirmation", 1, NUMBER, Confirmation, "Confirmation")
REFUSAL = Kind("refusal", 1, NUMBER, Refusal, "Refusal of consent")
REVOCATION = Kind("revocation", 1, NUMBER, Revocation, "Revocation")
OBJECTION = Kind("objection", 1, NUMBER, Objection, "Objection")
REVIEW = Kind("review", 1, NUMBER, Review, "Review")
STEP = Kind("step", 1, NUMBER, Step, "Step")
STOPPED = Kind("stopped", 1, NUMBER, Stopped, "Stopped")
COMPLETION = Kind("completion", 1, NUMBER, Completion, "Completion")
ACCEPTANCE = Kind("acceptance", 1, NUMBER, Acceptance, "Acceptance")
DISPUTE = Kind("dispute", 1, NUMBER, Dispute, "Dispute")
WITHDRAWAL = Kind("withdrawal", 1, NUMBER, Withdrawal, "Withdrawal")


def _require_hours(day_from: int | None, day_until: int | None) -> None:
    if (day_from is None) != (day_until is None) or (day_from is not None and day_from == day_until):
        raise Malformed("consent.hours", "Hours of the day have a beginning and another end, or there are none.",
                        field="day_from" if day_from is None else "day_until")
    for given, field in ((day_from, "day_from"), (day_until, "day_until")):
        if given is not None and not 0 <= given <= DAY_MINUTES:
            raise _no_hour(str(given), field)


def read_hour(text: str, field: str) -> int:
    """Read an hour of the day such as ``06:00`` as minutes; ``24:00`` is the day's end.

    Raises:
        Malformed: ``consent.hour``.
    """
    found = _CLOCK.fullmatch(to_latin(text.strip()))
    minutes = int(found.group(1)) * 60 + int(found.group(2)) if found and int(found.group(2)) < 60 else DAY_MINUTES + 1
    if minutes > DAY_MINUTES:
        raise _no_hour(text, field)
    return minutes


def write_hour(minutes: int) -> str:
    """Write minutes of the day as ``06:00``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _no_hour(given: str, field: str) -> Malformed:
    return Malformed("consent.hour", "{given} is no hour of the day: write it as 06:00, in UTC.",
                     given=repr(given[:20]), field=field)
