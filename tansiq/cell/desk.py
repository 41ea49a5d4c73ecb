"""The shape of a desk: what a subject hands to the cell, and the doors read from it.

A cell carries any desk that has this shape and knows none by name. Lists, forms, search,
the API and the command line are derived from what stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import apsw

from tansiq.acts import Act, Kind, Text
from tansiq.charter import Charter

Widget = Literal["line", "text", "position", "instant", "choice", "number", "words", "reference"]


@dataclass(frozen=True, slots=True)
class Said:
    """An act that a cell has opened: ``time`` is the registrar's (UTC ms), ``void`` the code that voids it, or None."""

    id: str
    index: int
    position: int
    time: int
    act: Act
    void: str | None
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """All acts of one thread below the act that is ruled, in the journal's order."""

    acts: tuple[Said, ...]

    def find(self, act_id: str) -> Said | None:
        """The act of that id in this thread."""
        return next((said for said in self.acts if said.id == act_id), None)


@dataclass(frozen=True, slots=True)
class Common:
    """What every member sees alike: the registrar's time (UTC ms) and index at which the act is ruled."""

    time: int
    index: int


@dataclass(frozen=True, slots=True)
class Field:
    """How forms and the command line ask for one field of a kind. Titles, hints and choices' titles are message ids."""

    name: str
    title: str
    widget: Widget
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One kind as people say it: ``answers`` names the kinds it may refer to; none: it begins a thread."""

    kind: Kind
    fields: tuple[Field, ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """What lists, maps and search show of an act: places are (latitude, longitude) × 10⁷, ``when`` is UTC ms."""

    title: str
    texts: tuple[Text, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    when: tuple[int, int] | None = None
    grade: str = ""


Rule = Callable[[Act, Thread, Common, Charter], None]
Fold = Callable[[apsw.Connection, Said], None]
Query = Callable[..., Any]


@dataclass(frozen=True)
class Desk:
    """One subject: its kinds, its rule (pure; raises ``Refused``), its register and how it is shown.

    ``number`` is fixed for ever (0-31, in the tags); ``icon`` names a Tabler icon; ``schema`` is SQL run when the
    registers are built; ``fold`` writes an admitted act into the desk's own tables; ``queries`` are its questions.
    """

    name: str
    number: int
    title: str
    icon: str
    forms: tuple[Form, ...]
    rule: Rule
    describe: Callable[[Act], Description]
    schema: str = ""
    fold: Fold | None = None
    queries: Mapping[str, Query] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of act that lie on this desk."""
        return tuple(form.kind for form in self.forms)

    def form(self, kind: str) -> Form:
        """The form of a kind of this desk, by name."""
        return next(form for form in self.forms if form.kind.name == kind)
