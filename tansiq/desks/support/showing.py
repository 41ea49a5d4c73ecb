"""What the support desk shows: requests by state, where each stands, what needs a person, dates."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tansiq.acts import PRECEDENCES, Precedence
from tansiq.cell.views import Date, Look, Need, Panel, Sentence, Showing, View
from tansiq.desks.support.looking import request_rows, waiting_rows
from tansiq.desks.support.offers import offers
from tansiq.desks.support.panel import RequestPanel, show_panel
from tansiq.desks.support.register import RequestRow
from tansiq.desks.support.waiting import ENDED, STATE_TITLES, State
from tansiq.errors import Malformed

PAGE = 50
OFFSET_MAX = 1_000_000


class StateCount(msgspec.Struct, frozen=True):
    """How many requests stand in a state now; ``title`` is a message id."""

    state: State
    title: str
    count: int


class Requests(msgspec.Struct, frozen=True):
    """Requests by state: the states that there are, and one page of those asked for, what changed last first."""

    sentence: Sentence
    states: tuple[StateCount, ...]
    requests: tuple[RequestRow, ...]
    offset: int
    more: bool


def show_requests(look: Look) -> Requests:
    """Requests in one state (``standing``), or all that are open."""
    counts = look.ask("support", "counts", now=look.now)
    asked = look.params.get("standing") or ""
    if asked and asked not in STATE_TITLES:
        raise Malformed("request.state", "A request stands in one of {known}, not {given}.",
                        known=", ".join(STATE_TITLES), given=repr(asked[:40]), field="standing")
    states = (asked,) if asked else tuple(state for state in STATE_TITLES if state not in ENDED)
    offset = _offset(look.params.get("offset") or "0")
    rows = request_rows(look, states, limit=PAGE + 1, offset=offset)
    open_ = sum(count for state, count in counts.items() if state not in ENDED)
    return Requests(Sentence("Open requests that {who} can read: {count}.", {"who": look.member, "count": open_}),
                    tuple(StateCount(state, title, counts[state]) for state, title in STATE_TITLES.items()
                          if state in counts), tuple(rows[:PAGE]), offset, len(rows) > PAGE)


def _offset(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= OFFSET_MAX):
        raise Malformed("request.offset", "A page begins at a whole number, not {given}.", given=repr(text[:40]),
                        field="offset")
    return int(text)


def needs(look: Look) -> list[Need]:
    """All for which this member is awaited now. What must stop is at least immediate."""
    return [Need(sentence=row.sentence, act=row.act, title=row.title, lang=row.lang,
                 precedence=_urgent(row.precedence) if row.what == "stop" else row.precedence, since_ms=row.since_ms,
                 until_ms=row.due_ms, role=row.role) for row in waiting_rows(look)]


def _urgent(precedence: Precedence) -> Precedence:
    return PRECEDENCES[max(PRECEDENCES.index(precedence), PRECEDENCES.index("immediate"))]


def dates(look: Look) -> Sequence[Date]:
    """When an answer is due, and for when support is needed, of every open request."""
    found: list[Date] = []
    for act, asker, _, answer_by, since, until in look.ask("support", "open_until", after=look.now):
        if answer_by > look.now:
            found.append(Date(uid=f"{act}-answer", sentence=Sentence("{asker} waits for an answer until then.",
                                                                     {"asker": asker}),
                              from_ms=answer_by, until_ms=answer_by, act=act))
        found.append(Date(uid=f"{act}-needed", sentence=Sentence("{asker} asked support for this time.",
                                                                 {"asker": asker}),
                          from_ms=since, until_ms=until, act=act))
    return found


SHOWING = Showing(
    templates="tansiq.desks.support",
    views=(View("requests", "Requests", "heart-handshake", "requests.html", Requests, show_requests,
                takes=("standing", "offset")),),
    panel=Panel("request.html", RequestPanel, show_panel), needs=needs, dates=dates, offers=offers)
