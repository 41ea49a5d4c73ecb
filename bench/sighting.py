"""Sightings from sealed batches to queryable at an addressee; and a box and a time window over a million of them."""

from __future__ import annotations

import random
import time
from typing import Any

from bench import machine, trial
from bench.result import tell
from tansiq.cell.node import Cell
from tansiq.desks.reconnaissance.register import Window
from tansiq.run import Centre

BATCHES = 2_860
BATCH = 350
AT_ONCE = 52
START_MS = 1_444_200_000_000
SPAN_MS = 30 * 86_400_000
HOUR_MS = 3_600_000
ENVELOPE = machine.Shape(65_536, 1, 2)
WINDOWS = 40


def run() -> None:
    """Measure and tell: the first fifth of a million, the last, then the questions."""
    with trial.centre() as opened, trial.directory() as place:
        limits = {"verify_hash_commit_sightings_per_s": machine.verify_commit(ENVELOPE, 10, place) * BATCH,
                  "fsync_ms": machine.fsync_s(place) * 1000}
        reader = opened.cells[opened.charter.members[1].code]
        fifth = BATCHES // 5
        spent = [_fold(opened, reader, start, fifth) for start in range(0, BATCHES, fifth)]
        for name, took in (("first", spent[0]), ("last", spent[-1])):
            tell(f"sightings/sealed_to_queryable/{name}_fifth_of_1000000", fifth * BATCH / took, "sightings/s",
                 target=30_000, primitives=limits)
        _ask(reader)


def _fold(opened: Centre, reader: Cell, start: int, batches: int) -> float:
    """Seconds that the addressee takes from verifying the sealed batches to having them in its register."""
    cell, codes = trial.author(opened), trial.release(opened, 1)
    for first in range(start, start + batches, AT_ONCE):
        cell.say_many([("sighting", _batch(n, codes)) for n in range(first, first + AT_ONCE)], officer=trial.OFFICER)
        trial.send_all(cell)
    began = time.perf_counter()
    reader.follower.follow()
    while reader.fold():
        pass
    return trial.spent(began)


def _batch(number: int, codes: list[str]) -> dict[str, Any]:
    chance = random.Random(number)
    return {"title": {"lang": "en", "text": "A batch"}, "means": "camera", "source_reliability": "B",
            "information_credibility": "2", "release": codes, "sightings": [
                {"what": " ".join(chance.choices(trial.WORDS, k=2)), "sidc": "SUGPU----------",
                 "place": {"lat": chance.randrange(330_000_000, 370_000_000),
                           "lon": chance.randrange(385_000_000, 425_000_000), "accuracy_m": 50},
                 "seen_at": START_MS + SPAN_MS * number // BATCHES + chance.randrange(HOUR_MS),
                 "track": f"T{chance.randrange(200)}" if n % 4 == 0 else None, "external_id": None}
                for n in range(BATCH)]}


def _ask(reader: Cell) -> None:
    chance = random.Random(5)
    for name, degrees, hours in (("narrow", 0.3, 6), ("middle", 1.0, 24), ("wide", 4.0, 24 * 30)):
        spent, found = [], 0
        for _ in range(WINDOWS):
            south, west = chance.uniform(33, 37 - degrees), chance.uniform(38.5, 42.5 - degrees)
            until = START_MS + chance.randrange(hours * HOUR_MS, SPAN_MS + 1)
            window = Window(since=until - hours * HOUR_MS, until=until,
                            box=(west, south, west + degrees, south + degrees))
            began = time.perf_counter()
            found += len(reader.registers.query("reconnaissance", "sightings", window=window))
            spent.append(trial.spent(began) * 1000)
        tell(f"sightings/window/{name}/1000000", sorted(spent)[len(spent) // 2], "ms", target=20, target_is_most=True,
             primitives={"found": found / WINDOWS, "slowest_ms": max(spent)})
