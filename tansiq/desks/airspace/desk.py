"""The airspace desk as one value, from which all doors are made."""

from __future__ import annotations

from tansiq.cell.desk import Desk, Field, Form
from tansiq.desks.airspace import register
from tansiq.desks.airspace.acts import (
    ACTIVATION,
    ADJUSTMENT,
    CLOSING,
    FOOTPRINT,
    LINE_CHECK,
    NOTICE,
    NUMBER,
)
from tansiq.desks.airspace.heights import read_bottom, read_height, read_volumes, write_height, write_volumes
from tansiq.desks.airspace.prints import fill
from tansiq.desks.airspace.rule import rule
from tansiq.desks.airspace.showing import ACTIVITY_TITLES, LINE_TITLES, SHOWING

_NOTE = Field("note", "Note", "text", required=False)
_CONTACT = Field("contact", "Whom to call", "line", hint="An office and how to reach it; never a person's name.")
_TOLD = (
    Field("title", "Title", "line", hint="One line that tells what flies there."),
    Field("activity", "Activity", "choice", choices=tuple(ACTIVITY_TITLES.items())),
    Field("area", "Area", "area", hint="circle 34.37 41.09; 15 km, or polygon and its corners."),
    Field("lower", "From height", "line", read=read_bottom, write=write_height,
          hint="ground, 1500 m (above the sea), 300 m AGL, FL 240"),
    Field("upper", "To height", "line", read=read_height, write=write_height, joined=True,
          hint="As above, or unlimited."),
    Field("begins", "From", "instant"),
    Field("ends", "Until", "instant", joined=True),
    _CONTACT,
    Field("further", "Further volumes", "lines", required=False, read=read_volumes, write=write_volumes,
          hint="One on a line: area | from height | to height | from | until."),
    _NOTE,
)

DESK = Desk(
    name="airspace",
    number=NUMBER,
    title="Airspace",
    icon="plane",
    forms=(
        Form(NOTICE, _TOLD, common=True, voice=True),
        Form(FOOTPRINT, (
            Field("of", "Of the notice", "reference", required=False, asked=True,
                  hint="A notice of your own. Its cells and hours are worked out here; nothing else of it goes along."),
            Field("plan", "Or of a plan", "text", required=False, asked=True,
                  hint="One on a line: area | from height | to height | from | until. It stays here, and is told to "
                       "nobody."),
            _CONTACT, _NOTE), common=True, voice=True, filled=("parts",), fill=fill),
        Form(LINE_CHECK, (
            Field("party", "Line to", "line", hint="The code of the member or partner at the other end."),
            Field("state", "How it stands", "choice", choices=tuple(LINE_TITLES.items())),
            Field("at", "Since", "instant"), _NOTE), common=True, voice=True),
        Form(ADJUSTMENT, (*_TOLD, Field("reason", "Reason", "text")), answers=("notice", "adjustment"), common=True,
             voice=True),
        Form(ACTIVATION, (Field("began", "In use since", "instant"), _NOTE),
             answers=("notice", "adjustment", "footprint"), common=True, voice=True),
        Form(CLOSING, (Field("ended", "Free since", "instant"), _NOTE),
             answers=("notice", "adjustment", "footprint", "activation"), common=True, voice=True),
    ),
    rule=rule,
    describe=register.describe,
    schema=register.schema(),
    fold=register.fold,
    queries=register.QUERIES,
    showing=SHOWING,
)
