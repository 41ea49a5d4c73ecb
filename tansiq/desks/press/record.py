"""What a member's cell can prove, gathered for the answer to a claim from the questions of other desks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tansiq.cell.registers import ActQuery, ActRow
from tansiq.cell.views import Look
from tansiq.desks.press.acts import Claim
from tansiq.desks.press.deciding import Fact, Known, Met
from tansiq.errors import Malformed

AHEAD_MS = 120_000
"""A cosigner refuses an entry whose time lies so far before its cosignature: up to there nothing can still come."""
ACTS_MAX = 10_000


def gather(look: Look, claim: Claim) -> Known:
    """Collect what *look* can prove of a claim."""
    charter = look.in_force(claim.before).charter
    requests = consents = None
    if _has(look, "support", "counts", now=look.now):
        asker = {"asked": claim.subject, "not_received": claim.other}.get(claim.form)
        requests = [] if asker is None else _requests(look, asker)
        consents = _consents(look, claim.subject) if claim.form == "consented" else []
    meetings = None
    if _has(look, "protocol", "events"):
        meetings = _meetings(look, claim) if claim.form == "met" else []
    return Known(look.member, charter, look.settled.at - AHEAD_MS, requests, consents, meetings)


def _has(look: Look, desk: str, query: str, **args: Any) -> bool:
    try:
        look.ask(desk, query, **args)
    except Malformed as error:
        if error.code == "query.unknown":
            return False
        raise
    return True


def _of_kind(look: Look, kind: str, author: str) -> Sequence[ActRow]:
    return look.find(ActQuery(desk="support", kinds=(kind,), author=author, limit=ACTS_MAX))


def _requests(look: Look, asker: str) -> list[Fact]:
    return [Fact(row.id, row.author, tuple(row.act.asked_of), row.act.support, row.time,  # type: ignore[attr-defined]
                 row.index < look.settled.size) for row in _of_kind(look, "request", asker)]


def _consents(look: Look, giver: str) -> list[Fact]:
    found = []
    for row in _of_kind(look, "consent", giver):
        request = look.act(row.thread)
        found.append(Fact(row.id, row.author, (request.author,), request.act.support, row.time,
                          row.index < look.settled.size))
    return found


def _meetings(look: Look, claim: Claim) -> list[Met]:
    since, size = claim.since if claim.since is not None else 0, look.settled.size
    sides = frozenset({claim.subject, claim.other or ""})
    found = []
    for row in look.ask("protocol", "met", one=claim.subject, other=claim.other, since=since, until=claim.before):
        answer = "agreed" if row.answer == "reserved" else row.answer
        acts = (row.minutes,) if row.answer_act is None else (row.minutes, row.answer_act)
        settled = row.index < size and (row.answer_index is None or row.answer_index < size)
        found.append(Met(acts, row.author, sides, row.began_at, row.ended_at, answer, settled))
    return found
