"""The chair's desk in a whole centre: handovers, appointments, proposals and votes, contacts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tansiq.desks.chair.acts import BriefField, BriefLine
from tests.unit.desks.staged import EVERYONE, Stage, found, ms, text
from tests.unit.registrar.changing import amend, set_suspended

IN_TERM, END = "2015-12-20T09:00+00:00", "2015-12-26T21:00+00:00"
AFTER_GRACE = "2016-01-02T21:00+00:00"
ALL = {"release": list(EVERYONE)}


@pytest.fixture(name="founded", scope="module")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found(tmp_path_factory.mktemp("founded"), IN_TERM)


@pytest.fixture(name="stage")
def _stage(founded: Path, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(founded, tmp_path / "centre", IN_TERM)
    yield stage
    stage.close()


def _propose(stage: Stage, closes: str, by: str = "IQ") -> str:
    return stage.say(by, "proposal", title=text("Open a second line"), text=text("Exercise: shall it be opened?"),
                     closes_at=ms(closes), **ALL)


def _vote(choice: str, proposal: str) -> dict[str, Any]:
    return {"vote": choice, "reason": None, "refers": [proposal]}


def _chair(stage: Stage, code: str = "SY") -> str | None:
    shown: str | None = stage.view(code, "chair", "term").chair
    return shown


def test_a_handover_passes_the_chair_at_the_end_of_the_term(stage: Stage) -> None:
    """Handed over and taken over before the end, the chair passes at the end to the moment, in every cell alike."""
    assert stage.needs("IQ", "chair") == ["Your term ends at {begins_ms}: hand over the chair to {following}."]
    act = stage.say("IQ", "handover", note=text("Exercise: all that is open stands in the brief."), **ALL)
    assert stage.needs("IQ", "chair") == []
    assert stage.offers("SY", act)["taking_over"] == "Only {incoming} can take over."
    assert stage.needs("IR", "chair") == ["{outgoing} has handed over the chair to you: take it over."]
    assert stage.offers("IR", act) == {"taking_over": None} and stage.panel("RU", act).tone == "wait"
    stage.say("IR", "taking_over", note=None, refers=[act])
    assert stage.panel("RU", act).tone == "good" and stage.needs("IR", "chair") == []
    assert stage.offers("IR", act)["taking_over"] == "{incoming} has taken over already."
    assert _chair(stage) == "IQ"
    stage.move(END)
    assert {_chair(stage, code) for code in EVERYONE} == {"IR"}
    assert stage.refused("IQ", "handover", note=text("again"), **ALL) == "chair.author"


def test_a_late_handover_passes_the_chair_when_it_is_complete(stage: Stage) -> None:
    """After the term's end its chair stays until the next member has taken over; every page says so."""
    stage.move("2015-12-29T00:00+00:00")
    shown = stage.view("RU", "chair", "term")
    assert (shown.chair, shown.late, shown.tone) == ("IQ", True, "wait")
    act = stage.say("IQ", "handover", note=text("Late."), **ALL)
    stage.say("IR", "taking_over", note=text("Taken over."), refers=[act])
    shown = stage.view("RU", "chair", "term")
    assert (shown.chair, shown.late, shown.besides) == ("IR", False, ())


def test_a_missed_handover_takes_effect_by_the_calendar_and_says_so(stage: Stage) -> None:
    """At the end of the grace the chair passes whatever was said, and taking over then is too late."""
    act = stage.say("IQ", "handover", note=text("Nobody answers."), **ALL)
    stage.move(AFTER_GRACE)
    shown = stage.view("SY", "chair", "term")
    assert shown.chair == "IR" and [one.text for one in shown.besides] == [
        "The handover to {chair} was missed: the chair passed to it by the calendar at {since_ms}."]
    assert stage.refused("IR", "taking_over", note=None, refers=[act]) == "chair.late"
    assert stage.forced("IR", "taking_over", note=None, refers=[act]) == "chair.late"
    assert stage.offers("IR", act)["taking_over"] is not None
    assert [stage.view(code, "chair", "term").chair for code in EVERYONE] == ["IR"] * 4


def test_only_the_right_members_hand_over_and_take_over(stage: Stage) -> None:
    """Who has not the chair hands nothing over, and nobody but the next in order takes over, patched or not."""
    assert stage.refused("RU", "handover", note=text("Mine."), **ALL) == "chair.author"
    assert stage.forced("RU", "handover", note=text("Mine."), **ALL) == "chair.author"
    act = stage.say("IQ", "handover", note=text("To the next."), **ALL)
    for code in ("RU", "SY", "IQ"):
        assert stage.refused(code, "taking_over", note=None, refers=[act]) == "chair.incoming"
    assert stage.forced("RU", "taking_over", note=None, refers=[act]) == "chair.incoming"
    stage.say("IR", "taking_over", note=None, refers=[act])
    assert stage.forced("IR", "taking_over", note=None, refers=[act]) == "chair.taken"
    assert stage.refused("IQ", "handover", note=text("To few."), release=["IQ", "IR"]) == "act.common"


def test_an_amended_order_undoes_a_handover_to_who_is_no_longer_next(stage: Stage) -> None:
    """Amended in the middle of a term, the order that is in force decides who may take over, and who must hand over."""
    act = stage.say("IQ", "handover", note=text("To the next."), **ALL)
    amend(stage.centre, stage.centre.charter.text.replace('"IQ", "IR", "RU", "SY"]', '"IQ", "RU", "IR", "SY"]'))
    assert stage.refused("IR", "taking_over", note=None, refers=[act]) == "chair.order"
    assert stage.forced("IR", "taking_over", note=None, refers=[act]) == "chair.order"
    again = stage.say("IQ", "handover", note=text("To the next, by the new order."), **ALL)
    stage.say("RU", "taking_over", note=None, refers=[again])
    stage.move(END)
    assert {_chair(stage, code) for code in EVERYONE} == {"RU"}


def _post(post: str, office: str, of: str) -> dict[str, Any]:
    return {"post": post, "office": text(office), "of": of, **ALL}


def test_who_directs_is_appointed_by_the_chair_for_its_own_time(stage: Stage) -> None:
    """The member in the chair appoints by office; a new appointment replaces the old, and the next chair has none."""
    first = stage.say("IQ", "appointment", **_post("director", "Head of the analysis department", "IQ"))
    second = stage.say("IQ", "appointment", **_post("director", "Deputy chief of operations", "SY"))
    stage.say("IQ", "appointment", **_post("deputy", "Chief of the liaison office", "RU"))
    posts = stage.view("RU", "chair", "term").posts
    assert [(post.post, post.of, post.office.text) for post in posts] == [
        ("director", "SY", "Deputy chief of operations"), ("deputy", "RU", "Chief of the liaison office")]
    assert {row.id: row.standing for row in stage.rows("IR")}[first] == "replaced"
    assert stage.refused("IR", "appointment", **_post("deputy", "x", "IR")) == "chair.author"
    assert stage.refused("IQ", "appointment", **_post("deputy", "x", "CJTF")) == "chair.member"
    stage.move(AFTER_GRACE)
    assert [post.act for post in stage.view("RU", "chair", "term").posts] == [None, None]
    assert stage.centre.cells["RU"].registers.act(second) is not None


def test_a_proposal_is_decided_by_the_charters_arithmetic(stage: Stage) -> None:
    """Two thirds of four are three: open until everyone has voted, then decided, the same in every cell."""
    act = _propose(stage, "2015-12-21T09:00+00:00")
    assert "{author} proposes; your vote is awaited until {closes_ms}." in stage.needs("RU", "chair")
    for code, choice in (("RU", "yes"), ("SY", "yes"), ("IQ", "no")):
        stage.say(code, "vote", **_vote(choice, act))
        assert stage.panel("IR", act).decision.outcome == "open"
    assert stage.offers("RU", act)["vote"] == "You have voted; a vote is said once."
    stage.say("IR", "vote", **_vote("yes", act))
    shown = [stage.panel(code, act).decision for code in EVERYONE]
    assert {one.outcome for one in shown} == {"adopted"} and shown[0].sentence.fields["majority"] == 3
    assert [(one.member, one.vote) for one in sorted(shown[0].ballots, key=lambda one: one.member)] == [
        ("IQ", "no"), ("IR", "yes"), ("RU", "yes"), ("SY", "yes")]
    assert stage.view("SY", "chair", "decisions").decisions[0].outcome == "adopted"


def test_late_and_double_votes_count_for_nothing(stage: Stage) -> None:
    """A vote is said once and in time; what a patched cell says otherwise is void everywhere."""
    act = _propose(stage, "2015-12-20T10:00+00:00")
    for code in ("IQ", "RU"):
        stage.say(code, "vote", **_vote("yes", act))
    assert stage.refused("RU", "vote", **_vote("no", act)) == "chair.voted"
    assert stage.forced("RU", "vote", **_vote("no", act)) == "chair.voted"
    stage.move("2015-12-20T10:00+00:00")
    assert stage.refused("SY", "vote", **_vote("yes", act)) == "chair.closed"
    assert stage.forced("SY", "vote", **_vote("yes", act)) == "chair.closed"
    shown = stage.panel("IR", act)
    assert (shown.tone, shown.decision.outcome, shown.decision.sentence.fields["yes"]) == ("bad", "too_few", 2)
    assert stage.offers("SY", act)["vote"] == "The vote is over."


def test_with_one_suspended_two_of_three_decide(stage: Stage) -> None:
    """A member suspended before the end neither votes nor counts; one that returns after it changes nothing."""
    act = _propose(stage, "2015-12-21T09:00+00:00")
    stage.say("SY", "vote", **_vote("no", act))
    set_suspended(stage.centre, "SY", True)
    assert stage.refused("SY", "proposal", title=text("x"), text=text("x"), closes_at=ms("2015-12-21T09:00+00:00"),
                         **ALL) == "act.suspended"
    stage.say("IQ", "vote", **_vote("yes", act))
    stage.say("RU", "vote", **_vote("yes", act))
    assert stage.panel("IR", act).decision.outcome == "open"
    stage.move("2015-12-21T09:00+00:00")
    decision = stage.panel("IR", act).decision
    assert (decision.outcome, decision.sentence.fields["members"], decision.sentence.fields["no"]) == ("adopted", 3, 0)
    assert [one.counted for one in decision.ballots if one.member == "SY"] == [False]
    set_suspended(stage.centre, "SY", False)
    assert all(stage.panel(code, act).decision == decision for code in EVERYONE)


def test_a_vote_that_closes_a_proposal_is_the_last_that_counts(stage: Stage) -> None:
    """Once all unsuspended members have voted it is decided; who returns from suspension afterwards comes too late."""
    act = _propose(stage, "2015-12-25T09:00+00:00")
    set_suspended(stage.centre, "SY", True)
    for code in ("IQ", "IR", "RU"):
        stage.say(code, "vote", **_vote("no" if code == "IR" else "yes", act))
    decided = stage.panel("RU", act).decision
    assert (decided.outcome, decided.sentence.fields["members"]) == ("adopted", 3)
    set_suspended(stage.centre, "SY", False)
    stage.say("SY", "vote", **_vote("no", act))
    later = stage.panel("RU", act).decision
    assert (later.outcome, later.sentence) == (decided.outcome, decided.sentence)
    assert [(one.vote, one.counted) for one in later.ballots if one.member == "SY"] == [("no", False)]


def test_a_tie_is_rejected(stage: Stage) -> None:
    """Two against two adopts nothing."""
    act = _propose(stage, "2015-12-21T09:00+00:00")
    for code, choice in zip(EVERYONE, ("yes", "yes", "no", "no"), strict=True):
        stage.say(code, "vote", **_vote(choice, act))
    assert stage.panel("IQ", act).decision.outcome == "rejected"


def test_a_proposal_ends_after_it_was_said(stage: Stage) -> None:
    """Its time lies ahead, within a year and a day; a vote answers one proposal that stands."""
    for closes in ("2015-12-20T08:00+00:00", "2017-12-20T08:00+00:00"):
        assert stage.refused("IQ", "proposal", title=text("x"), text=text("x"), closes_at=ms(closes),
                             **ALL) == "chair.closing"
    act = _propose(stage, "2015-12-21T09:00+00:00")
    vote = stage.say("RU", "vote", **_vote("yes", act))
    assert stage.refused("SY", "vote", **_vote("yes", vote)) == "chair.refers"
    assert stage.refused("SY", "vote", vote="yes", reason=None, **ALL) == "chair.refers"


def _contact(**changes: Any) -> dict[str, Any]:
    return {"form": "call", "other": "RU", "began_at": ms("2015-12-19T10:00+00:00"),
            "ended_at": ms("2015-12-19T10:20+00:00"), "title": text("Flights of January"), "text": text("Exercise."),
            "ours": ["Chief of the liaison office"], "theirs": [], "place_name": None, "release": ["IQ", "RU"],
            **changes}


def test_a_contact_is_acknowledged_or_contested_by_the_other_side(stage: Stage) -> None:
    """Only whom it was with answers, once; whoever contests says what was otherwise."""
    first, second = stage.say("IQ", "contact", **_contact()), stage.say("IQ", "contact", **_contact(form="note"))
    assert stage.needs("RU", "chair") == ["{author} recorded a contact with you: acknowledge it, or contest it."] * 2
    assert stage.panel("IQ", first).tone == "wait"
    assert stage.refused("IQ", "contact_answer", answer="acknowledged", text=None, refers=[first]) == "chair.other.side"
    assert stage.refused("RU", "contact_answer", answer="contested", text=None, refers=[first]) == "field.missing"
    stage.say("RU", "contact_answer", answer="acknowledged", text=None, refers=[first])
    stage.say("RU", "contact_answer", answer="contested", text=text("It was not discussed."), refers=[second])
    assert [stage.panel("IQ", act).tone for act in (first, second)] == ["good", "bad"]
    assert stage.refused("RU", "contact_answer", answer="acknowledged", text=None, refers=[second]) == "chair.answered"
    assert stage.offers("RU", second)["contact_answer"] == "The other side has answered."
    assert stage.needs("RU", "chair") == [] and first not in {row.id for row in stage.rows("SY")}


def test_a_contact_is_recorded_where_the_other_side_can_answer(stage: Stage) -> None:
    """It is released to whom it was with, who is another party; a partner exchanges no contacts by this charter."""
    assert stage.refused("IQ", "contact", **_contact(release=["IQ", "SY"])) == "chair.contact"
    assert stage.refused("IQ", "contact", **_contact(other="IQ")) == "chair.other"
    assert stage.refused("IQ", "contact", **_contact(other="XX")) == "chair.other"
    assert stage.refused("IQ", "contact", **_contact(other="CJTF", release=["IQ", "CJTF"])) == "partner.exchange"
    assert stage.refused("IQ", "contact", **_contact(ended_at=0)) == "instant.order"


def test_the_brief_holds_what_every_member_can_read_and_no_more(stage: Stage) -> None:
    """A handover carries what is open, made by the cell; what was released to some stands in their own brief alone."""
    secret, open_to_all = stage.say("IQ", "contact", **_contact()), _propose(stage, "2016-01-10T09:00+00:00")
    act = stage.say("IQ", "handover", note=text("See the brief."), **ALL)
    row = stage.centre.cells["SY"].registers.act(act)
    assert row is not None and [line.act for line in row.act.brief] == [open_to_all]  # type: ignore[attr-defined]
    own = stage.view("RU", "chair", "brief")
    assert {line.act for line in own.lines} == {secret, open_to_all}
    assert {line.act for line in stage.view("RU", "chair", "brief", readers="all").lines} == {open_to_all}
    assert {line.act for line in stage.view("SY", "chair", "brief").lines} == {open_to_all}
    [line] = stage.panel("SY", act).brief
    assert line.sentence is not None and line.sentence.fields["closes_ms"] == ms("2016-01-10T09:00+00:00")


def test_words_of_a_brief_that_are_none_of_ours_are_not_filled(stage: Stage) -> None:
    """A patched cell's line is shown as plain words: a template from elsewhere is never filled with fields."""
    act = stage.say("IQ", "handover", note=text("Fair."), **ALL)
    evil = [("{x.__class__}", [("x", "a")]), ("To be decided by {closes_ms}; nobody has voted.", [("closes_ms", "x")]),
            ("To be decided by {closes_ms}; nobody has voted.", [("closes_ms", 1 << 52)]),
            ("To be decided by {closes_ms}; nobody has voted.", [])]
    made = stage.centre.cells["IQ"]._compose("handover", {"note": text("Patched."), **ALL}, "x")[0]
    lines = tuple(BriefLine(desk="chair", text=words, act=act,
                            fields=tuple(BriefField(name=name, value=value) for name, value in fields))
                  for words, fields in evil)
    row = stage.patched(msgspec.structs.replace(made, brief=lines))
    assert row.void is None
    assert [line.sentence for line in stage.panel("SY", row.id).brief] == [None] * 4
