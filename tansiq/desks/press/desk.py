"""The press desk as one value, from which all doors are made."""

from __future__ import annotations

from collections.abc import Mapping

from tansiq.cell.desk import Desk, Field, Form
from tansiq.charter import Charter
from tansiq.desks.press import register
from tansiq.desks.press.acts import APPROVAL, CLAIM, LINE, NUMBER, STATEMENT
from tansiq.desks.press.rule import rule
from tansiq.desks.press.showing import SHOWING

_FORMS = (("asked", "One asked the other"), ("not_received", "One had received no request from the other"),
          ("consented", "One had consented to a request"), ("met", "Both met"), ("party", "One is a member"))
_ANSWERS = (("approved", "Approved"), ("withheld", "Withheld"))


def _support(charter: Charter) -> tuple[tuple[str, Mapping[str, str]], ...]:
    return tuple((one.id, one.name) for one in charter.support)


DESK = Desk(
    name="press",
    number=NUMBER,
    title="Press",
    icon="speakerphone",
    forms=(
        Form(STATEMENT, (
            Field("title", "Title", "line"),
            Field("text", "Text", "text", hint="In the language in which it was said."),
            Field("speaker", "Who said it", "line", hint="By office alone, never a person's name."),
            Field("anonymous", "The source is not named", "yes", required=False),
            Field("of", "In whose name", "line", required=False, hint="A code, such as XX."),
            Field("said_on", "Said", "instant"),
            Field("reported_on", "Reported", "instant", required=False),
            Field("outlet", "Reported by", "line"),
            Field("place_name", "Name of the place", "line", required=False),
        )),
        Form(CLAIM, (
            Field("form", "What is claimed", "choice", choices=_FORMS),
            Field("subject", "Who", "line", hint="A code, such as XX."),
            Field("other", "The other side", "line", required=False, hint="A code, such as XX."),
            Field("support", "Kind of support", "choice", required=False, options=_support, hint="Left out: any kind."),
            Field("before", "Before", "instant"),
            Field("since", "Not before", "instant", required=False, hint="For a meeting."),
        ), answers=("statement",)),
        Form(LINE, (Field("title", "Title", "line"), Field("text", "Text", "text"))),
        Form(APPROVAL, (
            Field("answer", "Answer", "choice", choices=_ANSWERS),
            Field("text", "Text", "text", required=False, hint="Needed where you withhold it: why."),
        ), answers=("line",)),
    ),
    rule=rule,
    describe=register.describe,
    schema=register.SCHEMA,
    fold=register.fold,
    queries=register.QUERIES,
    showing=SHOWING,
)
