"""A demonstration: steps in the files of a folder, said by the cells in the order of their story's time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import msgspec

from tansiq.charter import Charter
from tansiq.errors import Malformed, TansiqError
from tansiq.office import Officer, demonstration_officers

FOLDER = "demonstration"
SAID = "demonstration-said.json"


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One act of a demonstration. ``refers`` in its fields names earlier steps; ``officer`` is an office of the cell
    (``consenter``); without one it is the first that may say this kind. ``at`` is the story's time (ISO 8601): that of
    the step before, in the same file, where it is left out. ``together``: it is said at the same moment as the step
    that follows, so that neither cell has seen what the other says."""

    cell: str
    kind: str
    name: str
    fields: dict[str, Any]
    at: datetime | None = None
    officer: str = ""
    together: bool = False

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

    def holding(self) -> AbstractContextManager[None]:
        """Let no cell send or follow before the block ends."""


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


class Said:
    """Which steps a trial has said, by name: the ids of their acts, kept in its directory.

    A story that was broken off goes on where it was: only the step that was being said at that moment may come twice.
    """

    def __init__(self, directory: Path) -> None:
        """Read what was said before.

        Raises:
            Malformed: ``demonstration``.
        """
        self._path = directory / SAID
        try:
            self.ids = msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            self.ids = {}
        except (msgspec.MsgspecError, OSError) as error:
            raise _unplayable(f"{SAID}: {error}") from error

    def keep(self, name: str, act_id: str) -> None:
        """Write down that a step was said.

        Raises:
            Malformed: ``demonstration``, it cannot be written.
        """
        self.ids[name] = act_id
        part = self._path.with_suffix(".part")
        try:
            part.write_bytes(msgspec.json.encode(self.ids))
            part.replace(self._path)
        except OSError as error:
            raise _unplayable(f"{SAID}: {error}") from error


def play(stage: Stage, steps: Sequence[Step], roles: Mapping[str, str], kept: Said | None = None) -> None:
    """Say the steps one after the other; see ``telling``."""
    for _ in telling(stage, steps, roles, kept):
        pass


def telling(stage: Stage, steps: Sequence[Step], roles: Mapping[str, str],
            kept: Said | None = None) -> Iterator[tuple[int, int]]:
    """Say the steps one after the other, each once the one before is known everywhere that reads it.

    Gives how many were said, of how many, after each. *roles* gives the role that each kind asks; steps that *kept*
    knows were said before, and are passed over.

    Raises:
        Malformed: ``demonstration``, which step, why.
    """
    officers = demonstration_officers(stage.charter)
    said: dict[str, str] = {} if kept is None else kept.ids
    with ExitStack() as held:
        for done, step in enumerate(steps):
            if step.name in said:
                continue
            yield done, len(steps)
            try:
                if step.at_ms is not None:
                    stage.advance(step.at_ms)
                if step.together:
                    held.enter_context(stage.holding())
                officer = _officer(officers[step.cell], step, roles.get(step.kind, "releaser"))
                act_id = stage.cells[step.cell].say(step.kind, _named(step.fields, said), officer=officer.id)
                said[step.name] = act_id
                if kept is not None:
                    kept.keep(step.name, act_id)
                if not step.together:
                    held.close()
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
