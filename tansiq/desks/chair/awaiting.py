"""What the chair's desk waits for: who must act, what may be said next, and the dates of the calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tansiq.cell.registers import ActRow
from tansiq.cell.views import Date, Look, Need, Offer, Sentence
from tansiq.charter import chair_at, term_of
from tansiq.charter.chairing import grace_end
from tansiq.desks.chair.acts import Contact, ContactAnswer, Handover, Proposal, Vote
from tansiq.desks.chair.deciding import decide, unsuspended
from tansiq.desks.chair.registrar import owed_needs
from tansiq.desks.chair.words import name_of

DAY_MS = 86_400_000
HANDOVER_BEFORE_DAYS = 7
TERMS_DATED = 8


def needs(look: Look) -> list[Need]:
    """A handover that is due, a chair to be taken over, proposals to vote on, contacts and promises to answer for."""
    return [*_handover(look), *owed_needs(look), *_votes(look), *_contacts(look)]


def _handover(look: Look) -> Iterator[Need]:
    taken = look.ask("chair", "taken")
    now = chair_at(look.charter, look.now, taken)
    if now is None or (now.following.from_ms, now.following.chair) in taken:
        return
    begins = now.following.from_ms
    said = next((one for one in look.ask("chair", "handovers")
                 if (one.begins, one.incoming) == (begins, now.following.chair)), None)
    if said is not None and look.member == now.following.chair:
        row = look.act(said.act)
        yield Need(sentence=Sentence("{outgoing} has handed over the chair to you: take it over.",
                                     {"outgoing": name_of(look.charter, said.outgoing)}), act=said.act,
                   title=row.title, lang=row.lang, precedence="priority", since_ms=said.said_at,
                   until_ms=now.passes_ms, role="director")
    elif said is None and look.member == now.chair and look.now >= begins - HANDOVER_BEFORE_DAYS * DAY_MS:
        yield Need(sentence=Sentence("Your term ends at {begins_ms}: hand over the chair to {following}.",
                                     {"begins_ms": begins, "following": name_of(look.charter, now.following.chair)}),
                   act="", href="/desks/chair/say/handover", title="", lang="", precedence="priority",
                   since_ms=begins - HANDOVER_BEFORE_DAYS * DAY_MS, until_ms=now.passes_ms, role="director")


def _votes(look: Look) -> Iterator[Need]:
    if look.member not in unsuspended(look.in_force(look.now)):
        return
    for act in look.ask("chair", "proposals", closing_after=look.now):
        votes, row = look.ask("chair", "votes", proposal=act), look.act(act)
        voted = look.member in [vote.voter for vote in votes]
        if voted or decide(look, votes, row.act.closes_at).closed_at is not None:
            continue
        yield Need(sentence=Sentence("{author} proposes; your vote is awaited until {closes_ms}.",
                                     {"author": name_of(look.charter, row.author), "closes_ms": row.act.closes_at}),
                   act=act, title=row.title, lang=row.lang, precedence=row.precedence, since_ms=row.time,
                   until_ms=row.act.closes_at, role="director")


def _contacts(look: Look) -> Iterator[Need]:
    for act, author, other in look.ask("chair", "unanswered"):
        if other == look.member:
            row = look.act(act)
            yield Need(sentence=Sentence("{author} recorded a contact with you: acknowledge it, or contest it.",
                                         {"author": name_of(look.charter, author)}), act=act, title=row.title,
                       lang=row.lang, precedence=row.precedence, since_ms=row.time)


def dates(look: Look) -> list[Date]:
    """The terms, when a late handover is missed, and when proposals close."""
    now = chair_at(look.charter, look.now, look.ask("chair", "taken"))
    first = 1 if now is None else now.term.number
    found = [Date(uid=f"term-{one.number}-{one.chair}",
                  sentence=Sentence("{chair} has the chair.", {"chair": name_of(look.charter, one.chair)}),
                  from_ms=one.from_ms, until_ms=one.until_ms)
             for one in (term_of(look.charter, number) for number in range(first, first + TERMS_DATED))]
    if now is not None:
        following, passes = now.following, grace_end(look.charter, now.following.number)
        sentence = Sentence("The chair passes to {following} by the calendar, if it was not taken over.",
                            {"following": name_of(look.charter, following.chair)})
        found.append(Date(uid=f"grace-{following.number}-{following.chair}", sentence=sentence, from_ms=passes,
                          until_ms=passes))
    for act in look.ask("chair", "proposals"):
        row = look.act(act)
        found.append(Date(uid=act, sentence=Sentence("End of the vote: {title}", {"title": row.title}),
                          from_ms=row.act.closes_at, until_ms=row.act.closes_at, act=act))
    return found


def offers(look: Look, rows: Sequence[ActRow]) -> list[Offer]:
    """What may be said next in a thread of this desk, and why not."""
    first = rows[0]
    if first.void is not None:
        return []
    said = [row for row in rows if row.void is None]
    if isinstance(first.act, Handover):
        return [Offer(kind="taking_over", to=first.id, why=_no_taking_over(look, first.act, len(said) > 1))]
    if isinstance(first.act, Proposal):
        return [Offer(kind="vote", to=first.id, why=_no_vote(look, first.act, said))]
    if isinstance(first.act, Contact):
        return [Offer(kind="contact_answer", to=first.id, why=_no_answer(look, first.act, said))]
    return []


def _no_taking_over(look: Look, act: Handover, answered: bool) -> Sentence | None:
    fields = {"incoming": name_of(look.charter, act.to)}
    if answered:
        return Sentence("{incoming} has taken over already.", fields)
    now = chair_at(look.charter, look.now, look.ask("chair", "taken"))
    if now is None or (now.following.from_ms, now.following.chair) != (act.begins, act.to):
        return Sentence("The chair no longer passes by this handover: its time is over, or the order has changed.")
    return None if look.member == act.to else Sentence("Only {incoming} can take over.", fields)


def _no_vote(look: Look, act: Proposal, said: Sequence[ActRow]) -> Sentence | None:
    if look.now >= act.closes_at:
        return Sentence("The vote is over.")
    if look.member not in unsuspended(look.in_force(look.now)):
        return Sentence("Only members that are not suspended vote.")
    voted = any(isinstance(row.act, Vote) and row.author == look.member for row in said)
    return Sentence("You have voted; a vote is said once.") if voted else None


def _no_answer(look: Look, act: Contact, said: Sequence[ActRow]) -> Sentence | None:
    if any(isinstance(row.act, ContactAnswer) for row in said):
        return Sentence("The other side has answered.")
    fields = {"other": name_of(look.charter, act.other)}
    return None if look.member == act.other else Sentence("Only {other} answers for the other side.", fields)
