"""The demonstrations that come with the charters play, and each member reads what was released to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tansiq.cell.registers import ActQuery
from tansiq.charter import Charter, parse_charter
from tansiq.desks import intelligence
from tansiq.run import Centre, found, lay_demonstration, open_centre, play
from tansiq.run.demonstration import Step
from tansiq.run.demonstration import read_steps as read_folder

CHARTERS = Path(__file__).parents[2] / "charters"
NAMES = ("baghdad", "maritime")
MARKS = ("تمرين", "تمرین", "учение", "exercise")


def read_steps(name: str) -> list[Step]:
    """Read the reports of a charter's demonstration; what other desks play is tested beside them."""
    desk = {form.kind.name for form in intelligence.DESK.forms}
    return [step for step in read_folder(CHARTERS / f"{name}.demonstration") if step.kind in desk]


def read_charter(name: str) -> Charter:
    """Read the charter a demonstration is played under."""
    return parse_charter((CHARTERS / f"{name}.toml").read_text(encoding="utf-8"))


def signature(step: Step) -> tuple[str, str, str]:
    """Tell an act of a demonstration from every other: its author, kind and main words."""
    words = step.fields["text"] if "text" in step.fields else step.fields["reason"]
    return step.cell, step.kind, words["text"]


def standings(steps: list[Step]) -> dict[tuple[str, str, str], str]:
    """Say how each act has to stand once all have been said."""
    by_name = {step.name: step for step in steps}
    ends = {signature(step): "standing" for step in steps}
    for step in steps:
        for name in step.fields.get("refers", ()):
            ends[signature(by_name[name])] = "recalled" if step.kind == "recall" else "corrected"
    return ends


@pytest.fixture(scope="module", params=NAMES)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Centre]]:
    """A centre founded on a charter, with its demonstration played."""
    name = str(request.param)
    directory = tmp_path_factory.mktemp(name)
    begins = lay_demonstration(CHARTERS / f"{name}.demonstration", directory)
    found((CHARTERS / f"{name}.toml").read_text(encoding="utf-8"), directory, at_ms=begins)
    centre = open_centre(directory)
    try:
        play(centre)
        centre.run_until_quiet()
        yield name, centre
    finally:
        centre.stop()


def test_each_member_reads_exactly_what_names_it(played: tuple[str, Centre]) -> None:
    """A member's registers hold every act whose release names it, and no other."""
    name, centre = played
    steps = read_steps(name)
    for code, cell in centre.cells.items():
        rows = cell.registers.search(ActQuery(void=None, desk="intelligence"))
        texts = {_words(row.act) for row in rows}
        assert len(rows) == len(texts)
        assert texts == {signature(step) for step in steps if code in step.fields["release"]}
        assert all(code in row.release and row.void is None for row in rows)


def test_what_was_corrected_or_recalled_no_longer_stands(played: tuple[str, Centre]) -> None:
    """A corrected report stands as corrected and a recalled one as recalled, for every member who reads it."""
    name, centre = played
    ends = standings(read_steps(name))
    assert {"standing", "corrected", "recalled"} == set(ends.values())
    for cell in centre.cells.values():
        for row in cell.registers.search(ActQuery(desk="intelligence")):
            assert row.standing == ends[_words(row.act)]


def test_everything_is_settled(played: tuple[str, Centre]) -> None:
    """Every author has a receipt for each of its acts that says settled; nothing waits, and no cell is in trouble."""
    _, centre = played
    assert not centre.faults
    members = [member.code for member in centre.charter.members]
    for code, cell in centre.cells.items():
        assert cell.status()["outbox"] == 0
        own = cell.registers.search(ActQuery(author=code, desk="intelligence"))
        spoken = {"settled"} if code in members else set()  # the charter lists no kind that this desk has for partners
        assert {cell.receipt(row.id).state for row in own} == spoken


def test_its_journal_has_the_times_of_its_story(played: tuple[str, Centre]) -> None:
    """Each act is ordered at the time that its step names, and the clock runs on from the last."""
    name, centre = played
    times = {_words(row.act): row.time for cell in centre.cells.values()
             for row in cell.registers.search(ActQuery(desk="intelligence"))}
    for step in read_steps(name):
        assert step.at_ms is not None and 0 <= times[signature(step)] - step.at_ms < 60_000, step.name
    assert 0 <= centre.cells[read_steps(name)[0].cell].now() - max(times.values()) < 600_000


def test_it_is_played_once(played: tuple[str, Centre]) -> None:
    """A centre in which something has been said is left as it is."""
    _, centre = played
    before = centre.registrar.store.size
    play(centre)
    assert centre.registrar.store.size == before


@pytest.mark.parametrize("name", NAMES)
def test_what_is_invented_says_so(name: str) -> None:
    """Every step names a public source, or says in its own words that it is an exercise."""
    for step in read_steps(name):
        words = [step.fields[field]["text"] for field in ("text", "reason") if field in step.fields]
        marked = all(any(mark in word.lower() for mark in MARKS) for word in words)
        assert step.fields.get("source") or marked, step.name


@pytest.mark.parametrize("name", NAMES)
def test_it_shows_what_a_charter_allows(name: str) -> None:
    """All languages, members, precedences and more than one handling and release of the charter are to be seen."""
    steps, charter = read_steps(name), read_charter(name)
    fields = [step.fields for step in steps]
    assert {told["title"]["lang"] for told in fields if "title" in told} == set(charter.languages)
    assert {step.cell for step in steps} == {member.code for member in charter.members}
    assert {told["precedence"] for told in fields} == {"routine", "priority", "immediate", "flash"}
    assert {told["handling"] for told in fields} == {handling.code for handling in charter.handling}
    assert {2, len(charter.members)} <= {len(told["release"]) for told in fields}


def _words(act: object) -> tuple[str, str, str]:
    given = msgspec.to_builtins(act)
    words = given["text"] if "text" in given else given["reason"]
    return given["author"], given["kind"], words["text"]
