"""Officers: who acts for a member, in which roles. A person's name stands nowhere, only the office's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from tansiq.charter import Charter
from tansiq.errors import Refused

Role = Literal["reader", "drafter", "releaser"]
ROLES: tuple[Role, ...] = get_args(Role)

OFFICES: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("reader", "Reading officer", ("reader",)),
    ("drafter", "Drafting officer", ("reader", "drafter")),
    ("releaser", "Duty officer", ("reader", "drafter", "releaser")),
)


@dataclass(frozen=True, slots=True)
class Officer:
    """One office of a member. ``name`` is a message id (``Duty officer``); ``roles`` say what it may do."""

    id: str
    name: str
    member: str
    roles: tuple[Role, ...]

    def require(self, role: str) -> None:
        """Hold that this officer has *role*.

        Raises:
            Refused: ``officer.role``.
        """
        if role not in self.roles:
            raise Refused("officer.role", "{officer} has not the role {role}.", officer=self.id, role=role)


def demonstration_officers(charter: Charter) -> dict[str, tuple[Officer, ...]]:
    """Name three officers for each member and partner of *charter*: ``IQ-reader``, ``IQ-drafter``, ``IQ-releaser``."""
    return {
        party.code: tuple(Officer(f"{party.code}-{key}", name, party.code, roles) for key, name, roles in OFFICES)
        for party in charter.parties
    }
