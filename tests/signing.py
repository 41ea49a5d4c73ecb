"""Officers who sign in tests: their passkeys published to all members, their signatures put into acts."""

from __future__ import annotations

from typing import Any

import msgspec

from tansiq import wire
from tansiq.acts import Act, Assertion, officer_challenge
from tansiq.cell.node import Cell
from tests.authenticator import ORIGIN, Passkey

DAY_MS = 86_400_000


def published(cell: Cell, passkey: Passkey, holder: str, *roles: str, **changed: Any) -> dict[str, Any]:
    """Fields of an act that publishes a passkey."""
    now = cell.now()
    return {"holder": holder, "roles": roles, "credential": wire.write_base64(passkey.id),
            "key": wire.write_base64(passkey.public), "origin": ORIGIN, "valid_from": now - DAY_MS,
            "valid_until": now + DAY_MS, "release": [m.code for m in cell.charter.members], **changed}


def sign(act: Act, passkey: Passkey) -> Act:
    """Put an officer's signature into an act."""
    proof = [wire.write_base64(part) for part in passkey.prove(officer_challenge(act))]
    made = Assertion(credential=wire.write_base64(passkey.id), authenticator_data=proof[0], client_data=proof[1],
                     signature=proof[2])
    return msgspec.structs.replace(act, assertion=made)
