"""A named officer answers for each promise of a registrar: proved in every cell, before the promise or after it."""

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
from tansiq.desks import DESKS, chair
from tansiq.desks.chair.registrar import RegistrarView
from tansiq.errors import Refused
from tansiq.keys.signing import SigningKey
from tansiq.run import Centre
from tests.authenticator import Passkey
from tests.faults import making
from tests.faults.making import quiet
from tests.signing import DAY_MS, published, sign
from tests.unit.registrar.changing import amend

FOUR = ["IQ", "SY", "IR", "RU"]
PASSKEYS = {code: Passkey(seed=seed) for seed, code in enumerate(FOUR, start=1)}
ASKED = '\n[officers]\nassertion = ["mandate"]\n'
SHOW = next(desk for desk in DESKS if desk.name == "chair").showing


def _text() -> str:
    return (making.CHARTERS / "baghdad.toml").read_text("utf-8")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy, whose charter asks for a named officer behind each promise; each member has told whose passkey
    is its director's."""
    folder = tmp_path_factory.mktemp("answering")
    founding.found(_text() + ASKED, folder, clock=making.Clock(), desks=making.ALL_DESKS)
    centre = making.opened(folder)
    _publish(centre)
    centre.stop()
    return folder


@pytest.fixture(name="centre")
def _centre(founded: Path, tmp_path: Path) -> Iterator[Centre]:
    shutil.copytree(founded, tmp_path / "centre")
    centre = quiet(making.opened(tmp_path / "centre", later_ms=600_000))
    centre.run_until_quiet()
    yield centre
    centre.stop()


def _publish(centre: Centre) -> None:
    for code in FOUR:
        cell = centre.cells[code]
        cell.say("credential", published(cell, PASSKEYS[code], f"{code}-director", "director",
                                         valid_until=cell.now() + 30 * DAY_MS), officer=f"{code}-administrator")
    centre.run_until_quiet()


def _decided(cell: Cell, version: int, key: str, *, officer: str = "") -> Act:
    """A decision on a mandate that nobody has signed yet."""
    fields = {"mandate": version, "key": key, "note": None, "release": FOUR}
    return cell.draft("mandate", fields, officer=officer or f"{cell.code}-director")


def _decide(centre: Centre, code: str, drawn: dict[str, Any]) -> str:
    """Have a member's director sign that the drawn registrar is promised; the act's id, once it stands everywhere."""
    cell = centre.cells[code]
    return _said(centre, sign(_decided(cell, drawn["version"], drawn["key"]), PASSKEYS[code]))


def _said(centre: Centre, act: Act) -> str:
    name = centre.cells[act.author].say_signed(act)
    centre.run_until_quiet()
    return name


def _shown(centre: Centre, code: str) -> RegistrarView:
    """What the page of the registrar shows at a cell."""
    assert SHOW is not None
    view = SHOW.view("registrar")
    assert view is not None
    made = view.show(centre.cells[code].look())
    assert isinstance(made, RegistrarView)
    msgspec.json.encode(made)
    return made


def _needs(centre: Centre, code: str) -> list[str]:
    assert SHOW is not None and SHOW.needs is not None
    return [need.sentence.text for need in SHOW.needs(centre.cells[code].look()) if "promised" in need.sentence.text]


def _forced(centre: Centre, act: Act) -> set[str | None]:
    """What the four cells make of an act that its author's cell lets through unruled: their codes."""
    cell = centre.cells[act.author]
    name = cell._keep([(act, chair.DESK)])[0]
    centre.run_until_quiet()
    return {centre.cells[code].registers.act(name).void for code in FOUR}  # type: ignore[union-attr]


def _refused(centre: Centre, code: str, **how: bool) -> str:
    with pytest.raises(Refused) as told:
        centre.mandates.promise(code, **how)
    assert str(told.value).count(".") == 1, "one sentence"
    return told.value.code


def test_a_promise_comes_after_its_officers_decision_and_every_cell_shows_whose(centre: Centre) -> None:
    """Without a signed act the cell promises nothing; after it it does, and all four show who answers."""
    drawn = centre.mandates.draw()
    assert {_refused(centre, code) for code in FOUR} == {"promise.unordered"}
    acts = {code: _decide(centre, code, drawn) for code in FOUR[:3]}
    assert [told["member"] for told in centre.mandates.show()["decided"]] == sorted(FOUR[:3])
    for code in FOUR[:3]:
        assert centre.mandates.promise(code)["note"] == centre.mandates.promise(code)["note"]
    assert _refused(centre, "RU") == "promise.unordered"
    assert [one.member for one in _shown(centre, "RU").ahead] == FOUR[:3]
    centre.mandates.enforce()
    centre.run_until_quiet()
    for code in FOUR:
        shown = _shown(centre, code)
        assert (shown.version, shown.key, shown.asked, shown.tone, shown.ahead) == (2, drawn["key"], True, "good", ())
        assert {one.member: (one.officer, one.act, one.proved) for one in shown.promises} == {
            made: (f"{made}-director", act, True) for made, act in acts.items()}
        assert _needs(centre, code) == []
    assert {told["member"]: (told["officer"], told["proved"]) for told in centre.mandates.show()["answers"]} == {
        code: (f"{code}-director", True) for code in FOUR[:3]}
    making.require_whole(centre)


def test_a_promise_before_its_officers_decision_is_owed_until_it_is_said(centre: Centre) -> None:
    """With the registrar burnt nothing can be ordered: the promise is given all the same, and the cell says what is
    owed, in which version, with which key, until an officer has signed it; from then on it is shown as any other."""
    centre.stop()
    shutil.rmtree(centre.directory / "registrar")
    centre = quiet(making.opened(centre.directory, later_ms=1_200_000))
    drawn = centre.mandates.draw()
    waiting = centre.cells["SY"].say_signed(sign(_decided(centre.cells["SY"], 2, drawn["key"]), PASSKEYS["SY"]))
    assert centre.cells["SY"].receipt(waiting).state == "outbox"
    for code in FOUR[:3]:
        assert _refused(centre, code) == "promise.unordered"
        centre.mandates.promise(code, unordered=True)
        assert [*_needs(centre, code)] and centre.mandates.promise(code)["note"], "given once, it is given again"
    assert _needs(centre, "RU") == []
    centre.mandates.enforce()
    centre.run_until_quiet()
    assert _needs(centre, "SY") == [], "what waited in its outbox was ordered"
    for code in FOUR:
        shown = _shown(centre, code)
        assert {one.member: one.proved for one in shown.promises} == {"IQ": False, "IR": False, "SY": True}
        assert shown.tone == "wait" and len(shown.sentence.fields["members"]) == 2
    opens = next(form.opens for form in chair.DESK.forms if form.kind.name == "mandate")
    assert opens is not None
    assert opens(centre.cells["IQ"].look()) == {"mandate": "2", "key": drawn["key"]}
    assert _needs(centre, "IQ") and opens(centre.cells["RU"].look()) == {}
    for code in ("IQ", "IR"):
        _decide(centre, code, drawn)
        assert _needs(centre, code) == []
    assert {_shown(centre, code).tone for code in FOUR} == {"good"}
    centre.stop()
    again = quiet(making.opened(centre.directory, later_ms=1_800_000))
    for code in FOUR:
        again.rebuild(code, progress=lambda *_: None)
    assert {_shown(again, code).tone for code in FOUR} == {"good"}
    again.stop()


def test_a_debt_outlives_its_mandate_and_can_be_paid_late(centre: Centre) -> None:
    """What made a mandate is owed after the next mandate too; what was drawn and came to nothing is owed no more."""
    first = centre.mandates.draw()
    centre.mandates.promise("IQ", unordered=True)
    second = centre.mandates.draw(again=True)
    assert second["version"] == 3 and len(_needs(centre, "IQ")) == 1
    for drawn in (second, None):
        drawn = drawn or centre.mandates.draw()
        for code in FOUR[:3]:
            centre.mandates.promise(code, unordered=True)
        centre.mandates.enforce()
        centre.run_until_quiet()
    assert centre.cells["IQ"].book.given().keys() == {2, 3, 4} and len(_needs(centre, "IQ")) == 2
    iq = centre.cells["IQ"]
    assert _forced(centre, sign(_bent(iq, first), PASSKEYS["IQ"])) == {"chair.mandate.over"}
    _decide(centre, "IQ", second)
    assert len(_needs(centre, "IQ")) == 1
    assert {one.member: one.proved for one in _shown(centre, "RU").promises} == dict.fromkeys(("IQ", "IR", "SY"), False)


def _bent(cell: Cell, drawn: dict[str, Any]) -> Act:
    """A decision as a patched cell composes it: nothing is ruled."""
    fields = {"mandate": drawn["version"], "key": drawn["key"], "note": None, "release": FOUR}
    return cell._compose("mandate", fields, f"{cell.code}-director")[0]


@pytest.mark.parametrize("forge", [
    lambda act: act,
    lambda act: sign(act, PASSKEYS["RU"]),
    lambda act: sign(act, Passkey(seed=9)),
    lambda act: sign(act, Passkey(seed=1, flags=1)),
    lambda act: msgspec.structs.replace(sign(act, PASSKEYS["IQ"]), mandate=3),
    lambda act: msgspec.structs.replace(sign(act, PASSKEYS["IQ"]), key=wire.write_base64(SigningKey.generate().public)),
    lambda act: sign(msgspec.structs.replace(act, officer="IQ-second"), PASSKEYS["IQ"]),
], ids=["unsigned", "another member's passkey", "unknown passkey", "nobody verified", "another version", "another key",
        "another's name"])
def test_what_no_officer_signed_is_void_in_every_cell_and_lets_nothing_be_promised(centre: Centre, forge: Any) -> None:
    """A patched cell cannot make a decision of its officer; the void act names nothing, so the true one still can."""
    drawn = centre.mandates.draw()
    cell = centre.cells["IQ"]
    assert _forced(centre, forge(_bent(cell, drawn))) == {"act.assertion"}
    assert _refused(centre, "IQ") == "promise.unordered" and _shown(centre, "RU").ahead == ()
    _decide(centre, "IQ", drawn)
    assert centre.mandates.promise("IQ")["version"] == 2


def test_a_promise_for_another_key_than_was_decided_is_refused_in_any_order(centre: Centre) -> None:
    """One key a version: decided, another is not promised, even unordered; promised, another is not decided."""
    drawn, other = centre.mandates.draw(), SigningKey.generate().public
    cell = centre.cells["IQ"]
    _said(centre, sign(_decided(cell, 2, wire.write_base64(other)), PASSKEYS["IQ"]))
    assert _refused(centre, "IQ") == _refused(centre, "IQ", unordered=True) == "promise.key"
    with pytest.raises(Refused) as told:
        _decided(cell, 2, drawn["key"])
    assert told.value.code == "chair.mandate.named"
    assert _forced(centre, sign(_bent(cell, drawn), PASSKEYS["IQ"])) == {"chair.mandate.named"}
    centre.mandates.promise("SY", unordered=True)
    with pytest.raises(Refused) as told:
        _decided(centre.cells["SY"], 2, wire.write_base64(other))
    assert told.value.code == "chair.mandate.promised"
    assert centre.mandates.draw(again=True)["version"] == 3


def test_a_version_that_was_named_is_drawn_for_no_other_key(centre: Centre) -> None:
    """Where the drawn key is lost before anybody promised it, the next one is drawn for a version nobody has named."""
    _decide(centre, "IQ", centre.mandates.draw())
    shutil.rmtree(centre.directory / "registrar.next")
    assert centre.mandates.draw()["version"] == 3
    _decide(centre, "IQ", centre.mandates.draw())
    assert centre.mandates.promise("IQ")["version"] == 3


def test_of_two_keys_in_one_envelope_the_first_stands(centre: Centre) -> None:
    """A patched cell that seals two keys for one version together has named the first, in every cell."""
    drawn, cell = centre.mandates.draw(), centre.cells["IQ"]
    other = {"version": 2, "key": wire.write_base64(SigningKey.generate().public)}
    both = [sign(_bent(cell, one), PASSKEYS["IQ"]) for one in (drawn, other)]
    cell._keep([(act, chair.DESK) for act in both])
    centre.run_until_quiet()
    assert [[(one.member, one.key) for one in _shown(centre, code).ahead] for code in FOUR] == [
        [("IQ", drawn["key"])]] * 4
    assert centre.mandates.promise("IQ")["version"] == 2


def test_a_passkey_that_was_ended_answers_for_nothing_more(centre: Centre) -> None:
    """What a director's passkey signed before its end stands; after it nothing does."""
    first = centre.mandates.draw()
    _decide(centre, "IQ", first)
    cell = centre.cells["IQ"]
    act = cell.registers.query("cell", "published", author="IQ")[0].act
    cell.say("credential_end", {"reason": "left", "refers": [act]}, officer="IQ-administrator")
    centre.run_until_quiet()
    assert centre.mandates.promise("IQ")["version"] == 2
    second = centre.mandates.draw(again=True)
    assert _forced(centre, sign(_bent(cell, second), PASSKEYS["IQ"])) == {"act.assertion"}
    assert _refused(centre, "IQ") == "promise.unordered"


def test_an_amended_charter_asks_from_its_entry_on(tmp_path: Path) -> None:
    """Where nothing is asked the promise needs no act; an act said then is no proof, and can be said again, signed,
    once the charter asks; what came into force before is not owed."""
    founding.found(_text(), tmp_path, clock=making.Clock(), desks=making.ALL_DESKS)
    centre = quiet(making.opened(tmp_path))
    _publish(centre)
    centre.mandates.draw()
    for code in FOUR[:3]:
        centre.mandates.promise(code)
    centre.mandates.enforce()
    centre.run_until_quiet()
    shown = _shown(centre, "SY")
    assert (shown.asked, shown.tone) == (False, "plain") and [one.officer for one in shown.promises] == [None] * 3
    drawn = centre.mandates.draw()
    told = _said(centre, _decided(centre.cells["IQ"], 3, drawn["key"]))
    assert [(one.act, one.proved) for one in _shown(centre, "RU").ahead] == [(told, False)]
    amend(centre, centre.charter.text + ASKED)
    centre.run_until_quiet()
    assert _refused(centre, "IQ") == "promise.unordered" and _needs(centre, "IQ") == []
    signed = _decide(centre, "IQ", drawn)
    assert [(one.act, one.proved) for one in _shown(centre, "RU").ahead] == [(signed, True)]
    centre.mandates.promise("IQ")
    assert _needs(centre, "IQ") == []
    centre.stop()
