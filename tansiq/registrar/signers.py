"""Who has to sign what changes a charter or a roster: before it is handed in, so that each is told what is missing.

``Control`` holds the same rules when the entry comes; here they are asked of a document that nobody has carried in yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tansiq import wire
from tansiq.charter import parse_charter
from tansiq.errors import Conflict, Malformed, Refused, Untrusted
from tansiq.journal import entry as kinds
from tansiq.keys.rosters import Roster, quorum
from tansiq.keys.signing import verify
from tansiq.registrar import documents
from tansiq.registrar.control import Control

InstrumentKind = Literal["charter", "keys", "suspension", "return"]
ENTRY_KINDS: Mapping[InstrumentKind, int] = {"charter": kinds.CHARTER, "keys": kinds.KEYS,
                                             "suspension": kinds.SUSPENSION, "return": kinds.RETURN}
DOCUMENTS: Mapping[InstrumentKind, tuple[type[Any], type[Any]]] = {
    "charter": (documents.CharterDoc, documents.SignedCharter), "keys": (documents.KeysDoc, documents.SignedKeys),
    "suspension": (documents.StandingDoc, documents.SignedStanding),
    "return": (documents.StandingDoc, documents.SignedStanding)}
OTHERS_MIN = 3


@dataclass(frozen=True, slots=True)
class Signers:
    """State keys by code: all of ``needed`` sign; or, where that cannot be, ``enough`` of ``instead``."""

    needed: Mapping[str, bytes]
    instead: Mapping[str, bytes] = field(default_factory=dict)
    enough: int = 0

    @property
    def keys(self) -> dict[str, bytes]:
        """Everybody whose signature can count."""
        return {**self.instead, **self.needed}

    def missing(self, given: Mapping[str, Any]) -> list[str]:
        """Whose signatures are still needed: none, where the document can be carried in."""
        if self.enough and len(given.keys() & self.instead.keys()) >= self.enough:
            return []
        return [code for code in sorted(self.needed) if code not in given]


def parse_document(kind: InstrumentKind, text: str) -> Any:
    """Read a document of a kind.

    Raises:
        Malformed: it is not the one encoding of such a document.
    """
    return wire.parse(text.encode(), DOCUMENTS[kind][0])


def signers(control: Control, kind: InstrumentKind, doc: Any) -> Signers:
    """Who signs a document, by the charter and the roster in force.

    Raises:
        Conflict: ``instrument.stale``, it was drawn up for another roster than the one that is due.
        Refused: ``instrument.party``, ``instrument.standing``, ``instrument.others``, ``instrument.same``.
        Malformed: the charter or a key is none.
    """
    if doc.roster != len(control.rosters):
        raise Conflict("instrument.stale", "It was drawn up for roster {given}, and roster {due} is due: the charter, "
                       "keys or standing of a member have changed since. Draw it up again.", given=doc.roster,
                       due=len(control.rosters))
    if kind == "charter":
        return _of_charter(control, doc)
    return _of_keys(control.roster, doc) if kind == "keys" else _of_standing(control.roster, kind, doc)


def _of_charter(control: Control, doc: documents.CharterDoc) -> Signers:
    charter, suspended = parse_charter(doc.charter), {m.code for m in control.roster.members if m.suspended}
    lacking = sorted({party.code for party in charter.parties} ^ set(doc.keys))
    if lacking:
        raise Refused("instrument.keys", "Keys have to be named for each party of the charter and for nobody else: "
                      "{codes}.", codes=", ".join(lacking))
    joined = {m.code: wire.parse_base64(doc.keys[m.code].state) for m in charter.members if m.code not in suspended}
    return Signers(documents.state_keys(control.roster) | joined)


def _of_keys(roster: Roster, doc: documents.KeysDoc) -> Signers:
    party = next((one for one in (*roster.members, *roster.partners) if one.code == doc.member), None)
    if party is None:
        raise _unknown(doc.member)
    if tuple(map(wire.parse_base64, (doc.state, doc.sign, doc.seal))) == (party.state, party.sign, party.seal):
        raise Refused("instrument.same", "These are the keys that {code} has already.", code=doc.member)
    others = documents.state_keys(roster, but=doc.member)
    return Signers({doc.member: party.state}, others, quorum(len(others)))


def _of_standing(roster: Roster, kind: InstrumentKind, doc: documents.StandingDoc) -> Signers:
    member = next((one for one in roster.members if one.code == doc.member), None)
    if member is None:
        raise _unknown(doc.member)
    if member.suspended and kind == "suspension":
        raise Refused("instrument.standing", "{code} is suspended already.", code=doc.member)
    if not member.suspended and kind == "return":
        raise Refused("instrument.standing", "{code} is not suspended.", code=doc.member)
    others = documents.state_keys(roster, but=doc.member)
    if len(others) < OTHERS_MIN:
        raise Refused("instrument.others", "A suspension or a return needs at least {least} other members that are not "
                      "suspended; there are {count}.", least=OTHERS_MIN, count=len(others))
    return Signers(others)


def _unknown(code: str) -> Refused:
    return Refused("instrument.party", "There is no {given} in the roster in force.", given=repr(code[:20]),
                   field="member")


def require_signer(control: Control, signing: Signers, public: bytes) -> str:
    """The member whose state key this is, if its signature counts.

    Raises:
        Refused: ``instrument.key``, ``instrument.suspended``.
    """
    for code, key in sorted(signing.keys.items()):
        if key == public:
            return code
    for member in control.roster.members:
        if member.state == public and member.suspended:
            raise Refused("instrument.suspended", "{code} is suspended: its signature does not count.",
                          code=member.code)
    raise Refused("instrument.key", "This is not the state key of a member that signs here: it would be one of "
                  "{codes}.", codes=", ".join(sorted(signing.keys)))


def require_signature(control: Control, kind: InstrumentKind, doc: Any, signed: tuple[str, str]) -> None:
    """Hold that one signature, (code, base64), is of who may sign this document, and holds.

    Raises:
        Refused: ``instrument.signer``, ``instrument.suspended``.
        Untrusted: ``instrument.signature``.
    """
    code, given = signed
    key = signers(control, kind, doc).keys.get(code)
    if key is None:
        if any(member.code == code and member.suspended for member in control.roster.members):
            raise Refused("instrument.suspended", "{code} is suspended: its signature does not count.", code=code)
        raise Refused("instrument.signer", "{code} does not sign this: leave its signature out.", code=code[:20])
    try:
        verify(key, wire.parse_base64(given), documents.state_message(control.centre, ENTRY_KINDS[kind], doc))
    except (Untrusted, Malformed) as error:
        raise Untrusted("instrument.signature", "The signature given as {code}'s does not hold: it is over another "
                        "text, or made with another key than {code}'s state key.", code=code) from error


def sign_whole(control: Control, kind: InstrumentKind, doc: Any, given: Mapping[str, str]) -> Any:
    """Join a document with the signatures that it needs, each checked: the body of an open entry.

    Raises:
        Refused: ``instrument.missing``, and what ``signers`` and ``require_signature`` refuse.
        Conflict, Untrusted, Malformed: as of these.
    """
    signing = signers(control, kind, doc)
    for one in sorted(given.items()):
        require_signature(control, kind, doc, one)
    missing = signing.missing(given)
    if missing and signing.enough:
        raise Refused("instrument.missing.instead", "The signature of {codes} is missing; without it, those of "
                      "{enough} of {others} are needed.", codes=", ".join(missing), enough=signing.enough,
                      others=", ".join(sorted(signing.instead)))
    if missing:
        raise Refused("instrument.missing", "Signatures are missing: {codes}.", codes=", ".join(missing))
    counted = {code: text for code, text in sorted(given.items()) if not signing.enough or (code in signing.needed) == (
        signing.needed.keys() <= given.keys())}
    whole: Any = DOCUMENTS[kind][1](doc=doc, signatures=counted)
    if len(wire.write(whole)) > wire.ENTRY_OPEN_BODY_BYTES_MAX:
        raise Malformed("instrument.size", "With its signatures it is longer than the {limit} bytes that an open "
                        "entry holds.", limit=wire.ENTRY_OPEN_BODY_BYTES_MAX)
    return whole
