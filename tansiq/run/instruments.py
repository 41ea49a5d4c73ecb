"""Instruments of a trial: carried into the journal through one of the cells that lie in the directory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from tansiq.cell.node import Cell
from tansiq.cell.partner import PartnerFollower
from tansiq.errors import Refused
from tansiq.registrar.signers import ENTRY_KINDS, InstrumentKind, parse_document, sign_whole

STEPS_MAX = 64


class Here(Protocol):
    """What carrying needs of a centre."""

    cells: dict[str, Cell]

    def still(self) -> Any:
        """Hold all cells still."""

    def step(self) -> bool:
        """Let every cell work once."""


class TrialInstruments:
    """Carries instruments in. Any thread may call; cells stand still meanwhile."""

    def __init__(self, here: Here) -> None:
        self._here = here

    def carry(self, code: str, kind: InstrumentKind, doc: str, signatures: Mapping[str, str]) -> dict[str, Any]:
        """Have a member's cell say an instrument with the signatures that were collected; where it stands.

        Raises:
            Refused: ``cell.absent``, ``instrument.carrier``; ``instrument.missing`` and what else ``sign_whole`` holds.
            Conflict: ``instrument.stale``.
            Untrusted: ``instrument.signature``.
            Unavailable: the registrar is away: the cell has kept it, and says it by itself.
        """
        cell = self._here.cells.get(code)
        if cell is None:
            raise Refused("cell.absent", "No cell of {given} lies in this directory.", given=repr(code[:20]),
                          field="cell")
        if isinstance(cell.follower, PartnerFollower):
            raise Refused("instrument.carrier", "{code} is a partner: a member's cell has to carry it in.", code=code,
                          field="cell")
        document = parse_document(kind, doc)
        with self._here.still():
            cell.speaker.follow()
            whole = sign_whole(cell.follower.state.control, kind, document, signatures)
            place = cell.say_open(ENTRY_KINDS[kind], whole)
        return {"kind": kind, "roster": document.roster, "index": place.index, "time": place.time,
                "settled": self._settle(place.index)}

    def _settle(self, index: int) -> bool:
        """Let the cells work until each knows an entry to be settled: what is written next rests on settled entries."""
        def is_settled() -> bool:
            return all(cell.follower.settled_size > index for cell in self._here.cells.values())

        for _ in range(STEPS_MAX):
            if is_settled() or not self._here.step():
                break
        return is_settled()
