"""The live stream: what is folded is told, and a listener who comes back misses nothing."""

from __future__ import annotations

import asyncio
from typing import Any

from tansiq.doors.api.live import CATCH_UP_MAX, _follow
from tests.doors.trial import MemoryCell


async def _take(registers: Any, seen: int | None, count: int, opened: asyncio.Event | None = None) -> list[Any]:
    """The first *count* messages that say something; *opened* is set once the stream knows where it begins."""
    taken: list[Any] = []
    stream = _follow(registers, seen)
    async for message in stream:
        if opened is not None:
            opened.set()
        if message.event:
            taken.append(message)
        if len(taken) == count:
            break
    await stream.aclose()  # type: ignore[attr-defined]
    return taken


def _cell(count: int) -> MemoryCell:
    cell = MemoryCell("AA")
    for number in range(count):
        cell.say("greeting", {"words": str(number)}, officer="AA-releaser")
    return cell


def test_a_listener_who_comes_back_misses_nothing() -> None:
    """After Last-Event-ID 1 come 2, 3, 4 in order, each with its index as id."""
    messages = asyncio.run(asyncio.wait_for(_take(_cell(5).registers, 1, 3), 5))
    assert [(m.event, m.id) for m in messages] == [("entry", 2), ("entry", 3), ("entry", 4)]


def test_a_listener_who_was_away_too_long_is_told() -> None:
    """Where more was missed than is kept ready, `behind` comes before the newest entries."""
    messages = asyncio.run(asyncio.wait_for(_take(_cell(CATCH_UP_MAX + 5).registers, 0, 2), 5))
    assert [m.event for m in messages] == ["behind", "entry"] and messages[1].id == 5


def test_a_new_listener_hears_what_comes_after() -> None:
    """Without Last-Event-ID the stream begins with the next entry; an id from the future counts as none."""
    async def listen(seen: int | None) -> list[Any]:
        cell, opened = _cell(3), asyncio.Event()
        waiting = asyncio.create_task(_take(cell.registers, seen, 1, opened))
        await asyncio.wait_for(opened.wait(), 5)
        cell.say("greeting", {"words": "new"}, officer="AA-releaser")
        return await asyncio.wait_for(waiting, 5)

    for seen in (None, 999):
        assert [m.id for m in asyncio.run(listen(seen))] == [3]
