"""Papers between officers: drafted, cleared, held for a moment, said. Every door calls this; see ``office.papers``."""

from __future__ import annotations

from tansiq.acts import Act
from tansiq.cell.desk import Form
from tansiq.desks.fields import compose
from tansiq.doors.floor import Floor
from tansiq.errors import Malformed, Refused, TansiqError, Unavailable
from tansiq.office import Officer
from tansiq.office.papers import Paper, Papers, Typed

URGENT = ("flash", "immediate")
"""These are not held: who needs them in a hurry says them at once."""


class Clerk:
    """Takes papers in, has them cleared, and says them when they are due.

    *hold_ms* is how long something can be taken back before it is sealed; 0: not at all.
    """

    def __init__(self, floor: Floor, *, hold_ms: int) -> None:
        self.floor = floor
        self.hold_ms = hold_ms

    def holds(self, kind: str, typed: Typed, officer: Officer) -> bool:
        """Tell whether what an officer says itself is held for a moment: not what is urgent, nor what it must sign."""
        signed = self.floor.cell(officer.member).is_signed(kind)
        return self.hold_ms > 0 and typed.get("precedence") not in URGENT and not signed

    def submit(self, officer: Officer, kind: str, typed: Typed, *, paper_id: str | None = None) -> str:
        """Take in a paper to be cleared; it is ruled on now, so that nobody clears what cannot be said.

        Raises:
            Malformed: a field at fault.
            Refused: ``officer.role``, or what a rule says.
        """
        officer.require("drafter")
        self._draft(officer, kind, typed)
        return self._papers(officer).submit(officer.id, kind, typed, paper_id=paper_id)

    def hold(self, officer: Officer, kind: str, typed: Typed, *, paper_id: str | None = None) -> str:
        """Keep for a moment what an officer says itself; raises as ``submit``."""
        self.floor.require_say(officer, self._form(kind).kind.name)
        self._draft(officer, kind, typed)
        due = self.floor.now() + self.hold_ms
        return self._papers(officer).hold(officer.id, kind, typed, due=due, paper_id=paper_id)

    def clear(self, officer: Officer, paper_id: str) -> None:
        """Clear another's paper: it goes after a moment.

        Raises:
            Refused: ``officer.role``; ``paper.own``, nobody clears a paper of its own; ``paper.state``.
        """
        paper = self.paper(officer, paper_id)
        self.floor.require_say(officer, self._form(paper.kind).kind.name)
        if paper.officer == officer.id:
            raise Refused("paper.own", "Another officer clears what you drafted.")
        held = 0 if paper.typed.get("precedence") in URGENT else self.hold_ms
        self._papers(officer).clear(officer.id, paper_id, due=self.floor.now() + held)

    def give_back(self, officer: Officer, paper_id: str, words: str) -> None:
        """Give a paper back with a note, or take back what is held.

        Raises:
            Refused: ``officer.role``; ``paper.state``, it has gone.
        """
        paper = self.paper(officer, paper_id)
        if paper.officer != officer.id:
            officer.require(self._form(paper.kind).role)
            if not words.strip():
                raise Malformed("paper.why", "Say why the paper goes back.", field="note")
        self._papers(officer).give_back(officer.id, paper_id, words)

    def paper(self, officer: Officer, paper_id: str) -> Paper:
        """One paper of the officer's office.

        Raises:
            Refused: ``officer.role``, ``paper.absent``.
        """
        officer.require("reader")
        return self._papers(officer).paper(paper_id)

    def release_due(self) -> None:
        """Say what is due, in every office here. One paper's failure is its own."""
        for code, office in self.floor.offices.items():
            for paper in office.papers.due(self.floor.now()):
                try:
                    self._release(code, paper)
                except Unavailable:
                    continue  # the disk or the registrar: it stays due, and is tried again
                except TansiqError as error:
                    office.papers.fail(paper.id, error.code, str(error))

    def _release(self, code: str, paper: Paper) -> None:
        cell, papers = self.floor.cell(code), self.floor.offices[code].papers
        salt, data = paper.salt, paper.data
        if salt is None or data is None:
            act: Act = cell.draft(paper.kind, compose(self._form(paper.kind), paper.typed), officer=paper.clerk)
            salted = cell.salted(act)
            salt, data = salted.salt, salted.data
            papers.begin(paper.id, act_id=salted.id.hex(), salt=salt, data=data)
        cell.say_salted(salt, data)
        papers.said(paper.id)

    def _draft(self, officer: Officer, kind: str, typed: Typed) -> None:
        self.floor.cell(officer.member).draft(kind, compose(self._form(kind), typed), officer=officer.id)

    def _form(self, kind: str) -> Form:
        form = self.floor.form_of(kind)
        if form is None or not form.plain:
            raise Malformed("act.unknown", "This program does not know the kind of act {given!r}.", given=kind[:40])
        return form

    def _papers(self, officer: Officer) -> Papers:
        return self.floor.offices[officer.member].papers
