"""What is made of reports: translations of any act, leave to use one, and
assessments with who concurs or dissents by name."""

from __future__ import annotations

from typing import Literal

from tansiq.acts import Act, Kind, Text
from tansiq.cell.desk import Common, Said, Thread
from tansiq.charter import Charter
from tansiq.desks.holding import require_text
from tansiq.desks.intelligence.acts import (
    NUMBER,
    REASON_CHARACTERS_MAX,
    TEXT_CHARACTERS_MAX,
    TITLE_CHARACTERS_MAX,
)
from tansiq.desks.intelligence.attachment import Attachment
from tansiq.desks.intelligence.leave import Leave
from tansiq.errors import Malformed, Refused
from tansiq.wire import parse_hash

RESTS_ON_MAX = 64
Position = Literal["concur", "dissent"]


class Translation(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words of an act of any desk in another language; ``of`` is its id. It begins a thread of its own, because a
    thread lies on one desk; pages show it beneath the words that it translates. Only the original counts."""

    of: str
    title: Text | None
    text: Text

    def check(self) -> None:
        """Hold the id and the lengths, and that one language is spoken.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        parse_hash(self.of)
        require_text(self.text, "text", TEXT_CHARACTERS_MAX)
        if self.title is not None:
            require_text(self.title, "title", TITLE_CHARACTERS_MAX)
            if self.title.lang != self.text.lang:
                raise Malformed("translation.lang", "Title and text of a translation are in one language.",
                                field="title")


class Assessment(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What its author concludes, and the acts that it rests on (ids). Readers may lack some of them."""

    title: Text
    text: Text
    rests_on: tuple[str, ...]

    def check(self) -> None:
        """Hold ids and lengths.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        require_text(self.title, "title", TITLE_CHARACTERS_MAX)
        require_text(self.text, "text", TEXT_CHARACTERS_MAX)
        for given in self.rests_on:
            parse_hash(given)
        if len(self.rests_on) > RESTS_ON_MAX or len(set(self.rests_on)) < len(self.rests_on):
            raise Malformed("assessment.rests", "An assessment rests on at most {limit} acts, each named once.",
                            limit=RESTS_ON_MAX, field="rests_on")


class Concurrence(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member's position on an assessment. Dissent states its reason; a later position replaces the first."""

    position: Position
    reason: Text | None

    def check(self) -> None:
        """Hold that dissent has a reason.

        Raises:
            Malformed: ``concurrence.reason``.
        """
        if self.reason is not None:
            require_text(self.reason, "reason", REASON_CHARACTERS_MAX)
        elif self.position == "dissent":
            raise Malformed("concurrence.reason", "Who dissents says why.", field="reason")


TRANSLATION = Kind("translation", 1, NUMBER, Translation, "Translation")
ASSESSMENT = Kind("assessment", 1, NUMBER, Assessment, "Assessment")
CONCURRENCE = Kind("concurrence", 1, NUMBER, Concurrence, "Position on an assessment")


def rule_analysis(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """Rule on a translation, an attachment, an assessment or a position on one.

    Raises:
        Malformed: a field holds what it cannot.
        Refused: ``intelligence.thread``, ``intelligence.pass_on``, ``concurrence.…``.
    """
    if isinstance(act, Concurrence):
        act.check()
        _require_assessment(act, thread)
        return
    assert isinstance(act, (Translation, Assessment, Attachment, Leave))
    act.check()
    if act.thread is not None or act.refers:
        raise Refused("intelligence.begins", "A {kind} begins a thread of its own and refers to nothing.",
                      kind=act.kind, field="refers")
    of = None if isinstance(act, Assessment) else act.of
    if of is not None and common.own is not None:
        (_require_own if isinstance(act, Leave) else _require_leave)(act, of, common, charter)


def _require_assessment(act: Concurrence, thread: Thread) -> None:
    first = thread.acts[0] if thread.acts else None
    if first is None or not isinstance(first.act, Assessment) or act.refers != (first.id,):
        raise Refused("concurrence.of", "A position answers one assessment that stands.", field="refers")
    if act.author == first.act.author:
        raise Refused("concurrence.author", "{author} has said its position by assessing.", author=act.author,
                      field="refers")
    require_standing(thread)


def require_standing(thread: Thread) -> None:
    """Hold that what a thread begins with was not recalled.

    Raises:
        Refused: ``intelligence.recalled``.
    """
    if any(said.act.kind == "recall" and said.void is None for said in thread.acts):
        raise Refused("intelligence.recalled", "The report was recalled; say a new one.", field="refers")


def _origin(act: Act, of: str, common: Common) -> tuple[str, tuple[str, ...], str]:
    assert common.own is not None
    found: tuple[str, tuple[str, ...], str] | None = common.own("intelligence", "origin", act_id=of)
    if found is None:
        raise Refused("act.absent", "{member} can read no act {given}.", member=act.author, given=of[:12], field="of")
    return found


def _require_own(act: Act, of: str, common: Common, charter: Charter) -> None:
    """At the speaker's own cell: leave is given for what it said itself."""
    author, _, _ = _origin(act, of, common)
    if author != act.author:
        raise Refused("leave.author", "Only {author}, whose act it is, gives leave for it.", author=author, field="of")


def _require_leave(act: Act, of: str, common: Common, charter: Charter) -> None:
    """At the speaker's own cell: what it translates or adds to it can read, and goes to nobody to whom that may not be
    passed."""
    assert common.own is not None
    author, release, handling = _origin(act, of, common)
    beyond = sorted({*act.release} - {*release})
    if not beyond or author == act.author:
        return
    passes = next((h.pass_on for h in charter.handling if h.code == handling), "never")
    if passes == "leave" and common.own("intelligence", "leave", act_id=of, author=author, use="pass_on"):
        return
    if passes != "free":
        raise Refused("intelligence.pass_on", "The handling of the original does not let it be passed on to {codes}.",
                      codes=beyond, field="release")


def positions(acts: tuple[Said, ...]) -> dict[str, Concurrence]:
    """The last position of each member on the assessment that a thread begins with."""
    return {said.act.author: said.act for said in acts if isinstance(said.act, Concurrence) and said.void is None}
