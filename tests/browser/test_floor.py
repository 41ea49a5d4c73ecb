"""The floor in a real Chromium: what arrives, what is typed, and what can be reached."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Served, Visitor, enter, say

pytestmark = pytest.mark.browser


def _codes(served: Served) -> list[str]:
    return [member.code for member in served.centre.charter.members]


def test_an_act_arrives_by_itself(served: Served, visitor: Visitor) -> None:
    """What another member says stands in the feed without a reload, the strip counts it, and focus does not move."""
    codes = _codes(served)
    enter(visitor, f"{codes[0]}-reader")
    find = visitor.page.locator("#find")
    find.focus()
    expect(visitor.page.locator("#link")).to_have_attribute("data-link", "live")
    say(served.centre, codes[1], "Convoy at the crossing", "Twelve lorries.")
    expect(visitor.page.locator(".event.fresh").first).to_contain_text("Convoy at the crossing", timeout=5_000)
    expect(visitor.page.locator("#state")).to_contain_text(str(served.centre.size))
    expect(find).to_be_focused()
    say(served.centre, codes[1], "For others alone", "Not for the first member.", release=[codes[1]])
    expect(visitor.page.locator(".event.fresh").first).to_contain_text("sealed", timeout=5_000)
    assert "For others alone" not in visitor.page.content()


def test_a_report_is_said_by_keyboard(served: Served, visitor: Visitor) -> None:
    """A report goes out with the keyboard alone; under the chips stands who will be able to read it."""
    codes = _codes(served)
    enter(visitor, f"{codes[0]}-releaser")
    page = visitor.page
    page.goto("/desks/intelligence/say/report")
    page.keyboard.press("Alt+1")
    page.keyboard.type("Checkpoint is closed. No passage until morning.")
    page.keyboard.press("Alt+2")
    page.keyboard.type("36.80, 42.10")
    page.locator(f'input[name="release"][value="{codes[1]}"]').focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-sentence]")).to_contain_text("will see only that an entry was made")
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Checkpoint is closed")
    expect(page.locator(".head")).to_contain_text("not settled yet")
    served.centre.settled = served.centre.size
    expect(page.locator(".head")).to_contain_text("it can no longer be lost", timeout=6_000)


def test_a_fault_leaves_the_draft(served: Served, visitor: Visitor) -> None:
    """A place that is none is named at its field, in the reader's language, and what was typed stays."""
    enter(visitor, f"{_codes(served)[0]}-releaser", lang="ru")
    page = visitor.page
    page.goto("/desks/intelligence/say/report")
    page.fill("#f-text", "Грузовики проходят.")
    page.fill("#f-place", "99, 200")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#fault-place")).to_be_visible()
    expect(page.locator("#f-place")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#f-text")).to_have_value("Грузовики проходят.")


def test_the_map_is_drawn_from_our_own_files(served: Served, visitor: Visitor) -> None:
    """The picture comes up with its canvas and zooms, and no sentence says that it cannot be drawn."""
    enter(visitor, f"{_codes(served)[0]}-reader", lang="ar", theme="light")
    expect(visitor.page.locator("canvas.maplibregl-canvas")).to_be_visible(timeout=15_000)
    expect(visitor.page.locator("[data-nomap]")).to_be_hidden()
    visitor.page.locator(".maplibregl-ctrl-zoom-in").click()
    assert visitor.faults == []


def test_the_keyboard_reaches_the_work(served: Served, visitor: Visitor) -> None:
    """The first stop of Tab skips to the work; Ctrl K finds; J goes down the list."""
    enter(visitor, f"{_codes(served)[0]}-reader")
    page = visitor.page
    page.goto("/desks/intelligence")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#find")).to_be_focused()
    page.locator("#work").focus()
    page.keyboard.press("j")
    expect(page.locator("[data-row] a[data-main]").first).to_be_focused()


@pytest.mark.parametrize(("width", "lang"), [(1280, "ru"), (1024, "ru"), (820, "fa"), (390, "ru")])
def test_narrow_windows_cut_nothing(served: Served, visitor: Visitor, width: int, lang: str) -> None:
    """In narrower windows the page scrolls down, and never sideways; nothing in the top bar touches an edge."""
    visitor.page.set_viewport_size({"width": width, "height": 800})
    enter(visitor, f"{_codes(served)[0]}-reader", lang=lang)
    for path in ("/", "/desks/intelligence", "/charter", "/desks/intelligence/say/report"):
        visitor.page.goto(path)
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path
        assert visitor.page.evaluate("""() => [...document.querySelectorAll('.top > :not(.emblem)')]
            .map(e => e.getBoundingClientRect()).filter(box => box.width)
            .every(box => box.left >= 4 && box.right <= innerWidth - 4)"""), path
