"""Forms in a real Chromium: kept as one types, read back at each field, picked from the map, worked by keyboard."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Served, Visitor, enter

pytestmark = pytest.mark.browser

FORM = "/desks/intelligence/say/report"


def _begin(served: Served, visitor: Visitor, *, office: str = "releaser", lang: str = "en") -> None:
    enter(visitor, f"{served.centre.charter.members[0].code}-{office}", lang=lang)
    visitor.page.goto(FORM)


def test_a_report_at_night_takes_a_minute(served: Served, visitor: Visitor) -> None:
    """Five fields by keyboard: words, place, time as it stands, grade by arrows, readers as they stand; then sealed."""
    _begin(served, visitor)
    page, began = visitor.page, time.monotonic()
    assert page.locator('[data-field="5"]').count() == 1 and page.locator('[data-field="6"]').count() == 0
    page.keyboard.press("Alt+1")
    page.keyboard.type("Lights on the western road. Three lorries stand.")
    page.keyboard.press("Alt+2")
    page.keyboard.type("38S KF 538 484")
    page.keyboard.press("Alt+4")
    page.keyboard.press("ArrowLeft")
    expect(page.locator('input[name="source_reliability"][value="E"]')).to_be_checked()
    expect(page.locator('[data-note-of="place"]')).to_contain_text("36.5", timeout=10_000)
    page.keyboard.press("Control+Enter")
    expect(page.locator("h1")).to_have_text("Lights on the western road")
    assert time.monotonic() - began < 60


def test_what_is_typed_outlives_the_page(served: Served, visitor: Visitor) -> None:
    """A draft is there again after the window was closed, and the last look shows what was typed."""
    _begin(served, visitor, office="drafter")
    page = visitor.page
    page.fill("#f-text", "دیده‌بانی از پل")
    expect(page.locator("[data-kept]")).to_be_visible(timeout=10_000)
    expect(page.locator('select[name="lang"]')).to_have_value("fa")
    expect(page.locator(".envelope .words").first).to_have_text("دیده‌بانی از پل")
    page.goto("/drafts")
    page.locator("a[data-main]", has_text="دیده‌بانی از پل").first.click()
    expect(page.locator("#f-text")).to_have_value("دیده‌بانی از پل")


def test_a_form_that_is_too_long_is_not_sent_and_says_so_at_its_field(served: Served, visitor: Visitor) -> None:
    """The page stays with all that was typed; the draft says why it is not kept; shortened, it is said."""
    _begin(served, visitor)
    page = visitor.page
    page.fill("#f-text", "x" * 300_000)
    expect(page.locator("[data-not-kept]")).to_contain_text("256 KiB", timeout=10_000)
    page.locator('button[form="say"]').click()
    said = page.locator("[data-is-too-long]")
    expect(said).to_contain_text("longer than the 256 KiB that it can hold")
    assert page.evaluate("document.querySelector('[data-is-too-long]').previousElementSibling.id") == "f-text"
    assert page.url.endswith(FORM) and len(page.input_value("#f-text")) == 300_000
    page.fill("#f-text", "Short again.")
    expect(page.locator("[data-kept]")).to_be_visible(timeout=10_000)
    expect(page.locator("[data-not-kept]")).to_be_hidden()
    page.goto("/attach")
    page.fill("#f-title", "A file")
    page.set_input_files("#f-file", files=[{"name": "a.txt", "mimeType": "text/plain", "buffer": b"x" * 12_000_000}])
    page.locator("#say button.btn-primary").click()
    expect(page.locator("[data-is-too-long]")).to_contain_text("11,264 KiB")
    assert page.url.endswith("/attach") and page.input_value("#f-title") == "A file"


def test_a_lost_link_is_said_and_the_words_stay(served: Served, visitor: Visitor) -> None:
    """When a draft cannot be kept, the form says so; nothing that was typed is gone, and later it is kept."""
    _begin(served, visitor)
    page = visitor.page
    page.route("**/draft", lambda route: route.abort())
    page.fill("#f-text", "Typed in the dark.")
    expect(page.locator("[data-not-kept]")).to_be_visible(timeout=10_000)
    page.unroute("**/draft")
    page.locator("#f-text").press("End")
    page.keyboard.type(" And on.")
    expect(page.locator("[data-kept]")).to_be_visible(timeout=10_000)
    expect(page.locator("[data-not-kept]")).to_be_hidden()
    expect(page.locator("#f-text")).to_have_value("Typed in the dark. And on.")


def test_what_is_kept_under_a_name_begins_the_next_report(served: Served, visitor: Visitor) -> None:
    """A template and a preset come from what was just typed, also within the moment before the draft is kept."""
    _begin(served, visitor, office="drafter")
    page = visitor.page
    page.fill("#f-text", "The gauge at the bridge stands high.")
    page.locator("details.named > summary").click()
    page.set_viewport_size({"width": 1280, "height": 700})
    look = page.locator(".beside > section:has([data-look])")
    for _ in range(50):
        if (box := look.bounding_box()) is not None and box["height"] >= 280:
            break
        page.wait_for_timeout(100)
    assert box is not None and box["height"] >= 280, "what is about to be sealed stays in view beside the open panel"
    page.fill("#f-named", "The gauge")
    page.get_by_role("button", name="As a template").click()
    expect(page.locator("details.named")).not_to_have_attribute("open", "")
    expect(page.locator("#f-text")).to_have_value("The gauge at the bridge stands high.")
    first = page.locator('input[name="release"]:not([disabled]):not([data-partner])').first
    first.uncheck(force=True)
    page.locator("details.named > summary").click()
    page.fill("#f-named", "Without the first")
    page.get_by_role("button", name="Its readers as a preset").click()
    preset = page.get_by_role("button", name="Without the first", exact=True)
    expect(preset).to_be_visible()
    page.goto(FORM)
    expect(first).to_be_checked()
    page.get_by_role("button", name="Without the first", exact=True).click()
    expect(first).not_to_be_checked()
    expect(page.locator("[data-sentence]")).to_contain_text("will see only that an entry was made")
    expect(page.locator("[data-kept]")).to_be_visible(timeout=10_000)
    page.get_by_role("button", name="All members").click()
    expect(first).to_be_checked()
    page.locator("details.named > summary").click()
    page.get_by_role("link", name="The gauge").click()
    expect(page.locator("#f-text")).to_have_value("The gauge at the bridge stands high.")


def test_a_place_is_picked_on_the_map(served: Served, visitor: Visitor) -> None:
    """A click on the map fills the place, and the note says whose land it is."""
    _begin(served, visitor)
    page = visitor.page
    expect(page.locator("[data-map][data-ready]")).to_be_attached(timeout=20_000)
    page.locator("canvas.maplibregl-canvas").click(position={"x": 200, "y": 120})
    value = page.locator("#f-place").input_value()
    assert "," in value and 20 < float(value.split(",")[0]) < 50
    expect(page.locator('[data-note-of="place"]')).to_contain_text("·", timeout=10_000)


def test_an_hour_is_read_in_its_zone(served: Served, visitor: Visitor) -> None:
    """Under an hour of the seat stands the same hour of UTC; in another zone another."""
    _begin(served, visitor)
    page = visitor.page
    page.fill("#f-occurred_from", "2015-10-08 02:50")
    expect(page.locator('[data-note-of="occurred_from"]')).to_contain_text("23:50Z", timeout=10_000)
    page.locator('select[name="occurred_from_zone"]').select_option("UTC")
    expect(page.locator('[data-note-of="occurred_from"]')).to_contain_text("02:50Z", timeout=10_000)


@pytest.mark.parametrize(("office", "may"), [("reader", False), ("drafter", False), ("releaser", True)])
def test_an_office_is_offered_what_is_its_own(served: Served, visitor: Visitor, office: str, may: bool) -> None:
    """Only who may say a report is offered it on the first page; in a thread the others read why not."""
    enter(visitor, f"{served.centre.charter.members[0].code}-{office}")
    page = visitor.page
    assert (page.locator(f'a[href="{FORM}"]').count() > 0) is may
    page.goto(f"/acts/{served.first_act}")
    assert (page.locator('.next a[href*="/say/correction"]').count() > 0) is may
    if not may:
        expect(page.locator(".may-not")).to_contain_text("not for this office")
