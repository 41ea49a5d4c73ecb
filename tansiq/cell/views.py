"""What a desk shows: views, the panel of a thread, layers of the map, what needs a person, dates of the calendar.

Each is a pure function of a ``Look`` and gives plain structs. A page draws them with the desk's template, the API
answers with them, the command line prints them: nothing is computed in a template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from tansiq.acts import Precedence
from tansiq.cell.borders import Locate, built_in
from tansiq.cell.moment import InForce, Mandates, Settled
from tansiq.charter import Chairing, Charter
from tansiq.languages.sentences import Sentence as Sentence  # desks take it from here

Style = Literal["live", "waiting", "refused", "gap", "footprint", "plain"]


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on the map. ``geometry`` is GeoJSON in degrees; ``sidc`` an APP-6 code; ``style`` one of ``live``,
    ``waiting``, ``refused``, ``gap``, ``footprint``, ``plain``. Times (UTC ms) are when it holds, for the slider;
    ``fade`` is how much of it (percent) is left at the moment that was asked for."""

    geometry: dict[str, Any]
    title: str
    href: str = ""
    ref: str = ""
    author: str = ""
    kind: str = ""
    sidc: str = ""
    style: Style = "plain"
    precedence: Precedence = "routine"
    release: tuple[str, ...] = ()
    from_ms: int | None = None
    until_ms: int | None = None
    fade: int = 100


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that waits for this member: why, which act to open, how urgent, since and until when (UTC ms).

    ``role`` is the office that can do it. Sorted by doors: precedence, then the earliest end. ``href`` is where to go
    where there is no act yet; then ``act`` and ``title`` are empty.
    """

    sentence: Sentence
    act: str
    title: str
    lang: str
    precedence: Precedence
    since_ms: int
    until_ms: int | None = None
    role: str = "releaser"
    href: str = ""


class Date(msgspec.Struct, frozen=True, kw_only=True):
    """One date of the calendar; ``uid`` stays the same while its act is the same.

    ``place`` is where people meet, in words: dates leave as a feed, so the place of a request never stands here.
    """

    uid: str
    sentence: Sentence
    from_ms: int
    until_ms: int
    act: str | None = None
    place: str = ""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A kind that could be said next in a thread, in answer to the act ``to``; ``why`` tells why it may not be."""

    kind: str
    to: str
    why: Sentence | None = None


def _none_named(given: str) -> Any:
    return None


@dataclass(frozen=True, slots=True)
class Look:
    """What a view may read: one member's registers at one moment, and what was asked in the address.

    ``ask(desk, query, **args)`` puts a named question to any desk's register, ``ask_all(query, **args)`` to all desks
    that have it (pairs of the desk's name and its answer); ``find(query)`` searches acts, ``act(id)`` and
    ``thread(id)`` read them (``ActRow``), ``named`` finds one by its id or as people name it (``IQ 412``). ``now`` is
    this cell's clock (UTC ms), ``settled`` what it knows to be settled; ``in_force(at)`` is the charter, and who was
    suspended, at an instant; ``territories(charter)`` are those of the charter's borders. ``people``: it is drawn on a
    page, so that what no machine door may give can be shown. ``mandates()``
    are those so far, and what this member promised.
    """

    member: str
    charter: Charter
    now: int
    settled: Settled
    ask: Callable[..., Any]
    find: Callable[[Any], Sequence[Any]]
    act: Callable[[str], Any]
    thread: Callable[[str], Sequence[Any]]
    ask_all: Callable[..., list[tuple[str, Any]]]
    in_force: Callable[[int], InForce]
    params: Mapping[str, str] = field(default_factory=dict)
    territories: Locate = built_in
    people: bool = False
    named: Callable[[str], Any] = _none_named
    mandates: Callable[[], Mandates] = Mandates


@dataclass(frozen=True, slots=True)
class View:
    """A page of a desk. ``gives`` is the struct that ``show`` returns, ``takes`` the names of its parameters.

    ``template`` lies in the desk's ``templates`` folder and finds the struct as ``it``. ``document``, where there is
    one, lies beside it and typesets the struct (``it.body``) as a PDF. Raises what it must as ``TansiqError``:
    ``Malformed`` for a parameter (``field`` names it).
    """

    name: str
    title: str
    icon: str
    template: str
    gives: type[msgspec.Struct]
    show: Callable[[Look], msgspec.Struct]
    takes: tuple[str, ...] = ()
    document: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands above the conversation of a thread of this desk; ``show`` gets its acts in the journal's order.

    None: nothing stands there. The template finds the struct as ``it``; ``document`` is as of a view.
    """

    template: str
    gives: type[msgspec.Struct]
    show: Callable[[Look, Sequence[Any]], msgspec.Struct | None]
    document: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of the map, which people switch on and off."""

    name: str
    title: str
    show: Callable[[Look], Sequence[Feature]]


@dataclass(frozen=True, slots=True)
class Showing:
    """All that a desk shows beyond the lists, forms and threads that every desk has.

    ``templates`` is the package whose folder ``templates`` holds the desk's own. ``needs`` and ``dates`` are for home
    and calendar; ``offers`` says what may be said next in a thread and why not, and replaces the plain buttons.
    ``presiding`` tells who has the chair, where a desk keeps the record of handovers.
    """

    templates: str = ""
    views: tuple[View, ...] = ()
    panel: Panel | None = None
    layers: tuple[Layer, ...] = ()
    needs: Callable[[Look], Sequence[Need]] | None = None
    dates: Callable[[Look], Sequence[Date]] | None = None
    offers: Callable[[Look, Sequence[Any]], Sequence[Offer]] | None = None
    presiding: Callable[[Look], Chairing | None] | None = None

    def view(self, name: str) -> View | None:
        """The view of that name, if there is one."""
        return next((view for view in self.views if view.name == name), None)
