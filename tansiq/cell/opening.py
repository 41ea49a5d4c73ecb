"""Opening: find the slot that is ours, open the body, check the commitment, read the acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tansiq import wire
from tansiq.acts import Act, Catalogue, Kind, SaltedAct, commitment, open_body
from tansiq.acts.unread import read_head
from tansiq.cell.keyring import Keyring
from tansiq.errors import TansiqError
from tansiq.evidence.disclosure import require_committed
from tansiq.evidence.files import Disclosure
from tansiq.evidence.heads import read_label
from tansiq.journal import Leaf
from tansiq.journal.entry import SLOT_BYTES
from tansiq.keys.slots import matches, unwrap
from tansiq.registrar.control import Control


@dataclass(frozen=True, slots=True)
class OpenedAct:
    """One act of an envelope: id, salt, bytes, head, and the code of why it cannot be folded, if it cannot.

    ``kind`` and ``act`` are None where the act could not be read: its kind is unknown, or its own fields are malformed.
    """

    id: bytes
    salt: bytes
    data: bytes
    head: Any
    kind: Kind | None
    act: Act | None
    void: str | None
    position: int


@dataclass(frozen=True, slots=True)
class Opened:
    """What this cell could read of an entry: nothing, its acts, or the code that voids the whole envelope."""

    desk: int | None = None
    acts: tuple[OpenedAct, ...] = ()
    void: str | None = None


CLOSED = Opened()


class Opener:
    """Opens entries for one cell. *desks* are the numbers whose tags are tried."""

    def __init__(self, keyring: Keyring, catalogue: Catalogue, desks: Sequence[int]) -> None:
        self._keyring = keyring
        self._catalogue = catalogue
        self._desks = tuple(desks)

    def open(self, leaf: Leaf, body: bytes, control: Control) -> Opened:
        """Open what is addressed to this cell; ``CLOSED`` where nothing is."""
        entry, me = leaf.entry, self._keyring.code
        codes = [m.code for m in control.roster_at(leaf.index).members]
        if me in codes:
            at = codes.index(me) * SLOT_BYTES
            slot = entry.slots[at:at + SLOT_BYTES]
        else:
            slot = next((p.slot for p in entry.partners if p.code == me), b"")
        made = control.in_force(entry.author, me, entry.seen_size)
        if made is None:
            return CLOSED
        month = wire.month_of(entry.sent)
        for desk in self._desks:
            secret = self._keyring.secret(control.centre, made, (entry.author, me), (month, desk))
            if secret is not None and matches(secret, entry.number, entry.body_hash, slot):
                key = unwrap(secret, entry.number, entry.body_hash, slot)
                return self._open(leaf, body, key, (control.centre, desk))
        return CLOSED

    def _open(self, leaf: Leaf, body: bytes, key: bytes, place: tuple[bytes, int]) -> Opened:
        centre, desk = place
        entry = leaf.entry
        try:
            opened = open_body(body, key, centre=centre, author=entry.author, number=entry.number)
        except TansiqError as error:
            return Opened(desk, (), error.code)
        read: list[OpenedAct] = []
        salted: list[SaltedAct] = []
        for position, (salt, data) in enumerate(opened.acts):
            kind, act, head, failed = self._read(data)
            if head is None:
                return Opened(desk, (), "act.malformed")
            item = SaltedAct.of(salt, data, head, desk)
            salted.append(item)
            void = self._void(head, kind, entry.author, desk) or failed
            read.append(OpenedAct(item.id, salt, data, head, kind, act, void, position))
        if commitment(salted) != entry.commitment:
            return Opened(desk, (), "act.commitment")
        return Opened(desk, tuple(read))

    def disclosed(self, leaf: Leaf, given: Sequence[Disclosure]) -> Opened:
        """Read what was disclosed of an entry that this cell cannot open; each was checked before it was kept.

        The rest of the envelope stays closed.
        """
        read = []
        for one in given:
            desk, salt, data = read_label(one.label).desk, wire.parse_hash(one.salt), one.act.encode()
            kind, act, head, failed = self._read(data)
            item = SaltedAct.of(salt, data, head, desk)
            require_committed(leaf.entry, item.leaf, one.committed)
            void = self._void(head, kind, leaf.entry.author, desk) or failed
            read.append(OpenedAct(item.id, salt, data, head, kind, act, void, one.committed.position))
        return Opened(None, tuple(read))

    def _read(self, data: bytes) -> tuple[Kind | None, Act | None, Any, str | None]:
        """Kind, act, head and the code of what failed. Without a head the label cannot be known, nor so the commitment.

        Which of both it is looks at no catalogue, so that an older program and a newer one void the same envelopes.
        """
        try:
            kind, act = self._catalogue.parse(data)
        except TansiqError as error:
            try:
                return None, None, read_head(data), "act.unknown" if error.code == "act.unknown" else "act.malformed"
            except TansiqError:
                return None, None, None, "act.malformed"
        return kind, act, act, None

    def _void(self, head: Any, kind: Kind | None, author: str, desk: int) -> str | None:
        if head.author != author:
            return "act.author"
        if self._keyring.code not in head.release:
            return "act.release"
        return "act.desk" if kind is not None and kind.desk != desk else None
