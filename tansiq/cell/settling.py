"""What a cell knows to be settled, counted from cosignatures that it verified itself."""

from __future__ import annotations

from dataclasses import dataclass

from tansiq.registrar.control import Control, Head, present, settled_times


@dataclass(slots=True)
class Settling:
    """Everything below ``size`` is settled, no later than ``at`` (UTC ms); ``cosigners`` signed the newest head."""

    size: int = 0
    at: int | None = None
    cosigners: frozenset[str] = frozenset()

    def count(self, control: Control, head: Head) -> dict[str, int]:
        """Count a head that is of this journal: times (seconds) of the cosignatures that hold, by code.

        Raises:
            Untrusted: ``cosignature``.
        """
        times = settled_times(control, head, self.size) if head.size >= self.size else {}
        if times and control.is_settled(times, self.size, head.size):
            self.size, self.at = head.size, max(times.values()) * 1000
        return times

    def look(self, control: Control, times: dict[str, int]) -> None:
        """Remember who cosigned the newest head."""
        self.cosigners = frozenset(times) & present(control.roster).keys()


class KnowsSettled:
    """What every follower answers of what is settled; it keeps ``_settling`` abreast."""

    _settling: Settling

    @property
    def settled_size(self) -> int:
        """Everything below this size is settled, as far as this party knows."""
        return self._settling.size

    @property
    def settled_at(self) -> int | None:
        """When it was settled at the latest, UTC milliseconds."""
        return self._settling.at

    @property
    def cosigners(self) -> frozenset[str]:
        """Who has cosigned the newest checkpoint."""
        return self._settling.cosigners
