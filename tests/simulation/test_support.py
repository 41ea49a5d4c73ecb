"""Requests in a whole centre: the demonstration's end, one state in every cell and after a rebuild, and what a patched
cell says against the charter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tansiq.cell.registers import ActQuery, ActRow
from tansiq.cell.views import Look
from tansiq.desks.protection import following as protection
from tansiq.desks.support import DESK
from tansiq.desks.support.looking import case_of, waiting_rows
from tansiq.desks.support.waiting import stand
from tansiq.geo import Circle
from tansiq.run import Centre, found, open_centre
from tansiq.run.demonstration import begins_at, play, read_steps
from tests.faults import making

CHARTERS = Path(__file__).parents[2] / "charters"
KINDS = {form.kind.name for form in DESK.forms} | {"site", "acknowledgement"}
TABLES = ("support_requests", "support_spans", "support_waits", "support_near", "protection_sites", "protection_known")


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """The centre of the demonstration after its requests, with nothing else said in it."""
    directory = tmp_path_factory.mktemp("support")
    steps = [step for step in read_steps(CHARTERS / "baghdad.demonstration") if step.kind in KINDS]
    found((CHARTERS / "baghdad.toml").read_text("utf-8"), directory, at_ms=begins_at(steps))
    made = open_centre(directory)
    play(made, steps, {form.kind.name: form.role for desk in made.desks for form in desk.forms})
    made.run_until_quiet()
    yield made
    made.stop()


def look(centre: Centre, code: str) -> Look:
    """What the views of one cell read."""
    cell = centre.cells[code]
    registers = cell.registers
    return Look(code, centre.charter, cell.now(), cell.settled, registers.query, registers.search, registers.act,
                registers.thread, registers.query_all, cell.in_force, {}, territories=cell.territories)


def requests(centre: Centre, code: str) -> dict[str, ActRow]:
    """The requests that one cell can read, by their titles' beginning."""
    rows = centre.cells[code].registers.search(ActQuery(kinds=("request",), limit=1_000))
    return {row.title: row for row in rows}


def kept(centre: Centre, code: str) -> list[list[Any]]:
    """All that the desk's tables hold in one cell."""
    with centre.cells[code].registers.writing() as writer:
        connection = writer._connection
        return [sorted(map(repr, connection.execute(f"SELECT * FROM {table}"))) for table in TABLES]


def test_the_demonstration_ends_as_it_is_told(centre: Centre) -> None:
    """Two fulfilled, one in two parts; what comes from the air stopped when its consent was taken back; a store that
    is objected to as a base; an arming that waits for its government; nothing in it is void."""
    found = {title: row.standing for code in ("IQ", "SY") for title, row in requests(centre, code).items()}
    assert sorted(found.values()) == ["asked", "asked", "countered", "fulfilled", "fulfilled", "stopped", "waiting"]
    for cell in centre.cells.values():
        assert not cell.registers.search(ActQuery(void=True))
    air = next(row for row in requests(centre, "RU").values() if row.precedence == "flash")
    case = case_of(look(centre, "RU"), centre.cells["RU"].registers.thread(air.id))
    assert case is not None and case.story.parts["RU"].state == "stopped"
    assert {(wait.member, wait.what) for wait in stand(case).waits} == {("IQ", "consent")}


def test_what_needs_each_member(centre: Centre) -> None:
    """Each cell says for itself what its member is awaited for, by the office that can do it."""
    needs = {code: sorted((row.what, row.role) for row in waiting_rows(look(centre, code)))
             for code in ("IQ", "IR", "RU", "SY")}
    assert needs == {
        "IQ": [("answer", "releaser"), ("answer", "releaser"), ("consent", "consenter"), ("consent", "consenter")],
        "IR": [], "RU": [("objection", "releaser")], "SY": [("counter", "releaser")]}


def test_every_cell_says_the_same_and_after_a_rebuild(centre: Centre) -> None:
    """Who can read a thread tells one state of it; folded again in batches of other sizes nothing differs."""
    told: dict[str, set[str]] = {}
    for code, cell in centre.cells.items():
        for row in requests(centre, code).values():
            case = case_of(look(centre, code), cell.registers.thread(row.id))
            assert case is not None
            told.setdefault(row.id, set()).add(repr(stand(case.at(cell.now() // 10**7 * 10**7))))
            assert row.standing == stand(case).state
    assert told and {len(states) for states in told.values()} == {1}
    for code, batch in (("IQ", 1), ("RU", 7)):
        before = kept(centre, code)
        centre.cells[code].registers.reset()
        while centre.cells[code]._folder.fold(limit=batch):
            pass
        assert kept(centre, code) == before and any(before)


@pytest.mark.parametrize(("kind", "changes", "void", "article"), [
    ("step", {}, "support.consent.none", "5"),
    ("request", {"facility": "fixed"}, "support.forbidden", "7"),
    ("request", {"foreign_personnel": "stationed"}, "support.forbidden", "8"),
    ("request", {"place": {"form": "point", "at": [371_447_222, 425_655_600]}}, "support.forbidden", "10"),
    ("request", {"topic": "technology"}, "act.topic", None), ("request", {"topic": None}, "act.topic", None),
])
def test_what_a_patched_cell_says_is_void_everywhere(centre: Centre, kind: str, changes: dict[str, Any], void: str,
                                                     article: str | None) -> None:
    """A cell without its rule says a step without consent, a base, a landing, something on nobody's ground, a request
    under a false label or none: it is ordered, and void at every reader, with the article where one forbids it."""
    asked = next(row for row in requests(centre, "RU").values() if row.standing == "waiting")
    cell = centre.cells["RU" if kind == "step" else "IQ"]
    now = cell.now()
    plain: dict[str, Any] = msgspec.to_builtins(asked.act)
    if kind == "step":
        own = {"phase": "delivery", "text": plain["title"], "begins": now + 1, "ends": now + 2, "at_sea": False,
               "place": plain["place"], "lower_m": None, "upper_m": None, "foreign_personnel": "none",
               "facility": "none"}
        head = {name: plain[name] for name in ("version", "release", "topic", "handling", "precedence", "assertion")}
        fields = {**head, **own, "kind": "step", "author": "RU", "officer": "patched", "thread": asked.id,
                  "refers": [asked.id]}
    else:
        fields = {**plain, "needed_until": now + 10**10, "answer_by": now + 10**9, "needed_from": now, **changes}
    act = msgspec.convert(fields, DESK.form(kind).kind.type)
    [index] = making.order(centre, making.forge(cell, [making.salted(act, number=DESK.number, salt=len(void) + int(
        article or len(str(changes))))], list(act.release), desk=DESK.number))
    for code in act.release:
        [row] = [one for one in centre.cells[code].registers.search(ActQuery(void=True, limit=100))
                 if one.index == index]
        assert (row.void, row.article, row.standing) == (void, article, "void")


def test_consents_in_force_at_an_incident_are_shown_to_people_alone(centre: Centre) -> None:
    """Those that met its place and time and had not been taken back before; a program is told of none."""
    registers = centre.cells["IQ"].registers
    [back] = registers.search(ActQuery(kinds=("revocation",)))
    given: Any = registers.act(back.act.refers[0])
    assert given.act.valid_from < back.time < given.act.valid_until

    def met(place: Any, at: int) -> list[str]:
        found: list[str] = registers.query("support", "consents_at", area=place, from_ms=at, until_ms=at)
        return found

    assert given.id in met(given.act.place, back.time - 1) and given.id not in met(given.act.place, back.time)
    assert given.id not in met(given.act.place, given.act.valid_from - 1)
    assert given.id not in met(Circle((0, 0), 1_000), back.time - 1)
    here: Any = SimpleNamespace(area=given.act.place, occurred_from=back.time - 1, occurred_until=back.time - 1)
    read = look(centre, "IQ")
    assert (given.reference, given.author) in protection._consents(replace(read, people=True), here)
    assert protection._consents(read, here) == ()
