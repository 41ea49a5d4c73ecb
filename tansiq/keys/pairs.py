"""What two members share: a seed, and from it a tag and a wrap secret a month and desk (spec: ``docs/spec/keys.md``).

HKDF is RFC 5869 with SHA-256. The tag tree lets its owner later show one month and desk of a
pair, and nothing of any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from hmac import digest
from typing import NamedTuple

from tansiq.errors import Malformed, Untrusted
from tansiq.wire import code_bytes

SECRET_BYTES = 32
MONTHS = 64
DESKS = 32
TAG_PATH_LENGTH = 11
MONTH_MAX = 0xFFFF
_SEED = b"tansiq/seed/v1\n"
_PAIR = b"tansiq/pair/v1\n"
_ALGORITHM = "sha256"


class PairSecret(NamedTuple):
    """The secrets of one author, one addressee, one month and one desk: derive once, keep in memory, never log."""

    tag: bytes
    """T, 32 bytes: finds the slots that are addressed."""
    wrap: bytes
    """W, 32 bytes: opens them."""

    def __repr__(self) -> str:
        """Name the type and show no secret."""
        return "PairSecret(…)"


def derive_seed(centre: bytes, secret: bytes, author: str, to: str) -> bytes:
    """Derive the 32-byte seed of the pair *author* → *to* from the author's introduction secret.

    Raises:
        Malformed: the centre or the secret is not 32 bytes, or a code is none.
    """
    _require(centre, secret)
    extracted = digest(centre, secret, _ALGORITHM)
    return digest(extracted, _SEED + code_bytes(author) + code_bytes(to) + b"\x01", _ALGORITHM)


def pair_secret(centre: bytes, seed: bytes, *, frm: str, to: str, month: int, desk: int) -> PairSecret:
    """Derive T and W of the pair *frm* → *to* for a numbered *month* and a *desk* (0-31).

    Raises:
        Malformed: a length, a code, the month or the desk is out of bounds.
    """
    _require(centre, seed)
    if not 0 <= month <= MONTH_MAX or not 0 <= desk < DESKS:
        raise Malformed("pair.place", "There is no month {month} with a desk {desk}.", month=month, desk=desk)
    return _expand(digest(centre, seed, _ALGORITHM), _PAIR + code_bytes(frm) + code_bytes(to), month, desk)


class TagTree:
    """The Merkle tree over all (T, H(W)) of one introduction's pair: 64 months from *first*, 32 desks each.

    Building it takes about 10 ms. Its root stands in the introduction; a path with T and H(W)
    shows that a tag secret is the one that was introduced.

    Raises:
        Malformed: a length or a code is wrong, or the 64 months do not fit.
    """

    __slots__ = ("_levels", "first")

    def __init__(self, centre: bytes, seed: bytes, frm: str, to: str, first: int) -> None:
        _require(centre, seed)
        if not 0 <= first <= MONTH_MAX - MONTHS + 1:
            raise Malformed("introduction.first", "An introduction cannot begin with month {month}.", month=first)
        self.first = first
        extracted, named = digest(centre, seed, _ALGORITHM), _PAIR + code_bytes(frm) + code_bytes(to)
        level = [_leaf(secret.tag, sha256(secret.wrap).digest()) for month in range(first, first + MONTHS)
                 for secret in (_expand(extracted, named, month, desk) for desk in range(DESKS))]
        self._levels = [level]
        while len(level) > 1:
            level = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level), 2)]
            self._levels.append(level)

    @property
    def root(self) -> bytes:
        """Root of the tree, 32 bytes."""
        return self._levels[-1][0]

    def leaf(self, month: int, desk: int) -> bytes:
        """Hash of the leaf of *month* and *desk*."""
        return self._levels[0][_leaf_number(self.first, month, desk)]

    def path(self, month: int, desk: int) -> list[bytes]:
        """Inclusion path of the leaf of *month* and *desk*: 11 hashes, lowest first."""
        number = _leaf_number(self.first, month, desk)
        return [level[(number >> height) ^ 1] for height, level in enumerate(self._levels[:-1])]


class TagPlace(NamedTuple):
    """Where a tag secret stands: the introduction's root and first month, the month and desk asked about."""

    root: bytes
    first: int
    month: int
    desk: int


def verify_tag_path(place: TagPlace, path: Sequence[bytes], *, tag: bytes, wrap_hash: bytes) -> None:
    """Require that the tag secret *tag*, with H(W), is the one introduced for that month and desk.

    Raises:
        Malformed: the path is not 11 hashes, a hash is not 32 bytes, or the month or desk lies outside.
        Untrusted: the path does not lead to the introduction's root.
    """
    if len(path) != TAG_PATH_LENGTH or any(len(value) != 32 for value in (*path, tag, wrap_hash, place.root)):
        raise Malformed("introduction.path.length", "The path of a tag secret has 11 hashes of 32 bytes.")
    number, here = _leaf_number(place.first, place.month, place.desk), _leaf(tag, wrap_hash)
    for beside in path:
        joined = beside + here if number & 1 else here + beside
        here, number = sha256(b"\x01" + joined).digest(), number >> 1
    if here != place.root:
        raise Untrusted("introduction.path", "The tag secret is not the one that was introduced.")


def _require(centre: bytes, secret: bytes) -> None:
    if len(centre) != 32 or len(secret) != SECRET_BYTES:
        raise Malformed("pair.length", "A centre's id and a secret have 32 bytes each.")


def _expand(extracted: bytes, named: bytes, month: int, desk: int) -> PairSecret:
    info = named + month.to_bytes(2, "big") + bytes((desk,))
    tag = digest(extracted, info + b"\x01", _ALGORITHM)
    return PairSecret(tag, digest(extracted, tag + info + b"\x02", _ALGORITHM))


def _leaf(tag: bytes, wrap_hash: bytes) -> bytes:
    return sha256(b"\x00" + tag + wrap_hash).digest()


def _leaf_number(first: int, month: int, desk: int) -> int:
    if not 0 <= month - first < MONTHS or not 0 <= desk < DESKS:
        raise Malformed("introduction.month", "The introduction does not reach month {month} and desk {desk}.",
                        month=month, desk=desk)
    return (month - first) * DESKS + desk
