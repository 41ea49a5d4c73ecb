"""Everyone can use every page: axe on all that there is, in each language and both themes, with a whole story told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page

from tansiq import run
from tansiq.desks import DESKS
from tansiq.doors import web
from tansiq.office import SignIn
from tests.browser.conftest import ROOT
from tests.browser.serving import Serving, free_port, require_pages
from tests.browser.walking import HELD_MS, MINE, WAYS, Stop, Walk, addresses
from tests.trial_desk import DESK as TRIAL

pytestmark = pytest.mark.browser
ALL = (*DESKS, TRIAL)
THEMES = {"en": ("dark", "light"), "ar": ("light", "dark"), "fa": ("dark", "light"), "ru": ("light", "dark")}
"""The themes of each language: pages come in the first, and are turned into the second."""
LOOK = """async ([within, rules]) => {
    const whole = document.querySelector(within) ? {include: [[within]]} : document;
    const only = rules ? {runOnly: {type: 'rule', values: rules}} : {};
    const options = {resultTypes: ['violations'], preload: false, ...only};
    const found = (await axe.run(whole, options)).violations;
    return found.map((one) => [one.id, one.nodes.slice(0, 5).map((node) => node.target.join(' '))]);
}"""
CUT = """() => [...document.querySelectorAll('.top > *, .strip > *, .rail a span, .btn, h1, h2, th')]
    .filter(e => e.offsetParent && !e.matches('.visually-hidden') && getComputedStyle(e).display !== 'inline'
                 && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.trim())
    .concat(document.documentElement.scrollWidth > innerWidth + 1 ? ['the page scrolls sideways'] : [])"""
TAKE = """async (path) => {
    const answer = await fetch(path);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.body.replaceWith(document.adoptNode(page.body));
    return [answer.status, page.documentElement.lang, page.documentElement.dataset.bsTheme];
}"""
TURN = "(theme) => { document.documentElement.dataset.bsTheme = theme; }"


@dataclass(frozen=True)
class Told:
    """A served centre whose story was told, and the walk through its pages."""

    address: str
    walk: Walk
    stops: list[Stop]

    def session(self, context: BrowserContext, officer: str, lang: str) -> None:
        """Come in as an officer who reads in a language."""
        token = self.walk.floor.offices[MINE].sessions.begin(officer, "password")
        context.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in
                             (("tansiq", token), ("tansiq-language", lang), ("tansiq-theme", THEMES[lang][0]))])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The demonstration told up to a handover, with something half done on every page that shows such things."""
    require_pages()
    folder: Path = tmp_path_factory.mktemp("told")
    begins = run.lay_demonstration(ROOT / "charters/baghdad.demonstration", folder)
    # Passkeys of officers are signed by an administrator where a charter asks for any signature: the story has none.
    text = (ROOT / "charters/baghdad.toml").read_text("utf-8") + '\n[officers]\nassertion = ["taking_over"]\n'
    run.found(text, folder, at_ms=begins)
    centre = run.open_centre(folder, ALL)
    run.play(centre)
    sequel = run.tell(centre, ROOT / "charters/baghdad.sequel")
    next(sequel), next(sequel)  # the handover was offered, and nobody has taken over yet
    offices = run.open_offices(centre)
    port = free_port()
    entering = SignIn(choosing=True, origin=f"http://localhost:{port}")
    walk = Walk(centre, offices, entering)
    walk.begin()
    centre.run_until_quiet()
    with Serving(run.application(centre, ALL, offices, sign_in=entering), port):
        yield Told(entering.origin, walk, walk.stops())
    for office in offices.values():
        office.close()
    centre.stop()


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
    """Page by page in English, loaded whole with its scripts: in both themes axe finds nothing, nothing is cut, no
    script fails, nothing is asked from outside. Of each desk one form runs its scripts, the rest stand as written."""
    told.walk.to_sign()
    faults: list[str] = []
    context = _context(browser, told)
    page = context.new_page()
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((told.address, "blob:", "data:"))
            else faults.append(f"asked outside: {asked.url}"))
    officer, forms = "", set[str]()
    for stop in told.stops:
        if stop.officer != officer:
            officer = stop.officer
            told.session(context, officer, "en")
        desk, _, form = stop.path.partition("/say/")
        if form and desk in forms:
            assert page.evaluate(TAKE, stop.path)[0] == stop.status, stop
        else:
            forms |= {desk} if form else set()
            answer = page.goto(stop.path)
            assert answer is not None and answer.status == stop.status, stop
            page.evaluate(Axe().axe_script)
        faults += [f"{stop.path}: {found}" for found in _looked(page, "en", whole=True)]
    context.close()
    assert [fault for fault in faults if "status of 40" not in fault] == []


@pytest.mark.parametrize("turned", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["one theme", "both"])
@pytest.mark.parametrize("lang", ["ar", "fa", "ru"])
def test_everyone_can_use_every_page_in_every_language(told: Told, browser: Browser, lang: str, turned: bool) -> None:
    """The same pages in the other languages, as the server writes them, in the frame of one that was loaded whole.

    Colours hang on the theme and not on the language: the second theme of these languages is looked at in the soak.
    """
    told.walk.to_sign()
    context, faults = _context(browser, told), list[str]()
    page, officer = context.new_page(), ""
    for stop in told.stops:
        if stop.officer != officer:
            officer = stop.officer
            told.session(context, officer, lang)
            page.goto("/me")
            page.evaluate(Axe().axe_script)
            faults += [f"/me: {found}" for found in _looked(page, lang, whole=True)]
        assert page.evaluate(TAKE, stop.path) == [stop.status, lang, THEMES[lang][0]], stop
        faults += [f"{stop.path}: {found}" for found in _looked(page, lang, turned=turned)]
    context.close()
    assert faults == []


def test_a_page_that_will_be_out_of_date_comes_anew(told: Told, browser: Browser) -> None:
    """A paper that is held is shown anew when it has gone; not while somebody has words on its page."""
    context = _context(browser, told)
    told.session(context, told.walk.officer("releaser").id, "en")
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


def _context(browser: Browser, told: Told) -> BrowserContext:
    # Without motion: a colour that is on its way from one theme to the other is no colour of ours.
    return browser.new_context(viewport={"width": 1440, "height": 900}, base_url=told.address, reduced_motion="reduce")


def _looked(page: Page, lang: str, *, whole: bool = False, turned: bool = True) -> list[Any]:
    """What is wrong with a page: all rules in the theme in which it came; *turned*, colours in the other too."""
    first, second = THEMES[lang]
    page.evaluate(TURN, first)
    found = page.evaluate(LOOK, ["none" if whole else "#work", None]) + page.evaluate(CUT)
    if not turned:
        return list(found)
    page.evaluate(TURN, second)
    return list(found + page.evaluate(LOOK, ["#work", ["color-contrast"]]))
