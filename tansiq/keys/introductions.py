"""Introductions: how a member hands each other member the seed of their pair (spec: ``docs/spec/keys.md``).

The body of an open entry of kind 3 names, for each addressee, the root of the pair's tag tree
and the seed sealed to the addressee's key; and, sealed to the author itself, the one secret
from which all seeds derive, so that it can read its own past after the loss of a disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import msgspec

from tansiq import wire
from tansiq.errors import Malformed, Untrusted
from tansiq.keys.pairs import (
    MONTH_MAX,
    MONTHS,
    SECRET_BYTES,
    PairSecret,
    TagPlace,
    TagTree,
    derive_seed,
    pair_secret,
    verify_tag_path,
)
from tansiq.keys.sealing import OVERHEAD_BYTES, SealingKey, seal

__all__ = [
    "Introduced",
    "Introduction",
    "PairSecret",
    "TagPlace",
    "TagTree",
    "build_introduction",
    "derive_seed",
    "info",
    "open_introduction",
    "open_own",
    "pair_secret",
    "parse_introduction",
    "require_introduction",
    "verify_tag_path",
]

SEALED_BYTES = OVERHEAD_BYTES + SECRET_BYTES
_INFO = b"tansiq/introduction/v1\n"


class Introduced(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One addressee: its code, the root of the pair's tag tree (hex), the seed sealed to it (base64)."""

    to: str
    root: str
    sealed: str


class Introduction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of an open entry of kind 3: valid for 64 months from ``first``; ``pairs`` ascending by code."""

    first: int
    own: str
    pairs: tuple[Introduced, ...]

    def pair(self, to: str) -> Introduced | None:
        """Find what is addressed to *to*, if anything is."""
        return next((pair for pair in self.pairs if pair.to == to), None)


def info(centre: bytes, frm: str, to: str, first: int) -> bytes:
    """Bind a sealed seed to its centre, its pair and its first month (the ``info`` of RFC 9180).

    Raises:
        Malformed: the centre is not 32 bytes, a code is none, or the 64 months do not fit.
    """
    if len(centre) != 32 or not 0 <= first <= MONTH_MAX - MONTHS + 1:
        raise Malformed("introduction.first", "An introduction cannot begin with month {month}.", month=first)
    return _INFO + centre + wire.code_bytes(frm) + wire.code_bytes(to) + first.to_bytes(2, "big")


def build_introduction(centre: bytes, secret: bytes, *, author: str, first: int,
                       sealing: Mapping[str, bytes]) -> Introduction:
    """Introduce *author* to everyone in *sealing* (code → public sealing key; the author's own among them).

    Takes about 10 ms for each addressee.

    Raises:
        Malformed: the author's own key is missing, a key cannot be sealed to, or there are over 40 addressees.
    """
    if author not in sealing:
        raise Malformed("introduction.own", "The introduction lacks {author}'s own sealing key.", author=author)
    own = wire.write_base64(seal(sealing[author], info(centre, author, author, first), secret))
    pairs = []
    for to in sorted(set(sealing) - {author}):
        seed = derive_seed(centre, secret, author, to)
        sealed = seal(sealing[to], info(centre, author, to, first), seed)
        root = TagTree(centre, seed, author, to, first).root.hex()
        pairs.append(Introduced(to=to, root=root, sealed=wire.write_base64(sealed)))
    built = Introduction(first=first, own=own, pairs=tuple(pairs))
    require_introduction(built, author)
    return built


def parse_introduction(body: bytes, author: str) -> Introduction:
    """Read the body of an open entry of kind 3 by *author*, or refuse it.

    Raises:
        Malformed: not canonical JSON of this shape, or ``require_introduction`` refuses it.
    """
    introduction = wire.parse(body, Introduction)
    require_introduction(introduction, author)
    return introduction


def require_introduction(introduction: Introduction, author: str) -> None:
    """Require what anyone can check of an introduction: bounds, order, lengths. The seeds only their owners can.

    Raises:
        Malformed: over 40 pairs, not ascending, the author among them, a wrong length, or 64 months that do not fit.
    """
    if not 0 <= introduction.first <= MONTH_MAX - MONTHS + 1:
        raise Malformed("introduction.first", "An introduction cannot begin with month {month}.",
                        month=introduction.first)
    codes = [pair.to for pair in introduction.pairs]
    if len(codes) > wire.PAIRS_MAX or any(a >= b for a, b in pairwise(codes)) or author in codes:
        raise Malformed("introduction.pairs", "The addressees are over {limit}, not in ascending order, or the author.",
                        limit=wire.PAIRS_MAX)
    _sealed(introduction.own)
    for pair in introduction.pairs:
        wire.code_bytes(pair.to)
        wire.parse_hash(pair.root)
        _sealed(pair.sealed)


def open_introduction(centre: bytes, introduction: Introduction, *, author: str, to: str, key: SealingKey) -> bytes:
    """Open the seed of the pair *author* → *to*, and recompute the whole tag tree before trusting it: 32 bytes.

    Raises:
        Malformed: *to* is not addressed.
        Untrusted: the seed does not open, or its tag tree has another root. Then it must not be accepted.
    """
    pair = introduction.pair(to)
    if pair is None:
        raise Malformed("introduction.absent", "The introduction of {author} does not name {to}.", author=author, to=to)
    seed = _open(key, info(centre, author, to, introduction.first), pair.sealed)
    if TagTree(centre, seed, author, to, introduction.first).root.hex() != pair.root:
        raise Untrusted("introduction.root", "The seed from {author} to {to} does not fit the root it was given with.",
                        author=author, to=to)
    return seed


def open_own(centre: bytes, introduction: Introduction, *, author: str, key: SealingKey) -> bytes:
    """Open one's own introduction secret, from which all its seeds derive: 32 bytes.

    Raises:
        Untrusted: it does not open with this key.
    """
    return _open(key, info(centre, author, author, introduction.first), introduction.own)


def _sealed(text: str) -> bytes:
    data = wire.parse_base64(text)
    if len(data) != SEALED_BYTES:
        raise Malformed("introduction.sealed", "A sealed seed has {due} bytes, not {given}.",
                        due=SEALED_BYTES, given=len(data))
    return data


def _open(key: SealingKey, purpose: bytes, sealed: str) -> bytes:
    # The length was checked as sealed bytes: HPKE adds exactly OVERHEAD_BYTES, so what opens is 32 bytes.
    return key.open(purpose, _sealed(sealed))
