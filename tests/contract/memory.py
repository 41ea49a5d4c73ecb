"""A store in memory: the contract in its shortest form, against which the real one is held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tansiq.errors import Unavailable
from tansiq.journal import Checked, Record


class MemoryStore:
    """Keeps everything until it is let go; durable as long as the process lives."""

    def __init__(self) -> None:
        self._entries: list[Checked] = []
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._checkpoints: dict[int, bytes] = {}
        self._cosignatures: dict[tuple[int, str], tuple[int, bytes]] = {}
        self._notes: dict[str, bytes] = {}

    @property
    def size(self) -> int:
        """How many entries are stored."""
        return len(self._entries)

    def append(self, batch: Sequence[Checked], checkpoint: tuple[int, bytes] | None = None) -> None:
        """Add a batch, whole or not at all."""
        numbers = {(c.author, c.number) for c in (*self._entries, *batch)}
        count = self.size + len(batch)
        if len(numbers) != count or [c.index for c in batch] != list(range(self.size, count)):
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
        self._cosignatures = {at: kept for at, kept in self._cosignatures.items() if at[0] <= size}

    def fetch(self, start: int, end: int, *, bodies: bool = True) -> list[Record]:
        """Records of a range."""
        return [c.record if bodies else Record(c.record.leaf, b"") for c in self._entries[start:end]]

    def placed(self, author: str, number: int) -> int | None:
        """Index of an author's entry."""
        return next((c.index for c in self._entries if (c.author, c.number) == (author, number)), None)

    def last_of(self, author: str) -> int | None:
        """Index of an author's last entry."""
        return max((c.index for c in self._entries if c.author == author), default=None)

    def run(self, author: str, first: int, until: int) -> list[bytes]:
        """Leaves of an author's entries by number."""
        return [one.record.leaf for one in self._entries if one.author == author and first <= one.number < until]

    def open_indices(self) -> list[int]:
        """Indices of all open entries."""
        return [c.index for c in self._entries if c.kind]

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree."""
        if (level, index) not in self._nodes:
            raise Unavailable("storage", "The disk does not take the journal: {why}.", why=f"node {level}/{index}")
        return self._nodes[level, index]

    def nodes(self, level: int, start: int, end: int) -> list[bytes]:
        """Hashes of a run of complete subtrees."""
        return [self._nodes[level, at] for at in range(start, end) if (level, at) in self._nodes]

    def checkpoint(self, size: int | None = None) -> tuple[int, bytes] | None:
        """The newest checkpoint, or that of a size."""
        return max((at for at in self._checkpoints.items() if size in (None, at[0])), default=None)

    def keep_cosignatures(self, size: int, given: Mapping[str, tuple[int, bytes]]) -> None:
        """Keep cosignatures."""
        self._cosignatures.update({(size, code): kept for code, kept in given.items()})

    def cosigned(self, start: int, *, newest_first: bool = False) -> Iterator[int]:
        """Sizes with cosignatures."""
        bound = (1 << 62) if newest_first else start - 1
        while True:
            sizes = {size for size, _ in self._cosignatures if size >= start}
            left = [size for size in sizes if (size < bound if newest_first else size > bound)]
            if not left:
                return
            bound = max(left) if newest_first else min(left)
            yield bound

    def cosignatures(self, size: int) -> dict[str, tuple[int, bytes]]:
        """Cosignatures of one checkpoint."""
        return {code: kept for (at, code), kept in self._cosignatures.items() if at == size}

    def keep_note(self, name: str, note: bytes) -> None:
        """Keep a note."""
        self._notes[name] = note

    def note(self, name: str) -> bytes | None:
        """The note of a name."""
        return self._notes.get(name)

    def close(self) -> None:
        """Nothing to let go."""
