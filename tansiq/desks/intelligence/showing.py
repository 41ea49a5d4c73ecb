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
from tansiq.languages.normalise import index_terms

_AWAITED_MAX = 200
ALIKE_MAX = 50
NEAR_DEGREES = 0.1
NEAR_MS = 12 * 3_600_000
SPOT_E7 = 200_000
"""About two kilometres of latitude, in degrees × 10⁷."""
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
    """Where a thread stands: whole sentences, the positions taken, the act that is translated (its id), and reports
    that may tell of the same (references, in the journal's order): a hint, and never more."""

    sentences: tuple[Sentence, ...]
    alike: tuple[str, ...] = ()
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
        graded = Sentence(GRADED.text, {"reliability": act.source_reliability,
                                        "credibility": act.information_credibility})
        return Standing((first, graded), alike=alike(look, rows[0]))
    if not isinstance(act, Assessment):
        return Standing((first,))
    taken = positions(rows)  # type: ignore[arg-type]  # a row has the act and the void code, as what was said has
    awaited = tuple(code for code in act.release if code != act.author and code not in taken
                    and look.charter.member(code) is not None)
    how = Sentence(AWAITED.text, {"codes": list(awaited)}) if awaited else ALL_SPOKE
    stands = tuple(Stand(code, one.position, one.reason) for code, one in sorted(taken.items()))
    return Standing((first, how), stands=stands, awaited=awaited)


def alike(look: Look, row: Any) -> tuple[str, ...]:
    """Reports that stand and may tell of the same: near in time and place, and at the same spot or in like words."""
    if row.when is None or not row.places:
        return ()
    (lat, lon), (since, until) = row.places[0], row.when
    box = (max(lon / 1e7 - NEAR_DEGREES, -180.0), max(lat / 1e7 - NEAR_DEGREES, -90.0),
           min(lon / 1e7 + NEAR_DEGREES, 180.0), min(lat / 1e7 + NEAR_DEGREES, 90.0))
    found = look.find(ActQuery(desk="intelligence", kinds=("report",), standing="standing", box=box,
                               after=since - NEAR_MS, before=until + NEAR_MS, limit=ALIKE_MAX))
    words = _words(row)
    return tuple(other.reference for other in reversed(found) if other.thread != row.thread and (
        _same_spot(row, other) or len(words & _words(other)) * 2 > min(len(words), len(_words(other)))))


def _same_spot(one: Any, other: Any) -> bool:
    apart = max(abs(a - b) for a, b in zip(one.places[0], other.places[0], strict=True))
    return bool(apart <= SPOT_E7 and one.when[0] <= other.when[1] and other.when[0] <= one.when[1])


def _words(row: Any) -> set[str]:
    return set(index_terms(row.title, row.lang).split())


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
