"""What the press desk shows: statements with their claims answered from the record, and lines with their approvals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from tansiq.acts import Text
from tansiq.cell.registers import ActRow
from tansiq.cell.views import Look, Need, Offer, Panel, Sentence, Showing, View
from tansiq.charter import Charter, term_of
from tansiq.desks.press.acts import Approval, Claim, Line, Statement
from tansiq.desks.press.deciding import REASONS, Answer, decide
from tansiq.desks.press.record import gather
from tansiq.wire import month_of, write_instant, write_month

CLAIMS: Mapping[str, str] = {
    "asked": "{subject} asked {other} for {support} before {before_ms}.",
    "not_received": "{subject} had received no request for {support} from {other} before {before_ms}.",
    "consented": "{subject} had consented to a request for {support} of {other} before {before_ms}.",
    "consented_any": "{subject} had consented to a request for {support} of any member before {before_ms}.",
    "met": "{subject} and {other} met between {since_ms} and {before_ms}.",
    "party": "{subject} was a member of the centre at {before_ms}.",
}
VERDICTS: Mapping[str, str] = {"supported": "The record supports it.", "contradicted": "The record contradicts it.",
                               "undecidable": "The record here leaves it open."}
LINES: Mapping[str, str] = {"open": "A line to take; {awaited} have not answered yet.",
                            "approved": "A line to take; all members who can read it have approved it.",
                            "withheld": "A line to take; {withheld} withhold their approval."}
ANY_SUPPORT = Sentence("support of any kind")
MONTHS_MAX = 24
"""Over so many months, the newest, certificates of absence are offered with a claim."""


class Shown(msgspec.Struct, frozen=True):
    """An act that an answer rests on: its id and how people name it."""

    act: str
    reference: str


class Absent(msgspec.Struct, frozen=True):
    """A question of absence: no request from ``author`` to ``to`` in a ``month`` (``2015-10``), about ``topic``.

    In the claim's own month only what was ordered ``before`` (``2015-10-06T06:00:00.000Z``) is asked about.
    """

    author: str
    to: str
    month: str
    topic: str | None
    before: str | None


class Proof(msgspec.Struct, frozen=True):
    """A file that proves an answer to outsiders: of an act, whole or its label alone, or of an ``absence``.

    ``command`` writes it; it is the command line's.
    """

    act: Shown | None
    label_only: bool
    absence: Absent | None
    command: str


class ClaimShown(msgspec.Struct, frozen=True):
    """A claim and the answer of this member's record: ``supported``, ``contradicted`` or ``undecidable``, and why."""

    act: str
    author: str
    sentence: Sentence
    verdict: str
    answer: Sentence
    reason: Sentence
    rests_on: tuple[Shown, ...]
    proofs: tuple[Proof, ...]


class StatementShown(msgspec.Struct, frozen=True):
    """A statement with its claims."""

    act: str
    title: Text
    speaker: str
    anonymous: bool
    of: str | None
    said_on: int
    reported_on: int | None
    outlet: str
    claims: tuple[ClaimShown, ...]


class Statements(msgspec.Struct, frozen=True):
    """Statements, those said last first."""

    sentence: Sentence
    statements: tuple[StatementShown, ...]


class LineShown(msgspec.Struct, frozen=True):
    """A line to take: who approved it, who withholds, who has not answered."""

    act: str
    title: Text
    author: str
    sentence: Sentence
    approved: tuple[str, ...]
    withheld: tuple[str, ...]
    awaited: tuple[str, ...]


class Lines(msgspec.Struct, frozen=True):
    """Lines to take, the newest first."""

    sentence: Sentence
    lines: tuple[LineShown, ...]


class Standing(msgspec.Struct, frozen=True):
    """Where a thread of this desk stands: a statement with its claims, or a line with its approvals."""

    sentence: Sentence
    statement: StatementShown | None = None
    line: LineShown | None = None


def show_statements(look: Look) -> Statements:
    """All statements that this member can read, each claim answered from its own record."""
    found = tuple(_statement(look, look.thread(act)) for act in look.ask("press", "threads", kind="statement"))
    return Statements(Sentence("Statements in public, their claims answered from the record of {member}: {count}.",
                               {"member": _name(look.charter, look.member), "count": len(found)}), found)


def show_lines(look: Look) -> Lines:
    """All lines to take."""
    found = tuple(_line(look, look.act(act)) for act in look.ask("press", "threads", kind="line"))
    return Lines(Sentence("Lines to take: {count}.", {"count": len(found)}), found)


def show_standing(look: Look, rows: Sequence[ActRow]) -> Standing | None:
    """Where a thread of this desk stands."""
    first = rows[0]
    if first.void is not None:
        return None
    if isinstance(first.act, Statement):
        shown = _statement(look, rows)
        return Standing(Sentence("Claims answered from the record of {member}: {count}.", {
            "member": _name(look.charter, look.member), "count": len(shown.claims)}), shown)
    line = _line(look, first)
    return Standing(line.sentence, None, line)


def _statement(look: Look, rows: Sequence[ActRow]) -> StatementShown:
    act = rows[0].act
    assert isinstance(act, Statement), "the register names only what was folded"
    claims = tuple(answered(look, row, row.act) for row in rows if row.void is None and isinstance(row.act, Claim))
    return StatementShown(rows[0].id, act.title, act.speaker, act.anonymous, act.of, act.said_on, act.reported_on,
                          act.outlet, claims)


def answered(look: Look, row: ActRow, claim: Claim) -> ClaimShown:
    """A claim with its answer from what this member's cell can prove."""
    known = gather(look, claim)
    answer = decide(claim, known)
    reason = Sentence(REASONS[answer.reason], {"complete_ms": known.complete_to,
                                               "reader": _name(look.charter, look.member)})
    rests = tuple(Shown(act, look.act(act).reference) for act in answer.acts)
    return ClaimShown(row.id, row.author, claim_sentence(look.charter, claim), answer.verdict,
                      Sentence(VERDICTS[answer.verdict]), reason, rests,
                      tuple(_proofs(look, claim, answer, rests)))


def claim_sentence(charter: Charter, claim: Claim) -> Sentence:
    """Say a claim in its fixed form."""
    support = charter.support_of(claim.support) if claim.support is not None else None
    form = "consented_any" if claim.form == "consented" and claim.other is None else claim.form
    return Sentence(CLAIMS[form], {
        "subject": _name(charter, claim.subject), "other": _name(charter, claim.other or ""),
        "support": ANY_SUPPORT if support is None else dict(support.name), "since_ms": claim.since or 0,
        "before_ms": claim.before})


def _proofs(look: Look, claim: Claim, answer: Answer, rests: Sequence[Shown]) -> Iterator[Proof]:
    """The files that prove an answer to outsiders, where there are some."""
    cell = f"--data DIR --cell {look.member}"
    for one in rests:
        label_only = _is_airborne(look, one.act)
        label = " --label-only" if label_only else ""
        yield Proof(one, label_only, None, f'tansiq disclose "{one.reference}" {cell}{label} --output FILE')
    if answer.reason == "unsaid" and claim.form in ("asked", "not_received") and claim.other is not None:
        asker, asked = ((claim.subject, claim.other) if claim.form == "asked" else (claim.other, claim.subject))
        about = f" --topic {claim.support}" if claim.support is not None else ""
        first, last = month_of(term_of(look.charter, 1).from_ms), month_of(claim.before - 1)
        for month in range(last, max(first, last + 1 - MONTHS_MAX) - 1, -1):
            until = write_instant(claim.before) if month == last else None
            shown = f" --before {until}" if until is not None else ""
            yield Proof(None, False, Absent(asker, asked, write_month(month), claim.support, until), (
                f"tansiq absence {cell} --from {asker} --to {asked} --month {write_month(month)} --desk support"
                f" --kind request{about}{shown} --output FILE"))


def _is_airborne(look: Look, act: str) -> bool:
    """Whether an act is about support from the air: its place leaves in no file, so its label alone is shown."""
    first = look.act(look.act(act).thread)
    support = look.charter.support_of(getattr(first.act, "support", None) or "")
    return support is not None and support.airborne


def _line(look: Look, row: ActRow) -> LineShown:
    act = row.act
    assert isinstance(act, Line), "the register names only what was folded"
    said = look.ask("press", "approvals", line=row.id)
    others = [code for code in row.release if code != row.author]
    approved = (row.author, *(code for code in others if said.get(code) == "approved"))
    withheld = tuple(code for code in others if said.get(code) == "withheld")
    awaited = tuple(code for code in others if code not in said)
    state = "withheld" if withheld else "open" if awaited else "approved"
    return LineShown(row.id, act.title, row.author, Sentence(LINES[state], {
        "awaited": list(awaited), "withheld": list(withheld)}), approved, withheld, awaited)


def _name(charter: Charter, code: str) -> Mapping[str, str] | str:
    return next((dict(party.name) for party in charter.parties if party.code == code), code)


def needs(look: Look) -> list[Need]:
    """Lines to take that wait for this member's approval."""
    found = []
    for act in look.ask("press", "threads", kind="line"):
        row = look.act(act)
        if row.author != look.member and look.member not in look.ask("press", "approvals", line=act):
            found.append(Need(sentence=Sentence("{author} proposes a line to take: approve it, or withhold.",
                                                {"author": [row.author]}), act=act, title=row.title, lang=row.lang,
                              precedence=row.precedence, since_ms=row.time))
    return found


def offers(look: Look, rows: Sequence[ActRow]) -> list[Offer]:
    """A claim under a statement; an approval under a line, once."""
    first = rows[0]
    if first.void is not None:
        return []
    if isinstance(first.act, Statement):
        return [Offer(kind="claim", to=first.id)]
    why = None
    if first.author == look.member:
        why = Sentence("You proposed it.")
    elif any(isinstance(row.act, Approval) and row.void is None and row.author == look.member for row in rows):
        why = Sentence("You have answered.")
    return [Offer(kind="approval", to=first.id, why=why)]


SHOWING = Showing(
    templates="tansiq.desks.press",
    views=(View("statements", "Statements", "speakerphone", "statements.html", Statements, show_statements),
           View("lines", "Lines to take", "message-2-check", "lines.html", Lines, show_lines)),
    panel=Panel("standing.html", Standing, show_standing), needs=needs, offers=offers)
