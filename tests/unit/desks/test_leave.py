"""Leave: an author lets others pass an act on or disclose it; it stands until it is recalled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tansiq.acts import Text
from tansiq.cell.desk import Common, Said, Thread
from tansiq.charter import parse_charter
from tansiq.desks.intelligence import DESK
from tansiq.desks.intelligence.analysis import Translation
from tansiq.desks.intelligence.leave import Leave
from tansiq.errors import Malformed, Refused
from tests.unit.registers.making import HEAD, OCTOBER_7, entry, fold, folded, recall, report, said

ROOT = Path(__file__).resolve().parents[3]
CHARTER = parse_charter((ROOT / "charters/baghdad.toml").read_text("utf-8"))
ACT = said(report(), index=0)[0]
WORDS = Text(lang="en", text="For a press briefing on 12 October.")


def leave(**changes: Any) -> Leave:
    """IQ's leave to RU to disclose a report."""
    return Leave(**{**HEAD, "kind": "leave", "of": ACT.id, "use": "disclose", "text": WORDS, **changes})


def rule(act: Any, *thread: Said, own: Any = None) -> None:
    """Rule on *act* below *thread*; *own* answers for the speaker's registers."""
    DESK.rule(act, Thread(thread), Common(OCTOBER_7, 9, own=own), CHARTER)


def origin(author: str, handling: str = "CENTRE", *, leave_of: str | None = None) -> Any:
    """What the speaker's own cell answers about the original, and about leave for it."""
    return lambda desk, name, **_: leave_of if name == "leave" else (author, ("IQ", "RU"), handling)


def test_only_its_author_gives_leave_for_an_act() -> None:
    """The author's own cell holds it to what it said itself; other cells admit the word and heed its author alone."""
    rule(leave(), own=origin("IQ"))
    with pytest.raises(Refused, match="Only SY") as refused:
        rule(leave(), own=origin("SY"))
    assert (refused.value.code, refused.value.field) == ("leave.author", "of")
    with pytest.raises(Refused, match="can read no act"):
        rule(leave(), own=lambda *_, **__: None)
    with pytest.raises(Malformed):
        rule(leave(of="none"))
    with pytest.raises(Refused, match="thread of its own"):
        rule(leave(thread=ACT.id, refers=(ACT.id,)), ACT)


def test_leave_stands_for_its_use_until_it_is_recalled(tmp_path: Path) -> None:
    """One use, one act, one author; after the recall there is none."""
    given = said(leave(), index=1)[0]
    registers = folded(tmp_path, entry(0, report()), entry(1, leave()))

    def stands(act_id: str = ACT.id, author: str = "IQ", use: str = "disclose") -> Any:
        return registers.query("intelligence", "leave", act_id=act_id, author=author, use=use)

    assert stands() == given.id
    assert stands(use="pass_on") is None and stands(author="SY") is None and stands(act_id="ab" * 32) is None
    back = recall(given.id)
    rule(back, given)
    fold(registers, entry(2, back))
    assert stands() is None


def test_leave_of_another_than_the_author_counts_for_nothing(tmp_path: Path) -> None:
    """A patched cell may say it; nobody heeds it."""
    registers = folded(tmp_path, entry(0, report()), entry(1, leave(author="SY"), author="SY"))
    assert registers.query("intelligence", "leave", act_id=ACT.id, author="IQ", use="disclose") is None


def test_leave_to_pass_on_lets_a_translation_go_further() -> None:
    """What the handling keeps among its readers goes further with its author's leave; what it closes never does."""
    further = Translation(**{**HEAD, "kind": "translation", "of": ACT.id, "title": None, "author": "RU",
                             "text": Text(lang="ru", text="Колонна."), "release": ("IR", "RU")})
    rule(further, own=origin("IQ", leave_of="ab" * 32))
    for handling, given in (("CENTRE", None), ("CLOSED", "ab" * 32)):
        with pytest.raises(Refused) as refused:
            rule(further, own=origin("IQ", handling, leave_of=given))
        assert refused.value.code == "intelligence.pass_on"
