"""Entries that may not stand: each is refused with its code, and nobody else is disturbed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tansiq.errors import Conflict, Malformed, TansiqError, Untrusted
from tansiq.journal.entry import SIGNATURE_BYTES
from tansiq.registrar.order import Offer, Ordered
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import altered, copied, forge, parsed, quiet, salted


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """One centre: what is refused leaves it as it was, so that all tests may share it."""
    directory = tmp_path_factory.mktemp("entries")
    made = quiet(copied(making.found(directory / "founded"), directory))
    making.say(made.cells["IQ"], "First")
    made.run_until_quiet()
    yield made
    made.stop()


def _fair(centre: Centre, code: str, readers: tuple[str, ...] = ("IQ", "RU")) -> Offer:
    cell = centre.cells[code]
    return forge(cell, [salted(making.composed(cell, release=readers))], sorted({*readers, code}))


def _foreign(centre: Centre, offer: Offer) -> Offer:
    return altered(centre.cells["SY"], offer, author="ZZ")


Spoil = Callable[[Centre, Offer], Offer]
CASES: dict[str, tuple[Spoil, type[TansiqError], str]] = {
    "signature": (lambda c, o: Offer(o.entry[:-1] + bytes([o.entry[-1] ^ 1]), o.body), Untrusted, "entry.signature"),
    "signed by another": (lambda c, o: altered(c.cells["SY"], o), Untrusted, "entry.signature"),
    "foreign author": (_foreign, Untrusted, "entry.author"),
    "centre": (lambda c, o: altered(c.cells["IQ"], o, centre=bytes(32)), Untrusted, "entry.centre"),
    "number ahead": (lambda c, o: altered(c.cells["IQ"], o, number=parsed(o).number + 1), Conflict, "entry.number"),
    "number behind": (lambda c, o: altered(c.cells["IQ"], o, number=parsed(o).number - 1), Conflict, "entry.number"),
    "prev": (lambda c, o: altered(c.cells["IQ"], o, prev=bytes(32)), Conflict, "entry.prev"),
    "roster": (lambda c, o: altered(c.cells["IQ"], o, roster=7), Conflict, "entry.roster"),
    "seen root": (lambda c, o: altered(c.cells["IQ"], o, seen_root=bytes(32)), Conflict, "entry.seen"),
    "seen ahead": (lambda c, o: altered(c.cells["IQ"], o, seen_size=parsed(o).seen_size + 1), Conflict, "entry.seen"),
    "seen less than before": (lambda c, o: altered(c.cells["IQ"], o, seen_size=1,
                                                   seen_root=c.registrar.state.root(1)), Conflict, "entry.seen"),
    "sent before the last": (lambda c, o: altered(c.cells["IQ"], o, sent=c.registrar.state.authors["IQ"].sent - 1),
                             Conflict, "entry.sent"),
    "sent far ahead": (lambda c, o: altered(c.cells["IQ"], o, sent=parsed(o).sent + 600_000), Conflict, "entry.sent"),
    "body cut": (lambda c, o: Offer(o.entry, o.body[:-1]), Malformed, "entry.body"),
    "body empty": (lambda c, o: Offer(o.entry, b""), Malformed, "entry.body"),
    "another body": (lambda c, o: Offer(o.entry, bytes(len(o.body))), Malformed, "entry.body"),
    "body longer": (lambda c, o: Offer(o.entry, o.body + b"\0"), Malformed, "entry.body"),
    "body oversize": (lambda c, o: altered(c.cells["IQ"], o, body=bytes(65_537)), Malformed, "entry.body"),
    "body undersize": (lambda c, o: altered(c.cells["IQ"], o, body=bytes(2_047)), Malformed, "entry.body"),
    "trailing byte": (lambda c, o: Offer(o.entry + b"\0", o.body), Malformed, "entry.malformed"),
    "cut": (lambda c, o: Offer(o.entry[:-SIGNATURE_BYTES], o.body), Malformed, "entry.malformed"),
    "nothing": (lambda c, o: Offer(b"", o.body), Malformed, "entry.malformed"),
    "format": (lambda c, o: Offer(b"\x02" + o.entry[1:], o.body), Malformed, "entry.malformed"),
    "too few slots": (lambda c, o: altered(c.cells["IQ"], o, slots=parsed(o).slots[48:]), Malformed, "entry.malformed"),
    "number beyond 63 bits": (lambda c, o: altered(c.cells["IQ"], o, sent=1 << 63), Malformed, "entry.body"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_spoilt_entry_is_refused_by_name(centre: Centre, name: str) -> None:
    """A spoilt entry gets its own code and is not ordered; the entries beside it in the batch are."""
    spoil, family, code = CASES[name]
    size = centre.registrar.store.size
    before, spoilt, after = _fair(centre, "SY"), spoil(centre, _fair(centre, "IQ")), _fair(centre, "IR")
    outcomes = centre.registrar.offer([before, spoilt, after])
    assert isinstance(outcomes[1], family) and outcomes[1].code == code, outcomes[1]
    assert [o.index for o in outcomes if isinstance(o, Ordered)] == [size, size + 1]
    assert centre.registrar.store.size == size + 2
    centre.run_until_quiet()
    assert centre.faults == {}


def test_the_same_bytes_have_one_place(centre: Centre) -> None:
    """The same bytes offered again, in one batch or later, are answered with the one index and time they have."""
    offer = _fair(centre, "IQ")
    first, again = centre.registrar.offer([offer, offer])
    assert isinstance(first, Ordered) and first == again
    assert centre.registrar.offer([offer]) == [first]
    assert centre.registrar.store.size == first.index + 1
    centre.run_until_quiet()


def test_of_two_with_one_number_one_stands(centre: Centre) -> None:
    """Of two entries of one author with one number only the first is ordered; the other is a conflict."""
    one, other = _fair(centre, "IQ", ("IQ", "RU")), _fair(centre, "IQ", ("IQ", "SY"))
    first, second = centre.registrar.offer([one, other])
    assert isinstance(first, Ordered)
    assert isinstance(second, Conflict) and second.code == "entry.number"
    centre.run_until_quiet()


def test_what_was_refused_left_no_trace(centre: Centre) -> None:
    """After all that every copy verifies from its first entry, and all are one."""
    making.require_whole(centre)
