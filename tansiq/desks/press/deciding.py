"""Whether the record bears out a claim: a pure function of what one member's cell can prove.

What is supported or contradicted rests on settled acts, or on a record that is complete to the time in question, so it
does not change as the journal grows. What was asked and consented is *supported* if it is true in every history that
this cell could be looking at, *contradicted* if in none, and *undecidable* otherwise. Only acts that the cell can read
are looked at: nothing that the reader may not know can show through an answer. A meeting is supported by the word of
both sides, and never contradicted: it need not be recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tansiq.charter import Charter
from tansiq.desks.press.acts import Claim

Verdict = Literal["supported", "contradicted", "undecidable"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A request (``by`` asked ``to``) or a consent (``by``, to a request of ``to``), said at a time (UTC ms)."""

    act: str
    by: str
    to: tuple[str, ...]
    support: str
    at: int
    settled: bool


@dataclass(frozen=True, slots=True)
class Met:
    """One side's record that two sides met (UTC ms), and the other's word: ``agreed``, ``contested``, or None."""

    acts: tuple[str, ...]
    by: str
    sides: frozenset[str]
    began_at: int
    ended_at: int
    answer: str | None
    settled: bool


@dataclass(frozen=True, slots=True)
class Known:
    """All that a member's cell can prove: ``complete_to`` is the time up to which its record is complete (UTC ms).

    ``requests``, ``consents`` and ``meetings`` None: this program has no such desk.
    """

    reader: str
    charter: Charter
    complete_to: int
    requests: Sequence[Fact] | None
    consents: Sequence[Fact] | None
    meetings: Sequence[Met] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, the reason (a key of ``REASONS``), and the acts that it rests on."""

    verdict: Verdict
    reason: str
    acts: tuple[str, ...] = ()


REASONS: Mapping[str, str] = {
    "said": "The record holds it: said in time, and settled.",
    "unsaid": "The record of this cell is complete to that time, and nothing of the sort was validly said.",
    "received": "The record holds such a request, received in time.",
    "unsettled": "Something fits, and is not settled yet.",
    "later": "The record here is complete to {complete_ms} only.",
    "others": "It would have been said between others, and need not have been released to {reader}.",
    "stranger": "Not all who are named are members of this centre; what they say elsewhere is not in its record.",
    "desk": "This program has no desk that would know.",
    "both": "Both sides have said so in the record.",
    "one": "One side has said so in the record; the other has not answered.",
    "contested": "One side has said so in the record; the other contests it.",
    "unrecorded": "No record tells of it; a meeting need not be recorded.",
    "member": "The charter in force then names it as a member.",
    "partner": "The charter in force then admits it as a partner, not as a member.",
    "nobody": "The charter in force then does not name it.",
}


def decide(claim: Claim, known: Known) -> Answer:
    """Answer a claim from what is known."""
    if claim.form == "party":
        return _party(claim.subject, known.charter)
    if claim.form == "met":
        return _met(claim, known)
    if claim.form == "consented":
        return _consented(claim, known)
    other = claim.other or ""
    if claim.form == "asked":
        return _asked(claim, known, (claim.subject, other))
    answer = _asked(claim, known, (other, claim.subject))
    opposite: Mapping[Verdict, Verdict] = {"supported": "contradicted", "contradicted": "supported",
                                           "undecidable": "undecidable"}
    return Answer(opposite[answer.verdict], "received" if answer.reason == "said" else answer.reason, answer.acts)


def _party(code: str, charter: Charter) -> Answer:
    if charter.member(code) is not None:
        return Answer("supported", "member")
    return Answer("contradicted", "partner" if charter.partner(code) is not None else "nobody")


def _asked(claim: Claim, known: Known, pair: tuple[str, str]) -> Answer:
    asker, asked = pair
    if known.requests is None:
        return Answer("undecidable", "desk")
    fits = [fact for fact in known.requests if fact.by == asker and asked in fact.to and _fits(fact, claim)]
    return _from(fits, claim, known, named=pair, complete=known.reader in pair)


def _consented(claim: Claim, known: Known) -> Answer:
    if known.consents is None:
        return Answer("undecidable", "desk")
    fits = [fact for fact in known.consents if fact.by == claim.subject and _fits(fact, claim)
            and (claim.other is None or claim.other in fact.to)]
    named = (claim.subject,) if claim.other is None else (claim.subject, claim.other)
    return _from(fits, claim, known, named=named, complete=known.reader in named)


def _fits(fact: Fact, claim: Claim) -> bool:
    return fact.at < claim.before and claim.support in (None, fact.support)


def _from(fits: Sequence[Fact], claim: Claim, known: Known, *, named: tuple[str, ...], complete: bool) -> Answer:
    settled = tuple(fact.act for fact in fits if fact.settled)
    if settled:
        return Answer("supported", "said", settled)
    if any(known.charter.member(code) is None for code in named):
        return Answer("undecidable", "stranger")
    if fits:
        return Answer("undecidable", "unsettled", tuple(fact.act for fact in fits))
    if not complete:
        return Answer("undecidable", "others")
    return Answer("contradicted", "unsaid") if known.complete_to >= claim.before else Answer("undecidable", "later")


def _met(claim: Claim, known: Known) -> Answer:
    if known.meetings is None:
        return Answer("undecidable", "desk")
    since, sides = claim.since if claim.since is not None else 0, {claim.subject, claim.other}
    fits = [one for one in known.meetings
            if sides <= one.sides and one.began_at <= claim.before and one.ended_at >= since]
    agreed = [one for one in fits if one.answer == "agreed" and one.settled]
    by_both = [one for one in fits if one.settled and any(
        other.by != one.by and other.by in sides and other.settled for other in fits)]
    if agreed or by_both:
        return Answer("supported", "both", _acts(agreed or by_both))
    if not fits:
        return Answer("undecidable", "unrecorded")
    if any(not one.settled for one in fits if one.answer == "agreed"):
        return Answer("undecidable", "unsettled", _acts(fits))
    return Answer("undecidable", "contested" if any(one.answer == "contested" for one in fits) else "one", _acts(fits))


def _acts(found: Sequence[Met]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(act for one in found for act in one.acts))
