"""Presence: heartbeats at the charter's interval, what could not be opened, and the steps of a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tansiq.cell.registers import ActQuery
from tansiq.doors.floor import Floor
from tansiq.errors import Conflict, Refused
from tansiq.run import Centre, open_offices
from tests.faults import making

MINUTE_MS = 60_000


@pytest.fixture(scope="module", name="founded")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.found(tmp_path_factory.mktemp("presence"))


@pytest.fixture(name="centre")
def _centre(founded: Path, tmp_path: Path) -> Iterator[Centre]:
    centre = making.copied(founded, tmp_path)
    yield centre
    centre.stop()


def _pass(centre: Centre, minutes: int) -> None:
    """Let time pass on every clock of the centre, then let it come to rest."""
    clock = centre.registrar._clock
    clock.now += minutes * MINUTE_MS  # type: ignore[attr-defined]
    centre.run_until_quiet()
    assert centre.faults == {}


def _beats(centre: Centre, code: str) -> int:
    return len(centre.cells[code].registers.search(ActQuery(kinds=("heartbeat",), limit=1_000)))


def test_every_cell_says_that_it_is_there_at_the_interval(centre: Centre) -> None:
    """After the charter's interval each cell, a partner's too, says one heartbeat of the smallest size; not before."""
    parties = [party.code for party in centre.charter.parties]
    before = centre.registrar.store.size
    _pass(centre, centre.charter.heartbeat_minutes - 5)
    assert centre.registrar.store.size == before
    _pass(centre, 10)
    entries = centre.cells["IQ"].registers.entries(limit=len(parties))
    assert sorted(entry.author for entry in entries) == sorted(parties)
    assert {entry.body_size for entry in entries} == {2_048} and all(entry.quiet for entry in entries)
    assert centre.registrar.store.size == before + len(parties)


def test_a_heartbeat_is_not_due_where_something_was_said(centre: Centre) -> None:
    """Who has said something of late need not say that it is there; a long silence costs one heartbeat, not many."""
    _pass(centre, 10)
    making.say(centre.cells["IQ"], release=("RU",))
    _pass(centre, 10)
    assert _beats(centre, "IQ") == len(list(centre.charter.parties)) - 1
    _pass(centre, 30 * 24 * 60)
    assert _beats(centre, "IQ") == 2 * len(list(centre.charter.parties)) - 1


def test_heartbeats_disturb_no_list(centre: Centre) -> None:
    """They stand in no search unless their desk or kind is asked for, and not among what the feed shows."""
    said = making.say(centre.cells["IQ"], release=("RU",))
    _pass(centre, 60)
    registers = centre.cells["RU"].registers
    assert [row.id for row in registers.search(ActQuery())] == [said] and registers.count(ActQuery()) == 1
    assert registers.count(ActQuery(desk="cell")) == len(list(centre.charter.parties))
    assert all(not entry.quiet for entry in registers.entries(limit=100, quiet=False))


def test_nobody_can_say_a_heartbeat_by_hand(centre: Centre) -> None:
    """No officer has the office in whose name a cell speaks of itself."""
    offices = open_offices(centre)
    floor = Floor(centre, centre.cells["IQ"].desks, offices)
    with pytest.raises(Refused) as caught:
        floor.say(floor.officer("IQ-releaser"), "heartbeat", {"release": ["IQ"]})
    assert caught.value.code == "officer.role"
    for office in offices.values():
        office.close()


def test_a_receipt_goes_in_steps(centre: Centre) -> None:
    """Each reader is awaited from the time it was ordered, until an entry of its own says that it had seen so far."""
    cell = centre.cells["IQ"]
    act = making.say(cell, release=("RU", "IR"))
    centre.run_until_quiet()
    receipt = cell.receipt(act)
    assert receipt.state == "settled"
    assert [(step.member, step.state, step.time) for step in receipt.steps] == [
        ("IR", "awaited", receipt.time), ("RU", "awaited", receipt.time)]
    making.say(centre.cells["RU"], "An answer", release=("SY",))
    centre.run_until_quiet()
    assert [(step.member, step.state) for step in cell.receipt(act).steps] == [("IR", "awaited"), ("RU", "opened")]
    _pass(centre, 20)
    assert {step.state for step in cell.receipt(act).steps} == {"opened"}


def test_what_cannot_be_opened_is_told_to_its_author_alone_and_sealed_again(centre: Centre) -> None:
    """Junk is told to the author and nobody else; sealed again, the act is folded there, and the receipt says so."""
    author, reader = centre.cells["IQ"], centre.cells["RU"]
    act = making.salted(making.composed(author, "Lost words", release=("RU", "IR")))
    bad = making.forge(author, [act], ("IQ", "RU"), key=bytes([7]) * 32)
    number = making.parsed(bad).number
    making.order(centre, bad)
    centre.run_until_quiet()
    told = centre.cells["IQ"].registers.query("cell", "unopened", author="IQ", number=number)
    assert set(told) == {"RU"} and told["RU"][0] == "slot.unopenable"
    assert centre.cells["IR"].registers.query("cell", "unopened", author="IQ", number=number) == {}
    centre.run_until_quiet()
    assert reader.registers.count(ActQuery(kinds=("unopened",))) == 1, "told once"


def test_an_act_is_sealed_again_as_the_same_act(centre: Centre) -> None:
    """A second sealing gives readers the same act once; only its author can ask for it, and not while it travels."""
    cell = centre.cells["IQ"]
    act = making.say(cell, release=("RU",))
    centre.run_until_quiet()
    with pytest.raises(Refused) as caught:
        centre.cells["RU"].seal_again(act)
    assert caught.value.code == "act.author.other"
    cell.seal_again(act)
    centre.run_until_quiet()
    assert [len(making.rows(centre.cells[code])) for code in ("IQ", "RU")] == [1, 1]
    assert len(cell.registers.places(act)) == 1 and cell.receipt(act).state == "settled"
    making.quiet(centre)
    cell.seal_again(act)
    with pytest.raises(Conflict):
        cell.seal_again(act)


def test_to_have_seen_is_to_have_folded(centre: Centre) -> None:
    """An entry never says that its author had seen more than it has opened and folded."""
    reader = making.quiet(centre).cells["RU"]
    for title in ("One", "Two", "Three"):
        making.say(centre.cells["IQ"], title, release=("RU",))
    centre.cells["IQ"].step()
    reader.speaker.follow()
    folded = reader.registers.latest()
    assert folded < reader.follower.size
    making.say(reader, "Meanwhile", release=("IQ",))
    reader.send()
    centre.run_until_quiet()
    mine = next(row for row in making.rows(reader) if row.title == "Meanwhile")
    assert mine.seen == folded
