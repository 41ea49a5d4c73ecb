"""The link within one process: it hands bytes over, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from tansiq.journal import Record
from tansiq.registrar.control import Head
from tansiq.registrar.order import Feed, Offer, Outcome, Registrar


class LocalLink:
    """A link to a registrar in the same process; see ``Link``."""

    def __init__(self, registrar: Registrar) -> None:
        self._registrar = registrar

    def offer(self, offers: Sequence[Offer]) -> list[Outcome]:
        """Have entries ordered."""
        return self._registrar.offer(offers)

    def head(self) -> Head:
        """The newest checkpoint."""
        return self._registrar.head()

    def settled(self, since: int) -> list[Head]:
        """The settled checkpoints from a size on."""
        return self._registrar.settled(since)

    def fetch(self, start: int, end: int) -> list[Record]:
        """Records of a range."""
        return self._registrar.fetch(start, end)

    def feed(self, code: str, start: int, size: int) -> Feed:
        """What a partner may see."""
        return self._registrar.feed(code, start, size)

    def cosigned(self, size: int, code: str, payload: bytes) -> None:
        """Hand in a cosignature."""
        self._registrar.cosigned(size, code, payload)
