"""The head that every act has (spec: ``docs/spec/act.md``).

An act is one thing a member says: typed, dated by the journal, immutable. A desk defines
its kinds as frozen structs that inherit ``Act``; every field is present on the wire, so
no field has a default.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Precedence = Literal["routine", "priority", "immediate", "flash"]
PRECEDENCES: tuple[Precedence, ...] = ("routine", "priority", "immediate", "flash")


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A frozen value inside an act; unknown fields are refused."""


class Text(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words in one language: ``lang`` is a BCP 47 primary tag (``ar``)."""

    lang: str
    text: str


class Position(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A point on WGS 84, in degrees × 10⁷; ``accuracy_m`` is the radius in metres within which it lies, if known."""

    lat: int
    lon: int
    accuracy_m: int | None


class Assertion(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An officer's own signature: a WebAuthn assertion over the act with this field empty (base64 parts)."""

    credential: str
    authenticator_data: str
    client_data: str
    signature: str


class Act(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The head. ``thread`` empty: this act begins one. ``release``: codes ascending, the author among them."""

    kind: str
    version: int
    author: str
    officer: str
    thread: str | None
    refers: tuple[str, ...]
    release: tuple[str, ...]
    topic: str | None
    handling: str
    precedence: Precedence
    assertion: Assertion | None


HEAD_FIELDS: tuple[str, ...] = Act.__struct_fields__
