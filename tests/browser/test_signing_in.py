"""Signing in and signing with a real browser and a virtual authenticator: what is signed stands in every cell."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from tansiq import run, wire
from tansiq.cell import founding
from tansiq.desks import cell as cell_desk
from tansiq.desks import chair, intelligence
from tansiq.office import Office, SignIn
from tansiq.run import Centre
from tests import signed_desk
from tests.browser.serving import WITHIN_S, Serving, free_port, require_pages
from tests.faults.making import Clock

pytestmark = pytest.mark.browser
DESKS = (intelligence.DESK, chair.DESK, signed_desk.DESK, cell_desk.DESK)
PASSWORD = "seven wet camels"
START_MS = 1_760_000_060_000


@dataclass
class Place:
    """A served centre that asks who its officers are, and whose charter asks consents and mandates to be signed."""

    address: str
    centre: Centre
    offices: dict[str, Office]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Real cells behind the whole application, ended with these tests."""
    require_pages()
    folder: Path = tmp_path_factory.mktemp("place")
    text = signed_desk.charter_text().replace('assertion = ["consent"]', 'assertion = ["consent", "mandate"]')
    founding.found(text, folder, clock=Clock(), desks=DESKS)
    centre = run.open_centre(folder, DESKS, clock=Clock(START_MS))
    offices = run.open_offices(centre)
    port = free_port()
    address = f"http://localhost:{port}"
    app = run.application(centre, DESKS, offices, token="owner", sign_in=SignIn(choosing=False, origin=address))
    with Serving(app, port):
        yield Place(address, centre, offices)
    for office in offices.values():
        office.close()
    centre.stop()


@pytest.fixture
def page(browser: Browser, place: Place) -> Iterator[Page]:
    """A window with an authenticator that verifies its holder."""
    context = browser.new_context(base_url=place.address, locale="en")
    made = context.new_page()
    session = context.new_cdp_session(made)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})
    yield made
    context.close()


def enrol(page: Page, place: Place, officer: str) -> None:
    """Enter with a code and make a passkey on this device."""
    page.goto("/enter/enrol?lang=en")
    page.fill("#f-officer", officer)
    page.fill("#f-code", place.offices["IQ"].enrolment.issue(officer))
    page.click("[data-passkey] button")
    page.wait_for_url(lambda url: "/enter" not in url)


def publish(place: Place, officer: str, *roles: str) -> None:
    """Publish the newest passkey of an officer to all members."""
    passkey = place.offices["IQ"].passkeys.of(officer)[-1]
    now = place.centre.cells["IQ"].now()
    fields: dict[str, Any] = {
        "holder": officer, "roles": roles, "credential": wire.write_base64(passkey.id),
        "key": wire.write_base64(passkey.public), "origin": passkey.origin, "valid_from": now - 1000,
        "valid_until": now + 86_400_000, "release": [m.code for m in place.centre.charter.members]}
    place.centre.cells["IQ"].say("credential", fields, officer="IQ-administrator")


def test_an_officer_enrols_signs_in_and_shows_to_be_there(place: Place, page: Page) -> None:
    """A code makes a passkey; the passkey lets in without a name, and proves presence when a session is stale."""
    enrol(page, place, "IQ-drafter")
    page.goto("/me?lang=en")
    expect(page.locator("h1").first).to_have_text("Drafting officer")
    expect(page.locator("table.ledger tbody tr")).to_have_count(1)
    page.locator('form[action="/leave"] button').last.click()
    page.goto("/enter?to=%2Fjournal&lang=en")
    page.click("[data-passkey] button")
    page.wait_for_url("**/journal")
    page.goto("/again?to=%2Fcharter&lang=en")
    page.click("[data-passkey] button")
    page.wait_for_url("**/charter")
    assert place.offices["IQ"].passkeys.of("IQ-drafter")[0].counter >= 2


def test_a_consent_is_signed_here_and_stands_in_another_cell(place: Place, page: Page) -> None:
    """The page shows the act whole, the passkey signs it, and the cell of another member finds it signed and good."""
    enrol(page, place, "IQ-consenter")
    page.goto("/desks/decisions/say/consent?lang=en")
    page.fill("#f-words", "Agreed, by day, in the corridor.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".sentence.bad").first).to_contain_text("ask your administrator")
    publish(place, "IQ-consenter", "consenter")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sign/*")
    expect(page.locator("blockquote")).to_have_text("Agreed, by day, in the corridor.")
    page.click("[data-passkey] button")
    page.wait_for_url("**/acts/*")
    row = _arrived(place, page, "RU")
    assert row.void is None and row.officer == "IQ-consenter"
    assert wire.parse_base64(row.act.assertion.credential) == place.offices["IQ"].passkeys.of("IQ-consenter")[0].id


def test_a_promise_that_is_owed_is_answered_for_with_a_passkey(place: Place, page: Page) -> None:
    """What needs the director leads to a form that holds version and key; signed, it stands in another cell, and
    the page of the registrar names the officer."""
    enrol(page, place, "IQ-director")
    publish(place, "IQ-director", "director")
    drawn = place.centre.mandates.draw()
    place.centre.mandates.promise("IQ", unordered=True)
    page.goto("/?lang=en")
    owed = page.locator("[data-row]", has_text="You promised mandate 2 before an officer's decision was ordered")
    owed.locator("a[data-main]").click()
    page.wait_for_url("**/desks/chair/say/mandate")
    expect(page.locator("#f-mandate")).to_have_value("2")
    expect(page.locator("#f-key")).to_have_value(drawn["key"])
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sign/*")
    expect(page.locator("main")).to_contain_text(drawn["key"])
    page.click("[data-passkey] button")
    page.wait_for_url("**/acts/*")
    row = _arrived(place, page, "RU")
    assert row.void is None and (row.officer, row.act.key) == ("IQ-director", drawn["key"])
    page.goto("/?lang=en")
    expect(owed).to_have_count(0)
    page.goto("/desks/chair/registrar?lang=en")
    expect(page.locator("main")).to_contain_text("IQ-director decided on mandate 2")
    require_usable(page, "/desks/chair/registrar?lang=ar")


def _arrived(place: Place, page: Page, code: str) -> Any:
    """The act whose page is open, as another member's cell has it."""
    act_id = page.url.rpartition("/")[2].split("?")[0]
    end = time.monotonic() + WITHIN_S
    while (row := place.centre.cells[code].registers.act(act_id)) is None:
        assert time.monotonic() < end
        time.sleep(0.05)
    return row


def test_who_guesses_waits(place: Place, page: Page) -> None:
    """After three wrong passwords the page says how long to wait, and the right one has to wait too."""
    place.offices["IQ"].passwords.set("IQ-legal", PASSWORD)
    page.goto("/enter?lang=en")
    for guess in ("wrong wet camels",) * 3 + (PASSWORD,):
        page.fill("#f-officer", "IQ-legal")
        page.fill("#f-password", guess)
        page.locator('form:has(#f-password) button').click()
    expect(page.locator(".sentence.bad").first).to_contain_text("try again in")


def test_a_strangers_form_and_a_planted_session_get_nowhere(place: Place, page: Page) -> None:
    """A form on another site changes nothing; a session that was there before is another one after sign-in."""
    enrol(page, place, "IQ-reader")
    before = {c["name"]: c["value"] for c in page.context.cookies()}["tansiq"]
    other = page.context.new_page()
    other.goto("data:text/html,<form method=post action='" + place.address + "/leave'><button>x</button></form>")
    other.click("button")
    page.goto("/me")
    assert page.url.endswith("/me")
    page.goto("/enter")
    page.click("[data-passkey] button")
    page.wait_for_url(lambda url: "/enter" not in url)
    after = {c["name"]: c["value"] for c in page.context.cookies()}["tansiq"]
    assert after != before
    page.context.add_cookies([{"name": "tansiq", "value": before, "url": place.address}])
    other.goto("/me")  # in the other window: this one has a stream, and may go by itself when that ends
    assert "/enter" in other.url


@pytest.mark.parametrize("lang", ["ar", "fa", "ru", "en"])
def test_everyone_can_use_the_entrance(place: Place, page: Page, lang: str) -> None:
    """Where officers sign in, axe finds nothing on any page of the entrance, and none scrolls sideways."""
    for path in ("/enter", "/enter/enrol"):
        require_usable(page, f"{path}?lang={lang}")
    enrol(page, place, "IQ-administrator")
    for path in ("/me", "/again"):
        require_usable(page, f"{path}?lang={lang}")


def require_usable(page: Page, path: str) -> None:
    """Hold that axe finds nothing on a page, and that it fits its window."""
    page.goto(path)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == [], path
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path
