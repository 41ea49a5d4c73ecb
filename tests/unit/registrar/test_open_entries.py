"""Open entries that change the roster: amendments, new keys, suspension and return."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tansiq import wire
from tansiq.cell.moment import InForce
from tansiq.cell.sealing import next_entry
from tansiq.errors import Refused, TansiqError
from tansiq.journal import entry as kinds
from tansiq.keys.sealing import SealingKey
from tansiq.keys.signing import SigningKey
from tansiq.registrar import documents
from tansiq.run import Centre, found, open_centre
from tests.faults.making import composed, forge, order, rows, salted, say
from tests.unit.registrar.changing import amend, set_suspended, signed

CHARTERS = Path(__file__).parents[3] / "charters"


@pytest.fixture(name="centre")
def _centre(tmp_path: Path) -> Iterator[Centre]:
    found((CHARTERS / "baghdad.toml").read_text("utf-8"), tmp_path)
    centre = open_centre(tmp_path)
    yield centre
    centre.stop()


def _codes(centre: Centre) -> list[str]:
    return [m.code for m in centre.charter.members]


def test_a_suspension_needs_all_others_and_lowers_the_quorum_for_settling(centre: Centre) -> None:
    """Signed by all others a member is suspended in every cell; signed by fewer nothing happens."""
    *others, last = _codes(centre)
    doc = documents.StandingDoc(roster=1, member=last)
    few = documents.SignedStanding(doc=doc, signatures=signed(centre, kinds.SUSPENSION, doc, others[:2]))
    with pytest.raises(Refused):
        centre.cells[others[0]].say_open(kinds.SUSPENSION, few)
    whole = documents.SignedStanding(doc=doc, signatures=signed(centre, kinds.SUSPENSION, doc, others))
    centre.cells[others[0]].say_open(kinds.SUSPENSION, whole)
    centre.run_until_quiet()
    assert not centre.faults
    for cell in centre.cells.values():
        suspended = [m.code for m in cell.follower.state.control.roster.members if m.suspended]
        assert suspended == [last]
    with pytest.raises(Refused):
        centre.registrar.cosigned(centre.registrar.store.size, last, bytes(72))
    centre.verify(None, progress=lambda done, total: None)
    assert last not in centre.status()["cosigners"] and centre.status()["settled"] == centre.status()["size"]
    with pytest.raises(Refused):
        centre.cells[others[0]].say_open(kinds.SUSPENSION, whole)


@pytest.mark.parametrize("by_quorum", [False, True])
def test_new_keys_by_the_state_key_or_by_a_quorum_of_the_others(centre: Centre, by_quorum: bool) -> None:
    """A member's keys are replaced by its own state key, or by a quorum of the others; by fewer they are not."""
    first, *others = _codes(centre)
    b64 = wire.write_base64
    doc = documents.KeysDoc(roster=1, member=first, state=b64(SigningKey.generate().public),
                            sign=b64(SigningKey.generate().public), seal=b64(SealingKey.generate().public))
    few = documents.SignedKeys(doc=doc, signatures=signed(centre, kinds.KEYS, doc, others[:1]))
    with pytest.raises(TansiqError):
        centre.cells[others[0]].say_open(kinds.KEYS, few)
    signers = others if by_quorum else [first]
    whole = documents.SignedKeys(doc=doc, signatures=signed(centre, kinds.KEYS, doc, signers))
    centre.cells[others[0]].say_open(kinds.KEYS, whole)
    roster = centre.registrar.state.control.roster
    assert roster.index == 1
    assert next(m for m in roster.members if m.code == first).sign == wire.parse_base64(doc.sign)


def test_what_a_suspended_member_says_is_void(centre: Centre) -> None:
    """Its own cell refuses it, and what a patched cell says all the same counts nowhere, until the member returns."""
    first, *_, last = _codes(centre)
    cell = centre.cells[last]
    say(cell, "Before", release=[first, last])
    set_suspended(centre, last, True)
    with pytest.raises(Refused) as caught:
        say(cell, "While suspended", release=[first, last])
    assert caught.value.code == "act.suspended"
    act = composed(cell, "While suspended", release=[first, last])
    order(centre, forge(cell, [salted(act)], [first, last]))
    set_suspended(centre, last, False)
    say(cell, "After", release=[first, last])
    void = {row.title: row.void for row in rows(centre.cells[first])}
    assert void == {"Before": None, "While suspended": "act.suspended", "After": None}


def test_what_was_in_force_can_be_asked_for_any_moment(centre: Centre) -> None:
    """Charter and suspensions are those that the entries before an instant had made, in every cell alike."""
    first, *_, last = _codes(centre)
    registers = centre.cells[first].registers
    set_suspended(centre, last, True)
    at = registers.time_of(centre.registrar.store.size - 1)
    amend(centre, centre.charter.text + "# amended\n")
    amended = registers.time_of(centre.registrar.store.size - 1)
    assert at is not None and amended is not None and registers.time_of(10_000) is None
    for cell in centre.cells.values():
        assert cell.in_force(at).suspended == frozenset() and cell.in_force(at + 1).suspended == {last}
        assert not cell.in_force(amended).charter.text.endswith("# amended\n")
        assert cell.in_force(amended + 1).charter.text.endswith("# amended\n")
        assert cell.in_force(0) == InForce(cell.in_force(at).charter, frozenset())


def test_an_entry_from_the_future_is_not_followed(centre: Centre) -> None:
    """A registrar whose clock runs ahead by more than two minutes is caught, and nothing of it is kept."""
    code = _codes(centre)[0]
    cell = centre.cells[code]
    size = cell.follower.size
    real = centre.registrar._clock
    centre.registrar._clock = lambda: real() + 300_000
    cell._clock = lambda: real() + 290_000
    cell.say_open(kinds.ACCEPT, documents.AcceptBody(introductions=(_any_reference(centre, code),)))
    with pytest.raises(TansiqError) as caught:
        cell.follower.follow()
    assert caught.value.code == "journal.time" and cell.follower.size == size


def _any_reference(centre: Centre, code: str) -> documents.IntroductionRef:
    made = next(i for i in centre.registrar.state.control.introductions.values() if i.body.pair(code))
    return documents.IntroductionRef(author=made.author, number=made.number)


def test_a_partner_carries_in_no_charter_and_no_suspension(centre: Centre) -> None:
    """However well it is signed, a partner's entry changes no roster."""
    *others, last = _codes(centre)
    doc = documents.StandingDoc(roster=1, member=last)
    whole = documents.SignedStanding(doc=doc, signatures=signed(centre, kinds.SUSPENSION, doc, others))
    with pytest.raises(Refused) as caught:
        centre.cells[centre.charter.partners[0].code].say_open(kinds.SUSPENSION, whole)
    assert caught.value.code == "entry.open" and centre.registrar.state.control.roster.index == 0


def test_a_number_of_thousands_of_digits_costs_its_sender_one_sentence(centre: Centre) -> None:
    """A body with a huge number is malformed; the registrar goes on, and so does the rest of its group."""
    code = _codes(centre)[0]
    cell = centre.cells[code]
    body = b'{"introductions":[' + b"9" * 5_000 + b"]}"
    offer = next_entry(cell.keyring, cell.follower.state.control, cell.speaker._place(), kind=kinds.ACCEPT, body=body)
    outcome = centre.registrar.offer([offer])[0]
    assert isinstance(outcome, TansiqError) and outcome.code == "json.integer"
