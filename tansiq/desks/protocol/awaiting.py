"""What the protocol desk waits for: minutes to write and to answer, what may be said next, and the calendar's dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tansiq.cell.registers import ActRow
from tansiq.cell.views import Date, Look, Need, Offer, Sentence
from tansiq.desks.protocol.acts import Minutes, MinutesAnswer, Planned, Rearrangement
from tansiq.desks.protocol.register import CALLED_OFF, EventRow
from tansiq.desks.protocol.rule import sides

DAY_MS = 86_400_000
MINUTES_WITHIN_DAYS = 14
DATED_DAYS = 92


def needs(look: Look) -> list[Need]:
    """Minutes of this member's meetings that nobody wrote, and minutes of others that wait for its word."""
    return [*_unwritten(look), *_unanswered(look)]


def _unwritten(look: Look) -> Iterator[Need]:
    for row in look.ask("protocol", "events", ending_after=look.now - MINUTES_WITHIN_DAYS * DAY_MS):
        act = look.act(row.act)
        if row.ends_at <= look.now and row.state != CALLED_OFF and not row.minutes and act.author == look.member:
            yield Need(sentence=Sentence("It is over since {ends_ms}: write the minutes.", {"ends_ms": row.ends_at}),
                       act=row.act, title=act.title, lang=act.lang, precedence=act.precedence, since_ms=row.ends_at)


def _unanswered(look: Look) -> Iterator[Need]:
    for minutes, author, named in look.ask("protocol", "unanswered"):
        row = look.act(minutes)
        if look.member in named:
            yield Need(sentence=Sentence("Minutes of {author} wait for your word: agree, reserve or contest.",
                                         {"author": [author]}), act=minutes, title=row.title, lang=row.lang,
                       precedence=row.precedence, since_ms=row.time)


def dates(look: Look) -> list[Date]:
    """Meetings and visits that stand, of the last three months and of all that lies ahead."""
    found = []
    for row in look.ask("protocol", "events", ending_after=look.now - DATED_DAYS * DAY_MS):
        if row.state != CALLED_OFF:
            found.append(Date(uid=row.act, sentence=_dated(row, look.act(row.act)), from_ms=row.begins_at,
                              until_ms=row.ends_at, act=row.act, place=row.place_name))
    return found


def _dated(row: EventRow, act: ActRow) -> Sentence:
    if row.kind == "visit":
        return Sentence("Visit: {title}", {"title": act.title})
    return Sentence("Meeting: {title}", {"title": act.title})


def offers(look: Look, rows: Sequence[ActRow]) -> list[Offer]:
    """What may be said next in a thread of this desk, and why not."""
    first = rows[0]
    if first.void is not None or not isinstance(first.act, Planned):
        return []
    said = [row for row in rows if row.void is None]
    off = any(isinstance(row.act, Rearrangement) and row.act.change == CALLED_OFF for row in said)
    mine = look.member in sides(first.act)
    made = [Offer(kind="minutes", to=first.id, why=_no_minutes(look, off, mine)),
            Offer(kind="rearrangement", to=first.id, why=_no_rearrangement(look, off, first))]
    answered = {row.act.refers[0] for row in said if isinstance(row.act, MinutesAnswer) and row.author == look.member}
    made += [Offer(kind="minutes_answer", to=row.id) for row in said
             if isinstance(row.act, Minutes) and mine and row.author != look.member and row.id not in answered]
    return made


def _no_minutes(look: Look, off: bool, mine: bool) -> Sentence | None:
    if not mine:
        return Sentence("Minutes are written by those who took part.")
    return Sentence("It was called off.") if off else None


def _no_rearrangement(look: Look, off: bool, first: ActRow) -> Sentence | None:
    if first.author != look.member:
        return Sentence("Only {author} moves it or calls it off.", {"author": [first.author]})
    return Sentence("It was called off.") if off else None
