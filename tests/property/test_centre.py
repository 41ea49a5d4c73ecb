"""What holds for any acts in any order: registers can be made again, and acts sealed late keep their ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tansiq.errors import Conflict, TansiqError
from tansiq.journal import parse_entry
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import altered, composed, copied, forge, quiet, salted

REASON = {"reason": {"lang": "en", "text": "Seen again"}}
CODES = ["IQ", "SY", "IR", "RU"]
ACTS = st.lists(st.tuples(st.sampled_from(CODES), st.sets(st.sampled_from(CODES)),
                          st.sampled_from(["report", "report", "correction", "recall"]), st.integers(0, 99)),
                min_size=1, max_size=12)
few = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """One centre; each example adds to its journal."""
    directory = tmp_path_factory.mktemp("property")
    made = quiet(copied(making.found(directory / "founded"), directory))
    yield made
    made.stop()


def _say(centre: Centre, acts: list[tuple[str, set[str], str, int]]) -> None:
    for code, release, kind, pick in acts:
        cell = centre.cells[code]
        fields: dict[str, Any] = making.report(f"{code} {pick}", release=sorted(release))
        own = [row.id for row in making.rows(cell) if row.author == code and row.kind == "report"]
        if kind != "report" and own:
            told = {k: v for k, v in fields.items() if k not in ("release", "external_id")}
            fields = (told if kind == "correction" else {}) | REASON | {"refers": [own[pick % len(own)]]}
        else:
            kind = "report"
        try:
            cell.say(kind, fields, officer=f"{code}-releaser")
        except TansiqError as error:
            assert error.code == "intelligence.recalled"
        if pick % 3 == 0:
            centre.step()
    centre.run_until_quiet()


@few
@given(acts=ACTS, batch=st.integers(1, 40))
def test_registers_made_again_are_equal(centre: Centre, acts: list[Any], batch: int) -> None:
    """Registers folded again, in batches of any size, equal those that were folded as the acts came."""
    _say(centre, acts)
    for code in CODES:
        cell = centre.cells[code]
        before, entries = making.rows(cell), cell.registers.entries(limit=1_000)
        cell.registers.reset()
        while cell._folder.fold(limit=batch):
            pass
        assert making.rows(cell) == before
        assert cell.registers.entries(limit=1_000) == entries
    assert centre.faults == {}


@few
@given(data=st.binary(max_size=400), at=st.integers(0, 2_000), flip=st.integers(1, 255))
def test_no_bytes_disturb_the_registrar(centre: Centre, data: bytes, at: int, flip: int) -> None:
    """Any bytes, and any entry with one byte changed, are answered with a failure by name; nothing is ordered."""
    cell = centre.cells["IQ"]
    fair = forge(cell, [salted(composed(cell))], ["IQ"])
    at %= len(fair.entry)
    bent = fair.entry[:at] + bytes([fair.entry[at] ^ flip]) + fair.entry[at + 1:]
    size = centre.registrar.store.size
    for outcome in centre.registrar.offer([fair._replace(entry=data), fair._replace(entry=bent)]):
        assert isinstance(outcome, TansiqError) and outcome.code and str(outcome)
    assert centre.registrar.store.size == size


@few
@given(count=st.integers(1, 5), spoil=st.sampled_from(["number", "prev", "seen_root", "roster", "sent"]))
def test_acts_sealed_for_another_place_are_sealed_again(centre: Centre, count: int, spoil: str) -> None:
    """Acts whose envelope lost its place are sealed again: the same ids, each ordered once."""
    cell = centre.cells["IQ"]
    acts = [making.say(cell, f"Again {n}", release=[["RU"], ["SY"]][n % 2]) for n in range(count)]
    cell.speaker._seal_waiting()
    number, offer = cell.outbox.sealed(1)[0]
    entry = parse_entry(offer.entry)
    wrong: dict[str, Any] = {"number": entry.number + 7, "prev": bytes(32), "seen_root": bytes(32), "roster": 9,
                             "sent": entry.sent - 10**9}
    spoilt = altered(cell, offer, **{spoil: wrong[spoil]})
    cell.outbox._db.execute("UPDATE envelopes SET entry = ? WHERE number = ?", (spoilt.entry, number))
    [outcome] = centre.registrar.offer([spoilt])
    assert isinstance(outcome, Conflict)
    centre.run_until_quiet()
    assert [cell.receipt(act).state for act in acts] == ["settled"] * count
    assert cell.outbox.count() == 0 and centre.faults == {}
    held = [row.id for row in making.rows(cell)]
    assert len(held) == len(set(held)) and set(acts) <= set(held)


def test_after_all_that_the_journal_is_whole(centre: Centre) -> None:
    """Every copy verifies from its first entry."""
    making.require_whole(centre)
