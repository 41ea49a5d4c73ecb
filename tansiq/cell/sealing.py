"""Sealing: a parcel of acts of one desk and one release becomes an envelope and its signed entry."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from tansiq import wire
from tansiq.acts import commitment_over, pad_plain, seal_body
from tansiq.cell.keyring import Keyring
from tansiq.cell.outbox import Sealed
from tansiq.cell.parcels import Parcel, hashes
from tansiq.errors import Refused
from tansiq.journal import Entry, PartnerSlot, write_signed
from tansiq.journal.entry import ENTRY_DOMAIN, SEALED, entry_id
from tansiq.keys.pairs import PairSecret
from tansiq.keys.slots import SLOT_BYTES, slot
from tansiq.registrar.control import Control
from tansiq.registrar.order import Offer

_KNOWN_MAX = 1_024


@dataclass(slots=True)
class Place:
    """Where the next entry of an author stands: advanced by each entry that is sealed."""

    number: int
    prev: bytes
    seen_size: int
    seen_root: bytes
    sent: int
    running: dict[str, int] = field(default_factory=dict)


class _Addressed(NamedTuple):
    """The secrets under which a release is addressed: of each member in roster order, and of the partners in it."""

    members: tuple[PairSecret | None, ...]
    partners: tuple[tuple[str, PairSecret], ...]


def next_entry(keyring: Keyring, control: Control, place: Place, *, kind: int, body: bytes, commit: bytes = bytes(32),
               slots: bytes = b"", partners: tuple[PartnerSlot, ...] = (), body_hash: bytes = b"") -> Offer:
    """Sign the next entry over a body, with the key that is in force, and advance *place*.

    The body is hashed here unless its hash is given.

    Raises:
        Unavailable: ``keys.absent``, that key does not lie here.
    """
    key = keyring.sign_under(control)
    roster = control.roster.index if control.rosters else 0
    entry = Entry(kind, roster, keyring.code, control.centre, place.number, place.prev, place.seen_size,
                  place.seen_root, place.sent, commit, len(body), body_hash or wire.sha256(body), slots, partners)
    signed = write_signed(entry)
    place.number, place.prev = place.number + 1, entry_id(signed)
    place.running.update((p.code, p.running) for p in partners)
    return Offer(signed + key.sign(ENTRY_DOMAIN + signed), body)


class Sealer:
    """Seals parcels for one cell. Who is addressed with which secrets is looked up once a release, desk and month."""

    def __init__(self, keyring: Keyring, *, random: Callable[[int], bytes] = os.urandom) -> None:
        self._keyring = keyring
        self._random = random
        self._control: Control | None = None
        self._known: dict[tuple[int, int, int, tuple[str, ...]], _Addressed] = {}

    def seal(self, control: Control, place: Place, parcel: Parcel) -> Sealed:
        """Seal a parcel under a fresh content key, and advance *place*, which has seen all that made *control*.

        An open entry is signed as it is, and has no key.

        Raises:
            Refused: ``release.unreachable``, no pair with one who must be addressed is open.
        """
        if parcel.kind:
            at = place.number
            return Sealed(at, parcel, b"", next_entry(self._keyring, control, place, kind=parcel.kind,
                                                      body=parcel.packed))
        addressed = self._addressed(control, place, parcel)
        number, author, drawn = place.number, self._keyring.code, self._random(32 + SLOT_BYTES * len(addressed.members))
        key = drawn[:32]
        body = seal_body(pad_plain(parcel.acts, parcel.packed), key, centre=control.centre, author=author,
                         number=number)
        body_hash = wire.sha256(body)
        # Whoever is not addressed has a slot of random bytes, drawn afresh at every sealing.
        slots = [drawn[at:at + SLOT_BYTES] if secret is None else slot(secret, number, body_hash, key)
                 for at, secret in zip(range(32, len(drawn), SLOT_BYTES), addressed.members, strict=True)]
        outside = tuple([PartnerSlot(code, place.running.get(code, 0) + 1, slot(secret, number, body_hash, key))
                         for code, secret in addressed.partners])
        offer = next_entry(self._keyring, control, place, kind=SEALED, body=body,
                           commit=commitment_over(hashes(parcel.leaves)), slots=b"".join(slots), partners=outside,
                           body_hash=body_hash)
        return Sealed(number, parcel, key, offer)

    def _addressed(self, control: Control, place: Place, parcel: Parcel) -> _Addressed:
        month = wire.month_of(place.sent)
        asked = (control.applied, month, parcel.desk, parcel.release)
        if control is not self._control:  # read anew from the journal, which may have fallen
            self._control = control
            self._known.clear()
        found = self._known.get(asked)
        if found is None:
            if len(self._known) >= _KNOWN_MAX:
                self._known.clear()
            found = self._known[asked] = self._address(control, place.seen_size, (month, parcel.desk), parcel.release)
        return found

    def _address(self, control: Control, seen_size: int, at: tuple[int, int], release: tuple[str, ...]) -> _Addressed:
        members, partners = control.roster.members, control.roster.partners
        known = {party.code for party in (*members, *partners)}
        for code in release:
            if code not in known:
                raise Refused("release.unknown", "{code} is no member of the centre and cannot be addressed here.",
                              code=code, field="release")

        def secret(code: str) -> PairSecret:
            author = self._keyring.code
            made = control.in_force(author, code, seen_size)
            found = None if made is None else self._keyring.secret(control.centre, made, (author, code), at)
            if found is None:
                raise Refused("release.unreachable", "{code} cannot be addressed yet: no introduction is accepted.",
                              code=code, field="release")
            return found

        return _Addressed(tuple(secret(m.code) if m.code in release else None for m in members),
                          tuple((p.code, secret(p.code)) for p in partners if p.code in release))
