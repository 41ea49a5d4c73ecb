"""Which of 100,000 volumes of air come too close to one."""

from __future__ import annotations

import random
import time

import apsw

from bench import trial
from bench.result import tell
from tansiq.desks.airspace import register
from tansiq.geo import Circle
from tansiq.geo.volumes import Buffers, Height, Volume

VOLUMES = 100_000
ASKED = 400
HOUR_MS = 3_600_000
START_MS = 1_444_200_000_000
BUFFERS = Buffers(10_000, 300, 15 * 60_000)


def run() -> None:
    """Measure and tell: ninety days over ten by fourteen degrees."""
    chance = random.Random(1)
    connection = apsw.Connection(":memory:")
    connection.execute(register.schema())
    volumes = [_volume(chance) for _ in range(VOLUMES)]
    with connection:
        for n, volume in enumerate(volumes):
            register.add_volume(connection, (n, n.to_bytes(32, "big"), f"M{n % 4}", n, n), volume)
    spent, found = [], 0
    for volume in chance.sample(volumes, ASKED):
        began = time.perf_counter()
        found += len(register.conflicts_of(connection, volume=volume, author="M0", buffers=BUFFERS))
        spent.append(trial.spent(began) * 1000)
    tell("airspace/conflicts/100000_volumes", sorted(spent)[ASKED // 2], "ms", target=1, target_is_most=True,
         primitives={"found": found / ASKED, "slowest_ms": max(spent)})


def _volume(chance: random.Random) -> Volume:
    begins = START_MS + chance.randrange(90 * 24 * HOUR_MS)
    centre = chance.randrange(300_000_000, 400_000_000), chance.randrange(360_000_000, 500_000_000)
    return Volume(Circle(centre, chance.randrange(2_000, 30_000)), Height("AMSL", chance.randrange(6_000)),
                  Height("AMSL", 9_000), begins, begins + chance.randrange(HOUR_MS, 4 * HOUR_MS))
