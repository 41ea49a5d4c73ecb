"""Many officers speak at once while the cells are stepped: each waits for its own act, and all are there once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tansiq.errors import Unavailable
from tests.faults import making
from tests.faults.making import copied, set_link

VOICES = 12
EACH = 10


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy."""
    return making.found(tmp_path_factory.mktemp("voices"))


def test_what_was_said_is_ordered_and_folded_when_say_returns(founded: Path, tmp_path: Path) -> None:
    """However many speak at once, each finds its act ordered and in its own registers; at the end all are settled."""
    centre = copied(founded, tmp_path)
    centre.start()

    def speak(voice: int) -> list[str]:
        code, said = making.members(centre)[voice % 4], []
        for n in range(EACH):
            act = making.say(centre.cells[code], f"{voice} {n}", release=("IQ", "SY", "IR", "RU"))
            assert centre.cells[code].receipt(act).state in ("ordered", "settled")
            assert centre.cells[code].registers.act(act) is not None
            said.append(act)
        return said

    with ThreadPoolExecutor(VOICES) as voices:
        acts = {act for said in voices.map(speak, range(VOICES)) for act in said}
    centre._stopping.set()
    assert centre._thread is not None
    centre._thread.join()
    centre.run_until_quiet()
    assert len(acts) == VOICES * EACH
    for code in making.members(centre):
        assert {row.id for row in making.rows(centre.cells[code])} == acts
        assert {centre.cells[code].receipt(act).state for act in acts} == {"settled"}
    making.require_whole(centre)
    centre.stop()


def test_one_cell_does_not_wait_for_anothers_acts(founded: Path, tmp_path: Path) -> None:
    """While one cell's link is away, what another says is ordered at once; the first is told that its act waits."""
    centre = copied(founded, tmp_path)
    link = centre.cells["SY"].speaker.link

    class Away:
        """Never answers."""

        def __getattr__(self, name: str) -> Any:
            def call(*given: Any) -> Any:
                raise Unavailable("link.away", "The registrar does not answer.")
            return call

    centre.start()
    set_link(centre.cells["SY"], Away())
    waiting = making.say(centre.cells["SY"], "Waits", release=("IQ",))
    began = time.monotonic()
    act = making.say(centre.cells["IQ"], "Goes", release=("SY",))
    assert time.monotonic() - began < 2
    assert centre.cells["IQ"].receipt(act).state in ("ordered", "settled")
    assert centre.cells["SY"].receipt(waiting).state == "outbox"
    set_link(centre.cells["SY"], link)
    centre.stop()
    centre = making.opened(centre.directory, later_ms=600_000)
    assert {centre.cells["SY"].receipt(one).state for one in (waiting, act)} == {"settled"}
    making.require_whole(centre)
    centre.stop()
