"""Opening: find the slot that is ours, open the body, check the commitment, read the acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tansiq import wire
from tansiq.acts import Act, Catalogue, Kind, SaltedAct, commitment, open_body
from tansiq.cell.keyring import Keyring
from tansiq.errors import TansiqError
from tansiq.journal import Leaf
from tansiq.journal.entry import SLOT_BYTES
from tansiq.keys.slots import matches, unwrap
from tansiq.registrar.control import Control


@dataclass(frozen=True, slots=True)
class OpenedAct:
    """One act of an envelope: its id, salt and bytes, and either the act or the code of why it cannot be folded."""

    id: bytes
    salt: bytes
    data: bytes
    kind: Kind | None
    act: Act | None
    void: str | None


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
        for salt, data in opened.acts:
            try:
                kind, act = self._catalogue.parse(data)
            except TansiqError as error:
                # An unknown kind is kept sealed; its label cannot be known here, so the commitment is left unchecked.
                return Opened(desk, (), "act.unknown" if error.code == "act.unknown" else "act.malformed")
            item = SaltedAct.of(salt, data, act, desk)
            salted.append(item)
            read.append(OpenedAct(item.id, salt, data, kind, act, self._void(act, kind, entry.author, desk)))
        if commitment(salted) != entry.commitment:
            return Opened(desk, (), "act.commitment")
        return Opened(desk, tuple(read))

    def _void(self, act: Act, kind: Kind, author: str, desk: int) -> str | None:
        if act.author != author:
            return "act.author"
        if self._keyring.code not in act.release:
            return "act.release"
        return "act.desk" if kind.desk != desk else None
