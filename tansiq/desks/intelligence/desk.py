"""The intelligence desk as one value, from which all doors are made."""

from __future__ import annotations

from tansiq.cell.desk import Desk, Field, Form
from tansiq.desks.intelligence import register
from tansiq.desks.intelligence.acts import CORRECTION, NUMBER, RECALL, REPORT
from tansiq.desks.intelligence.analysis import ASSESSMENT, CONCURRENCE, TRANSLATION
from tansiq.desks.intelligence.attachment import ATTACHMENT, MEDIA_TYPES
from tansiq.desks.intelligence.leave import LEAVE
from tansiq.desks.intelligence.rule import rule
from tansiq.desks.intelligence.showing import SHOWING
from tansiq.wire import parse_hash

_RELIABILITY = (("A", "A: completely reliable"), ("B", "B: usually reliable"), ("C", "C: fairly reliable"),
                ("D", "D: not usually reliable"), ("E", "E: unreliable"), ("F", "F: cannot be judged"))
_CREDIBILITY = (("1", "1: confirmed by other sources"), ("2", "2: probably true"), ("3", "3: possibly true"),
                ("4", "4: doubtful"), ("5", "5: improbable"), ("6", "6: cannot be judged"))
_TOLD = (
    Field("text", "What is reported", "text", hint="One thought, and no person's name."),
    Field("title", "Title", "line", hint="Left empty, the first sentence.", joined=True, else_from="text"),
    Field("place", "Where", "position", required=False,
          hint="A grid reference (MGRS), degrees, or a click on the map."),
    Field("place_name", "Name of the place", "line", required=False, joined=True),
    Field("occurred_from", "When", "instant", hint="The time of what happened, not of the report."),
    Field("occurred_until", "Until", "instant", hint="Left empty for a moment.", joined=True,
          else_from="occurred_from"),
    Field("source_reliability", "Reliability of the source", "choice", choices=_RELIABILITY, default="F",
          hint="Source and information are judged apart."),
    Field("information_credibility", "Credibility of the information", "choice", choices=_CREDIBILITY, default="6",
          joined=True),
    Field("source", "Source", "line", required=False, hint="Whom to credit; never a person's name."),
)
_USES = (("disclose", "Disclose it"), ("pass_on", "Pass it on"))
_POSITIONS = (("concur", "Concurs"), ("dissent", "Dissents"))


def read_acts(text: str, field: str) -> list[str]:
    """Ids of acts, one on a line.

    Raises:
        Malformed: ``hash``.
    """
    ids = [line.strip() for line in text.splitlines() if line.strip()]
    for given in ids:
        parse_hash(given)
    return ids


_REASON = Field("reason", "Reason", "text")

DESK = Desk(
    name="intelligence",
    number=NUMBER,
    title="Intelligence",
    icon="report-search",
    forms=(
        Form(REPORT, (*_TOLD, Field("external_id", "External id", "line", required=False,
                                    hint="What the report is called where it comes from."))),
        Form(CORRECTION, (*_TOLD, _REASON), answers=("report",)),
        Form(RECALL, (_REASON,), answers=("report", "assessment", "translation", "attachment", "leave")),
        Form(ASSESSMENT, (Field("title", "Title", "line"), Field("text", "What is concluded", "text"),
                          Field("rests_on", "Rests on", "lines", required=False, read=read_acts, write="\n".join,
                                hint="Ids of the acts that it rests on, one on a line."))),
        Form(CONCURRENCE, (Field("position", "Position", "choice", choices=_POSITIONS),
                           Field("reason", "Reason", "text", required=False, hint="Who dissents says why.")),
             answers=("assessment",)),
        Form(TRANSLATION, (Field("of", "Translates", "line", hint="The id of the act whose words these are."),
                           Field("text", "Text", "text"), Field("title", "Title", "line", required=False))),
        Form(LEAVE, (Field("of", "Act", "line", hint="The id of the act that others may use."),
                     Field("use", "Leave to", "choice", choices=_USES), Field("text", "What it is for", "text"))),
        Form(ATTACHMENT, (
            Field("of", "Belongs to", "line", required=False, hint="The id of the act that it belongs to."),
            Field("title", "Title", "line"), Field("name", "Name of the file", "line"),
            Field("media_type", "Type of the file", "choice", choices=tuple((one, one) for one in MEDIA_TYPES)),
            Field("size", "Size in bytes", "number"), Field("digest", "Hash of the sealed bytes", "line"),
            Field("key", "Key", "line")), filed=True),
    ),
    rule=rule,
    describe=register.describe,
    schema=register.schema(),
    fold=register.fold,
    queries=register.QUERIES,
    showing=SHOWING,
)
