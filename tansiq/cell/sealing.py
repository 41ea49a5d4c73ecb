"""Sealing: a parcel of acts of one desk and one release becomes an envelope and its signed entry."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from tansiq import wire
from tansiq.acts import commitment_over, pad_plain, seal_body
from tansiq.cell.keyring import Keyring
from tansiq.cell.outbox import Sealed
from tansiq.cell.parcels import Parcel, hashes
from tansiq.errors import Refused
from tansiq.journal import Entry, PartnerSlot, write_signed
from tansiq.journal.entry import ENTRY_DOMAIN, SEALED, entry_id
from tansiq.keys.slots import SLOT_BYTES, slot
from tansiq.registrar.control import Control
from tansiq.registrar.order import Offer


@dataclass(slots=True)
class Place:
    """Where the next entry of an author stands: advanced by each entry that is sealed."""

    number: int
    prev: bytes
    seen_size: int
    seen_root: bytes
    sent: int
    running: dict[str, int] = field(default_factory=dict)


def next_entry(keyring: Keyring, control: Control, place: Place, *, kind: int, body: bytes, commit: bytes = bytes(32),
               slots: bytes = b"", partners: tuple[PartnerSlot, ...] = ()) -> Offer:
    """Sign the next entry over a body, and advance *place*."""
    roster = control.roster.index if control.rosters else 0
    entry = Entry(kind, roster, keyring.code, control.centre, place.number, place.prev, place.seen_size,
                  place.seen_root, place.sent, commit, len(body), wire.sha256(body), slots, partners)
    signed = write_signed(entry)
    place.number, place.prev = place.number + 1, entry_id(signed)
    place.running.update((p.code, p.running) for p in partners)
    return Offer(signed + keyring.sign.sign(ENTRY_DOMAIN + signed), body)


def seal_entry(keyring: Keyring, control: Control, place: Place, parcel: Parcel, *,
               random: Callable[[int], bytes] = os.urandom) -> Sealed:
    """Seal a parcel under a fresh content key, and advance *place*.

    Raises:
        Refused: ``release.unreachable``, no pair with one who must be addressed is open.
    """
    desk, release, month = parcel.desk, parcel.release, wire.month_of(place.sent)
    members, partners = control.roster.members, control.roster.partners
    known = {party.code for party in (*members, *partners)}
    for code in release:
        if code not in known:
            raise Refused("release.unknown", "{code} is no member of the centre and cannot be addressed here.",
                          code=code, field="release")
    number, key = place.number, random(32)
    body = seal_body(pad_plain(parcel.acts, parcel.packed), key, centre=control.centre, author=keyring.code,
                     number=number)
    body_hash = wire.sha256(body)

    def address(code: str) -> bytes:
        made = control.in_force(keyring.code, code, place.seen_size)
        secret = None if made is None else keyring.secret(control.centre, made, (keyring.code, code), (month, desk))
        if secret is None:
            raise Refused("release.unreachable", "{code} cannot be addressed yet: no introduction is accepted.",
                          code=code, field="release")
        return slot(secret, number, body_hash, key)

    slots = b"".join(address(m.code) if m.code in release else random(SLOT_BYTES) for m in members)
    outside = tuple(PartnerSlot(p.code, place.running.get(p.code, 0) + 1, address(p.code))
                    for p in partners if p.code in release)
    offer = next_entry(keyring, control, place, kind=SEALED, body=body, commit=commitment_over(hashes(parcel.leaves)),
                       slots=slots, partners=outside)
    return Sealed(number, parcel, key, offer)
