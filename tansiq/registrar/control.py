"""What open entries have established: charter, rosters, introductions, accepts. Folded alike by everyone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tansiq import wire
from tansiq.charter import Charter, parse_charter
from tansiq.errors import Refused, Untrusted
from tansiq.journal import entry as kinds
from tansiq.journal.entry import Entry
from tansiq.keys import sealing
from tansiq.keys.introductions import Introduction, parse_introduction
from tansiq.keys.rosters import Member, Roster, quorum
from tansiq.keys.signing import require_public, verify
from tansiq.merkle import signed
from tansiq.registrar import documents
from tansiq.registrar.mandates import InForce, RootOf, parse_mandate, require_log, require_quorum

ENTRY_ZERO_SEEN = wire.sha256(b"")


class Head(NamedTuple):
    """A checkpoint as a note, and the cosignatures that have come for it.

    ``settled`` is the size that the registrar holds to be settled: a hint where to look, believed by nobody.
    """

    size: int
    note: bytes
    cosignatures: dict[str, tuple[int, bytes]]
    settled: int = 0


@dataclass(frozen=True, slots=True)
class Introduced:
    """An introduction as ordered."""

    index: int
    author: str
    number: int
    body: Introduction


@dataclass
class Control:
    """The state that open entries make; ``apply`` checks an entry and returns what it changes, ``commit`` keeps it."""

    centre: bytes = bytes(32)
    mandates: list[InForce] = field(default_factory=list)
    charters: list[tuple[int, Charter]] = field(default_factory=list)
    rosters: list[tuple[int, Roster]] = field(default_factory=list)
    introductions: dict[tuple[str, int], Introduced] = field(default_factory=dict)
    accepts: dict[tuple[str, str], list[tuple[int, Introduced]]] = field(default_factory=dict)
    applied: int = 0
    """How many open entries made this state: what is looked up in it holds until there is one more."""

    @property
    def registrar(self) -> bytes:
        """The registrar's key under the newest mandate."""
        return self.mandates[-1].key

    @property
    def version(self) -> int:
        """The newest mandate's version."""
        return self.mandates[-1].version

    def mandate_at(self, size: int) -> InForce:
        """The mandate under which the checkpoint of *size* stands: the newest whose entry lies below it."""
        return next(made for made in reversed(self.mandates) if made.index < size)

    @property
    def roster(self) -> Roster:
        """The newest roster."""
        return self.rosters[-1][1]

    @property
    def charter(self) -> Charter:
        """The newest charter."""
        return self.charters[-1][1]

    def charter_at(self, index: int) -> Charter:
        """The charter in force for the entry at *index*."""
        return next(charter for since, charter in reversed(self.charters) if since <= index)

    def roster_at(self, index: int) -> Roster:
        """The roster in force for the entry at *index*: made by an entry below it."""
        at = bisect_left(self.rosters, index, key=lambda made: made[0])
        return self.rosters[max(at - 1, 0)][1]

    def rosters_from(self, since: int, size: int) -> tuple[Roster, ...]:
        """The rosters in force for any entry from index *since* on, up to the one that comes at *size*."""
        first, last = (max(bisect_left(self.rosters, at, key=lambda made: made[0]) - 1, 0) for at in (since, size))
        return tuple(roster for _, roster in self.rosters[first:last + 1])

    def cosigners(self, since: int, size: int) -> dict[str, bytes]:
        """Who may cosign the checkpoint of *size*, and the key of each: unsuspended in any roster since *since*."""
        rosters = self.rosters_from(since, size)
        codes = {code for roster in rosters for code in present(roster)}
        keys = {member.code: member.sign for roster in rosters for member in roster.members}
        return {code: keys[code] for code in sorted(codes)}

    def is_settled(self, codes: Collection[str], since: int, size: int) -> bool:
        """Tell whether *codes* are a quorum of every roster in force since what was settled before ended at *since*."""
        return all(len(present(roster).keys() & codes) >= roster.quorum for roster in self.rosters_from(since, size))

    def in_force(self, author: str, to: str, seen_size: int) -> Introduced | None:
        """The introduction under which *author* addresses *to* in an entry that had seen *seen_size*."""
        best = None
        if author == to:
            for (code, _), made in self.introductions.items():
                if code == author and made.index < seen_size and (best is None or made.index > best.index):
                    best = made
            return best
        for accepted, made in self.accepts.get((author, to), ()):
            if accepted < seen_size and (best is None or made.index > best.index):
                best = made
        return best

    def apply(self, index: int, entry: Entry, body: bytes, root: RootOf | None = None) -> None:
        """Take in an open entry, or refuse it and change nothing; *root* gives the root of a size up to *index*.

        Raises:
            Refused: ``entry.open``, signatures, roster number or the kind's own rule.
            Malformed: the body is not the one encoding of such a document.
        """
        by_partner = bool(self.rosters) and entry.author not in [m.code for m in self.roster.members]
        if by_partner and entry.kind not in (kinds.INTRODUCTION, kinds.ACCEPT):
            raise Refused("entry.open", "A partner carries in introductions and acceptances only.")
        if entry.kind == kinds.CHARTER:
            self._charter(index, entry, body)
        elif entry.kind == kinds.INTRODUCTION:
            made = Introduced(index, entry.author, entry.number, parse_introduction(body, entry.author))
            self.introductions[entry.author, entry.number] = made
        elif entry.kind == kinds.ACCEPT:
            self._accept(index, entry, body)
        elif entry.kind == kinds.KEYS:
            self._keys(index, entry, body)
        elif entry.kind in (kinds.SUSPENSION, kinds.RETURN):
            self._standing(index, entry, body)
        else:
            self._mandate(index, body, root)
        self.applied += 1

    def require(self, index: int, entry: Entry, body: bytes, root: RootOf | None = None) -> None:
        """Hold what ``apply`` holds of an open entry, and take nothing in.

        Raises:
            Refused, Malformed: as of ``apply``.
        """
        accepts = {pair: [*taken] for pair, taken in self.accepts.items()}
        Control(self.centre, [*self.mandates], [*self.charters], [*self.rosters], dict(self.introductions), accepts,
                ).apply(index, entry, body, root)

    def _charter(self, index: int, entry: Entry, body: bytes) -> None:
        signed = wire.parse(body, documents.SignedCharter)
        doc = signed.doc
        charter = parse_charter(doc.charter)
        codes = sorted(m.code for m in charter.members)
        if doc.roster != len(self.rosters) or sorted(doc.keys) != sorted([*codes, *(p.code for p in charter.partners)]):
            raise Refused("entry.open", "The charter's roster number or its keys do not fit.")
        if (index == 0) != (doc.registrar is not None) or (index == 0 and entry.author != charter.members[0].code):
            raise Refused("entry.open", "The charter's registrar or its author does not fit.")
        held = {} if index == 0 else {p.code: p.suspended for p in self.roster.members}

        def party(code: str) -> Member:
            keys = doc.keys[code]
            state, sign = wire.parse_base64(keys.state), wire.parse_base64(keys.sign)
            seal = wire.parse_base64(keys.seal)
            require_keys(state, sign, seal)
            return Member(code, state, sign, seal, held.get(code, False))

        roster = Roster(doc.roster, tuple(party(c) for c in codes),
                        tuple(party(p.code) for p in sorted(charter.partners, key=lambda p: p.code)))
        needed = documents.state_keys(roster)
        if index:
            needed = documents.state_keys(self.roster) | needed
        documents.require_state(signed.signatures, needed, documents.state_message(self.centre, entry.kind, doc))
        if index == 0 and doc.registrar is not None:
            verify(party_of(roster, entry.author).sign, entry.signature, kinds.ENTRY_DOMAIN + entry.signed)
            registrar = wire.parse_base64(doc.registrar)
            require_public(registrar)
            self.centre = entry.id
            self.mandates.append(InForce(0, 1, registrar))
        self.charters.append((index, charter))
        self.rosters.append((index, roster))

    def _accept(self, index: int, entry: Entry, body: bytes) -> None:
        accepted = wire.parse(body, documents.AcceptBody).introductions
        found = [self.introductions.get((ref.author, ref.number)) for ref in accepted]
        taken = [made for made in found if made is not None and made.body.pair(entry.author) is not None]
        if not accepted or len(taken) != len(accepted):
            raise Refused("entry.open", "The acceptance names an introduction that is absent, or not for its author.")
        for made in taken:
            self.accepts.setdefault((made.author, entry.author), []).append((index, made))

    def _keys(self, index: int, entry: Entry, body: bytes) -> None:
        signed_doc = wire.parse(body, documents.SignedKeys)
        doc, now = signed_doc.doc, self.roster
        if doc.roster != len(self.rosters):
            raise Refused("entry.open", "The charter's roster number or its keys do not fit.")
        old = party_of(now, doc.member)
        others = documents.state_keys(now, but=doc.member)
        needed = {doc.member: old.state}
        if set(signed_doc.signatures) != {doc.member}:
            needed = {code: key for code, key in others.items() if code in signed_doc.signatures}
            if len(needed) < quorum(len(others)):
                raise Refused("entry.open", "New keys need the party's own state key, or a quorum of the others.")
        documents.require_state(signed_doc.signatures, needed, documents.state_message(self.centre, entry.kind, doc))
        state, sign, seal = (wire.parse_base64(key) for key in (doc.state, doc.sign, doc.seal))
        require_keys(state, sign, seal)
        made = Member(old.code, state, sign, seal, old.suspended)
        members = tuple(made if m.code == old.code else m for m in now.members)
        partners = tuple(made if p.code == old.code else p for p in now.partners)
        self.rosters.append((index, Roster(len(self.rosters), members, partners)))

    def _mandate(self, index: int, body: bytes, root: RootOf | None) -> None:
        mandate = parse_mandate(body)
        if mandate.start != index:
            raise Refused("entry.open", "A mandate is the entry at its start, and this one's is {start}.",
                          start=mandate.start)
        require_log(mandate, self.mandates, root)
        require_quorum(mandate, self.centre, self.roster)
        self.mandates.append(InForce(index, mandate.version, mandate.key))

    def _standing(self, index: int, entry: Entry, body: bytes) -> None:
        signed = wire.parse(body, documents.SignedStanding)
        member, suspended = signed.doc.member, entry.kind == kinds.SUSPENSION
        now = self.roster
        needed = documents.state_keys(now, but=member)
        if signed.doc.roster != len(self.rosters) or len(needed) < 3 or member not in [m.code for m in now.members]:
            raise Refused("entry.open", "A suspension or return needs the others, at least three, and a member.")
        documents.require_state(signed.signatures, needed,
                                documents.state_message(self.centre, entry.kind, signed.doc))
        members = tuple(replace(m, suspended=suspended) if m.code == member else m for m in now.members)
        self.rosters.append((index, Roster(len(self.rosters), members, now.partners)))


def require_keys(state: bytes, sign: bytes, seal: bytes) -> None:
    """Hold that a party's three keys are of known suites.

    Raises:
        Malformed: ``key.*``.
    """
    require_public(state)
    require_public(sign)
    sealing.require_public(seal)


def settled_times(control: Control, head: Head, since: int) -> dict[str, int]:
    """Times (seconds) of the cosignatures of a head that those gave who may; each is verified.

    Raises:
        Untrusted: ``cosignature``.
    """
    text, keys = signed.parse_note(head.note).text, control.cosigners(since, head.size)
    times = {}
    for code, (_, payload) in head.cosignatures.items():
        if code in keys:
            name = signed.member_name(control.centre, code)
            given = signed.Signature(name, signed.key_id(name, signed.COSIGNED, keys[code]), payload)
            times[code] = signed.verify_cosignature(text, given, name, keys[code])
    return times


def party_of(roster: Roster, code: str) -> Member:
    """The member or partner with a code.

    Raises:
        Untrusted: ``entry.author``.
    """
    for party in (*roster.members, *roster.partners):
        if party.code == code:
            return party
    raise Untrusted("entry.author", "{code} is not in the roster in force.", code=code)


def present(roster: Roster) -> dict[str, bytes]:
    """Signing keys of the members that are not suspended."""
    return {m.code: m.sign for m in roster.members if not m.suspended}
