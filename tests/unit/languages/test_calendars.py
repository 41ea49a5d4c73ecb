"""An instant reads as people of each language write it."""

from __future__ import annotations

import pytest

from tansiq.languages.calendars import Calendar, ago, clock, day, instant, own_calendar

# 2015-10-07 00:12:07 UTC
NIGHT = 1_444_176_727_000
MINUTE, DAY = 60_000, 86_400_000


@pytest.mark.parametrize(("lang", "calendar", "said"), [
    ("en", "gregorian", "7 October 2015"), ("ru", "gregorian", "7 октября 2015"),
    ("ar", "gregorian", "٧ تشرين الأول ٢٠١٥"),
    ("fa", "jalali", "۱۵ مهر ۱۳۹۴"), ("ar", "hijri", "٢٤ ذو الحجة ١٤٣٦"), ("ru", "jalali", "15 мехр 1394")])
def test_a_day_has_words_in_each_calendar(lang: str, calendar: Calendar, said: str) -> None:
    """Arabic names the months of the sun as Iraq and Syria do."""
    assert day(NIGHT, lang, calendar=calendar) == said


def test_a_day_is_that_of_its_zone() -> None:
    """Before midnight in one place is after it in another."""
    assert day(NIGHT - 60 * MINUTE, "en") == "6 October 2015"
    assert day(NIGHT - 60 * MINUTE, "en", zone="Asia/Baghdad") == "7 October 2015"


def test_an_hour_has_the_readers_digits() -> None:
    """Local time in the zone that is asked for."""
    assert clock(NIGHT, "ar", zone="Asia/Baghdad") == "٠٣:١٢"
    assert clock(NIGHT, "fa", zone="Asia/Tehran") == "۰۳:۴۲"
    assert clock(NIGHT, "en", seconds=True) == "00:12:07"
    assert instant(NIGHT, "ar", zone="Asia/Baghdad") == "٧ تشرين الأول ٢٠١٥، ٠٣:١٢"


@pytest.mark.parametrize(("before_ms", "lang", "said"), [
    (22 * MINUTE, "en", "22 minutes ago"), (22 * MINUTE, "ru", "22 минуты назад"), (22 * MINUTE, "ar", "قبل ٢٢ دقيقة"),
    (22 * MINUTE, "fa", "۲۲ دقیقه پیش"), (-2 * 60 * MINUTE, "en", "in 2 hours"), (40 * DAY, "fa", "۶ شهریور ۱۳۹۴")])
def test_how_long_ago_is_said_in_words(before_ms: int, lang: str, said: str) -> None:
    """Past a month the day is named, in the reader's own calendar."""
    assert ago(NIGHT - before_ms, NIGHT, lang) == said


def test_a_hijri_day_outside_the_table_is_gregorian() -> None:
    """Umm al-Qura is known from 1924 to 2077; no other day is made up."""
    assert day(-2_208_988_800_000, "en", calendar="hijri") == "1 January 1900"


def test_persian_readers_have_their_own_calendar() -> None:
    """Others read the gregorian one."""
    assert own_calendar("fa") == "jalali"
    assert {own_calendar(lang) for lang in ("ar", "ru", "en")} == {"gregorian"}
