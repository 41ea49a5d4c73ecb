"""The rule of the press desk: claims stand under a statement, approvals under a line; each is said once."""

from __future__ import annotations

from tansiq.acts import Act
from tansiq.cell.desk import Common, Said, Thread
from tansiq.charter import Charter
from tansiq.desks.articles import require_articles
from tansiq.desks.press.acts import Approval, Claim, Line, Statement
from tansiq.errors import Refused


def rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """Rule on an act of the press desk.

    Raises:
        Malformed: a field holds what it cannot (``field`` names it).
        Refused: ``press.…`` or ``article.…``, the act may not be said here.
    """
    assert isinstance(act, Statement | Claim | Line | Approval)
    act.check()
    require_articles(act, charter)
    if isinstance(act, Statement | Line):
        if act.thread is not None or act.refers:
            raise Refused("press.thread", "A {kind} begins a thread of its own and refers to nothing.", kind=act.kind,
                          field="refers")
        if isinstance(act, Statement) and act.said_on > common.time:
            raise Refused("press.said_on", "What was said in public was said before now.", field="said_on")
        return
    said = _answered(act, thread, Statement if isinstance(act, Claim) else Line)
    if isinstance(act, Claim):
        if act.support is not None and charter.support_of(act.support) is None:
            raise Refused("press.support", "{given} is no kind of support of this charter.", given=act.support[:40],
                          field="support")
        return
    if act.author == said.act.author:
        raise Refused("press.own", "Who proposed a line has approved it by that.", field="refers")
    if any(isinstance(one.act, Approval) and one.void is None and one.act.author == act.author for one in thread.acts):
        raise Refused("press.answered", "{author} has answered already; an answer is said once.", author=act.author,
                      field="refers")


def _answered(act: Act, thread: Thread, type_: type[Act]) -> Said:
    found = thread.find(act.refers[0]) if len(act.refers) == 1 else None
    if found is None or found.void is not None or not isinstance(found.act, type_):
        raise Refused("press.refers", "A {kind} answers exactly one act of this desk that stands.", kind=act.kind,
                      field="refers")
    return found
