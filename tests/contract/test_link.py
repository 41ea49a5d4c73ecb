"""The contract of a link, tried on the one within a process: what any other link must do as well."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tansiq.cell.links import Link
from tansiq.cell.links.local import LocalLink
from tansiq.errors import Conflict, Malformed, TansiqError, Untrusted
from tansiq.journal import parse_leaf
from tansiq.registrar.order import Offer, Ordered
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import composed, copied, forge, quiet, salted


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre, for its registrar."""
    directory = tmp_path_factory.mktemp("link")
    made = quiet(copied(making.found(directory / "founded"), directory))
    yield made
    made.stop()


@pytest.fixture(params=[LocalLink])
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
