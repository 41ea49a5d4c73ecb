"""The lines between parties: whether they work, since when, and who looked last."""

from __future__ import annotations

import msgspec

from tansiq.cell.views import Look, Sentence
from tansiq.desks.airspace.register import LineRow


class Line(msgspec.Struct, frozen=True):
    """One line, in one sentence."""

    sentence: Sentence
    row: LineRow


class Lines(msgspec.Struct, frozen=True):
    """Every line that anybody looked at, by the codes of its ends."""

    sentence: Sentence
    lines: tuple[Line, ...]


def show(look: Look) -> Lines:
    """How the lines stand."""
    rows: list[LineRow] = look.ask("airspace", "lines")
    down = tuple(f"{row.one}–{row.other}" for row in rows if row.state == "suspended")
    if not rows:
        sentence = Sentence("No line was looked at yet.")
    elif down:
        sentence = Sentence("Suspended: {lines}.", {"lines": down})
    else:
        sentence = Sentence("Every line that was looked at works.")
    return Lines(sentence, tuple(Line(say(row), row) for row in rows))


def say(row: LineRow) -> Sentence:
    """One line in one sentence."""
    fields = {"one": row.one, "other": row.other, "since_ms": row.since_ms, "at_ms": row.at_ms, "author": row.author}
    if row.state == "suspended":
        return Sentence("The line between {one} and {other} is suspended since {since_ms}; {author} says so.", fields)
    if row.state == "tested":
        return Sentence("The line between {one} and {other} works since {since_ms}; {author} tested it at {at_ms}.",
                        fields)
    return Sentence("The line between {one} and {other} is open since {since_ms}; {author} says so.", fields)
