"""The rule of the protocol desk: who announces, who writes minutes, and who answers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tansiq.acts import Act
from tansiq.cell.desk import Common, Said, Thread
from tansiq.charter import Charter
from tansiq.desks.articles import require_articles
from tansiq.desks.protocol.acts import Meeting, Minutes, MinutesAnswer, Planned, Rearrangement, Visit
from tansiq.errors import Refused

A = TypeVar("A", bound=Act)


def rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """Rule on an act of the protocol desk.

    Raises:
        Malformed: a field holds what it cannot (``field`` names it).
        Refused: ``protocol.…`` or ``article.…``, the act may not be said here.
    """
    _RULES[type(act)](act, thread, common, charter)


def sides(act: Planned) -> frozenset[str]:
    """The codes of all who take part in a meeting or visit."""
    host = {act.host} if isinstance(act, Visit) else set()
    return frozenset({person.of for person in act.persons} | host)


def _planned(act: Planned, thread: Thread, common: Common, charter: Charter) -> None:
    act.check()
    if act.thread is not None or act.refers:
        raise Refused("protocol.thread", "A {kind} begins a thread of its own and refers to nothing.", kind=act.kind,
                      field="refers")
    taking_part = sides(act)
    if act.author not in taking_part or len(taking_part) < 2:
        raise Refused("protocol.sides", "A {kind} is announced by one who takes part, and names another side.",
                      kind=act.kind, field="persons")
    territories = common.territories(charter).at(act.place.lat, act.place.lon) if act.place is not None else ()
    require_articles(act, charter, territories)


def _rearrangement(act: Rearrangement, thread: Thread, common: Common, charter: Charter) -> None:
    act.check()
    require_articles(act, charter)
    said, _ = _answered(act, thread, (Meeting, Visit))
    if act.author != said.act.author:
        raise Refused("protocol.author", "Only {author}, who announced it, moves it or calls it off.",
                      author=said.act.author, field="refers")
    _require_standing(thread)


def _minutes(act: Minutes, thread: Thread, common: Common, charter: Charter) -> None:
    act.check()
    require_articles(act, charter)
    _, planned = _answered(act, thread, (Meeting, Visit))
    if act.author not in sides(planned):
        raise Refused("protocol.minutes", "Minutes are written by one who took part: {given} did not.",
                      given=act.author, field="refers")
    _require_standing(thread)
    if act.ended_at > common.time:
        raise Refused("protocol.early", "Minutes are written when it is over.", field="ended_at")


def _minutes_answer(act: MinutesAnswer, thread: Thread, common: Common, charter: Charter) -> None:
    act.check()
    said, _ = _answered(act, thread, (Minutes,))
    first = thread.acts[0].act
    if not isinstance(first, Planned) or act.author not in sides(first) or act.author == said.act.author:
        raise Refused("protocol.answer", "Minutes are answered by another side that took part: {given} is none.",
                      given=act.author, field="refers")
    for other in thread.acts:
        if (isinstance(other.act, MinutesAnswer) and other.void is None and other.act.author == act.author
                and other.act.refers == act.refers):
            raise Refused("protocol.answered", "{author} has answered these minutes already; an answer is said once.",
                          author=act.author, field="refers")


_RULES: Mapping[type[Act], Callable[[Any, Thread, Common, Charter], None]] = {
    Meeting: _planned, Visit: _planned, Rearrangement: _rearrangement, Minutes: _minutes,
    MinutesAnswer: _minutes_answer}


def _answered(act: Act, thread: Thread, types: tuple[type[A], ...]) -> tuple[Said, A]:
    """The act of one of these types that stands in the thread and that this one answers."""
    found = thread.find(act.refers[0]) if len(act.refers) == 1 else None
    if found is None or found.void is not None or not isinstance(found.act, types):
        raise Refused("protocol.refers", "A {kind} answers exactly one act of this desk that stands.", kind=act.kind,
                      field="refers")
    return found, found.act


def _require_standing(thread: Thread) -> None:
    if any(isinstance(said.act, Rearrangement) and said.void is None and said.act.change == "called_off"
           for said in thread.acts):
        raise Refused("protocol.called_off", "It was called off; announce a new one.", field="refers")
