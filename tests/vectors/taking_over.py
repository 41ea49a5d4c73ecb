"""Vectors of promises and mandates; written from the spec, with this folder's own key and no code of the package."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Vector = dict[str, Any]
CENTRE = sha256(b"a centre for vectors").digest()
CODES = ("IQ", "IR", "RU", "SY")
ROOT = sha256(b"root of 412").digest()
NEW = b"\x01" + Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32).public_key().public_bytes_raw()


def _key(code: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(code.encode()).digest())


def _public(code: str) -> bytes:
    return b"\x01" + _key(code).public_key().public_bytes_raw()


def _note(code: str, *, version: object = 2, last: str = "", signer: str = "", heading: str = "tansiq-promise/v1",
          key: bytes = NEW) -> str:
    last = last or f"1 412 {b64encode(ROOT).decode()}"
    text = f"{heading}\n{CENTRE.hex()}\n{version}\n{b64encode(key).decode()}\n{last}\n"
    name, secret = f"tansiq/{CENTRE.hex()}/{code}", _key(signer or code)
    identity = sha256(name.encode() + b"\n\x01" + _public(code)[1:]).digest()[:4]
    return f"{text}\n— {name} {b64encode(identity + secret.sign(text.encode())).decode()}\n"


def made(vector: Callable[..., Vector]) -> list[Vector]:
    """Promises, and mandates of them for a roster of four; all stand under mandate 1, at a log of 412 entries."""
    def promise(what: str, expected: str, note: str) -> Vector:
        return vector(what, expected, op="promise", note=note, public=_public("IQ"), code="IQ")

    def mandate(what: str, expected: str, notes: list[str], **other: Any) -> Vector:
        doc = {"version": 2, "key": b64encode(NEW).decode(), "start": 412, "root": ROOT.hex(),
               "promises": notes} | other
        body = json.dumps(doc, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return vector(what, expected, op="mandate", body=body, roster={code: _public(code).hex() for code in CODES},
                      log={"version": 1, "size": 412, "root": ROOT.hex()})

    other = b64encode(sha256(b"another").digest()).decode()
    lower = f"1 400 {other}"
    three = [_note(code) for code in CODES[:3]]
    good = _note("IQ")
    return [
        promise("a promise", "ok", good), promise("signed by another", "untrusted", _note("IQ", signer="RU")),
        promise("altered", "untrusted", good.replace("1 412", "1 413")),
        promise("another heading", "malformed", _note("IQ", heading="tansiq-promise/v2")),
        promise("a version with a leading zero", "malformed", _note("IQ", version="02")),
        promise("a version not above the mandate named", "malformed", _note("IQ", version=1)),
        promise("a size of zero", "malformed", _note("IQ", last=f"1 0 {other}")),
        promise("a root of 31 bytes", "malformed", _note("IQ", last=f"1 412 {b64encode(ROOT[:31]).decode()}")),
        promise("a key of an unknown suite", "malformed", _note("IQ", key=b"\x02" + NEW[1:])),
        promise("a line too many", "malformed", _note("IQ", last=f"1 412 {other}\nmore")),
        promise("two signatures", "malformed", good + good.split("\n\n")[1]),
        mandate("three of four", "ok", three), mandate("all four", "ok", [_note(code) for code in CODES]),
        mandate("two of four", "refused", three[:2]), mandate("one of them twice", "refused", [three[0], *three[:2]]),
        mandate("not ascending", "refused", [three[1], three[0], three[2]]),
        mandate("one by no member", "refused", [*three[:2], _note("XX")]),
        mandate("one for another key", "refused", [*three[:2], _note("RU", key=_public("SY"))]),
        mandate("one for another version", "refused", [*three[:2], _note("RU", version=3)]),
        mandate("one signed by another", "untrusted", [*three[:2], _note("RU", signer="SY")]),
        mandate("one names a smaller checkpoint of another journal", "refused", [*three[:2], _note("RU", last=lower)]),
        mandate("another start than the greatest named", "refused", three, start=411),
        mandate("another root than the greatest named", "refused", three, root=sha256(b"x").hexdigest()),
        mandate("a version not above the one in force", "malformed", three, version=1),
        mandate("no promise", "malformed", []), mandate("33 promises", "malformed", three * 11),
        mandate("an unknown field", "malformed", three, more=1),
    ]
