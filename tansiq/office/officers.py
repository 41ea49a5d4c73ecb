"""Officers: who acts for a member, in which roles. A person's name stands nowhere, only the office's."""

from __future__ import annotations

from dataclasses import dataclass

from tansiq.charter import Charter, Role
from tansiq.errors import Refused

PARTNER_OFFICES: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("reader", "Reading officer", ("reader",)),
    ("drafter", "Drafting officer", ("reader", "drafter")),
    ("releaser", "Duty officer", ("reader", "drafter", "releaser")),
    ("administrator", "Administrator", ("administrator",)),
)
"""Offices of a partner: it decides nothing in the centre. An administrator reads no act."""

OFFICES: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    *PARTNER_OFFICES,
    ("consenter", "Consenting authority", ("reader", "drafter", "consenter")),
    ("second", "Second consenting officer", ("reader", "drafter", "consenter")),
    ("legal", "Legal adviser", ("reader", "drafter", "legal")),
    ("director", "Director's staff", ("reader", "drafter", "director")),
)
"""Offices of a member. Two consent, so that one may confirm what the other said."""


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
    """Name the officers of each member and partner of *charter*: ``IQ-reader``, ``IQ-consenter`` and so on."""
    members = {member.code for member in charter.members}
    return {
        party.code: tuple(Officer(f"{party.code}-{key}", name, party.code, roles)
                          for key, name, roles in (OFFICES if party.code in members else PARTNER_OFFICES))
        for party in charter.parties
    }
