"""Entries and leaves to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.errors import Malformed
from tansiq.journal import Entry, PartnerSlot, entry_id, parse_entry, parse_leaf, write_leaf, write_signed
from tansiq.wire import LEAF_BYTES_MAX

HASH32, SIXTY = st.binary(min_size=32, max_size=32), st.integers(0, 2**63 - 1)
CODES = st.from_regex(r"[A-Z0-9]{2,8}", fullmatch=True)
SLOT = st.binary(min_size=48, max_size=48)
PARTNERS = st.dictionaries(CODES, st.tuples(SIXTY, SLOT), max_size=4).map(
    lambda given: tuple(PartnerSlot(code, *given[code]) for code in sorted(given)))
SEALED = st.builds(
    Entry, kind=st.just(0), roster=st.integers(0, 2**32 - 1), author=CODES, centre=HASH32,
    number=st.integers(1, 2**63 - 1), prev=HASH32, seen_size=SIXTY, seen_root=HASH32, sent=SIXTY, commitment=HASH32,
    body_size=st.integers(2_048, 65_536), body_hash=HASH32, partners=PARTNERS, signed=st.just(b""),
    signature=st.just(b""), slots=st.lists(SLOT, min_size=1, max_size=32).map(b"".join))
OPEN = st.builds(
    Entry, kind=st.integers(1, 7), roster=st.integers(0, 2**32 - 1), author=CODES, centre=HASH32,
    number=st.integers(1, 2**63 - 1), prev=HASH32, seen_size=SIXTY, seen_root=HASH32, sent=SIXTY,
    commitment=st.just(bytes(32)), body_size=st.integers(0, 262_144), body_hash=HASH32, slots=st.just(b""),
    partners=st.just(()), signed=st.just(b""), signature=st.just(b""))
SIGNATURE = bytes(range(64))


@given(SEALED | OPEN)
def test_what_is_written_is_read_again(entry: Entry) -> None:
    """Every field comes back, with the exact bytes that were signed and the id over them."""
    signed = write_signed(entry)
    found = parse_entry(signed + SIGNATURE)
    assert found == entry._replace(signed=signed, signature=SIGNATURE)
    assert found.data == signed + SIGNATURE and found.id == entry_id(signed) and write_signed(found) == signed


@given(SEALED | OPEN, SIXTY, SIXTY, HASH32)
def test_leaves_are_read_again(entry: Entry, index: int, time: int, before: bytes) -> None:
    """Index, time and the open chain stand before the entry, and come back with it."""
    found = parse_entry(write_signed(entry) + SIGNATURE)
    data = write_leaf(index, time, before, found)
    assert parse_leaf(data) == (index, time, before, found) and len(data) <= LEAF_BYTES_MAX


@given(SEALED | OPEN, st.binary(min_size=1, max_size=80), st.integers(0, 400))
def test_an_entry_ends_where_it_ends(entry: Entry, more: bytes, cut: int) -> None:
    """Nothing may follow, and nothing may be missing."""
    data = write_signed(entry) + SIGNATURE
    for altered in (data + more, data[:-1 - min(cut, len(data) - 1)], data[1:]):
        with pytest.raises(Malformed):
            parse_entry(altered)


@given(st.binary(max_size=500) | st.binary(min_size=266, max_size=270).map(lambda data: b"\1\4" + data))
def test_any_bytes_are_an_entry_or_malformed(data: bytes) -> None:
    """Whatever comes, the answer is an entry that writes the same bytes, or Malformed."""
    for read in (parse_entry, parse_leaf):
        try:
            found = read(data)
        except Malformed:
            continue
        entry = found if isinstance(found, Entry) else found.entry
        assert data.endswith(write_signed(entry) + entry.signature)


@given(SEALED, st.sampled_from([{"number": 0}, {"number": 2**63}, {"seen_size": 2**63}, {"sent": 2**63},
                                {"body_size": 2_047}, {"body_size": 65_537}, {"slots": b""}, {"kind": 8},
                                {"slots": bytes(33 * 48)}, {"kind": 4}]))
def test_values_outside_the_limits_are_refused(entry: Entry, change: dict[str, object]) -> None:
    """Numbers start at 1 and fit 63 bits; bodies, slots and kinds have limits."""
    with pytest.raises(Malformed):
        parse_entry(write_signed(entry._replace(**change)) + SIGNATURE)
