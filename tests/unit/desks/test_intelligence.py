"""Who may report, correct and recall, and what no report can hold."""

from __future__ import annotations

from typing import Any

import pytest

from tansiq import wire
from tansiq.acts import Act, Position, Text
from tansiq.cell.desk import Common, Said, Thread
from tansiq.desks import DESKS, catalogue
from tansiq.desks.intelligence import DESK
from tansiq.errors import Malformed, Refused
from tests import trial_desk
from tests.unit.registers.making import OCTOBER_7, correction, recall, report, said

COMMON = Common(time=OCTOBER_7, index=9)
CHARTER: Any = None
"""The rule of this desk reads nothing in the charter."""
FIRST = said(report(), index=0)[0]


def rule(act: Act, *thread: Said) -> None:
    """Rule on *act* below *thread*."""
    DESK.rule(act, Thread(thread), COMMON, CHARTER)


def test_a_report_its_correction_and_its_recall_are_admitted() -> None:
    """The author reports, corrects twice and recalls."""
    rule(report())
    rule(correction(FIRST.id), FIRST)
    again = said(correction(FIRST.id), index=1)[0]
    rule(correction(FIRST.id), FIRST, again)
    rule(recall(FIRST.id), FIRST, again)


def test_only_the_author_corrects_and_recalls() -> None:
    """Another member's correction is refused, in a sentence that names the author."""
    for act in (correction(FIRST.id, author="RU"), recall(FIRST.id, author="RU")):
        with pytest.raises(Refused, match="Only IQ"):
            rule(act, FIRST)


def test_a_correction_is_released_exactly_as_its_report() -> None:
    """More members or fewer are refused."""
    for release in (("IQ",), ("IQ", "RU", "SY")):
        with pytest.raises(Refused) as refused:
            rule(correction(FIRST.id, release=release), FIRST)
        assert refused.value.field == "release"


def test_nothing_answers_a_recalled_report() -> None:
    """After a recall neither a correction nor a second recall is taken; a void recall recalls nothing."""
    taken_back = said(recall(FIRST.id), index=1)[0]
    for act in (correction(FIRST.id), recall(FIRST.id)):
        with pytest.raises(Refused) as refused:
            rule(act, FIRST, taken_back)
        assert refused.value.code == "intelligence.recalled"
    rule(correction(FIRST.id), FIRST, said(recall(FIRST.id), index=1, void="act.release")[0])


def test_an_answer_names_one_report_that_stands_in_its_thread() -> None:
    """Nothing, two, an act elsewhere, a correction or a void report cannot be corrected."""
    other = said(correction(FIRST.id), index=1)[0]
    void = said(report(), index=0, void="act.commitment")[0]
    for refers, thread in (((), (FIRST,)), ((FIRST.id, FIRST.id), (FIRST,)), (("00" * 32,), (FIRST,)),
                           ((other.id,), (FIRST, other)), ((FIRST.id,), ()), ((FIRST.id,), (void,))):
        with pytest.raises(Refused) as refused:
            rule(correction(FIRST.id, refers=refers), *thread)
        assert refused.value.field == "refers"


def test_a_report_begins_its_own_thread() -> None:
    """A report inside a thread, or that refers to an act, is refused."""
    for changes in ({"thread": FIRST.id}, {"refers": (FIRST.id,)}):
        with pytest.raises(Refused):
            rule(report(**changes), FIRST)


@pytest.mark.parametrize("field, value", [
    ("title", Text(lang="en", text="")), ("title", Text(lang="en", text="x" * 201)),
    ("title", Text(lang="EN", text="x")),
    ("text", Text(lang="en", text="x" * 20_001)), ("occurred_from", -3_000_000_000_000),
    ("occurred_until", 5_000_000_000_000), ("occurred_until", OCTOBER_7 - 1),
    ("place", Position(lat=900_000_001, lon=0, accuracy_m=None)),
    ("place", Position(lat=0, lon=-1_800_000_001, accuracy_m=None)), ("place", Position(lat=0, lon=0, accuracy_m=-1)),
    ("place_name", "two\nlines"), ("place_name", "turned\u202e"), ("place_name", ""), ("source", "x" * 501),
    ("external_id", "x" * 101),
])
def test_what_no_report_can_hold_names_its_field(field: str, value: object) -> None:
    """The rule refuses it at every cell, whatever form or program it was said with."""
    with pytest.raises(Malformed) as refused:
        rule(report(**{field: value}))
    assert refused.value.field == field


NUMBERS = {"cell": 0, "intelligence": 1, "support": 2, "reconnaissance": 3, "airspace": 4, "protection": 5, "chair": 6,
           "protocol": 7, "press": 8}


def test_the_desks_numbers_and_names_are_fixed() -> None:
    """Numbers stand in tags for ever; the trial desk can be catalogued beside them."""
    assert {desk.name: desk.number for desk in DESKS}.items() <= NUMBERS.items()
    known = catalogue((*DESKS, trial_desk.DESK))
    assert {"report", "correction", "recall", "reading", "remark", "warning"} <= {kind.name for kind in known}


@pytest.mark.parametrize("act", [report(), correction(FIRST.id), recall(FIRST.id)])
def test_acts_are_written_and_read_back(act: Act) -> None:
    """One act, one encoding."""
    data = catalogue().write(act)
    assert catalogue().parse(data)[1] == act and wire.write(act) == data
