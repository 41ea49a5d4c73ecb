"""What the cell hands to its registers, and what the registers hand to the doors."""

from __future__ import annotations

from dataclasses import dataclass

from tansiq.acts import Act
from tansiq.cell.desk import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An act that was opened and could not be read, or answers one that could not: kept as bytes, by its id.

    ``code`` is ``act.unknown`` where a later program may read it (then the registers are folded again); any other voids
    it. ``thread`` is the id of its thread, its own where it begins one.
    """

    id: str
    position: int
    thread: str
    code: str
    salt: bytes
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedEntry:
    """One entry as the cell read it: opened or not, void or not.

    ``kind`` is 0 for a sealed entry, else the number of the open kind. ``acts`` are (act, salt, canonical JSON) in
    the envelope's order, empty where the entry is not for this cell; ``Said.position`` counts them from 0, and so
    does that of those that could not be read. ``void`` is the code that voids the whole envelope, or None; ``repeats``
    are the ids of acts that had come before.
    """

    index: int
    time: int
    author: str
    number: int
    kind: int
    body_size: int
    entry_id: bytes
    seen: int = 0
    acts: tuple[tuple[Said, bytes, bytes], ...] = ()
    unread: tuple[Unread, ...] = ()
    void: str | None = None
    repeats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as the journal's page lists it; ``acts`` counts those that this cell could read, ``seen`` the entries
    that its author had verified. ``unread`` has a code for each act that was opened and could not be read; ``quiet``:
    it holds what a cell says of itself, and nothing that an officer said."""

    index: int
    time: int
    author: str
    number: int
    kind: int
    body_size: int
    id: str
    acts: int
    void: str | None
    seen: int
    unread: tuple[str, ...]
    quiet: bool


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act as lists, maps and pages show it.

    ``reference`` is how people name it (``IQ 412/7``), ``time`` the registrar's, ``when`` what the act tells of
    (UTC ms), ``places`` (latitude, longitude) × 10⁷, ``void`` the code that voids it, ``standing`` what later acts
    made of it (``standing``, or what its desk says), ``seen`` the size that its author had verified.
    """

    id: str
    index: int
    position: int
    number: int
    reference: str
    author: str
    officer: str
    kind: str
    desk: str
    thread: str
    release: tuple[str, ...]
    precedence: str
    handling: str
    time: int
    title: str
    lang: str
    places: tuple[tuple[int, int], ...]
    when: tuple[int, int] | None
    grade: str
    void: str | None
    article: str | None
    standing: str
    seen: int
    act: Act
