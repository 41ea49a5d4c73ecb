"""The entrance by real requests: what a browser does with our own pages, and with nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tansiq.charter import parse_charter
from tansiq.desks import DESKS
from tansiq.doors.web import routes
from tansiq.doors.web.assets import FOLDER
from tansiq.office import SignIn
from tests.authenticator import ORIGIN, Passkey
from tests.unit.web.centre import MemoryCentre

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "seven wet camels"
JSON = {"Accept": "application/json"}


class Browser:
    """A client that knows only what our pages tell it: it reads the token out of them."""

    def __init__(self, client: TestClient[Litestar], centre: MemoryCentre, offices: Any) -> None:
        self.client = client
        self.centre = centre
        self.offices = offices

    def token(self, path: str) -> str:
        """The token that a page carries."""
        found = re.search(r'<meta name="csrf" content="([^"]+)">', self.client.get(path).text)
        assert found, path
        return found[1]

    def send(self, page: str, path: str, **fields: str) -> Any:
        """Send a form of a page."""
        return self.client.post(path, data={"csrf": self.token(page), **fields}, follow_redirects=False)

    def tell(self, page: str, path: str, body: Any = None) -> Any:
        """What the script of a page sends."""
        return self.client.post(path, json=body if body is not None else {},
                                headers={**JSON, "Tansiq-CSRF": self.token(page)})


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    """The floor at its own address, where officers prove who they are."""
    if not (FOLDER / "manifest.json").is_file():
        pytest.skip("the pages are not built (script/bootstrap)")
    charter = parse_charter((ROOT / "charters/baghdad.toml").read_text("utf-8"))
    centre = MemoryCentre(charter, DESKS, tmp_path)
    offices = centre.offices()
    app = Litestar(routes(centre, DESKS, offices, sign_in=SignIn(choosing=False, origin=ORIGIN)))
    with TestClient(app, base_url=ORIGIN) as client:
        yield Browser(client, centre, offices)
    for office in offices.values():
        office.close()
    centre.stop()


def enrolled(browser: Browser, passkey: Passkey, officer: str = "IQ-releaser") -> None:
    """Enter with a code and make a passkey."""
    named = {"officer": officer, "code": browser.offices["IQ"].enrolment.issue(officer)}
    question = browser.tell("/enter/enrol", "/enter/enrol/question", named)
    assert question.status_code == 200, question.text
    answer = browser.tell("/enter/enrol", "/enter/enrol/passkey", {**named, "answer": passkey.create(question.json())})
    assert (answer.status_code, answer.json()) == (200, {"to": "/"})


def test_an_officer_enrols_leaves_and_comes_back(browser: Browser) -> None:
    """A code makes a passkey, the passkey lets in again without a name, and the page sends on to where one was going."""
    passkey = Passkey()
    enrolled(browser, passkey)
    assert browser.client.get("/").status_code == 200
    assert browser.send("/", "/leave").headers["location"] == "/enter"
    sent = browser.client.get("/journal", follow_redirects=False).headers["location"]
    assert sent == "/enter?to=%2Fjournal"
    question = browser.tell(sent, "/enter/question").json()
    answer = browser.tell(sent, "/enter/passkey", {"answer": passkey.answer(question), "to": "/journal"})
    assert answer.json() == {"to": "/journal"} and browser.client.get("/journal").status_code == 200
    assert "//evil" not in browser.tell("/", "/enter/question").text


def test_after_coming_in_nobody_is_sent_elsewhere(browser: Browser) -> None:
    """An address that is not ours becomes the first page."""
    passkey = Passkey()
    enrolled(browser, passkey)
    question = browser.tell("/", "/again/question").json()
    answer = browser.tell("/", "/again/passkey", {"answer": passkey.answer(question), "to": "//evil.example"})
    assert answer.json() == {"to": "/"}


def test_a_password_is_set_with_a_code_and_lets_in(browser: Browser) -> None:
    """A refused password leaves the page with its sentence; the right one comes in; a wrong one later does not."""
    code = browser.offices["IQ"].enrolment.issue("IQ-reader")
    short = browser.send("/enter/enrol", "/enter/enrol", officer="IQ-reader", code=code, password="short")
    assert short.status_code == 400 and "12" in short.text and code in short.text
    done = browser.send("/enter/enrol", "/enter/enrol", officer="IQ-reader", code=code, password=PASSWORD)
    assert (done.status_code, done.headers["location"]) == (303, "/")
    browser.send("/", "/leave")
    wrong = browser.send("/enter", "/enter", officer="IQ-reader", password="wrong wet camels", to="/charter")
    assert wrong.status_code == 403 and 'value="IQ-reader"' in wrong.text and "wrong wet" not in wrong.text
    right = browser.send("/enter", "/enter", officer="IQ-reader", password=PASSWORD, to="/charter")
    assert right.headers["location"] == "/charter"


def test_without_a_page_of_ours_nothing_begins(browser: Browser) -> None:
    """A form that a stranger made has no token that fits, also before a session begins."""
    browser.offices["IQ"].passwords.set("IQ-reader", PASSWORD)
    other = browser.token("/enter")
    browser.client.cookies.clear()
    for sent in ({}, {"csrf": other}, {"csrf": ""}):
        answer = browser.client.post("/enter", data={"officer": "IQ-reader", "password": PASSWORD, **sent},
                                     headers=JSON, follow_redirects=False)
        assert (answer.status_code, answer.json()["code"]) == (403, "session.csrf")


def test_the_entrance_speaks_every_language(browser: Browser) -> None:
    """Sign-in, enrolment and one's own page stand in all four languages, and no officer is listed to a stranger."""
    for lang in ("ar", "fa", "ru", "en"):
        for path in ("/enter", "/enter/enrol"):
            page = browser.client.get(path, params={"lang": lang})
            assert page.status_code == 200 and f'lang="{lang}"' in page.text
            assert "IQ-reader" not in page.text and "RU-releaser" not in page.text.replace("IQ-releaser", "")
    enrolled(browser, Passkey())
    for lang in ("ar", "fa", "ru", "en"):
        assert browser.client.get("/me", params={"lang": lang}).status_code == 200


def test_what_asks_for_presence_sends_to_show_it_first(browser: Browser) -> None:
    """A stale session is sent to show the passkey and comes back; a change asked for then is done."""
    passkey = Passkey()
    enrolled(browser, passkey)
    browser.offices["IQ"]._file.run("UPDATE session SET proved=0")
    refused = browser.send("/me", "/me/password", password=PASSWORD)
    assert refused.status_code == 403 and "/again?to=" in refused.text
    page = "/again?to=%2Fme"
    question = browser.tell(page, "/again/question").json()
    assert question["allowCredentials"][0]["type"] == "public-key"
    assert browser.tell(page, "/again/passkey", {"answer": passkey.answer(question), "to": "/me"}).json() == {"to": "/me"}
    assert browser.send("/me", "/me/password", password=PASSWORD).headers["location"] == "/me"


def test_a_second_device_is_added(browser: Browser) -> None:
    """Whoever is in makes another passkey; the list of those it has goes along, so that no device makes two."""
    enrolled(browser, Passkey(seed=1))
    question = browser.tell("/me", "/me/passkey/question").json()
    assert len(question["excludeCredentials"]) == 1
    other = Passkey(seed=2, suite=1)
    assert browser.tell("/me", "/me/passkey", {"answer": other.create(question), "to": "/me"}).json() == {"to": "/me"}
    assert len(browser.offices["IQ"].passkeys.of("IQ-releaser")) == 2
    assert other.id.hex()[:12] in browser.client.get("/me").text


def test_pages_are_shut_to_scripts_of_others(browser: Browser) -> None:
    """No inline script, no frame, no other origin; passkeys for this origin alone; the session's cookie is shut away."""
    enrolled(browser, Passkey())
    page = browser.client.get("/me")
    policy = page.headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert "publickey-credentials-get=(self)" in page.headers["permissions-policy"]
    assert not re.search(r"<script>|\son[a-z]+=|\sstyle=", page.text)
