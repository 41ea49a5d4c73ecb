"""A failure is one sentence in the reader's language, and nothing in its fields turns it around."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.errors import Malformed
from tansiq.languages.digits import to_latin, to_script
from tansiq.languages.isolates import is_bidi_control, isolate, show_controls
from tansiq.languages.messages import LANGUAGES, N_, Messages, say

NO_DESK = "There is no desk {given}."


def test_a_failure_is_said_in_the_readers_language() -> None:
    """The template is the message id; its fields are filled after it was translated."""
    error = Malformed("desk.unknown", NO_DESK, given="press")
    assert say(error, "en") == "There is no desk press."
    assert say(error, "ru") == "Направления press нет."
    assert say(error, "ar") == "لا يوجد مكتب \u2068press\u2069."
    assert say(error, "ar", plain=True) == "لا يوجد مكتب press."


def test_a_kind_is_named_in_the_readers_language() -> None:
    """A failure names a kind of act by its title where there is one, and by its code where there is none."""
    template = "A {kind} refers to exactly one report."
    assert Messages.load("ru").gettext(template, kind="correction").startswith("Сообщение вида «поправка»")
    assert "\u2068other_kind\u2069" in Messages.load("fa").gettext(template, kind="other_kind")


def test_an_unknown_message_is_said_in_english() -> None:
    """What no catalogue holds is still said."""
    assert Messages.load("fa").gettext("No such {thing} yet.", thing=3) == "No such ۳ yet."
    assert N_("as it is") == "as it is"


def test_an_unknown_language_is_refused() -> None:
    """A language without messages is named as what it is."""
    with pytest.raises(Malformed, match="language xx"):
        Messages.load("xx")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_direction_follows_the_language(lang: str) -> None:
    """Arabic and Persian run from the right."""
    assert Messages.load(lang).dir == ("rtl" if lang in ("ar", "fa") else "ltr")


@pytest.mark.parametrize(("lang", "count", "said"), [
    ("ru", 1, "1 сообщение"), ("ru", 3, "3 сообщения"), ("ru", 11, "11 сообщений"), ("ru", 21, "21 сообщение"),
    ("ar", 2, "إفادتان"), ("ar", 5, "٥ إفادات"), ("ar", 42, "٤٢ إفادة"), ("fa", 7, "۷ گفته"), ("en", 1, "1 act"),
    ("en", 0, "0 acts")])
def test_counts_take_the_form_and_digits_of_the_language(lang: str, count: int, said: str) -> None:
    """Arabic has six forms, Russian three, and each language its own digits."""
    assert Messages.load(lang).ngettext("{count} act", "{count} acts", count) == said


def test_arabic_counts_from_eleven_on_are_accusative() -> None:
    """The form for 11 to 99 is not that for a hundred."""
    messages = Messages.load("ar")
    assert messages.ngettext("{count} day left", "{count} days left", 79) == "بقي ٧٩ يوماً"
    assert messages.ngettext("{count} day left", "{count} days left", 100) == "بقي ١٠٠ يوم"


def test_lists_are_joined_as_the_language_does() -> None:
    """A field of several codes is read as a list; each code stands apart in a sentence that runs from the right."""
    template = "Article {article} needs the consent of {of}; no answer is no consent."
    assert "IQ и RU" in Messages.load("ru").gettext(template, article=7, of=("IQ", "RU"))
    assert "\u2068IQ\u2069" in Messages.load("ar").gettext(template, article=7, of=("IQ", "RU"))


@given(st.text())
def test_no_field_can_turn_a_sentence(given_text: str) -> None:
    """Whatever a field holds, the only directions in a sentence are its own isolates, and they are closed."""
    for lang in LANGUAGES:
        said = Messages.load(lang).gettext(NO_DESK, given=given_text)
        rtl = lang in ("ar", "fa")
        assert [sign for sign in said if is_bidi_control(sign)] == (["\u2068", "\u2069"] if rtl else [])


def test_a_template_may_ask_for_quotes() -> None:
    """``{given!r}`` shows what was given between quotes, controls spelt out."""
    said = Messages.load("en").gettext("A code has 2 to 8 of A-Z and 0-9, not {given!r}.", given="x\u202ey")
    assert said == "A code has 2 to 8 of A-Z and 0-9, not 'x\\u202ey'."


def test_controls_are_shown_not_obeyed() -> None:
    """Overrides, isolates and NUL become visible names; joiners and line feeds stay."""
    assert show_controls("a\u202eb\x00c\u200cd\ne") == "a‹U+202E›b‹U+0000›c\u200cd\ne"
    assert isolate("a\u2069b") == "\u2068a‹U+2069›b\u2069"


@given(st.text())
def test_nothing_hidden_is_left(text: str) -> None:
    """After showing, no control of direction is left, and showing again changes nothing."""
    shown = show_controls(text)
    assert not any(map(is_bidi_control, shown)) and show_controls(shown) == shown


def test_digits_of_every_script_are_read() -> None:
    """Arabic-Indic, Persian, Devanagari and full-width digits are one number; a reader gets the own ones back."""
    assert to_latin("٤١٢ ۴۱۲ ४१२ ４１２ ٣٤٫٥") == "412 412 412 412 34.5"
    assert [to_script("412", lang) for lang in LANGUAGES] == ["٤١٢", "۴۱۲", "412", "412"]


@given(st.integers(min_value=0))
def test_digits_round_trip(number: int) -> None:
    """What is written for a reader is read as the same number."""
    for lang in LANGUAGES:
        assert to_latin(to_script(str(number), lang)) == str(number)


def test_a_failure_inside_another_is_said_in_the_same_language() -> None:
    """Which line is at fault, and why: both in the reader's language."""
    inner = Malformed("text.empty", "{field} is empty.", field="what")
    outer = Malformed("sighting.line", "{why} It is sighting {number} of the batch.", number=3, why=inner)
    assert str(outer) == "what is empty. It is sighting 3 of the batch."
    assert say(outer, "ru", plain=True) == f"{say(inner, 'ru', plain=True)} Это наблюдение 3 в подборке."
