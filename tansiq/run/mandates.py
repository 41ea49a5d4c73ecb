"""Mandates of a trial: draw a registrar, collect the members' promises, put it in force; all cells in one directory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from tansiq import wire
from tansiq.cell import answering, takeover
from tansiq.cell.answering import Answer
from tansiq.cell.links import Peer
from tansiq.cell.links.local import LocalLink
from tansiq.cell.node import Cell
from tansiq.errors import Refused, Unavailable
from tansiq.registrar.control import Control
from tansiq.registrar.mandates import Promised, parse_promised
from tansiq.registrar.order import Offer


class Here(Protocol):
    """What mandates need of a centre."""

    directory: Path
    cells: dict[str, Cell]
    link: LocalLink
    clock: Any

    @property
    def control(self) -> Control:
        """What open entries have established."""

    def peers(self, *, but: str = "") -> Mapping[str, Peer]:
        """The members' cells."""

    def still(self) -> Any:
        """Hold all cells still."""


class TrialMandates:
    """The mandates of one directory. Any thread may call; cells stand still meanwhile."""

    def __init__(self, here: Here) -> None:
        self._here = here

    def show(self) -> dict[str, Any]:
        """The mandate in force and who answers for its promises, the registrar that was drawn, and who has promised it
        with which checkpoint, by whose decision."""
        here, drawn = self._here, takeover.drawn(self._here.directory)
        roster = here.control.roster
        given = {} if drawn is None else {p.code: p for p in self._promises(drawn)}
        known, found = self._furthest().mandates(), self._answers()
        made = known.made[-1]
        return {"in_force": here.control.version, "registrar": here.link.is_there, "needed": roster.quorum,
                "asked": made.asked,
                "answers": [_told(found, code, (made.version, made.key)) for code in known.promisers],
                "decided": [] if drawn is None else [
                    told for member in roster.members if (told := _told(
                        found, member.code, (drawn.version, wire.parse_base64(drawn.key))))["officer"] is not None],
                "members": [member.code for member in roster.present],
                "drawn": None if drawn is None else {"version": drawn.version, "key": drawn.key},
                "promises": [{"member": code, "mandate": p.promise.named.mandate, "size": p.promise.named.size,
                              "root": p.promise.named.root.hex()} for code, p in sorted(given.items())],
                "awaited": [] if drawn is None else [m.code for m in roster.present if m.code not in given]}

    def draw(self, *, again: bool = False) -> dict[str, Any]:
        """Draw the next registrar's key, or tell which was drawn; *again* gives that one up and takes a later version.

        Raises:
            Unavailable: the disk.
        """
        with self._here.still():
            books = [cell.book.promised for cell in self._members()]
            version = max(self._here.control.version, *(books if again else [0])) + 1
            # Whoever has named another key for a version can promise this one by none below the next.
            while any(answer.version == version for answer in self._answers()):
                version += 1
            drawn = takeover.draw(self._here.directory, version, again=again)
            return {"version": drawn.version, "key": drawn.key}

    def promise(self, code: str, *, unordered: bool = False) -> dict[str, Any]:
        """Have a member promise the registrar that was drawn; its note, which it keeps first.

        *unordered*: the officer's decision that the charter asks for is not ordered yet, and is owed.

        Raises:
            Refused: none was drawn, no cell of the member lies here, or see ``Cell.promise``.
        """
        drawn = takeover.drawn(self._here.directory)
        if drawn is None:
            raise Refused("mandate.drawn", "No registrar is drawn: draw its key first.")
        cell = self._here.cells.get(code)
        if cell is None:
            raise Refused("cell.absent", "No cell of {given} lies in this directory.", given=repr(code[:20]),
                          field="cell")
        with self._here.still():
            note = cell.promise(drawn.version, wire.parse_base64(drawn.key), unordered=unordered)
        return {"member": code, "version": drawn.version, "note": note.decode()}

    def enforce(self, *, carrier: str | None = None, notes: Sequence[str] = ()) -> dict[str, Any]:
        """Put the registrar that was drawn in force, with the promises of the cells here and those in *notes*.

        Raises:
            Refused: ``mandate.drawn``, ``mandate.quorum``; ``mandate.carrier``, no member here can sign its entry.
            Malformed: a note is no promise.
            Unavailable: the disk.
        """
        here, drawn = self._here, takeover.drawn(self._here.directory)
        if drawn is None:
            raise Refused("mandate.drawn", "No registrar is drawn: draw its key first.")
        with here.still():
            promises = {p.code: p for p in (*(parse_promised(note.encode()) for note in notes), *self._promises(drawn))}
            takeover.prepare(here.directory, list(promises.values()), here.peers(), self._carrier(carrier).keyring,
                             clock=here.clock)
            self._end_the_one_before()
            takeover.put_in_place(here.directory)
            here.link.turn_to(takeover.open_registrar(here.directory / takeover.FOLDER, here.clock))
        return self.show()

    def _end_the_one_before(self) -> None:
        """Tell the registrar before, where it is here, that it is over, and close it."""
        if not self._here.link.is_there:
            return
        before = self._here.link.registrar
        entry, body = takeover.mandate_entry(self._here.directory)
        # It says so itself from now on; or its disk is dead, and it says nothing any more.
        with suppress(Unavailable):
            before.offer([Offer(entry, body)])
        self._here.link.turn_to(None)
        before.store.close()

    def _promises(self, drawn: takeover.Drawn) -> list[Promised]:
        notes = [note for cell in self._members() if (note := cell.book.note(drawn.version)) is not None]
        return [p for p in map(parse_promised, notes) if p.promise.key == wire.parse_base64(drawn.key)]

    def _furthest(self) -> Cell:
        """The member's cell that has folded most: what it knows is told."""
        return max(self._members(), key=lambda cell: cell.registers.latest())

    def _answers(self) -> list[Answer]:
        return answering.answers(self._furthest().registers.query_all)

    def _members(self) -> list[Cell]:
        codes = self._here.control.roster.codes
        return [cell for code, cell in self._here.cells.items() if code in codes]

    def _carrier(self, given: str | None) -> Cell:
        for member in self._here.control.roster.present:
            if member.code in self._here.cells and given in (None, member.code):
                return self._here.cells[member.code]
        raise Refused("mandate.carrier", "No cell here can sign the mandate's entry as {given}.",
                      given=repr((given or "a member")[:20]), field="carrier")


def _told(found: Sequence[Answer], code: str, word: tuple[int, bytes]) -> dict[str, Any]:
    """The officer who answers for a member's promise of *word*, a version and a key; None where nobody does."""
    answer = answering.answer_for(found, code, word[0])
    stands = answer is not None and answer.key == word[1]
    return {"member": code, "officer": answer.officer if answer and stands else None,
            "proved": bool(answer and stands and answer.proved), "act": answer.act if answer and stands else None}
