"""The machine's own limits: the primitives alone, without Tansiq around them, in the same process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from pathlib import Path

import apsw
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair

ENTRY_BYTES = 480
_NONCE = bytes(12)


@dataclass(frozen=True, slots=True)
class Shape:
    """What one envelope costs: bytes of its sealed body, acts in it, and how many it is addressed to."""

    body_bytes: int
    acts: int
    readers: int


def rate(work: Callable[[], object], *, each: int = 1, seconds: float = 0.4) -> float:
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


def seal_sign(shape: Shape) -> float:
    """Envelopes a second: hash what is committed to, encrypt, wrap for each reader, sign."""
    _, secret = crypto_sign_seed_keypair(bytes(32))
    plain, entry, act = bytes(shape.body_bytes - 16), bytes(ENTRY_BYTES), bytes(shape.body_bytes // shape.acts)

    def one() -> None:
        for _ in range(shape.acts):
            sha256(act).digest()
            sha256(act[:150]).digest()
            sha256(act[:64]).digest()
        body = ChaCha20Poly1305(os.urandom(32)).encrypt(_NONCE, plain, b"")
        named = sha256(body).digest()
        for _ in range(shape.readers):
            digest(_NONCE, named, "sha256")
            digest(_NONCE, named, "sha256")
        crypto_sign(entry, secret)

    return rate(one)


def verify_commit(shape: Shape, group: int, directory: Path) -> float:
    """Envelopes a second: verify, hash body and leaf, and write them in groups, with an fsync a group."""
    public, secret = crypto_sign_seed_keypair(bytes(32))
    signed, body = crypto_sign(bytes(ENTRY_BYTES), secret), bytes(shape.body_bytes)
    name = directory / f"commit-{group}-{shape.body_bytes}.db"
    database = apsw.Connection(str(name))
    database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE entries (idx INTEGER PRIMARY KEY, id BLOB, leaf BLOB, body BLOB);"
                     "CREATE UNIQUE INDEX ids ON entries (id)")

    def one() -> None:
        rows = []
        for _ in range(group):
            crypto_sign_open(signed, public)
            sha256(body).digest()
            sha256(signed).digest()
            rows.append((None, os.urandom(32), signed, body))
        with database:
            database.executemany("INSERT INTO entries VALUES (?,?,?,?)", rows)

    try:
        return rate(one, each=group)
    finally:
        database.close()
        name.unlink()


def verify_hash(body_bytes: int) -> float:
    """Entries a second: verify a signature, hash the body and the leaf; nothing is written."""
    public, secret = crypto_sign_seed_keypair(bytes(32))
    signed, body = crypto_sign(bytes(ENTRY_BYTES), secret), bytes(body_bytes)

    def one() -> None:
        crypto_sign_open(signed, public)
        sha256(body).digest()
        sha256(signed).digest()

    return rate(one)


def together(*rates: float) -> float:
    """The rate of steps done one after another."""
    return 1 / sum(1 / given for given in rates)
