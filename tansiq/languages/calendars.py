"""An instant in the words of a reader: the day in a calendar, the hour in a zone, and how long ago.

Instants are UTC milliseconds everywhere else; here they become text, and nothing is read back from it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_timedelta
from hijridate import Gregorian
from persiantools.jdatetime import JalaliDate

from tansiq.languages.digits import to_script

Calendar = Literal["gregorian", "hijri", "jalali"]
CALENDARS: tuple[Calendar, ...] = ("gregorian", "hijri", "jalali")

# Arabic of the Levant and Iraq names the months of the sun in its own way (تشرين الأول), as CLDR has it for ar_IQ.
_LOCALES = {"ar": "ar_IQ", "fa": "fa", "ru": "ru", "en": "en_GB"}
_FAR_MS = 30 * 86_400_000

_HIJRI = {
    "ar": ("محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب", "شعبان", "رمضان", "شوال",
           "ذو القعدة", "ذو الحجة"),
    "fa": ("محرم", "صفر", "ربیع‌الاول", "ربیع‌الثانی", "جمادی‌الاول", "جمادی‌الثانی", "رجب", "شعبان", "رمضان", "شوال",
           "ذیقعده", "ذیحجه"),
    "ru": ("мухаррам", "сафар", "раби аль-авваль", "раби ас-сани", "джумада аль-уля", "джумада аль-ахира", "раджаб",
           "шаабан", "рамадан", "шавваль", "зу-ль-каада", "зу-ль-хиджа"),
    "en": ("Muharram", "Safar", "Rabi I", "Rabi II", "Jumada I", "Jumada II", "Rajab", "Shaʻban", "Ramadan", "Shawwal",
           "Dhuʻl-Qiʻdah", "Dhuʻl-Hijjah"),
}
_JALALI = {
    "ar": ("فروردين", "أرديبهشت", "خرداد", "تير", "مرداد", "شهريور", "مهر", "آبان", "آذر", "دي", "بهمن", "إسفند"),
    "fa": ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
    "ru": ("фарвардин", "ордибехешт", "хордад", "тир", "мордад", "шахривар", "мехр", "абан", "азар", "дей", "бахман",
           "эсфанд"),
    "en": ("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar", "Mehr", "Aban", "Azar", "Dey", "Bahman",
           "Esfand"),
}


def locale_of(lang: str) -> str:
    """The BCP 47 tag of the people who read *lang*, whose names of months are used."""
    return _LOCALES.get(lang, lang).replace("_", "-")


def own_calendar(lang: str) -> Calendar:
    """The calendar in which readers of *lang* date their days: jalali for fa, gregorian otherwise."""
    return "jalali" if lang == "fa" else "gregorian"


def day(time_ms: int, lang: str, *, zone: str = "UTC", calendar: Calendar = "gregorian", brief: bool = False) -> str:
    """Write the day of an instant (UTC ms) in *zone*: ``7 October 2015``, ``٧ تشرين الأول ٢٠١٥``, ``۱۵ مهر ۱۳۹۴``.

    The hijri day is that of Umm al-Qura, known from 1924 to 2077; outside it the gregorian day stands. *brief* cuts
    the name of a gregorian month where the language does so (``7 Oct 2015``).
    """
    return _day(_moment(time_ms, zone).date(), lang, calendar, brief)


def clock(time_ms: int, lang: str, *, zone: str = "UTC", seconds: bool = False) -> str:
    """Write the hour of an instant (UTC ms) in *zone*, in the reader's digits: ``03:12``."""
    return to_script(_moment(time_ms, zone).strftime("%H:%M:%S" if seconds else "%H:%M"), lang)


def instant(time_ms: int, lang: str, *, zone: str = "UTC", calendar: Calendar = "gregorian") -> str:
    """Write day and hour of an instant (UTC ms) in *zone*."""
    comma = "، " if lang in ("ar", "fa") else ", "
    return day(time_ms, lang, zone=zone, calendar=calendar) + comma + clock(time_ms, lang, zone=zone)


def ago(time_ms: int, now_ms: int, lang: str) -> str:
    """Write how long before *now_ms* an instant was, or how long after: ``22 minutes ago``. Past 30 days, the day."""
    apart = (time_ms - now_ms) // 1000 if time_ms >= now_ms else -((now_ms - time_ms) // 1000)
    if abs(time_ms - now_ms) > _FAR_MS:
        return day(time_ms, lang, calendar=own_calendar(lang))
    words = format_timedelta(apart, add_direction=True, threshold=1.2, locale=_LOCALES[lang])
    return to_script(words, lang)


def _moment(time_ms: int, zone: str) -> datetime:
    return datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(ZoneInfo(zone))


@lru_cache(maxsize=4096)
def _day(given: date, lang: str, calendar: Calendar, brief: bool) -> str:
    if calendar == "jalali":
        jalali = JalaliDate(given)  # type: ignore[no-untyped-call]
        return to_script(f"{jalali.day} {_JALALI[lang][jalali.month - 1]} {jalali.year}", lang)
    if calendar == "hijri" and date(1924, 8, 1) <= given <= date(2077, 11, 16):
        hijri = Gregorian(given.year, given.month, given.day).to_hijri()
        return to_script(f"{hijri.day} {_HIJRI[lang][hijri.month - 1]} {hijri.year}", lang)
    return to_script(format_date(given, "d MMM y" if brief else "d MMMM y", locale=Locale.parse(_LOCALES[lang])), lang)
