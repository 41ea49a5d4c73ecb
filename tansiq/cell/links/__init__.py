"""Links: how a cell reaches the registrar, and the other cells. One contract each, one suite (``tests/contract``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tansiq.journal import Record
from tansiq.registrar.control import Head
from tansiq.registrar.order import Feed, Offer, Outcome


class Link(Protocol):
    """What a cell asks of the registrar. Every call may raise ``Unavailable``: the same again may help later.

    Nothing passes but bytes, numbers and failures: the two may stand on different machines, with different clocks.
    """

    def offer(self, offers: Sequence[Offer]) -> list[Outcome]:
        """Have entries ordered, in this order; one answer for each, given when it is durable."""

    def head(self) -> Head:
        """The newest checkpoint and its cosignatures."""

    def settled(self, since: int) -> list[Head]:
        """The settled checkpoints that lead from *since* to the newest settled one: one a change of roster, and it."""

    def mandates(self, version: int) -> list[Record]:
        """The entries of the mandates above *version*, ascending."""

    def fetch(self, start: int, end: int) -> list[Record]:
        """Records of a range; fewer where the journal ends."""

    def feed(self, code: str, start: int, size: int) -> Feed:
        """What a partner may see between two sizes, with proofs."""

    def cosigned(self, size: int, code: str, payload: bytes) -> None:
        """Hand in a cosignature."""


class Peer(Protocol):
    """What a cell asks of another member's cell. Every call may raise ``Unavailable``.

    As with the registrar nothing passes but bytes, numbers and failures, and nothing that comes is believed unverified.
    """

    def head(self) -> Head:
        """The newest checkpoint that it has verified, and the cosignatures that it has seen."""

    def settled(self, since: int) -> list[Head]:
        """The settled checkpoints that lead from *since* to the newest settled one."""

    def fetch(self, start: int, end: int) -> list[Record]:
        """Records of its copy; fewer where it ends."""

    def relay(self, offers: Sequence[Offer]) -> None:
        """Hand over entries that the registrar does not order; it offers them too, and watches what becomes of them."""
