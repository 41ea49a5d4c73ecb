"""What doors ask for when something is to be proved: evidence written for officers, and files checked for anybody.

Every file that leaves is recorded in the office, by the name of the officer, with the ground on which it was let go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tansiq.acts.desks import DESKS
from tansiq.cell.registers import ActRow
from tansiq.doors.filters import parse_instant
from tansiq.doors.floor import Floor
from tansiq.errors import Malformed, Refused
from tansiq.evidence import Basis, Verdict, verify, write_evidence
from tansiq.evidence.basis import read_note
from tansiq.evidence.conviction import verify_author, verify_member
from tansiq.evidence.files import (
    Asked,
    AuthorConviction,
    Disclosure,
    MemberConviction,
    Ordered,
    Receipt,
    expected,
    parse_evidence,
)
from tansiq.journal import parse_leaf
from tansiq.office import Officer
from tansiq.wire import parse_base64

ROLE = "releaser"
REASON_CHARACTERS_MAX = 2_000
Ground = Literal["own", "free", "leave", "override"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an absence is asked about, as people write it: codes, ``2015-10``, the name of a desk; kind and topic or
    not. ``before``: only up to an instant of ISO 8601, since what was said later is another question."""

    author: str
    to: str
    month: str
    desk: str
    kind: str | None = None
    topic: str | None = None
    before: str | None = None

    def asked(self) -> Asked:
        """Read it.

        Raises:
            Malformed: ``desk.unknown``.
        """
        number = DESKS.get(self.desk)
        if number is None:
            raise Malformed("desk.unknown", "There is no desk {given}.", given=repr(self.desk[:40]), field="desk")
        return Asked(author=self.author, to=self.to, month=self.month, desk=number, kind=self.kind or None,
                     topic=self.topic or None)


class Proofs:
    """Evidence for the officers of one floor. Who lets a file go has the role ``releaser``; anybody may check one."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def public(self, code: str) -> bytes:
        """The public part of the centre, as the cell of *code* holds it: nothing in it is anybody's secret."""
        return write_evidence(self._prover(code).public())

    def receipt(self, officer: Officer, given: str) -> bytes:
        """The receipt of the entry in which an act was said.

        Raises:
            Refused: ``officer.role``, ``act.absent``.
        """
        row = self._row(officer, given)
        data = write_evidence(self._prover(officer.member).receipt(row.index))
        self._record(officer, "receipt", row.id, "own")
        return data

    def disclosure(self, officer: Officer, given: str, *, label_only: bool = False, reason: str = "") -> bytes:
        """An act, or only its label, with proof that its author said it; another's under the charter's handling.

        Raises:
            Refused: ``officer.role``, ``act.absent``; ``evidence.handling``, neither free nor with leave, and no reason
                was given for going against it.
                ``evidence.withheld``, its place leaves by no machine door, but its label may.
            Malformed: ``text.long``.
        """
        row, prover = self._row(officer, given), self._prover(officer.member)
        ground = self._ground(officer, row, reason.strip())
        if len(reason) > REASON_CHARACTERS_MAX:
            raise Malformed("text.long", "{field} has {count} characters; at most {limit} are taken.", field="reason",
                            count=len(reason), limit=REASON_CHARACTERS_MAX)
        if not label_only:
            self._require_place_may_leave(row)
        data = write_evidence(prover.label(row.id) if label_only else prover.disclosure(row.id))
        self._record(officer, "label" if label_only else "disclosure", row.id, ground, reason.strip())
        return data

    def _require_place_may_leave(self, row: ActRow) -> None:
        """The place of what is asked for from the air leaves by no file: people read it, on paper or screen.

        Raises:
            Refused: ``evidence.withheld``.
        """
        form, support = self._floor.form_of(row.kind), self._floor.charter.support_of(row.act.topic or "")
        if form is not None and form.withheld and (support is None or support.airborne):
            raise Refused("evidence.withheld", "What this act says of a place leaves in no file; its label can be "
                                               "shown.",
                          field="act")

    def _ground(self, officer: Officer, row: ActRow, reason: str) -> Ground:
        if row.author == officer.member:
            return "own"
        rule = next((one.disclose for one in self._floor.charter.handling if one.code == row.handling), "never")
        if rule == "free":
            return "free"
        if rule == "leave" and self._has_leave(officer, row):
            return "leave"
        if not reason:
            raise Refused("evidence.handling", "The handling {handling} does not let an act of {author} be disclosed: "
                          "its author's leave is needed, or a reason for going against it.", handling=row.handling,
                          author=row.author, field="reason")
        return "override"

    def _has_leave(self, officer: Officer, row: ActRow) -> bool:
        desks = [desk for desk in self._floor.desks if "leave" in desk.queries]
        look = self._floor.look(officer)
        return any(look.ask(desk.name, "leave", act_id=row.id, author=row.author, use="disclose") for desk in desks)

    def absence(self, officer: Officer, question: Question) -> bytes:
        """A certificate that nothing of the sort was said; where something was, that is the answer.

        Raises:
            Refused: ``officer.role``, ``evidence.side``, ``evidence.said``.
            Malformed: ``field`` names what cannot be asked.
        """
        data, _ = self.certificate(officer, question)
        asked = (question.author, question.to, question.month, question.desk, question.kind, question.topic,
                 question.before)
        self._record(officer, "absence", "/".join(one or "" for one in asked).rstrip("/"), "own")
        return data

    def certificate(self, officer: Officer, question: Question) -> tuple[bytes, Verdict]:
        """A certificate of absence and what it proves, to be looked at; nothing is let go.

        Raises:
            Refused, Malformed: as ``absence``.
        """
        officer.require(ROLE)
        data = write_evidence(self._prover(officer.member).absence(question.asked(), _instant(question.before)))
        return data, self.check(officer.member, data)

    def seal_again(self, officer: Officer, act_id: str) -> None:
        """Seal an act of this member again, for whoever could not open it.

        Raises:
            Refused: ``officer.role``, ``act.absent``, ``act.author.other``.
            Conflict: ``act.unsettled``.
        """
        officer.require(ROLE)
        self._floor.cell(officer.member).seal_again(act_id)

    def misaddressed(self, officer: Officer, author: str, number: int) -> bytes:
        """Convict the author of an entry that this member's cell cannot open."""
        officer.require(ROLE)
        return self._convicted(officer, write_evidence(self._prover(officer.member).misaddressed(author, number)))

    def unaddressed(self, officer: Officer, disclosure: bytes) -> bytes:
        """Convict the author of a disclosed act that names this member and was not addressed to it.

        Raises:
            Malformed: ``evidence.expected``, the file is no disclosure.
        """
        officer.require(ROLE)
        given = parse_evidence(disclosure)
        if type(given) is not Disclosure:
            raise expected("disclosure")
        return self._convicted(officer, write_evidence(self._prover(officer.member).unaddressed(given)))

    def forked(self, officer: Officer, note: str) -> bytes:
        """Convict the registrar of a checkpoint that this member's journal does not bear out."""
        officer.require(ROLE)
        return self._convicted(officer, write_evidence(self._prover(officer.member).forked(note)))

    def _convicted(self, officer: Officer, data: bytes) -> bytes:
        verdict = self.check(officer.member, data)
        self._record(officer, verdict.evidence, str(verdict.facts.get("author", "registrar")), "own")
        return data

    def fold(self, officer: Officer, disclosure: bytes, progress: Callable[[int, int], None] | None = None
             ) -> dict[str, Any]:
        """Fold an act that names this member and that its cell could not open, from another reader's disclosure.

        ``id`` is the act's; ``folded`` is False where it was here already.

        Raises:
            Malformed: ``evidence.expected``, the file is no disclosure.
            Untrusted: it proves nothing; ``evidence.unheld``; ``evidence.release``, the act does not name this member.
            Refused: ``officer.role``; ``evidence.void``.
        """
        officer.require(ROLE)
        return self._floor.centre.fold(officer.member, disclosure, officer=officer.id,
                                       progress=progress or self._floor.telling(officer.member))

    def check(self, code: str, data: bytes) -> Verdict:
        """Check a file against what the cell of *code* holds of the centre.

        Raises:
            Malformed, Untrusted, Refused: it proves nothing, and why.
        """
        return verify(data, self._prover(code).basis())

    def _prover(self, code: str) -> Any:
        return self._floor.cell(code).prover

    def _row(self, officer: Officer, given: str) -> ActRow:
        officer.require(ROLE)
        return self._floor.find(officer, given)

    def _record(self, officer: Officer, what: str, subject: str, ground: Ground, reason: str = "") -> None:
        self._floor.offices[officer.member].record_evidence(officer.id, what, subject, ground=ground, reason=reason)


def _instant(given: str | None) -> int | None:
    return parse_instant(given, "before") if given else None


def convict_member(promise: str, other: str, basis: Basis) -> bytes:
    """Put two notes of one member together, where they contradict each other.

    Raises:
        Malformed, Untrusted: they do not.
    """
    member = read_note(promise).signatures[0].name.rpartition("/")[2]
    both = sorted((promise, other)) if other.startswith("tansiq-promise/") else [promise, other]
    made = MemberConviction(version=1, centre=basis.centre.hex(), member=member, promise=both[0], other=both[1])
    verify_member(made, basis)
    return write_evidence(made)


def convict_author(first: bytes, second: bytes, basis: Basis) -> bytes:
    """Put two receipts of one author's number together, where both are settled.

    Raises:
        Malformed: ``evidence.expected``, a file is no receipt.
        Untrusted: they are no two settled entries with one number.
    """
    ordered = []
    for data in (first, second):
        given = parse_evidence(data)
        if not isinstance(given, Receipt):
            raise expected("receipt")
        ordered.append(Ordered(checkpoint=given.checkpoint, tip=given.tip, entry=given.entry))
    ordered.sort(key=_entry_id)
    made = AuthorConviction(version=1, centre=basis.centre.hex(), first=ordered[0], second=ordered[1])
    verify_author(made, basis)
    return write_evidence(made)


def _entry_id(one: Ordered) -> bytes:
    return parse_leaf(parse_base64(one.entry.leaf)).entry.id
