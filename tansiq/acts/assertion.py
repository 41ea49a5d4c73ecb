"""What an officer's passkey signs: the act itself, before it is signed (spec: ``docs/spec/officers.md``)."""

from __future__ import annotations

import msgspec

from tansiq import wire
from tansiq.acts.head import Act

_OFFICER = b"tansiq/officer/v1\n"


def officer_challenge(act: Act) -> bytes:
    """The hash of an act whose ``assertion`` is empty: 32 bytes, which the officer's passkey signs."""
    return wire.sha256(_OFFICER + wire.write(msgspec.structs.replace(act, assertion=None)))
