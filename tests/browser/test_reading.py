"""Languages, digits, calendars, direction, paper: as readers choose them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Served, Visitor, enter, say

pytestmark = pytest.mark.browser


def _first(served: Served) -> str:
    return str(served.centre.charter.members[0].code)


def test_digits_and_calendar_are_the_readers_choice(served: Served, visitor: Visitor) -> None:
    """Persian digits and the solar year are there from the start; Latin ones and the lunar year by choice."""
    enter(visitor, f"{_first(served)}-reader", lang="fa")
    page = visitor.page
    page.goto(f"/acts/{served.first_act}")
    expect(page.locator(".said time").first).to_contain_text("مهر ۱۳۹۴")
    page.locator("[data-menu] summary").first.click()
    page.locator('input[name="digits"][value="latin"]').check(force=True)
    page.wait_for_load_state()
    page.locator("[data-menu] summary").first.click()
    page.locator('input[name="calendar"][value="hijri"]').check(force=True)
    page.wait_for_load_state()
    expect(page.locator(".said time").first).to_contain_text("1436")
    assert page.evaluate("document.querySelector('.strip .seat time').textContent").isascii()


def test_a_menu_closes_by_escape(served: Served, visitor: Visitor) -> None:
    """A menu opens and closes by keyboard, and gives focus back."""
    enter(visitor, f"{_first(served)}-reader")
    visitor.page.goto("/")  # whole, with its scripts
    summary = visitor.page.locator("[data-menu] summary").first
    summary.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("[data-menu]").first).to_have_attribute("open", "")
    visitor.page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    assert visitor.page.locator("[data-menu][open]").count() == 0


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_overrides_are_shown_and_never_obeyed(served: Served, visitor: Visitor, lang: str) -> None:
    """A text that would turn the line around it shows its controls by name; the reference beside it stays in order."""
    act = say(served.centre, _first(served), "Convoy", "Five lorries \u202eyltnerappa\u202c went \u2066west")
    enter(visitor, f"{_first(served)}-reader", lang=lang)
    visitor.page.goto(f"/acts/{act}")
    words = visitor.page.locator(".said blockquote").first.inner_text()
    assert "‹U+202E›" in words and "\u202e" not in visitor.page.content()
    box = visitor.page.locator(".said bdi.ref").first.bounding_box()
    assert box is not None and box["width"] > 20


def test_references_run_left_to_right_everywhere(served: Served, visitor: Visitor) -> None:
    """In a page that runs from the right, each reference and each instant of UTC is an isolate of its own."""
    enter(visitor, f"{_first(served)}-reader", lang="ar")
    strays = visitor.page.evaluate("""() => [...document.querySelectorAll('bdi.ref, bdi.member, .at bdi')]
        .filter(e => e.dir !== 'ltr' || getComputedStyle(e).direction !== 'ltr').length""")
    assert strays == 0
    assert visitor.page.evaluate("getComputedStyle(document.querySelector('.rail')).direction") == "rtl"
    left = visitor.page.evaluate("document.querySelector('.rail').getBoundingClientRect().left")
    assert left > 1_000


def test_on_paper_there_is_what_was_said_and_no_button(served: Served, visitor: Visitor) -> None:
    """Printed, a thread is black on white, without rail, button and map; with stamp, readers, size and root."""
    enter(visitor, f"{_first(served)}-releaser")
    page = visitor.page
    page.goto(f"/acts/{served.first_act}")
    page.emulate_media(media="print")
    for hidden in (".rail", ".find", ".next", ".picture", ".btn", ".noprint"):
        assert page.locator(hidden).evaluate_all("all => all.every(e => !e.checkVisibility())"), hidden
    for shown in (".stamp", ".said blockquote", ".ticks", ".print-foot"):
        expect(page.locator(shown).first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.panel')).backgroundColor") == "rgb(255, 255, 255)"


def test_the_charter_stands_in_any_two_languages(served: Served, visitor: Visitor) -> None:
    """Arabic beside Persian while the page itself is English; each in its own direction."""
    enter(visitor, f"{_first(served)}-reader")
    visitor.page.goto("/charter?text=ar&beside=fa")
    first = visitor.page.locator(".article").first
    assert [part.get_attribute("lang") for part in first.locator("> [lang]").all()] == ["ar", "fa"]
    assert first.locator('> [lang="ar"]').get_attribute("dir") == "rtl"
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")


def test_whose_needs_are_shown_is_a_radio_group(served: Served, visitor: Visitor) -> None:
    """Mine and all are one group: arrows move between them, and the choice is kept."""
    enter(visitor, f"{_first(served)}-reader")
    page = visitor.page
    page.locator('input[name="whose"][value="mine"]').focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator('input[name="whose"][value="all"]')).to_be_checked()
    page.goto("/")
    expect(page.locator('input[name="whose"][value="all"]')).to_be_checked()
