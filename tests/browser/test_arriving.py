"""What arrives by itself: in the feed, in a thread, in the ticks; and what happens when the connection drops."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Served, Visitor, enter, say

pytestmark = pytest.mark.browser


def _codes(served: Served) -> list[str]:
    return [member.code for member in served.centre.charter.members]


def test_a_thread_grows_under_the_eyes(served: Served, visitor: Visitor) -> None:
    """A correction that another window says stands in the open thread by itself, and focus stays where it was."""
    codes = _codes(served)
    act = say(served.centre, codes[1], "Bridge closed", "No lorry passes.")
    enter(visitor, f"{codes[0]}-reader")
    page = visitor.page
    page.goto(f"/acts/{act}")
    expect(page.locator("#link")).to_have_attribute("data-link", "live")
    held = page.locator(".said a[data-main]").first
    held.focus()
    recall = {"reason": {"lang": "en", "text": "It was open."}, "refers": [act]}
    served.centre.cells[codes[1]].say("recall", recall, officer=f"{codes[1]}-releaser")
    expect(page.locator(".said")).to_have_count(2, timeout=3_000)
    expect(page.locator(".said a[data-main]").first).to_be_focused()
    expect(page.locator(".talk")).to_contain_text("It was open.")


def test_ticks_turn_when_it_is_settled(served: Served, visitor: Visitor) -> None:
    """Ordered becomes settled in the feed without a reload."""
    codes = _codes(served)
    say(served.centre, codes[1], "Ferry runs again", "Since noon.")
    enter(visitor, f"{codes[0]}-reader")
    ticks = visitor.page.locator("[data-feed] .ticks").first
    expect(ticks).to_have_attribute("data-settled", "no")
    served.centre.settled = served.centre.size
    expect(ticks).to_have_attribute("data-settled", "yes", timeout=6_000)
    expect(ticks).to_contain_text("settled")


def test_a_flash_is_told_and_counted(served: Served, visitor: Visitor) -> None:
    """A flash that nobody opened heads what needs the officer within a second, marks the title, and is read out."""
    codes = _codes(served)
    enter(visitor, f"{codes[0]}-reader")
    page = visitor.page
    expect(page.locator("#link")).to_have_attribute("data-link", "live")
    say(served.centre, codes[1], "Dam gate open", "Water rises.", precedence="flash")
    expect(page.locator(".need.flash", has_text="Dam gate open")).to_be_visible(timeout=2_000)
    expect(page.locator('.rail [data-count="intelligence"]')).to_be_visible()
    expect(page.locator("[data-alarm]")).to_contain_text("Dam gate open")
    expect(page).to_have_title(re.compile(r"^\(!\)"))


def test_nothing_is_missed_when_the_connection_drops(served: Served, visitor: Visitor) -> None:
    """The strip says that the link is lost, with the time of the last entry; back again, what was missed is there."""
    codes = _codes(served)
    enter(visitor, f"{codes[0]}-reader")
    page = visitor.page
    expect(page.locator("#link")).to_have_attribute("data-link", "live")
    served.serving.end()
    try:
        expect(page.locator("#link")).to_have_attribute("data-link", "lost", timeout=15_000)
        expect(page.locator("#link .lost")).to_contain_text(re.compile(r"\d\d:\d\d"))
        for number in range(3):
            say(served.centre, codes[1], f"Said in the dark {number}", "Nobody was listening.")
    finally:
        served.serving.begin()
    expect(page.locator("#link")).to_have_attribute("data-link", "live", timeout=20_000)
    for number in range(3):
        expect(page.locator(".event", has_text=f"Said in the dark {number}")).to_have_count(1, timeout=5_000)


def test_two_tabs_hear_the_same(served: Served, visitor: Visitor) -> None:
    """A second tab shares the browser's stream; each has each row once."""
    codes = _codes(served)
    enter(visitor, f"{codes[0]}-reader")
    other = visitor.page.context.new_page()
    other.goto("/")
    for page in (visitor.page, other):
        expect(page.locator("#link")).to_have_attribute("data-link", "live")
    say(served.centre, codes[1], "Heard in both", "Once in each.")
    for page in (visitor.page, other):
        expect(page.locator(".event", has_text="Heard in both")).to_have_count(1, timeout=3_000)


def test_the_session_ends_and_the_page_says_so(served: Served, visitor: Visitor) -> None:
    """A page whose officer has left elsewhere goes to the choice of an officer; it does not pretend to listen."""
    codes = _codes(served)
    enter(visitor, f"{codes[0]}-reader")
    page = visitor.page
    expect(page.locator("#link")).to_have_attribute("data-link", "live")
    other = page.context.new_page()
    other.goto("/enter")
    other.locator('form[action="/leave"] button').click()
    page.wait_for_url("**/enter**", timeout=40_000)
