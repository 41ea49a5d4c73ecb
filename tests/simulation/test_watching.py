"""A registrar that leaves one member out, refuses it falsely, or signs two histories: the cells see it, and stop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tansiq import wire
from tansiq.cell.sealing import next_entry
from tansiq.errors import Conflict, Refused, TansiqError, Unavailable, Untrusted
from tansiq.journal import entry as kinds
from tansiq.journal import parse_entry
from tansiq.merkle import signed
from tansiq.registrar import documents
from tansiq.registrar.order import Offer, Outcome
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import WrappedLink, copied, quiet, set_link
from tests.unit.registrar.changing import signed as signed_by

FOUR = ["IQ", "SY", "IR", "RU"]
MINUTE = 60_000


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy."""
    return making.found(tmp_path_factory.mktemp("watching"))


@pytest.fixture(name="centre")
def _centre(founded: Path, tmp_path: Path) -> Iterator[Centre]:
    centre = quiet(copied(founded, tmp_path))
    yield centre
    centre.stop()


class Censor:
    """Between the cells and the registrar: entries of one author are not ordered, whoever hands them in."""

    def __init__(self, centre: Centre, author: str, answer: TansiqError) -> None:
        self._centre = centre
        self._author = author
        self._answer = answer
        self.on = True
        for code in FOUR:
            link = centre.cells[code].speaker.link
            set_link(centre.cells[code], WrappedLink(link, {"offer": self._offer}))
            watch: Any = centre.cells[code].watch
            watch._link = centre.cells[code].speaker.link

    def _offer(self, offers: Sequence[Offer]) -> list[Outcome]:
        if self.on and any(parse_entry(offer.entry).author == self._author for offer in offers):
            return [self._answer] * len(offers)
        return self._centre.registrar.offer(offers)


def _pass(centre: Centre, minutes: float) -> None:
    """Let time pass, with a step of every cell each ten seconds."""
    clock: Any = centre.clock
    for _ in range(round(minutes * 6)):
        clock.now += 10_000
        centre.step()


@pytest.mark.parametrize("answer", [
    Unavailable("busy", "Busy."), Refused("entry.open", "No."), Conflict("entry.number", "Another."),
], ids=["silent", "refused falsely", "conflict invented"])
def test_a_member_that_is_left_out_stops_the_settling(centre: Centre, answer: TansiqError) -> None:
    """Whatever the registrar says, the act waits; after five minutes the others cosign nothing, until it is ordered."""
    censor = Censor(centre, "IQ", answer)
    act = making.say(centre.cells["IQ"], "Left out", release=("RU",))
    _pass(centre, 4)
    others = making.say(centre.cells["SY"], "Let in", release=("RU",))
    centre.run_until_quiet()
    assert centre.cells["SY"].receipt(others).state == "settled"
    assert centre.cells["IQ"].receipt(act).state == "outbox"
    _pass(centre, 3)
    late = making.say(centre.cells["SY"], "Unsettled", release=("RU",))
    centre.run_until_quiet()
    assert centre.cells["SY"].receipt(late).state == "ordered"
    status = centre.status()["cells"]
    assert all("IQ" in status[code]["fault"] and "five minutes" in status[code]["fault"] for code in ("SY", "IR", "RU"))
    censor.on = False
    _pass(centre, 1)
    centre.run_until_quiet()
    assert {centre.cells["RU"].receipt(one).state for one in (act, others, late)} == {"settled"}
    assert not any("fault" in cell for cell in centre.status()["cells"].values())
    making.require_whole(centre)


def test_it_stays_stopped_over_the_staleness_of_the_bytes(centre: Centre) -> None:
    """After a quarter of an hour the bytes fit no more: they are sealed again, and the five minutes go on."""
    Censor(centre, "IQ", Unavailable("busy", "Busy."))
    act = making.say(centre.cells["IQ"], "Left out", release=("RU",))
    _pass(centre, 22)
    late = making.say(centre.cells["SY"], "Unsettled", release=("RU",))
    centre.run_until_quiet()
    assert centre.cells["SY"].receipt(late).state == "ordered" and centre.cells["IQ"].receipt(act).state == "outbox"


def test_an_entry_that_one_cell_cannot_hand_in_goes_by_another(centre: Centre) -> None:
    """A member whose own link orders nothing reaches the journal through its peers, within a minute."""
    cell = centre.cells["IQ"]

    def away(offers: Sequence[Offer]) -> list[Outcome]:
        raise Unavailable("link.away", "The registrar does not answer.")

    set_link(cell, WrappedLink(cell.speaker.link, {"offer": away}))
    act = making.say(cell, "By another", release=("RU",))
    _pass(centre, 1)
    assert centre.cells["RU"].receipt(act).state == "settled"
    set_link(cell, centre.link)
    centre.run_until_quiet()
    assert cell.outbox.count() == 0 and len(making.rows(cell)) == 1
    making.require_whole(centre)


def test_two_histories_under_one_mandate_stop_the_cosigning(centre: Centre) -> None:
    """A registrar that signs another root for another member is found out by comparing, after a start too."""
    making.say(centre.cells["IQ"], "One", release=("RU",))
    centre.run_until_quiet()
    control, head = centre.registrar.state.control, centre.registrar.head()
    origin = signed.origin(control.centre, control.version)
    text = signed.Checkpoint(origin, head.size, bytes(32)).text
    key: Any = centre.registrar
    forged = head._replace(note=signed.write_note(signed.Note(text, (signed.sign_text(text, origin, key._key),))))
    cell = centre.cells["RU"]
    peer: Any = cell.peers["SY"]
    peer.head = lambda: forged
    _pass(centre, 1.5)
    assert "two histories" in cell.status()["fault"]
    making.say(centre.cells["IQ"], "Two", release=("RU",))
    centre.run_until_quiet()
    assert "RU" not in centre.registrar.head().cosignatures and len(making.rows(cell)) == 2
    centre.stop()
    again = making.opened(centre.directory, later_ms=30 * MINUTE)
    making.say(again.cells["IQ"], "Three", release=("RU",))
    again.run_until_quiet()
    assert "RU" not in again.registrar.head().cosignatures
    again.stop()


def test_what_the_registrar_did_not_sign_convicts_nobody(centre: Centre) -> None:
    """A peer that shows a checkpoint of its own making stops no one."""
    head = centre.registrar.head()
    control = centre.registrar.state.control
    origin = signed.origin(control.centre, control.version)
    text = signed.Checkpoint(origin, head.size, bytes(32)).text
    liar = centre.cells["SY"].keyring.sign
    forged = head._replace(note=signed.write_note(signed.Note(text, (signed.sign_text(text, origin, liar),))))
    peer: Any = centre.cells["RU"].peers["SY"]
    peer.head = lambda: forged
    _pass(centre, 1.5)
    assert "fault" not in centre.cells["RU"].status()


def test_a_registrar_that_shows_one_cell_less_is_noticed(centre: Centre) -> None:
    """A cell that is shown an old head learns from its peers that there is more, and says so after five minutes."""
    cell, early = centre.cells["RU"], centre.registrar.head()
    set_link(cell, WrappedLink(cell.speaker.link, {"head": lambda: early}))
    making.say(centre.cells["IQ"], "One", release=("RU",))
    _pass(centre, 8)
    assert "shows" in cell.status()["fault"] and "fault" not in centre.cells["SY"].status()
    set_link(cell, centre.link)
    with pytest.raises(Untrusted) as told:
        cell.step()
    assert told.value.code == "journal.time.past", "it had cosigned, minute by minute, that there was nothing"


@pytest.mark.parametrize("signers", [["IQ"], ["IQ", "RU", "SY"]])
def test_an_open_entry_that_its_own_rule_refuses_stops_nobody(centre: Centre, signers: list[str]) -> None:
    """A member that hands its peers a suspension which lacks a signature, again and again, holds nobody up; one that
    has all of them is handed in, and stands."""
    doc = documents.StandingDoc(roster=1, member="IR")
    whole = documents.SignedStanding(doc=doc, signatures=signed_by(centre, kinds.SUSPENSION, doc, signers))
    liar: Any = centre.cells["SY"]
    place = liar.speaker._place()
    offer = next_entry(liar.keyring, liar.follower.state.control, place, kind=kinds.SUSPENSION, body=wire.write(whole))
    for _ in range(7):
        for peer in liar.peers.values():
            peer.relay([offer])
        _pass(centre, 1)
    assert all(centre.cells[code].watch.fault is None for code in FOUR)  # type: ignore[union-attr]
    assert (len(centre.registrar.state.control.rosters) == 2) is (len(signers) == 3)
    act = making.say(centre.cells["IQ"], "It goes on", release=("RU",))
    centre.run_until_quiet()
    assert centre.cells["IQ"].receipt(act).state == "settled" and not centre.faults
