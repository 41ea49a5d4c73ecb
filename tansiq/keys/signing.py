"""Ed25519 signatures under one strict rule (RFC 8032, section 5.1; spec: ``docs/spec/keys.md``).

Libraries disagree about odd signatures, and two verdicts would split a centre. The rule here
is libsodium's: S < L; A and R canonical and not of small order; the equation without cofactor,
R compared byte by byte. ``tests/vectors/ed25519`` holds it, whatever library is underneath.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError

from tansiq.errors import Malformed, Untrusted

SUITE = 1
SEED_BYTES = 32
PUBLIC_BYTES = 33
SIGNATURE_BYTES = 64

Signed = tuple[bytes, bytes, bytes]
"""(public key with its suite byte, signature, message)."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A member's or the registrar's signing key; its seed never shows in a repr."""

    public: bytes
    """Suite byte 1 ‖ Ed25519 key: 33 bytes."""
    seed: bytes = field(repr=False)
    """The 32 bytes that are the private key: keep them secret, and keep them."""
    _secret: bytes = field(repr=False, compare=False)

    @classmethod
    def generate(cls, random: Callable[[int], bytes] = os.urandom) -> SigningKey:
        """Draw a key; *random* gives that many unpredictable bytes."""
        return cls.from_seed(random(SEED_BYTES))

    @classmethod
    def from_seed(cls, seed: bytes) -> SigningKey:
        """Make the key of a 32-byte seed.

        Raises:
            Malformed: the seed has another length.
        """
        if len(seed) != SEED_BYTES:
            raise Malformed("key.seed", "The seed of a signing key has 32 bytes, not {given}.", given=len(seed))
        public, secret = crypto_sign_seed_keypair(seed)
        return cls(bytes([SUITE]) + public, seed, secret)

    def sign(self, message: bytes) -> bytes:
        """Sign *message*: 64 bytes, the same every time."""
        return crypto_sign(message, self._secret)[:SIGNATURE_BYTES]


def require_public(public: bytes) -> None:
    """Require the form of a public signing key: suite byte 1 and 32 bytes.

    Raises:
        Malformed: another length, or a suite that this version does not know.
    """
    if len(public) != PUBLIC_BYTES:
        raise Malformed("key.length", "A signing key has 33 bytes, not {given}.", given=len(public))
    if public[0] != SUITE:
        raise Malformed("key.suite", "Suite {given} of a signing key is not known here.", given=public[0])


def verify(public: bytes, signature: bytes, message: bytes) -> None:
    """Require that *signature* over *message* holds under *public*, by the strict rule.

    Raises:
        Malformed: the key or the signature has a wrong length, or an unknown suite.
        Untrusted: it does not hold.
    """
    require_public(public)
    if len(signature) != SIGNATURE_BYTES:
        raise Malformed("signature.length", "A signature has 64 bytes, not {given}.", given=len(signature))
    try:
        crypto_sign_open(signature + message, public[1:])
    except BadSignatureError as error:
        raise Untrusted("signature", "The signature does not hold under the key it should.") from error


def verify_many(items: Sequence[Signed]) -> list[bool]:
    """Judge many signatures; the verdicts stand in the order of *items*.

    Every verdict is the one that ``verify`` gives: what is malformed does not hold.
    """
    return [_holds(public, signature, message) for public, signature, message in items]


def _holds(public: bytes, signature: bytes, message: bytes) -> bool:
    if len(public) != PUBLIC_BYTES or public[0] != SUITE or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        crypto_sign_open(signature + message, public[1:])
    except BadSignatureError:
        return False
    return True
