"""Said to ordered: one at a time, 64 envelopes in flight, batches of 100 acts; for releases of one and of four.

Beside it the primitives do the same, in turns. What is held is half of ``two_commits``: of each act the five hashes are
made, the envelope is sealed and signed, committed at its author, verified, hashed and committed at the registrar.
``written_two_commits`` has the library write each act as well, which every centre must; ``one_commit`` has one disk for
both, which no centre can. Why, and what it comes to: ``docs/decisions/0026-what-saying-is-held-against.md``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

from bench import machine, trial
from bench.result import tell
from tansiq.run import Centre

SEALED_ACT_BYTES = 2_048
SEALED_BATCH_BYTES = 59_392
IN_FLIGHT = 64
BATCH = 100
PREPARED = 40


def run() -> None:
    """Measure and tell."""
    for readers in (1, 4):
        for name, shape, group, target in (
                ("one_at_a_time", machine.Shape(SEALED_ACT_BYTES, 1, readers), 1, None),
                ("in_flight_64", machine.Shape(SEALED_ACT_BYTES, 1, readers), IN_FLIGHT, 5_000),
                ("batches_100", machine.Shape(SEALED_BATCH_BYTES, BATCH, readers), 1, 30_000)):
            with trial.centre(two_desks=True) as opened, trial.directory() as place:
                codes = trial.release(opened, readers - 1)
                work = _saying(opened, codes, acts=group * shape.acts, envelopes=group)
                _compare(f"{name}/release_{readers}", work, shape, (group, place), target=target)


def _saying(opened: Centre, codes: list[str], *, acts: int, envelopes: int) -> Callable[[], None]:
    """Say so many acts as so many envelopes, and have them ordered before saying more."""
    said = itertools.cycle([trial.acts(acts, codes, seed=n, alternate=envelopes > 1) for n in range(PREPARED)])
    cell = trial.author(opened)

    def one() -> None:
        before = opened.registrar.store.size
        cell.say_many(next(said), officer=trial.OFFICER)
        trial.send_all(cell)
        assert opened.registrar.store.size - before == envelopes, "an envelope was split, or two were joined"

    return one


def _compare(name: str, work: machine.Step, shape: machine.Shape, at: tuple[int, Path], *,
             target: float | None) -> None:
    group, place = at
    seal = machine.times(group, machine.sealing(shape))
    verify = machine.times(group, machine.verifying(shape.body_bytes))
    write = machine.writing(trial.whole(group * shape.acts), trial.KIND.type)
    with machine.committing(shape, group, place) as here, machine.committing(shape, group, place) as there:
        found = machine.compare(work, {"two_commits": machine.after(seal, here, verify, there),
                                       "written_two_commits": machine.after(write, seal, here, verify, there),
                                       "one_commit": machine.after(seal, verify, there)},
                                each=group * shape.acts)
    tell(f"said_to_ordered/{name}", found.value, "acts/s", target=target, compared=found,
         primitives={"seal_sign_acts_per_s": machine.seal_sign(shape) * shape.acts,
                     "verify_hash_commit_acts_per_s": machine.verify_commit(shape, group, place) * shape.acts,
                     "fsync_ms": machine.fsync_s(place) * 1000})
