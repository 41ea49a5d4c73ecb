"""An unsettled tail of the journal falls: what an author had said in it is sent again, to the byte, or sealed again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tansiq.cell.node import Cell
from tansiq.journal import parse_leaf
from tansiq.registrar.state import JournalState
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import copied, quiet


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy."""
    return making.found(tmp_path_factory.mktemp("falling"))


def _entries(cell: Cell, since: int) -> list[tuple[bytes, bytes]]:
    """Entry and body of what the cell's copy holds from an index on."""
    return [(parse_leaf(record.leaf).entry.data, record.body) for record in cell.follower.leaves(since, 10_000)]


def _said(cell: Cell, *titles: str) -> list[str]:
    """Say reports for all to read, one envelope each, and have them ordered."""
    acts = []
    for title in titles:
        acts.append(making.say(cell, title, release=("IQ", "SY", "RU")))
        cell.send()
    cell.speaker.follow()
    return acts


def _fall(centre: Centre, size: int) -> None:
    """The journal falls back to *size* entries at the registrar and in every copy, as if nobody had cosigned more."""
    stores: list[Any] = [centre.registrar.store]
    for code in making.members(centre):
        cell: Any = centre.cells[code]
        stores.append(cell.follower.store)
        cell.registers.reset()
        cell.book._db.execute("DELETE FROM cosigned")
        cell.book._cosigned = None
    for store in stores:
        store.truncate(size)
    centre.registrar.state = JournalState.load(centre.registrar.store)
    centre.registrar._signed = 0
    for code in making.members(centre):
        follower: Any = centre.cells[code].follower
        follower.state = JournalState.load(follower.store)
        centre.cells[code].speaker.fallen(size)


def test_what_fell_is_sent_again_to_the_byte(founded: Path, tmp_path: Path) -> None:
    """Ordered and not settled, the acts of a tail that falls are ordered again: the same entries, at once."""
    centre = quiet(copied(founded, tmp_path))
    cell, size = centre.cells["IQ"], centre.registrar.store.size
    acts = _said(cell, "One", "Two", "Three")
    before = _entries(cell, size)
    _fall(centre, size + 1)
    assert [cell.receipt(act).state for act in acts] == ["ordered", "outbox", "outbox"]
    centre.run_until_quiet()
    assert _entries(cell, size) == before and len(before) == 3
    assert {cell.receipt(act).state for act in acts} == {"settled"}
    assert making.titles(centre.cells["RU"]) == ["One", "Three", "Two"] and cell.outbox.held() == []
    making.require_whole(centre)
    centre.stop()


def test_what_fell_and_fits_no_more_is_sealed_again(founded: Path, tmp_path: Path) -> None:
    """Where another's entry stands now in what an envelope had seen, its acts are sealed again: the same ids, once."""
    centre = quiet(copied(founded, tmp_path))
    cell, size = centre.cells["IQ"], centre.registrar.store.size
    [other] = _said(centre.cells["SY"], "Theirs")
    cell.speaker.follow()
    acts = _said(cell, "One", "Two")
    before = _entries(cell, size)
    _fall(centre, size)
    centre.run_until_quiet()
    assert {cell.receipt(act).state for act in [*acts, other]} == {"settled"}
    assert making.titles(centre.cells["RU"]) == ["One", "Theirs", "Two"]
    assert len({row.id for row in making.rows(cell)}) == 3 and _entries(cell, size) != before
    making.require_whole(centre)
    centre.stop()


def test_after_a_start_the_journal_says_what_fell(founded: Path, tmp_path: Path) -> None:
    """A tail that fell while the cell was down is sent again to the byte at its start; nothing else tells it."""
    centre = quiet(copied(founded, tmp_path))
    size = centre.registrar.store.size
    centre.stop()
    shutil.copytree(centre.directory, tmp_path / "before")
    centre = quiet(making.opened(centre.directory))
    acts = _said(centre.cells["IQ"], "One", "Two")
    before = _entries(centre.cells["IQ"], size)
    centre.stop()
    shutil.copy(centre.directory / "cells" / "IQ" / "outbox.db", tmp_path / "before" / "cells" / "IQ" / "outbox.db")
    centre = quiet(making.opened(tmp_path / "before"))
    centre.run_until_quiet()
    assert _entries(centre.cells["IQ"], size) == before
    assert {centre.cells["IQ"].receipt(act).state for act in acts} == {"settled"}
    making.require_whole(centre)
    centre.stop()


def test_nothing_is_let_go_before_it_is_settled(founded: Path, tmp_path: Path) -> None:
    """While no quorum cosigns the author holds its envelopes, across a start too; with one it lets them go."""
    centre = quiet(copied(founded, tmp_path))
    _said(centre.cells["IQ"], "One", "Two")
    for _ in range(3):
        centre.cells["IQ"].step()
    held = centre.cells["IQ"].outbox.held()
    assert len(held) == 2 and centre.cells["IQ"].outbox.count() == 0
    centre.stop()
    centre = making.copied(centre.directory, tmp_path / "again")
    assert centre.cells["IQ"].outbox.held() == []
    making.require_whole(centre)
    centre.stop()
