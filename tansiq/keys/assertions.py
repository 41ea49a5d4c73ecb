"""An officer's own signature: a WebAuthn assertion under one strict rule (spec: ``docs/spec/officers.md``).

The rule is pure and keeps no state, so that a door that lets an officer in and every cell that reads what the officer
signed come to the same verdict. The client data is compared with the bytes that WebAuthn level 2 (section 5.8.1.1)
prescribes, and never parsed: one meaning, one encoding.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from tansiq import wire
from tansiq.errors import Malformed, Untrusted
from tansiq.keys import signing

EDDSA = signing.SUITE
ES256 = 2
POINT_BYTES = 64
_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
CLIENT_DATA_BYTES_MAX = 2_048
AUTHENTICATOR_DATA_BYTES_MAX = 1_024
SIGNATURE_BYTES_MAX = 72
CREDENTIAL_BYTES_MAX = 1_023
PRESENT, VERIFIED = 0x01, 0x04
_BACKUP_POSSIBLE, _BACKED_UP, _ATTESTED, _EXTENDED = 0x08, 0x10, 0x40, 0x80
_BARE = 37
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(rf"(?:https://((?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?|localhost)|http://(localhost))"
                     r"(?::[1-9]\d{0,4})?")  # fmt: skip


class Proof(NamedTuple):
    """What an authenticator gives back: its data, the client data that it signed over, and the signature."""

    authenticator_data: bytes
    client_data: bytes
    signature: bytes


def relying_party(origin: str) -> str:
    """Name the relying party of an address: its host.

    Raises:
        Malformed: ``origin``: it is neither ``https://`` with a host's name, in lower case, nor ``http://localhost``;
            no path, no default port.
    """
    found = _ORIGIN.fullmatch(origin) if len(origin) <= 300 else None
    if found is None or origin.endswith(":443" if found[1] else ":80"):
        raise Malformed("origin", "{given} is no address of a floor: write https:// and a host's name.",
                        given=repr(origin[:80]), field="origin")
    return found[1] or found[2]


def require_public(public: bytes) -> None:
    """Require the form of an officer's public key: suite 1 and an Ed25519 key, or suite 2 and a point of P-256 (x ‖ y).

    Raises:
        Malformed: ``key.length``, ``key.suite``, ``key.point``.
    """
    if public[:1] != bytes([ES256]):
        signing.require_public(public)
    else:
        _point(public)


def verify(public: bytes, proof: Proof, challenge: bytes, *, origin: str) -> int:
    """Require that *proof* signs *challenge* at *origin*, with the person present and verified; give its counter.

    Raises:
        Malformed: the key or the origin has not its form.
        Untrusted: ``assertion.client``, ``assertion.authenticator`` or ``assertion.signature``: it does not hold.
    """
    host = relying_party(origin)
    require_public(public)
    if not _is_client_data(proof.client_data, challenge, origin):
        raise Untrusted("assertion.client", "The passkey answered another question, or at another address.")
    data = proof.authenticator_data
    if not _is_authenticator_data(data, host):
        raise Untrusted("assertion.authenticator", "The passkey did not verify its holder, or belongs to "
                        "another floor.")
    if not _holds(public, proof.signature, data + wire.sha256(proof.client_data)):
        raise Untrusted("assertion.signature", "The passkey's signature does not hold.")
    return int.from_bytes(data[33:37], "big")


def client_data_start(challenge: bytes, origin: str) -> bytes:
    """The bytes with which client data over *challenge* begins."""
    return (b'{"type":"webauthn.get","challenge":"' + urlsafe_b64encode(challenge).rstrip(b"=") + b'","origin":"'
            + origin.encode("ascii") + b'","crossOrigin":false')


def _is_client_data(given: bytes, challenge: bytes, origin: str) -> bool:
    start = client_data_start(challenge, origin)
    if len(given) > CLIENT_DATA_BYTES_MAX or not given.startswith(start):
        return False
    rest = given[len(start):]
    # Clients may add members of their own, after a comma (section 5.8.1.2).
    return rest == b"}" or (rest[:1] == b"," and rest[-1:] == b"}")


def _is_authenticator_data(data: bytes, host: str) -> bool:
    if not _BARE <= len(data) <= AUTHENTICATOR_DATA_BYTES_MAX or data[:32] != wire.sha256(host.encode("ascii")):
        return False
    flags = data[32]
    more = bool(flags & (_ATTESTED | _EXTENDED))
    kept = not flags & _BACKED_UP or bool(flags & _BACKUP_POSSIBLE)
    return flags & (PRESENT | VERIFIED) == PRESENT | VERIFIED and more == (len(data) > _BARE) and kept


def _holds(public: bytes, signature: bytes, message: bytes) -> bool:
    if public[0] != ES256:
        return signing.verify_many([(public, signature, message)])[0]
    if len(signature) > SIGNATURE_BYTES_MAX:
        return False
    try:
        # One encoding of a signature: DER, each number as short as it goes.
        if encode_dss_signature(*decode_dss_signature(signature)) != signature:
            return False
        _point(public).verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _point(public: bytes) -> ec.EllipticCurvePublicKey:
    if len(public) != 1 + POINT_BYTES:
        raise Malformed("key.length", "An officer's key on P-256 has 65 bytes, not {given}.", given=len(public))
    x, y = int.from_bytes(public[1:33], "big"), int.from_bytes(public[33:], "big")
    try:
        if max(x, y) >= _PRIME:
            raise ValueError("a coordinate is not reduced")
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except ValueError as error:
        raise Malformed("key.point", "The officer's key is no point of the curve P-256.") from error
