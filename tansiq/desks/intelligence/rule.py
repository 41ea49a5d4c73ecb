"""The rule of the intelligence desk: only its author corrects or recalls a report, before everyone who has it."""

from __future__ import annotations

from tansiq.acts import Act
from tansiq.cell.desk import Common, Said, Thread
from tansiq.charter import Charter
from tansiq.desks.intelligence.acts import Correction, Recall, Report
from tansiq.desks.intelligence.analysis import Assessment, Translation, require_standing, rule_analysis
from tansiq.desks.intelligence.attachment import Attachment
from tansiq.desks.intelligence.leave import Leave
from tansiq.errors import Refused


def rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """Rule on what is reported and what is made of reports.

    Raises:
        Malformed: a field holds what no report can (``field`` names it).
        Refused: ``intelligence.…``, the act may not be said here.
    """
    if isinstance(act, Report):
        act.check()
        if act.thread is not None or act.refers:
            raise Refused("intelligence.thread", "A report begins a thread of its own and refers to nothing.")
        return
    if not isinstance(act, (Correction, Recall)):
        rule_analysis(act, thread, common, charter)
        return
    act.check()
    _require_author(act, _report(act, thread))
    require_standing(thread)


def _report(act: Act, thread: Thread) -> Said:
    if len(act.refers) != 1:
        raise Refused("intelligence.refers", "A {kind} refers to exactly one report.", kind=act.kind, field="refers")
    found = thread.find(act.refers[0])
    what = (Report,) if isinstance(act, Correction) else (Report, Assessment, Translation, Attachment, Leave)
    if found is None or found.void is not None or not isinstance(found.act, what) or act.thread != found.id:
        raise Refused("intelligence.report", "The {kind} refers to no report that stands in its thread.",
                      kind=act.kind, field="refers")
    return found


def _require_author(act: Act, report: Said) -> None:
    if act.author != report.act.author:
        raise Refused("intelligence.author", "Only {author}, whose report it is, may say a {kind} of it, not {given}.",
                      author=report.act.author, kind=act.kind, given=act.author, field="refers")
    if act.release != report.act.release:
        raise Refused("intelligence.release", "A {kind} is released exactly as its report: to {release}.",
                      kind=act.kind, release=", ".join(report.act.release), field="release")
