"""The machine's own limits: the primitives alone, without Tansiq around them, in the same process.

A step is a function that does a fixed piece of work; rates come from doing it again and again, and what is compared
is done in turns, so that whatever else the machine does meets both alike.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from pathlib import Path

import apsw
import msgspec
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair

ENTRY_BYTES = 480
_NONCE = bytes(12)
Step = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Shape:
    """What one envelope costs: bytes of its sealed body, acts in it, and how many it is addressed to."""

    body_bytes: int
    acts: int
    readers: int


def rate(work: Step, *, each: int = 1, seconds: float = 0.4) -> float:
    """How many a second *work* does, *each* at a call."""
    work()
    began, done = time.perf_counter(), 0
    while (spent := time.perf_counter() - began) < seconds:
        work()
        done += each
    return done / spent


def fsync_s(directory: Path) -> float:
    """Median seconds of an fsync after 4 KiB, at the end of a file."""
    spent = []
    with (directory / "fsync").open("wb") as file:
        for _ in range(200):
            file.write(bytes(4_096))
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            spent.append(time.perf_counter() - began)
    return sorted(spent)[100]


def sealing(shape: Shape) -> Step:
    """One envelope at its author: hash what is committed to, encrypt, wrap for each reader, sign."""
    _, secret = crypto_sign_seed_keypair(bytes(32))
    plain, entry, act = bytes(shape.body_bytes - 16), bytes(ENTRY_BYTES), bytes(shape.body_bytes // shape.acts)
    short = [bytes(size) for size in (53, 90, 65, 65)]

    def one() -> None:
        for _ in range(shape.acts):  # id, label's salt, label, leaf, and a node of the tree over the leaves
            sha256(act).digest()
            for part in short:
                sha256(part).digest()
        body = ChaCha20Poly1305(os.urandom(32)).encrypt(_NONCE, plain, b"")
        named = sha256(body).digest()
        for _ in range(shape.readers):
            digest(_NONCE, named, "sha256")
            digest(_NONCE, named, "sha256")
        crypto_sign(entry, secret)

    return one


def writing(items: Sequence[Mapping[str, object]], type_: type[msgspec.Struct]) -> Step:
    """Acts at their author, by the library alone: the fields that are given become a typed value and sorted JSON."""
    write = msgspec.json.Encoder(order="sorted").encode

    def one() -> None:
        for fields in items:
            write(msgspec.convert(fields, type_))

    return one


def verifying(body_bytes: int) -> Step:
    """One entry at whoever checks it: verify the signature, hash the body and the leaf."""
    public, secret = crypto_sign_seed_keypair(bytes(32))
    signed, body = crypto_sign(bytes(ENTRY_BYTES), secret), bytes(body_bytes)

    def one() -> None:
        crypto_sign_open(signed, public)
        sha256(body).digest()
        sha256(signed).digest()

    return one


@contextmanager
def committing(shape: Shape, group: int, directory: Path) -> Iterator[Step]:
    """A group of entries written in one transaction, with one fsync."""
    signed, body = bytes(ENTRY_BYTES + 64), bytes(shape.body_bytes)
    name = directory / f"commit-{os.urandom(4).hex()}.db"
    database = apsw.Connection(str(name))
    database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE entries (idx INTEGER PRIMARY KEY, id BLOB, leaf BLOB, body BLOB);"
                     "CREATE UNIQUE INDEX ids ON entries (id)")

    def one() -> None:
        rows = [(None, os.urandom(32), signed, body) for _ in range(group)]
        with database:
            database.executemany("INSERT INTO entries VALUES (?,?,?,?)", rows)

    try:
        yield one
    finally:
        database.close()
        name.unlink()


def times(count: int, *steps: Step) -> Step:
    """Each of the steps *count* times, one after another."""
    def all_of_them() -> None:
        for step in steps:
            for _ in range(count):
                step()

    return all_of_them


def after(*steps: Step) -> Step:
    """One step after another."""
    return times(1, *steps)


def seal_sign(shape: Shape) -> float:
    """Envelopes a second that an author can seal and sign."""
    return rate(sealing(shape))


def verify_commit(shape: Shape, group: int, directory: Path) -> float:
    """Envelopes a second: verify, hash body and leaf, and write them in groups, with an fsync a group."""
    with committing(shape, group, directory) as commit:
        return rate(after(times(group, verifying(shape.body_bytes)), commit), each=group)


def verify_hash(body_bytes: int) -> float:
    """Entries a second: verify a signature, hash the body and the leaf; nothing is written."""
    return rate(verifying(body_bytes))


@dataclass(frozen=True, slots=True)
class Compared:
    """Rates of work and of what it is compared with, from turns: overall, of the best turn, and the ratio of each.

    ``ratios`` are the medians over the turns: each turn is compared with its own neighbours.
    """

    value: float
    best: float
    limits: dict[str, float]
    ratios: dict[str, float]


def compare(work: Step, limits: dict[str, Step], *, each: int, turns: int = 16, turn_s: float = 0.15) -> Compared:
    """Do *work* and each of *limits* in turns of about *turn_s* seconds; *each* is how many one call does."""
    rates: dict[str, list[tuple[int, float]]] = {name: [] for name in ("", *limits)}
    for turn in range(turns + 1):
        for name, step in (("", work), *limits.items()):
            began, done = time.perf_counter(), 0
            while (spent := time.perf_counter() - began) < turn_s:
                step()
                done += each
            if turn:  # the first turn warms up
                rates[name].append((done, spent))
    overall = {name: sum(n for n, _ in given) / sum(s for _, s in given) for name, given in rates.items()}
    ratios = {name: sorted(a / b / (c / d) for (a, b), (c, d) in zip(rates[""], rates[name], strict=True))[turns // 2]
              for name in limits}
    return Compared(overall.pop(""), max(n / s for n, s in rates[""]), overall, ratios)
