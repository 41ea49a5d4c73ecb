"""The link within one process: it hands bytes over, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from tansiq.cell.following import Follower
from tansiq.cell.watching import Watch
from tansiq.errors import Unavailable
from tansiq.journal import Record
from tansiq.registrar.control import Head
from tansiq.registrar.order import Feed, Offer, Outcome, Registrar
from tansiq.registrar.settling import settled_heads


class LocalLink:
    """A link to a registrar in the same process, or to none where it is lost; see ``Link``."""

    def __init__(self, registrar: Registrar | None) -> None:
        self._there = registrar

    def turn_to(self, registrar: Registrar | None) -> None:
        """Lead to another registrar from now on."""
        self._there = registrar

    @property
    def is_there(self) -> bool:
        """Tell whether there is a registrar at the other end."""
        return self._there is not None

    @property
    def registrar(self) -> Registrar:
        """The registrar that it leads to.

        Raises:
            Unavailable: ``registrar.absent``.
        """
        if self._there is None:
            raise Unavailable("registrar.absent", "No registrar lies here: what was said waits, and all that is here "
                              "can be read.")
        return self._there

    def offer(self, offers: Sequence[Offer]) -> list[Outcome]:
        """Have entries ordered."""
        return self.registrar.offer(offers)

    def head(self) -> Head:
        """The newest checkpoint."""
        return self.registrar.head()

    def settled(self, since: int) -> list[Head]:
        """The settled checkpoints from a size on."""
        return self.registrar.settled(since)

    def mandates(self, version: int) -> list[Record]:
        """The entries of later mandates."""
        return self.registrar.mandates(version)

    def fetch(self, start: int, end: int) -> list[Record]:
        """Records of a range."""
        return self.registrar.fetch(start, end)

    def feed(self, code: str, start: int, size: int) -> Feed:
        """What a partner may see."""
        return self.registrar.feed(code, start, size)

    def cosigned(self, size: int, code: str, payload: bytes) -> None:
        """Hand in a cosignature."""
        self.registrar.cosigned(size, code, payload)


class LocalPeer:
    """A member's cell in the same process, as another sees it; see ``Peer``."""

    def __init__(self, follower: Follower, watch: Watch) -> None:
        self._follower = follower
        self._watch = watch

    def head(self) -> Head:
        """The newest checkpoint that it has verified."""
        return self._follower.head()

    def settled(self, since: int) -> list[Head]:
        """The settled checkpoints from a size on."""
        return settled_heads(self._follower.store, self._follower.state.control, since)

    def fetch(self, start: int, end: int) -> list[Record]:
        """Records of its copy."""
        return self._follower.leaves(start, end)

    def relay(self, offers: Sequence[Offer]) -> None:
        """Hand over entries that the registrar does not order."""
        self._watch.hear(offers)
