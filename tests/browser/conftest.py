"""The floor served to a real Chromium: a centre of memory in which a few acts were said."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from litestar import Litestar
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tansiq.charter import parse_charter
from tansiq.desks import DESKS
from tansiq.desks.fields import compose
from tansiq.doors.web import routes
from tansiq.doors.web.assets import FOLDER
from tests.trial_desk import DESK as TRIAL
from tests.unit.web.centre import MemoryCentre

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--headless", "--no-sandbox", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WITHIN_S = 20.0


@dataclass
class Served:
    """The floor's address, the centre behind it, the id of the first act; it can be taken away and given back."""

    address: str
    centre: MemoryCentre
    first_act: str
    app: Litestar
    server: uvicorn.Server | None = None
    thread: threading.Thread | None = None

    def begin(self) -> None:
        """Answer at the address, in a thread."""
        port = int(self.address.rpartition(":")[2])
        config = uvicorn.Config(self.app, host="127.0.0.1", port=port, log_level="warning", ws="none",
                                timeout_graceful_shutdown=1)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        end = time.monotonic() + WITHIN_S
        while not self.server.started and time.monotonic() < end:
            time.sleep(0.05)

    def end(self) -> None:
        """Answer no more; open streams are cut."""
        assert self.server is not None and self.thread is not None
        self.server.should_exit = True
        self.thread.join(WITHIN_S)


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
    if not (FOLDER / "manifest.json").is_file():
        pytest.skip("the pages are not built (script/bootstrap)")
    charter = parse_charter((ROOT / "charters/baghdad.toml").read_text("utf-8"))
    desks = (*DESKS, TRIAL)
    centre = MemoryCentre(charter, desks, tmp_path_factory.mktemp("centre"))
    first = _fill(centre)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = Served(f"http://127.0.0.1:{port}", centre, first, Litestar(routes(centre, desks, centre.offices())))
    served.begin()
    yield served
    served.end()


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
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for all tests."""
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
