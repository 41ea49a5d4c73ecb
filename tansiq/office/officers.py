"""Officers: who acts for a member, in which roles. A person's name stands nowhere, only the office's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tansiq.charter import ROLES, Charter, Role
from tansiq.errors import Malformed, Refused, Untrusted
from tansiq.languages.isolates import not_in_line

NAME_CHARACTERS_MAX = 60
_ID = re.compile(r"[A-Z0-9]{2,8}-[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")

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
    """One office of a member. ``name`` is a message id (``Duty officer``); ``roles`` say what it may do.

    ``fresh``: the officer has shown within the last minutes to be there, or nothing needs to be shown.
    """

    id: str
    name: str
    member: str
    roles: tuple[Role, ...]
    fresh: bool = field(default=True, compare=False)

    def require(self, role: str) -> None:
        """Hold that this officer has *role*.

        Raises:
            Refused: ``officer.role``.
        """
        if role not in self.roles:
            raise Refused("officer.role", "{officer} has not the role {role}.", officer=self.id, role=role)

    def require_fresh(self) -> None:
        """Hold that the officer has just shown to be there: decisions and administration ask it.

        Raises:
            Untrusted: ``session.stale``.
        """
        if not self.fresh:
            raise Untrusted("session.stale", "Show once more that it is you, then ask again.")


def named_officer(member: str, given: str, *, name: str, roles: tuple[str, ...]) -> Officer:
    """Make an officer of *member* from what an administrator typed; *given* is the id, with the member's code or not.

    Raises:
        Malformed: ``officer.id``, ``officer.name``, ``officer.roles``.
    """
    officer_id = given if given.startswith(f"{member}-") else f"{member}-{given}"
    if not _ID.fullmatch(officer_id):
        raise Malformed("officer.id", "An officer's id is small Latin letters, digits and hyphens, at most 40.",
                        field="id")
    if not 1 <= len(name.strip()) <= NAME_CHARACTERS_MAX or not_in_line(name):
        raise Malformed("officer.name", "The name of an office is one line of 1 to {limit} characters.",
                        limit=NAME_CHARACTERS_MAX, field="name")
    held = tuple(role for role in ROLES if role in roles)
    if not held or len(held) != len(set(roles)):
        raise Malformed("officer.roles", "An officer has one or more of these roles: {known}.",
                        known=", ".join(ROLES), field="roles")
    return Officer(officer_id, name.strip(), member, held)


def demonstration_officers(charter: Charter) -> dict[str, tuple[Officer, ...]]:
    """Name the officers of each member and partner of *charter*: ``IQ-reader``, ``IQ-consenter`` and so on."""
    members = {member.code for member in charter.members}
    return {
        party.code: tuple(Officer(f"{party.code}-{key}", name, party.code, roles)
                          for key, name, roles in (OFFICES if party.code in members else PARTNER_OFFICES))
        for party in charter.parties
    }
