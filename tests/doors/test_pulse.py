"""The pulse of a cell: one look for all who listen."""

from __future__ import annotations

import asyncio

from tansiq.doors.pulse import Pulse
from tansiq.errors import Unavailable


def test_a_change_wakes_all_who_wait() -> None:
    """Whoever waits for the same number is told of the next one, and the look is shared."""
    async def run() -> tuple[list[int], int]:
        state, looks = [0], [0]

        def look() -> int:
            looks[0] += 1
            return state[0]

        pulse = Pulse(look)
        first = await pulse.after(0, within_s=1)
        waiting = [asyncio.create_task(pulse.after(first, within_s=2)) for _ in range(50)]
        await asyncio.sleep(0.1)
        state[0] = 7
        return [await one for one in waiting], looks[0]

    numbers, looks = asyncio.run(run())
    assert len(set(numbers)) == 1 and numbers[0] > 1
    assert looks < 30


def test_who_waits_in_vain_is_let_go() -> None:
    """Nothing changes: after the time given the number is the same."""
    async def run() -> tuple[int, int]:
        pulse = Pulse(lambda: 1)
        first = await pulse.after(0, within_s=1)
        return first, await pulse.after(first, within_s=0.05)

    first, second = asyncio.run(run())
    assert first == second


def test_what_cannot_be_looked_at_counts_as_unchanged() -> None:
    """A disk that does not answer for a moment ends no stream."""
    async def run() -> bool:
        answers: list[int | None] = [1, None, None, 2]

        def look() -> int:
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if answer is None:
                raise Unavailable("registers.storage", "The registers cannot be written or read: {why}.", why="disk")
            return answer

        pulse = Pulse(look)
        first = await pulse.after(0, within_s=1)
        return await pulse.after(first, within_s=2) > first

    assert asyncio.run(run())


def test_a_pulse_serves_one_loop_after_another() -> None:
    """A second event loop looks anew: nothing of the first is left hanging."""
    pulse = Pulse(iter(range(10_000)).__next__)
    assert asyncio.run(pulse.after(0, within_s=1)) < asyncio.run(pulse.after(1, within_s=1))
