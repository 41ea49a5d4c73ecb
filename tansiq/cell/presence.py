"""Presence: each cell says that it is there, and tells an author alone which of its entries it could not open.

A heartbeat has the smallest sealed size and goes to all members: what it had seen is on its public face, so that
silence and speech look alike. It is due when the cell's last entry is older than the charter's interval, and only once
everything that was followed is folded: to have seen is to have verified, opened and folded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tansiq.cell.following import Follower
from tansiq.cell.outbox import Outbox
from tansiq.cell.partner import PartnerFollower
from tansiq.cell.registers import Registers
from tansiq.registrar.control import Control

HEARTBEAT = "heartbeat"
UNOPENED = "unopened"
SPEAKER = "cell"
"""Who stands as the officer of what a cell says by itself: nobody has this office."""
MINUTE_MS = 60_000
TOLD_AT_ONCE = 100


class Own(NamedTuple):
    """One act that a cell says by itself: its kind and fields."""

    kind: str
    fields: dict[str, Any]


def due(code: str, follower: Follower | PartnerFollower, registers: Registers, outbox: Outbox,
        now: int) -> Iterator[Own]:
    """What a cell has to say by itself at *now* (UTC ms): what it could not open, then that it is there.

    Nothing while something of its own waits for a place, while it lags, or before the journal has a charter.
    """
    control = follower.state.control
    behind = follower.head_size > follower.size or follower.behind(registers.latest())
    if not control.charters or behind or outbox.count() or is_suspended(control, code):
        return
    told = 0
    for author, number, why in registers.query("cell", "untold", member=code, limit=TOLD_AT_ONCE):
        told += 1
        yield Own(UNOPENED, {"release": (author,), "number": number, "code": why})
    mine = follower.state.authors.get(code)
    if not told and mine is not None and now - mine.sent >= control.charter.heartbeat_minutes * MINUTE_MS:
        yield Own(HEARTBEAT, {"release": control.roster.codes})


def is_suspended(control: Control, code: str) -> bool:
    """Tell whether a party is suspended: whatever it says of itself would be void."""
    return any(member.code == code and member.suspended for member in control.roster.members)
