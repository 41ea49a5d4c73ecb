"""Searching registers of 100,000 acts."""

from __future__ import annotations

import time

from bench import trial
from bench.result import tell
from tansiq.cell.registers import ActQuery

ACTS = 100_000
AT_ONCE = 5_000
QUESTIONS = {"newest": ActQuery(limit=100), "words": ActQuery(text="bridge convoy", limit=100),
             "box": ActQuery(box=(43.0, 33.0, 44.0, 34.0), limit=100),
             "author_and_time": ActQuery(author="IQ", after=1_444_300_000_000, before=1_444_900_000_000, limit=100)}


def run() -> None:
    """Measure and tell."""
    with trial.centre() as opened:
        cell, codes = trial.author(opened), trial.release(opened, 0)
        for start in range(0, ACTS, AT_ONCE):
            cell.say_many(trial.acts(AT_ONCE, codes, seed=start), officer=trial.OFFICER)
            trial.send_all(cell)
            cell.follower.follow()
            while cell.fold():
                pass
        for name, query in QUESTIONS.items():
            spent = []
            for _ in range(20):
                began = time.perf_counter()
                cell.registers.search(query)
                spent.append(trial.spent(began) * 1000)
            tell(f"search/{name}/100000_acts", sorted(spent)[len(spent) // 2], "ms")
