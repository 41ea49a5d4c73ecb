"""Who decided is proved, not told by a server: an officer's signature is checked in every cell, alike."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tansiq import wire
from tansiq.acts import Act
from tansiq.cell import founding
from tansiq.cell.node import Cell
from tansiq.cell.registers import ActQuery
from tansiq.desks import cell as cell_desk
from tansiq.errors import Refused
from tansiq.run import Centre, open_centre
from tests import signed_desk
from tests.authenticator import Passkey
from tests.faults.making import Clock
from tests.signing import DAY_MS, published, sign

DESKS = (cell_desk.DESK, signed_desk.DESK)
ADMINISTRATOR, CONSENTER = Passkey(seed=1), Passkey(seed=2, suite=1)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy, whose charter asks that consents are signed."""
    folder = tmp_path_factory.mktemp("signed")
    founding.found(signed_desk.charter_text(), folder, clock=Clock(), desks=DESKS)
    return folder


@pytest.fixture
def centre(founded: Path, tmp_path: Path) -> Iterator[Centre]:
    """A copy of that centre, opened."""
    shutil.copytree(founded, tmp_path / "centre")
    opened = open_centre(tmp_path / "centre", DESKS, clock=Clock(1_760_000_060_000))
    yield opened
    opened.stop()


def decide(cell: Cell, words: str = "Agreed", officer: str = "IQ-consenter") -> Act:
    """A consent that nobody has signed yet."""
    fields = {"words": {"lang": "en", "text": words}, "release": ["IQ", "RU"]}
    return cell.draft("consent", fields, officer=officer)


def begun(centre: Centre) -> Cell:
    """IQ's cell, after an administrator and a consenting officer were published, the second signed by the first."""
    cell: Cell = centre.cells["IQ"]
    cell.say("credential", published(cell, ADMINISTRATOR, "IQ-administrator", "administrator"),
             officer="IQ-administrator")
    second = cell.draft("credential", published(cell, CONSENTER, "IQ-consenter", "consenter"),
                        officer="IQ-administrator")
    cell.say_signed(sign(second, ADMINISTRATOR))
    return cell


def forced(centre: Centre, act: Act) -> dict[str, str | None]:
    """What IQ and RU make of an act that IQ's cell lets through unruled: its void code, by cell."""
    cell: Cell = centre.cells["IQ"]
    desk = next(desk for desk in DESKS if act.kind in [kind.name for kind in desk.kinds])
    name = cell._keep([(act, desk)])[0]
    return {code: centre.cells[code].registers.act(name).void for code in act.release}


def test_a_signed_decision_stands_in_every_cell(centre: Centre) -> None:
    """A consent signed by its officer's own passkey is admitted at home and by another member's cell."""
    cell = begun(centre)
    name = cell.say_signed(sign(decide(cell), CONSENTER))
    for code in ("IQ", "RU"):
        row = centre.cells[code].registers.act(name)
        assert row.void is None and row.act.assertion.credential == wire.write_base64(CONSENTER.id)
    assert centre.cells["SY"].registers.act(name) is None


def test_without_a_signature_nothing_is_decided(centre: Centre) -> None:
    """The cell itself refuses; a patched cell that says it all the same is void everywhere, under one code."""
    cell = begun(centre)
    with pytest.raises(Refused) as refused:
        cell.say("consent", {"words": {"lang": "en", "text": "Agreed"}, "release": ["RU"]}, officer="IQ-consenter")
    assert refused.value.code == "act.assertion"
    assert forced(centre, decide(cell)) == {"IQ": "act.assertion", "RU": "act.assertion"}


@pytest.mark.parametrize("forge", [
    lambda cell: sign(decide(cell), Passkey(seed=9)),
    lambda cell: sign(decide(cell), ADMINISTRATOR),
    lambda cell: sign(decide(cell, officer="IQ-second"), CONSENTER),
    lambda cell: msgspec.structs.replace(decide(cell), assertion=sign(decide(cell, "Other"), CONSENTER).assertion),
    lambda cell: sign(decide(cell), Passkey(seed=2, suite=1, origin="https://evil.example")),
    lambda cell: sign(decide(cell), Passkey(seed=2, suite=1, flags=1)),
    lambda cell: msgspec.structs.replace(sign(decide(cell), CONSENTER), precedence="flash"),
], ids=["unknown passkey", "another's passkey", "another's name", "signature of another act", "another address",
        "nobody verified", "changed after"])
def test_what_the_officer_did_not_sign_is_void_everywhere(centre: Centre, forge: Any) -> None:
    """A patched cell of the same member cannot make a decision of its officer: every cell finds it void, alike."""
    cell = begun(centre)
    assert forced(centre, forge(cell)) == {"IQ": "act.assertion", "RU": "act.assertion"}


def test_a_passkey_that_was_ended_or_is_out_of_time_decides_nothing(centre: Centre) -> None:
    """From the index of its end on a passkey counts no more, and never outside its time; what it signed before
    stands."""
    cell = begun(centre)
    before = cell.say_signed(sign(decide(cell), CONSENTER))
    first = next(row for row in cell.registers.search(ActQuery(kinds=("credential",))) if row.title == "IQ-consenter")
    cell.say("credential_end", {"reason": "lost", "refers": [first.id]}, officer="IQ-administrator")
    assert forced(centre, sign(decide(cell), CONSENTER)) == {"IQ": "act.assertion", "RU": "act.assertion"}
    assert {centre.cells[code].registers.act(before).void for code in ("IQ", "RU")} == {None}
    assert centre.cells["SY"].registers.act(first.id).standing == "ended"
    late = Passkey(seed=3)
    now = cell.now()
    act = cell.draft("credential", published(cell, late, "IQ-consenter", "consenter", valid_from=now + DAY_MS,
                                             valid_until=now + 2 * DAY_MS), officer="IQ-administrator")
    cell.say_signed(sign(act, ADMINISTRATOR))
    assert forced(centre, sign(decide(cell), late)) == {"IQ": "act.assertion", "RU": "act.assertion"}


def test_a_server_alone_makes_no_officer(centre: Centre) -> None:
    """Once an administrator's passkey stands, a new passkey that no administrator signed is void in every cell."""
    cell = begun(centre)
    act = cell.draft("credential", published(cell, Passkey(seed=4), "IQ-second", "consenter"),
                     officer="IQ-administrator")
    for made in (act, sign(act, CONSENTER), sign(act, Passkey(seed=9))):
        found = forced(centre, made)
        assert set(found) == {"IQ", "IR", "RU", "SY"} and set(found.values()) == {"act.assertion"}


@pytest.mark.parametrize(("changed", "code"), [
    ({"holder": "RU-consenter"}, "credential.author"),
    ({"holder": "IQ consenter"}, "credential.holder"),
    ({"roles": ["consenter", "reader"]}, "credential.roles"),
    ({"roles": []}, "credential.roles"),
    ({"key": wire.write_base64(bytes(33))}, "key.suite"),
    ({"credential": ""}, "credential.id"),
    ({"origin": "http://floor.example"}, "origin"),
    ({"valid_until": 1}, "credential.valid"),
    ({"valid_until": 4_000_000_000_000}, "credential.valid"),
    ({"release": ["IQ", "RU"]}, "act.common"),
])
def test_a_passkey_that_cannot_be_is_refused(centre: Centre, changed: dict[str, Any], code: str) -> None:
    """Another member's officer, roles out of order, no known key, no address, no time, not for all: one sentence."""
    cell: Cell = centre.cells["IQ"]
    with pytest.raises(Exception) as refused:
        cell.say("credential", published(cell, ADMINISTRATOR, "IQ-administrator", "administrator") | changed,
                 officer="IQ-administrator")
    assert getattr(refused.value, "code", None) == code


def test_a_passkey_is_published_once(centre: Centre) -> None:
    """The same passkey again is refused, also after its end; another member's end of it too."""
    cell = begun(centre)
    with pytest.raises(Refused) as refused:
        cell.draft("credential", published(cell, CONSENTER, "IQ-second", "consenter"), officer="IQ-administrator")
    assert refused.value.code == "credential.known"
    first = cell.registers.search(ActQuery(kinds=("credential",)))[0]
    with pytest.raises(Refused) as refused:
        centre.cells["RU"].say("credential_end", {"reason": "lost", "refers": [first.id]}, officer="RU-administrator")
    assert refused.value.code == "credential.author"


def test_where_the_charter_asks_nothing_nothing_is_asked(tmp_path: Path) -> None:
    """In the demonstration choosing an officer suffices: no act is signed, and none is void for it."""
    text = signed_desk.charter_text().replace('assertion = ["consent"]', "assertion = []")
    founding.found(text, tmp_path, clock=Clock(), desks=DESKS)
    centre = open_centre(tmp_path, DESKS, clock=Clock(1_760_000_060_000))
    name = centre.cells["IQ"].say("consent", {"words": {"lang": "en", "text": "Agreed"}, "release": ["RU"]},
                                  officer="IQ-consenter")
    assert centre.cells["RU"].registers.act(name).void is None
    centre.stop()


def test_registers_folded_again_rule_alike(centre: Centre) -> None:
    """A rebuild from the journal comes to the same passkeys and the same verdicts."""
    cell = begun(centre)
    cell.say_signed(sign(decide(cell), CONSENTER))
    forced(centre, decide(cell))
    other: Cell = centre.cells["RU"]
    before = [(row.id, row.void, row.standing) for row in other.registers.search(ActQuery(void=None))]
    passkeys = other.registers.query("cell", "published", author="IQ")
    other.rebuild(lambda done, total: None)
    assert [(row.id, row.void, row.standing) for row in other.registers.search(ActQuery(void=None))] == before
    assert other.registers.query("cell", "published", author="IQ") == passkeys
    assert [(one.holder, one.signed) for one in passkeys] == [("IQ-consenter", True), ("IQ-administrator", False)]
