"""The reconnaissance desk as one value, from which all doors are made."""

from __future__ import annotations

from tansiq.cell.desk import Desk, Field, Form
from tansiq.desks.reconnaissance import register
from tansiq.desks.reconnaissance.acts import COVERAGE, NUMBER, SIGHTING
from tansiq.desks.reconnaissance.lines import read_sightings, write_sightings
from tansiq.desks.reconnaissance.rows import rows_of
from tansiq.desks.reconnaissance.rule import rule
from tansiq.desks.reconnaissance.showing import MEANS_TITLES, SHOWING, WATCH_TITLES

_RELIABILITY = (("A", "A: completely reliable"), ("B", "B: usually reliable"), ("C", "C: fairly reliable"),
                ("D", "D: not usually reliable"), ("E", "E: unreliable"), ("F", "F: cannot be judged"))
_CREDIBILITY = (("1", "1: confirmed by other sources"), ("2", "2: probably true"), ("3", "3: possibly true"),
                ("4", "4: doubtful"), ("5", "5: improbable"), ("6", "6: cannot be judged"))
_MEANS = tuple(MEANS_TITLES.items())
_OF_BATCH = (
    Field("title", "Title", "line", hint="One line that tells what was seen."),
    Field("sightings", "Sightings", "lines", read=read_sightings, write=write_sightings,
          hint="One on a line: when | where | what | APP-6 code | track. The last two may be left out."),
    Field("means", "Seen by", "choice", choices=_MEANS, default="post"),
    Field("source_reliability", "Reliability of the source", "choice", choices=_RELIABILITY, default="F"),
    Field("information_credibility", "Credibility of the information", "choice", choices=_CREDIBILITY, default="6"),
)

DESK = Desk(
    name="reconnaissance",
    number=NUMBER,
    title="Recon",
    icon="eye",
    forms=(
        Form(SIGHTING, _OF_BATCH, rows=rows_of(_OF_BATCH)),
        Form(COVERAGE, (
            Field("sector", "Sector", "line", hint="Its name, as all call it."),
            Field("watch", "Watch", "choice", choices=tuple(WATCH_TITLES.items()), default="kept"),
            Field("area", "Area", "area", hint="circle, line or polygon, then its positions set apart by semicolons."),
            Field("begins", "From", "instant"),
            Field("ends", "Until", "instant"),
            Field("means", "Watched by", "choice", choices=_MEANS, required=False),
            Field("note", "Note", "text", required=False),
        )),
    ),
    rule=rule,
    describe=register.describe,
    schema=register.schema(),
    fold=register.fold,
    queries=register.QUERIES,
    showing=SHOWING,
)
