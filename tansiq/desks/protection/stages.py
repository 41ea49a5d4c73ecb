"""At which stage an incident is, since when, who owes what, and how it ended. Nothing closes silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tansiq.cell.registers import ActRow
from tansiq.cell.views import Look, Sentence
from tansiq.desks.protection.incident import Finding, FindingAnswer, Inquiry, Outcome

OUTCOME_TITLES: Mapping[Outcome, str] = {
    "established": "Established", "not_established": "Not established", "open": "Left open",
}
_INQUIRY = Sentence("An inquiry: its own, or another's.")
_FINDING = Sentence("A finding.")
_WORD = Sentence("Its word on the finding: that it concurs, or why it dissents.")
Stage = Literal["no_inquiry", "inquiry", "answers", "ended"]


@dataclass(frozen=True, slots=True)
class Case:
    """An incident and what stands in its thread: the inquiry that was opened last, the finding that was told after it,
    and what was said of that finding, each speaker's word once."""

    first: ActRow
    inquiry: ActRow | None
    finding: ActRow | None
    words: Mapping[str, ActRow]


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a case stands: its stage and since when (UTC ms), all of it in one sentence; whom it waits for, for what
    (None: for nothing more), until when (None: nobody said), and whether that is past."""

    stage: Stage
    since_ms: int
    sentence: Sentence
    waits_for: tuple[str, ...] = ()
    owed: Sentence | None = None
    until_ms: int | None = None
    late: bool = False


def case_of(rows: Sequence[ActRow]) -> Case:
    """Read the thread of an incident; what is void counts for nothing."""
    inquiry = finding = None
    words: dict[str, ActRow] = {}
    for row in rows:
        if row.void is None and isinstance(row.act, Inquiry):
            inquiry, finding, words = row, None, {}
        elif row.void is None and isinstance(row.act, Finding):
            finding, words = row, {}
        elif row.void is None and isinstance(row.act, FindingAnswer):
            words[row.author] = row
    return Case(rows[0], inquiry, finding, words)


def _missing_of(look: Look, case: Case) -> tuple[str, ...]:
    """Members that have not said what they think of the finding. Nobody waits for one that is suspended: it may not
    speak. A partner's word is shown, and not waited for."""
    assert case.finding is not None
    return tuple(code for code in speaking(look) if code != case.finding.author and code not in case.words)


def stand_of(look: Look, case: Case) -> Stand:
    """Where a case stands now."""
    if case.inquiry is None:
        return _untouched(look, case)
    if case.finding is None:
        return _inquired(look, case.inquiry)
    missing = _missing_of(look, case)
    fields = {"author": case.finding.author, "outcome": outcome_of(case.finding)}
    if missing:
        sentence = Sentence("{author} has told its finding ({outcome}); {missing} have not said yet what they think of "
                            "it.", {**fields, "missing": missing})
        return Stand("answers", case.finding.time, sentence, missing, _WORD)
    ended = max([case.finding.time, *(row.time for code, row in case.words.items() if code in _members(look))])
    against = tuple(code for code, row in case.words.items() if _dissents(row))
    fields["ended_ms"] = ended
    return Stand("ended", ended,
                 Sentence("It ended at {ended_ms}. {author} found: {outcome}. Dissent: {against}.",
                          {**fields, "against": against}) if against else
                 Sentence("It ended at {ended_ms}. {author} found: {outcome}. Nobody dissents.", fields))


def outcome_of(finding: ActRow) -> Sentence:
    """How a finding came out, as a part of a sentence."""
    assert isinstance(finding.act, Finding)
    return Sentence(OUTCOME_TITLES[finding.act.outcome])


def barred(look: Look, case: Case, kind: str) -> Sentence | None:
    """Why nobody may say a kind in this thread: a partner reads it, and the charter does not let it exchange the kind.
    """
    for partner in look.charter.partners:
        if partner.code in case.first.release and kind not in partner.exchanges:
            return Sentence("{code} reads this, and the charter lets it exchange no {kind}.",
                            {"code": partner.code, "kind": kind})
    return None


def _untouched(look: Look, case: Case) -> Stand:
    """Whoever told of an incident sees to it that somebody inquires; of a partner's incident every member does."""
    author = case.first.author
    waits = (author,) if author in _members(look) else speaking(look)
    sentence = barred(look, case, "inquiry") or Sentence("Nobody looks into it yet.")
    return Stand("no_inquiry", case.first.time, sentence, waits, _INQUIRY)


def _inquired(look: Look, inquiry: ActRow) -> Stand:
    assert isinstance(inquiry.act, Inquiry)
    due, fields = inquiry.act.due, {"author": inquiry.author, "due_ms": inquiry.act.due}
    if inquiry.author in look.in_force(look.now).suspended:
        sentence = Sentence("{author} looks into it, and is suspended: another may open an inquiry.", fields)
        return Stand("inquiry", inquiry.time, sentence, speaking(look), _INQUIRY, due, late=True)
    late = look.now > due
    sentence = (Sentence("{author} looks into it, and wanted to tell by {due_ms}: that is past, and another may open "
                         "an inquiry.", fields) if late else
                Sentence("{author} looks into it, and will tell by {due_ms}.", fields))
    return Stand("inquiry", inquiry.time, sentence, (inquiry.author,), _FINDING, due, late)


def _members(look: Look) -> tuple[str, ...]:
    return tuple(member.code for member in look.charter.members)


def speaking(look: Look) -> tuple[str, ...]:
    """Members that may speak: those that are not suspended."""
    suspended = look.in_force(look.now).suspended
    return tuple(code for code in _members(look) if code not in suspended)


def _dissents(row: ActRow) -> bool:
    return isinstance(row.act, FindingAnswer) and row.act.position == "dissents"
