"""How officers come in: by showing who they are, or, in an exercise, by choosing."""

from __future__ import annotations

from dataclasses import dataclass

from tansiq.charter import Charter
from tansiq.errors import Refused
from tansiq.keys.assertions import relying_party

LOCAL = "http://localhost:8400"


@dataclass(frozen=True, slots=True)
class SignIn:
    """The setting: may officers be ``chosen``, and at which address do they meet the floor (``origin``)?

    Passkeys are made for the origin and work nowhere else.
    """

    choosing: bool
    origin: str = LOCAL

    @property
    def host(self) -> str:
        """The relying party of passkeys: the host of the origin."""
        return relying_party(self.origin)

    @property
    def secure(self) -> bool:
        """Whether cookies go over TLS alone."""
        return self.origin.startswith("https://")

    def require_choosing(self) -> None:
        """Hold that officers may be chosen here.

        Raises:
            Refused: ``signin.proof``.
        """
        if not self.choosing:
            raise Refused("signin.proof", "Here an officer signs in with a passkey or a password.")


def sign_in_of(charter: Charter, *, given: str | None, origin: str) -> SignIn:
    """Read the setting: ``choose`` or ``prove``; without it, officers are chosen where the charter is an exercise.

    Raises:
        Refused: ``signin.exercise``, to choose is for exercises alone.
        Malformed: ``origin``.
    """
    relying_party(origin)
    choosing = charter.exercise if given is None else given == "choose"
    if choosing and not charter.exercise:
        raise Refused("signin.exercise", "Only in an exercise may an officer be chosen; this charter is none.",
                      field="sign-in")
    return SignIn(choosing, origin)
