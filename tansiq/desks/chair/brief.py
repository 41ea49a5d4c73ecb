"""The brief of a handover: what every desk says is open, made from registers, kept in the act as it was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Any

import msgspec

from tansiq.cell.views import Look, Sentence
from tansiq.charter import chair_at
from tansiq.desks.chair.acts import BRIEF_FIELDS_MAX, BRIEF_LINES_MAX, BRIEF_TEXT_CHARACTERS_MAX, BriefField, BriefLine
from tansiq.desks.holding import EARLIEST, LATEST
from tansiq.languages.messages import is_message
from tansiq.languages.sentences import named, say_sentence

BRIEF_BYTES_MAX = 40_000
"""Room for the brief in an act of 60,000 bytes, beside its note."""


def open_lines(look: Look, *, readers: Sequence[str]) -> list[BriefLine]:
    """All that is open at any desk, desk by desk: of it what each of these *readers* can read.

    Each desk that has a query ``brief`` answers with sentences, each about one act's thread alone, so that whoever can
    read the act may read the sentence.
    """
    lines = []
    for desk, found in look.ask_all("brief", now=look.now):
        for sentence, act in found:
            row = look.act(act)
            if row is not None and set(readers) <= set(row.release):
                lines.append(_keep(desk, sentence, act))
    return lines


def fill(look: Look) -> Mapping[str, Any]:
    """What a handover holds beside its note: to whom, for the term that begins when, and what is open."""
    now = chair_at(look.charter, look.now, look.ask("chair", "taken"))
    lines = open_lines(look, readers=[member.code for member in look.charter.members])
    kept = list(_with_room(lines))
    following = None if now is None else now.following
    return {"to": "" if following is None else following.chair, "begins": 0 if following is None else following.from_ms,
            "brief": msgspec.to_builtins(kept), "more": len(lines) - len(kept)}


def sentence_of(line: BriefLine) -> Sentence | None:
    """The sentence of a line, where it is one that this program says with these fields; else its words stand alone.

    A line comes from another member's cell: only a known message may be filled, and only with what it asks for.
    """
    values = {field.name: field.value for field in line.fields}
    if not is_message(line.text):
        return None
    asked = {name for _, name, _, _ in Formatter().parse(line.text) if name is not None}
    sound = all(isinstance(value, int) and EARLIEST <= value < LATEST for name, value in values.items()
                if name.endswith("_ms"))
    return Sentence(line.text, dict(values)) if asked == values.keys() and sound else None


def _keep(desk: str, sentence: Sentence, act: str) -> BriefLine:
    fields = tuple(BriefField(name=name, value=_value(value)) for name, value in sorted(sentence.fields.items()))
    return BriefLine(desk=desk, text=sentence.text[:BRIEF_TEXT_CHARACTERS_MAX], fields=fields[:BRIEF_FIELDS_MAX],
                     act=act)


def _value(value: Any) -> str | int | tuple[str, ...]:
    """A field as an act can hold it: a number, words, or a list of words; names and sentences are said in English."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, list | tuple):
        return tuple(_words(one) for one in value)
    return _words(value)


def _words(value: Any) -> str:
    if isinstance(value, Sentence):
        return say_sentence(value, "en", plain=True)
    return named(value, "en") if isinstance(value, Mapping) else str(value)


def _with_room(lines: Sequence[BriefLine]) -> Iterator[BriefLine]:
    left = BRIEF_BYTES_MAX
    for line in lines[:BRIEF_LINES_MAX]:
        left -= len(msgspec.json.encode(line)) + 1
        if left < 0:
            return
        yield line
