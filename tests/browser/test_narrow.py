"""Everyone can use every page in a narrow window and in wide type (WCAG 2.2: 1.4.10, 1.4.12).

A window of 320 px is what remains of one of 1280 px for somebody who enlarges everything four times. ``script/test``
looks at every page as the server writes it, in the language whose words are longest and in one from right to left;
``script/soak`` at every page as people have it, in all four. Sizes of targets (2.5.8): ``test_everyone``.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.told import LANGUAGES, Told

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 320, 720
WIDTHS = (WIDTH, 768, 1280)
OUT = """() => {
    const shown = (e) => e.checkVisibility({visibilityProperty: true}) && e.getBoundingClientRect().width > 0;
    const words = (e) => e.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40);
    const called = (e) => `${e.tagName.toLowerCase()}.${e.className} "${words(e)}"`;
    const unseen = '.visually-hidden, .visually-hidden *, .skip, .meaning, svg *';
    // What needs two dimensions (1.4.10): maps, and tables in a region of their own with a name, reached by keyboard.
    const plane = (e) => e.closest('.picture, table') !== null;
    const region = (e) => e.tabIndex === 0 && e.matches('[role][aria-label], [role][aria-labelledby]');
    const faults = [], root = document.documentElement;
    if (root.scrollWidth > innerWidth + 1) faults.push('the page scrolls sideways');
    const rooms = [];
    for (const e of document.querySelectorAll('body *')) {
        if (e.matches(unseen) || plane(e) || !shown(e) || e.scrollWidth <= e.clientWidth + 1) continue;
        const way = getComputedStyle(e).overflowX;
        if (way === 'visible' || e.matches('input, select, textarea')) continue;
        if (region(e) && e.querySelector('table') && way !== 'hidden') rooms.push(e);
        else faults.push(`${way === 'hidden' || way === 'clip' ? 'cut' : 'scrolls sideways'}: ${called(e)}`);
    }
    for (const e of document.querySelectorAll('body *')) {
        if (e.matches(unseen) || plane(e) || !shown(e)) continue;
        const box = e.getBoundingClientRect(), room = e.parentElement.closest('.inside') ?? root;
        const edge = room === root ? {left: 0, right: innerWidth} : room.getBoundingClientRect();
        if (box.left < edge.left - 1 || box.right > edge.right + 1) faults.push(`sticks out: ${called(e)}`);
    }
    const panels = [...document.querySelectorAll('.panel')].filter(shown);
    for (const [n, one] of panels.entries()) {
        const a = one.getBoundingClientRect();
        const over = panels.slice(n + 1).find((other) => {
            const b = other.getBoundingClientRect();
            return !one.contains(other) && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
        });
        if (over) faults.push(`${called(over)} lies over ${called(one)}`);
    }
    return faults.slice(0, 12);
}"""
CUT_BELOW = """() => [...document.querySelectorAll('body *')]
    .filter(e => !e.matches('.visually-hidden, .skip, .meaning, .picture, .picture *, svg *, select, input, textarea')
        && e.checkVisibility({visibilityProperty: true}) && e.clientHeight > 0
        && ['hidden', 'clip'].includes(getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight + 1)
    .map(e => [e, e.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40)])
    .map(([e, words]) => `cut below: ${e.tagName.toLowerCase()}.${e.className} "${words}"`)"""
SPACED = """* { line-height: 1.5 !important; word-spacing: 0.16em !important; }
:lang(en), :lang(ru) { letter-spacing: 0.12em !important; }
p { margin-block-end: 2em !important; }"""
"""Type as 1.4.12 has it; letters that join are not set apart."""


@pytest.mark.parametrize("lang", ["ar", "ru"])
def test_no_page_scrolls_sideways_in_a_narrow_window(told: Told, browser: Browser, lang: str) -> None:
    """At 320 px every page as it is written runs downwards; nothing is cut, nothing sticks out of its panel. All four
    languages, and what scripts add, are left to the soak."""
    told.walk.to_sign()
    context = told.window(browser, WIDTH, HEIGHT)
    page, faults = context.new_page(), list[str]()
    for stop in told.written(page, lang, "light"):
        faults += [f"{stop.path}: {fault}" for fault in page.evaluate(OUT)]
    context.close()
    assert not faults, "\n".join(faults)


@pytest.mark.soak
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_scrolls_sideways_in_any_language(told: Told, browser: Browser, lang: str) -> None:
    """The same with all scripts run, in wider windows too, and again with type set as wide as readers may need it."""
    told.walk.to_sign()
    context = told.window(browser, WIDTH, HEIGHT)
    page, faults = context.new_page(), list[str]()
    for stop in told.loaded(page, lang, "dark"):
        faults += [f"{stop.path} {fault}" for fault in _looked(page)]
    context.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("lang", ["ar", "ru"])
def test_what_is_folded_unfolds_within_a_narrow_window(told: Told, browser: Browser, lang: str) -> None:
    """The rail unfolds by its button, and every menu stands whole in the window when it is open."""
    context = told.window(browser, WIDTH, HEIGHT)
    told.session(context, told.walk.officer("releaser").id, lang, "light")
    page = context.new_page()
    page.goto("/")
    rail, fold = page.locator(".rail"), page.locator("[data-fold]")
    expect(rail).to_be_hidden()
    fold.press("Enter")
    expect(fold).to_have_attribute("aria-expanded", "true")
    expect(rail).to_be_visible()
    menus = page.locator("details[data-menu]")
    assert menus.count() >= 3
    for menu in menus.all():
        menu.locator("summary").click()
        card = menu.locator(".card").bounding_box()
        assert card is not None and card["x"] >= 0 and card["x"] + card["width"] <= WIDTH, menu
        assert page.evaluate(OUT) == []
    context.close()


def test_without_scripts_nothing_is_folded(told: Told, browser: Browser) -> None:
    """Where no script runs the rail is there from the start, and no button promises to unfold it."""
    context = told.window(browser, WIDTH, HEIGHT, scripts=False)
    told.session(context, told.walk.officer("releaser").id, "ru", "light")
    page = context.new_page()
    page.goto("/journal")
    expect(page.locator(".rail")).to_be_visible()
    expect(page.locator("[data-fold]")).to_be_hidden()
    context.close()


def _looked(page: Page) -> list[str]:
    """What is cut, sticks out or lies over its neighbour, narrow and wider; and what more when the type is set wide."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"at {width}: {fault}" for fault in page.evaluate(OUT)]
    page.evaluate("(type) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(type);"
                  " document.adoptedStyleSheets = [sheet]; }", SPACED)
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"spaced, at {width}: {fault}" for fault in page.evaluate(OUT) + page.evaluate(CUT_BELOW)]
    return found
