"""The reader of a page: its language, direction, theme and digits, and how times and places are written for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.numbers import format_decimal
from litestar import Request
from markupsafe import Markup, escape

from tansiq.cell.views import Sentence
from tansiq.charter import Charter
from tansiq.doors.sentences import languages_asked
from tansiq.errors import Malformed
from tansiq.geo import territory_name, write_degrees, write_mgrs
from tansiq.languages.calendars import CALENDARS, Calendar, ago, clock, day, locale_of, own_calendar
from tansiq.languages.digits import to_latin, to_script
from tansiq.languages.isolates import show_controls
from tansiq.languages.messages import Messages

LANGUAGE_COOKIE = "tansiq-language"
THEME_COOKIE = "tansiq-theme"
DIGITS_COOKIE = "tansiq-digits"
CALENDAR_COOKIE = "tansiq-calendar"
THEMES = ("dark", "light")
DIGITS = ("own", "latin")
_CALENDARS = {"gregorian": "gregory", "hijri": "islamic-umalqura", "jalali": "persian"}
_DIGITS = {"ar": "arab", "fa": "arabext"}
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "ps", "ckb", "sd", "ug", "yi")
_NEAR_MS = 20 * 3_600_000
_SHORT = {"ar": "ع", "fa": "فا", "ru": "РУ", "en": "EN"}


@dataclass(frozen=True)
class Reader:
    """Who reads a page, and how; *address* is the page's own, to come back to, *now_ms* the centre's time (UTC ms).

    *digits* are the language's ``own`` or ``latin``; *calendar* is the one in which days are dated.
    """

    lang: str
    theme: str
    address: str
    charter: Charter
    now_ms: int
    digits: str = "own"
    calendar: Calendar = "gregorian"

    @property
    def key(self) -> tuple[str, str, str]:
        """What pieces of pages differ by: readers of one key are shown the same."""
        return self.lang, self.digits, self.calendar

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return direction(self.lang)

    @property
    def locale(self) -> str:
        """The BCP 47 tag for scripts: with the region whose months are meant, the calendar, and the digits."""
        own = _DIGITS.get(self.lang, "latn")
        return (f"{locale_of(self.lang)}-u-ca-{_CALENDARS[self.calendar]}"
                f"-nu-{own if self.digits == 'own' else 'latn'}")

    @property
    def has_own_digits(self) -> bool:
        """Whether this language writes digits of its own."""
        return self.lang in _DIGITS

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Each working language: tag, short name, full name in itself."""
        return [(lang, _SHORT.get(lang, lang.upper()), str(Locale.parse(lang).get_display_name(lang)))
                for lang in self.charter.languages]

    def sample_digits(self, digits: str) -> str:
        """The digits that a choice stands for."""
        return to_script("123", self.lang) if digits == "own" else "123"

    def language_name(self, tag: str) -> str:
        """The name of a language in the reader's; the tag where nobody knows it."""
        try:
            return str(Locale.parse(tag).get_language_name(self.lang) or tag)
        except (UnknownLocaleError, ValueError):
            return tag

    def territory(self, code: str) -> str:
        """The name of a territory by its ISO 3166 code."""
        return territory_name(code, self.lang)

    def offset(self, zone: str) -> str:
        """How far a zone lies from UTC now: ``UTC+3``, ``UTC+3:30``."""
        minutes = round((moment(self.now_ms).astimezone(ZoneInfo(zone)).utcoffset() or timedelta()).total_seconds() / 60)
        hours, rest = divmod(abs(minutes), 60)
        return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "") if minutes else "UTC"

    def say(self, message: str, /, **fields: object) -> str | Markup:
        """Translate a message and fill it; values are escaped, markup among them stays."""
        text = _messages(self.lang).gettext(message)
        if not fields:
            return text
        if any(hasattr(value, "__html__") for value in fields.values()):
            return Markup(escape(text)).format(**fields)
        return text.format(**fields)

    def sentence(self, given: Sentence) -> str | Markup:
        """Say a sentence that a desk made: instants isolated, codes and other lists as this language lists them."""
        fields = {name: self._filling(name, value) for name, value in given.fields.items()}
        return self.say(given.text, **fields)

    def _filling(self, name: str, value: object) -> object:
        if isinstance(value, Sentence):
            return self.sentence(value)
        if name.endswith("_ms") and isinstance(value, int):
            return self.instant(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return self.number(value)
        if isinstance(value, Mapping):
            return self.named(value)
        if isinstance(value, list | tuple):
            parts = (self.named(one) if isinstance(one, Mapping) else isolated(str(one), "") for one in value)
            return Markup(escape(self.listed(["{}"] * len(value)))).format(*parts)
        if name in ("kind", "desk"):
            return _messages(self.lang).titled(str(value))
        return Markup("<bdi>{}</bdi>").format(show_controls(str(value)))

    def many(self, one: str, more: str, count: int, /, **fields: object) -> str:
        """Translate a message that counts: ``{count}`` is written in the reader's digits."""
        text = _messages(self.lang).ngettext(one, more, count)
        return text.format(count=self.number(count), **fields)

    def named(self, names: Mapping[str, str]) -> str:
        """The name in the reader's language; English, or any, where there is none."""
        return names.get(self.lang) or names.get("en") or next(iter(names.values()), "")

    def number(self, value: int) -> str:
        """A count in the reader's digits."""
        return self._written(to_script(format_decimal(value, locale=self.lang), self.lang))

    def _written(self, text: str) -> str:
        return text if self.digits == "own" else to_latin(text)

    def listed(self, parts: Sequence[str]) -> str:
        """Join names as this language lists them."""
        return str(format_list(list(parts), locale=self.lang)) if parts else ""

    def size(self, count: int) -> str:
        """A size in KiB."""
        return str(self.say("{count} KiB", count=self.number(max(1, round(count / 1024)))))

    def in_language(self, tag: str) -> str:
        """Address of this page in another language."""
        return self.address + ("&" if "?" in self.address else "?") + f"lang={tag}"

    def clock(self, zone: str) -> str:
        """The hour and minute in a zone now, in the reader's digits."""
        return self._written(clock(self.now_ms, self.lang, zone=zone))

    def day(self, time_ms: int, zone: str) -> str:
        """The day in a zone, in the reader's words and digits."""
        return self._written(day(time_ms, self.lang, zone=zone, calendar=self.calendar))

    def ago(self, time_ms: int) -> str:
        """How long ago an instant was, or how long it is still to come."""
        return self._written(ago(time_ms, self.now_ms, self.lang))

    def interval(self, times_ms: Sequence[int]) -> Markup:
        """An instant, or an interval in words: a dash between two isolates reads backwards."""
        parts = [self.instant(value) for value in times_ms]
        if len(parts) < 2 or parts[0] == parts[-1]:
            return parts[0]
        return Markup(self.say("from {first} to {last}", first=parts[0], last=parts[-1]))

    def handling(self, code: str) -> str:
        """The name of a handling code of the charter; the code where it has none."""
        return next((self.named(h.name) for h in self.charter.handling if h.code == code), code)

    def instant(self, time_ms: int) -> Markup:
        """An instant: the day of UTC in the reader's calendar, and the hour as ``23:50Z``, isolated."""
        at = moment(time_ms)
        days = self._written(day(time_ms, self.lang, calendar=self.calendar, brief=True))
        return Markup('<time class="at" datetime="{}">{} {}</time>').format(
            at.strftime("%Y-%m-%dT%H:%M:%SZ"), days, isolated(at.strftime("%H:%MZ"), "num"))

    def brief(self, time_ms: int) -> Markup:
        """An instant within a day of now by its hour in UTC, any other by its day too."""
        near = abs(time_ms - self.now_ms) < _NEAR_MS
        return isolated(moment(time_ms).strftime("%H:%MZ"), "num") if near else self.instant(time_ms)

    def hour(self, time_ms: int) -> Markup:
        """The hour and minute of an instant in UTC, isolated."""
        return isolated(moment(time_ms).strftime("%H:%M"), "at num")

    def clocked(self, time_ms: int) -> Markup:
        """The hour of an instant in UTC, and below it the day, where that is not the day of now."""
        at, days = moment(time_ms), ""
        if at.date() != moment(self.now_ms).date():
            days = self._written(day(time_ms, self.lang, calendar=self.calendar, brief=True)).rpartition(" ")[0]
        return Markup('<time class="at num" datetime="{}">{}{}</time>').format(
            at.strftime("%Y-%m-%dT%H:%M:%SZ"), isolated(at.strftime("%H:%M"), "num"),
            Markup("<small>{}</small>").format(days) if days else "")

    def place(self, lat: int, lon: int) -> Markup:
        """A position as grid reference and degrees, each isolated."""
        degrees = isolated(write_degrees(lat, lon), "at num")
        try:
            return Markup("{} · {}").format(isolated(write_mgrs(lat, lon), "at num"), degrees)
        except Malformed:
            return degrees


def reader_of(request: Request[Any, Any, Any], charter: Charter, now_ms: int) -> Reader:
    """Find the reader: ``?lang=`` before the cookie, before ``Accept-Language``, before the charter's first."""
    known = charter.languages
    asked = (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE),
             *languages_asked(request.headers.get("accept-language")))
    lang = next((tag for tag in asked if tag in known), known[0])
    theme = request.cookies.get(THEME_COOKIE, "")
    query = "&".join(f"{name}={value}" for name, value in _others(request))
    digits = request.cookies.get(DIGITS_COOKIE, "")
    calendar = next((one for one in CALENDARS if one == request.cookies.get(CALENDAR_COOKIE)), own_calendar(lang))
    return Reader(lang, theme if theme in THEMES else THEMES[0], request.url.path + (f"?{query}" if query else ""),
                  charter, now_ms, digits if digits in DIGITS else DIGITS[0], calendar)


def direction(lang: str) -> str:
    """The direction in which a language is written."""
    return "rtl" if lang in _RIGHT_TO_LEFT else "ltr"


def isolated(text: str, classes: str) -> Markup:
    """Set text that always runs left to right apart from what stands around it."""
    return Markup('<bdi class="{}" dir="ltr">{}</bdi>').format(classes, text)


def moment(time_ms: int) -> datetime:
    """UTC milliseconds as a moment."""
    return datetime.fromtimestamp(time_ms / 1000, UTC)


def _others(request: Request[Any, Any, Any]) -> list[tuple[str, str]]:
    return [(quote(name), quote(value)) for name, value in request.query_params.multi_items() if name != "lang"]


@lru_cache(maxsize=16)
def _messages(lang: str) -> Messages:
    return Messages.load(lang)
