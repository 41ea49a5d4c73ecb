"""What is said on the intelligence desk: reports, their corrections and recalls.

No field names a person: that would need a purpose and a date of destruction.
"""

from __future__ import annotations

from typing import Literal

from tansiq.acts import Act, Kind, Position, Text
from tansiq.errors import Malformed
from tansiq.wire import month_start

NUMBER = 1
TITLE_CHARACTERS_MAX = 200
TEXT_CHARACTERS_MAX = 20_000
REASON_CHARACTERS_MAX = 2_000
PLACE_NAME_CHARACTERS_MAX = 200
SOURCE_CHARACTERS_MAX = 500
EXTERNAL_ID_CHARACTERS_MAX = 100
LATITUDE_MAX = 900_000_000
LONGITUDE_MAX = 1_800_000_000
ACCURACY_M_MAX = 20_100_000
EARLIEST = month_start(-70 * 12)
LATEST = month_start(130 * 12)

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
            _require_place(self.place)
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


def require_text(given: Text, field: str, most: int) -> None:
    """Refuse words that are empty or too long, and a language that is no tag.

    Raises:
        Malformed: ``text.empty``, ``text.long``, ``text.lang``.
    """
    if not given.text or given.text.isspace():
        raise Malformed("text.empty", "{field} is empty.", field=field)
    if len(given.text) > most:
        raise Malformed("text.long", "{field} has {count} characters; at most {limit} are taken.", field=field,
                        count=len(given.text), limit=most)
    tag = given.lang
    if not (2 <= len(tag) <= 3 and tag.isascii() and tag.isalpha() and tag.islower()):
        raise Malformed("text.lang", "{given} is no language: a tag such as ar, fa, ru or en is.",
                        given=repr(tag[:20]), field=field)


def require_line(given: str | None, field: str, most: int) -> None:
    """Refuse a line that is empty, too long or not one line.

    Raises:
        Malformed: ``text.empty``, ``text.long``, ``text.controls``.
    """
    if given is None:
        return
    if not given or given.isspace():
        raise Malformed("text.empty", "{field} is empty.", field=field)
    if len(given) > most:
        raise Malformed("text.long", "{field} has {count} characters; at most {limit} are taken.", field=field,
                        count=len(given), limit=most)
    if not given.isprintable() and any(_is_control(sign) for sign in given):
        raise Malformed("text.controls", "{field} holds a line break, a control or a sign that turns the direction of "
                        "writing.", field=field)


def _is_control(sign: str) -> bool:
    return sign < " " or "\x7f" <= sign <= "\x9f" or "\u2028" <= sign <= "\u202e" or "\u2066" <= sign <= "\u2069"


def _require_span(since: int, until: int) -> None:
    for instant, field in ((since, "occurred_from"), (until, "occurred_until")):
        if not EARLIEST <= instant < LATEST:
            raise Malformed("instant.range", "{field} lies between the years 1900 and 2100.", field=field)
    if since > until:
        raise Malformed("instant.order", "What is reported ends before it begins.", field="occurred_until")


def _require_place(place: Position) -> None:
    if not -LATITUDE_MAX <= place.lat <= LATITUDE_MAX or not -LONGITUDE_MAX <= place.lon <= LONGITUDE_MAX:
        raise Malformed("place.range", "The place does not lie on Earth: latitude to 90, longitude to 180 degrees.",
                        field="place")
    if place.accuracy_m is not None and not 0 <= place.accuracy_m <= ACCURACY_M_MAX:
        raise Malformed("place.accuracy", "The accuracy of a place is a number of metres up to {limit}.",
                        limit=ACCURACY_M_MAX, field="place")
