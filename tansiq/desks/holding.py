"""What kinds hold of their own fields beyond their types: texts, lines, spans of time, places on Earth."""

from __future__ import annotations

from tansiq.acts import Position, Text
from tansiq.errors import Malformed
from tansiq.languages.isolates import not_in_line
from tansiq.wire import month_start

LATITUDE_MAX = 900_000_000
LONGITUDE_MAX = 1_800_000_000
ACCURACY_M_MAX = 20_100_000
EARLIEST = month_start(-70 * 12)
LATEST = month_start(130 * 12)


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


def require_why(given: Text | None, owed: bool, most: int) -> None:
    """Refuse words beside an answer that cannot stand, and an answer without the words that it owes.

    Raises:
        Malformed: ``field.missing``, ``text.empty``, ``text.long``, ``text.lang``.
    """
    if given is not None:
        require_text(given, "text", most)
    elif owed:
        raise Malformed("field.missing", "{field} is missing.", field="text")


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
    if not_in_line(given):
        raise Malformed("text.controls", "{field} holds a line break, a control or a sign that turns the direction of "
                        "writing.", field=field)


def require_instant(given: int, field: str) -> None:
    """Refuse an instant (UTC ms) outside the years 1900 to 2100.

    Raises:
        Malformed: ``instant.range``.
    """
    if not EARLIEST <= given < LATEST:
        raise Malformed("instant.range", "{field} lies between the years 1900 and 2100.", field=field)


def require_position(place: Position, field: str) -> None:
    """Refuse a position that is not on Earth, and an accuracy that is no number of metres.

    Raises:
        Malformed: ``place.range``, ``place.accuracy``.
    """
    if not -LATITUDE_MAX <= place.lat <= LATITUDE_MAX or not -LONGITUDE_MAX <= place.lon <= LONGITUDE_MAX:
        raise Malformed("place.range", "The place does not lie on Earth: latitude to 90, longitude to 180 degrees.",
                        field=field)
    if place.accuracy_m is not None and not 0 <= place.accuracy_m <= ACCURACY_M_MAX:
        raise Malformed("place.accuracy", "The accuracy of a place is a number of metres up to {limit}.",
                        limit=ACCURACY_M_MAX, field=field)
