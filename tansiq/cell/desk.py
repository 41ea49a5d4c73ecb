"""The shape of a desk: what a subject hands to the cell, and the doors read from it.

A cell carries any desk that has this shape and knows none by name. Lists, forms, search,
the API and the command line are derived from what stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import apsw

from tansiq.acts import Act, Kind, Text
from tansiq.cell.borders import Locate, built_in
from tansiq.cell.moment import Settled
from tansiq.cell.views import Look, Showing
from tansiq.charter import Charter
from tansiq.errors import Malformed, Refused

Widget = Literal["line", "text", "position", "area", "instant", "choice", "number", "words", "reference", "codes",
                 "several", "yes", "lines"]


@dataclass(frozen=True, slots=True)
class Said:
    """An act that a cell has opened: ``time`` is the registrar's (UTC ms), ``void`` the code that voids it, or None.

    ``seen`` is the size of the journal that its author had verified when it was sealed. ``digest`` is what its desk
    made of it when it was ruled (``Desk.digest``), for the fold alone.
    """

    id: str
    index: int
    position: int
    time: int
    act: Act
    void: str | None
    article: str | None = None
    seen: int = 0
    digest: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Thread:
    """All acts of one thread below the act that is ruled, in the journal's order."""

    acts: tuple[Said, ...]

    def find(self, act_id: str) -> Said | None:
        """The act of that id in this thread."""
        return next((said for said in self.acts if said.id == act_id), None)


def _nothing_common(desk: str, name: str, **args: Any) -> Any:
    raise Malformed("query.unknown", "The desk {desk} has no question {name}.", desk=desk[:40], name=name[:40])


@dataclass(frozen=True, slots=True)
class Common:
    """What every member sees alike: the registrar's time (UTC ms) and the index at which the act is ruled.

    ``ask(desk, name, **args)`` puts one of a desk's ``common`` questions: they read only acts that are released to all
    members, and answer as of the entries below ``index``. ``seen`` is what the act's author had verified.
    ``settled``, and ``own`` (any question to the speaker's own registers), are what the speaker's cell knows while an
    act is being said, and None when it is ruled in the journal: a rule may then ask for more, never for less.
    ``promised()``, the registrar's keys by version that its member has promised, are known in the same way.
    ``suspended`` are the members suspended at the index. ``territories(charter)`` are those of the charter's borders.
    ``mandates`` are the registrar's keys by version, of the mandates whose entries lie below the index.
    """

    time: int
    index: int
    seen: int = 0
    settled: Settled | None = None
    ask: Callable[..., Any] = _nothing_common
    suspended: frozenset[str] = frozenset()
    own: Callable[..., Any] | None = None
    territories: Locate = built_in
    mandates: Mapping[int, bytes] = field(default_factory=dict)
    promised: Callable[[], Mapping[int, bytes]] | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """How forms and the command line ask for one field of a kind. Titles, hints and choices' titles are message ids.
    Of the ``choices`` one is given, or, by the widget ``several``, one or more in their order.

    ``options`` gives the choices from the charter instead (their titles are said as they are); the desk's rule holds
    them. ``read`` takes the typed text and the field's name and gives a plain value, for a shape that is the kind's own
    (widget ``lines``); ``write`` gives the text back, one line for each. ``picked``: a place may be picked on the map.
    ``joined``: it stands in one row with the field before it. ``else_from`` names the field that speaks for it where it
    is left empty: of a text, its first sentence. ``asked``: it is no field of the act; the form's ``fill`` reads it.
    """

    name: str
    title: str
    widget: Widget
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    default: str = ""
    options: Callable[[Charter], tuple[tuple[str, Mapping[str, str]], ...]] | None = None
    read: Callable[[str, str], object] | None = None
    write: Callable[[Any], str] | None = None
    picked: bool = True
    joined: bool = False
    else_from: str = ""
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One kind as people say it: ``answers`` names the kinds it may refer to; none: it begins a thread.

    ``role`` is what an officer needs to say it; without one, a cell alone says it, by itself. ``signed``: where the
    charter asks it, the officer's own signature
    stands in the act. ``common``: it is released to all members, so that every cell rules alike. ``voice``: a suspended
    member may say it, where the desk's rule finds that it is about its own territory; all else that it says is void.
    ``withheld`` names fields that leave by no machine door: people read them on the act's own page.
    ``filed``: it carries a file, and is said where files are taken, not with a plain form.
    ``filled`` are fields of the kind that nobody types: ``fill`` makes them from the cell's registers as the act is
    said, and the rule holds them like any other. It finds the fields that are ``asked`` in ``Look.params``.
    ``opens`` gives what stands in the form as it is opened, by field, from the cell's own registers alone.
    ``rows``: how the rows of a file become acts of this kind, where one act carries many.
    ``topic`` names the field whose value stands in the act's label as well, so that presence and absence can be proved
    by it without the act's words.
    """

    kind: Kind
    fields: tuple[Field, ...]
    answers: tuple[str, ...] = ()
    role: str = "releaser"
    signed: bool = False
    common: bool = False
    voice: bool = False
    withheld: tuple[str, ...] = ()
    filed: bool = False
    filled: tuple[str, ...] = ()
    fill: Callable[[Look], Mapping[str, Any]] | None = None
    opens: Callable[[Look], Mapping[str, str]] | None = None
    rows: Rows | None = None
    topic: str = ""

    @property
    def plain(self) -> bool:
        """Whether an officer says it with a plain form: it carries no file, and no cell says it by itself."""
        return bool(self.role) and not self.filed


@dataclass(frozen=True, slots=True)
class Rows:
    """How a file is read into acts that carry many rows each: ``form`` reads one row (its kind is never said), and
    ``gather`` makes the fields of acts from the fields of rows, in their order."""

    form: Form
    gather: Callable[[Sequence[Mapping[str, Any]]], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Description:
    """What lists, maps and search show of an act: places are (latitude, longitude) × 10⁷, ``when`` is UTC ms."""

    title: str
    texts: tuple[Text, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    when: tuple[int, int] | None = None
    grade: str = ""


Rule = Callable[[Act, Thread, Common, Charter], None]
Digest = Callable[[Said, Thread, Common, Charter], Any]
Fold = Callable[[apsw.Connection, Said], None]
Query = Callable[..., Any]


@dataclass(frozen=True)
class Desk:
    """One subject: its kinds, its rule (pure; raises ``Refused``), its register and how it is shown.

    ``digest``, where a desk has one, is made of an admitted act when it is ruled, from what the rule may read and from
    nothing else; ``fold`` finds it in ``Said.digest``. So a register can keep where a thread stands, and cannot differ
    from the rule. ``number`` is fixed for ever (0-31, in the tags); ``icon`` names a Tabler icon; ``schema`` is SQL run
    when the registers are built; ``fold`` writes an admitted act into the desk's own tables; ``queries`` are its
    questions, ``common`` those that rules may ask (see ``Common``). ``hidden``: it has no place on the rail, and no
    list.
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
    digest: Digest | None = None
    queries: Mapping[str, Query] = field(default_factory=dict)
    common: Mapping[str, Query] = field(default_factory=dict)
    showing: Showing | None = None
    hidden: bool = False

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of act that lie on this desk."""
        return tuple(form.kind for form in self.forms)

    def form(self, kind: str) -> Form:
        """The form of a kind of this desk, by name."""
        for form in self.forms:
            if form.kind.name == kind:
                return form
        raise KeyError(kind)


def require_unsuspended(form: Form, act: Act, common: Common) -> None:
    """Hold that the author is not suspended, or speaks with the voice on its territory that it keeps.

    Raises:
        Refused: ``act.suspended``.
    """
    if act.author in common.suspended and not form.voice:
        raise Refused("act.suspended", "{author} is suspended: what it says counts on its own territory alone.",
                      author=act.author)


def require_topic(form: Form, act: Act) -> None:
    """Hold that an act's label says what the act says: a false one would make an absence true in its words alone.

    Raises:
        Refused: ``act.topic``.
    """
    if form.topic and act.topic != getattr(act, form.topic):
        raise Refused("act.topic", "The label of this {kind} names the topic {given}, and the act {due}.",
                      kind=act.kind, given=repr(act.topic), due=repr(getattr(act, form.topic)), field="topic")


def require_common(form: Form, act: Act, charter: Charter) -> None:
    """Hold that an act of a common kind is released to every member.

    Raises:
        Refused: ``act.common``.
    """
    if form.common and not {member.code for member in charter.members} <= {*act.release}:
        raise Refused("act.common", "A {kind} is released to all members.", kind=act.kind, field="release")
