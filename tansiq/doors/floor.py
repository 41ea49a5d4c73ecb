"""The floor: what every door calls. It knows officers and cells, and neither the web nor the terminal."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from tansiq.acts import PRECEDENCES
from tansiq.cell.desk import Desk, Form
from tansiq.cell.moment import Settled
from tansiq.cell.registers import ActQuery, ActRow
from tansiq.cell.views import Date, Feature, Layer, Look, Need, Offer, View
from tansiq.charter import Chairing, Charter
from tansiq.doors.entrance import Entrance
from tansiq.doors.filters import Filters
from tansiq.errors import Malformed, Refused
from tansiq.office import Office, Officer, SignIn
from tansiq.wire import parse_base64, parse_hash, write_base64

BATCH_MAX = 1_000
ATTACHMENT = "attachment"
"""The kind that carries a file."""


class Cell(Protocol):
    """A member's own node, as doors see it. ``say`` returns an act's id (64 hex digits) once it can no longer be
    forgotten by this cell; ``registers`` answers from any thread."""

    @property
    def code(self) -> str:
        """The member whose cell this is."""

    @property
    def registers(self) -> Any:
        """The reader of what was folded."""

    def say(self, kind_name: str, fields: dict[str, Any], *, officer: str) -> str:
        """Rule on an act and put it in the outbox."""

    def draft(self, kind_name: str, fields: dict[str, Any], *, officer: str) -> Any:
        """Compose an act and rule on it; say nothing."""

    def say_many(self, items: Sequence[tuple[str, dict[str, Any]]], *, officer: str) -> Sequence[str]:
        """Say several acts of one desk and release: all or none."""

    def receipt(self, act_id: str) -> Any:
        """How far an act has come."""

    def now(self) -> int:
        """This cell's clock, UTC milliseconds."""

    def look(self, params: Mapping[str, str] | None = None, *, people: bool = False) -> Look:
        """What views may read: its registers at this moment, and what was asked in the address."""

    @property
    def settled(self) -> Settled:
        """What this cell knows to be settled."""

    @property
    def prover(self) -> Any:
        """Who writes evidence from what this cell holds."""

    def status(self) -> Any:
        """Lag and outbox of this cell."""


class Centre(Protocol):
    """All that one process serves: the charter, and the cells whose keys lie in its directory."""

    @property
    def charter(self) -> Charter:
        """The charter in force."""

    @property
    def cells(self) -> Mapping[str, Any]:
        """The cells by code."""

    def status(self) -> dict[str, Any]:
        """What ``/healthz`` answers; ``ready`` is False until it can be used."""

    def step(self) -> bool:
        """Let registrar and cells do what lies ready; tell whether anything moved. Not while a thread runs it."""

    def stop(self) -> None:
        """Close everything."""

    def verify(self, code: str | None, *, progress: Callable[[int, int], None]) -> dict[str, Any]:
        """Check a whole journal: the registrar's, or a cell's copy. Raises ``Untrusted`` where it does not hold."""

    def rebuild(self, code: str, *, progress: Callable[[int, int], None]) -> dict[str, Any]:
        """Fold a cell's registers again from its journal."""

    def play(self, folder: Path) -> int:
        """Play a folder of steps in a trial; how many there are."""

    def fold(self, code: str, file: bytes, *, officer: str, progress: Callable[[int, int], None]) -> dict[str, Any]:
        """Take an act from another reader's disclosure into a cell: its ``id``, and whether it was ``folded``."""


class Floor:
    """One centre, its desks and its offices, behind the questions that doors put.

    *administration* is the token of whoever owns the data directory; it may act as any officer.
    """

    def __init__(self, centre: Centre, desks: Sequence[Desk], offices: Mapping[str, Office], *,
                 administration: str | None = None, sign_in: SignIn | None = None) -> None:
        self.centre = centre
        self.desks = tuple(desks)
        self.offices = offices
        self._administration = administration
        self.work: dict[str, tuple[int, int]] = {}
        """How far the check or rebuild of each cell has come: (done, total)."""
        self._sign_in = sign_in

    def telling(self, code: str) -> Callable[[int, int], None]:
        """Begin to tell how far some work on a cell has come: what it gives is called with (done, total)."""
        def told(done: int, total: int) -> None:
            self.work[code] = done, total

        told(0, 0)
        return told

    @property
    def log(self) -> Any:
        """The journal in the shapes of C2SP tlog-tiles."""
        centre: Any = self.centre
        return centre.log

    @property
    def mandates(self) -> Any:
        """How a registrar is drawn, promised and put in force, where all cells lie in one directory."""
        centre: Any = self.centre
        return centre.mandates

    @property
    def instruments(self) -> Any:
        """How what members have signed with their state keys is carried in."""
        centre: Any = self.centre
        return centre.instruments

    @property
    def charter(self) -> Charter:
        """The charter in force."""
        return self.centre.charter

    def now(self) -> int:
        """The time in this centre (UTC ms): a trial may have its own."""
        return int(next(iter(self.centre.cells.values())).now())

    def is_administration(self, token: str) -> bool:
        """Tell whether *token* is that of the directory's owner."""
        mine = self._administration
        return mine is not None and hmac.compare_digest(mine.encode(), token.encode("utf-8", "replace"))

    def officers(self) -> list[Officer]:
        """All officers of the cells here."""
        return [officer for office in self.offices.values() for officer in office.officers()]

    @property
    def sign_in(self) -> SignIn:
        """How officers come in; where nothing is set, they are chosen if the charter is an exercise."""
        return self._sign_in or SignIn(choosing=self.charter.exercise)

    @property
    def entrance(self) -> Entrance:
        """Where officers come in and go out."""
        return Entrance(self.offices, self.sign_in)

    def officer(self, officer_id: str) -> Officer:
        """Find an officer of any cell here.

        Raises:
            Refused: ``officer.unknown``.
        """
        return self.entrance.office_of(officer_id).officer(officer_id)

    def session(self, token: str, *, looking: bool = False) -> Officer:
        """Tell whose session *token* is; see ``Entrance.officer``.

        Raises:
            Untrusted: ``session.absent``.
        """
        return self.entrance.officer(token, looking=looking)

    def cell(self, code: str) -> Any:
        """The cell of a member.

        Raises:
            Refused: ``cell.absent``.
        """
        cell = self.centre.cells.get(code)
        if cell is None:
            raise Refused("cell.absent", "No cell of {given} lies in this directory.", given=repr(code[:20]),
                          field="cell")
        return cell

    def desk(self, name: str) -> Desk:
        """A desk by name.

        Raises:
            Malformed: ``desk.unknown``.
        """
        for desk in self.desks:
            if desk.name == name:
                return desk
        raise Malformed("desk.unknown", "There is no desk {given}.", given=repr(name[:40]), field="desk")

    def form(self, desk_name: str, kind: str) -> Form:
        """The form of a kind that is said with a plain form, by the names of desk and kind.

        Raises:
            Malformed: ``desk.unknown`` or ``act.unknown``.
        """
        desk = self.desk(desk_name)
        for form in desk.forms:
            if form.kind.name == kind and form.plain:
                return form
        raise Malformed("act.unknown", "This program does not know the kind of act {given!r}.", given=kind[:40])

    def search(self, officer: Officer, query: ActQuery) -> list[ActRow]:
        """Acts that the officer's cell can read."""
        officer.require("reader")
        return list(self.cell(officer.member).registers.search(query))

    def count(self, officer: Officer, filters: Filters) -> int:
        """How many acts a search would find without its limit."""
        officer.require("reader")
        return int(self.cell(officer.member).registers.count(filters.query()))

    def read(self, officer: Officer, given: str) -> ActRow:
        """Open one act by id or reference (``IQ 412``, ``IQ 412/7``); the reading log keeps that it was opened.

        Raises:
            Refused: ``act.absent``, this cell knows no such act.
        """
        row = self.find(officer, given)
        self.offices[officer.member].log_reading(officer.id, row.id)
        return row

    def find(self, officer: Officer, given: str) -> ActRow:
        """Find one act by id or reference, without opening it.

        Raises:
            Refused: ``act.absent``.
        """
        officer.require("reader")
        registers = self.cell(officer.member).registers
        row: ActRow | None = registers.act(given) if _is_id(given) else registers.by_reference(given)
        if row is None:
            raise Refused("act.absent", "{member} can read no act {given}.", member=officer.member,
                          given=repr(given[:80]))
        return row

    def thread(self, officer: Officer, given: str) -> list[ActRow]:
        """All acts of the thread that an act stands in, in the journal's order."""
        row = self.find(officer, given)
        return list(self.cell(officer.member).registers.thread(row.thread))

    def receipt(self, officer: Officer, given: str) -> Any:
        """How far an act has come; acts still in the outbox are known by id only."""
        officer.require("reader")
        cell = self.cell(officer.member)
        return cell.receipt(given if _is_id(given) else self.find(officer, given).id)

    def say(self, officer: Officer, kind: str, fields: dict[str, Any]) -> str:
        """Say one act; returns its id.

        Raises:
            Refused: ``officer.role`` without the role that the kind asks, or whatever the rule says.
            Untrusted: ``session.stale``, a decision asks the officer to show to be there.
        """
        self.require_say(officer, kind)
        return str(self.cell(officer.member).say(kind, fields, officer=officer.id))

    def say_many(self, officer: Officer, items: Sequence[tuple[str, dict[str, Any]]]) -> list[str]:
        """Say at most 1000 acts of one desk and release, all or none; returns their ids.

        Raises:
            Malformed: ``batch.size``.
        """
        for kind in {kind for kind, _ in items}:
            self.require_say(officer, kind)
        if not 1 <= len(items) <= BATCH_MAX:
            raise Malformed("batch.size", "A batch has 1 to {limit} acts.", limit=BATCH_MAX)
        return [str(act_id) for act_id in self.cell(officer.member).say_many(items, officer=officer.id)]

    def files_of(self, officer: Officer, act_id: str) -> list[ActRow]:
        """The acts that carry a file which belongs to an act, as far as the officer's cell can read them."""
        registers = self.cell(officer.member).registers
        named = [one for _, ids in registers.query_all("attachments", of=act_id) for one in ids]
        return [row for one in named if (row := registers.act(one)) is not None]

    def attach(self, officer: Officer, data: bytes, fields: dict[str, Any]) -> str:
        """Seal a file in the officer's cell and say the act that carries it; returns the act's id.

        *fields* are those of an attachment without ``size``, ``digest`` and ``key``.

        Raises:
            Malformed: ``attachment.size``, or a field at fault.
            Refused: ``officer.role``, or what the rule says.
        """
        if self.form_of(ATTACHMENT) is None:
            raise Malformed("act.unknown", "This program does not know the kind of act {given!r}.", given=ATTACHMENT)
        self.require_say(officer, ATTACHMENT)
        cell = self.cell(officer.member)
        digest, key = cell.attachments.keep(data, centre=cell.centre)
        carried = {"size": len(data), "digest": digest, "key": write_base64(key)}
        return str(cell.say(ATTACHMENT, fields | carried, officer=officer.id))

    def attached(self, officer: Officer, given: str) -> tuple[ActRow, bytes]:
        """The act that carries a file, and the file; the reading log keeps that it was opened.

        Raises:
            Refused: ``act.absent``, or ``attachment.none``: that act carries no file.
            Unavailable: ``attachment.absent``, its author's cell does not give it now.
            Untrusted: what was given is not what the act names.
        """
        row = self.read(officer, given)
        if row.kind != ATTACHMENT or row.void is not None:
            raise Refused("attachment.none", "{given} carries no file.", given=given[:80])
        cell, act = self.cell(officer.member), msgspec.to_builtins(row.act)
        data: bytes = cell.attachments.open(act["digest"], parse_base64(act["key"]), centre=cell.centre,
                                            author=row.author)
        return row, data

    def require_say(self, officer: Officer, kind: str) -> None:
        """Hold that an officer may say a kind, and for a decision that it has just shown to be there.

        Raises:
            Refused: ``officer.role``.
            Untrusted: ``session.stale``.
        """
        form = self.form_of(kind)
        officer.require(form.role if form is not None else "releaser")
        if form is not None and (form.signed or form.role == "administrator"):
            officer.require_fresh()

    def form_of(self, kind: str) -> Form | None:
        """The form of a kind, whichever desk it lies on."""
        return next((form for desk in self.desks for form in desk.forms if form.kind.name == kind), None)

    def look(self, officer: Officer, params: Mapping[str, str] | None = None, *, people: bool = False) -> Look:
        """What the views of desks may read for an officer: its cell's registers, at this moment.

        *people*: it will be drawn on a page; without it, what no machine door may give is left out.

        Raises:
            Refused: ``officer.role``.
        """
        officer.require("reader")
        look: Look = self.cell(officer.member).look(params, people=people)
        return look

    def view(self, desk_name: str, name: str) -> View:
        """A view of a desk, by the names of both.

        Raises:
            Malformed: ``desk.unknown`` or ``view.unknown``.
        """
        desk = self.desk(desk_name)
        view = desk.showing.view(name) if desk.showing is not None else None
        if view is None:
            raise Malformed("view.unknown", "The desk {desk} has no view {given}.", desk=desk_name, given=name[:40])
        return view

    def plain(self, row: ActRow) -> dict[str, Any]:
        """An act as programs read it: without the fields that its kind withholds, which are named instead."""
        shown: dict[str, Any] = msgspec.to_builtins(row)
        form = self.form_of(row.kind)
        if form is not None and form.withheld:
            shown["withheld"] = list(form.withheld)
            shown["act"] = {name: value for name, value in shown["act"].items() if name not in form.withheld}
        return shown

    def panel(self, officer: Officer, given: str, *, people: bool = False) -> tuple[Desk, Any]:
        """The desk of the thread that an act stands in, and what its panel shows: a struct, or None."""
        rows = self.thread(officer, given)
        desk = self.desk(rows[0].desk)
        panel = desk.showing.panel if desk.showing is not None else None
        return desk, None if panel is None else panel.show(self.look(officer, people=people), rows)

    def panel_at(self, officer: Officer, desk_name: str, given: str) -> Any:
        """What the panel of a desk shows of the thread that an act stands in: a struct, or None.

        Raises:
            Refused: ``act.absent``; ``act.desk.other``, the act lies on another desk.
        """
        desk, shown = self.panel(officer, given)
        if desk.name != desk_name:
            raise Refused("act.desk.other", "The act {given} lies on the desk {desk}.", given=given[:80],
                          desk=desk.name, field="act")
        return shown

    def offers(self, officer: Officer, row: ActRow) -> tuple[Offer, ...]:
        """What may be said next in the thread of an act, and why not; where its desk has no say, all that answers it.
        """
        desk = self.desk(row.desk)
        if desk.showing is not None and desk.showing.offers is not None:
            return tuple(desk.showing.offers(self.look(officer), self.thread(officer, row.id)))
        return tuple(Offer(kind=form.kind.name, to=row.id) for form in desk.forms if row.kind in form.answers)

    def layers(self) -> list[tuple[Desk, Layer]]:
        """All layers of the map, desk by desk."""
        return [(desk, layer) for desk in self.desks if desk.showing is not None for layer in desk.showing.layers]

    def features(self, officer: Officer, desk_name: str, name: str, params: Mapping[str, str]) -> Sequence[Feature]:
        """What one layer of the map shows to an officer.

        Raises:
            Malformed: ``desk.unknown`` or ``layer.unknown``.
        """
        desk = self.desk(desk_name)
        for one, layer in self.layers():
            if one is desk and layer.name == name:
                return layer.show(self.look(officer, params))
        raise Malformed("layer.unknown", "The desk {desk} has no layer {given}.", desk=desk_name, given=name[:40])

    def needs(self, officer: Officer) -> list[Need]:
        """What waits for the officer's member at any desk: the most urgent first, then what ends first."""
        return [need for _, need in self.waiting(officer)]

    def waiting(self, officer: Officer) -> list[tuple[Desk, Need]]:
        """``needs``, each with the desk that it waits at."""
        look = self.look(officer)
        found = [(desk, need) for desk in self.desks if desk.showing is not None and desk.showing.needs is not None
                 for need in desk.showing.needs(look)]
        return sorted(found, key=lambda one: urgency(one[1]))

    def dates(self, officer: Officer) -> list[Date]:
        """The dates that any desk knows, earliest first."""
        look = self.look(officer)
        found = [date for desk in self.desks if desk.showing is not None and desk.showing.dates is not None
                 for date in desk.showing.dates(look)]
        return sorted(found, key=lambda date: (date.from_ms, date.uid))

    def chairing(self, officer: Officer) -> Chairing | None:
        """Who has the chair, by the record of handovers that the officer's member holds; None without such a record."""
        if self.charter.member(officer.member) is None:
            return None
        presiding = (desk.showing.presiding for desk in self.desks if desk.showing is not None)
        return next((asked(self.cell(officer.member).look()) for asked in presiding if asked is not None), None)

    def known(self, officer: Officer, external_ids: Sequence[str], desk_name: str = "") -> set[str]:
        """Which of these names from elsewhere the officer's member has said already, at one desk or at any."""
        officer.require("reader")
        registers = self.cell(officer.member).registers
        found: set[str] = set()
        for desk in self.desks:
            if "known_external_ids" in desk.queries and desk_name in ("", desk.name):
                found |= registers.query(desk.name, "known_external_ids", author=officer.member, ids=external_ids)
        return found


def urgency(need: Need) -> tuple[int, int, int]:
    """Sort key of what waits: the highest precedence first, then what ends first, then what waits longest."""
    return -PRECEDENCES.index(need.precedence), need.until_ms or 1 << 62, need.since_ms


def _is_id(given: str) -> bool:
    try:
        parse_hash(given)
    except Malformed:
        return False
    return True
