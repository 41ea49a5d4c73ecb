"""Nothing assumes one memory or one clock: a centre whose parts exchange bytes alone, by clocks that disagree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tansiq.errors import Refused, Unavailable
from tansiq.registrar.verifying import verify_journal
from tests.faults import making
from tests.simulation.apart import Apart

AHEAD_MS = {"registrar": 0, "IQ": 55_000, "SY": -50_000, "IR": 10_000, "RU": -30_000, "CJTF": 40_000}


@pytest.fixture(name="apart")
def _apart(tmp_path: Path) -> Iterator[Apart]:
    made = Apart(making.found(tmp_path / "founded"), AHEAD_MS)
    yield made
    made.stop()


def _require_whole(apart: Apart) -> None:
    """All of the journal is settled, and every member's copy verifies and is folded to its end."""
    size, roots = apart.registrar.store.size, set()
    for code in apart.members:
        follower = apart.cells[code].follower
        assert (follower.settled_size, apart.cells[code].registers.latest()) == (size, size), code
        roots.add(verify_journal(follower.store, progress=lambda *_: None)["root"])  # type: ignore[union-attr]
    assert len(roots) == 1


def test_what_is_said_is_read_where_it_is_released_and_settled_everywhere(apart: Apart) -> None:
    """Said by clocks up to a minute and three quarters apart, acts are ordered, opened by their readers alone, settled;
    cells compare what they were shown, time passes and heartbeats are said."""
    said = {code: making.say(apart.cells[code], f"By {code}", release=["IQ", "RU", code]) for code in apart.members}
    apart.run()
    for code in apart.members:
        due = sorted(f"By {author}" for author in apart.members if code in ("IQ", "RU", author))
        assert making.titles(apart.cells[code]) == due
        assert apart.cells[code].receipt(said[code]).state == "settled"
    _require_whole(apart)
    apart.pass_time(20 * 60_000)
    apart.run()
    assert apart.registrar.store.size > 4 + 12, "heartbeats were said"
    _require_whole(apart)
    peers = [peer for code in apart.members for peer in apart.cells[code].peers.values()]
    assert all(end.calls for end in (*apart.links.values(), *peers))  # type: ignore[union-attr]


def test_failures_pass_as_failures(apart: Apart) -> None:
    """A clock that is five minutes off is told what is wrong in bytes as well; put right, the same act goes its way."""
    apart.clocks["SY"].now += 300_000
    late = making.say(apart.cells["SY"], "Too early", release=["SY", "RU"])
    for _ in range(4):
        apart.cells["SY"].step()
    assert apart.cells["SY"].receipt(late).state == "outbox"
    assert isinstance(apart.cells["SY"].speaker.fault, Unavailable)
    apart.clocks["SY"].now -= 300_000
    for cell in apart.cells.values():
        cell.step()
    apart.pass_time(300_000)
    apart.run()
    assert apart.cells["SY"].receipt(late).state == "settled"
    with pytest.raises(Refused):
        apart.cells["IQ"].receipt("0" * 64)
    _require_whole(apart)
