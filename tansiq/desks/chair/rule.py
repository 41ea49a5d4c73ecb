"""The rule of the chair's desk: who has the chair and when it passes, who may vote until when, who names which key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tansiq import wire
from tansiq.acts import Act
from tansiq.cell.desk import Common, Said, Thread
from tansiq.charter import Chairing, Charter, chair_at, term_beginning
from tansiq.charter.chairing import grace_end
from tansiq.desks.articles import require_articles
from tansiq.desks.chair.acts import Appointment, Contact, ContactAnswer, Handover, Mandate, Proposal, TakingOver, Vote
from tansiq.errors import Refused

DAY_MS = 86_400_000
OPEN_DAYS_MAX = 366

A = TypeVar("A", bound=Act)


def rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """Rule on an act of the chair's desk.

    Raises:
        Malformed: a field holds what it cannot (``field`` names it).
        Refused: ``chair.…`` or ``article.…``, the act may not be said here.
    """
    require_articles(act, charter)
    _RULES[type(act)](act, thread, common, charter)


def _handover(act: Handover, thread: Thread, common: Common, charter: Charter) -> None:
    act.check()
    act.check_brief()
    _require_first(act)
    now = _require_chair(act, common, charter)
    if (act.to, act.begins) != (now.following.chair, now.following.from_ms):
        raise Refused("chair.following", "By the charter the chair passes to {following} next, not to {given}.",
                      following=now.following.chair, given=act.to[:20])


def _taking_over(act: TakingOver, thread: Thread, common: Common, charter: Charter) -> None:
    act.check()
    _, handover = _answered(act, thread, Handover)
    if act.author != handover.to:
        raise Refused("chair.incoming", "The chair was handed over to {incoming}, not to {given}.",
                      incoming=handover.to, given=act.author, field="refers")
    term = term_beginning(charter, handover.begins)
    if term is None or term.chair != act.author:
        raise Refused("chair.order", "The charter's order has changed since: this term is no longer {given}'s.",
                      given=act.author, field="refers")
    if common.time >= grace_end(charter, term.number):
        raise Refused("chair.late", "It is too late to take over: the chair has passed by the calendar.",
                      field="refers")
    if (term.from_ms, act.author) in common.ask("chair", "taken"):
        raise Refused("chair.taken", "{given} has taken over already.", given=act.author, field="refers")


def _appointment(act: Appointment, thread: Thread, common: Common, charter: Charter) -> None:
    act.check()
    _require_first(act)
    _require_chair(act, common, charter)
    if charter.member(act.of) is None:
        raise Refused("chair.member", "{given} is no member.", given=act.of[:20], field="of")


def _proposal(act: Proposal, thread: Thread, common: Common, charter: Charter) -> None:
    act.check()
    _require_first(act)
    _require_member(act, charter)
    if not common.time < act.closes_at <= common.time + OPEN_DAYS_MAX * DAY_MS:
        raise Refused("chair.closing", "A vote ends after it was proposed, within {limit} days.", limit=OPEN_DAYS_MAX,
                      field="closes_at")


def _vote(act: Vote, thread: Thread, common: Common, charter: Charter) -> None:
    act.check()
    _, proposal = _answered(act, thread, Proposal)
    _require_member(act, charter)
    if common.time >= proposal.closes_at:
        raise Refused("chair.closed", "The vote is over: it was open until its time ran out.", field="refers")
    if any(isinstance(said.act, Vote) and said.void is None and said.act.author == act.author for said in thread.acts):
        raise Refused("chair.voted", "{author} has voted already; a vote is said once.", author=act.author,
                      field="refers")


def _mandate(act: Mandate, thread: Thread, common: Common, charter: Charter) -> None:
    act.check()
    _require_first(act)
    _require_member(act, charter)
    key, newest = wire.parse_base64(act.key), max(common.mandates, default=0)
    if common.mandates.get(act.mandate, key) != key:
        raise Refused("chair.mandate.other", "Mandate {given} came into force by another key.", given=act.mandate,
                      field="key")
    if act.mandate not in common.mandates and act.mandate < newest:
        raise Refused("chair.mandate.over", "Mandate {given} never came into force, and mandate {newest} has since.",
                      given=act.mandate, newest=newest, field="mandate")
    if common.ask("chair", "named_key", member=act.author, version=act.mandate) not in (None, key):
        raise Refused("chair.mandate.named", "{author} has named another key for mandate {given} already.",
                      author=act.author, given=act.mandate, field="key")
    if common.promised is not None and common.promised().get(act.mandate, key) != key:
        raise Refused("chair.mandate.promised", "{author} has promised another key for mandate {given} already.",
                      author=act.author, given=act.mandate, field="key")


def _contact(act: Contact, thread: Thread, common: Common, charter: Charter) -> None:
    act.check()
    _require_first(act)
    if act.other == act.author or act.other not in [party.code for party in charter.parties]:
        raise Refused("chair.other", "A contact is with another member, or with a partner: {given} is neither.",
                      given=act.other[:20], field="other")
    if act.other not in act.release:
        raise Refused("chair.contact", "A contact is released to whom it was with: to {other}.", other=act.other,
                      field="release")


def _contact_answer(act: ContactAnswer, thread: Thread, common: Common, charter: Charter) -> None:
    act.check()
    _, contact = _answered(act, thread, Contact)
    if act.author != contact.other:
        raise Refused("chair.other.side", "Only {other}, whom it was with, answers for the other side.",
                      other=contact.other, field="refers")
    if any(isinstance(said.act, ContactAnswer) and said.void is None for said in thread.acts):
        raise Refused("chair.answered", "The contact is answered already; an answer is said once.", field="refers")


_RULES: Mapping[type[Act], Callable[[Any, Thread, Common, Charter], None]] = {
    Handover: _handover, TakingOver: _taking_over, Appointment: _appointment, Mandate: _mandate, Proposal: _proposal,
    Vote: _vote, Contact: _contact, ContactAnswer: _contact_answer}


def _require_first(act: Act) -> None:
    if act.thread is not None or act.refers:
        raise Refused("chair.thread", "A {kind} begins a thread of its own and refers to nothing.", kind=act.kind,
                      field="refers")


def _require_member(act: Act, charter: Charter) -> None:
    if charter.member(act.author) is None:
        raise Refused("chair.member", "{given} is no member.", given=act.author)


def _require_chair(act: Act, common: Common, charter: Charter) -> Chairing:
    now = chair_at(charter, common.time, common.ask("chair", "taken"))
    if now is None:
        raise Refused("chair.none", "Nobody has the chair yet: the first term has not begun.")
    if act.author != now.chair:
        raise Refused("chair.author", "A {kind} is said by the member who has the chair, {chair}, not by {given}.",
                      kind=act.kind, chair=now.chair, given=act.author)
    return now


def _answered(act: Act, thread: Thread, type_: type[A]) -> tuple[Said, A]:
    """The act of a type that stands in the thread and that this one answers."""
    found = thread.find(act.refers[0]) if len(act.refers) == 1 else None
    if found is None or found.void is not None or not isinstance(found.act, type_) or act.thread != found.id:
        raise Refused("chair.refers", "A {kind} answers exactly one act of this desk that stands.", kind=act.kind,
                      field="refers")
    return found, found.act
