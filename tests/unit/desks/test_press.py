"""The press desk in a whole centre: statements, claims under them, lines to take and who stands behind them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.desks.staged import EVERYONE, Stage, found, ms, text

NOW = "2015-10-20T09:00+00:00"
ALL = {"release": list(EVERYONE)}


@pytest.fixture(name="founded", scope="module")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found(tmp_path_factory.mktemp("founded"), NOW)


@pytest.fixture(name="stage")
def _stage(founded: Path, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(founded, tmp_path / "centre", NOW)
    yield stage
    stage.close()


def _statement(**changes: Any) -> dict[str, Any]:
    return {"title": text("Exercise: no request was received"), "text": text("We received no request."),
            "speaker": "Press secretary", "anonymous": False, "of": "RU", "said_on": ms("2015-10-01T09:00+00:00"),
            "reported_on": None, "outlet": "An agency", "place_name": None, **ALL, **changes}


def _claim(statement: str, **changes: Any) -> dict[str, Any]:
    return {"form": "not_received", "subject": "RU", "other": "IQ", "support": None, "since": None,
            "before": ms("2015-10-01T09:00+00:00"), "refers": [statement], **changes}


def _line(**changes: Any) -> dict[str, Any]:
    return {"title": text("On the request"), "text": text("Each member answers for what it asked."), **ALL, **changes}


def _approval(line: str, answer: str = "approved", why: dict[str, str] | None = None) -> dict[str, Any]:
    return {"answer": answer, "text": why, "refers": [line]}


@pytest.mark.parametrize("changes, code", [
    ({"said_on": ms("2015-10-20T10:00+00:00")}, "press.said_on"), ({"said_on": 0, "reported_on": -1}, "instant.order"),
    ({"speaker": "A\nB"}, "text.controls"), ({"speaker": " "}, "text.empty"), ({"outlet": "x" * 201}, "text.long"),
    ({"of": "Russia!"}, "code.form"), ({"text": text("")}, "text.empty"), ({"text": text("a", "EN")}, "text.lang"),
])
def test_a_statement_that_cannot_have_been_made_is_refused(stage: Stage, changes: dict[str, Any], code: str) -> None:
    """Said later than now, reported before it was said, by nobody, in no language."""
    assert stage.refused("IQ", "statement", **_statement(**changes)) == code


@pytest.mark.parametrize("changes, code", [
    ({"support": "cyber"}, "press.support"), ({"subject": "x"}, "code.form"), ({"other": None}, "claim.other"),
    ({"form": "met", "since": None}, "claim.since"), ({"refers": []}, "press.refers"),
    ({"form": "met", "since": ms("2015-10-02T09:00+00:00")}, "claim.since"),
])
def test_a_claim_that_says_nothing_that_can_be_looked_up_is_refused(
        stage: Stage, changes: dict[str, Any], code: str) -> None:
    """A kind of support that the charter has not, one side alone, a meeting without a beginning, no statement."""
    statement = stage.say("IQ", "statement", **_statement())
    assert stage.refused("SY", "claim", **_claim(statement, **changes)) == code


def test_claims_stand_under_statements_and_approvals_under_lines(stage: Stage) -> None:
    """Whether asked at its own cell or sent by a patched one, an answer to the wrong act does not stand."""
    statement, line = stage.say("IQ", "statement", **_statement()), stage.say("IQ", "line", **_line())
    for kind, fields in (("claim", _claim(line)), ("approval", _approval(statement))):
        assert (stage.refused("SY", kind, **fields), stage.forced("SY", kind, **fields)) == ("press.refers",) * 2
    for kind, fields in (("statement", _statement()), ("line", _line())):
        assert stage.refused("SY", kind, **fields | {"refers": [statement]}) == "press.thread"
    assert {act: tuple(stage.offers("SY", act)) for act in (statement, line)} == {
        statement: ("claim",), line: ("approval",)}


def test_each_member_answers_a_line_once_and_says_why_it_withholds(stage: Stage) -> None:
    """The line stands for all once all have approved it; who withholds is named, and a second answer does not count."""
    line = stage.say("IQ", "line", **_line())
    assert stage.panel("IQ", line).line.awaited == ("IR", "RU", "SY")
    assert stage.offers("IQ", line) == {"approval": "You proposed it."}
    assert stage.refused("IQ", "approval", **_approval(line)) == "press.own"
    assert stage.refused("RU", "approval", **_approval(line, "withheld")) == "field.missing"
    assert stage.refused("RU", "approval", **_approval(line, "withheld", text(" "))) == "text.empty"
    assert stage.needs("RU", "press") == ["{author} proposes a line to take: approve it, or withhold."]
    stage.say("RU", "approval", **_approval(line, "withheld", text("Its second sentence is not ours.")))
    assert stage.needs("RU", "press") == [] and stage.offers("RU", line) == {"approval": "You have answered."}
    assert stage.refused("RU", "approval", **_approval(line)) == "press.answered"
    assert stage.forced("RU", "approval", **_approval(line)) == "press.answered"
    for code in ("IR", "SY"):
        stage.say(code, "approval", **_approval(line))
    shown = stage.view("SY", "press", "lines").lines[0]
    assert (shown.approved, shown.withheld, shown.awaited) == (("IQ", "IR", "SY"), ("RU",), ())
    assert shown.sentence.text.startswith("A line to take; {withheld}")


def test_a_line_that_all_have_approved_says_so(stage: Stage) -> None:
    """Only the members whom it was released to are asked."""
    line = stage.say("IQ", "line", **_line(release=["IQ", "SY"]))
    assert stage.panel("SY", line).line.awaited == ("SY",) and stage.needs("RU", "press") == []
    stage.say("SY", "approval", **_approval(line))
    assert stage.panel("IQ", line).sentence.text == "A line to take; all members who can read it have approved it."
