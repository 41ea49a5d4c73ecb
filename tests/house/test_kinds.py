"""The tables that a judge reads agree with what the program does."""

from __future__ import annotations

import re

from tansiq.acts.desks import DESKS, KINDS_BY_DESK, desk_of
from tansiq.charter.vocabulary import KINDS
from tansiq.desks import DESKS as DESKS_HERE
from tests.house.reading import ROOT


def test_every_kind_that_a_charter_can_name_lies_on_one_desk() -> None:
    """The judge's table of kinds is the charter's vocabulary, each kind on one desk."""
    hint = "write the new kind into tansiq/acts/desks.py"
    listed = [kind for kinds in KINDS_BY_DESK.values() for kind in kinds]
    assert len(listed) == len(set(listed)) and set(listed) == KINDS, hint
    assert set(KINDS_BY_DESK) == set(DESKS.values())


def test_the_desks_here_lie_where_the_table_says() -> None:
    """Each desk of the program has the number that the judge knows, and only kinds that lie on it."""
    for desk in DESKS_HERE:
        if not desk.hidden:
            assert DESKS[desk.name] == desk.number
            assert {desk_of(kind.name) for kind in desk.kinds} == {desk.number}


def test_the_table_of_the_spec_is_the_program_s() -> None:
    """The page from which the second verifier was written names every kind on the desk where the program has it."""
    spec = (ROOT / "docs/spec/evidence.md").read_text("utf-8")
    rows = re.findall(r"^\| ([1-8]) (\w+) \| ([a-z_ ]+) \|$", spec, re.MULTILINE)
    assert {name: int(number) for number, name, _ in rows} == DESKS
    assert {int(number): frozenset(kinds.split()) for number, _, kinds in rows} == KINDS_BY_DESK, (
        "write the new kind into docs/spec/evidence.md")
