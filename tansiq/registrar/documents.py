"""The bodies of open entries (spec: ``docs/spec/journal.md``, section on open kinds)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tansiq import wire
from tansiq.acts import Record
from tansiq.errors import Refused
from tansiq.keys.rosters import Roster
from tansiq.keys.signing import SigningKey, verify

_STATE = b"tansiq/state/v1\n"


class PublicKeys(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party's public keys, base64 with their suite bytes."""

    state: str
    sign: str
    seal: str


class CharterDoc(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A charter or its amendment: the roster it makes, its text, and all keys it begins with."""

    roster: int
    charter: str
    keys: dict[str, PublicKeys]
    registrar: str | None


class StandingDoc(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A suspension or a return."""

    roster: int
    member: str


class KeysDoc(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """New keys of one party: the roster it makes, and all three keys (base64 with suite bytes)."""

    roster: int
    member: str
    state: str
    sign: str
    seal: str


class SignedKeys(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """New keys with the signature of the party's state key; or, that lost, of a quorum of the other members."""

    doc: KeysDoc
    signatures: dict[str, str]


class SignedCharter(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A charter with the state-key signatures of those it needs."""

    doc: CharterDoc
    signatures: dict[str, str]


class SignedStanding(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A suspension or return with the signatures of all others."""

    doc: StandingDoc
    signatures: dict[str, str]


class IntroductionRef(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An introduction by its author and the author's entry number."""

    author: str
    number: int


class AcceptBody(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Introductions whose seed the author opened and whose root it recomputed."""

    introductions: tuple[IntroductionRef, ...]


def state_message(centre: bytes, kind: int, doc: Any) -> bytes:
    """What a state key signs of a document."""
    return _STATE + centre + bytes([kind]) + wire.sha256(wire.write(doc))


def sign_state(keys: Mapping[str, SigningKey], centre: bytes, kind: int, doc: Any) -> dict[str, str]:
    """Sign a document with the state keys given."""
    message = state_message(centre, kind, doc)
    return {code: wire.write_base64(key.sign(message)) for code, key in sorted(keys.items())}


def require_state(signatures: Mapping[str, str], needed: Mapping[str, bytes], message: bytes) -> None:
    """Hold that everyone needed signed, and nobody else did.

    Raises:
        Refused: ``entry.open``.
    """
    if set(signatures) != set(needed):
        missing = ", ".join(sorted(set(needed) ^ set(signatures)))
        raise Refused("entry.open", "The open entry lacks a signature, or has one too many: {codes}.", codes=missing)
    for code, public in needed.items():
        verify(public, wire.parse_base64(signatures[code]), message)


def state_keys(roster: Roster, *, but: str | None = None) -> dict[str, bytes]:
    """State keys of all unsuspended members, without one."""
    return {m.code: m.state for m in roster.members if not m.suspended and m.code != but}
