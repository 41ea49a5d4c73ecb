"""Acts that a patched author sealed: void at whoever opens them, by name, while the journal goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tansiq.acts import commitment
from tansiq.errors import Refused
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import composed, copied, forge, order, quiet, salted

BOTH = ("IQ", "RU")


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """One centre in which all the spoilt acts are said."""
    directory = tmp_path_factory.mktemp("acts")
    made = quiet(copied(making.found(directory / "founded"), directory))
    yield made
    made.stop()


def _void_of_act(centre: Centre, code: str, index: int) -> list[str | None]:
    return [row.void for row in making.rows(centre.cells[code]) if row.index == index]


def _void_of_entry(centre: Centre, code: str, index: int) -> str | None:
    return next(e.void for e in centre.cells[code].registers.entries(limit=1_000) if e.index == index)


def _unread(centre: Centre, code: str, index: int) -> tuple[str, ...]:
    return next(e.unread for e in centre.cells[code].registers.entries(limit=1_000) if e.index == index)


def _goes_on(centre: Centre) -> None:
    """A next act of the same author reaches its readers, and nobody else."""
    act = making.say(centre.cells["IQ"], "Later", release=("RU",))
    centre.run_until_quiet()
    assert {code for code, cell in centre.cells.items() if cell.registers.act(act)} == set(BOTH)
    assert centre.faults == {}


def test_an_act_whose_release_lacks_its_reader_is_void_there(centre: Centre) -> None:
    """An act that came to a cell outside its own release is void at that cell, as ``act.release``."""
    act = salted(composed(centre.cells["IQ"], release=("IQ", "SY")))
    [index] = order(centre, forge(centre.cells["IQ"], [act], BOTH))
    assert _void_of_act(centre, "RU", index) == ["act.release"]
    assert _void_of_act(centre, "SY", index) == []
    _goes_on(centre)


def test_an_act_in_the_name_of_another_is_void(centre: Centre) -> None:
    """An act that names another author than its entry's is void at every reader, as ``act.author``."""
    act = salted(composed(centre.cells["IQ"], author="SY", release=("IQ", "RU", "SY")))
    [index] = order(centre, forge(centre.cells["IQ"], [act], BOTH))
    assert [_void_of_act(centre, code, index) for code in BOTH] == [["act.author"]] * 2
    _goes_on(centre)


def test_a_kind_of_another_desk_is_void(centre: Centre) -> None:
    """A report under the tag of another desk is void at every reader, as ``act.desk``."""
    act = salted(composed(centre.cells["IQ"], release=BOTH), number=making.TRIAL.number)
    [index] = order(centre, forge(centre.cells["IQ"], [act], BOTH, desk=making.TRIAL.number))
    assert [_void_of_act(centre, code, index) for code in BOTH] == [["act.desk"]] * 2
    _goes_on(centre)


def test_acts_that_were_not_committed_to_are_void(centre: Centre) -> None:
    """An envelope whose commitment is of other acts is void as a whole, as ``act.commitment``."""
    act = salted(composed(centre.cells["IQ"], release=BOTH))
    [index] = order(centre, forge(centre.cells["IQ"], [act], BOTH, commit=bytes(31) + b"\1"))
    assert [_void_of_entry(centre, code, index) for code in BOTH] == ["act.commitment"] * 2
    assert _void_of_entry(centre, "SY", index) is None
    _goes_on(centre)


@pytest.mark.parametrize("plain", [
    bytes(2_032), b"\0\1".ljust(2_032, b"\xff"), b"\xff" * 2_032, b"\0\1".ljust(3_000, b"\0"),
], ids=["no act", "length beyond the end", "count beyond the limit", "not a step of the padding"])
def test_a_body_that_is_no_list_of_acts_is_void(centre: Centre, plain: bytes) -> None:
    """A body that opens to something else than acts is void as a whole, as ``act.malformed``."""
    [index] = order(centre, forge(centre.cells["IQ"], [], BOTH, plain=plain, commit=bytes(32)))
    assert [_void_of_entry(centre, code, index) for code in BOTH] == ["act.malformed"] * 2
    _goes_on(centre)


@pytest.mark.parametrize("spoil", [
    lambda data: data[:-1], lambda data: data.replace(b'"version":1', b'"version": 1'),
    lambda data: data[:-1] + b',"version":1}', lambda data: data.replace(b"Road", b"Ro\\u0000ad"),
    lambda data: data.replace(b'"lat":344830000', b'"lat":NaN'),
    lambda data: data.replace(b"Road", b"\xff\xfe\xfd\xfc"),
    lambda data: data.replace(b'"lat":344830000', b'"lat":344830000.0'), lambda data: b"[" * 20_000,
    lambda data: data.replace(b'["IQ","RU"]', b'["RU","IQ"]'),
], ids=["cut", "blank", "key twice", "NUL", "NaN", "not UTF-8", "fraction", "deep", "release unsorted"])
def test_an_act_in_other_bytes_than_its_one_encoding_is_void(centre: Centre, spoil: object) -> None:
    """Bytes that are not the one encoding of an act void their envelope, as ``act.malformed``."""
    assert callable(spoil)
    fair = salted(composed(centre.cells["IQ"], release=BOTH))
    act = type(fair)(fair.salt, spoil(fair.data), fair.label)
    assert act.data != fair.data
    [index] = order(centre, forge(centre.cells["IQ"], [act], BOTH))
    assert [_void_of_entry(centre, code, index) for code in BOTH] == ["act.malformed"] * 2
    _goes_on(centre)


def test_a_key_that_does_not_open_is_said(centre: Centre) -> None:
    """A slot that is ours with a key that does not open the body voids the envelope, as ``slot.unopenable``."""
    act = salted(composed(centre.cells["IQ"], release=BOTH))
    [index] = order(centre, forge(centre.cells["IQ"], [act], BOTH, key=bytes(31) + b"\1"))
    assert [_void_of_entry(centre, code, index) for code in BOTH] == ["slot.unopenable"] * 2
    _goes_on(centre)


def test_a_kind_from_the_future_stays_sealed(centre: Centre) -> None:
    """A kind that is not known is kept and named ``act.unknown``; the journal goes on."""
    act = salted(composed(centre.cells["IQ"], release=BOTH, kind="telepathy"))
    [index] = order(centre, forge(centre.cells["IQ"], [act], BOTH))
    assert [_void_of_entry(centre, code, index) for code in BOTH] == [None] * 2
    assert [_unread(centre, code, index) for code in (*BOTH, "SY")] == [("act.unknown",), ("act.unknown",), ()]
    assert _void_of_act(centre, "RU", index) == []
    _goes_on(centre)


def test_one_unknown_act_does_not_close_its_envelope(centre: Centre) -> None:
    """The acts beside one of an unknown kind are folded; it alone waits, and may be repeated to no effect."""
    before = salted(composed(centre.cells["IQ"], "Before", release=BOTH), salt=20)
    unknown = salted(composed(centre.cells["IQ"], release=BOTH, kind="telepathy"), salt=21)
    after = salted(composed(centre.cells["IQ"], "After", release=BOTH), salt=22)
    [index] = order(centre, forge(centre.cells["IQ"], [before, unknown, after, unknown], BOTH))
    for code in BOTH:
        titles = [(row.title, row.position, row.void) for row in making.rows(centre.cells[code]) if row.index == index]
        assert titles == [("After", 2, None), ("Before", 0, None)]
        assert _unread(centre, code, index) == ("act.unknown",) and _void_of_entry(centre, code, index) is None
    [again] = order(centre, forge(centre.cells["IQ"], [unknown], BOTH))
    assert _void_of_entry(centre, "RU", again) == "act.repeat" and _unread(centre, "RU", again) == ()
    _goes_on(centre)


def test_the_commitment_is_checked_where_a_kind_is_unknown(centre: Centre) -> None:
    """An unknown act counts for the commitment by its label: with a false one the envelope is void as ever."""
    acts = [salted(composed(centre.cells["IQ"], title, release=BOTH, kind=kind), salt=23)
            for title, kind in (("Known", "report"), ("Unknown", "telepathy"))]
    [index] = order(centre, forge(centre.cells["IQ"], acts, BOTH, commit=commitment(acts[:1])))
    assert [_void_of_entry(centre, code, index) for code in BOTH] == ["act.commitment"] * 2
    other = type(acts[1])(acts[1].salt, acts[1].data, acts[0].label)
    [index] = order(centre, forge(centre.cells["IQ"], acts, BOTH, commit=commitment([acts[0], other])))
    assert [_void_of_entry(centre, code, index) for code in BOTH] == ["act.commitment"] * 2
    _goes_on(centre)


@pytest.mark.parametrize("changed", [{"author": "RU"}, {"release": ("IQ", "SY")}], ids=["author", "release"])
def test_an_unknown_act_is_held_to_its_head(centre: Centre, changed: dict[str, object]) -> None:
    """An unknown act in another's name, or not released to its reader, is void by that name and waits for nothing."""
    act = salted(composed(centre.cells["IQ"], release=BOTH), salt=24 + len(str(changed)))
    data = act.data.replace(b'"kind":"report"', b'"kind":"telepathy"')
    for name, value in changed.items():
        data = data.replace(b'"author":"IQ"' if name == "author" else b'["IQ","RU"]',
                            b'"author":"RU"' if value == "RU" else b'["IQ","SY"]')
    label = act.label.replace(b'"report"', b'"telepathy"')
    [index] = order(centre, forge(centre.cells["IQ"], [type(act)(act.salt, data, label)], BOTH))
    assert _unread(centre, "RU", index) == (f"act.{next(iter(changed))}",)
    _goes_on(centre)


def test_fields_of_its_kind_void_one_act_alone(centre: Centre) -> None:
    """An act with a sound head and malformed fields of its kind is void alone: an older program decides the same."""
    good = salted(composed(centre.cells["IQ"], "Good", release=BOTH), salt=40)
    bad = salted(composed(centre.cells["IQ"], "Bad", release=BOTH), salt=41)
    bad = type(bad)(bad.salt, bad.data.replace(b'"source_reliability":"B"', b'"source_reliability":7'), bad.label)
    [index] = order(centre, forge(centre.cells["IQ"], [bad, good], BOTH))
    assert _void_of_act(centre, "RU", index) == [None] and _unread(centre, "RU", index) == ("act.malformed",)
    _goes_on(centre)


def test_an_answer_to_an_unknown_act_waits_with_it(centre: Centre) -> None:
    """What answers an unknown act cannot be ruled yet: it waits too, and no officer here may answer such a thread."""
    cell = centre.cells["IQ"]
    first = salted(composed(cell, release=BOTH, kind="telepathy"), salt=50)
    reply = salted(composed(cell, release=BOTH, thread=first.id.hex(), refers=(first.id.hex(),)), salt=51)
    [index] = order(centre, forge(cell, [first, reply], BOTH))
    assert _unread(centre, "RU", index) == ("act.unknown", "act.unknown")
    later = salted(composed(cell, release=BOTH, thread=first.id.hex(), refers=(reply.id.hex(),)), salt=52)
    [index] = order(centre, forge(cell, [later], BOTH))
    assert _unread(centre, "RU", index) == ("act.unknown",)
    begun = making.say(cell, "Begun", release=("RU",))
    centre.run_until_quiet()
    strange = salted(composed(cell, release=BOTH, kind="telepathy", thread=begun, refers=(begun,)), salt=53)
    order(centre, forge(cell, [strange], BOTH))
    with pytest.raises(Refused) as told:
        cell.say("recall", {"reason": {"lang": "en", "text": "Seen again"}, "refers": [begun]}, officer="IQ-releaser")
    assert told.value.code == "act.thread.unread"
    _goes_on(centre)


def test_an_act_said_twice_counts_once(centre: Centre) -> None:
    """An act repeated in a later entry is not folded again, and the entry says ``act.repeat``; the first stands."""
    act = salted(composed(centre.cells["IQ"], "Once", release=BOTH), salt=9)
    [first] = order(centre, forge(centre.cells["IQ"], [act], BOTH))
    [again] = order(centre, forge(centre.cells["IQ"], [act], BOTH))
    for code in BOTH:
        row = centre.cells[code].registers.act(act.id.hex())
        assert row is not None and row.index == first and row.void is None
        assert _void_of_act(centre, code, again) == []
        assert _void_of_entry(centre, code, again) == "act.repeat"
    _goes_on(centre)


def test_an_act_twice_in_one_envelope_counts_once(centre: Centre) -> None:
    """An act that stands twice in one envelope is folded once, and its neighbours are folded."""
    act = salted(composed(centre.cells["IQ"], "Twice", release=BOTH), salt=10)
    other = salted(composed(centre.cells["IQ"], "Beside", release=BOTH), salt=11)
    [index] = order(centre, forge(centre.cells["IQ"], [act, act, other], BOTH))
    assert _void_of_act(centre, "RU", index) == [None, None]
    _goes_on(centre)


def test_a_rule_is_kept_at_the_index_too(centre: Centre) -> None:
    """What a patched author says against a desk's rule is void at every reader, with the rule's code."""
    theirs = making.say(centre.cells["RU"], "Theirs", release=("IQ",))
    centre.run_until_quiet()
    act, _ = centre.cells["IQ"]._compose("recall", {"refers": [theirs], "reason": {"lang": "en", "text": "No"}}, "IQ-x")
    [index] = order(centre, forge(centre.cells["IQ"], [salted(act)], BOTH))
    assert [_void_of_act(centre, code, index) for code in BOTH] == [["intelligence.author"]] * 2
    row = centre.cells["RU"].registers.act(theirs)
    assert row is not None and row.standing == "standing"
    _goes_on(centre)


@pytest.mark.parametrize("changed", [
    {"thread": "ab" * 32, "refers": ("ab" * 32,)}, {"refers": ("cd" * 32,)}, {"occurred_until": 2**53 - 1},
    {"occurred_from": -(2**53) + 1}, {"place_name": "\u202eback"}, {"officer": ""}, {"handling": "NONE"},
], ids=["thread absent", "refers absent", "far end", "far beginning", "bidi", "no officer", "handling unknown"])
def test_strange_fields_stop_nobody(centre: Centre, changed: dict[str, object]) -> None:
    """Whatever a patched author writes into fields, every reader rules the same, and the journal goes on."""
    act = salted(composed(centre.cells["IQ"], release=BOTH, **changed), salt=20 + len(str(changed)) % 200)
    [index] = order(centre, forge(centre.cells["IQ"], [act], BOTH))
    assert _void_of_act(centre, "IQ", index) == _void_of_act(centre, "RU", index)
    _goes_on(centre)


def test_the_words_are_where_they_are_released(centre: Centre) -> None:
    """An act is readable at its author and its release, and no file of any other party holds its words."""
    words = "Qasr al-Mirhab bridge stands"
    making.say(centre.cells["IQ"], words, release=("RU",))
    centre.run_until_quiet()
    for folder in (centre.directory / "registrar", *(centre.directory / "cells").iterdir()):
        held = any(word in path.read_bytes() for path in folder.rglob("*") if path.is_file()
                   for word in (words.encode(), b"mirhab", b"Mirhab"))
        assert held == (folder.name in BOTH), folder.name


def test_after_all_that_a_rebuild_is_equal(centre: Centre) -> None:
    """Folding everything again gives the same acts with the same voids; every copy verifies."""
    before = {code: making.rows(cell) for code, cell in centre.cells.items()}
    for code in centre.cells:
        centre.rebuild(code, progress=lambda *_: None)
    assert {code: making.rows(cell) for code, cell in centre.cells.items()} == before
    making.require_whole(centre)
