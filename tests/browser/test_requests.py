"""One request in four windows and four languages at once: asked, promised, consented to, done, accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tansiq import run
from tansiq.cell.registers import ActQuery
from tansiq.desks import DESKS
from tansiq.run import Centre
from tests.browser.conftest import ROOT
from tests.browser.serving import Serving, free_port, require_pages

pytestmark = pytest.mark.browser
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
ARRIVES_MS = 10_000
HERE = "circle 33.3152 44.3661; 1500 m"
TITLE, PURPOSE = "١٢ وحدة لتنقية المياه", "تُسلَّم في مستودع الإغاثة ببغداد."
PROMISE, DONE = "Двенадцать установок будут в пути завтра.", "Все двенадцать переданы складу."
Office = Callable[[str, str], Page]


@dataclass
class Floor:
    """A served centre of real cells."""

    address: str
    centre: Centre

    def at(self, from_now_ms: int) -> str:
        """An instant as it is typed, in UTC."""
        return datetime.fromtimestamp((self.centre.cells["IQ"].now() + from_now_ms) / 1000, UTC).strftime(
            "%Y-%m-%dT%H:%MZ")


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    """The centre of the demonstration, in which nothing was said yet."""
    require_pages()
    run.found((ROOT / "charters/baghdad.toml").read_text("utf-8"), tmp_path)
    centre = run.open_centre(tmp_path)
    offices = run.open_offices(centre)
    port = free_port()
    centre.start()
    with Serving(run.application(centre, DESKS, offices), port):
        yield Floor(f"http://127.0.0.1:{port}", centre)
    centre.stop()  # first: its thread looks into the offices
    for office in offices.values():
        office.close()


@pytest.fixture
def office(browser: Browser, floor: Floor) -> Iterator[Office]:
    """Open a window of its own for an officer, in a language."""
    opened = []

    def open_for(officer: str, lang: str) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=floor.address)
        opened.append(context)
        page = context.new_page()
        page.goto(f"/enter?lang={lang}")
        page.click(f'button[value="{officer}"]')
        expect(page.locator("html")).to_have_attribute("lang", lang)
        return page

    yield open_for
    for context in opened:
        context.close()


def answer(page: Page, kind: str, **typed: str | list[str]) -> None:
    """Press the button of what may be said next, fill its form, and say it."""
    button = page.locator(f'.may a[href*="/say/{kind}?"]').first
    expect(button).to_be_visible(timeout=ARRIVES_MS)
    button.click()
    page.wait_for_url(f"**/say/{kind}?*")
    fill(page, **typed)


def fill(page: Page, **typed: str | list[str]) -> None:
    """Fill a form field by field, and say it; what is folded away is opened first."""
    page.evaluate("document.querySelectorAll('form details').forEach(e => e.open = true)")
    for name, value in typed.items():
        field = page.locator(f'main [name="{name}"]')
        if isinstance(value, list):
            for box in field.all():
                if box.is_enabled():
                    box.set_checked(box.get_attribute("value") in value, force=True)
        elif field.first.get_attribute("type") == "radio":
            page.locator(f'main label:has([name="{name}"][value="{value}"])').click()
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/acts/*")


def test_a_request_goes_through_four_windows_in_four_languages(floor: Floor, office: Office) -> None:
    """IQ asks in Arabic, RU promises in Russian, two authorities of IQ consent in Persian and English, RU does it, IQ
    accepts. Each window shows what the others do by itself, and its buttons follow."""
    asks, gives = office("IQ-releaser", "ar"), office("RU-releaser", "ru")
    consents, confirms = office("IQ-consenter", "fa"), office("IQ-second", "en")
    asks.goto("/desks/support/say/request")
    fill(asks, title=TITLE, support="logistics", asked_of=["RU"], purpose=PURPOSE, answer_by=floor.at(DAY_MS),
         needed_from=floor.at(-HOUR_MS), needed_until=floor.at(5 * DAY_MS), place=HERE, foreign_personnel="transit",
         release=["RU"], duration_days="2", recipient="state_force", quantity="12", unit="وحدة")
    request = asks.url
    for other in (gives, consents, confirms):
        expect(other.locator(".event.fresh").first).to_contain_text(TITLE, timeout=ARRIVES_MS)
        other.goto(request)
    answer(gives, "promise", text=PROMISE)
    for other in (asks, consents, confirms):
        expect(other.locator(".talk")).to_contain_text(PROMISE, timeout=ARRIVES_MS)
    expect(gives.locator('.may a[href*="/say/step?"]')).to_have_count(0)
    answer(consents, "consent", performers=["RU"], phases=["preparation", "transit", "delivery"], place=HERE,
           valid_from=floor.at(-HOUR_MS), valid_until=floor.at(3 * DAY_MS))
    answer(confirms, "confirmation")
    gives.goto(request)
    answer(gives, "step", phase="delivery", text=PROMISE, begins=floor.at(HOUR_MS), ends=floor.at(3 * HOUR_MS),
           place=HERE, foreign_personnel="transit")
    answer(gives, "completion", outcome="done", given="12", text=DONE)
    expect(asks.locator(".talk")).to_contain_text(DONE, timeout=ARRIVES_MS)
    answer(asks, "acceptance")
    ends = {"ar": asks, "ru": gives, "fa": consents, "en": confirms}
    for lang, page in ends.items():
        page.goto(request)
        expect(page.locator("html")).to_have_attribute("lang", lang)
        expect(page.locator(".talk article.said")).to_have_count(7)
    require_alike(floor.centre)


def require_alike(centre: Centre) -> None:
    """Hold that both members' cells have all seven acts, none void, and that the others have none of them."""
    found = {}
    for code, cell in centre.cells.items():
        rows = cell.registers.search(ActQuery(desk="support", void=None, limit=50))
        found[code] = [(row.kind, row.void, row.standing) for row in rows]
    assert found["IQ"] == found["RU"] and {row[1] for row in found["IQ"]} == {None}
    assert [row[0] for row in found["IQ"]] == ["acceptance", "completion", "step", "confirmation", "consent", "promise",
                                               "request"]
    assert found["SY"] == found["IR"] == []
