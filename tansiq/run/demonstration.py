"""A demonstration: steps in the files of a folder, said by the cells in the order of their story's time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import msgspec

from tansiq.charter import Charter
from tansiq.errors import Malformed, TansiqError
from tansiq.office import Officer, demonstration_officers

FOLDER = "demonstration"


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One act of a demonstration. ``refers`` in its fields names earlier steps; ``officer`` is an office of the cell
    (``consenter``); without one it is the first that may say this kind. ``at`` is the story's time (ISO 8601): that of
    the step before, in the same file, where it is left out."""

    cell: str
    kind: str
    name: str
    fields: dict[str, Any]
    at: datetime | None = None
    officer: str = ""

    @property
    def at_ms(self) -> int | None:
        """The story's time in UTC milliseconds."""
        return None if self.at is None else int(self.at.timestamp() * 1000)


class Stage(Protocol):
    """The centre that a demonstration is played in."""

    @property
    def charter(self) -> Charter:
        """The charter in force."""

    @property
    def cells(self) -> Mapping[str, Any]:
        """The cells by code."""

    advance: Callable[[int], None]
    """Moves the clock forward to an instant (UTC ms)."""

    def run_until_quiet(self) -> None:
        """Let everything that was said arrive everywhere."""


def read_steps(folder: Path) -> list[Step]:
    """Read all steps of a folder, sorted by the story's time; of one time, by file and place in it.

    Raises:
        Malformed: ``demonstration``, which file, why.
    """
    timed: list[tuple[int, Step]] = []
    for path in sorted(folder.glob("*.json")):
        last = 0
        try:
            for step in msgspec.json.decode(path.read_bytes(), type=list[Step]):
                last = step.at_ms if step.at_ms is not None else last
                timed.append((last, step))
        except (msgspec.MsgspecError, OSError) as error:
            raise _unplayable(f"{path.name}: {error}") from error
    return [step for _, step in sorted(timed, key=lambda pair: pair[0])]


def begins_at(steps: Iterable[Step]) -> int | None:
    """The first time of the story (UTC ms); None: it has none, and plays now."""
    return min((step.at_ms for step in steps if step.at_ms is not None), default=None)


def play(stage: Stage, steps: Iterable[Step], roles: Mapping[str, str]) -> None:
    """Say the steps one after the other, each once the one before is known everywhere that reads it.

    *roles* gives the role that each kind asks.

    Raises:
        Malformed: ``demonstration``, which step, why.
    """
    officers = demonstration_officers(stage.charter)
    said: dict[str, str] = {}
    for step in steps:
        try:
            if step.at_ms is not None:
                stage.advance(step.at_ms)
            officer = _officer(officers[step.cell], step, roles.get(step.kind, "releaser"))
            said[step.name] = stage.cells[step.cell].say(step.kind, _named(step.fields, said), officer=officer.id)
            stage.run_until_quiet()
        except (TansiqError, KeyError, StopIteration) as error:
            raise _unplayable(f"{step.name}: {error}") from error


def _officer(officers: Iterable[Officer], step: Step, role: str) -> Officer:
    """The office that the step names, or the first one with the role."""
    if step.officer:
        return next(one for one in officers if one.id == f"{step.cell}-{step.officer}")
    return next(one for one in officers if role in one.roles)


def _named(fields: dict[str, Any], said: Mapping[str, str]) -> dict[str, Any]:
    """Fields with the names of earlier steps replaced by the ids of what they said: in ``refers``, and where a text
    is ``$`` and a name."""
    made = {name: _resolved(value, said) for name, value in fields.items()}
    if "refers" in fields:
        made["refers"] = [said[name] for name in fields["refers"]]
    return made


def _resolved(value: Any, said: Mapping[str, str]) -> Any:
    if isinstance(value, str) and value.startswith("$") and value[1:] in said:
        return said[value[1:]]
    if isinstance(value, list):
        return [_resolved(one, said) for one in value]
    if isinstance(value, dict):
        return {name: _resolved(one, said) for name, one in value.items()}
    return value


def _unplayable(why: str) -> Malformed:
    return Malformed("demonstration", "The demonstration cannot be played: {why}.", why=why)
