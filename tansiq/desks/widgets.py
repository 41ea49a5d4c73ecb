"""What a form's widgets take, each from text in any script's digits: lines, texts, instants, places, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from tansiq.errors import Malformed
from tansiq.geo import parse_place, parse_position
from tansiq.languages.digits import to_latin
from tansiq.languages.isolates import not_in_line
from tansiq.wire import INTEGER_MAX, is_code

LINE_CHARACTERS_MAX = 2_000
TEXT_CHARACTERS_MAX = 60_000
WORDS_MAX = 64
_NUMBER_CHARACTERS_MAX = 40
# In a text the signs that turn the direction of writing are kept: pages show them. In a line they are not.
_NOT_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_DEGREES = re.compile(r"([+-]?)(\d{1,2})(?:\.(\d{1,7}))?\s*[,;\s]\s*([+-]?)(\d{1,3})(?:\.(\d{1,7}))?", re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s*([Zz]|[+-]\d{2}:?\d{2})?",
                      re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,16}", re.ASCII)
_REFERENCE = re.compile(r"([A-Z0-9]{2,8})\s+(\d{1,15})(?:\s*/\s*(\d{1,4}))?|[0-9a-f]{64}")


def read_line(text: str, field: str) -> str:
    """Read one line: no controls, no signs that turn the direction of writing; put into NFC.

    Raises:
        Malformed: ``text.long``, ``text.controls``.
    """
    line = text.strip()
    if len(line) > LINE_CHARACTERS_MAX:
        raise _long(field, len(line), LINE_CHARACTERS_MAX)
    if (sign := not_in_line(line)) is not None:
        raise _control(field, sign)
    return line if line.isascii() else unicodedata.normalize("NFC", line)


def read_text(text: str, field: str) -> str:
    """Read a text of any number of lines; signs of direction are kept, controls and halves of characters are not.

    Raises:
        Malformed: ``text.long``, ``text.controls``.
    """
    whole = text.strip()
    if len(whole) > TEXT_CHARACTERS_MAX:
        raise _long(field, len(whole), TEXT_CHARACTERS_MAX)
    if not whole.isprintable():
        whole = whole.replace("\r\n", "\n").replace("\r", "\n")
        if found := _NOT_IN_TEXT.search(whole):
            raise _control(field, found.group())
    return whole if whole.isascii() else unicodedata.normalize("NFC", whole)


def read_instant(text: str, zone: str, field: str) -> int:
    """Read ISO 8601 with an offset or Z, or in the named zone, as UTC milliseconds.

    Raises:
        Malformed: ``instant.form``, ``instant.zone`` (none is given, or it is unknown), ``instant.twice`` (the clocks
            of the zone show that hour twice or never).
    """
    try:
        return _instant(text.strip()[:_NUMBER_CHARACTERS_MAX + 1], zone)
    except Malformed as error:
        raise _at(error, field) from error


@lru_cache(maxsize=16_384)
def _instant(text: str, zone: str) -> int:
    found = _INSTANT.fullmatch(text if text.isascii() else to_latin(text))
    if found is None:
        raise Malformed("instant.form", "{given} is no day and time: write it as 2015-10-07T09:30+03:00.",
                        given=repr(text))
    day, clock, offset = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}{offset.upper() if offset else ''}")
    except ValueError as error:
        raise Malformed("instant.form", "There is no day or time {given}.", given=repr(text)) from error
    return milliseconds(moment, zone, text)


def milliseconds(moment: datetime, zone: str, text: str) -> int:
    """UTC milliseconds of a moment, which stands in *zone* where it has no offset; *text* is what was written."""
    if moment.tzinfo is None:
        if not zone:
            raise Malformed("instant.zone", "{given} has no time zone: add Z, an offset such as +03:00, or name one.",
                            given=repr(text))
        moment = moment.replace(tzinfo=read_zone(zone))
        if moment.utcoffset() != moment.replace(fold=1).utcoffset():
            raise Malformed("instant.twice", "The clocks of {zone} show {given} twice or never: write its offset.",
                            zone=zone, given=repr(text))
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1_024)
def read_zone(name: str) -> ZoneInfo:
    """Find a time zone by its IANA name.

    Raises:
        Malformed: ``instant.zone``.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Malformed("instant.zone", "There is no time zone {given}; one is written as Asia/Baghdad.",
                        given=repr(name[:60])) from error


def read_position(text: str, field: str) -> tuple[int, int]:
    """Read a place (degrees, degrees-minutes-seconds, MGRS) as (latitude, longitude) × 10⁷.

    Raises:
        Malformed: ``place.…``.
    """
    try:
        return _position(text)
    except Malformed as error:
        raise _at(error, field) from error


@lru_cache(maxsize=16_384)
def _position(text: str) -> tuple[int, int]:
    # Plain degrees are nearly all that machines write; they are read here exactly, without the grid's grammar.
    found = _DEGREES.fullmatch(text.strip())
    if found is None:
        return parse_position(text)
    minus, degrees, parts, minus_east, degrees_east, parts_east = found.groups()
    lat = int(degrees) * 10_000_000 + int((parts or "").ljust(7, "0"))
    lon = int(degrees_east) * 10_000_000 + int((parts_east or "").ljust(7, "0"))
    if lat > 900_000_000 or lon >= 1_800_000_000:
        return parse_position(text)
    return -lat if minus == "-" else lat, -lon if minus_east == "-" else lon


def read_area(text: str, field: str) -> dict[str, object]:
    """Read a point, a circle, a line or a polygon, as the plain values of ``tansiq.geo``'s places.

    Raises:
        Malformed: ``place.…``.
    """
    try:
        read: dict[str, object] = msgspec.to_builtins(parse_place(text))
    except Malformed as error:
        raise _at(error, field) from error
    return read


def read_codes(text: str, field: str) -> tuple[str, ...]:
    """Read codes of parties set apart by commas or blanks, in ascending order, each once.

    Raises:
        Malformed: ``codes.form``.
    """
    codes = {part for part in re.split(r"[\s,;،؛]+", to_latin(read_line(text, field)).upper()) if part}
    for code in codes:
        if not is_code(code):
            raise Malformed("codes.form", "{given} is no code of a member or partner.", given=repr(code[:20]),
                            field=field)
    return tuple(sorted(codes))


def read_yes(text: str, field: str) -> bool:
    """Read a box that is ticked or not: ``yes`` or ``no``.

    Raises:
        Malformed: ``field.choice``.
    """
    return read_choice(text.strip().casefold(), {"yes": "yes", "no": "no"}, field) == "yes"


def read_number(text: str, field: str) -> int:
    """Read a whole number in digits of any script.

    Raises:
        Malformed: ``number.form``.
    """
    latin = to_latin(text.strip()[:_NUMBER_CHARACTERS_MAX])
    if not _WHOLE.fullmatch(latin) or abs(int(latin)) > INTEGER_MAX:
        raise Malformed("number.form", "{field} is a whole number, not {given}.", field=field, given=repr(text[:40]))
    return int(latin)


def read_choice(text: str, choices: Mapping[str, str], field: str, *, whole: bool = False) -> str | int:
    """Read one of the choices' keys, as a number where the kind holds one.

    Raises:
        Malformed: ``field.choice``.
    """
    found = choices.get(text)
    if found is None:
        found = choices.get(to_latin(text.strip()[:200]))
    if found is None:
        raise Malformed("field.choice", "{field} is one of {known}, not {given}.", field=field,
                        known=", ".join(choices), given=repr(text[:40]))
    return int(found) if whole else found


def read_several(text: str, choices: Sequence[str], field: str) -> tuple[str, ...]:
    """Read some of the choices' keys, set apart by commas or blanks, into the order of *choices*, each once.

    Raises:
        Malformed: ``field.choice``.
    """
    given = [part for part in re.split(r"[\s,;،؛]+", read_line(text, field)) if part]
    for part in given:
        if part not in choices:
            raise Malformed("field.choice", "{field} is one of {known}, not {given}.", field=field,
                            known=", ".join(choices), given=repr(part[:40]))
    return tuple(choice for choice in choices if choice in given)


def read_words(text: str, field: str) -> tuple[str, ...]:
    """Read words set apart by commas or semicolons of any script.

    Raises:
        Malformed: ``words.many``, or as of a line.
    """
    words = tuple(word for part in re.split("[,;،؛]", read_line(text, field)) if (word := part.strip()))
    if len(words) > WORDS_MAX:
        raise Malformed("words.many", "{field} has more than {limit} words.", field=field, limit=WORDS_MAX)
    return words


def read_reference(text: str, field: str) -> str:
    """Read how people name an act (``IQ 412/7``), or its id.

    Raises:
        Malformed: ``reference.form``.
    """
    given = to_latin(text.strip()[:80])
    if re.fullmatch("[0-9a-f]{64}", given):
        return given
    found = _REFERENCE.fullmatch(given.upper())
    if found is None or found.group(1) is None:
        raise Malformed("reference.form", "{given} names no act: one is written as XX 412 or XX 412/7.",
                        given=repr(text[:80]), field=field)
    author, number, place = found.groups()
    return f"{author} {number}/{place}" if place else f"{author} {number}"


def _at(error: Malformed, field: str) -> Malformed:
    return Malformed(error.code, error.sentence, **{**error.fields, "field": field})


def _long(field: str, count: int, limit: int) -> Malformed:
    return Malformed("text.long", "{field} has {count} characters; at most {limit} are taken.", field=field,
                     count=count, limit=limit)


def _control(field: str, sign: str) -> Malformed:
    return Malformed("text.controls", "{field} holds the sign U+{sign}, which is no part of a text.", field=field,
                     sign=f"{ord(sign):04X}")
