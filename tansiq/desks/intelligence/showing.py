"""What the intelligence desk shows beside its lists: where a thread stands, and positions that are awaited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from tansiq.acts import Text
from tansiq.cell.registers import ActQuery
from tansiq.cell.views import Look, Need, Offer, Panel, Sentence, Showing
from tansiq.desks.intelligence.acts import Report
from tansiq.desks.intelligence.analysis import Assessment, Translation, positions

_AWAITED_MAX = 200
GRADED = Sentence("The source is graded {reliability}, the information {credibility}; each stands for itself.")
STANDS = Sentence("It stands as {author} said it.")
CORRECTED = Sentence("{author} has corrected it; the last correction stands.")
RECALLED = Sentence("{author} has recalled it. It stays readable, and no longer stands.")
ALL_SPOKE = Sentence("Every member that can read it has said its position.")
AWAITED = Sentence("No position yet from {codes}; silence is neither concurrence nor dissent.")
TRANSLATES = Sentence("These are the words of another act in another language. Only the original counts.")
ASKED = Sentence("{author} assesses this, and asks whether you concur or dissent.")


class Stand(msgspec.Struct, frozen=True):
    """One member's position on an assessment."""

    member: str
    position: str
    reason: Text | None


class Standing(msgspec.Struct, frozen=True):
    """Where a thread stands: whole sentences, the positions taken, and the act that is translated (its id)."""

    sentences: tuple[Sentence, ...]
    stands: tuple[Stand, ...] = ()
    awaited: tuple[str, ...] = ()
    translates: str | None = None


def standing(look: Look, rows: Sequence[Any]) -> Standing | None:
    """Say where a report, an assessment or a translation stands."""
    act = rows[0].act
    if isinstance(act, Translation):
        return Standing((TRANSLATES,), translates=act.of)
    said = {"standing": STANDS, "corrected": CORRECTED, "recalled": RECALLED}.get(rows[0].standing)
    if said is None:
        return None
    first = Sentence(said.text, {"author": act.author})
    if isinstance(act, Report):
        return Standing((first, Sentence(GRADED.text, {"reliability": act.source_reliability,
                                                       "credibility": act.information_credibility})))
    taken = positions(rows)  # type: ignore[arg-type]  # a row has the act and the void code, as what was said has
    awaited = tuple(code for code in act.release if code != act.author and code not in taken
                    and look.charter.member(code) is not None)
    how = Sentence(AWAITED.text, {"codes": list(awaited)}) if awaited else ALL_SPOKE
    return Standing((first, how), tuple(Stand(code, one.position, one.reason) for code, one in sorted(taken.items())),
                    awaited)


def needs(look: Look) -> list[Need]:
    """Assessments of others on which this member has said no position."""
    found = []
    for row in look.find(ActQuery(desk="intelligence", kinds=("assessment",), standing="standing", limit=_AWAITED_MAX)):
        if row.author != look.member and look.member not in positions(look.thread(row.thread)):  # type: ignore[arg-type]
            found.append(Need(sentence=Sentence(ASKED.text, {"author": row.author}), act=row.id, title=row.title,
                              lang=row.lang, precedence=row.precedence, since_ms=row.time))
    return found


def offers(look: Look, rows: Sequence[Any]) -> list[Offer]:
    """What may be said next: an author corrects and recalls its own, others take a position."""
    first, ours = rows[0], rows[0].author == look.member
    over = Sentence(RECALLED.text, {"author": first.author}) if first.standing == "recalled" else None
    if isinstance(first.act, Assessment) and not ours:
        return [Offer(kind="concurrence", to=first.id, why=over)]
    if not ours or isinstance(first.act, Translation):
        return []
    kinds = ("correction", "recall") if isinstance(first.act, Report) else ("recall",)
    return [Offer(kind=kind, to=first.id, why=over) for kind in kinds]


SHOWING = Showing(templates="tansiq.desks.intelligence", panel=Panel("standing.html", Standing, standing), needs=needs,
                  offers=offers)
