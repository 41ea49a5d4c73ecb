"""The reader of a page: its language, direction, theme and digits, and how times and places are written for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from litestar import Request
from markupsafe import Markup, escape

from tansiq.cell.views import Sentence
from tansiq.charter import Charter
from tansiq.doors.sentences import languages_asked
from tansiq.errors import Malformed
from tansiq.geo import write_degrees, write_mgrs
from tansiq.languages.calendars import clock, day, own_calendar
from tansiq.languages.digits import to_script
from tansiq.languages.isolates import show_controls
from tansiq.languages.messages import Messages

LANGUAGE_COOKIE = "tansiq-language"
THEME_COOKIE = "tansiq-theme"
THEMES = ("dark", "light")
_DIGITS = {"ar": "arab", "fa": "arabext"}
_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur", "ps", "ckb", "sd", "ug", "yi")
_SHORT = {"ar": "ع", "fa": "فا", "ru": "РУ", "en": "EN"}


@dataclass(frozen=True)
class Reader:
    """Who reads a page, and how; *address* is the page's own, to come back to, *now_ms* the centre's time (UTC ms)."""

    lang: str
    theme: str
    address: str
    charter: Charter
    now_ms: int

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return direction(self.lang)

    @property
    def locale(self) -> str:
        """The BCP 47 tag, with the digits that this language is read in, for scripts."""
        return f"{self.lang}-u-nu-{_DIGITS[self.lang]}" if self.lang in _DIGITS else self.lang

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Each working language: tag, short name, full name in itself."""
        return [(lang, _SHORT.get(lang, lang.upper()), str(Locale.parse(lang).get_display_name(lang)))
                for lang in self.charter.languages]

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
        if isinstance(value, list | tuple):
            return Markup(escape(self.listed(["{}"] * len(value)))).format(*(isolated(str(one), "") for one in value))
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
        return to_script(format_decimal(value, locale=self.lang), self.lang)

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
        return clock(self.now_ms, self.lang, zone=zone)

    def day(self, time_ms: int, zone: str) -> str:
        """The day in a zone, in the reader's words and digits."""
        return day(time_ms, self.lang, zone=zone, calendar=own_calendar(self.lang))

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
        """An instant as UTC, isolated: ``2015-10-07 23:50Z``."""
        return isolated(moment(time_ms).strftime("%Y-%m-%d %H:%MZ"), "at num")

    def hour(self, time_ms: int) -> Markup:
        """The hour and minute of an instant in UTC, isolated."""
        return isolated(moment(time_ms).strftime("%H:%M"), "at num")

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
    return Reader(lang, theme if theme in THEMES else THEMES[0], request.url.path + (f"?{query}" if query else ""),
                  charter, now_ms)


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
