"""The dates of all desks as iCalendar (RFC 5545): one feed of terms, meetings, visits and deadlines.

It holds what the officer's member can read. A date's ``place`` is where people meet, in words; no place of a request
stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from tansiq.cell.views import Date
from tansiq.doors.floor import Floor
from tansiq.languages.messages import Messages
from tansiq.languages.sentences import named, say_sentence
from tansiq.office import Officer

MEDIA_TYPE = "text/calendar; charset=utf-8"
LINE_OCTETS_MAX = 75
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def write_calendar(floor: Floor, officer: Officer, lang: str) -> bytes:
    """Write the feed in a language, as the officer's cell knows the dates now.

    Raises:
        Refused: ``officer.role``.
        Malformed: ``languages.unknown``.
    """
    dates, charter, messages = floor.dates(officer), floor.charter, Messages.load(lang)
    stamp = f"[{messages.gettext('Exercise')}] " if charter.exercise else ""
    centre = floor.cell(officer.member).centre.hex()
    now = floor.now()
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tansiq//Calendar of a centre//EN", "CALSCALE:GREGORIAN",
             _text("NAME", stamp + named(charter.name, lang), lang),
             _text("X-WR-CALNAME", stamp + named(charter.name, lang)), "REFRESH-INTERVAL;VALUE=DURATION:PT15M"]
    for date in dates:
        lines += _event(date, lang, stamp, (centre, now))
    return "".join(_folded([*lines, "END:VCALENDAR"])).encode()


def _event(date: Date, lang: str, stamp: str, of: tuple[str, int]) -> Iterator[str]:
    centre, now = of
    yield from ("BEGIN:VEVENT", f"UID:{date.uid}@{centre[:16]}.tansiq", f"DTSTAMP:{_instant(now)}",
                f"DTSTART:{_instant(date.from_ms)}")
    # A moment has no length. Without an end some readers give it an hour or a day, and an end that is no later than the
    # beginning is none (RFC 5545, 3.8.2.2); a duration may be nothing.
    yield f"DTEND:{_instant(date.until_ms)}" if date.until_ms > date.from_ms else "DURATION:PT0S"
    yield _text("SUMMARY", stamp + say_sentence(date.sentence, lang), lang)
    if date.place:
        yield _text("LOCATION", date.place)
    yield from ("CLASS:CONFIDENTIAL", "TRANSP:TRANSPARENT", "END:VEVENT")


def _instant(time_ms: int) -> str:
    return f"{datetime.fromtimestamp(time_ms // 1000, UTC):%Y%m%dT%H%M%SZ}"


def _text(name: str, words: str, lang: str = "") -> str:
    """A property that holds text (RFC 5545, 3.3.11): what would end or split it is escaped."""
    escaped = _CONTROLS.sub(" ", words.replace("\r\n", "\n").replace("\r", "\n"))
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        escaped = escaped.replace(sign, written)
    return f"{name};LANGUAGE={lang}:{escaped}" if lang else f"{name}:{escaped}"


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """Fold lines at 75 octets (RFC 5545, 3.1), never inside a character."""
    for line in lines:
        room, part = LINE_OCTETS_MAX, ""
        for character in line:
            size = len(character.encode())
            if size > room:
                yield f"{part}\r\n"
                room, part = LINE_OCTETS_MAX - 1, " "
            part += character
            room -= size
        yield f"{part}\r\n"
