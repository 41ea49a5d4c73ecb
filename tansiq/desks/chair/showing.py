"""What the chair's desk shows: whose term it is, what is to be decided, and where a thread of the desk stands."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tansiq.acts import Text
from tansiq.cell.registers import ActRow
from tansiq.cell.views import Look, Panel, Sentence, Showing, View
from tansiq.charter import Chairing, Charter, chair_at, term_of
from tansiq.desks.chair.acts import Appointment, BriefLine, Contact, Handover, Mandate, Proposal
from tansiq.desks.chair.awaiting import dates, needs, offers
from tansiq.desks.chair.brief import open_lines, sentence_of
from tansiq.desks.chair.deciding import decide
from tansiq.desks.chair.register import HandoverRow, VoteRow
from tansiq.desks.chair.registrar import RegistrarView, show_registrar, standing_of
from tansiq.desks.chair.words import CONTACTS, HANDOVERS, OUTCOMES, chair_sentence, name_of
from tansiq.errors import Malformed

TERMS_SHOWN = 8


class PostShown(msgspec.Struct, frozen=True):
    """A post: who fills it by office, for the member whose officer it is; nobody where ``act`` is None."""

    post: str
    office: Text | None
    of: str
    act: str | None


class TermShown(msgspec.Struct, frozen=True):
    """One term by the calendar (UTC ms); ``state`` is ``over``, ``running`` or ``ahead``."""

    number: int
    chair: str
    from_ms: int
    until_ms: int
    state: str


class TermView(msgspec.Struct, frozen=True):
    """Who has the chair, and how it passes. ``tone`` is how urgent that is: ``plain``, ``wait`` or ``bad``."""

    sentence: Sentence
    besides: tuple[Sentence, ...]
    tone: str
    chair: str | None
    late: bool
    posts: tuple[PostShown, ...]
    terms: tuple[TermShown, ...]
    handovers: tuple[HandoverRow, ...]


class Line(msgspec.Struct, frozen=True):
    """One line of a brief: the desk, its sentence (or the words alone, where they are none of ours), and the act.

    ``reference``, ``author`` and ``title`` are the act's; None where this member cannot read it.
    """

    desk: str
    sentence: Sentence | None
    words: str
    act: str
    reference: str | None
    author: str | None
    title: Text | None


class BriefView(msgspec.Struct, frozen=True):
    """What is open at every desk: of it what ``readers`` can all read."""

    sentence: Sentence
    readers: tuple[str, ...]
    lines: tuple[Line, ...]


class Ballot(msgspec.Struct, frozen=True):
    """What one member voted, if anything; ``counted`` is False where it came too late or from a suspended member."""

    member: str
    vote: str | None
    act: str | None
    counted: bool


class Decision(msgspec.Struct, frozen=True):
    """A proposal and what came of it: ``open``, ``adopted``, ``rejected`` or ``too_few``."""

    act: str
    title: Text
    author: str
    closes_at: int
    outcome: str
    sentence: Sentence
    ballots: tuple[Ballot, ...]


class DecisionsView(msgspec.Struct, frozen=True):
    """All proposals: those that are open first, and of each sort the newest first."""

    sentence: Sentence
    decisions: tuple[Decision, ...]


class Signed(msgspec.Struct, frozen=True):
    """A member's word under a handover's brief: what it said, in which words, and by which act."""

    author: str
    sentence: Sentence
    words: Text | None
    act: str


class Standing(msgspec.Struct, frozen=True):
    """Where a thread of this desk stands: one sentence, and what belongs to it."""

    sentence: Sentence
    tone: str
    decision: Decision | None = None
    brief: tuple[Line, ...] = ()
    more: int = 0
    signed: tuple[Signed, ...] = ()


def chairing(look: Look) -> Chairing | None:
    """Who has the chair now."""
    return chair_at(look.charter, look.now, look.ask("chair", "taken"))


def show_term(look: Look) -> TermView:
    """Whose term it is, until when, who directs, and how the chair passes."""
    now = chairing(look)
    said = chair_sentence(look.charter, now, look.ask("chair", "taken"), suspended=look.in_force(look.now).suspended)
    posts: tuple[PostShown, ...] = ()
    if now is not None:
        filled = look.ask("chair", "posts", chair=now.chair, since=now.since_ms)
        posts = tuple(_post(look, post, filled.get(post)) for post in ("director", "deputy"))
    chair, late = (None, False) if now is None else (now.chair, now.late)
    return TermView(said.sentence, said.besides, said.tone, chair, late, posts,
                    tuple(_terms(look.charter, now, look.now)), tuple(look.ask("chair", "handovers")))


def _post(look: Look, post: str, act: str | None) -> PostShown:
    row = None if act is None else look.act(act)
    if row is None or not isinstance(row.act, Appointment):
        return PostShown(post, None, "", None)
    return PostShown(post, row.act.office, row.act.of, row.id)


def _terms(charter: Charter, now: Chairing | None, at: int) -> list[TermShown]:
    first = max(1, now.running.number - 1) if now is not None else 1
    terms = [term_of(charter, number) for number in range(first, first + TERMS_SHOWN)]
    return [TermShown(one.number, one.chair, one.from_ms, one.until_ms,
                      "over" if one.until_ms <= at else "running" if one.from_ms <= at else "ahead") for one in terms]


def show_brief(look: Look) -> BriefView:
    """What is open: for this member's own eyes, or with ``readers=all`` what every member can read."""
    asked = look.params.get("readers", "")
    if asked not in ("", "all"):
        raise Malformed("chair.readers", "A brief is for all, or for this member alone.", field="readers")
    readers = tuple(member.code for member in look.charter.members) if asked else (look.member,)
    lines = tuple(_line(look, one) for one in open_lines(look, readers=readers))
    sentence = (Sentence("What is open and every member can read: {count}.", {"count": len(lines)}) if asked else
                Sentence("What is open and {member} can read: {count}.",
                         {"member": name_of(look.charter, look.member), "count": len(lines)}))
    return BriefView(sentence, readers, lines)


def _line(look: Look, line: BriefLine) -> Line:
    row = look.act(line.act)
    said = sentence_of(line)
    if row is None:
        return Line(line.desk, said, line.text, line.act, None, None, None)
    return Line(line.desk, said, line.text, line.act, row.reference, row.author, Text(lang=row.lang, text=row.title))


def show_decisions(look: Look) -> DecisionsView:
    """All proposals with what came of them, those first that are open for votes."""
    decisions = sorted((decision_of(look, act) for act in look.ask("chair", "proposals")),
                       key=lambda decision: decision.outcome != "open")
    waiting = sum(decision.outcome == "open" for decision in decisions)
    sentence = (Sentence("Proposals that are open for votes: {count}.", {"count": waiting}) if waiting
                else Sentence("No proposal is open for votes."))
    return DecisionsView(sentence, tuple(decisions))


def decision_of(look: Look, act: str) -> Decision:
    """A proposal and what came of it."""
    row = look.act(act)
    assert row is not None and isinstance(row.act, Proposal), "the register names only what was folded"
    votes = look.ask("chair", "votes", proposal=act)
    decided = decide(look, votes, row.act.closes_at)
    count = decided.tally
    fields = {"yes": count.yes, "no": count.no, "abstain": count.abstain, "members": count.members,
              "quorum": count.quorum, "majority": count.majority, "closes_ms": row.act.closes_at}
    sentence = Sentence(OUTCOMES[count.outcome], fields)
    return Decision(act, row.act.title, row.author, row.act.closes_at, count.outcome, sentence,
                    tuple(_ballots(look, votes, decided.uncounted)))


def _ballots(look: Look, votes: Sequence[VoteRow], uncounted: frozenset[str]) -> list[Ballot]:
    said = {vote.voter: vote for vote in votes}
    codes = [member.code for member in look.charter.members]
    return [Ballot(code, said[code].vote, said[code].act, code not in uncounted) if code in said
            else Ballot(code, None, None, True) for code in [*codes, *(said.keys() - set(codes))]]


def show_standing(look: Look, rows: Sequence[ActRow]) -> Standing | None:
    """Where a thread of this desk stands."""
    first = rows[0]
    if first.void is not None:
        return None
    if isinstance(first.act, Proposal):
        decision = decision_of(look, first.id)
        tone = {"adopted": "good", "rejected": "bad", "too_few": "bad"}.get(decision.outcome, "wait")
        return Standing(decision.sentence, tone, decision)
    if isinstance(first.act, Handover):
        return _handover(look, first, first.act)
    if isinstance(first.act, Mandate):
        return Standing(*standing_of(look, first.act))
    if isinstance(first.act, Contact):
        fields = {"author": name_of(look.charter, first.author), "other": name_of(look.charter, first.act.other)}
        tone = {"acknowledged": "good", "contested": "bad"}.get(first.standing, "wait")
        return Standing(Sentence(CONTACTS.get(first.standing, CONTACTS["standing"]), fields), tone)
    return None


def _handover(look: Look, row: ActRow, act: Handover) -> Standing:
    found = next(one for one in look.ask("chair", "handovers") if one.act == row.id)
    fields = {"outgoing": name_of(look.charter, row.author), "incoming": name_of(look.charter, act.to),
              "begins_ms": act.begins}
    brief = tuple(_line(look, line) for line in act.brief)
    signed = [Signed(row.author, Sentence(HANDOVERS["outgoing"], fields | {
        "reference": row.reference, "said_ms": row.time}), act.note, row.id)]
    sentence, tone = Sentence(HANDOVERS["said"], fields), "wait"
    if found.taken_by is not None:
        by = look.act(found.taken_by)
        fields |= {"taken_ms": found.taken_at, "reference": by.reference}
        signed.append(Signed(act.to, Sentence(HANDOVERS["incoming"], fields), by.act.note, by.id))
        sentence, tone = Sentence(HANDOVERS["taken"], fields), "good"
    return Standing(sentence, tone, None, brief, act.more, tuple(signed))


SHOWING = Showing(
    templates="tansiq.desks.chair",
    views=(View("term", "Term", "crown", "term.html", TermView, show_term),
           View("decisions", "Decisions", "gavel", "decisions.html", DecisionsView, show_decisions),
           View("brief", "Brief", "clipboard-list", "brief.html", BriefView, show_brief, takes=("readers",),
                document="brief.typ"),
           View("registrar", "Registrar", "certificate", "registrar.html", RegistrarView, show_registrar)),
    panel=Panel("standing.html", Standing, show_standing, document="brief.typ"),
    needs=needs, dates=dates, offers=offers, presiding=chairing)
