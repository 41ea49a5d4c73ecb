"""A desk that lives only in the tests, and a centre of memory that keeps the contract of one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tansiq.acts import Act, Kind
from tansiq.cell.borders import built_in
from tansiq.cell.desk import Common, Description, Desk, Field, Form, Thread
from tansiq.cell.moment import Settled
from tansiq.charter import Charter
from tansiq.errors import Malformed, Refused, Untrusted
from tansiq.evidence.files import expected


class Greeting(Act):
    """A kind that exists nowhere else."""

    words: str
    mood: str | None


def _rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """Everything may be said."""


TRIAL = Desk(
    name="trial", number=31, title="Trial", icon="flask", rule=_rule,
    forms=(Form(Kind("greeting", 1, 31, Greeting, "Greeting"),
                (Field("words", "Words", "line"), Field("mood", "Mood", "line", required=False))),),
    describe=lambda act: Description(title=getattr(act, "words", "")),
)


class MemoryRegisters:
    """Registers that hold what was said in a list."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows

    def search(self, query: Any) -> list[Any]:
        """Rows of the desk and with the words asked for, newest first."""
        found = [r for r in self.rows if query.desk in (None, r["desk"]) and (query.text or "") in r["title"]]
        return [SimpleRow(r) for r in found[::-1][query.offset:query.offset + query.limit]]

    def count(self, query: Any) -> int:
        """How many there are."""
        return len([r for r in self.rows if query.desk in (None, r["desk"]) and (query.text or "") in r["title"]])

    def act(self, act_id: str) -> Any:
        """One row by id."""
        return next((SimpleRow(r) for r in self.rows if r["id"] == act_id), None)

    def by_reference(self, reference: str) -> Any:
        """One row by reference."""
        return next((SimpleRow(r) for r in self.rows if r["reference"] == reference), None)

    def thread(self, thread_id: str) -> list[Any]:
        """Rows of one thread."""
        return [SimpleRow(r) for r in self.rows if r["thread"] == thread_id]

    def entries(self, before: int | None = None, limit: int = 100, *, quiet: bool = True) -> list[Any]:
        """Entries, newest first."""
        return [SimpleRow({"index": i, "author": r["author"]}) for i, r in enumerate(self.rows)
                if before is None or i < before][::-1][:limit]

    def query(self, desk: str, name: str, **args: Any) -> Any:
        """Which external ids were said."""
        return {row["fields"].get("external_id") for row in self.rows} & set(args["ids"])

    def query_all(self, name: str, **args: Any) -> list[tuple[str, Any]]:
        """No desk here has a question that all are asked."""
        return []

    def latest(self) -> int:
        """The index of the next entry."""
        return len(self.rows)


class SimpleRow(dict[str, Any]):
    """A row whose fields are read by name."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


class MemoryProver:
    """What proves nothing: these cells have no journal."""

    def __getattr__(self, name: str) -> Any:
        def refuse(*_: Any) -> Any:
            raise Refused("evidence.none", "{author} has no entry in the settled journal.", author="nobody")

        return refuse


class MemoryCell:
    """A cell that folds at once what it says."""

    prover = MemoryProver()
    centre = bytes(32)

    def __init__(self, code: str) -> None:
        self.code = code
        self.rows: list[Any] = []
        self.registers = MemoryRegisters(self.rows)
        self.failure: Exception | None = None

    def say(self, kind_name: str, fields: dict[str, Any], *, officer: str) -> str:
        """Keep the act."""
        if self.failure is not None:
            raise self.failure
        number = len(self.rows) + 1
        act_id = hashlib.sha256(f"{self.code}{number}".encode()).hexdigest()
        self.rows.append({"id": act_id, "reference": f"{self.code} {number}", "kind": kind_name, "desk": "trial",
                          "title": str(fields.get("words")), "thread": act_id, "author": self.code,
                          "officer": officer, "fields": fields})
        return act_id

    def is_signed(self, kind_name: str) -> bool:
        """Nothing is signed here."""
        return False

    def say_many(self, items: Sequence[tuple[str, dict[str, Any]]], *, officer: str) -> list[str]:
        """Keep several."""
        return [self.say(kind, fields, officer=officer) for kind, fields in items]

    def receipt(self, act_id: str) -> dict[str, Any]:
        """Everything is settled at once."""
        if self.registers.act(act_id) is None:
            raise Refused("act.absent", "{member} can read no act {given}.", member=self.code, given=act_id[:80])
        return {"state": "settled"}

    def now(self) -> int:
        """The clock stands still."""
        return 1_444_000_000_000

    def look(self, params: Any = None, *, people: bool = False) -> Any:
        """No desk here has a view that would read it."""

    territories = staticmethod(built_in)

    @property
    def settled(self) -> Settled:
        """All of it."""
        return Settled(len(self.rows), self.now())

    def status(self) -> dict[str, Any]:
        """Nothing lags."""
        return {"lag": 0}


class MemoryMandates:
    """Mandates of a centre whose registrar never fails: nothing is drawn, and so nothing can be promised."""

    def show(self) -> dict[str, Any]:
        """The first mandate."""
        return {"version": 1, "drawn": None, "promised": []}

    def draw(self, *, again: bool) -> dict[str, Any]:
        """Refuse: it is not needed."""
        raise Refused("mandate.none", "No registrar was drawn.")

    def promise(self, code: str, *, unordered: bool = False) -> dict[str, Any]:
        """Refuse: for nothing."""
        raise Refused("mandate.none", "No registrar was drawn.")

    def enforce(self, *, carrier: str | None, notes: Sequence[str]) -> dict[str, Any]:
        """Refuse: nothing was promised."""
        raise Refused("mandate.none", "No registrar was drawn.")


class MemoryInstruments:
    """Instruments of a centre whose charter never changes: none can be carried in."""

    def carry(self, code: str, kind: str, doc: str, signatures: Mapping[str, str]) -> dict[str, Any]:
        """Refuse: nobody signed it."""
        raise Refused("instrument.missing", "Signatures are missing: {codes}.", codes=code)


class MemoryLog:
    """The log of a journal in which nothing was ordered yet."""

    def checkpoint(self) -> bytes:
        """There is none."""
        raise Refused("tile.absent", "The log has no {given} yet.", given="tile")

    def entries(self, tile: str) -> bytes:
        """There are none."""
        raise Refused("tile.absent", "The log has no {given} yet.", given="tile")

    def nodes(self, level: int, tile: str) -> bytes:
        """There are none."""
        raise Refused("tile.absent", "The log has no {given} yet.", given="tile")


class MemoryCentre:
    """A centre of two cells in memory."""

    def __init__(self, charter: Charter) -> None:
        self.charter = charter
        self.cells = {party.code: MemoryCell(party.code) for party in charter.parties}
        self.sound = True
        self.mandates = MemoryMandates()
        self.instruments = MemoryInstruments()
        self.log = MemoryLog()

    def play(self, folder: Path) -> int:
        """Refuse: there is no story in memory."""
        raise Malformed("demonstration", "The demonstration cannot be played: {why}.", why="there is none")

    def status(self) -> dict[str, Any]:
        """What /healthz answers."""
        return {"ready": True, "size": 1, "settled": 1, "cells": {code: {"lag": 0} for code in self.cells}}

    def verify(self, code: str | None, *, progress: Callable[[int, int], None]) -> dict[str, Any]:
        """Say yes, unless told to say no."""
        if not self.sound:
            raise Untrusted("journal.tree", "The tree does not hold.")
        progress(1, 1)
        return {"size": 1}

    def rebuild(self, code: str, *, progress: Callable[[int, int], None]) -> dict[str, Any]:
        """Count what there is."""
        return {"acts": len(self.cells[code].rows)}

    def fold(self, code: str, file: bytes, **given: Any) -> dict[str, Any]:
        """No act here was sealed for anybody: whatever is given is no disclosure of one."""
        raise expected("disclosure")

    def step(self) -> bool:
        """Nothing lies ready."""
        return False

    def stop(self) -> None:
        """Nothing is open."""
