"""A centre whose story was told, served to a browser: what every test that walks all pages stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tansiq import run
from tansiq.desks import DESKS
from tansiq.office import SignIn
from tests.browser.serving import Serving, free_port
from tests.browser.walking import MINE, Stop, Walk
from tests.trial_desk import DESK as TRIAL

ROOT = Path(__file__).resolve().parents[2]
ALL = (*DESKS, TRIAL)
LANGUAGES = ("en", "ar", "fa", "ru")
TAKE = """async (path) => {
    const answer = await fetch(path);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.body.replaceWith(document.adoptNode(page.body));
    return [answer.status, page.documentElement.lang, page.documentElement.dataset.bsTheme];
}"""


@dataclass(frozen=True)
class Told:
    """A served centre whose story was told, and the walk through its pages."""

    address: str
    walk: Walk
    stops: list[Stop]

    def window(self, browser: Browser, width: int = 1440, height: int = 900, *, scripts: bool = True) -> BrowserContext:
        """A window at this centre; without motion, since a colour on its way to another is no colour of ours."""
        return browser.new_context(viewport={"width": width, "height": height}, base_url=self.address,
                                   reduced_motion="reduce", java_script_enabled=scripts)

    def session(self, context: BrowserContext, officer: str, lang: str, theme: str) -> None:
        """Come in as an officer who reads in a language and a theme."""
        token = self.walk.floor.offices[MINE].sessions.begin(officer, "password")
        context.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in
                             (("tansiq", token), ("tansiq-language", lang), ("tansiq-theme", theme))])

    def loaded(self, page: Page, lang: str, theme: str) -> Iterator[Stop]:
        """Go to every page as people have it, with its scripts run and its map drawn."""
        officer = ""
        for stop in self.stops:
            if stop.officer != officer:
                officer = stop.officer
                self.session(page.context, officer, lang, theme)
            answer = page.goto(stop.path)
            assert answer is not None and answer.status == stop.status, stop
            page.locator("[data-map]:not([data-ready])").first.wait_for(state="detached")
            yield stop

    def written(self, page: Page, lang: str, theme: str) -> Iterator[Stop]:
        """Show every page as the server writes it, in the frame of one that was loaded whole: many times as fast."""
        officer = ""
        for stop in self.stops:
            if stop.officer != officer:
                officer = stop.officer
                self.session(page.context, officer, lang, theme)
                page.goto("/me")
            assert page.evaluate(TAKE, stop.path) == [stop.status, lang, theme], stop
            yield stop


def tell(folder: Path) -> Iterator[Told]:
    """The demonstration told up to a handover, with something half done on every page that shows such things."""
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
