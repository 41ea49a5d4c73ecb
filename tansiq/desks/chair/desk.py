"""The chair's desk as one value, from which all doors are made."""

from __future__ import annotations

from collections.abc import Mapping

from tansiq.cell.desk import Desk, Field, Form
from tansiq.charter import Charter
from tansiq.desks.chair import register
from tansiq.desks.chair.acts import (
    APPOINTMENT,
    CONTACT,
    CONTACT_ANSWER,
    HANDOVER,
    MANDATE,
    NUMBER,
    PROPOSAL,
    TAKING_OVER,
    VOTE,
)
from tansiq.desks.chair.brief import fill
from tansiq.desks.chair.registrar import opens
from tansiq.desks.chair.rule import rule
from tansiq.desks.chair.showing import SHOWING
from tansiq.desks.fields import read_lines, write_lines

_DIRECTOR = "director"
_POSTS = (("director", "Director"), ("deputy", "Deputy director"))
_VOTES = (("yes", "In favour"), ("no", "Against"), ("abstain", "Abstains"))
_CONTACTS = (("call", "Call"), ("note", "Written note"), ("meeting", "Meeting"))
_ANSWERS = (("acknowledged", "Acknowledged"), ("contested", "Contested"))


def _members(charter: Charter) -> tuple[tuple[str, Mapping[str, str]], ...]:
    return tuple((member.code, member.name) for member in charter.members)


def _parties(charter: Charter) -> tuple[tuple[str, Mapping[str, str]], ...]:
    return tuple((party.code, party.name) for party in charter.parties)


DESK = Desk(
    name="chair",
    number=NUMBER,
    title="Chair",
    icon="crown",
    forms=(
        Form(PROPOSAL, (
            Field("title", "Title", "line", hint="One line that can be answered with yes or no."),
            Field("text", "Text", "text"),
            Field("closes_at", "Votes until", "instant", hint="Votes that are ordered later count for nothing."),
        ), role=_DIRECTOR, common=True),
        Form(VOTE, (
            Field("vote", "Vote", "choice", choices=_VOTES, hint="Said once; it cannot be changed."),
            Field("reason", "Reason", "text", required=False),
        ), answers=("proposal",), role=_DIRECTOR, signed=True, common=True),
        Form(HANDOVER, (
            Field("note", "Note", "text", hint="To whom the chair passes, and what is open, is added by your cell."),
        ), role=_DIRECTOR, signed=True, common=True, filled=("to", "begins", "brief", "more"), fill=fill),
        Form(TAKING_OVER, (
            Field("note", "Note", "text", required=False),
        ), answers=("handover",), role=_DIRECTOR, signed=True, common=True),
        Form(MANDATE, (
            Field("mandate", "Mandate", "number", hint="The version that was drawn with the registrar's key."),
            Field("key", "The registrar's key", "line", hint="Compare it, sign by sign, with what was told to you by "
                                                              "whoever drew it."),
            Field("note", "Note", "text", required=False),
        ), role=_DIRECTOR, signed=True, common=True, opens=opens),
        Form(APPOINTMENT, (
            Field("post", "Post", "choice", choices=_POSTS),
            Field("office", "Office", "line", hint="By office alone, never a person's name."),
            Field("of", "Officer of", "choice", options=_members),
        ), role=_DIRECTOR, common=True),
        Form(CONTACT, (
            Field("title", "Title", "line", hint="One line: what it was about."),
            Field("text", "Text", "text", hint="What was said, as you record it; the other side can contest it."),
            Field("form", "Form", "choice", choices=_CONTACTS),
            Field("other", "With", "choice", options=_parties),
            Field("began_at", "From", "instant"),
            Field("ended_at", "Until", "instant"),
            Field("ours", "Offices on your side", "lines", required=False, read=read_lines, write=write_lines,
                  hint="One on a line; by office alone, never a person's name."),
            Field("theirs", "Offices on the other side", "lines", required=False, read=read_lines, write=write_lines,
                  hint="One on a line; by office alone, never a person's name."),
            Field("place_name", "Name of the place", "line", required=False),
        )),
        Form(CONTACT_ANSWER, (
            Field("answer", "Answer", "choice", choices=_ANSWERS),
            Field("text", "Text", "text", required=False, hint="Needed where you contest it: what was otherwise."),
        ), answers=("contact",)),
    ),
    rule=rule,
    describe=register.describe,
    schema=register.schema(),
    fold=register.fold,
    digest=register.digest,
    queries=register.QUERIES,
    common=register.COMMON,
    showing=SHOWING,
)
