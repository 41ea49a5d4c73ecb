"""What is said on the intelligence desk: reports, their corrections and recalls.

No field names a person: that would need a purpose and a date of destruction.
"""

from __future__ import annotations

from typing import Literal

from tansiq.acts import Act, Kind, Position, Text
from tansiq.desks.holding import require_instant, require_line, require_position, require_text
from tansiq.errors import Malformed

NUMBER = 1
TITLE_CHARACTERS_MAX = 200
TEXT_CHARACTERS_MAX = 20_000
REASON_CHARACTERS_MAX = 2_000
PLACE_NAME_CHARACTERS_MAX = 200
SOURCE_CHARACTERS_MAX = 500
EXTERNAL_ID_CHARACTERS_MAX = 100

Reliability = Literal["A", "B", "C", "D", "E", "F"]
Credibility = Literal["1", "2", "3", "4", "5", "6"]


class _Reported(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a report tells; a correction tells it again, whole."""

    title: Text
    text: Text
    occurred_from: int
    occurred_until: int
    place: Position | None
    place_name: str | None
    source_reliability: Reliability
    information_credibility: Credibility
    source: str | None

    def check(self) -> None:
        """Hold what the types cannot say. Reads own fields only.

        Raises:
            Malformed: a text too long or empty, a place that is not on Earth, a time that ends before it begins.
        """
        require_text(self.title, "title", TITLE_CHARACTERS_MAX)
        require_text(self.text, "text", TEXT_CHARACTERS_MAX)
        _require_span(self.occurred_from, self.occurred_until)
        if self.place is not None:
            require_position(self.place, "place")
        require_line(self.place_name, "place_name", PLACE_NAME_CHARACTERS_MAX)
        require_line(self.source, "source", SOURCE_CHARACTERS_MAX)


class Report(_Reported, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is reported: when (UTC ms), where, how reliable its source and how credible it is.

    ``external_id`` names it where it was imported from, unique for an author; ``source`` credits it.
    """

    external_id: str | None

    def check(self) -> None:
        """As of what is reported, and the external id."""
        _Reported.check(self)
        require_line(self.external_id, "external_id", EXTERNAL_ID_CHARACTERS_MAX)


class Correction(_Reported, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report told again, whole, by its author; it refers to the report."""

    reason: Text

    def check(self) -> None:
        """As of what is reported, and the reason."""
        _Reported.check(self)
        require_text(self.reason, "reason", REASON_CHARACTERS_MAX)


class Recall(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report taken back by its author; it stays readable, and no longer stands."""

    reason: Text

    def check(self) -> None:
        """Hold the length of the reason.

        Raises:
            Malformed: the reason is empty or too long.
        """
        require_text(self.reason, "reason", REASON_CHARACTERS_MAX)


REPORT = Kind("report", 1, NUMBER, Report, "Report")
CORRECTION = Kind("correction", 1, NUMBER, Correction, "Correction")
RECALL = Kind("recall", 1, NUMBER, Recall, "Recall")


def _require_span(since: int, until: int) -> None:
    require_instant(since, "occurred_from")
    require_instant(until, "occurred_until")
    if since > until:
        raise Malformed("instant.order", "What is reported ends before it begins.", field="occurred_until")
