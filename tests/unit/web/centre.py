"""A centre of memory with real registers: what one cell says, the addressed cells fold, and the others fold sealed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from tansiq import wire
from tansiq.acts import Act
from tansiq.cell.borders import built_in
from tansiq.cell.attachments import Attachments
from tansiq.cell.desk import Common, Desk, Said
from tansiq.cell.moment import InForce, Settled
from tansiq.cell.registers import FoldedEntry, Registers
from tansiq.cell.views import Look
from tansiq.charter import Charter
from tansiq.errors import Refused
from tansiq.office import Office, demonstration_officers
from tests.doors.trial import MemoryProver

NOW_MS = 1_444_300_000_000


@dataclass(frozen=True)
class MemoryReceipt:
    """What a cell answers about an act."""

    state: str
    index: int
    number: int
    time: int
    seen_by: tuple[str, ...] = ()


@dataclass
class MemoryCell:
    """One member's cell over its own registers."""

    code: str
    memory: MemoryCentre
    registers: Registers
    number: int = 0
    prover: Any = field(default_factory=MemoryProver)

    def say(self, kind_name: str, fields: dict[str, Any], *, officer: str) -> str:
        """Rule, order and fold at once."""
        return self.memory.order(self, kind_name, fields, officer)

    def draft(self, kind_name: str, fields: dict[str, Any], *, officer: str) -> Act:
        """Rule, and say nothing."""
        desk, act = self.memory.compose(self, kind_name, fields, officer)
        self.memory.rule(self, desk, Said("0" * 64, self.memory.size, 0, NOW_MS, act, None))
        return act

    def is_signed(self, kind_name: str) -> bool:
        """No charter here asks for it."""
        return False

    def say_many(self, items: Sequence[tuple[str, dict[str, Any]]], *, officer: str) -> list[str]:
        """Say one after the other."""
        return [self.say(kind, fields, officer=officer) for kind, fields in items]

    def receipt(self, act_id: str) -> MemoryReceipt:
        """Settled once the centre says so."""
        row = self.registers.act(act_id)
        if row is None:
            raise Refused("act.absent", "There is no act {given}.", given=act_id[:12])
        state = "settled" if row.index < self.memory.settled else "ordered"
        return MemoryReceipt(state, row.index, row.number, row.time, tuple(row.release))

    centre: bytes = bytes(32)

    @property
    def attachments(self) -> Attachments:
        """Files in a folder of its own."""
        return Attachments(self.memory.folder / self.code, lambda author, digest: None)

    def now(self) -> int:
        """The clock stands still."""
        return NOW_MS

    def in_force(self, at: int) -> InForce:
        """One charter for ever, and nobody suspended."""
        return InForce(self.memory.charter, frozenset())

    def look(self, params: Mapping[str, str] | None = None, *, people: bool = False) -> Look:
        """What views may read."""
        mine = self.registers
        return Look(self.code, self.memory.charter, self.now(), self.settled, mine.query, mine.search, mine.act,
                    mine.thread, mine.query_all, self.in_force, dict(params or {}), people=people, named=mine.named)

    @property
    def settled(self) -> Settled:
        """As far as the centre says."""
        return Settled(self.memory.settled, NOW_MS)

    def status(self) -> dict[str, Any]:
        """Lag and outbox."""
        return {"outbox": 0, "lag": 0}


@dataclass
class MemoryCentre:
    """All cells of a charter in one process; *settled* entries count from 0."""

    charter: Charter
    desks: Sequence[Desk]
    folder: Path
    settled: int = 0
    size: int = 0
    cells: dict[str, MemoryCell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for member in self.charter.parties:
            registers = Registers.open(self.folder / f"{member.code}.registers.db", self.desks)
            self.cells[member.code] = MemoryCell(member.code, self, registers)

    def offices(self) -> dict[str, Office]:
        """An office for each cell, with the demonstration's officers."""
        made = {code: Office.open(self.folder / f"{code}.office.db", clock=lambda: NOW_MS) for code in self.cells}
        for code, officers in demonstration_officers(self.charter).items():
            made[code].enrol(officers)
        return made

    def compose(self, cell: MemoryCell, kind_name: str, fields: dict[str, Any], officer: str) -> tuple[Desk, Act]:
        """Make an act of its fields."""
        desk = next(d for d in self.desks if kind_name in {k.name for k in d.kinds})
        form = desk.form(kind_name)
        kind = form.kind
        if form.fill is not None:
            asked = {field.name for field in form.fields if field.asked}
            answers = {name: str(value) for name, value in fields.items() if name in asked and value is not None}
            fields = {name: value for name, value in fields.items() if name not in asked}
            fields |= form.fill(cell.look(answers))
        first = cell.registers.act(fields["refers"][0]) if fields.get("refers") else None
        head = {"kind": kind.name, "version": kind.version, "author": cell.code, "officer": officer,
                "thread": first.thread if first else None, "refers": [], "topic": None, "precedence": "routine",
                "handling": self.charter.handling[0].code, "assertion": None,
                "release": list(first.release) if first else sorted({cell.code, *fields.get("release", ())})}
        given = head | {k: v for k, v in fields.items() if k != "release" or not first}
        return desk, msgspec.convert(given, kind.type)

    def rule(self, cell: MemoryCell, desk: Desk, said: Said) -> Said:
        """Rule on an act below its thread; with what the desk keeps of it."""
        with cell.registers.writing() as writer:
            common = Common(said.time, said.index, ask=writer.common)
            thread = writer.thread(said.act.thread or said.id)
            desk.rule(said.act, thread, common, self.charter)
            return said if desk.digest is None else replace(
                said, digest=desk.digest(said, thread, common, self.charter))

    def order(self, cell: MemoryCell, kind_name: str, fields: dict[str, Any], officer: str) -> str:
        """Give an act the next place, and fold it everywhere."""
        desk, act = self.compose(cell, kind_name, fields, officer)
        salt, data = os.urandom(32), wire.write(act)
        act_id = hashlib.sha256(salt + data).hexdigest()
        said = self.rule(cell, desk, Said(act_id, self.size, 0, NOW_MS + self.size * 97_000, act, None))
        cell.number += 1
        for other in self.cells.values():
            self._fold(other, cell, said, (salt, data))
        self.size += 1
        return act_id

    def _fold(self, other: MemoryCell, author: MemoryCell, said: Said, body: tuple[bytes, bytes]) -> None:
        acts = ((said, *body),) if other.code in said.act.release else ()
        entry = FoldedEntry(index=self.size, time=said.time, author=author.code, number=author.number, kind=0,
                            body_size=wire.padme(max(2_048, len(body[1]))), entry_id=os.urandom(32), acts=acts)
        with other.registers.writing() as writer:
            writer.add(entry)
            writer.cursor = self.size + 1

    def status(self) -> dict[str, Any]:
        """What /healthz answers."""
        return {"size": self.size, "settled": self.settled, "root": "",
                "cosigners": sorted(self.cells)}

    def step(self) -> bool:
        """Nothing waits."""
        return False

    def stop(self) -> None:
        """Let the files go."""
        for cell in self.cells.values():
            cell.registers.close()

    def verify(self, code: str | None, **_: Any) -> dict[str, Any]:
        """Nothing to check in memory."""
        return {"size": self.size}

    def rebuild(self, code: str, **_: Any) -> dict[str, Any]:
        """Nothing to rebuild in memory."""
        return {"acts": 0}
