"""The live channel: what comes, what a listener missed, and what happens to one that is slow."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tansiq.charter import parse_charter
from tansiq.desks import DESKS
from tansiq.desks.fields import compose
from tansiq.doors.floor import Floor
from tansiq.doors.web.assets import FOLDER, Assets
from tansiq.doors.web.channel import KEPT, ROWS_MAX, Channel, Channels
from tansiq.doors.web.pages import Pages
from tansiq.doors.web.reader import Reader
from tests.unit.web.centre import NOW_MS, MemoryCentre

ROOT = Path(__file__).resolve().parents[3]
REPORT: dict[str, str | list[str]] = {
    "title": "Bridge open", "text": "Lorries pass.", "lang": "en", "occurred_from": "2015-10-07T12:00Z",
    "occurred_until": "2015-10-07T12:00Z", "place": "34.13, 42.38", "source_reliability": "B",
    "information_credibility": "2"}


class Told:
    """A centre, and what its first member's officers are told."""

    def __init__(self, centre: MemoryCentre) -> None:
        self.centre = centre
        offices = centre.offices()
        self.pages = Pages(Floor(centre, DESKS, offices), Assets())
        self.channels = Channels(self.pages)
        self.officer = offices["IQ"].officer("IQ-releaser")

    def channel(self, lang: str = "en") -> Channel:
        """The channel of this officer in a language."""
        return self.channels.of(self.officer, Reader(lang, "dark", "/", self.centre.charter, NOW_MS))

    def say(self, title: str, release: list[str]) -> str:
        """Say a report in the name of the second member."""
        fields = compose(DESKS[0].form("report"), {**REPORT, "title": title, "release": release})
        return self.centre.cells["SY"].say("report", fields, officer="SY-releaser")


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """A fresh centre."""
    if not (FOLDER / "manifest.json").is_file():
        pytest.skip("the pages are not built (script/bootstrap)")
    charter = parse_charter((ROOT / "charters/baghdad.toml").read_text("utf-8"))
    return Told(MemoryCentre(charter, DESKS, tmp_path))


async def _take(stream: AsyncIterator[bytes], wanted: str, within_s: float = 5.0) -> dict[str, Any]:
    """The data of the next message of a sort; what comes before it is passed over."""
    async with asyncio.timeout(within_s):
        async for chunk in stream:
            for message in chunk.decode().split("\n\n"):
                lines = message.split("\n")
                if lines[0] == f"event: {wanted}":
                    data: dict[str, Any] = json.loads(lines[-1].removeprefix("data: "))
                    return data
    raise AssertionError(f"the stream ended before {wanted}")


def test_what_was_missed_comes_first_and_then_what_comes(told: Told) -> None:
    """After entry 0 comes entry 1 at once, and entry 2 when it is said; sealed ones without a word of them."""
    told.say("first", ["IQ", "SY"])
    told.say("second", ["IQ", "SY"])

    async def run() -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        stream = told.channel().follow(0)
        missed = await _take(stream, "rows")
        told.say("third", ["IQ", "SY"])
        third = await _take(stream, "rows")
        told.say("for others", ["SY"])
        sealed = await _take(stream, "rows")
        await stream.aclose()  # type: ignore[attr-defined]
        return missed, third, sealed

    missed, third, sealed = asyncio.run(run())
    assert missed["newest"] == 1 and "second" in missed["html"] and "first" not in missed["html"]
    assert third["newest"] == 2 and "third" in third["html"] and third["desks"] == ["intelligence"]
    assert third["points"][0]["geometry"]["coordinates"] == [42.38, 34.13]
    assert "sealed" in sealed["html"] and "for others" not in json.dumps(sealed) and sealed["points"] == []


def test_who_missed_too_much_is_told_to_read_again(told: Told) -> None:
    """Where more was missed than one message holds, `behind` comes instead of a part."""
    for number in range(ROWS_MAX + 2):
        told.say(f"report {number}", ["IQ", "SY"])

    async def run() -> dict[str, Any]:
        return await _take(told.channel().follow(-1), "behind")

    assert asyncio.run(run())["newest"] == ROWS_MAX + 1


def test_a_slow_listener_costs_the_others_nothing(told: Told) -> None:
    """One that takes nothing falls out of what is kept, is told so when it comes back, and goes on from there."""
    async def run() -> tuple[int, dict[str, Any]]:
        channel = told.channel()
        slow, quick = channel.follow(-1), channel.follow(-1)
        await _take(slow, "state")
        await _take(quick, "needs")
        for _ in range(KEPT + 5):
            channel._put(b"event: state\ndata: {}\n\n")
        heard = sum([1 async for _ in _until_quiet(quick)])
        return heard, await _take(slow, "behind")

    heard, behind = asyncio.run(run())
    assert heard and "newest" in behind


async def _until_quiet(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    while True:
        try:
            yield await asyncio.wait_for(anext(stream), 0.2)
        except (TimeoutError, StopAsyncIteration):
            return


def test_needs_come_with_what_needs_them(told: Told) -> None:
    """An urgent act that nobody opened is counted at its desk within a second; opened, it is gone from the next list."""
    async def run() -> dict[str, Any]:
        stream = told.channel("ru").follow(-1)
        await _take(stream, "needs")
        fields = compose(DESKS[0].form("report"), {**REPORT, "release": ["IQ", "SY"], "precedence": "flash"})
        told.centre.cells["SY"].say("report", fields, officer="SY-releaser")
        async with asyncio.timeout(1.5):
            while not (needs := await _take(stream, "needs"))["flash"]:
                pass
            return needs

    needs = asyncio.run(run())
    assert needs["desks"] == {"intelligence": "1"} and len(needs["flash"]) == 1 and "Bridge open" in needs["html"]


def test_readers_alike_share_a_channel(told: Told) -> None:
    """The same language makes one channel, another makes another."""
    assert told.channel() is told.channel() and told.channel() is not told.channel("fa")


def test_who_comes_together_is_told_what_was_made_once(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty who come at once share one look at what needs a person; who comes after a message is told anew."""
    looks: list[int] = []
    look = Channel._waiting
    monkeypatch.setattr(Channel, "_waiting", lambda self: (looks.append(1), look(self))[1])

    async def run() -> tuple[int, int]:
        channel = told.channel()
        streams = [channel.follow(10**9) for _ in range(20)]
        first = await asyncio.gather(*[_take(stream, "needs") for stream in streams])
        together = len(looks)
        assert all(one == first[0] for one in first)
        told.say("first", ["IQ", "SY"])
        await _take(streams[0], "rows")
        before = len(looks)
        await _take(channel.follow(10**9), "needs")
        return together, len(looks) - before

    together, after = asyncio.run(run())
    assert together <= 2 and after >= 1  # the channel's own look may fall between
