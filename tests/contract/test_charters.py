"""The same promises under any charter: nothing in the program knows who is a member."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from tansiq.keys.rosters import quorum
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import copied, quiet


@pytest.fixture(scope="module", params=["baghdad", "maritime"])
def centre(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre under each charter in turn."""
    directory = tmp_path_factory.mktemp(request.param)
    made = quiet(copied(making.found(directory / "founded", request.param), directory))
    yield made
    made.stop()


def test_every_member_is_heard_by_every_other(centre: Centre) -> None:
    """What each member says to all is readable and settled at each."""
    codes = making.members(centre)
    said = {code: making.say(centre.cells[code], f"From {code}", release=codes) for code in codes}
    centre.run_until_quiet()
    for code in codes:
        assert making.titles(centre.cells[code])[-len(codes):] == sorted(f"From {one}" for one in codes)
        assert centre.cells[code].receipt(said[code]).state == "settled"


def test_two_may_speak_alone(centre: Centre) -> None:
    """What one says to one other is readable at the two, and the others hold its entry without its words."""
    codes = making.members(centre)
    for one, other in pairwise(codes):
        act = making.say(centre.cells[one], f"{one} to {other} alone", release=(other,))
        centre.run_until_quiet()
        readers = {code for code in codes if centre.cells[code].registers.act(act)}
        assert readers == {one, other}
        row = centre.cells[one].registers.act(act)
        assert row is not None and row.release == tuple(sorted((one, other)))
        for code in set(codes) - readers:
            assert centre.cells[code].registers.entries(limit=1)[0].author == one


def test_a_report_is_corrected_and_recalled(centre: Centre) -> None:
    """A report is corrected, then recalled by its author, alike at each reader."""
    one, other = making.members(centre)[-2:]
    reason = {"reason": {"lang": "en", "text": "Seen again"}}
    first = making.say(centre.cells[one], "First words", release=(other,))
    centre.run_until_quiet()
    told = {k: v for k, v in making.report("Better words").items() if k not in ("external_id", "release")}
    centre.cells[one].say("correction", told | reason | {"refers": [first]}, officer=f"{one}-releaser")
    centre.run_until_quiet()
    standing = [centre.cells[code].registers.act(first).standing for code in (one, other)]  # type: ignore[union-attr]
    assert standing[0] == standing[1] != "standing"
    centre.cells[one].say("recall", reason | {"refers": [first]}, officer=f"{one}-releaser")
    centre.run_until_quiet()
    assert centre.cells[one].registers.thread(first) == centre.cells[other].registers.thread(first)
    assert len(centre.cells[one].registers.thread(first)) == 3


def test_a_quorum_settles(centre: Centre) -> None:
    """What was ordered is settled once two thirds and one more have cosigned, and the journal is whole."""
    status = centre.status()
    assert status["settled"] == status["size"]
    assert len(status["cosigners"]) >= quorum(len(making.members(centre)))
    making.require_whole(centre)


def test_it_is_the_same_after_it_was_closed(centre: Centre) -> None:
    """Opened again, every cell knows what it knew."""
    before = {code: making.rows(centre.cells[code]) for code in making.members(centre)}
    centre.stop()
    again = making.opened(centre.directory)
    assert {code: making.rows(again.cells[code]) for code in making.members(again)} == before
    centre.cells, centre.registrar = again.cells, again.registrar
