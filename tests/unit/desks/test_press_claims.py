"""Claims: every form decided as a walk through all histories that a reader could be looking at decides it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.charter import Charter, parse_charter
from tansiq.desks.press.acts import Claim
from tansiq.desks.press.deciding import REASONS, Fact, Known, Met, decide
from tansiq.desks.press.showing import CLAIMS

CHARTER: Charter = parse_charter((Path(__file__).parents[3] / "charters/baghdad.toml").read_text("utf-8"))
CODES, SUPPORTS, TIMES = ("IQ", "IR", "RU", "SY"), ("air", "logistics"), range(6)
HEAD: dict[str, Any] = {"kind": "claim", "version": 1, "author": "IQ", "officer": "x", "thread": None, "refers": (),
                        "release": ("IQ",), "topic": None, "handling": "", "precedence": "routine", "assertion": None}


@dataclass(frozen=True)
class Event:
    """A request, or a consent to one (then ``to`` asked for it), and who can read it."""

    consent: bool
    by: str
    to: str
    support: str
    at: int
    readers: frozenset[str]


def _event(consent: bool, pair: tuple[str, str], support: str, at: int, more: frozenset[str]) -> Event:
    # The author reads what it says; a consent stands in the thread of the request, which its asker reads.
    return Event(consent, pair[0], pair[1], support, at, more | set(pair))


PAIRS = [(one, other) for one in CODES for other in CODES if one != other]
EVENTS = st.builds(_event, st.booleans(), st.sampled_from(PAIRS), st.sampled_from(SUPPORTS), st.sampled_from(TIMES),
                   st.frozensets(st.sampled_from(CODES), max_size=2))
FORMS = st.sampled_from(["asked", "not_received", "consented", "consented_any"])


def _claim(form: str, pair: tuple[str, str], support: str | None, before: int) -> Claim:
    anyone = form == "consented_any"
    kind: Any = "consented" if anyone else form
    return Claim(**HEAD, form=kind, subject=pair[0], other=None if anyone else pair[1], support=support, since=None,
                 before=before)


CLAIM = st.builds(_claim, FORMS, st.sampled_from(PAIRS), st.none() | st.sampled_from(SUPPORTS),
                  st.sampled_from(TIMES))


def _true(claim: Claim, history: tuple[Event, ...]) -> bool:
    """Whether a claim holds in a whole history, told by the words of its form alone."""
    def asked(one: str, other: str) -> bool:
        return any(not event.consent and event.by == one and event.to == other and event.at < claim.before
                   and (claim.support is None or event.support == claim.support) for event in history)

    if claim.form == "asked":
        return asked(claim.subject, claim.other or "")
    if claim.form == "not_received":
        return not asked(claim.other or "", claim.subject)
    return any(event.consent and event.by == claim.subject and event.at < claim.before
               and (claim.other is None or event.to == claim.other)
               and (claim.support is None or event.support == claim.support) for event in history)


def _known(reader: str, history: tuple[Event, ...], complete_to: int = 99) -> Known:
    facts = [(event.consent, Fact(str(n), event.by, (event.to,), event.support, event.at, True))
             for n, event in enumerate(history) if reader in event.readers]
    return Known(reader, CHARTER, complete_to, [fact for consent, fact in facts if not consent],
                 [fact for consent, fact in facts if consent], [])


def _possible(reader: str, seen: tuple[Event, ...]) -> Iterator[tuple[Event, ...]]:
    """Every history that looks the same to a reader: what it sees, and any two things that it need not be told."""
    hidden = [_event(consent, pair, support, at, frozenset()) for consent in (False, True) for pair in PAIRS
              if reader not in pair for support in SUPPORTS for at in (0, 3)]
    few = chain.from_iterable(combinations(hidden, count) for count in (0, 1))
    return (seen + more for more in few)


@settings(max_examples=300)
@given(history=st.lists(EVENTS, max_size=5).map(tuple), claim=CLAIM, reader=st.sampled_from(CODES))
def test_every_form_is_decided_as_all_possible_histories_decide_it(history: tuple[Event, ...], claim: Claim,
                                                                   reader: str) -> None:
    """Supported where the claim is true in all histories that the reader could be looking at, contradicted where it is
    false in all, and open where they differ."""
    seen = tuple(event for event in history if reader in event.readers)
    truths = {_true(claim, one) for one in _possible(reader, seen)}
    due = "undecidable" if len(truths) > 1 else "supported" if truths == {True} else "contradicted"
    if claim.before == 0 and due != "undecidable":
        # Nothing can be said before the first moment: whoever is no side does not look so closely.
        assert decide(claim, _known(reader, history)).verdict in (due, "undecidable")
        return
    assert decide(claim, _known(reader, history)).verdict == due


@given(history=st.lists(EVENTS, max_size=6).map(tuple), more=st.lists(EVENTS, max_size=6).map(tuple), claim=CLAIM,
       reader=st.sampled_from(CODES))
def test_no_answer_tells_what_the_reader_may_not_know(history: tuple[Event, ...], more: tuple[Event, ...], claim: Claim,
                                                      reader: str) -> None:
    """Two histories that differ only in what the reader cannot read have the same answers, reasons and acts."""
    hidden = tuple(replace(event, readers=event.readers - {reader}) for event in more
                   if reader not in (event.by, event.to))
    assert decide(claim, _known(reader, history)) == decide(claim, _known(reader, history + hidden))


@given(history=st.lists(EVENTS, max_size=4).map(tuple), later=st.lists(EVENTS, max_size=4).map(tuple), claim=CLAIM,
       reader=st.sampled_from(CODES), complete_to=st.sampled_from(TIMES))
def test_a_verdict_never_changes_as_the_journal_grows(history: tuple[Event, ...], later: tuple[Event, ...],
                                                      claim: Claim, reader: str, complete_to: int) -> None:
    """What comes after the time to which a record is complete never turns an answer that was given."""
    before = tuple(event for event in history if event.at < complete_to)
    first = decide(claim, _known(reader, before, complete_to))
    after = before + tuple(replace(event, at=max(event.at, complete_to)) for event in later)
    second = decide(claim, _known(reader, after, 99))
    assert first.verdict in ("undecidable", second.verdict)


@given(history=st.lists(EVENTS, max_size=5).map(tuple), claim=CLAIM, reader=st.sampled_from(CODES))
def test_what_is_not_settled_supports_nothing(history: tuple[Event, ...], claim: Claim, reader: str) -> None:
    """An act that could still be lost leaves a claim open; nothing is contradicted while it may settle."""
    known = _known(reader, history)
    loose = replace(known, requests=[replace(fact, settled=False) for fact in known.requests or ()],
                    consents=[replace(fact, settled=False) for fact in known.consents or ()])
    if decide(claim, known).reason == "said" or decide(claim, known).reason == "received":
        assert decide(claim, loose).reason == "unsettled"


def _met(answer: str | None = None, *, by: str = "IQ", settled: bool = True) -> Met:
    return Met((by,), by, frozenset({"IQ", "RU"}), 10, 20, answer, settled)


@pytest.mark.parametrize(("meetings", "verdict", "reason"), [
    ([], "undecidable", "unrecorded"), ([_met()], "undecidable", "one"), ([_met("agreed")], "supported", "both"),
    ([_met("contested")], "undecidable", "contested"), ([_met("agreed", settled=False)], "undecidable", "unsettled"),
    ([_met(), _met(by="RU")], "supported", "both"), (None, "undecidable", "desk")])
def test_a_meeting_rests_on_the_word_of_both(meetings: list[Met] | None, verdict: str, reason: str) -> None:
    """One side's minutes leave it open, both sides' words support it, and nothing in a record contradicts it."""
    claim = Claim(**HEAD, form="met", subject="IQ", other="RU", support=None, since=5, before=10)
    answer = decide(claim, replace(_known("SY", ()), meetings=meetings))
    assert (answer.verdict, answer.reason) == (verdict, reason)
    late = Claim(**HEAD, form="met", subject="IQ", other="RU", support=None, since=21, before=30)
    assert decide(late, replace(_known("SY", ()), meetings=[])).reason == "unrecorded"


@pytest.mark.parametrize(("code", "verdict", "reason"), [
    ("IQ", "supported", "member"), ("CJTF", "contradicted", "partner"), ("XX", "contradicted", "nobody")])
def test_who_is_a_party_stands_in_the_charter(code: str, verdict: str, reason: str) -> None:
    """A partner is no member, and who is not named is neither."""
    claim = Claim(**HEAD, form="party", subject=code, other=None, support=None, since=None, before=5)
    answer = decide(claim, _known("SY", ()))
    assert (answer.verdict, answer.reason) == (verdict, reason)


def test_strangers_and_missing_desks_leave_a_claim_open() -> None:
    """Of who is no member, and where this program has no such desk, the record says nothing, and says so."""
    claim = _claim("asked", ("IQ", "RU"), None, 3)
    stranger = Claim(**HEAD, form="asked", subject="IQ", other="XX", support=None, since=None, before=3)
    assert decide(stranger, _known("IQ", ())).reason == "stranger"
    assert decide(claim, replace(_known("IQ", ()), requests=None)).reason == "desk"
    assert decide(claim, _known("IQ", (), complete_to=2)).reason == "later"
    consented = _claim("consented", ("IQ", "RU"), None, 3)
    assert decide(consented, replace(_known("IQ", ()), consents=None)).reason == "desk"
    assert set(CLAIMS) >= {"asked", "not_received", "consented", "met", "party"} and "said" in REASONS
