"""The pulse of a cell: one look at it for all who listen, so that a thousand streams cost what one does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable

from tansiq.errors import Unavailable

LOOK_S = 0.02
IDLE_LOOKS = 250


class Pulse:
    """Tells listeners on the event loop that what *look* answers has changed.

    *look* is called on the loop every 20 ms while anybody waits, and for five seconds after: it must be a matter of
    microseconds. One look serves all; a change wakes all who wait. What cannot be looked at just now
    (``Unavailable``) counts as unchanged.
    """

    def __init__(self, look: Callable[[], Hashable]) -> None:
        self._look = look
        self._state: Hashable = None
        self._number = 0
        self._waiting = 0
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def after(self, number: int, *, within_s: float) -> int:
        """Wait until the number of changes is no longer *number*; at most so long. Returns the number there is."""
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._changed = asyncio.Event()
            self._task = loop.create_task(self._watch())
        if self._number == number:
            self._waiting += 1
            try:
                async with asyncio.timeout(within_s):
                    await self._changed.wait()
            except TimeoutError:
                pass
            finally:
                self._waiting -= 1
        return self._number

    async def _watch(self) -> None:
        idle = 0
        while idle < IDLE_LOOKS:
            idle = 0 if self._waiting else idle + 1
            try:
                state = self._look()
            except Unavailable:
                state = self._state
            if state != self._state:
                self._state = state
                self._number += 1
                changed, self._changed = self._changed, asyncio.Event()
                changed.set()
            await asyncio.sleep(LOOK_S)
