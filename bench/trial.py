"""A founded centre in a directory of its own, and synthetic acts for it."""

from __future__ import annotations

import dataclasses
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tansiq.acts import Kind
from tansiq.cell.desk import Desk
from tansiq.cell.node import Cell
from tansiq.desks import DESKS
from tansiq.run import Centre, found, open_centre

Item = tuple[str, dict[str, Any]]
CHARTER = Path(__file__).parents[1] / "charters" / "baghdad.toml"
OFFICER = "bench"
KIND = DESKS[0].forms[0].kind
WORDS = ("road", "bridge", "convoy", "checkpoint", "river", "market", "east", "west", "north", "south", "seen",
         "moving", "vehicles", "men", "night", "morning", "village", "hill", "tanker", "smoke", "quiet", "patrol",
         "crossing", "station", "dam", "school", "depot", "column", "farm", "ridge")


def _second(desk: Desk) -> Desk:
    """The same desk under another number, so that neighbours of two desks are not put in one envelope."""
    form = desk.forms[0]
    kind = Kind("trial", 1, 31, form.kind.type, "trial")
    return dataclasses.replace(desk, name="trial", number=31, schema="", fold=None, queries={},
                               forms=(dataclasses.replace(form, kind=kind),))


@contextmanager
def directory() -> Iterator[Path]:
    """A directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tansiq-bench-") as made:
        yield Path(made)


@contextmanager
def centre(*, two_desks: bool = False, alone: bool = False) -> Iterator[Centre]:
    """A fresh centre whose cells nobody steps but the bench; *alone*: its own thread does, as when it is served."""
    with directory() as place:
        found(CHARTER.read_text(encoding="utf-8"), place)
        opened = open_centre(place, (*DESKS, _second(DESKS[0])) if two_desks else DESKS)
        for cell in [] if alone else opened.cells.values():
            cell.after_say = lambda: None
        if alone:
            opened.start()
        try:
            yield opened
        finally:
            opened.stop()


def release(opened: Centre, others: int) -> list[str]:
    """The author, first of the charter, and as many others."""
    return [member.code for member in opened.charter.members[:1 + others]]


def author(opened: Centre) -> Cell:
    """The cell that says."""
    return opened.cells[opened.charter.members[0].code]


def fields(chance: random.Random, codes: Sequence[str]) -> dict[str, Any]:
    """A report of some 500 bytes."""
    when = 1_444_200_000_000 + chance.randrange(10_000_000_000)
    return {"title": {"lang": "en", "text": " ".join(chance.choices(WORDS, k=4))},
            "text": {"lang": "en", "text": " ".join(chance.choices(WORDS, k=4))},
            "occurred_from": when, "occurred_until": when,
            "place": {"lat": chance.randrange(300_000_000, 370_000_000),
                      "lon": chance.randrange(390_000_000, 480_000_000), "accuracy_m": None},
            "place_name": None, "source_reliability": "B", "information_credibility": "2",
            "external_id": f"b-{chance.randrange(10**12)}", "source": None, "release": list(codes)}


def acts(count: int, codes: Sequence[str], *, seed: int = 1, alternate: bool = False) -> list[Item]:
    """Synthetic reports; *alternate* puts every second on the other desk."""
    chance = random.Random(seed)
    return [("trial" if alternate and n % 2 else "report", fields(chance, codes)) for n in range(count)]


def whole(count: int) -> list[dict[str, Any]]:
    """The fields of as many reports with their heads, as they stand in acts."""
    head = {"kind": KIND.name, "version": KIND.version, "author": "IQ", "officer": OFFICER, "thread": None,
            "refers": (), "handling": "restricted", "topic": None, "precedence": "routine", "assertion": None}
    return [{**given, **head} for _, given in acts(count, ["IQ"])]


def send_all(cell: Cell) -> None:
    """Have all that waits ordered."""
    while cell.outbox.count():
        cell.send()


def spent(began: float) -> float:
    """Seconds since *began*."""
    return time.perf_counter() - began
