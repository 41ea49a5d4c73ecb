"""The duty roster: who is on duty from when until when, and at which telephone. It never leaves the office."""

from __future__ import annotations

import re
import secrets
from typing import NamedTuple

from tansiq.errors import Malformed, Refused
from tansiq.languages.digits import to_latin
from tansiq.office.file import OfficeFile

TURN_MS_MAX = 32 * 86_400_000
TURNS_MAX = 2_000
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ().-]{2,28}[0-9]")


class OnDuty(NamedTuple):
    """That *officer* is on duty at *telephone* from *since* until *until* (UTC ms)."""

    id: str
    officer: str
    telephone: str
    since: int
    until: int


class Duty:
    """The roster of one office."""

    def __init__(self, file: OfficeFile) -> None:
        self._file = file

    def add(self, officer_id: str, telephone: str, *, since: int, until: int) -> OnDuty:
        """Write a turn of duty down; turns may overlap.

        Raises:
            Malformed: ``duty.telephone``; ``duty.time``, it ends before it begins or lasts over 32 days.
            Refused: ``duty.count``, over 2,000 turns.
        """
        number = to_latin(telephone.strip()[:60])
        if not _TELEPHONE.fullmatch(number):
            raise Malformed("duty.telephone", "{given} is no telephone number: digits, and + before a country's.",
                            given=repr(telephone[:40]), field="telephone")
        if not since < until <= since + TURN_MS_MAX:
            raise Malformed("duty.time", "A turn of duty lasts some time, and at most {limit} days.",
                            limit=TURN_MS_MAX // 86_400_000, field="until")
        if len(self.turns()) >= TURNS_MAX:
            raise Refused("duty.count", "The roster holds at most {limit} turns of duty.", limit=TURNS_MAX)
        turn = OnDuty(secrets.token_hex(8), officer_id, number, since, until)
        self._file.run("INSERT INTO duty VALUES (?,?,?,?,?)", *turn)
        return turn

    def drop(self, turn_id: str) -> None:
        """Strike a turn; one that is not there is struck already."""
        self._file.run("DELETE FROM duty WHERE id=?", turn_id)

    def turns(self, *, after: int = 0) -> list[OnDuty]:
        """Turns that end after an instant (UTC ms), the earliest first."""
        return [OnDuty(*row) for row in
                self._file.rows("SELECT id, officer, telephone, since, until FROM duty WHERE until>? "
                                "ORDER BY since, until, id", after)]

    def at(self, time: int) -> list[OnDuty]:
        """Who is on duty at an instant (UTC ms)."""
        return [turn for turn in self.turns(after=time) if turn.since <= time]
