"""A passkey in software: what a browser and an authenticator give back, with either algorithm, made to order."""

from __future__ import annotations

import hashlib
import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tansiq.keys import assertions
from tansiq.keys.assertions import Proof
from tansiq.keys.signing import SigningKey

ORIGIN = "https://floor.example"
UP, UV, BACKUP_POSSIBLE, BACKED_UP, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


def base64url(data: bytes) -> str:
    """Base64 of addresses, without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Read base64 of addresses."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Passkey:
    """One passkey at one origin. ``flags`` and ``more`` (members after the prescribed ones) can be set to misbehave."""

    seed: int = 1
    suite: int = assertions.ES256
    origin: str = ORIGIN
    counter: int = 0
    flags: int = UP | UV
    more: str = ""

    def __post_init__(self) -> None:
        secret = hashlib.sha256(b"passkey %d" % self.seed).digest()
        self.id = hashlib.sha256(b"id" + secret).digest()[:20]
        self._ed = SigningKey.from_seed(secret)
        self._ec = ec.derive_private_key(int.from_bytes(secret, "big") >> 1, ec.SECP256R1())

    @property
    def public(self) -> bytes:
        """Suite byte and public key."""
        if self.suite == assertions.EDDSA:
            return self._ed.public
        point = self._ec.public_key().public_numbers()
        return bytes([assertions.ES256]) + point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big")

    def cose(self) -> bytes:
        """The public key as authenticators write it (RFC 9053)."""
        known = ({1: 1, 3: -8, -1: 6, -2: self.public[1:]} if self.suite == assertions.EDDSA else
                 {1: 2, 3: -7, -1: 1, -2: self.public[1:33], -3: self.public[33:]})
        return bytes(cbor2.dumps(known))

    def prove(self, challenge: bytes, *, kind: str = "webauthn.get") -> Proof:
        """Sign a challenge."""
        self.counter += 1
        data, client = self._data(self.flags), self._client(challenge, kind)
        message = data + hashlib.sha256(client).digest()
        signature = (self._ed.sign(message) if self.suite == assertions.EDDSA
                     else self._ec.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
        return Proof(data, client, signature)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        """What ``navigator.credentials.get`` gives for these options, as JSON."""
        proof = self.prove(from_base64url(options["challenge"]))
        return self._shown({"authenticatorData": base64url(proof.authenticator_data),
                            "clientDataJSON": base64url(proof.client_data), "signature": base64url(proof.signature),
                            "userHandle": None})

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """What ``navigator.credentials.create`` gives for these options, as JSON, without attestation."""
        data = self._data(self.flags | ATTESTED) + bytes(16) + struct.pack(">H", len(self.id)) + self.id
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data + self.cose()})
        client = self._client(from_base64url(options["challenge"]), "webauthn.create")
        return self._shown({"attestationObject": base64url(attestation), "clientDataJSON": base64url(client),
                            "transports": ["internal"]})

    def _data(self, flags: int) -> bytes:
        host = assertions.relying_party(self.origin)
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.counter)

    def _client(self, challenge: bytes, kind: str) -> bytes:
        return (f'{{"type":"{kind}","challenge":"{base64url(challenge)}","origin":{json.dumps(self.origin)},'
                f'"crossOrigin":false{self.more}}}').encode()

    def _shown(self, response: dict[str, Any]) -> dict[str, Any]:
        return {"id": base64url(self.id), "rawId": base64url(self.id), "type": "public-key",
                "clientExtensionResults": {}, "response": response}
