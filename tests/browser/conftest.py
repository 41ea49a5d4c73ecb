"""The floor served to a real Chromium: a centre of memory in which a few acts were said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from litestar import Litestar
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tansiq.charter import parse_charter
from tansiq.desks import DESKS
from tansiq.desks.fields import compose
from tansiq.doors.web import routes
from tests.browser.serving import Serving, free_port, require_pages
from tests.browser.told import Told, tell
from tests.trial_desk import DESK as TRIAL
from tests.unit.web.centre import MemoryCentre

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--headless", "--no-sandbox", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@dataclass
class Served:
    """The floor's address, the centre behind it, the id of the first act, and what serves them."""

    address: str
    centre: MemoryCentre
    first_act: str
    serving: Serving


@dataclass
class Visitor:
    """A browser's window with what went wrong in it."""

    page: Page
    faults: list[str]


def say(centre: MemoryCentre, code: str, title: str, text: str, **more: str | list[str]) -> str:
    """Say a report in the name of a member."""
    form = DESKS[0].form("report")
    given: dict[str, str | list[str]] = {
        "title": title, "text": text, "lang": "en", "occurred_from": "2015-10-07T23:50Z",
        "occurred_until": "2015-10-07T23:50Z", "source_reliability": "B", "information_credibility": "2",
        "release": [member.code for member in centre.charter.members], **more}
    return centre.cells[code].say("report", compose(form, given), officer=f"{code}-releaser")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server in a thread, ended with the tests."""
    require_pages()
    charter = parse_charter((ROOT / "charters/baghdad.toml").read_text("utf-8"))
    desks = (*DESKS, TRIAL)
    centre = MemoryCentre(charter, desks, tmp_path_factory.mktemp("centre"))
    first = _fill(centre)
    port = free_port()
    with Serving(Litestar(routes(centre, desks, centre.offices())), port) as serving:
        yield Served(f"http://127.0.0.1:{port}", centre, first, serving)


def _fill(centre: MemoryCentre) -> str:
    codes = [member.code for member in centre.charter.members]
    first = say(centre, codes[0], "Families on foot near Rabi'a", "About sixty people, moving south-east.",
                place="36.80, 42.10", precedence="priority")
    say(centre, codes[-1], "Переправа у Равы не работает", "Паромная переправа не работает с вечера.", lang="ru",
        place="34.48, 41.91", precedence="immediate")
    say(centre, codes[1], "مستشفى ميداني قرب القائم", "افتُتح مستشفى ميداني.", lang="ar", place="34.37, 41.09",
        precedence="flash")
    say(centre, codes[2], "جادهٔ خسروی باز است", "جاده تا کرمانشاه باز است.", lang="fa", release=[codes[2]])
    centre.settled = 2
    return first


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The demonstration told and served, ended with the tests."""
    require_pages()
    yield from tell(tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for each file of tests: while it is open Playwright keeps a loop running, which others cannot bear.
    """
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser, served: Served) -> Iterator[BrowserContext]:
    """A window of 1440 by 900 with cookies of its own."""
    made = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=served.address)
    yield made
    made.close()


@pytest.fixture
def visitor(context: BrowserContext) -> Visitor:
    """A page that writes down every fault of its scripts and every request that leaves this machine."""
    page, faults = context.new_page(), list[str]()
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(("http://127.0.0.1", "blob:", "data:"))
            else faults.append(f"asked outside: {asked.url}"))
    return Visitor(page, faults)


def enter(visitor: Visitor, officer: str, *, lang: str = "en", theme: str = "dark") -> None:
    """Choose an officer in a language and a theme."""
    visitor.page.goto(f"/enter?lang={lang}")
    origin = str(visitor.page.evaluate("location.origin"))
    visitor.page.context.add_cookies([{"name": "tansiq-theme", "value": theme, "url": origin}])
    visitor.page.click(f'button[value="{officer}"]')
