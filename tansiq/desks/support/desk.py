"""The support desk as one value, from which all doors are made."""

from __future__ import annotations

from collections.abc import Mapping

from tansiq.cell.desk import Desk, Field, Form
from tansiq.charter import Charter
from tansiq.desks.support import acts, register
from tansiq.desks.support.rule import rule
from tansiq.desks.support.showing import SHOWING
from tansiq.desks.support.terms import NUMBER
from tansiq.desks.support.titles import (
    FACILITY_TITLES,
    OUTCOME_TITLES,
    PERSONNEL_TITLES,
    PHASE_TITLES,
    RECIPIENT_TITLES,
    SUBJECT_TITLES,
    SUBSTANCE_TITLES,
    VERDICT_TITLES,
)


def _supports(charter: Charter) -> tuple[tuple[str, Mapping[str, str]], ...]:
    return tuple((support.id, support.name) for support in charter.support)


_PLACE = Field("place", "Place", "area", required=False, picked=False,
               hint="Typed, never picked: degrees, a grid reference (MGRS), or a line, circle or polygon of them.")
_AT_SEA = Field("at_sea", "The place is meant to lie in the sea", "yes", required=False)
_BAND = (
    Field("lower_m", "Altitude from (m)", "number", required=False, hint="Metres above mean sea level."),
    Field("upper_m", "Altitude to (m)", "number", required=False),
)
_FACTS = (
    Field("foreign_personnel", "Foreign personnel", "choice", choices=tuple(PERSONNEL_TITLES.items()), default="none",
          hint="On the territory, whatever they are called."),
    Field("facility", "Facility", "choice", choices=tuple(FACILITY_TITLES.items()), default="none",
          hint="What the foreign party keeps there."),
)
_TERMS = (
    Field("needed_from", "Needed from", "instant", hint="With its time zone."),
    Field("needed_until", "Needed until", "instant", hint="With its time zone."),
    _PLACE, _AT_SEA, *_BAND,
    Field("quantity", "Quantity", "number", required=False, hint="Where it can be counted."),
    Field("unit", "Unit", "line", required=False),
    *_FACTS,
    Field("duration_days", "Duration (days)", "number", required=False,
          hint="For which anything stays on the territory. Empty: without an end."),
    Field("recipient", "Recipient", "choice", required=False, choices=tuple(RECIPIENT_TITLES.items())),
    Field("recipient_name", "Which party", "line", required=False, hint="A party, never a person."),
)
_REASON = Field("reason", "Reason", "text")
_TEXT = Field("text", "Text", "text")
_CONSENT = (
    Field("performers", "Whose steps", "codes"),
    Field("phases", "Which steps", "several", choices=tuple(PHASE_TITLES.items())),
    Field("place", "Area", "area", picked=False, hint="A circle or a polygon."),
    *_BAND,
    Field("valid_from", "From", "instant"),
    Field("valid_until", "Until", "instant"),
    Field("day_from", "Hours from (UTC)", "line", required=False, read=acts.read_hour, write=acts.write_hour,
          hint="Empty: all day."),
    Field("day_until", "Hours until (UTC)", "line", required=False, read=acts.read_hour, write=acts.write_hour),
    Field("checkpoint_minutes", "Age of the settled checkpoint (minutes)", "number", default="60",
          hint="How old the performer's last settled checkpoint may be."),
    Field("conditions", "Conditions", "text", required=False),
)
_TERMS_KINDS = ("request", "counter")

DESK = Desk(
    name="support",
    number=NUMBER,
    title="Support",
    icon="heart-handshake",
    forms=(
        Form(acts.REQUEST, (
            Field("title", "Title", "line", hint="One line that says what is asked."),
            Field("support", "Kind of support", "choice", options=_supports),
            Field("asked_of", "Asked of", "codes"),
            Field("purpose", "Purpose", "text"),
            Field("answer_by", "Answer by", "instant", hint="Unanswered by then, it lapses."),
            *_TERMS), withheld=("place",), topic="support"),
        Form(acts.PROMISE, (
            Field("quantity", "Quantity", "number", required=False,
                  hint="In the request's unit; empty: as the text says."),
            _TEXT), answers=("request",)),
        Form(acts.COUNTER, (*_TERMS, _REASON), answers=("request",), withheld=("place",)),
        Form(acts.DECLINE, (_REASON,), answers=("request",)),
        Form(acts.CONSENT, _CONSENT, answers=_TERMS_KINDS, role="consenter", signed=True, voice=True,
             withheld=("place",)),
        Form(acts.CONFIRMATION, (
            Field("place", "Place", "area", required=False, picked=False,
                  hint="Of a request: typed once more, by another person. Of a consent: left empty."),),
             answers=(*_TERMS_KINDS, "consent"), role="consenter", signed=True, voice=True, withheld=("place",)),
        Form(acts.REFUSAL, (_REASON,), answers=_TERMS_KINDS, role="consenter", voice=True),
        Form(acts.REVOCATION, (_REASON,), answers=("consent",), role="consenter", signed=True, voice=True),
        Form(acts.OBJECTION, (
            Field("substance", "In substance this is", "choice", choices=tuple(SUBSTANCE_TITLES.items())), _REASON),
             answers=(*_TERMS_KINDS, "promise", "step"), voice=True),
        Form(acts.REVIEW, (
            Field("subject", "Review of", "choice", choices=tuple(SUBJECT_TITLES.items())),
            Field("verdict", "Result", "choice", choices=tuple(VERDICT_TITLES.items())),
            Field("near_version", "Version of what lies near", "number", hint="As the request's page shows it."),
            Field("reasons", "Reasons", "text"),
            Field("distinction", "Distinction", "text", required=False, hint="A legal review answers all three."),
            Field("proportionality", "Proportionality", "text", required=False),
            Field("precautions", "Precautions", "text", required=False)), answers=_TERMS_KINDS, role="legal",
             signed=True),
        Form(acts.STEP, (
            Field("phase", "Step", "choice", choices=tuple(PHASE_TITLES.items())),
            _TEXT,
            Field("begins", "Begins", "instant", hint="A step is said before it begins."),
            Field("ends", "Ends", "instant"),
            _PLACE, _AT_SEA, *_BAND, *_FACTS), answers=("request",), withheld=("place",)),
        Form(acts.STOPPED, (_REASON,), answers=("request",)),
        Form(acts.COMPLETION, (
            Field("outcome", "How it ended", "choice", choices=tuple(OUTCOME_TITLES.items())),
            Field("given", "Quantity given", "number", required=False, hint="Of what was asked."),
            _TEXT), answers=("request",)),
        Form(acts.ACCEPTANCE, (Field("note", "Note", "text", required=False),), answers=("counter", "completion")),
        Form(acts.DISPUTE, (_REASON,), answers=("completion",)),
        Form(acts.WITHDRAWAL, (_REASON,), answers=("request", "objection")),
    ),
    rule=rule,
    describe=register.describe,
    schema=register.schema(),
    fold=register.fold,
    digest=register.digest,
    queries=register.QUERIES,
    showing=SHOWING,
)
