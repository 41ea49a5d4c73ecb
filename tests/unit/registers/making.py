"""Entries with reports in them, made without a journal, for tests of the registers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tansiq import wire
from tansiq.acts import Act, Position, Text, act_id
from tansiq.cell.desk import Said
from tansiq.cell.registers import FoldedEntry, Registers
from tansiq.desks import DESKS
from tansiq.desks.intelligence import Correction, Recall, Report

OCTOBER_7 = 1_444_176_000_000
HEAD: dict[str, Any] = {
    "version": 1, "author": "IQ", "officer": "reader.iq", "thread": None, "refers": (), "release": ("IQ", "RU"),
    "topic": None, "handling": "", "precedence": "routine", "assertion": None,
}


def report(**changes: Any) -> Report:
    """A report over Baghdad on 7 October 2015; *changes* replace fields."""
    fields: dict[str, Any] = {
        **HEAD, "kind": "report", "title": Text(lang="en", text="Convoy on the road"),
        "text": Text(lang="en", text="Eleven lorries were seen."), "occurred_from": OCTOBER_7,
        "occurred_until": OCTOBER_7, "place": Position(lat=333_152_000, lon=443_661_000, accuracy_m=None),
        "place_name": None, "source_reliability": "F", "information_credibility": "6", "source": None,
        "external_id": None,
    }
    return Report(**{**fields, **changes})


def correction(of: str, **changes: Any) -> Correction:
    """A correction of the report with the id *of*."""
    told = {name: getattr(report(), name) for name in Correction.__struct_fields__
            if name not in ("reason", "kind", "thread", "refers")}
    fields = {**told, "kind": "correction", "thread": of, "refers": (of,),
              "reason": Text(lang="en", text="Counted again.")}
    return Correction(**{**fields, **changes})


def recall(of: str, **changes: Any) -> Recall:
    """A recall of the report with the id *of*."""
    fields = {**HEAD, "kind": "recall", "thread": of, "refers": (of,), "reason": Text(lang="en", text="Not true.")}
    return Recall(**{**fields, **changes})


def said(act: Act, *, index: int, position: int = 0, void: str | None = None) -> tuple[Said, bytes, bytes]:
    """An act as the cell opens it, with a salt that its place gives."""
    salt = index.to_bytes(16, "big") + position.to_bytes(16, "big")
    data = wire.write(act)
    opened = Said(id=act_id(salt, data).hex(), index=index, position=position, time=OCTOBER_7 + index, act=act,
                  void=void)
    return opened, salt, data


def entry(index: int, *acts: Act, void: str | None = None, author: str = "IQ") -> FoldedEntry:
    """Entry number ``index + 1`` of *author* with these acts."""
    opened = tuple(said(act, index=index, position=place, void=void) for place, act in enumerate(acts))
    return FoldedEntry(index=index, time=OCTOBER_7 + index, author=author, number=index + 1, kind=0, body_size=2048,
                       entry_id=index.to_bytes(32, "big"), acts=opened, void=void)


def folded(path: Path, *entries: FoldedEntry) -> Registers:
    """Registers in *path* with these entries folded in one batch."""
    registers = Registers.open(path / "registers.db", DESKS)
    fold(registers, *entries)
    return registers


def fold(registers: Registers, *entries: FoldedEntry) -> None:
    """Fold one batch more."""
    with registers.writing() as writer:
        for one in entries:
            writer.add(one)
            writer.cursor = one.index + 1
