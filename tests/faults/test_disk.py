"""Disks that fail, before a write and after it: nothing that was acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tansiq.errors import Unavailable
from tansiq.journal.sqlite import SqliteStore
from tansiq.registrar.order import Ordered
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import FailingStore, copied, forge, quiet, salted

WAYS = ["before", "after"]


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy."""
    return making.found(tmp_path_factory.mktemp("disk"))


def _reopened(centre: Centre) -> Centre:
    centre.stop()
    return making.opened(centre.directory)


def _require_once(centre: Centre, *titles: str) -> None:
    """All acts are settled once at their readers, in a journal that verifies."""
    assert making.titles(centre.cells["IQ"]) == making.titles(centre.cells["RU"]) == sorted(titles)
    assert all(cell.outbox.count() == 0 for cell in centre.cells.values())
    making.require_whole(centre)
    for row in making.rows(centre.cells["RU"]):
        assert centre.cells["IQ"].receipt(row.id).state == "settled"


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("reopen", [False, True], ids=["goes on", "reopened"])
def test_the_registrars_disk_fails_once(founded: Path, tmp_path: Path, how: str, reopen: bool) -> None:
    """The registrar's write fails: the act stays in the outbox and is ordered once, whether or not it was kept."""
    centre = quiet(copied(founded, tmp_path))
    store = FailingStore(centre.registrar.store)
    centre.registrar._store = store
    store.fail = how
    making.say(centre.cells["IQ"], "One", release=("RU",))
    centre.step()
    assert "IQ" in centre.faults and centre.cells["IQ"].outbox.count() == 1
    making.say(centre.cells["IQ"], "Two", release=("RU",))
    if reopen:
        centre = _reopened(centre)
    centre.run_until_quiet()
    _require_once(centre, "One", "Two")
    centre.stop()


@pytest.mark.parametrize("how", WAYS)
def test_the_registrar_answers_truly_after_a_failed_write(founded: Path, tmp_path: Path, how: str) -> None:
    """After a failed write the registrar says so to all who were in it, and the same bytes then have one place."""
    centre = quiet(copied(founded, tmp_path))
    cells = centre.cells
    offers = [forge(cells[c], [salted(making.composed(cells[c]))], [c]) for c in ("IQ", "SY")]
    centre.registrar._store = store = FailingStore(centre.registrar.store)
    size, store.fail = store.size, how
    with pytest.raises(Unavailable) as told:
        centre.registrar.offer(offers)
    assert told.value.code == "storage" and store.size == size + (2 if how == "after" else 0)
    outcomes = centre.registrar.offer(offers)
    assert [o.index for o in outcomes if isinstance(o, Ordered)] == [size, size + 1]
    centre.run_until_quiet()
    making.require_whole(centre)
    centre.stop()


@pytest.mark.parametrize("how", WAYS)
def test_a_checkpoint_that_could_not_be_kept_is_signed_again(founded: Path, tmp_path: Path, how: str) -> None:
    """Where a checkpoint fails to be kept, what was ordered stands, and the next who asks has the same checkpoint."""
    centre = quiet(copied(founded, tmp_path))
    offer = forge(centre.cells["IQ"], [salted(making.composed(centre.cells["IQ"]))], ["IQ"])
    centre.registrar._store = store = FailingStore(centre.registrar.store)
    [placed] = centre.registrar.offer([offer])
    assert isinstance(placed, Ordered)
    store.fail = how
    with pytest.raises(Unavailable):
        centre.registrar.head()
    head = centre.registrar.head()
    assert head.size == placed.index + 1 and head == centre.registrar.head()
    centre = _reopened(centre)
    assert centre.registrar.head().note == head.note
    making.require_whole(centre)
    centre.stop()


def test_the_registrar_waits_for_a_disk_that_stays_away(founded: Path, tmp_path: Path) -> None:
    """A disk that can be neither written nor read for a while is said each time; then all goes on without a gap."""
    centre = quiet(copied(founded, tmp_path))

    class Dead(FailingStore):
        """Neither writes nor reads."""

        def fetch(self, *_: Any, **__: Any) -> Any:
            raise Unavailable("storage", "The disk does not take the journal: {why}.", why="trial")

    whole, dead = centre.registrar.store, Dead(centre.registrar.store)
    making.say(centre.cells["IQ"], "One", release=("RU",))
    dead.fail = "before"
    centre.registrar._store = dead
    for _ in range(3):
        centre.step()
        assert "disk" in centre.faults["IQ"]
    centre.registrar._store = whole
    centre.run_until_quiet()
    _require_once(centre, "One")
    centre.stop()


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("reopen", [False, True], ids=["goes on", "reopened"])
def test_a_cells_disk_fails_once(founded: Path, tmp_path: Path, how: str, reopen: bool) -> None:
    """A cell's copy fails to be written: the others go on, and it holds every entry once when the disk is back."""
    centre = quiet(copied(founded, tmp_path))
    follower: Any = centre.cells["RU"].follower
    follower._store = FailingStore(follower._store)
    follower._store.fail = how
    size = follower.size
    making.say(centre.cells["IQ"], "One", release=("RU",))
    centre.step()
    assert follower.size == size and "RU" in centre.faults
    assert making.titles(centre.cells["IQ"]) == ["One"]
    if reopen:
        centre = _reopened(centre)
    making.say(centre.cells["IQ"], "Two", release=("RU",))
    centre.run_until_quiet()
    _require_once(centre, "One", "Two")
    centre.stop()


def test_a_cells_disk_that_cannot_even_go_back(founded: Path, tmp_path: Path) -> None:
    """Where the write fails and going back fails too, nothing is cosigned above the gap, and it is mended later."""
    centre = quiet(copied(founded, tmp_path))
    follower: Any = centre.cells["RU"].follower

    class Stuck(FailingStore):
        """Goes back only when told that it may."""

        stuck = True

        def truncate(self, size: int) -> None:
            if self.stuck:
                raise Unavailable("storage", "The disk does not take the journal: {why}.", why="trial")
            self.inner.truncate(size)

    follower._store = stuck = Stuck(follower._store)
    stuck.fail = "before"
    making.say(centre.cells["IQ"], "One", release=("RU",))
    for _ in range(3):
        centre.step()
        assert "RU" in centre.faults
        assert "RU" not in centre.registrar.head().cosignatures
    stuck.stuck = False
    centre.run_until_quiet()
    _require_once(centre, "One")
    centre.stop()


OUTBOX_WRITES = {"kept while the place is unknown": ("keep", False, True),
                 "sealed as it is said": ("hold", True, True),
                 "sealed by a second write": ("hold", False, False),
                 "let go when settled": ("settled", True, False)}
"""A name for each write of the outbox: the call, whether the cell knows its place, whether it is ``say`` that fails."""


@pytest.mark.parametrize("write", OUTBOX_WRITES)
@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("reopen", [False, True], ids=["goes on", "reopened"])
def test_the_outbox_fails_once(founded: Path, tmp_path: Path, write: str, how: str, reopen: bool) -> None:
    """A write of the outbox fails: what was said is there once; what failed to be taken was said to have failed."""
    centre = quiet(copied(founded, tmp_path))
    name, known, told = OUTBOX_WRITES[write]
    outbox, failed = centre.cells["IQ"].outbox, Unavailable("storage", "The disk: {why}.", why="trial")
    true = getattr(outbox, name)

    def fails(*given: Any) -> None:
        setattr(outbox, name, true)
        if how == "after":
            true(*given)
        raise failed

    if not known:
        centre.cells["IQ"].speaker._ahead = None
    setattr(outbox, name, fails)
    if told and how == "before":
        with pytest.raises(Unavailable):
            making.say(centre.cells["IQ"], "One", release=("RU",))
    elif told:  # what was kept is not said to have failed, or an officer would say it twice
        assert making.say(centre.cells["IQ"], "One", release=("RU",))
    else:
        making.say(centre.cells["IQ"], "One", release=("RU",))
        seen: set[str] = set()
        for _ in range(3):
            centre.step()
            seen |= set(centre.faults)
        assert seen == {"IQ"}
    if reopen:
        centre = _reopened(centre)
    making.say(centre.cells["IQ"], "Two", release=("RU",))
    centre.run_until_quiet()
    _require_once(centre, *([] if told and how == "before" else ["One"]), "Two")
    centre.stop()


def test_a_store_counts_again_after_a_failed_write(founded: Path, tmp_path: Path) -> None:
    """A store whose write failed knows how many entries it truly holds, and takes the next batch."""
    shutil.copytree(founded / "registrar", tmp_path / "one")
    store = SqliteStore(tmp_path / "one" / "journal.db")
    size = store.size
    store._db.execute("PRAGMA query_only=1")
    with pytest.raises(Unavailable):
        store.truncate(size - 1)
    assert store.size == size
    store._db.execute("PRAGMA query_only=0")
    store.truncate(size - 1)
    assert store.size == size - 1
    store.close()


def test_a_disk_without_room_says_so(founded: Path, tmp_path: Path) -> None:
    """A full disk refuses what is said, plainly; nothing is damaged, and with room again all goes on."""
    centre = quiet(copied(founded, tmp_path))
    making.say(centre.cells["IQ"], "Before", release=("RU",))
    centre.run_until_quiet()
    database = centre.cells["IQ"].outbox._db
    pages = database.execute("PRAGMA page_count").get
    database.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(Unavailable) as told:
        for n in range(100):
            making.say(centre.cells["IQ"], f"Full {n} " + "x" * 150, release=("RU",))
    assert told.value.code == "storage" and "full" in str(told.value)
    said = centre.cells["IQ"].outbox.count()
    database.execute("PRAGMA max_page_count=1000000")
    making.say(centre.cells["IQ"], "After", release=("RU",))
    centre = _reopened(centre)
    assert len(making.titles(centre.cells["RU"])) == said + 2
    making.require_whole(centre)
    centre.stop()


def test_the_registrars_full_disk_stops_nobodys_saying(founded: Path, tmp_path: Path) -> None:
    """While the registrar's disk is full acts wait in the outboxes, and are ordered once when there is room."""
    centre = quiet(copied(founded, tmp_path))
    database = centre.registrar.store._db  # type: ignore[attr-defined]
    pages = database.execute("PRAGMA page_count").get
    database.execute(f"PRAGMA max_page_count={pages}")
    said = [f"Said {n}" for n in range(40)]
    for title in said:
        centre.cells["IQ"].say("report", {**making.report(title, release=("RU",)), "text": {
            "lang": "en", "text": "x" * 15_000}}, officer="IQ-releaser")
    centre.step()
    assert "full" in centre.faults["IQ"]
    assert centre.cells["IQ"].outbox.count() == 40
    database.execute("PRAGMA max_page_count=1000000")
    centre.run_until_quiet()
    _require_once(centre, *said)
    centre.stop()


def test_the_registrars_dead_disk_stops_nobodys_reading(founded: Path, tmp_path: Path) -> None:
    """While the registrar's disk neither gives nor takes, a cell folds what it has and shows it, and is told why."""
    centre = quiet(copied(founded, tmp_path))
    cell = centre.cells["RU"]
    making.say(centre.cells["IQ"], "One", release=("RU",))
    centre.cells["IQ"].send()
    cell.speaker.follow()
    assert making.titles(cell) == []

    class Dead(FailingStore):
        """Gives no checkpoint, and takes nothing."""

        def checkpoint(self, *_: Any) -> Any:
            raise Unavailable("storage", "The disk does not take the journal: {why}.", why="trial")

    whole, centre.registrar._store = centre.registrar.store, Dead(centre.registrar.store)
    making.say(cell, "Mine", release=("IQ",))
    centre.step()
    assert making.titles(cell) == ["One"] and "disk" in centre.status()["cells"]["RU"]["fault"]
    centre.registrar._store = whole
    centre.run_until_quiet()
    _require_once(centre, "Mine", "One")
    centre.stop()
