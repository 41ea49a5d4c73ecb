"""Translations, assessments, and who concurs with one or dissents by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tansiq.acts import Act, Position, Text
from tansiq.cell.desk import Common, Said, Thread
from tansiq.cell.moment import InForce, Settled
from tansiq.cell.views import Look
from tansiq.charter import parse_charter
from tansiq.desks.intelligence import DESK
from tansiq.desks.intelligence.analysis import Assessment, Concurrence, Translation
from tansiq.desks.intelligence.showing import alike
from tansiq.errors import Malformed, Refused
from tests.unit.registers.making import HEAD, OCTOBER_7, entry, fold, folded, recall, report, said

ROOT = Path(__file__).resolve().parents[3]
CHARTER = parse_charter((ROOT / "charters/baghdad.toml").read_text("utf-8"))
WORDS = Text(lang="en", text="The road is used at night.")
EVERYONE = ("IQ", "IR", "RU", "SY")


def assessment(**changes: Any) -> Assessment:
    """An assessment of IQ for all members."""
    fields = {**HEAD, "kind": "assessment", "title": WORDS, "text": WORDS, "rests_on": (), "release": EVERYONE}
    return Assessment(**{**fields, **changes})


def concurrence(of: str, author: str, position: str = "concur", **changes: Any) -> Concurrence:
    """A position on the assessment *of*."""
    fields = {**HEAD, "kind": "concurrence", "author": author, "thread": of, "refers": (of,), "release": EVERYONE,
              "position": position, "reason": None if position == "concur" else WORDS}
    return Concurrence(**{**fields, **changes})


def translation(of: str, **changes: Any) -> Translation:
    """A translation into Russian."""
    fields = {**HEAD, "kind": "translation", "of": of, "title": None, "text": Text(lang="ru", text="Колонна.")}
    return Translation(**{**fields, **changes})


def rule(act: Act, *thread: Said, own: Any = None) -> None:
    """Rule on *act* below *thread*; *own* answers for the speaker's registers."""
    DESK.rule(act, Thread(thread), Common(OCTOBER_7, 9, own=own), CHARTER)


FIRST = said(assessment(), index=0)[0]


def test_members_concur_or_dissent_by_name() -> None:
    """Any reader but the author takes a position; a later one replaces the first."""
    rule(assessment())
    rule(concurrence(FIRST.id, "RU"), FIRST)
    rule(concurrence(FIRST.id, "RU", "dissent"), FIRST, said(concurrence(FIRST.id, "RU"), index=1)[0])


def test_an_author_has_its_position_already() -> None:
    """Concurring with oneself would count one voice twice."""
    with pytest.raises(Refused, match="by assessing"):
        rule(concurrence(FIRST.id, "IQ"), FIRST)


def test_dissent_says_why() -> None:
    """Dissent without a reason is refused at that field; concurrence needs none."""
    with pytest.raises(Malformed) as refused:
        rule(concurrence(FIRST.id, "RU", "dissent", reason=None), FIRST)
    assert refused.value.field == "reason"


def test_a_position_answers_an_assessment_that_stands() -> None:
    """Neither a report nor a recalled assessment takes a position."""
    other = said(report(), index=0)[0]
    with pytest.raises(Refused, match="one assessment"):
        rule(concurrence(other.id, "RU"), other)
    back = recall(FIRST.id, release=EVERYONE)
    rule(back, FIRST)
    with pytest.raises(Refused, match="recalled"):
        rule(concurrence(FIRST.id, "RU"), FIRST, said(back, index=1)[0])


@pytest.mark.parametrize("rests_on", [("ab" * 32,) * 2, tuple(f"{n:064x}" for n in range(65)), ("none",)])
def test_what_an_assessment_rests_on_is_named_once(rests_on: tuple[str, ...]) -> None:
    """Doubled ids, more than 64 and what is no id are refused."""
    with pytest.raises(Malformed):
        rule(assessment(rests_on=rests_on))


def test_a_translation_stands_for_itself_in_the_journal() -> None:
    """Any cell admits it, also one that lacks the original; two languages in one are refused."""
    rule(translation(FIRST.id))
    with pytest.raises(Malformed, match="one language"):
        rule(translation(FIRST.id, title=WORDS))
    with pytest.raises(Refused, match="thread of its own"):
        rule(translation(FIRST.id, thread=FIRST.id, refers=(FIRST.id,)), FIRST)


def test_a_cell_passes_nothing_on_by_translating() -> None:
    """The speaker's own cell holds the original's handling: who may not have the words may not have a translation."""
    def own(handling: str, author: str = "SY") -> Any:
        return lambda desk, name, **_: None if name == "leave" else (author, ("IQ", "SY"), handling)

    rule(translation(FIRST.id), own=own("OPEN"))
    rule(translation(FIRST.id), own=own("CENTRE", author="IQ"))
    rule(translation(FIRST.id, release=("IQ", "SY")), own=own("CLOSED"))
    for handling in ("CENTRE", "CLOSED", "unknown"):
        with pytest.raises(Refused) as refused:
            rule(translation(FIRST.id), own=own(handling))
        assert refused.value.code == "intelligence.pass_on" and refused.value.field == "release"
    with pytest.raises(Refused, match="can read no act"):
        rule(translation(FIRST.id), own=lambda *_, **__: None)


def test_a_thread_says_who_concurs_who_dissents_and_who_is_awaited(tmp_path: Path) -> None:
    """The panel names each, and silence counts as neither; whoever is awaited is told so at home."""
    registers = folded(tmp_path, entry(0, assessment()), entry(1, concurrence(FIRST.id, "RU", "dissent"), author="RU"))

    def look(member: str) -> Look:
        return Look(member, CHARTER, OCTOBER_7, Settled(0, 0), registers.query, registers.search, registers.act,
                    registers.thread, lambda name, **args: [], lambda at_ms: InForce(CHARTER, frozenset()))

    showing = DESK.showing
    assert showing is not None and showing.panel is not None and showing.needs is not None and showing.offers
    shown: Any = showing.panel.show(look("IR"), registers.thread(FIRST.id))
    assert [(one.member, one.position) for one in shown.stands] == [("RU", "dissent")]
    assert shown.awaited == ("IR", "SY")
    assert {code: len(showing.needs(look(code))) for code in EVERYONE} == {"IQ": 0, "IR": 1, "RU": 0, "SY": 1}
    assert [offer.kind for offer in showing.offers(look("SY"), registers.thread(FIRST.id))] == ["concurrence"]
    assert [offer.kind for offer in showing.offers(look("IQ"), registers.thread(FIRST.id))] == ["recall"]


def test_reports_that_may_tell_of_the_same_are_named_and_never_merged(tmp_path: Path) -> None:
    """The same spot and time, or near and in like words; far, late, corrected away or in other words nearby: not."""
    near = Position(lat=333_952_000, lon=443_661_000, accuracy_m=None)
    far = Position(lat=353_152_000, lon=443_661_000, accuracy_m=None)
    other = Text(lang="ru", text="Грузовики у моста")
    told = [report(), report(title=other), report(place=near), report(place=near, title=other), report(place=far),
            report(occurred_from=OCTOBER_7 + 86_400_000, occurred_until=OCTOBER_7 + 86_400_000), report(place=None)]
    registers = folded(tmp_path, *(entry(index, one) for index, one in enumerate(told)))
    first = registers.by_reference("IQ 1")
    look = Look("IQ", CHARTER, OCTOBER_7, Settled(0, 0), registers.query, registers.search, registers.act,
                registers.thread, lambda name, **args: [], lambda at_ms: InForce(CHARTER, frozenset()))
    assert alike(look, first) == ("IQ 2", "IQ 3")
    assert alike(look, registers.by_reference("IQ 7")) == ()


def test_translations_that_stand_are_found_by_what_they_translate(tmp_path: Path) -> None:
    """A recalled translation is found no more."""
    original = said(report(), index=0)[0]
    registers = folded(tmp_path, entry(0, report()), entry(1, translation(original.id)))
    known = said(translation(original.id), index=1)[0].id
    assert registers.query("intelligence", "translations", of=original.id) == [("ru", known)]
    fold(registers, entry(2, recall(known)))
    assert registers.query("intelligence", "translations", of=original.id) == []
