"""Pages with 100,000 acts behind them, and 1,000 incidents that have not ended: from the request to the last byte, over
loopback, one after another."""

from __future__ import annotations

import time

import httpx

from bench import trial
from bench.result import tell
from bench.serving import served
from tansiq.cell.node import Cell
from tansiq.cell.registers import ActQuery
from tansiq.run import Centre

ACTS = 100_000
INCIDENTS = 1_000
AT_ONCE = 5_000
ROUNDS = 120
TARGET_MS = 50.0


def run() -> None:
    """Measure and tell: the 99th percentile of each page."""
    with trial.centre() as opened:
        fill(opened, ACTS)
        tell_incidents(opened, INCIDENTS)
        author = trial.author(opened)
        act = author.registers.search(ActQuery(limit=1))[0].id
        narrowed = f"/desks/intelligence?author={author.code}&after=2015-10-08&before=2015-10-09"
        pages = {"home": "/", "list": "/desks/intelligence", "search": "/acts?text=bridge+convoy",
                 "filtered": narrowed, "thread": f"/acts/{act}",
                 "incidents": "/desks/protection/incidents", "incidents_last": "/desks/protection/incidents?offset=975",
                 "journal": "/journal", "old_journal": "/journal?before=200", "charter": "/charter"}
        with served(opened) as floor:
            client = httpx.Client(base_url=floor.address, cookies={"tansiq": floor.sessions[author.code]},
                                  headers={"Tansiq-Refreshed": "1"})
            with client:
                for name, path in pages.items():
                    _tell(client, name, path)


def fill(opened: Centre, count: int) -> None:
    """Say so many reports, for their author's cell alone, and fold them."""
    cell, codes = trial.author(opened), trial.release(opened, 0)
    for start in range(0, count, AT_ONCE):
        _say(cell, trial.acts(min(AT_ONCE, count - start), codes, seed=start))


def tell_incidents(opened: Centre, count: int) -> None:
    """Tell of so many incidents along a road, that nobody looks into: another member's, released to all."""
    cell, codes = trial.author(opened), [member.code for member in opened.charter.members]
    other = opened.cells[codes[1]]
    when = 1_444_200_000_000
    _say(other, [("incident", {
        "title": {"lang": "en", "text": f"Incident {number}"}, "text": {"lang": "en", "text": "A trial."},
        "area": {"form": "circle", "centre": [330_000_000 + number * 10_000, 430_000_000], "radius_m": 1_000},
        "occurred_from": when + number * 60_000, "occurred_until": when + number * 60_000, "harm": None,
        "release": codes}) for number in range(count)])
    _take(cell)


def _say(cell: Cell, acts: list[trial.Item]) -> None:
    cell.say_many(acts, officer=trial.OFFICER)
    trial.send_all(cell)
    _take(cell)


def _take(cell: Cell) -> None:
    cell.follower.follow()
    while cell.fold():
        pass


def _tell(client: httpx.Client, name: str, path: str) -> None:
    spent = []
    for number in range(ROUNDS + 5):
        began = time.perf_counter()
        answer = client.get(path)
        if number >= 5:  # the first ones load templates and tables
            spent.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-300:])
    spent.sort()
    tell(f"page/{name}/{ACTS}_acts/p99", spent[int(len(spent) * 0.99)], "ms", target=TARGET_MS, target_is_most=True,
         primitives={"median_ms": spent[len(spent) // 2]})
