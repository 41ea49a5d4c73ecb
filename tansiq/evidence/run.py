"""An author's run: the signed parts of its entries, one after the other without a gap, read many at a time.

A month can have 100,000 entries, so fields are read as columns (numpy) and only hashes are made one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tansiq.errors import Malformed, Untrusted
from tansiq.journal.entry import ENTRY_DOMAIN, FORMAT, MANDATE, SIGNED_MIN, SLOT_BYTES
from tansiq.wire import MEMBERS_MAX, PARTNERS_PER_ENTRY_MAX, code_bytes

_HEAD = 203
_PARTNER = 64
Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Run:
    """A run as columns: offsets into ``data`` (one more than there are entries), and fields by entry."""

    data: bytes
    at: list[int]
    kinds: Column
    rosters: Column
    numbers: Column
    seen: Column
    sent: Column

    def __len__(self) -> int:
        return len(self.at) - 1

    def signed(self, n: int) -> bytes:
        """The signed part of entry *n* of the run."""
        return self.data[self.at[n]:self.at[n + 1]]

    def slot(self, n: int, position: int) -> bytes:
        """The slot of the member at *position* in the roster, of entry *n*."""
        start = self.at[n] + _HEAD + SLOT_BYTES * position
        return self.data[start:start + SLOT_BYTES]

    def partner_slot(self, n: int, code: bytes) -> bytes:
        """The slot of a partner (c8) that entry *n* addresses openly; empty where it does not."""
        start = self.at[n] + _HEAD + SLOT_BYTES * self.data[self.at[n] + _HEAD - 1] + 1
        for place in range(start, self.at[n + 1], _PARTNER):
            if self.data[place:place + 8] == code:
                return self.data[place + 16:place + _PARTNER]
        return b""

    def place(self, n: int) -> bytes:
        """Number and body hash of entry *n*: what its slots are made from."""
        start = self.at[n]
        return self.data[start + 46:start + 54] + self.data[start + 170:start + 202]


def read_run(data: bytes, *, centre: bytes, author: str) -> Run:
    """Read a run, and hold that its entries are one author's, numbered without a gap, each naming the one before.

    The last entry's signature, checked elsewhere, then holds for all of them.

    Raises:
        Malformed: ``evidence.run``, the bytes are no entries one after the other.
        Untrusted: ``evidence.run.author``, ``evidence.run.gap``, ``evidence.run.prev``, ``evidence.run.time``.
    """
    run = read_entries(data, centre=centre, author=author)
    gaps = np.flatnonzero(np.diff(run.numbers) != 1)
    if gaps.size:
        raise Untrusted("evidence.run.gap", "The run has a gap: entry {number} of {author} is not there.",
                        number=int(run.numbers[gaps[0]]) + 1, author=author)
    _require_chain(data, run.at, int(run.numbers[0]), author)
    require_times(run)
    return run


def read_entries(data: bytes, *, centre: bytes, author: str) -> Run:
    """Read signed parts of one author's entries, one after the other; there may be others between them.

    Raises:
        Malformed: ``evidence.run``.
        Untrusted: ``evidence.run.author``.
    """
    at = _offsets(data)
    buffer, starts = np.frombuffer(data, dtype=np.uint8), np.asarray(at[:-1], dtype=np.int64)
    numbers, seen, sent = (_number(buffer, starts, offset, 8) for offset in (46, 86, 126))
    kinds = _number(buffer, starts, 1, 1)
    if (_number(buffer, starts, 0, 1) != FORMAT).any() or kinds.max() > MANDATE or min(
            numbers.min(), seen.min(), sent.min()) < 0:
        raise _broken()
    own = np.frombuffer(code_bytes(author) + centre, dtype=np.uint8)
    strange = (_bytes(buffer, starts, 6, 40) != own).any(axis=1)
    # Entry 0 cannot name the centre that it makes.
    if strange[1:].any() or (strange[0] and not _founds(data, author)):
        raise Untrusted("evidence.run.author", "The run holds an entry of another author or another centre.")
    return Run(data, at, kinds, _number(buffer, starts, 2, 4), numbers, seen, sent)


def require_times(run: Run) -> None:
    """Hold that from entry to entry no time falls, and no less was seen than before.

    Raises:
        Untrusted: ``evidence.run.time``.
    """
    if (np.diff(run.sent) < 0).any() or (np.diff(run.seen) < 0).any():
        raise Untrusted("evidence.run.time", "In the run a time falls, or less was seen than before.")


def _offsets(data: bytes) -> list[int]:
    """Where each entry begins, and the end: each tells its own length by its counts of slots and of partners."""
    at, end = [0], len(data)
    here = 0
    while here < end:
        after = here + _HEAD + SLOT_BYTES * data[here + _HEAD - 1] if here + SIGNED_MIN <= end else end
        if after >= end or data[here + _HEAD - 1] > MEMBERS_MAX or data[after] > PARTNERS_PER_ENTRY_MAX:
            raise _broken()
        here = after + 1 + _PARTNER * data[after]
        at.append(here)
    if here != end or len(at) < 2:
        raise _broken()
    return at


def _require_chain(data: bytes, at: list[int], first: int, author: str) -> None:
    ids = [sha256(ENTRY_DOMAIN + data[start:end]).digest() for start, end in pairwise(at)]
    named = [data[start + 54:start + 86] for start in at[:-1]]
    if named[1:] != ids[:-1]:
        wrong = next(n for n, (due, given) in enumerate(zip(ids, named[1:], strict=False), 1) if due != given)
        raise Untrusted("evidence.run.prev", "Entry {number} of {author} does not follow the one before it in the run.",
                        number=first + wrong, author=author)
    if first == 1 and any(named[0]):
        raise Untrusted("evidence.run.prev", "Entry {number} of {author} does not follow the one before it in the run.",
                        number=1, author=author)


def _founds(data: bytes, author: str) -> bool:
    return data[1] == 1 and data[6:14] == code_bytes(author) and not any(data[14:46])


def _bytes(buffer: NDArray[np.uint8], starts: Column, offset: int, size: int) -> NDArray[np.uint8]:
    taken: NDArray[np.uint8] = buffer[starts[:, None] + np.arange(offset, offset + size)]
    return taken


def _number(buffer: NDArray[np.uint8], starts: Column, offset: int, size: int) -> Column:
    """A big-endian unsigned field of every entry; above 2⁶³ it comes out negative."""
    column = _bytes(buffer, starts, offset, size).view(f">u{size}").ravel()
    return column.astype(f"u{size}").astype(np.int64)


def _broken() -> Malformed:
    return Malformed("evidence.run", "The run is not the signed parts of entries, one after the other.")
