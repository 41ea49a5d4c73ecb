"""An office with a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tansiq.office import Office, Officer

READER = Officer("AA-reader", "Reading officer", "AA", ("reader",))
DRAFTER = Officer("AA-drafter", "Drafting officer", "AA", ("reader", "drafter"))
ADMINISTRATOR = Officer("AA-administrator", "Administrator", "AA", ("administrator",))


class Clock:
    """A clock that stands still until it is moved (UTC ms)."""

    now = 1_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock for the office."""
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """An office with a reader and a drafter."""
    opened = Office.open(tmp_path / "office.db", clock=clock)
    opened.enrol([READER, DRAFTER])
    yield opened
    opened.close()
