"""Incidents, inquiries, findings, and what each member says of a finding: acts and their rule."""

from __future__ import annotations

from typing import Literal

from tansiq.acts import Act, Kind, Text
from tansiq.cell.desk import Common, Said, Thread
from tansiq.desks.holding import require_instant, require_line, require_text
from tansiq.errors import Malformed, Refused
from tansiq.geo import Circle, Place, Polygon, require_place

NUMBER = 5
TITLE_CHARACTERS_MAX = 200
TEXT_CHARACTERS_MAX = 4_000
OFFICE_CHARACTERS_MAX = 120
COARSE_M_MIN = 500

Outcome = Literal["established", "not_established", "open"]
Position = Literal["concurs", "dissents"]


class Incident(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that went wrong: what, where (coarsely), when (UTC ms), and what harm is told of, in words."""

    title: Text
    text: Text
    area: Place
    occurred_from: int
    occurred_until: int
    harm: Text | None

    def check(self) -> None:
        """Hold what the types cannot say.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        require_text(self.title, "title", TITLE_CHARACTERS_MAX)
        require_text(self.text, "text", TEXT_CHARACTERS_MAX)
        if self.harm is not None:
            require_text(self.harm, "harm", TEXT_CHARACTERS_MAX)
        require_place(self.area)
        if not isinstance(self.area, Circle | Polygon) or (
                isinstance(self.area, Circle) and self.area.radius_m < COARSE_M_MIN):
            raise Malformed("incident.area", "Tell where it was as an area: a circle of at least {least} m, or a "
                            "polygon.", least=COARSE_M_MIN, field="area")
        require_instant(self.occurred_from, "occurred_from")
        require_instant(self.occurred_until, "occurred_until")
        if self.occurred_until < self.occurred_from:
            raise Malformed("instant.order", "{field} lies before the beginning.", field="occurred_until")


class Inquiry(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member looks into an incident: what it asks, which office does, and by when it will tell (UTC ms)."""

    question: Text
    office: str
    due: int

    def check(self) -> None:
        """Hold texts and instant."""
        require_text(self.question, "question", TEXT_CHARACTERS_MAX)
        require_line(self.office, "office", OFFICE_CHARACTERS_MAX)
        require_instant(self.due, "due")


class Finding(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an inquiry came to, by its author."""

    outcome: Outcome
    text: Text

    def check(self) -> None:
        """Hold the text."""
        require_text(self.text, "text", TEXT_CHARACTERS_MAX)


class FindingAnswer(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member concurs with a finding or dissents from it; a dissent says why."""

    position: Position
    reason: Text | None

    def check(self) -> None:
        """Hold that a dissent has its reason.

        Raises:
            Malformed: ``finding.reason``.
        """
        if self.reason is not None:
            require_text(self.reason, "reason", TEXT_CHARACTERS_MAX)
        elif self.position == "dissents":
            raise Malformed("finding.reason", "A dissent says why.", field="reason")


INCIDENT = Kind("incident", 1, NUMBER, Incident, "Incident")
INQUIRY = Kind("inquiry", 1, NUMBER, Inquiry, "Inquiry")
FINDING = Kind("finding", 1, NUMBER, Finding, "Finding")
FINDING_ANSWER = Kind("finding_answer", 1, NUMBER, FindingAnswer, "Answer to a finding")
Following = Incident | Inquiry | Finding | FindingAnswer


def rule_following(act: Following, thread: Thread, common: Common) -> None:
    """Rule on an incident and what follows it: one inquiry at a time, its finding by who inquires, one answer a party.

    An inquiry whose day is past without a finding, or whose author is suspended, stands in nobody's way.

    Raises:
        Malformed: a field holds what it cannot.
        Refused: ``incident.…``.
    """
    act.check()
    if isinstance(act, Incident):
        if act.thread is not None or act.refers:
            raise Refused("protection.thread", "A {kind} begins a thread of its own and refers to nothing.",
                          kind=act.kind, field="refers")
        return
    standing = [said for said in thread.acts if said.void is None]
    if act.thread is None or not standing or not isinstance(standing[0].act, Incident):
        raise Refused("incident.refers", "A {kind} stands in the thread of an incident.", kind=act.kind,
                      field="refers")
    finding = standing_finding(standing)
    inquiry = next((said for said in reversed(standing) if isinstance(said.act, Inquiry)), None)
    if isinstance(act, Inquiry):
        if inquiry is not None and (finding is None or finding.index < inquiry.index) and _goes_on(inquiry, common):
            raise Refused("incident.inquiry", "An inquiry of {author} is under way.", author=inquiry.act.author,
                          field="refers")
    elif isinstance(act, Finding):
        if inquiry is None or inquiry.act.author != act.author:
            raise Refused("incident.finding", "Only who inquires tells a finding.", field="refers")
    else:
        _require_first_answer(act, standing, finding)


def _goes_on(inquiry: Said, common: Common) -> bool:
    """Whether an inquiry may still be waited for."""
    assert isinstance(inquiry.act, Inquiry)
    return inquiry.act.author not in common.suspended and common.time <= inquiry.act.due


def standing_finding(standing: list[Said]) -> Said | None:
    """The finding that was told last."""
    return next((said for said in reversed(standing) if isinstance(said.act, Finding)), None)


def _require_first_answer(act: FindingAnswer, standing: list[Said], finding: Said | None) -> None:
    if finding is None or act.refers != (finding.id,):
        raise Refused("incident.answer", "An answer refers to the finding that was told last.", field="refers")
    if act.author == finding.act.author or any(
            isinstance(said.act, FindingAnswer) and said.act.author == act.author and said.act.refers == act.refers
            for said in standing):
        raise Refused("incident.answered", "{author} has said already what it thinks of this finding.",
                      author=act.author, field="refers")
