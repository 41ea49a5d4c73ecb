"""The clock of a trial: this machine's, set apart by an amount that lies in the directory (``clock.json``).

An exercise is played at the time of its story: its journal has the months, terms and deadlines of that time. The clock
runs on as real time does, and is only ever moved forward, or the journal's times would fall.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import msgspec

from tansiq.errors import Malformed, Refused, Unavailable

CLOCK = "clock.json"


class Apart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far a trial's clock lies from this machine's: milliseconds, ahead where positive."""

    ahead_ms: int


def now() -> int:
    """UTC milliseconds of this machine's clock."""
    return time.time_ns() // 1_000_000


class TrialClock:
    """UTC milliseconds in a trial's own time; this machine's where the directory says nothing."""

    def __init__(self, directory: Path) -> None:
        """Read how far the directory's clock is apart.

        Raises:
            Malformed: ``clock.file``.
            Unavailable: ``disk``.
        """
        self._path = directory / CLOCK
        try:
            self._apart = msgspec.json.decode(self._path.read_bytes(), type=Apart)
        except FileNotFoundError:
            self._apart = Apart(0)
        except msgspec.MsgspecError as error:
            raise Malformed("clock.file", "The clock of this trial cannot be read: {why}.", why=str(error)) from error
        except OSError as error:
            raise _disk(error) from error

    def __call__(self) -> int:
        """The time in this trial."""
        return now() + self._apart.ahead_ms

    def advance(self, to_ms: int) -> None:
        """Move the clock forward to an instant, durably; one that has passed already moves nothing.

        Raises:
            Unavailable: ``disk``.
        """
        if to_ms > self():
            self._keep(Apart(to_ms - now()))

    def begin(self, at_ms: int) -> None:
        """Set the clock of a trial that is not founded yet.

        Raises:
            Refused: ``clock.begun``, it has one.
            Unavailable: ``disk``.
        """
        if self._path.exists():
            raise Refused("clock.begun", "This trial has a clock already; it is only ever moved forward.")
        self._keep(Apart(at_ms - now()))

    def _keep(self, apart: Apart) -> None:
        beside = self._path.with_suffix(".part")
        try:
            with beside.open("wb") as file:
                file.write(msgspec.json.encode(apart))
                file.flush()
                os.fsync(file.fileno())
            # The old file stands until the new one is whole: a crash between leaves one or the other.
            beside.replace(self._path)
        except OSError as error:
            raise _disk(error) from error
        self._apart = apart


def _disk(error: OSError) -> Unavailable:
    return Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror)
