"""Delegations and agendas as people type them: one person, or one point, on a line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tansiq.desks import widgets
from tansiq.errors import Malformed

_PERSON = re.compile(r"([A-Za-z0-9]{2,8})\s*(\*?)\s*[:：]\s*(\S.*)", re.ASCII)
_BETWEEN = re.compile("[;؛]")


def read_persons(text: str, field: str) -> list[dict[str, Any]]:
    """Read ``XX: office; office`` one person on a line; a star after the code marks the head (``XX*: office``).

    Raises:
        Malformed: ``persons.line``, or as of a line.
    """
    persons = []
    for line in _lines(text, field):
        found = _PERSON.fullmatch(line)
        offices = [] if found is None else [one.strip() for one in _BETWEEN.split(found.group(3)) if one.strip()]
        if found is None or not offices:
            raise Malformed("persons.line", "Write one person on a line, as XX: office; office, not {given}.",
                            given=repr(line[:80]), field=field)
        persons.append({"of": found.group(1).upper(), "head": bool(found.group(2)), "offices": offices})
    return persons


def write_persons(persons: Sequence[Mapping[str, Any]]) -> str:
    """Write persons as they are typed."""
    return "\n".join(f"{person['of']}{'*' if person['head'] else ''}: {'; '.join(person['offices'])}"
                     for person in persons)


def read_agenda(text: str, field: str) -> list[dict[str, Any]]:
    """Read one point on a line; after a bar stand the acts that it is about: ``Supplies | XX 412, YY 7``.

    Raises:
        Malformed: ``reference.form``, or as of a line.
    """
    topics = []
    for line in _lines(text, field):
        words, _, acts = line.rpartition("|") if "|" in line else (line, "", "")
        named = [widgets.read_reference(one, field) for one in re.split("[,،]", acts) if one.strip()]
        topics.append({"words": words.strip(), "acts": named})
    return topics


def write_agenda(agenda: Sequence[Mapping[str, Any]]) -> str:
    """Write an agenda as it is typed."""
    return "\n".join(topic["words"] + (f" | {', '.join(topic['acts'])}" if topic["acts"] else "") for topic in agenda)


def _lines(text: str, field: str) -> list[str]:
    return [widgets.read_line(line, field) for line in text.split("\n") if line.strip()]
