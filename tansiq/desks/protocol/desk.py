"""The protocol desk as one value, from which all doors are made."""

from __future__ import annotations

from collections.abc import Mapping

from tansiq.cell.desk import Desk, Field, Form
from tansiq.charter import Charter
from tansiq.desks.protocol import register
from tansiq.desks.protocol.acts import MEETING, MINUTES, MINUTES_ANSWER, NUMBER, REARRANGEMENT, VISIT
from tansiq.desks.protocol.lines import read_agenda, read_persons, write_agenda, write_persons
from tansiq.desks.protocol.rule import rule
from tansiq.desks.protocol.showing import SHOWING

_CHANGES = (("moved", "Moved"), ("called_off", "Called off"))
_HELD = (("held", "Held"), ("not_held", "Not held"))
_ANSWERS = (("agreed", "Agreed"), ("reserved", "Agreed with reservations"), ("contested", "Contested"))
_PERSONS = "One on a line, as XX: office; office. A star marks the head: XX*: office. Never a person's name."


def _parties(charter: Charter) -> tuple[tuple[str, Mapping[str, str]], ...]:
    return tuple((party.code, party.name) for party in charter.parties)


_PLANNED = (
    Field("title", "Title", "line"),
    Field("begins_at", "From", "instant"),
    Field("ends_at", "Until", "instant"),
    Field("place_name", "Name of the place", "line"),
    Field("persons", "Who takes part", "lines", read=read_persons, write=write_persons, hint=_PERSONS),
    Field("agenda", "Agenda", "lines", required=False, read=read_agenda, write=write_agenda,
          hint="One point on a line; after a bar the acts that it is about: Supplies | XX 412, YY 7."),
    Field("text", "Text", "text", required=False),
    Field("place", "Place", "position", required=False, hint="Degrees, or a grid reference (MGRS)."),
)

DESK = Desk(
    name="protocol",
    number=NUMBER,
    title="Protocol",
    icon="calendar-event",
    forms=(
        Form(MEETING, _PLANNED),
        Form(VISIT, (Field("host", "Host", "choice", options=_parties, hint="Who is visited."), *_PLANNED)),
        Form(REARRANGEMENT, (
            Field("change", "Change", "choice", choices=_CHANGES),
            Field("begins_at", "From", "instant", required=False, hint="Needed where it is moved."),
            Field("ends_at", "Until", "instant", required=False, hint="Needed where it is moved."),
            Field("place_name", "Name of the place", "line", required=False, hint="Where it is another."),
            Field("reason", "Reason", "text", required=False),
        ), answers=("meeting", "visit")),
        Form(MINUTES, (
            Field("held", "Was it held?", "choice", choices=_HELD, default="held"),
            Field("began_at", "From", "instant"),
            Field("ended_at", "Until", "instant"),
            Field("outcome", "Outcome", "line", hint="One line: what came of it."),
            Field("text", "Minutes", "text", required=False),
            Field("persons", "Who took part", "lines", required=False, read=read_persons, write=write_persons,
                  hint="Where it was not as announced. One on a line, as XX: office; office."),
        ), answers=("meeting", "visit")),
        Form(MINUTES_ANSWER, (
            Field("answer", "Answer", "choice", choices=_ANSWERS),
            Field("text", "Text", "text", required=False, hint="Needed where you do not simply agree: why."),
        ), answers=("minutes",)),
    ),
    rule=rule,
    describe=register.describe,
    schema=register.schema(),
    fold=register.fold,
    queries=register.QUERIES,
    showing=SHOWING,
)
