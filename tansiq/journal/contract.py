"""The contract of a store. One suite runs on every implementation (``tests/contract``).

Durability: when ``append`` or ``keep_checkpoint`` returns, what it wrote survives the loss of power.
Ordering: indices run 0, 1, 2, ... without gaps; a batch is there whole or not at all.
Concurrency: one writer; any number of readers on any thread, who see whole batches only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol


class Record(NamedTuple):
    """A leaf and the body that its entry names."""

    leaf: bytes
    body: bytes


class Checked(NamedTuple):
    """A record that was admitted: what the store indexes besides the bytes.

    ``nodes`` are the subtrees that it completes, from its own leaf upwards: (level, index, hash).
    """

    index: int  # type: ignore[assignment]  # a field, not tuple.index
    author: str
    number: int
    kind: int
    record: Record
    nodes: tuple[tuple[int, int, bytes], ...]


class Store(Protocol):
    """Where a journal lies."""

    @property
    def size(self) -> int:
        """How many entries are stored."""

    def append(self, batch: Sequence[Checked], checkpoint: tuple[int, bytes] | None = None) -> None:
        """Add a batch at the end, with the note of the checkpoint that covers it where there is one.

        Raises:
            Unavailable: ``storage``, the disk said no; nothing of the batch is there.
        """

    def truncate(self, size: int) -> None:
        """Drop an unverified tail: the entries from *size* on."""

    def fetch(self, start: int, end: int, *, bodies: bool = True) -> list[Record]:
        """The records from *start* up to *end*; fewer where the journal ends. Without *bodies* they are empty."""

    def placed(self, author: str, number: int) -> int | None:
        """Index of an author's entry of that number. An author has no two, so an id that stands is found by it."""

    def last_of(self, author: str) -> int | None:
        """Index of an author's last entry."""

    def run(self, author: str, first: int, until: int) -> list[bytes]:
        """The leaves of an author's entries numbered from *first* up to *until*; fewer where they end."""

    def open_indices(self) -> list[int]:
        """Indices of all open entries."""

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree."""

    def nodes(self, level: int, start: int, end: int) -> list[bytes]:
        """Hashes of the complete subtrees of a level from *start* up to *end*; fewer where the tree ends."""

    def checkpoint(self, size: int | None = None) -> tuple[int, bytes] | None:
        """Size and note of the newest checkpoint, or of the one of *size*."""

    def keep_cosignatures(self, size: int, given: Mapping[str, tuple[int, bytes]]) -> None:
        """Keep cosignatures of the checkpoint of *size*, all or none: code to (time in seconds, payload)."""

    def cosigned(self, start: int, *, newest_first: bool = False) -> Iterator[int]:
        """Sizes from *start* on whose checkpoints have cosignatures, ascending or *newest_first*; read as one goes."""

    def cosignatures(self, size: int) -> dict[str, tuple[int, bytes]]:
        """Cosignatures of the checkpoint of a size: code to (time in seconds, payload)."""

    def keep_note(self, name: str, note: bytes) -> None:
        """Keep a note beside the journal, durably; no truncation touches it. One of that name is replaced."""

    def note(self, name: str) -> bytes | None:
        """The note of a name, if one is kept."""

    def close(self) -> None:
        """Let the store go."""
