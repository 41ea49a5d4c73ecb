"""Proving: a certificate of absence over a month of 100,000 entries, written and checked; a receipt."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest

from bench import machine, trial
from bench.result import tell
from tansiq.acts.desks import DESKS
from tansiq.evidence import open_basis, verify, write_evidence
from tansiq.evidence.files import Asked
from tansiq.run import Centre

ENTRIES = 100_000
ADDRESSED_EVERY = 100
AT_ONCE = 4_000
TIMES = 3


def run() -> None:
    """Measure and tell."""
    with trial.centre(two_desks=True) as opened:
        author, other, receiver = (member.code for member in opened.charter.members[:3])
        _say(opened, author, other, receiver)
        prover = opened.cells[author].prover
        basis = open_basis(write_evidence(prover.public()))
        month = f"{datetime.now(UTC):%Y-%m}"
        asked = Asked(author=author, to=receiver, month=month, desk=DESKS["intelligence"], kind="assessment",
                      topic=None)
        written = _least(lambda: write_evidence(prover.absence(asked)))
        data = write_evidence(prover.absence(asked))
        checked = _least(lambda: verify(data, basis))
        facts = verify(data, basis).facts
        assert facts["entries"] >= ENTRIES and len(facts["addressed"]) == ENTRIES // ADDRESSED_EVERY
        # What nobody can do without: hash the signed part of each entry once, and try two tags on each.
        rate = machine.rate(_entry)
        shape = {"entries": facts["entries"], "addressed": len(facts["addressed"]), "file_mb": len(data) / 1e6,
                 "hash_and_tags_s": facts["entries"] / rate}
        tell("absence/written", written, "s", target=1.0, target_is_most=True, primitives=shape)
        tell("absence/verified", checked, "s", target=1.0, target_is_most=True, primitives=shape)
        index = facts["entries"]
        tell("receipt/written", _least(lambda: write_evidence(prover.receipt(index))) * 1000, "ms")
        receipt = write_evidence(prover.receipt(index))
        tell("receipt/verified", _least(lambda: verify(receipt, basis)) * 1000, "ms")


def _say(opened: Centre, author: str, other: str, receiver: str) -> None:
    """Entries of one act each: every hundredth is for the receiver on the desk that is asked about."""
    cell = opened.cells[author]
    for start in range(0, ENTRIES, AT_ONCE):
        items = trial.acts(AT_ONCE, [author, other], seed=start, alternate=True)
        for place in range(0, AT_ONCE, ADDRESSED_EVERY):
            items[place][1]["release"] = [author, receiver]
        cell.say_many(items, officer=trial.OFFICER)
        trial.send_all(cell)
    for each in opened.cells.values():
        while each.speaker.follow():
            pass
    cell.speaker.follow()


def _entry() -> None:
    sha256(bytes(machine.ENTRY_BYTES)).digest()
    digest(bytes(32), bytes(32), "sha256")
    digest(bytes(32), bytes(32), "sha256")


def _least(work: Callable[[], object]) -> float:
    """The least seconds of a few turns."""
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        spent.append(trial.spent(began))
    return min(spent)
