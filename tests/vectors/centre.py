"""A small centre for vectors, made from the spec alone: no line of the package is used, so that no mistake of the
package can write itself into its own examination. The same bytes come out every time.

Four members, a partner, a registrar: charter, introductions, acceptances, and a month of sealed entries.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from hmac import digest
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

MEMBERS, PARTNER = ("AA", "BB", "CC", "DD"), "PP"
PARTIES = (*MEMBERS, PARTNER)
SEALED, CHARTER, INTRODUCTION, ACCEPT = 0, 1, 3, 4
FIRST_MONTH = 548
CHARTER_TEXT = """\
id = "vectors"
rules = 1
exercise = true
languages = ["en"]
heartbeat_minutes = 15
name = {en = "A centre for vectors"}
disclaimers = [{en = "An exercise."}]
partners = [{code = "PP", name = {en = "Partner"}, purpose = {en = "To keep clear."}, exchanges = ["notice"]}]
seat = {place = {en = "Seat"}, position = {lat = 0, lon = 0}}
quotas = {bytes_per_day = 1000000000, entries_per_minute = 6000}
borders = {margin_km = 20}
support = [{id = "maps", on_territory = false, name = {en = "Maps"}},
  {id = "sensors", on_territory = false, name = {en = "Sensors"}}]
handling = [{code = "ALL", pass_on = "leave", disclose = "leave", name = {en = "For all"}}]
articles = [{number = 1, title = {en = "Peace"}, text = {en = "The members keep the peace."}}]
members = [{code = "AA", name = {en = "Alpha"}, zone = "Etc/UTC", capital = {en = "A"}, territory = "AAA"},
  {code = "BB", name = {en = "Beta"}, zone = "Etc/UTC", capital = {en = "B"}, territory = "BBB"},
  {code = "CC", name = {en = "Gamma"}, zone = "Etc/UTC", capital = {en = "C"}, territory = "CCC"},
  {code = "DD", name = {en = "Delta"}, zone = "Etc/UTC", capital = {en = "D"}, territory = "DDD"}]

[decisions]
quorum = {more_than = [1, 2]}
majority = {more_than = [1, 2]}
note = {en = "Shares."}

[rotation]
order = ["AA", "BB", "CC", "DD"]
term = {months = 3}
first_day = 2015-09-27
hour = 0
zone = "Etc/UTC"
grace_days = 7
note = {en = "By their codes."}
"""


def ms(text: str) -> int:
    """UTC milliseconds of ``2015-10-07 09:30``."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


def b64(data: bytes) -> str:
    """Padded base64."""
    return b64encode(data).decode()


def canonical(value: Any) -> bytes:
    """Canonical JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def c8(code: str) -> bytes:
    """A code as 8 bytes."""
    return code.encode().ljust(8, b"\0")


def unb64(text: str) -> bytes:
    """The bytes behind base64."""
    return b64decode(text)


def u(value: int, size: int) -> bytes:
    """A big-endian integer."""
    return value.to_bytes(size, "big")


def seeded(*names: object) -> bytes:
    """32 bytes that these names always give."""
    return sha256("/".join(map(str, names)).encode()).digest()


@lru_cache
def key(*names: str) -> Ed25519PrivateKey:
    """A signing key."""
    return Ed25519PrivateKey.from_private_bytes(seeded("key", *names))


def public(*names: str) -> bytes:
    """Its public half, with the suite byte."""
    return b"\x01" + key(*names).public_key().public_bytes_raw()


def leaf_hash(data: bytes) -> bytes:
    """Hash of a leaf."""
    return sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash of a node."""
    return sha256(b"\1" + left + right).digest()


def root(hashes: list[bytes]) -> bytes:
    """RFC 6962 root."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"").digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node(root(hashes[:split]), root(hashes[split:]))


def path(hashes: list[bytes], at: int) -> list[bytes]:
    """RFC 6962 inclusion path."""
    if len(hashes) < 2:
        return []
    split = 1 << (len(hashes) - 1).bit_length() - 1
    if at < split:
        return [*path(hashes[:split], at), root(hashes[split:])]
    return [*path(hashes[split:], at - split), root(hashes[:split])]


def consistency(hashes: list[bytes], old: int, whole: bool = True) -> list[bytes]:
    """RFC 6962 consistency proof."""
    if old == len(hashes):
        return [] if whole else [root(hashes)]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    if old <= split:
        return [*consistency(hashes[:split], old, whole), root(hashes[split:])]
    return [*consistency(hashes[split:], old - split, False), root(hashes[:split])]


def hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256."""
    extracted, made, block = digest(salt, secret, "sha256"), b"", b""
    while len(made) < length:
        block = digest(extracted, block + info + bytes([len(made) // 32 + 1]), "sha256")
        made += block
    return made[:length]


@lru_cache
def pair(centre: bytes, frm: str, to: str, month: int, desk: int) -> tuple[bytes, bytes]:
    """T and W."""
    seed = hkdf(centre, seeded("introduction", frm), b"tansiq/seed/v1\n" + c8(frm) + c8(to), 32)
    both = hkdf(centre, seed, b"tansiq/pair/v1\n" + c8(frm) + c8(to) + u(month, 2) + u(desk, 1), 64)
    return both[:32], both[32:]


@lru_cache
def tags(centre: bytes, frm: str, to: str) -> list[bytes]:
    """Leaf hashes of a pair's tag tree."""
    return [leaf_hash(t + sha256(w).digest()) for month in range(FIRST_MONTH, FIRST_MONTH + 64) for desk in range(32)
            for t, w in [pair(centre, frm, to, month, desk)]]


def slot(secret: tuple[bytes, bytes], number: int, body_hash: bytes, content_key: bytes) -> bytes:
    """A slot that names its holder."""
    named = u(number, 8) + body_hash
    mask = digest(secret[1], named, "sha256")
    return digest(secret[0], named, "sha256")[:16] + bytes(a ^ b for a, b in zip(content_key, mask, strict=True))


def month_of(instant: int) -> int:
    """Number of a month."""
    moment = datetime.fromtimestamp(instant / 1000, UTC)
    return (moment.year - 1970) * 12 + moment.month - 1


def padme(length: int) -> int:
    """Padmé."""
    exponent = length.bit_length() - 1
    step = 1 << max(exponent - exponent.bit_length(), 0)
    return -(-length // step) * step


def act(author: str, kind: str, release: tuple[str, ...], topic: str | None = None, **fields: Any) -> bytes:
    """An act's JSON; its own fields are what a test wants."""
    head = {"kind": kind, "version": 1, "author": author, "officer": f"{author}-releaser", "thread": None, "refers": [],
            "release": list(release), "topic": topic, "handling": "ALL", "precedence": "routine", "assertion": None}
    return canonical(head | fields)


@dataclass(frozen=True)
class Said:
    """One act as it lies in an envelope: its salt, its bytes, and the label that its author committed to."""

    salt: bytes
    data: bytes
    label: bytes

    @property
    def label_salt(self) -> bytes:
        """Salt of the label."""
        return sha256(b"tansiq/label-salt/v1\n" + self.salt).digest()

    @property
    def id(self) -> bytes:
        """Id of the act."""
        return sha256(b"tansiq/act/v1\n" + self.salt + self.data).digest()

    @property
    def leaf(self) -> bytes:
        """Leaf under the commitment."""
        return leaf_hash(sha256(b"tansiq/label/v1\n" + self.label_salt + self.label).digest() + self.id)


def said(data: bytes, desk: int, n: int = 0, **label: Any) -> Said:
    """Salt an act that lies on *desk*; *label* replaces what an honest label holds."""
    read = json.loads(data)
    honest = {"desk": desk, "kind": read["kind"], "topic": read["topic"]}
    return Said(seeded("salt", data, n), data, canonical(honest | label))


@dataclass
class Author:
    """Where an author stands."""

    number: int = 0
    last: bytes = bytes(32)


@dataclass
class Log:
    """A journal as it grows. ``copy`` branches it, as a registrar that lies would."""

    centre: bytes = bytes(32)
    leaves: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    authors: dict[str, Author] = field(default_factory=dict)
    acts: dict[int, list[Said]] = field(default_factory=dict)

    def copy(self, size: int) -> Log:
        """The first *size* entries, as a journal of its own."""
        made = Log(self.centre, self.leaves[:size], self.bodies[:size], [i for i in self.open if i < size])
        for leaf in made.leaves:
            code = leaf[54:62].rstrip(b"\0").decode()
            made.authors[code] = Author(int.from_bytes(leaf[94:102], "big"),
                                        sha256(b"tansiq/entry/v1\n" + leaf[48:-64]).digest())
        return made

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len(self.leaves)

    def hashes(self, size: int | None = None) -> list[bytes]:
        """Leaf hashes."""
        return [leaf_hash(leaf) for leaf in self.leaves[:size]]

    def add(self, author: str, kind: int, when: str, body: bytes, *, slots: bytes = b"", partners: bytes = b"\0",
            commitment: bytes = bytes(32), late_ms: int = 0) -> int:
        """Sign the next entry of an author and put it at the end; gives its index. *late_ms*: ordered so much later."""
        at, sent = self.authors.setdefault(author, Author()), ms(when)
        signed = b"".join((b"\x01", u(kind, 1), u(0, 4), c8(author), self.centre, u(at.number + 1, 8), at.last,
                           u(self.size, 8), root(self.hashes()), u(sent, 8), commitment, u(len(body), 4),
                           sha256(body).digest(), u(len(slots) // 48, 1), slots, partners))
        named = b"tansiq/entry/v1\n" + signed
        before = leaf_hash(self.leaves[self.open[-1]]) if self.open else bytes(32)
        leaf = u(self.size, 8) + u(sent + 100 + late_ms, 8) + before + signed + key(author, "sign").sign(named)
        at.number, at.last = at.number + 1, sha256(named).digest()
        self.leaves.append(leaf)
        self.bodies.append(body)
        if kind != SEALED:
            self.open.append(self.size - 1)
        return self.size - 1

    def named(self, author: str) -> int:
        """How many entries of an author name the partner openly."""
        return sum(1 for leaf in self.leaves if leaf[54:62] == c8(author) and leaf[251 + 48 * leaf[250]])

    def seal(self, author: str, when: str, desk: int, acts: list[Said], to: tuple[str, ...], *, junk: bool = False,
             late_ms: int = 0, again: bool = False) -> int:
        """Seal acts for *to*; *junk*: the body does not open under the key in the slots; *again*: the partner is named
        under the number that it was named by before."""
        number = self.authors.setdefault(author, Author()).number + 1
        content_key = seeded("content", author, number, self.size, desk)
        plain = u(len(acts), 2) + b"".join(a.salt + u(len(a.data), 4) + a.data for a in acts)
        size = padme(max(2_048, len(plain) + 16))
        aad = b"tansiq/body/v1\n" + self.centre + c8(author) + u(number, 8)
        sealing = seeded("other", number) if junk else content_key
        body = ChaCha20Poly1305(sealing).encrypt(bytes(12), plain.ljust(size - 16, b"\0"), aad)
        named, month = sha256(body).digest(), month_of(ms(when))

        def slot_of(code: str) -> bytes:
            if code in (*to, author):
                return slot(pair(self.centre, author, code, month, desk), number, named, content_key)
            return (seeded("decoy", author, number, code) + seeded("decoy", code, number, author))[:48]

        slots = b"".join(map(slot_of, MEMBERS))
        partners = b"\0"
        if PARTNER in (*to, author):
            partners = b"\1" + c8(PARTNER) + u(self.named(author) + (not again), 8) + slot_of(PARTNER)
        commitment = sha256(b"tansiq/commitment/v1\n" + u(len(acts), 2) + root([a.leaf for a in acts])).digest()
        index = self.add(author, SEALED, when, body, slots=slots, partners=partners, commitment=commitment,
                         late_ms=late_ms)
        self.acts[index] = acts
        return index

    def note(self, size: int, *, cosigners: tuple[str, ...] = ("AA", "BB", "CC"), when: str = "2015-12-01 00:00",
             version: int = 1, signer: tuple[str, str] = ("registrar", "1"), named_root: bytes | None = None) -> str:
        """A checkpoint with its signatures."""
        origin = f"tansiq/{self.centre.hex()}/{version}"
        text = f"{origin}\n{size}\n{b64(named_root or root(self.hashes(size)))}\n"
        lines = [line(origin, 1, public(*signer), key(*signer).sign(text.encode()))]
        for n, code in enumerate(cosigners):
            seconds = ms(when) // 1000 + n
            signature = key(code, "sign").sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
            name = f"tansiq/{self.centre.hex()}/{code}"
            lines.append(line(name, 4, public(code, "sign"), u(seconds, 8) + signature))
        return text + "\n" + "".join(lines)

    def placed(self, index: int, size: int) -> dict[str, Any]:
        """A leaf with its path."""
        return {"leaf": b64(self.leaves[index]), "path": [h.hex() for h in path(self.hashes(size), index)]}

    def ground(self, size: int, **given: Any) -> dict[str, Any]:
        """The fields of a file that rests on the checkpoint of a size."""
        return {"version": 1, "centre": self.centre.hex(), "checkpoint": self.note(size, **given),
                "tip": self.placed(size - 1, size)}


def line(name: str, kind: int, public_key: bytes, payload: bytes) -> str:
    """One line of signatures."""
    identity = sha256(name.encode() + b"\n" + bytes([kind]) + public_key[1:]).digest()[:4]
    return f"— {name} {b64(identity + payload)}\n"


def founded() -> Log:
    """The charter, and everybody introduced to everybody."""
    log = Log()
    keys = {code: {"state": b64(public(code, "state")), "sign": b64(public(code, "sign")),
                   "seal": b64(b"\x01" + bytes(1_152) + seeded("rho", code) + seeded("x25519",
                                                                                     code))} for code in PARTIES}
    doc = {"roster": 0, "charter": CHARTER_TEXT, "keys": keys, "registrar": b64(public("registrar", "1"))}
    message = b"tansiq/state/v1\n" + bytes(32) + bytes([CHARTER]) + sha256(canonical(doc)).digest()
    signatures = {code: b64(key(code, "state").sign(message)) for code in MEMBERS}
    log.add("AA", CHARTER, "2015-09-28 08:00", canonical({"doc": doc, "signatures": signatures}))
    log.centre = log.authors["AA"].last
    for code in PARTIES:
        others = [to for to in PARTIES if to != code]
        pairs = [{"to": to, "root": root(tags(log.centre, code, to)).hex(), "sealed": sealed(code,
                                                                                             to)} for to in others]
        body = {"first": FIRST_MONTH, "own": sealed(code, code), "pairs": pairs}
        log.add(code, INTRODUCTION, "2015-09-28 08:01", canonical(body))
    numbers = {code: log.authors[code].number for code in PARTIES}
    for code in PARTIES:
        named = [{"author": frm, "number": numbers[frm]} for frm in PARTIES if frm != code]
        log.add(code, ACCEPT, "2015-09-28 08:02", canonical({"introductions": named}))
    return log


def sealed(frm: str, to: str) -> str:
    """1,168 bytes where a sealed seed stands: no judge can open one."""
    return b64(b"".join(seeded("sealed", frm, to, n) for n in range(37))[:1_168])
