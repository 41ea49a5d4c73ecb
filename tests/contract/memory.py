"""A store in memory: the contract in its shortest form, against which the real one is held."""

from __future__ import annotations

from collections.abc import Sequence

from tansiq.errors import Unavailable
from tansiq.journal import Checked, Record


class MemoryStore:
    """Keeps everything until it is let go; durable as long as the process lives."""

    def __init__(self) -> None:
        self._entries: list[Checked] = []
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._checkpoints: dict[int, bytes] = {}
        self._cosignatures: dict[tuple[int, str], tuple[int, bytes]] = {}

    @property
    def size(self) -> int:
        """How many entries are stored."""
        return len(self._entries)

    def append(self, batch: Sequence[Checked], checkpoint: tuple[int, bytes] | None = None) -> None:
        """Add a batch, whole or not at all."""
        ids = {c.id for c in self._entries} | {c.id for c in batch}
        numbers = {(c.author, c.number) for c in (*self._entries, *batch)}
        count = self.size + len(batch)
        if len(ids) != count or len(numbers) != count or [c.index for c in batch] != list(range(self.size, count)):
            raise Unavailable("storage", "The disk does not take the journal: {why}.", why="an entry stands there")
        self._entries += batch
        self._nodes.update({(level, index): value for c in batch for level, index, value in c.nodes})
        if checkpoint is not None:
            self._checkpoints[checkpoint[0]] = checkpoint[1]

    def truncate(self, size: int) -> None:
        """Drop the tail, and the nodes that reach into it."""
        del self._entries[size:]
        self._nodes = {at: value for at, value in self._nodes.items() if at[1] + 1 << at[0] <= size}
        self._checkpoints = {at: note for at, note in self._checkpoints.items() if at <= size}

    def fetch(self, start: int, end: int, *, bodies: bool = True) -> list[Record]:
        """Records of a range."""
        return [c.record if bodies else Record(c.record.leaf, b"") for c in self._entries[start:end]]

    def index_of(self, entry_id: bytes) -> int | None:
        """Index of an entry, by id."""
        return next((c.index for c in self._entries if c.id == entry_id), None)

    def last_of(self, author: str) -> int | None:
        """Index of an author's last entry."""
        return max((c.index for c in self._entries if c.author == author), default=None)

    def open_indices(self) -> list[int]:
        """Indices of all open entries."""
        return [c.index for c in self._entries if c.kind]

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree."""
        if (level, index) not in self._nodes:
            raise Unavailable("storage", "The disk does not take the journal: {why}.", why=f"node {level}/{index}")
        return self._nodes[level, index]

    def checkpoint(self) -> tuple[int, bytes] | None:
        """The newest checkpoint."""
        return max(self._checkpoints.items(), default=None)

    def keep_cosignature(self, size: int, code: str, time_s: int, payload: bytes) -> None:
        """Keep a cosignature."""
        self._cosignatures[size, code] = (time_s, payload)

    def cosignatures(self, size: int) -> dict[str, tuple[int, bytes]]:
        """Cosignatures of one checkpoint."""
        return {code: kept for (at, code), kept in self._cosignatures.items() if at == size}

    def close(self) -> None:
        """Nothing to let go."""
