"""A channel: what all who read alike are told, made once and sent to each of them.

Officers of one member, in the same roles, language, digits and calendar, are shown the same. Each channel keeps its
newest messages; a listener walks along them at its own pace, and one that falls behind is told to read the page again.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import anyio

from tansiq.doors.pulse import Pulse
from tansiq.doors.web.frame import Journal, journal
from tansiq.doors.web.needs import counts, waiting
from tansiq.doors.web.pages import Pages
from tansiq.doors.web.present import Event, events, points
from tansiq.doors.web.reader import Reader
from tansiq.office import Officer

KEPT = 256
ROWS_MAX = 100
GATHER_S = 0.05
"""What comes within so short a time goes out as one message."""
NEEDS_AFTER_S = 0.5
BEAT_S = 5.0
LINGER_S = 10.0


class Channel:
    """Renders what the officer's cell folds, for all who read as *officer* and *reader* do."""

    def __init__(self, pages: Pages, officer: Officer, reader: Reader, pulse: Pulse) -> None:
        self._pages = pages
        self._officer = officer
        self._reader = reader
        self._pulse = pulse
        # The newest messages as they go over the wire, and how many there have been.
        self._kept: deque[bytes] = deque(maxlen=KEPT)
        self._number = 0
        self._newest = -1
        self._listeners = 0
        self._said = asyncio.Event()
        self._begun = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._journal: Journal | None = None
        # What whoever comes is told first, made when so many messages had been put: all who come together share it.
        self._first: tuple[int, bytes] = (-1, b"")
        self._making = threading.Lock()
        self._state_at = 0.0
        self._needs = ""
        self._needs_due = 0.0

    async def follow(self, seen: int) -> AsyncIterator[bytes]:
        """Everything after the entry of index *seen*, and then what comes, as server-sent events.

        Ends when looking ended (the registers cannot be read); who listened comes back, and it is tried again.
        """
        task = self._looking()
        self._listeners += 1
        try:
            await self._begun.wait()
            number, newest = self._number, self._newest
            yield b"retry: 1000\n\n"
            yield await anyio.to_thread.run_sync(self._caught_up, seen, newest, number)
            while self._task is task:
                if number == self._number:
                    await self._said.wait()
                    continue
                missed, number = self._number - number, self._number
                if missed > len(self._kept):
                    yield _message("behind", {"newest": self._newest}, self._newest)
                elif missed == 1:
                    yield self._kept[-1]
                else:
                    yield b"".join([self._kept[at] for at in range(-missed, 0)])
        finally:
            self._listeners -= 1

    def _looking(self) -> asyncio.Task[None]:
        """The task that looks, begun anew where none does."""
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.get_loop() is not loop:
            self._said, self._begun, self._first = asyncio.Event(), asyncio.Event(), (-1, b"")
            self._task = loop.create_task(self._look_on())
        return self._task

    async def _look_on(self) -> None:
        try:
            self._newest = await anyio.to_thread.run_sync(self._latest) - 1
            self._begun.set()
            known, heard = -1, time.monotonic()
            while time.monotonic() < heard + LINGER_S:
                within_s = max(0.01, min(BEAT_S, self._needs_due - time.monotonic() if self._needs_due else BEAT_S))
                known = await self._pulse.after(known, within_s=within_s)
                for event, body, newest in await anyio.to_thread.run_sync(self._look):
                    self._put(_message(event, body, newest))
                heard = time.monotonic() if self._listeners else heard
                await asyncio.sleep(GATHER_S)
        finally:
            self._task = None
            self._begun.set()
            self._said.set()

    def _latest(self) -> int:
        return int(self._pages.floor.cell(self._officer.member).registers.latest())

    def _put(self, data: bytes) -> None:
        self._number += 1
        self._kept.append(data)
        said, self._said = self._said, asyncio.Event()
        said.set()

    def _look(self) -> list[tuple[str, dict[str, Any], int | None]]:
        """What is new: rows, the state of the journal, and at most every so often what needs a person."""
        found: list[tuple[str, dict[str, Any], int | None]] = []
        now, standing = time.monotonic(), journal(self._pages.floor, self._officer)
        moved, self._journal = standing != self._journal, standing
        fresh = events(self._pages.floor, self._officer, limit=ROWS_MAX, after=self._newest)
        if fresh:
            behind = fresh[-1].entry.index > self._newest + 1
            self._newest = fresh[0].entry.index
            found.append(("behind", {"newest": self._newest}, self._newest) if behind
                         else ("rows", self._rows(fresh, standing), self._newest))
        beat = now >= self._state_at + BEAT_S
        if moved or beat:
            self._state_at = now
            self._needs_due = self._needs_due or now + (0.0 if beat else NEEDS_AFTER_S)
            found.append(("state", self._state(standing), None))
        if self._needs_due and now >= self._needs_due:
            self._needs_due = 0.0
            needs = self._waiting()
            if needs["html"] != self._needs:
                self._needs = needs["html"]
                found.append(("needs", needs, None))
        return found

    def _caught_up(self, seen: int, newest: int, number: int) -> bytes:
        """What a listener missed before the message *number*: rows after *seen* up to *newest*, and what all see."""
        if seen >= newest:
            return self._seen_by_all(number)
        missed = [one for one in events(self._pages.floor, self._officer, limit=ROWS_MAX, after=seen)
                  if one.entry.index <= newest]
        part = b""
        if missed and missed[-1].entry.index > seen + 1:
            part = _message("behind", {"newest": newest}, newest)
        elif missed:
            rows = self._rows(missed, journal(self._pages.floor, self._officer))
            part = _message("rows", rows, missed[0].entry.index)
        return part + self._seen_by_all(number)

    def _seen_by_all(self, number: int) -> bytes:
        """The state and what needs a person, no older than the message *number*: what comes after is sent anyway."""
        with self._making:
            if self._first[0] < number:
                put, standing = self._number, journal(self._pages.floor, self._officer)
                self._first = put, (_message("state", self._state(standing), None)
                                    + _message("needs", self._waiting(), None))
            return self._first[1]

    def _part(self, template: str, **context: Any) -> str:
        reader = replace(self._reader, now_ms=self._pages.floor.now())
        return self._pages.part(reader, template, officer=self._officer, **context)

    def _rows(self, fresh: list[Event], standing: Journal) -> dict[str, Any]:
        html = self._part("arrived.html", events=fresh, journal=standing)
        acts = [act for one in fresh for act in one.acts]
        return {"newest": fresh[0].entry.index, "html": html, "desks": sorted({act.desk for act in acts}),
                "threads": sorted({act.thread for act in acts}),
                "points": [point for act in acts for point in points(act, most=1)]}

    def _state(self, standing: Journal) -> dict[str, Any]:
        html = self._part("state.html", journal=standing, cells=len(self._pages.floor.charter.members))
        return {"html": html, "settled": standing.settled or 0, "opened": dict(standing.acknowledged),
                "last_ms": standing.last_ms}

    def _waiting(self) -> dict[str, Any]:
        rows = waiting(self._pages.floor, self._officer)
        html = self._part("needs.html", needs=rows, checked=self._pages.floor.now())
        counted = {name: self._reader.number(count) for name, count in counts(rows).items()}
        return {"html": html, "count": self._reader.number(len(rows)), "desks": counted,
                "flash": sorted({row.need.act for row in rows if row.need.precedence == "flash"})}


class Channels:
    """The channels of one floor, begun when somebody first listens."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._pulses: dict[str, Pulse] = {}
        self._channels: dict[tuple[object, ...], Channel] = {}

    def of(self, officer: Officer, reader: Reader) -> Channel:
        """The channel of all who are in this officer's roles and read as this reader does."""
        key = (officer.member, officer.roles, *reader.key)
        if key not in self._channels:
            self._channels[key] = Channel(self._pages, officer, reader, self._pulse(officer.member))
        return self._channels[key]

    def _pulse(self, member: str) -> Pulse:
        if member not in self._pulses:
            cell = self._pages.floor.cell(member)
            self._pulses[member] = Pulse(lambda: (cell.registers.latest(), cell.settled.size))
        return self._pulses[member]


def _message(event: str, body: dict[str, Any], newest: int | None) -> bytes:
    """One server-sent event; only rows carry an id, so that a listener resumes after the last row that it has."""
    numbered = "" if newest is None else f"id: {newest}\n"
    return f"event: {event}\n{numbered}data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()
