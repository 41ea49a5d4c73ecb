"""An act whose slot a reader could not open: taken from another reader's disclosure, at its place, once, for good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from tansiq.acts import commitment
from tansiq.cell.node import Cell
from tansiq.doors.floor import Floor
from tansiq.doors.proofs import Proofs
from tansiq.doors.web.assets import FOLDER
from tansiq.errors import TansiqError
from tansiq.evidence import write_evidence, writing
from tansiq.run import Centre, application, open_offices
from tests.faults import making

THREE = ("IQ", "RU", "SY")


class Place:
    """A centre in which IQ named SY among the readers of an act and gave it junk; RU could read it."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.offices = open_offices(centre)
        self.proofs = Proofs(Floor(centre, centre.desks, self.offices))

    def cell(self, code: str) -> Cell:
        """A member's cell."""
        return self.centre.cells[code]

    def leave_out(self, *titles: str, number: int = 1) -> list[str]:
        """IQ says reports to RU and SY in one entry, and seals it for RU alone; their ids."""
        iraq = self.cell("IQ")
        acts = [making.salted(making.composed(iraq, title, release=THREE), number=number, salt=n)
                for n, title in enumerate(titles)]
        making.order(self.centre, making.forge(iraq, acts, ["IQ", "RU"], desk=number))
        return [act.id.hex() for act in acts]

    def disclosed(self, act: str, by: str = "RU") -> bytes:
        """What a reader discloses."""
        return self.proofs.disclosure(self.officer(by), act, reason="The other reader was left out.")

    def fold(self, code: str, file: bytes) -> dict[str, Any]:
        """A member's officer takes an act in."""
        return self.proofs.fold(self.officer(code), file, lambda done, total: None)

    def officer(self, code: str, role: str = "releaser") -> Any:
        """An officer of a member."""
        return Floor(self.centre, self.centre.desks, self.offices).officer(f"{code}-{role}")


@pytest.fixture(name="place")
def _place(founded: Path, tmp_path: Path) -> Iterator[Place]:
    place = Place(making.copied(founded, tmp_path))
    yield place
    for office in place.offices.values():
        office.close()
    place.centre.stop()


@pytest.fixture(name="founded", scope="module")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return making.found(tmp_path_factory.mktemp("left-out") / "founded")


def _code(ask: Any) -> str:
    with pytest.raises(TansiqError) as refused:
        ask()
    return refused.value.code


def test_what_a_reader_could_not_open_is_folded_at_its_place(place: Place) -> None:
    """SY sees nothing of it, takes it from RU's disclosure, and then reads the same act at the same place as RU.

    Of the three acts of the entry the two that were not disclosed stay closed; an answer that came later now stands.
    """
    first, second, third = place.leave_out("First", "Second", "Third")
    reason = {"lang": "en", "text": "Another road was meant."}
    place.cell("IQ").say("recall", {"refers": [second], "reason": reason}, officer="IQ-releaser")
    place.centre.run_until_quiet()
    syria, russia = place.cell("SY").registers, place.cell("RU").registers
    assert syria.act(second) is None and [row.void for row in syria.thread(second)] == ["act.thread.absent"]
    assert place.fold("SY", place.disclosed(second)) == {"id": second, "folded": True}
    here, there = syria.act(second), russia.act(second)
    assert here is not None and there is not None and here.standing == there.standing == "recalled"
    assert here.reference == there.reference
    assert [row.void for row in syria.thread(second)] == [None, None]
    assert syria.act(first) is None and syria.act(third) is None


def test_it_is_taken_once_and_outlasts_rebuilds_and_restarts(place: Place, tmp_path: Path) -> None:
    """Twice is once; a rebuild and a start with empty registers fold it again; what was opened changes nothing."""
    [left_out] = place.leave_out("Left out")
    file = place.disclosed(left_out)
    assert place.fold("SY", file)["folded"] and not place.fold("SY", file)["folded"]
    assert not place.fold("RU", file)["folded"]
    assert making.titles(place.cell("SY")).count("Left out") == 1
    place.centre.rebuild("SY", progress=lambda done, total: None)
    assert place.cell("SY").registers.act(left_out) is not None
    made_for = place.cell("SY").registers._made_for()
    assert made_for is not None and place.cell("SY").disclosures.name in made_for, "a start would fold it all again"
    place.centre.stop()
    (tmp_path / "centre" / "cells" / "SY" / "registers.db").unlink()
    reopened = making.opened(tmp_path / "centre", later_ms=1_000_000)
    reopened.run_until_quiet()
    row = reopened.cells["SY"].registers.act(left_out)
    reopened.stop()
    assert row is not None and row.void is None


def test_a_crash_before_it_is_folded_costs_nothing(place: Place, tmp_path: Path) -> None:
    """Kept, and the power fails: at the next start the registers are found to lack it, and are folded anew."""
    [left_out] = place.leave_out("Left out")
    syria = place.cell("SY")
    assert syria.intake.take(place.disclosed(left_out), officer="SY-releaser", at=syria.now()) == (left_out, True)
    assert syria.registers.act(left_out) is None
    place.centre.stop()
    reopened = making.opened(tmp_path / "centre", later_ms=1_000_000)
    reopened.run_until_quiet()
    row = reopened.cells["SY"].registers.act(left_out)
    reopened.stop()
    assert row is not None


def test_what_is_not_for_it_or_not_true_is_refused(place: Place) -> None:
    """Not released to it; a byte changed; another kind of file; a place at which its journal has another entry."""
    [left_out] = place.leave_out("Left out")
    file = place.disclosed(left_out)
    assert _code(lambda: place.fold("IR", file)) == "evidence.release"
    forged = json.loads(file)
    forged["act"] = forged["act"].replace("Left out", "Left off")
    canonical = json.dumps(forged, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert _code(lambda: place.fold("SY", canonical)) == "evidence.commitment"
    label = place.proofs.disclosure(place.officer("RU"), left_out, label_only=True, reason="To show its kind.")
    assert _code(lambda: place.fold("SY", label)) == "evidence.expected"
    assert _code(lambda: place.proofs.fold(place.officer("SY", "reader"), file)) == "officer.role"
    held = place.cell("SY").follower
    leaves = held.leaves
    held.leaves = lambda start, end: []  # type: ignore[method-assign]
    assert _code(lambda: place.fold("SY", file)) == "evidence.unheld"
    held.leaves = leaves  # type: ignore[method-assign]
    assert place.cell("SY").registers.act(left_out) is None
    assert place.fold("SY", file)["folded"]


def test_what_is_void_for_all_readers_is_not_taken(place: Place) -> None:
    """IQ commits to one act and seals another: each reader voids the entry, and IQ's own disclosure changes nothing."""
    iraq = place.cell("IQ")
    sealed = making.salted(making.composed(iraq, "Sealed", release=THREE))
    promised = making.salted(making.composed(iraq, "Promised", release=THREE), salt=7)
    [index] = making.order(place.centre, making.forge(iraq, [sealed], THREE, commit=commitment([promised])))
    file = write_evidence(writing.write_disclosure(iraq.prover.receipt(index), [promised], 0))
    assert _code(lambda: place.fold("SY", file)) == "evidence.void"


def test_who_took_an_act_can_show_it_on(place: Place) -> None:
    """SY discloses what it took, whole or by its label, under a receipt of its own; and convicts the author by it."""
    [left_out] = place.leave_out("Left out")
    file = place.disclosed(left_out)
    place.fold("SY", file)
    again = place.disclosed(left_out, by="SY")
    label = place.proofs.disclosure(place.officer("SY"), left_out, label_only=True, reason="To show its kind.")
    assert [place.proofs.check("IR", one).evidence for one in (again, label)] == ["disclosure", "label"]
    convicted = place.proofs.unaddressed(place.officer("SY"), file)
    assert place.proofs.check("IR", convicted).facts["author"] == "IQ"


@pytest.mark.parametrize("door", ["page", "program"])
def test_every_door_takes_it(place: Place, door: str) -> None:
    """The page on which files are dropped leads to the act; a program is told its id; what is refused is said."""
    if not (FOLDER / "manifest.json").is_file():
        pytest.skip("the pages are not built (script/bootstrap)")
    [left_out] = place.leave_out("Left out")
    file = place.disclosed(left_out)
    app = application(place.centre, place.centre.desks, place.offices, token="token")
    with TestClient(app, base_url="http://127.0.0.1:8400") as client:
        if door == "program":
            for officer, status in (("SY-releaser", 200), ("IR-releaser", 403), ("SY-reader", 403)):
                answer = client.post("/api/evidence/foldings", json={"disclosure": file.decode()}, headers={
                    "Authorization": "Bearer token", "Tansiq-Officer": officer})
                assert answer.status_code == status, answer.text
            assert place.cell("SY").registers.act(left_out) is not None
            return
        token = client.get("/enter").text.partition('name="csrf" content="')[2].partition('"')[0]
        client.post("/enter", data={"officer": "SY-releaser", "csrf": token}, follow_redirects=False)
        token = client.get("/evidence/check").text.partition('name="csrf" content="')[2].partition('"')[0]
        for dropped, status in ((file[:-1], 400), (file, 303)):
            given = {"file": ("it.json", dropped, "application/json")}
            answer = client.post("/evidence/fold", data={"csrf": token}, files=given, follow_redirects=False)
            assert answer.status_code == status
        assert answer.headers["location"] == f"/acts/{left_out}"
        assert "Left out" in client.get(f"/acts/{left_out}").text
