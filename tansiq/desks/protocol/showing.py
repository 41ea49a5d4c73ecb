"""What the protocol desk shows: meetings and visits by time, and where each stands with who takes part."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import msgspec

from tansiq.acts import Text
from tansiq.cell.registers import ActRow
from tansiq.cell.views import Look, Panel, Sentence, Showing, View
from tansiq.desks.protocol.acts import Minutes, MinutesAnswer, Planned, Visit
from tansiq.desks.protocol.awaiting import dates, needs, offers
from tansiq.desks.protocol.register import CALLED_OFF, HELD, EventRow

SENTENCES = {
    "ahead": "It lies ahead: from {begins_ms} until {ends_ms}.",
    "moved": "It was moved: now from {begins_ms} until {ends_ms}.",
    "running": "It is being held until {ends_ms}.",
    "called_off": "It was called off.",
    "unwritten": "It is over since {ends_ms}; nobody has written minutes.",
    "held": "It was held, by the minutes of {authors}.",
    "not_held": "It was not held, by the minutes of {authors}.",
    "agreed": "It was held; all sides agree to the minutes.",
    "contested": "The minutes are contested by {sides}.",
}
TONES = {"agreed": "good", "called_off": "bad", "not_held": "bad", "contested": "bad", "unwritten": "wait"}


class Event(msgspec.Struct, frozen=True):
    """A meeting or visit in the list: its title, and in one sentence where it stands."""

    row: EventRow
    title: Text
    author: str
    sentence: Sentence


class Events(msgspec.Struct, frozen=True):
    """Meetings and visits that lie ahead or are being held, the earliest first; and those that are over, the last
    first."""

    sentence: Sentence
    ahead: tuple[Event, ...]
    over: tuple[Event, ...]


class Delegation(msgspec.Struct, frozen=True):
    """Who takes part for one side: each person by the offices that they hold, the head first."""

    of: str
    host: bool
    persons: tuple[tuple[bool, tuple[str, ...]], ...]


class Point(msgspec.Struct, frozen=True):
    """A point of the agenda, and the acts that it is about: as people name them, with what this member can read."""

    words: str
    acts: tuple[tuple[str, str | None, str, str], ...]


class Written(msgspec.Struct, frozen=True):
    """Minutes of one side: the act, what came of it, and what each other side said of them (None: nothing yet)."""

    act: str
    author: str
    held: bool
    outcome: Text
    answers: tuple[tuple[str, str | None], ...]


class Standing(msgspec.Struct, frozen=True):
    """Where a meeting or visit stands."""

    sentence: Sentence
    tone: str
    row: EventRow
    delegations: tuple[Delegation, ...]
    agenda: tuple[Point, ...]
    minutes: tuple[Written, ...]


def show_events(look: Look) -> Events:
    """All meetings and visits that this member can read."""
    found = [_event(look, row) for row in look.ask("protocol", "events")]
    ahead = tuple(one for one in found if one.row.ends_at > look.now)
    over = tuple(one for one in reversed(found) if one.row.ends_at <= look.now)
    standing = [one for one in ahead if one.row.state != CALLED_OFF]
    sentence = (Sentence("Next: from {begins_ms}.", {"begins_ms": standing[0].row.begins_at}) if standing
                else Sentence("No meeting and no visit lies ahead."))
    return Events(sentence, ahead, over)


def _event(look: Look, row: EventRow) -> Event:
    act = look.act(row.act)
    return Event(row, Text(lang=act.lang, text=act.title), act.author, _says(look, row, look.thread(row.act))[0])


def show_standing(look: Look, rows: Sequence[ActRow]) -> Standing | None:
    """Where a meeting or visit stands, who takes part, about what, and with what result."""
    first = rows[0]
    if first.void is not None or not isinstance(first.act, Planned):
        return None
    row = look.ask("protocol", "event", act=first.id)
    sentence, tone = _says(look, row, rows)
    return Standing(sentence, tone, row, tuple(_delegations(first.act)),
                    tuple(Point(topic.words, tuple(_link(look, one) for one in topic.acts))
                          for topic in first.act.agenda), tuple(_written(row, rows)))


def _says(look: Look, row: EventRow, rows: Sequence[ActRow]) -> tuple[Sentence, str]:
    """One sentence that says where a meeting or visit stands, and its tone."""
    minutes = _written(row, rows)
    contested = [side for one in minutes for side, answer in one.answers if answer == "contested"]
    fields = {"begins_ms": row.begins_at, "ends_ms": row.ends_at, "authors": [one.author for one in minutes],
              "sides": sorted(set(contested))}
    state = _state(look, row, minutes, bool(contested))
    return Sentence(SENTENCES[state], fields), TONES.get(state, "plain")


def _state(look: Look, row: EventRow, minutes: Sequence[Written], contested: bool) -> str:
    if row.state == CALLED_OFF:
        return "called_off"
    if contested:
        return "contested"
    if minutes:
        whole = [one for one in minutes if one.held and all(answer is not None for _, answer in one.answers)]
        return "agreed" if whole else "held" if any(one.held for one in minutes) else "not_held"
    if look.now >= row.ends_at:
        return "unwritten"
    if look.now >= row.begins_at:
        return "running"
    return "moved" if row.state == "moved" else "ahead"


def _delegations(act: Planned) -> list[Delegation]:
    host = act.host if isinstance(act, Visit) else None
    ordered = sorted(act.persons, key=lambda person: (person.of, not person.head))
    found = [Delegation(of, of == host, tuple((person.head, person.offices) for person in persons))
             for of, persons in groupby(ordered, key=lambda person: person.of)]
    if host is not None and all(one.of != host for one in found):
        found.append(Delegation(host, True, ()))
    return found


def _link(look: Look, given: str) -> tuple[str, str | None, str, str]:
    """An act that an agenda names: its reference, its id where this member can read it, its title and language."""
    row = look.named(given)
    return (given, None, "", "") if row is None else (row.reference, row.id, row.title, row.lang)


def _written(row: EventRow, rows: Sequence[ActRow]) -> list[Written]:
    answers = {(one.act.refers[0], one.author): one.act.answer for one in rows
               if one.void is None and isinstance(one.act, MinutesAnswer)}
    return [Written(one.id, one.author, one.act.held == HELD, one.act.outcome,
                    tuple((side, answers.get((one.id, side))) for side in row.sides if side != one.author))
            for one in rows if one.void is None and isinstance(one.act, Minutes)]


SHOWING = Showing(
    templates="tansiq.desks.protocol",
    views=(View("events", "Meetings and visits", "calendar-event", "events.html", Events, show_events),),
    panel=Panel("standing.html", Standing, show_standing), needs=needs, dates=dates, offers=offers)
