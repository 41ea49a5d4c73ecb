"""Requests: the state of one among 100,000, what needs a member, and whose territory places are."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import trial
from bench.result import tell
from tansiq import wire
from tansiq.acts import Text, act_id
from tansiq.cell.borders import built_in
from tansiq.cell.desk import Common, Said, Thread
from tansiq.cell.moment import InForce, Settled
from tansiq.cell.registers import FoldedEntry, Registers
from tansiq.cell.views import Look
from tansiq.charter import Charter, parse_charter
from tansiq.desks import protection, support
from tansiq.desks.support.panel import show_panel
from tansiq.desks.support.register import Kept, digest
from tansiq.desks.support.showing import needs
from tansiq.desks.support.terms import Request
from tansiq.geo import Circle, Territories, parse_place

REQUESTS, OPEN_EACH, PLACES = 100_000, 500, 100
AT_ONCE = 5_000
START, DAY = 1_444_200_000_000, 86_400_000
POINTS = 50_000
WORDS = Text(lang="en", text="synthetic request for a trial of speed")


def run() -> None:
    """Measure and tell."""
    charter = parse_charter(trial.CHARTER.read_text(encoding="utf-8"))
    _places(built_in(charter))
    with trial.directory() as place:
        _requests(place, charter)


def _requests(place: Path, charter: Charter) -> None:
    registers = Registers.open(place / "registers.db", (support.DESK, protection.DESK))
    ids: list[str] = []
    began, entries = time.perf_counter(), _entries(charter, ids)
    for _ in range(REQUESTS // AT_ONCE):
        with registers.writing() as writer:
            for _ in range(AT_ONCE):
                writer.add(next(entries))
    tell("request/folded", REQUESTS / trial.spent(began), "acts/s")
    look = Look(charter.members[0].code, charter, START + DAY, Settled(0, START), registers.query, registers.search,
                registers.act, registers.thread, registers.query_all, lambda at: InForce(charter, frozenset()))
    chance = random.Random(3)
    picked = chance.choices(ids, k=200)
    tell("request/state_of_one/100000_requests", _median_ms([lambda act=act: show_panel(look, registers.thread(act))
                                                             for act in picked]), "ms", target=2, target_is_most=True)
    waiting = len(needs(look))
    tell(f"request/needs_me/{waiting}_of_100000", _median_ms([lambda: needs(look)] * 20), "ms", target=20,
         target_is_most=True)
    registers.close()


def _median_ms(calls: list[Callable[[], Any]]) -> float:
    spent = []
    for call in calls:
        began = time.perf_counter()
        call()
        spent.append(trial.spent(began) * 1000)
    return sorted(spent)[len(spent) // 2]


def _entries(charter: Charter, ids: list[str]) -> Iterator[FoldedEntry]:
    """Requests of the third member to the second, or, of the newest, to the first: those are still open.

    Each of a hundred places is ruled once; what the register keeps of it serves for the others there.
    """
    codes = [member.code for member in charter.members]
    chance, salt, ruled = random.Random(1), bytes(32), dict[tuple[int, bool], Kept]()
    places = [Circle(centre=(chance.randrange(320_000_000, 340_000_000), chance.randrange(430_000_000, 440_000_000)),
                     radius_m=900) for _ in range(PLACES)]
    for index in range(REQUESTS):
        late = index >= REQUESTS - OPEN_EACH
        asked = codes[0] if late else codes[1]
        until = START + (10 * DAY if late else DAY // 2)
        act = Request(
            kind="request", version=1, author=codes[2], officer="bench", thread=None, refers=(),
            release=tuple(sorted(codes)), topic=None, handling=charter.handling[0].code, precedence="routine",
            assertion=None, asked_of=(asked,), support=charter.support[2].id, title=WORDS, purpose=WORDS,
            answer_by=until, needed_from=START, needed_until=until, place=places[index % PLACES],
            at_sea=False, lower_m=None, upper_m=None, quantity=index + 1, unit="pieces", foreign_personnel="none",
            facility="none", duration_days=1, recipient=None, recipient_name=None)
        data = wire.write(act)
        said = Said(act_id(salt, data).hex(), index, 0, START + index, act, None)
        common = Common(said.time, index, territories=built_in)
        ids.append(said.id)
        key = (index % PLACES, late)
        if key not in ruled:
            support.DESK.rule(act, Thread(()), common, charter)
            ruled[key] = digest(said, Thread(()), common, charter)
        kept = replace(said, digest=replace(ruled[key], request=said))
        yield FoldedEntry(index=index, time=said.time, author=codes[2], number=index + 1, kind=0, body_size=2_048,
                          entry_id=index.to_bytes(32, "big"), acts=((kept, salt, data),))


def _places(territories: Territories) -> None:
    chance = random.Random(2)
    points = [(chance.randrange(290_000_000, 380_000_000), chance.randrange(380_000_000, 490_000_000))
              for _ in range(POINTS)]
    began = time.perf_counter()
    territories.at_many(points)
    tell("territory/points", POINTS / trial.spent(began), "points/s", target=50_000)
    polygon = parse_place("polygon 34.1 40.9; 34.3 41.0; 34.5 41.3; 34.2 41.5")
    tell("territory/polygon_with_borders_100_km", _median_ms(
        [lambda: territories.border_distances(polygon, 100_000)] * 200), "ms", target=1, target_is_most=True)
