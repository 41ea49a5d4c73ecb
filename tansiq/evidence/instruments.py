"""Instruments: what members that do not trust each other sign with state keys, which lie offline.

An instrument is a file: a document that changes the charter or a roster (spec: ``docs/spec/journal.md``, open kinds 1,
2, 5 and 6), with the public part of the centre that it was drawn up from. So whoever signs can check, on a machine that
knows nothing else, what is in force, what would change, and who signs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from tansiq import wire
from tansiq.acts import Record
from tansiq.errors import Malformed, Refused
from tansiq.evidence.basis import Basis
from tansiq.evidence.files import Public, parse_evidence
from tansiq.keys.signing import SigningKey
from tansiq.registrar import documents
from tansiq.registrar.control import Control
from tansiq.registrar.signers import (
    ENTRY_KINDS,
    InstrumentKind,
    Signers,
    parse_document,
    require_signature,
    require_signer,
    signers,
)


class Instrument(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: what kind of document, its exact JSON, and the public part that it was drawn up from."""

    version: Literal[1]
    instrument: InstrumentKind
    doc: str
    public: Public


class Signature(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file of one signature: whose, over which document (hash of its JSON, hex) of which centre."""

    version: Literal[1]
    instrument: InstrumentKind
    centre: str
    document: str
    member: str
    signature: str


class StateKey(msgspec.Struct, frozen=True):
    """The file of a state key: its seed (base64). Whatever else lies in the file is passed over."""

    state: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An instrument that was read and checked: ``control`` is what was in force where it was drawn up."""

    kind: InstrumentKind
    doc: Any
    text: str
    basis: Basis
    signing: Signers

    @property
    def control(self) -> Control:
        """What is in force, as far as the public part tells."""
        return self.basis.ground.control

    @property
    def hash(self) -> str:
        """Hash of the document's JSON, 64 hex digits: what signatures are over."""
        return wire.sha256(self.text.encode()).hex()


def draw_up(public: bytes, kind: InstrumentKind, make: Callable[[Control], Any]) -> bytes:
    """Write an instrument from the public part of a centre; *make* gives the document for what is in force there.

    Raises:
        Refused, Conflict, Malformed, Untrusted: the public part does not hold, or see ``signers``.
    """
    part = parse_evidence(public)
    if not isinstance(part, Public):
        raise Malformed("evidence.public", "This is no public part of a centre: `tansiq charter export` writes one.")
    control = Basis.of(part).ground.control
    doc = make(control)
    signers(control, kind, doc)
    return wire.write(Instrument(version=1, instrument=kind, doc=wire.write(doc).decode(), public=part))


def open_instrument(data: bytes) -> Opened:
    """Read an instrument and check all that can be checked offline.

    Raises:
        Malformed: ``instrument.file``, it is none; a document that is not of its kind.
        Untrusted, Refused, Conflict: its public part does not hold, or see ``signers``.
    """
    try:
        read = wire.parse(data, Instrument)
    except Malformed as error:
        raise Malformed("instrument.file", "This is no instrument: `tansiq charter amend`, `member` and `keys` write "
                        "them.") from error
    doc, basis = parse_document(read.instrument, read.doc), Basis.of(read.public)
    return Opened(read.instrument, doc, read.doc, basis, signers(basis.ground.control, read.instrument, doc))


def sign_instrument(opened: Opened, key: SigningKey) -> Signature:
    """Sign an instrument with a member's state key.

    Raises:
        Refused: ``instrument.key``, ``instrument.suspended``.
    """
    member = require_signer(opened.control, opened.signing, key.public)
    made = documents.sign_state({member: key}, opened.basis.centre, ENTRY_KINDS[opened.kind], opened.doc)
    return Signature(version=1, instrument=opened.kind, centre=opened.basis.centre.hex(), document=opened.hash,
                     member=member, signature=made[member])


def parse_signature(data: bytes) -> Signature:
    """Read the file of a signature.

    Raises:
        Malformed: ``instrument.signature.file``.
    """
    try:
        return wire.parse(data, Signature)
    except Malformed as error:
        raise Malformed("instrument.signature.file", "This is no signature: `tansiq instrument sign` writes "
                        "them.") from error


def collect(opened: Opened, given: Iterable[Signature]) -> dict[str, str]:
    """Signatures by member, each checked against the instrument that it says it is over.

    Raises:
        Refused: ``instrument.other``, it is over another document; ``instrument.twice``; and see ``require_signature``.
        Untrusted: ``instrument.signature``.
    """
    collected: dict[str, str] = {}
    for one in given:
        if (one.instrument, one.centre, one.document) != (opened.kind, opened.basis.centre.hex(), opened.hash):
            raise Refused("instrument.other", "The signature of {code} is over another text than this instrument.",
                          code=one.member[:20])
        if collected.setdefault(one.member, one.signature) != one.signature:
            raise Refused("instrument.twice", "Two signatures are given as {code}'s: leave one out.", code=one.member)
        require_signature(opened.control, opened.kind, opened.doc, (one.member, one.signature))
    return collected


def read_state_key(data: bytes) -> SigningKey:
    """Read the file of a state key.

    Raises:
        Malformed: ``keys.file``.
    """
    try:
        return SigningKey.from_seed(wire.parse_base64(msgspec.json.decode(data, type=StateKey).state))
    except (msgspec.DecodeError, Malformed) as error:
        raise Malformed("keys.file", "This is no file of a state key: `tansiq keys draw` writes them.") from error
