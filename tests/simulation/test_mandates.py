"""A registrar is lost, or lies, or is replaced: what was settled stays, and what was not is said again."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tansiq import wire
from tansiq.cell import takeover
from tansiq.cell.links.local import LocalLink
from tansiq.errors import Refused, TansiqError, Unavailable, Untrusted
from tansiq.journal import entry as kinds
from tansiq.journal import parse_leaf
from tansiq.journal.entry import MANDATE
from tansiq.keys.signing import SigningKey
from tansiq.merkle.promises import Named, Promise, parse_promise, write_promise
from tansiq.merkle.signed import parse_note
from tansiq.registrar import documents
from tansiq.registrar.order import Offer, Ordered
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import copied, quiet, set_link
from tests.unit.registrar.changing import set_suspended, signed

FOUR = ["IQ", "SY", "IR", "RU"]


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy."""
    return making.found(tmp_path_factory.mktemp("mandates"))


@pytest.fixture(name="centre")
def _centre(founded: Path, tmp_path: Path) -> Iterator[Centre]:
    centre = quiet(copied(founded, tmp_path))
    yield centre
    centre.stop()


def _say(centre: Centre, code: str, *titles: str) -> list[str]:
    """Say reports for all four, an envelope each, and have them ordered."""
    acts = []
    for title in titles:
        acts.append(making.say(centre.cells[code], title, release=FOUR))
        centre.cells[code].send()
    return acts


def _burn(centre: Centre) -> Centre:
    """The registrar's directory is lost; everything else is opened again."""
    centre.stop()
    shutil.rmtree(centre.directory / "registrar")
    return quiet(making.opened(centre.directory, later_ms=600_000))


def _hand_over(centre: Centre, codes: list[str], *, again: bool = False) -> None:
    """Draw a registrar, have these members promise it, and put it in force."""
    centre.mandates.draw(again=again)
    for code in codes:
        centre.mandates.promise(code)
    centre.mandates.enforce()


def _require_all(centre: Centre, acts: list[str]) -> None:
    """Every act is settled, once, at each of the four, in journals that verify."""
    centre.run_until_quiet()
    for code in FOUR:
        assert {row.id for row in making.rows(centre.cells[code]) if row.void is None} == set(acts)
        assert {centre.cells[code].receipt(act).state for act in acts} == {"settled"}
        assert centre.cells[code].outbox.count() == 0
    making.require_whole(centre)


def test_a_burnt_registrar_is_replaced_and_nothing_settled_is_lost(centre: Centre) -> None:
    """With the registrar's directory deleted, three promises make another; what was ordered alone is said again."""
    settled = _say(centre, "IQ", "Settled one", "Settled two")
    centre.run_until_quiet()
    before = centre.cells["IQ"].follower.settled_size
    tail = _say(centre, "IQ", "Tail one") + _say(centre, "RU", "Tail two") + _say(centre, "IQ", "Tail three")
    centre.cells["SY"].follower.follow()
    centre = _burn(centre)
    assert set(centre.faults) == {*FOUR, centre.charter.partners[0].code}
    assert centre.status()["registrar"] is False and centre.status()["size"] == before + 3
    assert len(making.rows(centre.cells["SY"])) == 5, "what it had followed can be read"
    unsent = [making.say(centre.cells["IR"], "Said meanwhile", release=FOUR)]
    _hand_over(centre, ["SY", "IR", "RU"])
    assert centre.status()["mandate"] == 2
    _require_all(centre, [*settled, *tail, *unsent])
    leaf = parse_leaf(centre.registrar.store.fetch(before + 3, before + 4)[0].leaf)
    assert leaf.entry.kind == MANDATE, "SY had cosigned all three: nothing fell"
    centre.stop()


def test_an_unsettled_tail_falls_and_is_said_again(centre: Centre) -> None:
    """Where only those who were behind promise, what one member alone had followed falls, at it too, and comes back."""
    settled = _say(centre, "IQ", "Settled")
    centre.run_until_quiet()
    start = centre.registrar.store.size
    tail = _say(centre, "IQ", "First") + _say(centre, "RU", "Second")
    iq = centre.cells["IQ"]
    iq.step()
    assert iq.follower.size == start + 2 and len(making.rows(iq)) == 3
    centre = _burn(centre)
    iq = centre.cells["IQ"]
    _hand_over(centre, ["SY", "IR", "RU"])
    [record] = centre.registrar.store.fetch(start, start + 1)
    assert parse_leaf(record.leaf).entry.kind == MANDATE
    _require_all(centre, [*settled, *tail])
    assert iq.follower.state.control.version == 2 and iq.book.cosigned is not None
    assert iq.book.cosigned.named.mandate == 2
    before = {code: making.rows(centre.cells[code]) for code in FOUR}
    for code in FOUR:
        centre.rebuild(code, progress=lambda *_: None)
    assert {code: making.rows(centre.cells[code]) for code in FOUR} == before
    centre.stop()
    again = making.opened(centre.directory, later_ms=1_200_000)
    assert not again.faults and again.status()["mandate"] == 2
    _require_all(again, [*settled, *tail])
    again.stop()


def _stated(centre: Centre, kind: int, member: str) -> Any:
    """A document of an open kind about a member, signed by whom it needs, for the roster that comes next."""
    control, b64 = centre.registrar.state.control, wire.write_base64
    number, others = len(control.rosters), [code for code in FOUR if code != member]
    if kind in (kinds.SUSPENSION, kinds.RETURN):
        standing = documents.StandingDoc(roster=number, member=member)
        return documents.SignedStanding(doc=standing, signatures=signed(centre, kind, standing, others))
    parties = (*control.roster.members, *control.roster.partners)
    keys = {p.code: documents.PublicKeys(state=b64(p.state), sign=b64(p.sign), seal=b64(p.seal)) for p in parties}
    if kind == kinds.CHARTER:
        text = centre.charter.text + "# amended\n"
        charter = documents.CharterDoc(roster=number, charter=text, keys=keys, registrar=None)
        return documents.SignedCharter(doc=charter, signatures=signed(centre, kind, charter, FOUR))
    held = keys[member]
    made = documents.KeysDoc(roster=number, member=member, state=b64(SigningKey.generate().public), sign=held.sign,
                             seal=held.seal)
    return documents.SignedKeys(doc=made, signatures=signed(centre, kind, made, [member]))


def _bodies(centre: Centre, code: str, kind: int) -> list[bytes]:
    """Bodies of the open entries of a kind in a cell's copy, but the founding's."""
    records = centre.cells[code].follower.leaves(1, 10_000)
    return [record.body for record in records if parse_leaf(record.leaf).entry.kind == kind]


@pytest.mark.parametrize(("kind", "moved"), [
    (kinds.CHARTER, False), (kinds.CHARTER, True), (kinds.KEYS, False), (kinds.KEYS, True), (kinds.SUSPENSION, False),
    (kinds.SUSPENSION, True), (kinds.RETURN, False)])
def test_an_open_entry_in_a_fallen_tail_is_said_again(centre: Centre, kind: int, moved: bool) -> None:
    """A charter, keys, a suspension, a return that falls stands again after the takeover, once, in its author's order;
    also where (*moved*) another's entry stands now in what it had seen, so that it is sealed again."""
    if kind == kinds.RETURN:
        set_suspended(centre, "IR", True)
    settled = _say(centre, "IQ", "Settled")
    centre.run_until_quiet()
    start, rosters = centre.registrar.store.size, len(centre.registrar.state.control.rosters)
    tail = _say(centre, "SY", "Theirs") if moved else []
    iq = centre.cells["IQ"]
    if moved:
        iq.step()
    tail += _say(centre, "IQ", "Before")
    document = _stated(centre, kind, "IR")
    place = iq.say_open(kind, document)
    assert len(centre.registrar.state.control.rosters) == rosters + 1
    if kind != kinds.RETURN:  # of three all must promise: then the author has not cosigned its own tail
        tail += _say(centre, "IQ", "After")
        iq.step()
        assert iq.follower.size == start + len(tail) + 1
    centre = _burn(centre)
    _hand_over(centre, ["IQ", "SY", "RU"] if kind == kinds.RETURN else ["SY", "IR", "RU"])
    assert centre.registrar.state.control.mandates[-1].index <= place.index, "it fell"
    _require_all(centre, [*settled, *tail])
    for code in FOUR:
        assert _bodies(centre, code, kind).count(wire.write(document)) == 1
        assert len(centre.cells[code].follower.state.control.rosters) == rosters + 1
    assert centre.cells["IQ"].outbox.held() == [] and not centre.faults
    centre.stop()


def test_an_open_entry_whose_roster_another_made_meanwhile_is_over(centre: Centre) -> None:
    """Where, after the fall, another document took the number of its roster, it is refused; its author speaks on."""
    start = centre.registrar.store.size
    centre.cells["IQ"].say_open(kinds.SUSPENSION, _stated(centre, kinds.SUSPENSION, "IR"))
    tail = _say(centre, "IQ", "After")
    centre = _burn(centre)
    _hand_over(centre, ["SY", "IR", "RU"])
    other = _stated(centre, kinds.KEYS, "SY")
    centre.cells["SY"].say_open(kinds.KEYS, other)
    _require_all(centre, tail)
    assert _bodies(centre, "IQ", kinds.SUSPENSION) == [] and _bodies(centre, "IQ", kinds.KEYS) == [wire.write(other)]
    assert not any(member.suspended for member in centre.registrar.state.control.roster.members)
    assert centre.cells["IQ"].outbox.held() == [] and not centre.faults and centre.registrar.store.size > start + 2
    centre.stop()


def test_an_open_entry_that_no_registrar_took_is_said_by_itself(centre: Centre) -> None:
    """With the registrar away it is kept, and the officer is told; it is ordered when one is there again, once."""
    iq, document = centre.cells["IQ"], _stated(centre, kinds.SUSPENSION, "RU")
    set_link(iq, LocalLink(None))
    with pytest.raises(Unavailable):
        iq.say_open(kinds.SUSPENSION, document)
    set_link(iq, centre.link)
    iq.say_open(kinds.SUSPENSION, document)
    centre.run_until_quiet()
    assert _bodies(centre, "SY", kinds.SUSPENSION) == [wire.write(document)]
    with pytest.raises(Refused) as told:
        iq.say_open(kinds.SUSPENSION, document)
    assert told.value.code == "entry.open" and iq.outbox.count() == 0
    making.require_whole(centre)


def test_a_copy_that_is_lost_as_well_is_fetched_under_the_new_mandate(centre: Centre) -> None:
    """A cell whose journal burnt with the registrar fetches the whole again, and holds it against what it cosigned."""
    settled = _say(centre, "IQ", "One", "Two")
    centre.run_until_quiet()
    for path in (centre.directory / "cells" / "RU").glob("[jr]*.db*"):
        path.unlink()
    centre = _burn(centre)
    _hand_over(centre, ["IQ", "SY", "IR"])
    _require_all(centre, settled)
    centre.stop()


def test_whoever_promised_cosigns_nothing_older(centre: Centre) -> None:
    """From its promise on, and after a start, a cell cosigns under the old mandate no more; it goes on reading."""
    cell = centre.cells["RU"]
    centre.mandates.draw()
    centre.mandates.promise("RU")
    _say(centre, "IQ", "After the promise")
    centre.run_until_quiet()
    assert "RU" not in centre.registrar.head().cosignatures
    assert making.titles(cell) == ["After the promise"] and cell.status()["promised"] == 2
    centre.stop()
    centre = quiet(making.opened(centre.directory, later_ms=600_000))
    assert centre.cells["RU"].book.promised == 2
    _say(centre, "IQ", "After a start")
    centre.run_until_quiet()
    assert "RU" not in centre.registrar.head().cosignatures and centre.status()["settled"] == centre.status()["size"]
    centre.stop()


def test_a_promise_is_given_once(centre: Centre) -> None:
    """The same promise may be asked for again; another key, the same version or a lower one is refused, for ever."""
    first = centre.mandates.draw()
    note = centre.mandates.promise("IQ")["note"]
    assert centre.mandates.promise("IQ")["note"] == note
    cell, other = centre.cells["IQ"], SigningKey.generate().public
    with pytest.raises(Refused) as told:
        cell.promise(first["version"], other)
    assert told.value.code == "promise.given"
    cell.promise(7, other)
    with pytest.raises(Refused) as told:
        cell.promise(6, other)
    assert told.value.code == "promise.given"
    with pytest.raises(Refused) as told:
        cell.promise(1, other)
    assert told.value.code == "promise.old"
    promise = parse_promise(parse_note(note.encode()).text)
    head = centre.registrar.head()
    assert promise.named == (1, head.size, centre.registrar.state.root(head.size))
    with pytest.raises(Refused) as told:
        centre.cells[centre.charter.partners[0].code].promise(2, other)
    assert told.value.code == "promise.partner"


def test_too_few_promises_make_nothing(centre: Centre) -> None:
    """Two of four put nothing in force and break nothing; what failed is drawn again under a later version."""
    with pytest.raises(Refused) as told:
        centre.mandates.enforce()
    assert told.value.code == "mandate.drawn"
    centre.mandates.draw()
    centre.mandates.promise("IQ")
    centre.mandates.promise("SY")
    with pytest.raises(Refused) as told:
        centre.mandates.enforce()
    assert told.value.code == "mandate.quorum" and "IQ, SY" in str(told.value)
    assert centre.mandates.show()["awaited"] == ["IR", "RU"]
    acts = _say(centre, "RU", "It goes on")
    centre.run_until_quiet()
    assert not centre.faults and centre.status()["settled"] < centre.status()["size"], "those two cosign no more"
    assert centre.mandates.draw(again=True)["version"] == 3
    _hand_over(centre, FOUR)
    assert centre.status()["mandate"] == 3
    _require_all(centre, acts)


def test_a_promise_of_what_nobody_can_fetch_is_left_out(centre: Centre) -> None:
    """A member that names a checkpoint which is nowhere to be had holds nobody up, and moves no start."""
    acts = _say(centre, "IQ", "One")
    centre.run_until_quiet()
    drawn = centre.mandates.draw()
    liar = centre.cells["RU"]
    named = Named(1, 10_000, bytes(32))
    promise = Promise(liar.centre, drawn["version"], wire.parse_base64(drawn["key"]), named)
    note = write_promise(promise, "RU", liar.keyring.sign).decode()
    size = centre.registrar.store.size
    for code in ("IQ", "SY"):
        centre.mandates.promise(code)
    with pytest.raises(Refused):
        centre.mandates.enforce(notes=[note])
    centre.mandates.promise("IR")
    centre.mandates.enforce(notes=[note])
    [record] = centre.registrar.store.fetch(size, size + 1)
    assert b"IR" in record.body and b"/RU " not in record.body
    _require_all(centre, acts)


def test_the_old_registrar_orders_no_more_and_is_believed_no_more(centre: Centre) -> None:
    """A registrar that is shown the mandate says that it is over, after a start too; it is believed by nobody."""
    shutil.copytree(centre.directory / "registrar", centre.directory / "kept")
    _say(centre, "IQ", "One")
    centre.run_until_quiet()
    _hand_over(centre, FOUR)
    centre.run_until_quiet()
    clock = making.Clock(1_760_000_900_000)
    before = takeover.open_registrar(centre.directory / "registrar.before-2", clock)
    cell = centre.cells["IQ"]
    offer = making.forge(cell, [making.salted(making.composed(cell))], ["IQ"])
    with pytest.raises(Unavailable) as told:
        before.offer([offer])
    assert told.value.code == "mandate.over"
    set_link(cell, LocalLink(before))
    with pytest.raises(Untrusted) as lied:
        cell.step()
    assert lied.value.code == "mandate.old"
    before.store.close()
    # One that never heard of the mandate, or does not want to, goes on ordering: for nobody.
    defiant = takeover.open_registrar(centre.directory / "kept", clock)
    set_link(cell, LocalLink(defiant))
    making.say(cell, "Two", release=FOUR)
    for _ in range(3):
        with pytest.raises(TansiqError):
            cell.step()
    assert cell.follower.state.control.version == 2 and cell.book.cosigned is not None
    defiant.store.close()
    set_link(cell, centre.link)
    centre.run_until_quiet()
    assert making.titles(centre.cells["RU"]) == ["One", "Two"]
    making.require_whole(centre)


def test_a_mandate_that_does_not_hold_moves_nobody(centre: Centre) -> None:
    """A registrar whose mandate has too few promises is followed by no cell, though its journal is longer."""
    _say(centre, "IQ", "One")
    centre.run_until_quiet()
    cell, size = centre.cells["RU"], centre.registrar.store.size
    _hand_over(centre, ["IQ", "SY", "IR"])
    true = centre.link
    records = true.mandates(1)
    few = records[0].body.replace(b'"promises":[', b'"promises":[', 1)
    doc = wire.parse(few, __import__("tansiq.registrar.mandates", fromlist=["MandateDoc"]).MandateDoc)
    lie = type(doc)(version=doc.version, key=doc.key, start=size - 1, root=doc.root, promises=doc.promises[:2])
    bent = [record._replace(body=wire.write(lie)) for record in records]
    set_link(cell, making.WrappedLink(true, {"mandates": lambda version: bent}))
    cell.follower._settling.size = 0  # even where nothing was known to be settled
    with pytest.raises(TansiqError):
        cell.step()
    assert cell.follower.size == size
    set_link(cell, true)
    centre.run_until_quiet()
    making.require_whole(centre)


def test_a_mandate_below_what_is_settled_is_refused(centre: Centre) -> None:
    """A quorum that swears falsely cannot take from a cell what it knows to be settled: it stops, and says so."""
    acts = _say(centre, "IQ", "One", "Two")
    centre.run_until_quiet()
    size = centre.registrar.store.size
    drawn = centre.mandates.draw()
    key, notes = wire.parse_base64(drawn["key"]), []
    for code in ("IQ", "SY", "IR"):
        liar = centre.cells[code]
        named = Named(1, size - 1, liar.follower.state.root(size - 1))
        notes.append(write_promise(Promise(liar.centre, 2, key, named), code, liar.keyring.sign).decode())
    centre.mandates.enforce(notes=notes)
    cell = centre.cells["RU"]
    with pytest.raises(Untrusted) as told:
        cell.step()
    assert told.value.code == "mandate.settled"
    assert cell.receipt(acts[1]).state == "settled" and len(making.rows(cell)) == 2


def test_a_registrar_is_replaced_in_good_order_while_acts_wait(centre: Centre) -> None:
    """Handed over with nothing lost, twice: every author goes on in its own numbers, under the third mandate too."""
    acts = _say(centre, "IQ", "One")
    for turn in range(2):
        acts.append(making.say(centre.cells["SY"], f"Waits {turn}", release=FOUR))
        _hand_over(centre, FOUR if turn else FOUR[1:])
        acts += _say(centre, "RU", f"After {turn}")
        centre.run_until_quiet()
    assert centre.status()["mandate"] == 3 and not centre.faults
    _require_all(centre, acts)
    kept = sorted(path.name for path in centre.directory.glob("registrar*"))
    assert kept == ["registrar", "registrar.before-2", "registrar.before-3"]
    partner = centre.cells[centre.charter.partners[0].code]
    assert partner.follower.state.control.version == 3 and partner.follower.size == centre.registrar.store.size


@pytest.mark.parametrize("after", ["prepare", "half"])
def test_a_takeover_that_was_cut_is_taken_up_again(centre: Centre, after: str) -> None:
    """Stopped after the journal was made, or between the two renames, the same command ends what it began."""
    acts = _say(centre, "IQ", "One")
    centre.run_until_quiet()
    centre.mandates.draw()
    for code in FOUR:
        centre.mandates.promise(code)
    directory = centre.directory
    takeover.prepare(directory, centre.mandates._promises(takeover.drawn(directory)), centre.peers(),  # type: ignore[arg-type]
                     centre.cells["SY"].keyring, clock=making.Clock(1_760_000_300_000))
    if after == "half":
        (directory / "registrar").rename(directory / "registrar.before-2")
    centre.stop()
    centre = quiet(making.opened(directory, later_ms=600_000))
    centre.mandates.enforce()
    _require_all(centre, acts)
    assert centre.status()["mandate"] == 2
    centre.stop()


def _random_ways(centre: Centre, chance: random.Random, acts: list[str]) -> None:
    for n in range(chance.randrange(4, 12)):
        code = chance.choice(FOUR)
        way = chance.random()
        if way < 0.5:
            acts += _say(centre, code, f"Act {len(acts)} {n}")
        elif way < 0.9:
            centre.cells[code].step()
        else:
            centre.step()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_burns_and_whoever_promises_nothing_said_is_lost(centre: Centre, seed: int) -> None:
    """Under dice: registrars burn or are handed over at any moment, three or four promise; every act settles once."""
    _play(centre, seed, turns=3)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_registrars_burn(centre: Centre, seed: int) -> None:
    """The same for many seeds and more turns."""
    _play(centre, seed, turns=8)


def _play(centre: Centre, seed: int, *, turns: int) -> None:
    chance, acts, later = random.Random(seed), [], 0
    for _ in range(turns):
        _random_ways(centre, chance, acts)
        later += 600_000
        if chance.random() < 0.7:
            centre.stop()
            shutil.rmtree(centre.directory / "registrar")
            centre = quiet(making.opened(centre.directory, later_ms=later))
        settled = {code: centre.cells[code].follower.settled_size for code in FOUR}
        _hand_over(centre, chance.sample(FOUR, chance.randrange(3, 5)))
        start = centre.registrar.state.control.mandates[-1].index
        assert start >= max(settled.values())
    _require_all(centre, acts)
    centre.stop()


def test_the_new_registrar_answers_nothing_before_its_mandate(centre: Centre, tmp_path: Path) -> None:
    """A key without a mandate orders nothing and shows no head, whatever journal lies beside it."""
    shutil.copytree(centre.directory / "registrar", tmp_path / "copy")
    (tmp_path / "copy" / "keys.json").unlink()
    founding_keys = takeover.RegistrarSecrets(wire.write_base64(SigningKey.generate().seed))
    takeover.write_secrets(tmp_path / "copy" / "keys.json", founding_keys)
    other = takeover.open_registrar(tmp_path / "copy", making.Clock(1_760_000_300_000))
    cell = centre.cells["IQ"]
    [outcome] = other.offer([making.forge(cell, [making.salted(making.composed(cell))], ["IQ"])])
    assert not isinstance(outcome, Ordered) and outcome.code == "mandate.none"
    with pytest.raises(Unavailable):
        other.head()
    nonsense = making.forge(cell, [making.salted(making.composed(cell))], ["IQ"])
    assert isinstance(other.offer([Offer(nonsense.entry[:-1], b"")])[0], TansiqError)
    other.store.close()
