"""Sealing to a member's key: HPKE base mode (RFC 9180; spec: ``docs/spec/keys.md``).

KEM MLKEM768-X25519, KDF HKDF-SHA256, AEAD ChaCha20-Poly1305, no additional data: it opens
only with the private key and the same ``info``, and stays shut if either half of the KEM holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from tansiq.errors import Malformed, Untrusted

SUITE = 1
MLKEM_PUBLIC_BYTES = 1184
MLKEM_SEED_BYTES = 64
X25519_BYTES = 32
PUBLIC_BYTES = 1 + MLKEM_PUBLIC_BYTES + X25519_BYTES
PRIVATE_BYTES = 1 + MLKEM_SEED_BYTES + X25519_BYTES
ENC_BYTES = 1088 + X25519_BYTES
OVERHEAD_BYTES = ENC_BYTES + 16


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A member's sealing key; its private bytes never show in a repr."""

    public: bytes
    """Suite byte 1 ‖ ML-KEM-768 encapsulation key ‖ X25519 key: 1,217 bytes."""
    private: bytes = field(repr=False)
    """Suite byte 1 ‖ ML-KEM-768 seed (FIPS 203, d ‖ z) ‖ X25519 key: 97 bytes, fit for a file."""
    _key: MLKEM768X25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def generate(cls) -> SealingKey:
        """Draw a key from the system's randomness."""
        mlkem = MLKEM768PrivateKey.generate().private_bytes_raw()
        return cls.from_bytes(bytes([SUITE]) + mlkem + X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_bytes(cls, private: bytes) -> SealingKey:
        """Make the key that ``private`` was written from.

        Raises:
            Malformed: another length, or a suite that this version does not know.
        """
        if len(private) != PRIVATE_BYTES:
            raise Malformed("key.length", "A private sealing key has 97 bytes, not {given}.", given=len(private))
        if private[0] != SUITE:
            raise Malformed("key.suite", "Suite {given} of a sealing key is not known here.", given=private[0])
        mlkem = MLKEM768PrivateKey.from_seed_bytes(private[1 : 1 + MLKEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(private[1 + MLKEM_SEED_BYTES :])
        public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        return cls(bytes([SUITE]) + public, private, MLKEM768X25519PrivateKey(mlkem, x25519))

    def open(self, info: bytes, sealed: bytes) -> bytes:
        """Open what was sealed to this key with the same *info*.

        Raises:
            Untrusted: sealed to another key, with another *info*, or altered.
        """
        try:
            return _suite().decrypt(sealed, self._key, info=info)
        except (InvalidTag, ValueError) as error:
            raise Untrusted("sealed", "What was sealed does not open with this key and purpose.") from error


def require_public(public: bytes) -> None:
    """Require that *public* can be sealed to.

    Raises:
        Malformed: another length, an unknown suite, or a value that is no such key (FIPS 203, section 7.2).
    """
    _public(public)


def seal(public: bytes, info: bytes, plaintext: bytes) -> bytes:
    """Seal *plaintext* to the key *public* for the purpose *info*: enc ‖ ciphertext, 1,136 bytes longer.

    Raises:
        Malformed: *public* is not a key that can be sealed to.
    """
    key = _public(public)
    try:
        return _suite().encrypt(plaintext, key, info=info)
    except ValueError as error:
        raise Malformed("key.value", "The sealing key is not one that can be sealed to.") from error


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def _public(public: bytes) -> MLKEM768X25519PublicKey:
    if len(public) != PUBLIC_BYTES:
        raise Malformed("key.length", "A sealing key has 1217 bytes, not {given}.", given=len(public))
    if public[0] != SUITE:
        raise Malformed("key.suite", "Suite {given} of a sealing key is not known here.", given=public[0])
    try:
        mlkem = MLKEM768PublicKey.from_public_bytes(public[1 : 1 + MLKEM_PUBLIC_BYTES])
        return MLKEM768X25519PublicKey(mlkem, X25519PublicKey.from_public_bytes(public[1 + MLKEM_PUBLIC_BYTES :]))
    except ValueError as error:
        raise Malformed("key.value", "The sealing key is not one that can be sealed to.") from error
