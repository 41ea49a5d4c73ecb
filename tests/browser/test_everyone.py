"""Everyone can use every page: axe on all that there is, in each language and both themes, with a whole story told.

``script/test`` looks at every page once in each language: in English and dark loaded whole, in the others as the server
writes it; at colours, which hang on the theme and not on the language, in one language of each theme. ``script/soak``
looks at every page in every language and both themes as people have it: loaded whole, its scripts run, its map drawn.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from tansiq.doors import web
from tests.browser.told import ALL, LANGUAGES, TAKE, Told
from tests.browser.walking import HELD_MS, WAYS, addresses

pytestmark = pytest.mark.browser
THEMES = {"en": "dark", "ar": "light", "fa": "dark", "ru": "light"}
"""The theme in which script/test sees each language."""
OFF_BY_DEFAULT = ["css-orientation-lock", "label-content-name-mismatch", "p-as-heading",
                  "table-fake-caption", "target-size", "td-has-header"]
"""Rules that axe has and does not ask unless told: those of WCAG 2.2 AA, and those it still calls experimental."""
LOOK = """async ([within, also, colours]) => {
    const whole = document.querySelector(within) ? {include: [[within]]} : document;
    const rules = Object.fromEntries(also.map((rule) => [rule, {enabled: true}]));
    rules['color-contrast'] = {enabled: colours};
    const found = (await axe.run(whole, {resultTypes: ['violations'], preload: false, rules})).violations;
    return found.map((one) => [one.id, one.nodes.slice(0, 5).map((node) => node.target.join(' '))]);
}"""
CUT = """() => [...document.querySelectorAll('.top > *, .strip > *, .rail a span, .btn, h1, h2, th')]
    .filter(e => e.offsetParent && !e.matches('.visually-hidden') && getComputedStyle(e).display !== 'inline'
                 && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.trim())
    .concat(document.documentElement.scrollWidth > innerWidth + 1 ? ['the page scrolls sideways'] : [])"""


def test_no_page_is_forgotten(told: Told) -> None:
    """Every address of the floor that answers with a page is walked, and so is every desk, view and form."""
    floor = told.walk.floor
    assert addresses(web.routes(floor.centre, ALL, floor.offices)) == set(WAYS)
    paths = {stop.path.partition("?")[0] for stop in told.stops}
    for desk in told.walk.desks:
        views = [view.name for view in desk.showing.views] if desk.showing else []
        forms = [f"say/{form.kind.name}" for form in desk.forms if form.plain]
        there = {f"/desks/{desk.name}", *(f"/desks/{desk.name}/{part}" for part in (*views, *forms))}
        assert sorted(there - paths) == []


def test_everyone_can_use_every_page(told: Told, browser: Browser) -> None:
    """Page by page in English, loaded whole with its scripts: axe finds nothing, nothing is cut, no script fails,
    nothing is asked from outside. Of each desk one form runs its scripts; that of the others is left to the soak."""
    told.walk.to_sign()
    context = told.window(browser)
    page, officer, forms = context.new_page(), "", set[str]()
    faults = _listened(page, told)
    for stop in told.stops:
        if stop.officer != officer:
            officer = stop.officer
            told.session(context, officer, "en", THEMES["en"])
        desk, _, form = stop.path.partition("/say/")
        if form and desk in forms:
            assert page.evaluate(TAKE, stop.path)[0] == stop.status, stop
        else:
            forms |= {desk} if form else set()
            answer = page.goto(stop.path)
            assert answer is not None and answer.status == stop.status, stop
            page.evaluate(Axe().axe_script)
        faults += [f"{stop.path}: {found}" for found in _looked(page)]
    context.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("lang", ["ar", "fa", "ru"])
def test_everyone_can_use_every_page_in_every_language(told: Told, browser: Browser, lang: str) -> None:
    """The same pages in the other languages, in one theme, as the server writes them; colours in Arabic alone. The soak
    has their scripts run, and looks at all of it in both themes."""
    told.walk.to_sign()
    context, faults = told.window(browser), list[str]()
    page = context.new_page()
    for stop in told.written(page, lang, THEMES[lang]):
        if not page.evaluate("'axe' in window"):
            page.evaluate(Axe().axe_script)
            faults += [f"the frame: {found}" for found in _looked(page)]
        faults += [f"{stop.path}: {found}" for found in _looked(page, within="#work", colours=lang == "ar")]
    context.close()
    assert not faults, "\n".join(faults)


@pytest.mark.soak
@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_everyone_can_use_all_that_there_is(told: Told, browser: Browser, lang: str, theme: str) -> None:
    """Every page in every language and theme, as people have it: axe finds nothing, nothing is cut, no script fails."""
    told.walk.to_sign()
    context = told.window(browser)
    page = context.new_page()
    faults = _listened(page, told)
    for stop in told.loaded(page, lang, theme):
        page.evaluate(Axe().axe_script)
        faults += [f"{stop.path}: {found}" for found in _looked(page)]
    context.close()
    assert not faults, "\n".join(faults)


def test_a_page_that_will_be_out_of_date_comes_anew(told: Told, browser: Browser) -> None:
    """A paper that is held is shown anew when it has gone; not while somebody has words on its page."""
    context = told.window(browser)
    told.session(context, told.walk.officer("releaser").id, "en", "dark")
    page = context.new_page()
    page.clock.install()
    page.goto(f"/papers/{told.walk.papers[2]}")
    page.evaluate("window.before = true")
    page.fill("textarea", "Which road?")
    page.clock.fast_forward(HELD_MS + 10_000)
    assert page.evaluate("window.before") is True
    page.fill("textarea", "")
    page.clock.fast_forward(5_000)
    page.wait_for_function("window.before === undefined")
    context.close()


def _listened(page: Page, told: Told) -> list[str]:
    """What goes wrong in a page's scripts, and what it asks from outside; a refusal that was asked for is no fault."""
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text)
            if said.type == "error" and "status of 40" not in said.text else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((told.address, "blob:", "data:"))
            else faults.append(f"asked outside: {asked.url}"))
    return faults


def _looked(page: Page, *, within: str = "none", colours: bool = True) -> list[Any]:
    """What is wrong with a page in the theme in which it stands, by all rules, or by all but that of colours."""
    return list(page.evaluate(LOOK, [within, OFF_BY_DEFAULT, colours]) + page.evaluate(CUT))
