"""Following by a member who is not addressed, and checking a whole journal."""

from __future__ import annotations

import time

from bench import machine, trial
from bench.result import tell
from tansiq.run import Centre

ENTRIES = 8_192
AT_ONCE = 512
BODY_BYTES = 2_048


def run() -> None:
    """Measure and tell."""
    with trial.centre(two_desks=True) as opened, trial.directory() as place:
        cell, codes = trial.author(opened), trial.release(opened, 1)
        for start in range(0, ENTRIES, AT_ONCE):
            cell.say_many(trial.acts(AT_ONCE, codes, seed=start, alternate=True), officer=trial.OFFICER)
            trial.send_all(cell)
        limits = {"verify_hash_per_s": machine.verify_hash(BODY_BYTES),
                  "verify_hash_commit_per_s": machine.verify_commit(machine.Shape(BODY_BYTES, 1, 2), 1_024, place),
                  "fsync_ms": machine.fsync_s(place) * 1000}
        _follow(opened, limits)
        began = time.perf_counter()
        opened.verify(None, progress=lambda done, size: None)
        tell("journal_verify", opened.registrar.store.size / trial.spent(began), "entries/s",
             target=12_000, limit=limits["verify_hash_per_s"], primitives=limits)


def _follow(opened: Centre, limits: dict[str, float]) -> None:
    aside = opened.cells[opened.charter.members[-1].code]
    before, began = aside.follower.size, time.perf_counter()
    aside.follower.follow()
    took = trial.spent(began)
    count = aside.follower.size - before
    tell("following/not_addressed", count / took, "entries/s", target=12_000,
         limit=limits["verify_hash_commit_per_s"], primitives=limits)
    began = time.perf_counter()
    while aside.fold():
        pass
    tell("following/not_addressed/with_folding", count / (took + trial.spent(began)), "entries/s")
