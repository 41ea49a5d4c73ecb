"""Write the vectors: ``python -m tests.vectors.make``.

Everything is computed here from the spec with other libraries than the package uses where there are any, so that a
mistake in the package cannot write itself into its own examination.
"""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256, sha512
from hmac import digest
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import crypto_scalarmult_ed25519_base_noclamp as times_base

from tests.vectors import passkeys, taking_over

FOLDER = Path(__file__).parent
L = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19
RFC_8032 = (
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", ""),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "af82"),
)
RFC_8032_SIGNATURES = (
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655"
    "141438e7a100b",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d"
    "291612bb0c00",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc02"
    "7beceea1ec40a",
)
CENTRE = sha256(b"a centre for vectors").digest()
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = b"\x01" + KEY.public_key().public_bytes_raw()
Vector = dict[str, Any]


def vector(what: str, expected: str, **given: Any) -> Vector:
    """One scenario; bytes become hex."""
    shown = {name: value.hex() if isinstance(value, bytes) else value for name, value in given.items()}
    return {"what": what, "given": shown, "expected": expected}


def _signed(what: str, expected: str, public: bytes, signature: bytes, message: bytes = b"m") -> Vector:
    return vector(what, expected, op="signature", public=public, signature=signature, message=message)


def _scalar(seed: bytes) -> int:
    clamped = bytearray(sha512(seed).digest()[:32])
    clamped[0] &= 248
    clamped[31] = clamped[31] & 63 | 64
    return int.from_bytes(clamped, "little")


def _bound(r: bytes, public: bytes, message: bytes = b"m") -> int:
    return int.from_bytes(sha512(r + public[1:] + message).digest(), "little") % L


def ed25519() -> list[Vector]:
    """The strict rule: RFC 8032's own examples, then what libraries disagree about."""
    made = []
    for (seed, message), signature in zip(RFC_8032, RFC_8032_SIGNATURES, strict=True):
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
        assert key.sign(bytes.fromhex(message)).hex() == signature
        made.append(_signed("RFC 8032, section 7.1", "ok", b"\x01" + key.public_key().public_bytes_raw(),
                            bytes.fromhex(signature), bytes.fromhex(message)))
    good = KEY.sign(b"m")
    high = good[:32] + (int.from_bytes(good[32:], "little") + L).to_bytes(32, "little")
    identity, odd_identity = (1).to_bytes(32, "little"), (P + 1).to_bytes(32, "little")
    free = times_base((7).to_bytes(32, "little")) + (7).to_bytes(32, "little")
    secret = _scalar(bytes(range(32)))

    def with_r(r: bytes) -> bytes:
        return r + (_bound(r, PUBLIC) * secret % L).to_bytes(32, "little")

    return [*made, _signed("a signature of this file's key", "ok", PUBLIC, good),
            _signed("S + L: the same equation holds", "untrusted", PUBLIC, high),
            _signed("A of small order: the equation holds for every message", "untrusted", b"\x01" + identity, free),
            _signed("A not canonical", "untrusted", b"\x01" + odd_identity, free),
            _signed("R of small order: the equation holds", "untrusted", PUBLIC, with_r(identity)),
            _signed("R not canonical", "untrusted", PUBLIC, with_r(odd_identity)),
            _signed("another message", "untrusted", PUBLIC, good, b"n"),
            _signed("unknown suite", "malformed", b"\x02" + PUBLIC[1:], good),
            _signed("a key of 32 bytes", "malformed", PUBLIC[1:], good),
            _signed("a signature of 63 bytes", "malformed", PUBLIC, good[:63])]


def c8(code: str) -> bytes:
    """A code as 8 bytes."""
    return code.encode().ljust(8, b"\0")


def _hkdf(secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, CENTRE, info).derive(secret)


def pairs() -> list[Vector]:
    """From an introduction secret to a slot."""
    secret, key, body_hash = bytes(range(32)), bytes(range(100, 132)), sha256(b"body").digest()
    month, desk, number = 549, 3, 412
    seed = _hkdf(secret, b"tansiq/seed/v1\n" + c8("IQ") + c8("RU"), 32)
    both = _hkdf(seed, b"tansiq/pair/v1\n" + c8("IQ") + c8("RU") + month.to_bytes(2, "big") + bytes([desk]), 64)
    x = number.to_bytes(8, "big") + body_hash
    mask = digest(both[32:], x, "sha256")
    wrapped = bytes(a ^ b for a, b in zip(key, mask, strict=True))
    slot = digest(both[:32], x, "sha256")[:16] + wrapped
    pair = {"centre": CENTRE, "seed": seed, "from": "IQ", "to": "RU", "month": month, "desk": desk}
    held = {"tag": both[:32], "wrap": both[32:], "number": number, "body_hash": body_hash}
    return [
        vector("seed of IQ for RU", "ok", op="seed", centre=CENTRE, secret=secret, author="IQ", to="RU", result=seed),
        vector("T and W of October 2015, desk 3", "ok", op="pair", **pair, result=both),
        vector("desk 32 is none", "malformed", op="pair", **{**pair, "desk": 32}, result=both),
        vector("a lower-case code", "malformed", op="pair", **{**pair, "to": "ru"}, result=both),
        vector("a secret of 31 bytes", "malformed", op="pair", **{**pair, "seed": seed[:31]}, result=both),
        vector("a slot", "ok", op="slot", **held, key=key, slot=slot),
        vector("a slot for another", "untrusted", op="slot", **held, key=key, slot=bytes([slot[0] ^ 1]) + slot[1:]),
        vector("a slot of another number", "untrusted", op="slot", **{**held, "number": 413}, key=key, slot=slot),
        vector("a slot of 47 bytes", "malformed", op="slot", **held, key=key, slot=slot[:47]),
    ]


def leaf(data: bytes) -> bytes:
    """Leaf hash."""
    return sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Node hash."""
    return sha256(b"\1" + left + right).digest()


def tree() -> list[Vector]:
    """Hashes and paths in a tree of five leaves."""
    a, b, c, d, e = (leaf(bytes([n])) for n in range(5))
    left = node(node(a, b), node(c, d))
    root = node(left, e)
    path = [d.hex(), node(a, b).hex(), e.hex()]

    def included(what: str, expected: str, **other: Any) -> Vector:
        given = {"leaf": c, "index": 2, "size": 5, "path": path, "root": root}
        return vector(what, expected, op="inclusion", **{**given, **other})

    def grown(what: str, expected: str, **other: Any) -> Vector:
        given = {"old_size": 3, "old_root": node(node(a, b), c), "new_size": 5, "new_root": root,
                 "path": [c.hex(), d.hex(), node(a, b).hex(), e.hex()]}
        return vector(what, expected, op="consistency", **{**given, **other})

    return [vector("leaf hash of nothing", "ok", op="leaf", data=b"", result=leaf(b"")),
            vector("node hash", "ok", op="node", left=a, right=b, result=node(a, b)),
            vector("root of no leaves", "ok", op="root", leaves=[], result=sha256(b"").digest()),
            vector("root of five leaves", "ok", op="root", leaves=[h.hex() for h in (a, b, c, d, e)], result=root),
            included("third of five", "ok"), included("last of five", "ok", leaf=e, index=4, path=[left.hex()]),
            included("another leaf", "untrusted", leaf=d), included("another index", "untrusted", index=3),
            included("index beyond the tree", "untrusted", index=5),
            included("a step too few", "untrusted", path=path[:-1]),
            included("a step too many", "untrusted", path=[*path, a.hex()]),
            included("another root", "untrusted", root=left),
            grown("five begin with three", "ok"), grown("another old root", "untrusted", old_root=a),
            grown("another new root", "untrusted", new_root=left), grown("no path", "untrusted", path=[]),
            grown("a shrunken tree", "untrusted", new_size=2)]


def _line(name: str, kind: int, payload: bytes) -> str:
    identity = sha256(name.encode() + b"\n" + bytes([kind]) + PUBLIC[1:]).digest()[:4]
    return f"— {name} {b64encode(identity + payload).decode()}\n"


def notes() -> list[Vector]:
    """Signed notes, checkpoints and cosignatures."""
    origin, cosigner = f"tansiq/{CENTRE.hex()}/1", f"tansiq/{CENTRE.hex()}/IQ"
    text = f"{origin}\n5\n{b64encode(sha256(b'root').digest()).decode()}\n"
    line = _line(origin, 1, KEY.sign(text.encode()))
    note = text + "\n" + line
    when = 1_444_210_200
    payload = when.to_bytes(8, "big") + KEY.sign(f"cosignature/v1\ntime {when}\n{text}".encode())

    def noted(what: str, expected: str, given: str, name: str = origin) -> Vector:
        return vector(what, expected, op="checkpoint", note=given, name=name, public=PUBLIC)

    def cosigned(what: str, expected: str, blob: bytes, kind: int = 4) -> Vector:
        return vector(what, expected, op="cosignature", note=note + _line(cosigner, kind, blob), name=cosigner,
                      public=PUBLIC, time_s=when)

    return [noted("a checkpoint", "ok", note), noted("of another origin", "untrusted", note, origin[:-1] + "2"),
            noted("another size", "untrusted", note.replace("\n5\n", "\n6\n")),
            noted("size with a leading zero", "malformed", note.replace("\n5\n", "\n05\n")),
            noted("an extension line", "malformed", text + "more\n\n" + _line(origin, 1, KEY.sign(
                f"{text}more\n".encode()))),
            noted("no signature", "malformed", text + "\n"),
            noted("a hyphen for the dash", "malformed", note.replace("—", "-")),
            noted("no line break at the end", "malformed", note[:-1]),
            noted("65 signatures", "malformed", text + "\n" + line * 65),
            noted("above 16 KiB", "malformed", "x" * 16_384 + "\n\n" + line),
            cosigned("a cosignature", "ok", payload),
            cosigned("of another time", "untrusted", (when + 1).to_bytes(8, "big") + payload[8:]),
            cosigned("with the type of a plain signature", "untrusted", payload, 1),
            cosigned("without its time", "untrusted", payload[8:])]


def _written(value: Any) -> bytes:
    """JSON in its one form."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def heads() -> list[Vector]:
    """Heads of acts whose kind no program knows: each with its label on desk 3, or malformed."""
    head = {"assertion": None, "author": "IQ", "handling": "ALL", "kind": "trial/song", "officer": "officer",
            "precedence": "routine", "refers": [], "release": ["IQ", "RU"], "thread": None, "topic": None,
            "tune": [5, 3, 1], "version": 1}

    def told(what: str, expected: str, **other: Any) -> Vector:
        given = {name: value for name, value in {**head, **other}.items() if value != "absent"}
        label = {"desk": 3, "kind": given.get("kind"), "topic": given.get("topic")}
        return vector(what, expected, op="head", data=_written(given), desk=3, label=_written(label))

    spoilt = {"a blank": b'"kind": "', "a key twice": b'"author":"IQ","author":"', "not UTF-8": b'"kind":"\xff'}
    before = {"a blank": b'"kind":"', "a key twice": b'"author":"', "not UTF-8": b'"kind":"'}
    good = told("an unknown kind", "ok")
    bent = [vector(what, "malformed", op="head", data=_written(head).replace(before[what], given), desk=3, label=b"")
            for what, given in spoilt.items()]
    return [good, told("a topic", "ok", topic="water"), told("fields of its own, nested", "ok", tune={"a": {"b": [1]}}),
            told("a later version", "ok", version=7), told("an answer", "ok", thread="ab" * 32, refers=["ab" * 32]),
            *bent, told("no topic", "malformed", topic="absent"), told("no version", "malformed", version="absent"),
            told("a version in text", "malformed", version="1"), told("a number for a kind", "malformed", kind=3),
            told("a precedence that is none", "malformed", precedence="urgent"),
            told("a release out of order", "malformed", release=["RU", "IQ"]),
            told("a release without its author", "malformed", release=["RU", "SY"]),
            told("a thread that is no id", "malformed", thread="AB" * 32),
            told("a topic of 41 characters", "malformed", topic="x" * 41),
            told("a kind of 41 characters", "malformed", kind="x" * 41),
            told("a float in a field of its own", "malformed", tune=1.5),
            told("a number beyond 2^53-1", "malformed", tune=2**53),
            told("a key that is not ASCII", "malformed", tune={"\u0644\u062d\u0646": 1})]


def acts() -> list[Vector]:
    """Act ids, labels, commitments, Padmé and plain bodies."""
    salts, data = (bytes([1] * 32), bytes([2] * 32)), (b'{"a":1}', b'{"b":2}')
    label = b'{"desk":3,"kind":"report","topic":null}'
    ids = [sha256(b"tansiq/act/v1\n" + s + d).digest() for s, d in zip(salts, data, strict=True)]
    label_salts = [sha256(b"tansiq/label-salt/v1\n" + s).digest() for s in salts]
    labels = [sha256(b"tansiq/label/v1\n" + s + label).digest() for s in label_salts]
    leaves = [leaf(h + i) for h, i in zip(labels, ids, strict=True)]
    commitment = sha256(b"tansiq/commitment/v1\n\x00\x02" + node(*leaves)).digest()
    inner = b"\x00\x02" + b"".join(s + len(d).to_bytes(4, "big") + d for s, d in zip(salts, data, strict=True))
    plain = inner.ljust(2_032, b"\0")
    sizes = {1: 1, 9: 10, 2_048: 2_048, 2_049: 2_176, 2_177: 2_304, 4_097: 4_352, 60_054: 61_440, 65_535: 65_536}
    return [vector("an act's id", "ok", op="act_id", salt=salts[0], data=data[0], result=ids[0]),
            vector("a label's salt", "ok", op="label_salt", salt=salts[0], result=label_salts[0]),
            vector("a label's hash", "ok", op="label_hash", salt=label_salts[0], label=label, result=labels[0]),
            vector("commitment to two acts", "ok", op="commitment", salts=[s.hex() for s in salts],
                   acts=[d.hex() for d in data], label=label, result=commitment),
            *(vector(f"Padmé of {size}", "ok", op="padme", length=size, result=due) for size, due in sizes.items()),
            vector("a plain body of two acts", "ok", op="plain", data=plain),
            vector("no act", "malformed", op="plain", data=b"\0\0" + plain[2:]),
            vector("padding that is not zeros", "malformed", op="plain", data=plain[:-1] + b"\1"),
            vector("padded a step too far", "malformed", op="plain", data=plain + bytes(128)),
            vector("more acts named than are there", "malformed", op="plain", data=b"\xff\xff" + plain[2:]),
            vector("one byte", "malformed", op="plain", data=b"\0")]


def _entry(*, kind: int = 0, author: bytes = c8("IQ"), count: int = 2, slots: bytes = bytes([9] * 96),
           partners: bytes = b"\0", form: int = 1, size: int = 2_048, commitment: bytes = bytes([5] * 32)) -> bytes:
    return b"".join((bytes([form, kind]), bytes(4), author, CENTRE, (7).to_bytes(8, "big"), bytes([3] * 32),
                     (41).to_bytes(8, "big"), bytes([4] * 32), (1_444_210_200_000).to_bytes(8, "big"), commitment,
                     size.to_bytes(4, "big"), bytes([6] * 32), bytes([count]), slots, partners))


def entries() -> list[Vector]:
    """Entries to the byte; ``id`` is the entry id that a good one has."""
    def entry(what: str, expected: str, signed: bytes, after: bytes = b"") -> Vector:
        domain = b"tansiq/entry/v1\n" + signed
        return vector(what, expected, op="entry", data=signed + KEY.sign(domain) + after, public=PUBLIC,
                      id=sha256(domain).digest())

    def partner(code: str) -> bytes:
        return c8(code) + (1).to_bytes(8, "big") + bytes([8] * 48)

    nothing: dict[str, Any] = {"count": 0, "slots": b"", "commitment": bytes(32)}
    forged = entry("signed by another", "untrusted", _entry())
    forged["given"]["data"] = forged["given"]["data"][:-128] + RFC_8032_SIGNATURES[0]
    return [entry("a sealed entry of two slots", "ok", _entry()),
            entry("an open entry", "ok", _entry(kind=4, size=80, **nothing)),
            entry("two partners", "ok", _entry(partners=b"\2" + partner("P1") + partner("P2"))), forged,
            entry("a trailing byte", "malformed", _entry(), b"\0"),
            entry("three slots named, two there", "malformed", _entry(count=3)),
            entry("sealed without slots", "malformed", _entry(count=0, slots=b"")),
            entry("open with slots", "malformed", _entry(kind=4, size=80, commitment=bytes(32))),
            entry("open with a commitment", "malformed", _entry(kind=4, size=80, count=0, slots=b"")),
            entry("33 slots", "malformed", _entry(count=33, slots=bytes(33 * 48))),
            entry("format 2", "malformed", _entry(form=2)),
            entry("kind 8", "malformed", _entry(kind=8, size=80, **nothing)),
            entry("code padded with blanks", "malformed", _entry(author=b"IQ      ")),
            entry("code with a NUL inside", "malformed", _entry(author=b"I\0Q\0\0\0\0\0")),
            entry("partners not ascending", "malformed", _entry(partners=b"\2" + partner("P2") + partner("P1"))),
            entry("one partner twice", "malformed", _entry(partners=b"\2" + partner("P1") * 2)),
            entry("five partners", "malformed", _entry(partners=b"\5" + b"".join(partner(f"P{n}") for n in range(5)))),
            entry("a body under 2 KiB", "malformed", _entry(size=2_047)),
            entry("a body over 64 KiB", "malformed", _entry(size=65_537)),
            vector("nothing", "malformed", op="entry", data=b"", public=PUBLIC, id=b"")]


def canonical() -> list[Vector]:
    """Canonical JSON; ``label`` is an object of desk (integer), kind (text) and topic (text or null)."""
    def text(what: str, expected: str, data: bytes, as_: str = "any") -> Vector:
        return vector(what, expected, op="json", data=data, read_as=as_)

    label = b'{"desk":%s,"kind":"report","topic":%s}'
    return [text("a label", "ok", label % (b"3", b"null"), "label"),
            text("Arabic as itself", "ok", '"تنسيق"'.encode()), text("short escapes", "ok", rb'"\"\\\b\t\n\f\r\u0001"'),
            text("depth 16", "ok", b"[" * 16 + b"]" * 16), text("2^53-1", "ok", b"9007199254740991"),
            text("-(2^53-1)", "ok", b"-9007199254740991"),
            text("digits inside a text", "ok", b'"9007199254740993"'),
            text("brackets inside a text", "ok", b'"' + b"[" * 40 + b'"'),
            text("keys not sorted", "malformed", b'{"kind":"report","desk":3,"topic":null}', "label"),
            text("a key twice", "malformed", b'{"desk":3,"desk":3,"kind":"report","topic":null}', "label"),
            text("a key missing", "malformed", b'{"desk":3,"kind":"report"}', "label"),
            text("an unknown key", "malformed", b'{"desk":3,"kind":"report","more":1,"topic":null}', "label"),
            text("a blank", "malformed", b'{"desk": 3,"kind":"report","topic":null}', "label"),
            text("a line break at the end", "malformed", label % (b"3", b"null") + b"\n", "label"),
            text("a byte order mark", "malformed", b"\xef\xbb\xbf" + label % (b"3", b"null"), "label"),
            text("a float", "malformed", label % (b"3.5", b"null"), "label"),
            text("3.0 for 3", "malformed", label % (b"3.0", b"null"), "label"),
            text("3e0 for 3", "malformed", label % (b"3e0", b"null"), "label"),
            text("minus zero", "malformed", label % (b"-0", b"null"), "label"),
            text("NaN", "malformed", label % (b"NaN", b"null"), "label"),
            text("NUL as an escape", "malformed", rb'"a\u0000"'), text("NUL itself", "malformed", b'"a\0"'),
            text("a lone surrogate", "malformed", rb'"\ud800"'),
            text("a surrogate in UTF-8", "malformed", b'"\xed\xa0\x80"'),
            text("not UTF-8", "malformed", b'"\xff"'), text("not NFC", "malformed", '"e\u0301"'.encode()),
            text("a letter as an escape", "malformed", rb'"\u0061"'), text("an escaped solidus", "malformed", rb'"\/"'),
            text("an upper-case escape", "malformed", rb'"\u001F"'),
            text("depth 17", "malformed", b"[" * 17 + b"]" * 17), text("2^53", "malformed", b"9007199254740992"),
            text("-(2^53)", "malformed", b"-9007199254740992"), text("nothing", "malformed", b""),
            text("two values", "malformed", b"1 2")]


FILES = {"ed25519": ed25519, "pairs": pairs, "tree": tree, "notes": notes, "acts": acts, "entries": entries,
         "json": canonical, "heads": heads,
         "mandates": lambda: taking_over.made(vector), "officers": lambda: passkeys.made(vector)}


def text_of(name: str) -> str:
    """The file of *name* as it is written: one vector a line."""
    lines = [json.dumps(made, ensure_ascii=False, sort_keys=True) for made in FILES[name]()]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def main() -> None:
    """Write every file."""
    for name in FILES:
        (FOLDER / f"{name}.json").write_text(text_of(name), "utf-8")


if __name__ == "__main__":
    main()
