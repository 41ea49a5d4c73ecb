"""The contract of a link, tried on the one within a process and across bytes: what any other link must do as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tansiq.cell.links import Link, Peer
from tansiq.cell.links.local import LocalLink, LocalPeer
from tansiq.errors import Conflict, Malformed, TansiqError, Unavailable, Untrusted
from tansiq.journal import parse_leaf
from tansiq.registrar.order import Offer, Ordered
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import composed, copied, forge, quiet, salted
from tests.simulation.apart import Across


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre, for its registrar."""
    directory = tmp_path_factory.mktemp("link")
    made = quiet(copied(making.found(directory / "founded"), directory))
    yield made
    made.stop()


def _across(registrar: Any) -> Any:
    return Across(LocalLink(registrar), Link)


@pytest.fixture(params=[LocalLink, _across])
def link(request: pytest.FixtureRequest, centre: Centre) -> Link:
    """Each kind of link in turn."""
    made: Link = request.param(centre.registrar)
    return made


def _offer(centre: Centre, code: str) -> Offer:
    cell = centre.cells[code]
    return forge(cell, [salted(composed(cell))], [code])


def test_it_answers_each_offer_in_its_place(centre: Centre, link: Link) -> None:
    """One answer for each offer, in the order of the offers: a place, or why there is none."""
    good, other = _offer(centre, "IQ"), _offer(centre, "SY")
    size = link.head().size
    outcomes = link.offer([good, Offer(b"x", b""), other])
    assert outcomes[0] == Ordered(size, outcomes[0].time) and isinstance(outcomes[1], Malformed)  # type: ignore[union-attr]
    assert isinstance(outcomes[2], Ordered) and outcomes[2].index == size + 1


def test_what_it_answered_is_durable(centre: Centre, link: Link) -> None:
    """What was answered as ordered is in the head and can be fetched at its index at once."""
    offer = _offer(centre, "IQ")
    [placed] = link.offer([offer])
    assert isinstance(placed, Ordered) and link.head().size == placed.index + 1
    [record] = link.fetch(placed.index, placed.index + 1)
    leaf = parse_leaf(record.leaf)
    assert (leaf.index, leaf.time, leaf.entry.data, record.body) == (placed.index, placed.time, *offer)


def test_the_same_offer_has_the_same_answer(centre: Centre, link: Link) -> None:
    """An offer may be made again after any failure: the same bytes have one place."""
    offer = _offer(centre, "IQ")
    assert link.offer([offer]) == link.offer([offer])


def test_no_offer_is_no_failure(link: Link) -> None:
    """To offer nothing is answered with nothing."""
    assert link.offer([]) == []


def test_failures_come_through_as_they_are(centre: Centre, link: Link) -> None:
    """A failure that belongs to an entry is an answer with its family, code and fields; it is not raised."""
    offer = _offer(centre, "IQ")
    link.offer([offer])
    twin = making.altered(centre.cells["IQ"], offer, seen_root=bytes(32))
    [failure] = link.offer([twin])
    assert isinstance(failure, Conflict) and failure.code == "entry.number"
    assert isinstance(failure, TansiqError) and failure.fields["author"] == "IQ" and str(failure)


def test_it_fetches_what_there_is(link: Link) -> None:
    """A range gives its records in order, fewer where the journal ends, none beyond it."""
    size = link.head().size
    records = link.fetch(1, size + 50)
    assert [parse_leaf(record.leaf).index for record in records] == list(range(1, size))
    assert link.fetch(size, size + 5) == [] and link.fetch(2, 2) == []


def test_cosignatures_come_back_with_the_head(centre: Centre, link: Link) -> None:
    """A cosignature that holds stands beside the head; one of an older head is no error; a false one is refused."""
    centre.run_until_quiet()
    head = link.head()
    assert set(head.cosignatures) == {"IQ", "SY", "IR", "RU"}
    link.cosigned(head.size - 1, "IQ", b"too late")
    with pytest.raises((Untrusted, Malformed)):
        link.cosigned(head.size, "IQ", bytes(72))
    assert link.head() == head


def test_what_is_settled_is_led_to(centre: Centre, link: Link) -> None:
    """From any size on the settled checkpoints are given, ascending, the newest last; from there on none."""
    centre.run_until_quiet()
    head = link.head()
    assert head.settled == head.size
    assert [shown.size for shown in link.settled(0)] == sorted({shown.size for shown in link.settled(0)})
    newest = link.settled(0)[-1]
    assert (newest.size, newest.note, newest.cosignatures) == (head.size, head.note, head.cosignatures)
    assert link.settled(head.size) == []


def test_mandates_are_given_from_a_version_on(centre: Centre, link: Link) -> None:
    """The first mandate is the charter's, and no entry; while there is no other, none is given."""
    assert link.mandates(0) == link.mandates(1) == []


def test_a_link_to_nobody_says_so() -> None:
    """Where there is no registrar every call is unavailable, and the same call may help later."""
    nowhere = LocalLink(None)
    for call in (nowhere.head, lambda: nowhere.fetch(0, 1), lambda: nowhere.offer([]), lambda: nowhere.settled(0)):
        with pytest.raises(Unavailable) as told:
            call()
        assert told.value.code == "registrar.absent"


def _peer_across(follower: Any, watch: Any) -> Any:
    return Across(LocalPeer(follower, watch), Peer)


@pytest.fixture(params=[LocalPeer, _peer_across])
def peer(request: pytest.FixtureRequest, centre: Centre) -> Peer:
    """Each kind of link to another member's cell in turn."""
    cell: Any = centre.cells["SY"]
    made: Peer = request.param(cell.follower, cell.watch)
    return made


def test_a_peer_shows_what_it_verified(centre: Centre, peer: Peer) -> None:
    """A peer's head is a checkpoint of the registrar's, its records those below it, and its settled ones lead there."""
    centre.run_until_quiet()
    head = peer.head()
    assert (head.size, head.note) == (centre.registrar.head().size, centre.registrar.head().note)
    assert peer.fetch(0, head.size + 9) == centre.registrar.fetch(0, head.size)
    assert peer.settled(0)[-1].size == head.settled == head.size and peer.settled(head.size) == []


def test_a_peer_takes_any_bytes(centre: Centre, peer: Peer) -> None:
    """What is handed over is looked at later and costs nobody anything: no failure, no place, no fault."""
    size = centre.registrar.store.size
    peer.relay([Offer(b"", b""), Offer(b"x" * 3_000, b"y")])
    peer.relay([])
    peer.relay([_offer(centre, "SY"), _offer(centre, "IQ")])
    centre.run_until_quiet()
    assert centre.registrar.store.size == size and centre.faults == {}


def test_what_a_peer_is_given_it_hands_in(centre: Centre, peer: Peer) -> None:
    """An entry that is admissible is offered to the registrar by the peer, and has its place there."""
    offer = _offer(centre, "IQ")
    peer.relay([offer])
    centre.run_until_quiet()
    [record] = centre.registrar.fetch(centre.registrar.store.size - 1, centre.registrar.store.size)
    assert parse_leaf(record.leaf).entry.data == offer.entry
