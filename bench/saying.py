"""Said to ordered: one at a time, 64 envelopes in flight, batches of 100 acts; for releases of one and of four."""

from __future__ import annotations

import time
from pathlib import Path

from bench import machine, trial
from bench.result import tell
from tansiq.run import Centre

SEALED_ACT_BYTES = 2_048
SEALED_BATCH_BYTES = 59_392
IN_FLIGHT = 64
BATCH = 100


def run() -> None:
    """Measure and tell."""
    for readers in (1, 4):
        with trial.centre(two_desks=True) as opened, trial.directory() as place:
            codes = trial.release(opened, readers - 1)
            _one_at_a_time(opened, codes, place)
            _in_flight(opened, codes, place)
            _batches(opened, codes, place)


def _one_at_a_time(opened: Centre, codes: list[str], place: Path) -> None:
    cell, items = trial.author(opened), trial.acts(600, codes)
    began = time.perf_counter()
    for name, fields in items:
        cell.say(name, fields, officer=trial.OFFICER)
        trial.send_all(cell)
    value = len(items) / trial.spent(began)
    opened.run_until_quiet()
    _tell("one_at_a_time", value, machine.Shape(SEALED_ACT_BYTES, 1, len(codes)), group=1, place=place, target=None)


def _in_flight(opened: Centre, codes: list[str], place: Path) -> None:
    cell, rounds = trial.author(opened), 60
    said = [trial.acts(IN_FLIGHT, codes, seed=n, alternate=True) for n in range(rounds)]
    before, began = opened.registrar.store.size, time.perf_counter()
    for items in said:
        cell.say_many(items, officer=trial.OFFICER)
        trial.send_all(cell)
    value = rounds * IN_FLIGHT / trial.spent(began)
    assert opened.registrar.store.size - before == rounds * IN_FLIGHT, "each act is an envelope of its own here"
    opened.run_until_quiet()
    _tell("in_flight_64", value, machine.Shape(SEALED_ACT_BYTES, 1, len(codes)), group=IN_FLIGHT, place=place,
          target=5_000)


def _batches(opened: Centre, codes: list[str], place: Path) -> None:
    cell, rounds = trial.author(opened), 100
    said = [trial.acts(BATCH, codes, seed=n) for n in range(rounds)]
    before, began = opened.registrar.store.size, time.perf_counter()
    for items in said:
        cell.say_many(items, officer=trial.OFFICER)
        trial.send_all(cell)
    value = rounds * BATCH / trial.spent(began)
    assert opened.registrar.store.size - before == rounds, "a batch is one envelope here"
    opened.run_until_quiet()
    _tell("batches_100", value, machine.Shape(SEALED_BATCH_BYTES, BATCH, len(codes)), group=1, place=place,
          target=30_000)


def _tell(name: str, value: float, shape: machine.Shape, *, group: int, place: Path,
          target: float | None) -> None:
    sealing, ordering = machine.seal_sign(shape), machine.verify_commit(shape, group, place)
    tell(f"said_to_ordered/{name}/release_{shape.readers}", value, "acts/s", target=target,
         limit=machine.together(sealing, ordering) * shape.acts,
         primitives={"seal_sign_acts_per_s": sealing * shape.acts,
                     "verify_hash_commit_acts_per_s": ordering * shape.acts,
                     "fsync_ms": machine.fsync_s(place) * 1000})
