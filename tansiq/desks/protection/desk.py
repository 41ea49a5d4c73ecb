"""The protection desk as one value, from which all doors are made."""

from __future__ import annotations

from tansiq.cell.desk import Desk, Field, Form
from tansiq.desks.protection import register
from tansiq.desks.protection.acts import (
    ACKNOWLEDGEMENT,
    NUMBER,
    SITE,
    SITE_CHANGE,
    SITE_DETAIL,
    read_names,
    write_names,
)
from tansiq.desks.protection.following import POSITION_TITLES
from tansiq.desks.protection.incident import FINDING, FINDING_ANSWER, INCIDENT, INQUIRY
from tansiq.desks.protection.rule import rule
from tansiq.desks.protection.showing import CATEGORY_TITLES, SHOWING
from tansiq.desks.protection.stages import OUTCOME_TITLES

_TOLD = (
    Field("category", "Kind of site", "choice", choices=tuple(CATEGORY_TITLES.items())),
    Field("names", "Names", "lines", read=read_names, write=write_names,
          hint="One on a line, with its language: en: General hospital."),
    Field("footprint", "Footprint", "area",
          hint="As coarse as every member may know it: circle 36.34 43.13; 2 km, or a polygon."),
    Field("valid_from", "From", "instant"),
    Field("valid_until", "Until", "instant", required=False, hint="Empty: until told otherwise."),
    Field("source", "Source", "line", required=False, hint="Whom to credit; never a person's name."),
)

DESK = Desk(
    name="protection",
    number=NUMBER,
    title="Protection",
    icon="shield-check",
    forms=(
        Form(SITE, (*_TOLD, Field("external_id", "External id", "line", required=False,
                                  hint="What the site is called where it comes from.")), common=True,
             withheld=("footprint",)),
        Form(SITE_CHANGE, (*_TOLD, Field("reason", "Reason", "text")), answers=("site",), common=True,
             withheld=("footprint",)),
        Form(SITE_DETAIL, (Field("site", "Protected site", "line", hint="The id of its act, as its page shows it."),
                           Field("place", "Place", "area"), Field("text", "Text", "text", required=False)),
             withheld=("place",)),
        Form(INCIDENT, (
            Field("title", "Title", "line"), Field("text", "What happened", "text"),
            Field("area", "Where", "area", picked=False, hint="Coarsely: circle 34.37 41.09; 2 km, or a polygon."),
            Field("occurred_from", "From", "instant"), Field("occurred_until", "Until", "instant", joined=True),
            Field("harm", "Harm that is told of", "text", required=False)), common=True),
        Form(INQUIRY, (
            Field("question", "What is asked", "text"),
            Field("office", "Office that inquires", "line", hint="Never a person's name."),
            Field("due", "Will tell by", "instant")), answers=("incident", "finding"), common=True),
        Form(FINDING, (
            Field("outcome", "Outcome", "choice", choices=tuple(OUTCOME_TITLES.items())),
            Field("text", "What was found", "text")), answers=("inquiry",), common=True),
        Form(FINDING_ANSWER, (
            Field("position", "Position", "choice", choices=tuple(POSITION_TITLES.items())),
            Field("reason", "Reason", "text", required=False)), answers=("finding",), common=True),
        Form(ACKNOWLEDGEMENT, (Field("note", "Note", "text", required=False),), answers=("site",), common=True),
    ),
    rule=rule,
    describe=register.describe,
    schema=register.schema(),
    fold=register.fold,
    queries=register.QUERIES,
    common=register.COMMON,
    showing=SHOWING,
)
