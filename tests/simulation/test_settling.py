"""Settled means a quorum of every roster in force since what was settled before: tried while members come and go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tansiq import wire
from tansiq.cell import founding
from tansiq.journal import entry as kinds
from tansiq.keys.signing import SigningKey
from tansiq.registrar import documents
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import copied, quiet


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre of six to copy: five settle."""
    return making.found(tmp_path_factory.mktemp("settling"), "maritime")


@pytest.fixture(name="centre")
def _centre(founded: Path, tmp_path: Path) -> Iterator[Centre]:
    centre = quiet(copied(founded, tmp_path))
    yield centre
    centre.stop()


def _suspend(centre: Centre, member: str) -> None:
    """Have all others sign a suspension and one of them carry it in; nobody follows yet."""
    control = centre.registrar.state.control
    doc = documents.StandingDoc(roster=control.roster.index + 1, member=member)
    signers = sorted(set(documents.state_keys(control.roster, but=member)))
    signatures: dict[str, str] = {}
    for code in signers:
        path = founding.cell_directory(centre.directory, code) / founding.KEYS
        kept = msgspec.json.decode(path.read_bytes(), type=founding.Secrets)
        key = SigningKey.from_seed(wire.parse_base64(kept.state))
        signatures |= documents.sign_state({code: key}, control.centre, kinds.SUSPENSION, doc)
    whole: Any = documents.SignedStanding(doc=doc, signatures=signatures)
    centre.cells[signers[0]].say_open(kinds.SUSPENSION, whole)


def _step(centre: Centre, codes: list[str]) -> None:
    """Let these cells alone follow and cosign, twice: the second time they see each other's cosignatures."""
    for _ in range(2):
        for code in codes:
            centre.cells[code].step()


def _settled(centre: Centre, code: str) -> int:
    return centre.cells[code].follower.settled_size


def test_the_quorum_of_the_roster_before_counts_too(centre: Centre) -> None:
    """After a suspension four of five left are a quorum of theirs, yet not of the six: the fifth is awaited once."""
    *five, last = making.members(centre)
    before, size = _settled(centre, five[0]), centre.registrar.store.size
    assert before == size
    _suspend(centre, last)
    _step(centre, five[:4])
    assert set(centre.registrar.head().cosignatures) == set(five[:4])
    assert [_settled(centre, code) for code in five[:4]] == [before] * 4
    _step(centre, [five[4], *five[:4]])
    assert {_settled(centre, code) for code in five} == {size + 1}
    making.say(centre.cells[five[0]], release=five[1:2])
    _step(centre, five[:4])
    assert _settled(centre, five[0]) == size + 2, "from then on a quorum of the five is enough"


def test_who_is_suspended_since_may_still_settle_what_came_before(centre: Centre) -> None:
    """Who was a member in good standing since what was settled last may cosign; once that is settled, no more."""
    *five, last = making.members(centre)
    _suspend(centre, last)
    size = centre.registrar.store.size
    _step(centre, [*five[:4], last, five[0]])
    assert last in centre.registrar.head().cosignatures and _settled(centre, five[0]) == size
    assert last not in centre.cells[five[0]].follower.cosigners, "it is shown among the cosigners no more"
    making.say(centre.cells[five[0]], release=five[1:2])
    _step(centre, [*five, last])
    assert last not in centre.registrar.head().cosignatures and _settled(centre, last) == size + 1


def _lose(folder: Path, pattern: str) -> None:
    for path in folder.glob(pattern):
        path.unlink()


def test_who_lost_its_copy_is_led_over_every_change(centre: Centre) -> None:
    """A copy followed anew from nothing counts as settled what the others do, though half of the first roster left."""
    codes = making.members(centre)
    partner = centre.charter.partners[0].code
    for gone in (codes[5], codes[4], codes[3]):
        _suspend(centre, gone)
        _step(centre, codes)
    making.say(centre.cells[codes[0]], release=codes[1:2])
    centre.run_until_quiet()
    size = centre.registrar.store.size
    assert {_settled(centre, code) for code in [*codes, partner]} == {size}
    assert len(centre.registrar.head().cosignatures) == 3 < centre.registrar.state.control.rosters[0][1].quorum
    centre.stop()
    for code in (codes[0], codes[5]):
        _lose(founding.cell_directory(centre.directory, code), "journal.db*")
        _lose(founding.cell_directory(centre.directory, code), "registers.db*")
    _lose(founding.cell_directory(centre.directory, partner), "partner.db*")
    again = making.opened(centre.directory)
    try:
        assert not again.faults
        assert {_settled(again, code) for code in [*codes, partner]} == {size}
        assert again.registrar.head().settled == size
    finally:
        again.stop()


def test_a_late_cosignature_still_settles(centre: Centre) -> None:
    """While new entries come in faster than members cosign, what was cosigned a little late is settled all the same."""
    codes = making.members(centre)
    early = centre.registrar.head().size
    for n in range(6):
        making.say(centre.cells[codes[0]], f"Say {n}", release=codes[1:2])
        centre.cells[codes[0]].send()
        cell = centre.cells[codes[n]]
        cell.follower.follow()
        making.say(centre.cells[codes[0]], f"More {n}", release=codes[1:2])
        centre.cells[codes[0]].send()
    assert centre.registrar.head().settled == early, "no two of them cosigned the same size"
    lagging = centre.registrar.head()
    for code in codes[1:]:
        cell = centre.cells[code]
        making.set_link(cell, making.WrappedLink(cell.speaker.link, {"head": lambda: lagging}))
        cell.follower.follow()
        making.say(centre.cells[codes[0]], f"Meanwhile {code}", release=codes[1:2])
        centre.cells[codes[0]].send()
    assert centre.registrar.head().settled == lagging.size < centre.registrar.store.size
    centre.cells[codes[0]].follower.follow()
    assert _settled(centre, codes[0]) == lagging.size
