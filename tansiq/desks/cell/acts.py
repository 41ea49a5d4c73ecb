"""What is said on the cell's own desk: which passkey is which officer's, and that one is no longer.

An officer is named by the office (``IQ-consenter``), never as a person.
"""

from __future__ import annotations

import re
from typing import Literal

from tansiq import wire
from tansiq.acts import Act, Kind
from tansiq.charter import ROLES, Role
from tansiq.desks.holding import require_instant
from tansiq.errors import Malformed
from tansiq.keys import assertions

NUMBER = 0
VALID_MS_MAX = 800 * 86_400_000
_HOLDER = re.compile(r"[A-Z0-9]{2,8}-[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")

Reason = Literal["replaced", "left", "lost", "compromised"]


class Credential(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a passkey is an officer's, in these roles, at one address of a floor, from when until when (UTC ms).

    ``credential`` is the passkey's id and ``key`` its public key after a suite byte, both in base64.
    """

    holder: str
    roles: tuple[Role, ...]
    credential: str
    key: str
    origin: str
    valid_from: int
    valid_until: int

    def check(self) -> None:
        """Hold what the types cannot say. Reads own fields only.

        Raises:
            Malformed: a holder that is no officer's id, roles doubled or out of order, a key of no known suite, an
                address that is none, a time that ends before it begins or after 800 days.
        """
        if not _HOLDER.fullmatch(self.holder):
            raise Malformed("credential.holder", "{given} is no officer's id: a member's code, a hyphen and an office "
                            "in small Latin letters.", given=repr(self.holder[:60]), field="holder")
        if not self.roles or list(self.roles) != [role for role in ROLES if role in self.roles]:
            raise Malformed("credential.roles", "Roles stand each once, in this order: {known}.",
                            known=", ".join(ROLES), field="roles")
        if not 1 <= len(wire.parse_base64(self.credential)) <= assertions.CREDENTIAL_BYTES_MAX:
            raise Malformed("credential.id", "A passkey's id has 1 to {limit} bytes.",
                            limit=assertions.CREDENTIAL_BYTES_MAX, field="credential")
        assertions.require_public(wire.parse_base64(self.key))
        assertions.relying_party(self.origin)
        require_instant(self.valid_from, "valid_from")
        require_instant(self.valid_until, "valid_until")
        if not self.valid_from < self.valid_until <= self.valid_from + VALID_MS_MAX:
            raise Malformed("credential.valid", "A passkey is valid for some time, and for at most {limit} days.",
                            limit=VALID_MS_MAX // 86_400_000, field="valid_until")


class CredentialEnd(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a passkey is an officer's no longer, from this act's index on; it refers to the one that published it."""

    reason: Reason


class Heartbeat(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a cell is there. It says nothing else: what it had seen stands on its entry's public face."""


class Unopened(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That the author of an entry addressed it to this member, and sealed in it what does not open.

    It is said to that author alone: ``number`` is the author's, ``code`` why the envelope is void.
    """

    number: int
    code: Literal["slot.unopenable", "act.malformed", "act.commitment"]


CREDENTIAL = Kind("credential", 1, NUMBER, Credential, "Passkey of an officer")
CREDENTIAL_END = Kind("credential_end", 1, NUMBER, CredentialEnd, "End of a passkey")
HEARTBEAT = Kind("heartbeat", 1, NUMBER, Heartbeat, "Heartbeat")
UNOPENED = Kind("unopened", 1, NUMBER, Unopened, "Could not be opened")
