"""Vectors of officers' signatures, made from the spec's bytes alone."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN = "https://floor.example"
DATA = sha256(b"floor.example").digest() + b"\x05" + bytes(3) + b"\x01"
ACT = (b'{"assertion":null,"author":"IQ","handling":"ALL","kind":"consent","officer":"IQ-consenter","precedence":'
       b'"routine","refers":[],"release":["IQ","RU"],"thread":null,"topic":null,"version":1}')
SIGNED = ACT.replace(b"null", b'{"authenticator_data":"AA==","client_data":"AA==","credential":"AA==",'
                     b'"signature":"AA=="}', 1)
CHALLENGE = sha256(b"tansiq/officer/v1\n" + ACT).digest()
ED = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
EC = derive_private_key(0x1234567890ABCDEF, SECP256R1())
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _client(challenge: bytes = CHALLENGE, *, kind: str = "webauthn.get", origin: str = ORIGIN, end: str = "}",
            crossing: str = "false") -> bytes:
    asked = urlsafe_b64encode(challenge).rstrip(b"=").decode()
    return (f'{{"type":"{kind}","challenge":"{asked}","origin":"{origin}","crossOrigin":{crossing}{end}').encode()


def _public() -> tuple[bytes, bytes]:
    point = EC.public_key().public_numbers()
    return (b"\x01" + ED.public_key().public_bytes_raw(),
            b"\x02" + point.x.to_bytes(32, "big") + point.y.to_bytes(32, "big"))


def _der(*numbers: int, longer: bool = False) -> bytes:
    """A DER sequence of whole numbers; *longer*: each with a needless zero before it."""
    parts = []
    for number in numbers:
        body = number.to_bytes((number.bit_length() + 8) // 8, "big")
        body = b"\0" + body if longer else body
        parts.append(b"\x02" + bytes([len(body)]) + body)
    inside = b"".join(parts)
    return b"\x30" + bytes([len(inside)]) + inside


def _numbers(signature: bytes) -> tuple[int, int]:
    first = signature[3]
    return (int.from_bytes(signature[4:4 + first], "big"), int.from_bytes(signature[6 + first:], "big"))


def made(vector: Any) -> list[dict[str, Any]]:
    """Every scenario, as *vector* writes one."""
    ed_public, ec_public = _public()

    def proof(what: str, expected: str, *, data: bytes = DATA, client: bytes | None = None, both: bool = False,
              **changed: Any) -> list[dict[str, Any]]:
        seen = _client() if client is None else client
        message = data + sha256(seen).digest()
        signed = {"Ed25519": (ed_public, ED.sign(message)),
                  "P-256": (ec_public, EC.sign(message, ECDSA(SHA256(), deterministic_signing=True)))}
        return [vector(f"{what}, {name}", expected, op="assertion", **{
            "public": public, "challenge": CHALLENGE, "origin": ORIGIN, "authenticator_data": data,
            "client_data": seen, "signature": signature} | changed) for name, (public, signature) in signed.items()]

    good = EC.sign(DATA + sha256(_client()).digest(), ECDSA(SHA256(), deterministic_signing=True))
    r, s = _numbers(good)

    def ecdsa(what: str, expected: str, signature: bytes, public: bytes = ec_public) -> dict[str, Any]:
        return vector(what, expected, op="assertion", public=public, challenge=CHALLENGE, origin=ORIGIN,
                      authenticator_data=DATA, client_data=_client(), signature=signature)

    return [
        vector("what an officer signs", "ok", op="challenge", act=ACT, result=CHALLENGE),
        vector("the same act once it is signed", "ok", op="challenge", act=SIGNED, result=CHALLENGE),
        *proof("a signature that holds", "ok"),
        *proof("a client that adds a member", "ok", client=_client(end=',"more":1}')),
        *proof("a passkey that is backed up", "ok", data=DATA[:32] + b"\x1d" + DATA[33:]),
        *proof("extensions after the counter", "ok", data=DATA[:32] + b"\x85" + DATA[33:] + b"\xa0"),
        *proof("an answer to a registration", "untrusted", client=_client(kind="webauthn.create")),
        *proof("another challenge", "untrusted", client=_client(bytes(32))),
        *proof("another address", "untrusted", client=_client(origin="https://floor.example.evil.example")),
        *proof("inside a foreign frame", "untrusted", client=_client(crossing="true")),
        *proof("members in another order", "untrusted", client=_client().replace(b'"type":"webauthn.get",', b"")),
        *proof("client data that does not end", "untrusted", client=_client(end="")),
        *proof("another host", "untrusted", data=sha256(b"evil.example").digest() + DATA[32:]),
        *proof("nobody present", "untrusted", data=DATA[:32] + b"\x04" + DATA[33:]),
        *proof("nobody verified", "untrusted", data=DATA[:32] + b"\x01" + DATA[33:]),
        *proof("backed up and impossible to back up", "untrusted", data=DATA[:32] + b"\x15" + DATA[33:]),
        *proof("bytes after the counter without their flag", "untrusted", data=DATA + b"\xa0"),
        *proof("extensions by flag, and none there", "untrusted", data=DATA[:32] + b"\x85" + DATA[33:]),
        *proof("authenticator data cut short", "untrusted", data=DATA[:36]),
        *proof("an address without TLS", "malformed", origin="http://floor.example"),
        *proof("an address with a path", "malformed", origin=ORIGIN + "/"),
        *proof("a key of no known suite", "malformed", public=b"\x03" + ec_public[1:]),
        ecdsa("the other s, which is as good", "ok", _der(r, ORDER - s)),
        ecdsa("numbers with needless zeros", "untrusted", _der(r, s, longer=True)),
        ecdsa("r is zero", "untrusted", _der(0, s)),
        ecdsa("s beyond the order", "untrusted", _der(r, s + ORDER) if s + ORDER < 2**256 else _der(r, ORDER)),
        ecdsa("a byte after the signature", "untrusted", good + b"\0"),
        ecdsa("a point off the curve", "malformed", good, ec_public[:-1] + bytes([ec_public[-1] ^ 1])),
        ecdsa("a coordinate that is not reduced", "malformed", good, b"\x02" + b"\xff" * 32 + ec_public[33:]),
    ]
