"""A member's keys are replaced: its cell signs with those in force, and opens what was sealed to any that it had."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tansiq.cell.keyfiles import draw_keys, lay_keys
from tansiq.errors import Unavailable
from tansiq.journal import entry as kinds
from tansiq.registrar import documents
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import copied, quiet
from tests.unit.registrar.changing import signed

FOUR = ["IQ", "SY", "IR", "RU"]


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy."""
    return making.found(tmp_path_factory.mktemp("keys"))


@pytest.fixture(name="centre")
def _centre(founded: Path, tmp_path: Path) -> Iterator[Centre]:
    centre = quiet(copied(founded, tmp_path / "centre"))
    yield centre
    centre.stop()


def _say(centre: Centre, code: str, title: str) -> str:
    act = making.say(centre.cells[code], title, release=FOUR)
    centre.cells[code].send()
    return act


def _replace(centre: Centre, folder: Path, member: str, carrier: str, *, laid: bool = True) -> None:
    """Draw all keys of a member anew, and have them ordered through a cell."""
    drawn = draw_keys(folder)
    if laid:
        assert lay_keys(folder, centre.directory, member)
    doc = documents.KeysDoc(roster=len(centre.registrar.state.control.rosters), member=member, state=drawn.state,
                            sign=drawn.sign, seal=drawn.seal)
    whole = documents.SignedKeys(doc=doc, signatures=signed(centre, kinds.KEYS, doc, [member]))
    centre.cells[carrier].say_open(kinds.KEYS, whole)


def _require_all(centre: Centre, acts: list[str]) -> None:
    centre.run_until_quiet()
    assert not centre.faults
    for code in FOUR:
        assert {row.id for row in making.rows(centre.cells[code]) if row.void is None} == set(acts), code
        assert {centre.cells[code].receipt(act).state for act in acts} == {"settled"}
    making.require_whole(centre)


@pytest.mark.parametrize("carrier", ["IQ", "SY"])
def test_keys_in_a_tail_that_falls_are_taken_back_and_taken_up_again(centre: Centre, tmp_path: Path,
                                                                     carrier: str) -> None:
    """Its cell signed with the new keys already; the tail falls, the old ones are in force, then the new ones again."""
    acts = [_say(centre, "RU", "Before")]
    centre.run_until_quiet()
    _replace(centre, tmp_path / "new", "IQ", carrier)
    iq, old = centre.cells["IQ"], centre.cells["IQ"].keyring.sign
    iq.step()
    assert iq.keyring.sign_under(iq.follower.state.control) != old
    acts.append(_say(centre, "IQ", "Under the new keys"))
    centre.stop()
    shutil.rmtree(centre.directory / "registrar")
    centre = quiet(making.opened(centre.directory, later_ms=600_000))
    centre.mandates.draw()
    for code in ("SY", "IR", "RU"):
        centre.mandates.promise(code)
    centre.mandates.enforce()
    _require_all(centre, acts)
    iq = centre.cells["IQ"]
    assert iq.keyring.sign_under(iq.follower.state.control) != iq.keyring.sign and len(
        iq.follower.state.control.rosters) == 2
    acts += [_say(centre, "IQ", "After"), _say(centre, "RU", "To the new key")]
    _require_all(centre, acts)
    for code in FOUR:
        centre.rebuild(code, progress=lambda *_: None)
    _require_all(centre, acts)
    centre.stop()


def test_a_cell_without_the_keys_in_force_reads_on_and_says_so(centre: Centre, tmp_path: Path) -> None:
    """It signs nothing, keeps what is said for later, and names the reason; with the keys laid it goes on by itself."""
    _replace(centre, tmp_path / "new", "IQ", "SY", laid=False)
    centre.run_until_quiet()
    acts = [_say(centre, "RU", "Read all the same")]
    centre.run_until_quiet()
    assert "do not lie in its cell's folder" in centre.faults["IQ"] and set(centre.faults) == {"IQ"}
    assert [row.title for row in making.rows(centre.cells["IQ"])] == ["Read all the same"]
    with pytest.raises(Unavailable) as told:
        centre.cells["IQ"].promise(2, centre.registrar.public)
    assert told.value.code == "keys.absent"
    acts.append(making.say(centre.cells["IQ"], "Waits", release=FOUR))
    centre.step()
    assert centre.cells["IQ"].receipt(acts[-1]).state == "outbox"
    assert lay_keys(tmp_path / "new", centre.directory, "IQ")
    _require_all(centre, acts)


def test_introductions_are_accepted_under_the_key_in_force_alone(centre: Centre, tmp_path: Path) -> None:
    """After its sealing key was replaced a member and all others introduce themselves to each other anew, so that who
    has the old key learns nothing more; pairs of others stay as they are."""
    before = {pair: made[-1][1].number for pair, made in centre.registrar.state.control.accepts.items()}
    _replace(centre, tmp_path / "new", "IQ", "IQ")
    centre.run_until_quiet()
    after = {pair: made[-1][1].number for pair, made in centre.registrar.state.control.accepts.items()}
    renewed = {pair for pair in after if after[pair] != before.get(pair)}
    assert renewed >= {("SY", "IQ"), ("IR", "IQ"), ("RU", "IQ"), ("IQ", "SY"), ("IQ", "IR"), ("IQ", "RU")}
    assert not {pair for pair in renewed if "IQ" not in pair} and not centre.faults
