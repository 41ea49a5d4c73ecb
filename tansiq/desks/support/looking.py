"""From a look to a case: what pages, lists and needs read of a request, by the same state that rules read."""

from __future__ import annotations

from collections.abc import Sequence

from tansiq.cell.desk import Common, Said
from tansiq.cell.registers import ActRow
from tansiq.cell.views import Look
from tansiq.desks.support.case import NEAR_M, Case
from tansiq.desks.support.register import RequestRow, WaitRow
from tansiq.desks.support.waiting import Stand, stand
from tansiq.geo import Place


def case_of(look: Look, rows: Sequence[ActRow]) -> Case | None:
    """The case of a thread as this cell knows it now; None where it begins with no request that stands."""
    said = [Said(row.id, row.index, row.position, row.time, row.act, row.void, row.article, row.seen) for row in rows]
    common = Common(look.now, said[-1].index + 1 if said else 0, settled=look.settled, ask=look.ask,
                    territories=look.territories)
    return Case.of(said, look.charter, common)


def moved_threads(look: Look) -> dict[str, tuple[Case, Stand]]:
    """Open requests that stand otherwise than they were folded, because what lies near them has changed since, or
    the charter: each thread with its case and how it stands now."""
    found: dict[str, tuple[Case, Stand]] = {}
    for thread, other, near in look.ask("support", "moved", charter=look.charter, now=look.now):
        if other or any(_version(look, place, span) != version for place, span, version in near):
            case = case_of(look, look.thread(thread))
            if case is not None:
                found[thread] = (case, stand(case))
    return found


def _version(look: Look, place: Place, span: tuple[int, int]) -> int:
    return int(look.ask("protection", "surroundings", place=place, span=span, reach_m=NEAR_M).version)


def waiting_rows(look: Look) -> list[WaitRow]:
    """All for which this member is awaited now."""
    moved = moved_threads(look)
    rows = [row for row in look.ask("support", "waits", member=look.member, now=look.now) if row.thread not in moved]
    for thread, (case, found) in moved.items():
        asked = case.story.asked
        rows += [WaitRow(thread, wait.what, wait.act, wait.since_ms, wait.until_ms, wait.role, wait.sentence,
                         asked.title.text, asked.title.lang, asked.precedence)
                 for wait in found.waits if wait.member == look.member]
    return rows


def request_rows(look: Look, states: tuple[str, ...], *, limit: int, offset: int) -> list[RequestRow]:
    """A page of requests, each as it stands now."""
    moved = moved_threads(look)
    rows = look.ask("support", "requests", now=look.now, states=states, limit=limit, offset=offset)
    return [_renewed(row, moved[row.act][1]) if row.act in moved else row for row in rows]


def _renewed(row: RequestRow, found: Stand) -> RequestRow:
    awaited = tuple(sorted({wait.member for wait in found.waits}))
    return RequestRow(row.act, row.asker, row.to, row.support, row.title, row.lang, row.precedence, row.asked_at,
                      row.needed_from, row.needed_until, row.answer_by, found.state, found.sentence, awaited)


