"""Import of 10,000 synthetic reports: from the file to ordered, and folded where they are addressed."""

from __future__ import annotations

import csv
import random
import time
from pathlib import Path

from bench import machine, trial
from bench.result import tell
from tansiq.cell.registers import ActQuery
from tansiq.desks import DESKS
from tansiq.desks.importing import Row, fresh, read_rows

ROWS = 10_000
AT_ONCE = 1_000
ENVELOPE = machine.Shape(59_392, 100, 2)
_COLUMNS = ("title", "text", "occurred_from", "occurred_until", "place", "source_reliability",
            "information_credibility", "external_id")


def run() -> None:
    """Measure and tell."""
    with trial.centre() as opened, trial.directory() as place:
        limits = {"seal_sign_acts_per_s": machine.seal_sign(ENVELOPE) * ENVELOPE.acts,
                  "verify_hash_commit_acts_per_s": machine.verify_commit(ENVELOPE, 10, place) * ENVELOPE.acts,
                  "fsync_ms": machine.fsync_s(place) * 1000}
        file = _write(place / "reports.csv")
        cell, codes = trial.author(opened), trial.release(opened, 1)
        began, said = time.perf_counter(), 0
        part: list[Row] = []
        for row in fresh(read_rows(file, None, DESKS[0], defaults={"lang": "en", "zone": "UTC"}), lambda ids: set()):
            assert isinstance(row, Row), row
            part.append(row)
            if len(part) == AT_ONCE:
                cell.say_many([("report", {**one.fields, "release": codes}) for one in part], officer=trial.OFFICER)
                cell.send()
                said += len(part)
                part = []
        trial.send_all(cell)
        took = trial.spent(began)
        assert said == ROWS
        tell("import/rows_to_ordered", ROWS / took, "rows/s", target=15_000, primitives=limits)
        addressee = opened.cells[codes[1]]
        addressee.follower.follow()
        began = time.perf_counter()
        while addressee.fold():
            pass
        took = trial.spent(began)
        assert addressee.registers.count(ActQuery()) == ROWS
        tell("import/folded_and_searchable", ROWS / took, "acts/s", target=15_000, primitives=limits)




def _write(path: Path) -> Path:
    chance = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for n in range(ROWS):
            day = f"2015-10-{1 + n % 28:02d}T0{n % 10}:00"
            writer.writerow([" ".join(chance.choices(trial.WORDS, k=5)), " ".join(chance.choices(trial.WORDS, k=5)),
                             day, day, f"{30 + 7 * chance.random():.5f} {39 + 9 * chance.random():.5f}", "B", "2",
                             f"s-{n}"])
    return path
