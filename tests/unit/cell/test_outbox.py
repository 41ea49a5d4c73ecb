"""The outbox: an act is held, waiting or sealed, from when it was said until its entry is settled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tansiq.acts import Act, SaltedAct, pad_plain, seal_body
from tansiq.cell.outbox import Outbox, Sealed
from tansiq.cell.parcels import Parcel, bind, gather, runs
from tansiq.errors import Malformed, Refused
from tansiq.journal import Entry, write_signed
from tansiq.registrar.order import Offer, Ordered
from tansiq.wire import ACTS_PER_ENVELOPE_MAX, sha256

ALL = 1 << 30


@pytest.fixture(name="outbox")
def _outbox(tmp_path: Path) -> Iterator[Outbox]:
    made = Outbox(tmp_path / "outbox.db")
    yield made
    made.close()


def parcel(*words: str, desk: int = 1, release: tuple[str, ...] = ("IQ", "RU")) -> Parcel:
    """A parcel of one act a word."""
    acts = [SaltedAct(sha256(word.encode()), word.encode(), b"{}") for word in words]
    return bind([Parcel(desk, release, act.id, act.leaf, act.packed) for act in acts])


def sealed(number: int, held: Parcel) -> Sealed:
    """An envelope whose body truly holds the parcel; nobody looks at its signature here."""
    key, centre = bytes([number] * 32), bytes(32)
    body = seal_body(pad_plain(held.acts, held.packed), key, centre=centre, author="IQ", number=number)
    entry = Entry(0, 0, "IQ", centre, number, bytes(32), 1, bytes(32), 1, bytes(32), len(body), bytes(32), bytes(48),
                  ())
    return Sealed(number, held, key, Offer(write_signed(entry) + bytes(64), body))


def waiting(outbox: Outbox) -> list[Parcel]:
    """What waits to be sealed."""
    return [found for _, found in outbox.waiting(ALL)]


def numbers(outbox: Outbox) -> list[int]:
    """Numbers of the envelopes that are to be offered."""
    return [number for number, _ in outbox.sealed(64)]


def held(outbox: Outbox) -> list[int]:
    """Numbers of all envelopes, offered or not."""
    return [number for number, _ in outbox.held()]


def test_what_waits_comes_back_in_the_order_in_which_it_was_said(outbox: Outbox) -> None:
    """Parcels come back whole and in order, by bytes enough for one round; nothing waits in an empty outbox."""
    assert not outbox.waits() and outbox.count() == 0
    outbox.keep([parcel("one"), parcel("two", "three", desk=2)])
    outbox.keep([parcel("four", release=("IQ",))])
    assert waiting(outbox) == [parcel("one"), parcel("two", "three", desk=2), parcel("four", release=("IQ",))]
    assert [found for _, found in outbox.waiting(1)] == [parcel("one")]
    assert outbox.waits() and outbox.count() == 4


def test_sealing_takes_acts_out_of_waiting(outbox: Outbox) -> None:
    """In one step an envelope is stored and the parcels that it holds wait no more."""
    outbox.keep([parcel("one"), parcel("two"), parcel("three")])
    rows = [row for row, _ in outbox.waiting(ALL)]
    made = sealed(7, bind([parcel("one"), parcel("two")]))
    outbox.hold([made], rows[:2])
    assert waiting(outbox) == [parcel("three")] and outbox.sealed(64) == [(7, made.offer)] and outbox.count() == 3


def test_an_envelope_is_held_until_it_is_settled(outbox: Outbox, tmp_path: Path) -> None:
    """Ordered, it is offered no more and yet kept; settled, it is let go; after a start what is kept is offered."""
    made = [sealed(n, parcel(f"act {n}")) for n in (1, 2, 3)]
    outbox.hold(made)
    outbox.ordered([(1, Ordered(10, 5)), (2, Ordered(11, 6))])
    assert numbers(outbox) == [3] and held(outbox) == [1, 2, 3] and outbox.count() == 1
    outbox.settled(11)
    assert held(outbox) == [2, 3] and outbox.way(made[0].parcel.ids) is None
    outbox.close()
    again = Outbox(tmp_path / "outbox.db")
    assert again.sealed(64) == [(2, made[1].offer), (3, made[2].offer)]
    again.close()


def test_nothing_is_left_to_offer_once_all_is_settled(outbox: Outbox) -> None:
    """What was let go is not awaited any more; what is sealed afterwards is to be offered, and marks are through."""
    outbox.hold([sealed(1, parcel("one", "two"))])
    mark = outbox.mark()
    assert not outbox.answered() and not outbox.through(mark)
    outbox.ordered([(1, Ordered(10, 5))])
    assert outbox.answered() and outbox.through(mark) and outbox.placed_to == 11
    outbox.settled(11)
    assert outbox.answered() and outbox.through(mark) and outbox.count() == 0
    outbox.hold([sealed(2, parcel("three"))])
    assert not outbox.answered() and numbers(outbox) == [2] and outbox.through(mark)
    assert not outbox.through(outbox.mark())
    outbox.fallen(5)
    assert outbox.placed_to == 5


def test_what_is_remembered_of_the_file_is_what_the_file_says(outbox: Outbox, tmp_path: Path) -> None:
    """In whatever steps envelopes come, are placed and are let go: offered is what a new start finds, and counted."""
    made = [sealed(n, parcel(f"act {n}", f"more {n}")) for n in range(1, 72)]
    placed = [(n, Ordered(9 + n, 5)) for n in range(1, 72)]

    def is_offered(first: int, until: int) -> None:
        due = [(one.number, one.offer) for one in made[first - 1:until - 1]]
        assert (outbox.sealed(100), outbox.sealed(2), outbox.count()) == (due, due[:2], 2 * len(due))
        assert outbox.answered() is not bool(due)

    outbox.hold(made[:1])
    outbox.hold(made[1:3])
    is_offered(1, 4)
    outbox.ordered(placed[:1])
    outbox.settled(11)
    is_offered(2, 4)
    again = Outbox(tmp_path / "outbox.db")
    assert again.sealed(100) == outbox.sealed(100) and again.count() == outbox.count()
    again.close()
    outbox.ordered(placed[1:3])
    is_offered(4, 4)
    outbox.hold(made[3:])  # more than are remembered
    is_offered(4, 72)
    outbox.ordered(placed[3:60])
    is_offered(61, 72)
    outbox.ordered(placed[60:])
    outbox.fallen(75)
    is_offered(66, 72)


def test_what_falls_goes_before_what_was_just_stored(outbox: Outbox, tmp_path: Path) -> None:
    """An envelope that was stored last is offered after those that fell, and after those that a start finds."""
    made = [sealed(n, parcel(f"act {n}")) for n in (1, 2, 3)]
    outbox.hold(made[:1])
    outbox.ordered([(1, Ordered(10, 5))])
    outbox.hold(made[1:2])
    assert numbers(outbox) == [2]
    outbox.fallen(10)
    assert numbers(outbox) == [1, 2] and outbox.count() == 2
    again = Outbox(tmp_path / "outbox.db")
    again.hold(made[2:])
    assert numbers(again) == [1, 2, 3] and again.count() == 3
    again.close()


def test_what_fell_is_offered_again_to_the_byte(outbox: Outbox) -> None:
    """Where an unsettled tail of the journal falls, the envelopes that stood in it are offered again, unchanged."""
    made = [sealed(n, parcel(f"act {n}")) for n in (1, 2, 3)]
    outbox.hold(made)
    outbox.ordered([(n, Ordered(9 + n, 5)) for n in (1, 2, 3)])
    assert numbers(outbox) == []
    outbox.fallen(11)
    assert outbox.sealed(64) == [(n, made[n - 1].offer) for n in (2, 3)]
    outbox.ordered([(2, Ordered(20, 9))])
    assert numbers(outbox) == [3] and held(outbox) == [1, 2, 3]


def test_seals_undone_wait_before_all_others(outbox: Outbox) -> None:
    """Acts whose envelopes lost their place wait again, whole and in order, before what was said after them."""
    outbox.hold([sealed(1, parcel("one")), sealed(2, parcel("two", "three")), sealed(3, parcel("four", desk=2))])
    outbox.ordered([(1, Ordered(4, 4))])
    outbox.keep([parcel("five")])
    outbox.unseal(2)
    due = [parcel("two", "three"), parcel("four", desk=2), parcel("five")]
    assert waiting(outbox) == due and held(outbox) == [1] and outbox.count() == 4
    outbox.unseal(2)
    assert waiting(outbox) == due


def test_an_open_entry_stands_alone_and_comes_back_whole(outbox: Outbox) -> None:
    """Two of one kind are two entries, each found by its name; with its seal undone the body waits as it was."""
    one, two = Parcel.of_open(5, b'{"one":1}'), Parcel.of_open(5, b'{"two":2}')
    assert runs([one, two, parcel("three"), two]) == [[one], [two], [parcel("three")], [two]]
    assert (one.kind, one.acts, parcel("three").kind) == (5, 1, 0) and one.ids != Parcel.of_open(6, one.packed).ids
    outbox.keep([one])
    outbox.hold([Sealed(7, two, b"", Offer(bytes(300), two.packed)), sealed(8, parcel("three"))])
    ways = [outbox.way(held_one.ids) for held_one in (one, two)]
    assert [way and way.state for way in ways] == ["waiting", "sealed"] and outbox.count() == 3
    outbox.unseal(7)
    assert waiting(outbox) == [two, parcel("three"), one]


def test_a_refusal_takes_one_envelope_back_to_its_officer(outbox: Outbox) -> None:
    """A refused envelope waits no more and is offered no more; each of its acts tells why."""
    failure = Refused("quota", "Not this one.")
    outbox.hold([sealed(1, parcel("one", "two")), sealed(2, parcel("three"))])
    outbox.keep([parcel("four")])
    outbox.refuse(1, failure)
    outbox.give_up([row for row, _ in outbox.waiting(ALL)], failure)
    for word in ("one", "two", "four"):
        way = outbox.way(parcel(word).ids)
        assert way is not None and (way.state, way.failure) == ("refused", {"code": "quota", "sentence": str(failure)})
    assert waiting(outbox) == [] and numbers(outbox) == [2] and outbox.count() == 1


def test_every_act_tells_how_far_it_has_come(outbox: Outbox) -> None:
    """By its id an act is found waiting, sealed or ordered with its place; another id is not."""
    outbox.keep([parcel("one", "two")])
    outbox.hold([sealed(1, parcel("three")), sealed(2, parcel("four", "five"))])
    outbox.ordered([(1, Ordered(7, 70))])
    ways = {word: outbox.way(parcel(word).ids) for word in ("one", "two", "three", "four", "five", "six")}
    assert {word: way and way.state for word, way in ways.items()} == {
        "one": "waiting", "two": "waiting", "three": "ordered", "four": "sealed", "five": "sealed", "six": None}
    assert ways["three"] is not None and (ways["three"].number, ways["three"].place) == (1, Ordered(7, 70))


@example([(("report", None), ("IQ",), 1, 29_900)] * 3)
@given(st.lists(st.tuples(st.sampled_from([("report", None), ("report", "road"), ("recall", None)]),
                          st.sampled_from([("IQ",), ("IQ", "RU")]), st.integers(1, 2), st.integers(1, 40_000)),
                max_size=6))
def test_what_is_said_together_is_bound_as_if_said_one_by_one(given_acts: list[tuple[Any, Any, int, int]]) -> None:
    """Many acts hashed and bound in one go are the parcels that each act by itself would have made, bound."""
    said, written = [], []
    for (kind, topic), release, desk, size in given_acts:
        said.append((Act(kind=kind, version=1, author="IQ", officer="x", thread=None, refers=(), release=release,
                         topic=topic, handling="open", precedence="routine", assertion=None), desk))
        written.append(bytes(size))
    salts = b"".join([sha256(bytes([n])) for n in range(len(said))])
    each = [Parcel.of(sha256(bytes([n])), data, act, desk)
            for n, (data, (act, desk)) in enumerate(zip(written, said, strict=True))]
    assert gather(salts, written, said) == [bind(run) for run in runs(each)]


def test_an_act_too_large_is_refused_among_others() -> None:
    """60,001 bytes are more than one act takes, alone or beside others."""
    act = Act(kind="report", version=1, author="IQ", officer="x", thread=None, refers=(), release=("IQ",), topic=None,
              handling="open", precedence="routine", assertion=None)
    with pytest.raises(Malformed, match=r"60001|60,001"):
        gather(bytes(64), [b"{}", bytes(60_001)], [(act, 1), (act, 1)])


def test_runs_are_cut_where_an_envelope_ends() -> None:
    """Neighbours share an envelope where desk and release are one, and neither its bytes nor its count are exceeded."""
    one, two, other = parcel("one"), parcel("two"), parcel("three", desk=2)
    assert runs([]) == [] and runs([one, two, other, one]) == [[one, two], [other], [one]]
    assert runs([one, parcel("two", release=("IQ",)), two]) == [[one], [parcel("two", release=("IQ",))], [two]]
    assert [len(run) for run in runs([one] * (ACTS_PER_ENVELOPE_MAX + 1))] == [ACTS_PER_ENVELOPE_MAX, 1]
    large = parcel("x" * 29_900)
    assert [len(run) for run in runs([large, large, large])] == [2, 1]
    assert bind([one, two]).acts == 2 and [run[0] for run in runs([parcel("y" * 60_000)])] == [parcel("y" * 60_000)]
