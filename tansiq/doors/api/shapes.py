"""What the API answers with. The command line prints the same shapes with ``--json``."""

from __future__ import annotations

from typing import Any

import msgspec

from tansiq.office import Officer


class OfficerShape(msgspec.Struct, frozen=True):
    """An officer, as chosen in the demonstration."""

    id: str
    name: str
    member: str
    roles: tuple[str, ...]


class CodeShape(msgspec.Struct, frozen=True):
    """A code with which an officer enters once; it is shown this once."""

    officer: str
    code: str


class SessionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which officer begins a session, and the password where officers are not chosen."""

    officer: str
    password: str | None = None


class ProofRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The password with which an officer shows once more to be there."""

    password: str


class SessionShape(msgspec.Struct, frozen=True):
    """The session that was begun; the token serves as ``Authorization: Bearer`` where cookies do not.

    ``csrf`` goes into the header ``Tansiq-CSRF`` of whatever changes something with the cookie. ``fresh``: the officer
    has shown of late to be there.
    """

    officer: OfficerShape
    token: str | None = None
    csrf: str | None = None
    fresh: bool = True


class FieldShape(msgspec.Struct, frozen=True):
    """One field of a form."""

    name: str
    title: str
    widget: str
    required: bool
    choices: tuple[tuple[str, str], ...]
    hint: str


class KindShape(msgspec.Struct, frozen=True):
    """One kind of act; ``answers`` names the kinds that it may refer to, ``role`` the office that may say it."""

    name: str
    version: int
    title: str
    answers: tuple[str, ...]
    fields: tuple[FieldShape, ...]
    role: str


class DeskShape(msgspec.Struct, frozen=True):
    """One desk, its kinds, and the views that it shows."""

    name: str
    number: int
    title: str
    icon: str
    kinds: tuple[KindShape, ...]
    views: tuple[str, ...]


class ActsShape(msgspec.Struct, frozen=True):
    """One page of a search: ``count`` is how many there are in all."""

    count: int
    acts: list[dict[str, Any]]


class SaidShape(msgspec.Struct, frozen=True):
    """The ids of the acts that were said, in the order given."""

    ids: tuple[str, ...]


def officer_shape(officer: Officer) -> OfficerShape:
    """Show an officer."""
    return OfficerShape(officer.id, officer.name, officer.member, officer.roles)
