"""The gate: every address asks its role, every change comes from our pages, and nobody uses a session begun for him."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.middleware import DefineMiddleware
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from tansiq.charter import ROLES, Role, parse_charter
from tansiq.charter.vocabulary import SIGNED_KINDS
from tansiq.desks import DESKS
from tansiq.doors import web
from tansiq.doors.api import FAILURE_HANDLERS, openapi_config, routes
from tansiq.doors.gate import (
    ADMINISTRATOR,
    ANYONE,
    MACHINE,
    OFFICER,
    OWNER,
    READER,
    SESSION_COOKIE,
    VISIT_COOKIE,
    csrf_of,
)
from tansiq.doors.guard import SAFE_METHODS, Loopback
from tansiq.office import Office, Officer, SignIn
from tests.doors.trial import TRIAL, MemoryCentre
from tests.signed_desk import DESK as SIGNED

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = "https://floor.example"
PASSWORD = "seven wet camels"
ADDRESS = "http://127.0.0.1:8400"


class Clock:
    """A clock that stands still until it is moved (UTC ms)."""

    now = 1_444_000_000_000

    def __call__(self) -> int:
        return self.now


def held(role: Role) -> tuple[Role, ...]:
    """The roles of an officer who has *role*: it reads besides, but for an administrator."""
    return (role,) if role in (READER, ADMINISTRATOR) else (READER, role)


class Site:
    """Both doors over a centre of memory, where officers prove who they are; one officer for each role."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        centre = MemoryCentre(parse_charter((ROOT / "charters/baghdad.toml").read_text("utf-8")))
        self.offices = {code: Office.open(folder / f"{code}.db", clock=self.clock) for code in centre.cells}
        for role in ROLES:
            self.offices["IQ"].add(Officer(f"IQ-{role}", "Duty officer", "IQ", held(role)))
        entering = SignIn(choosing=False, origin=ORIGIN)
        desks = (*DESKS, TRIAL)
        self.app = Litestar(
            [*routes(centre, desks, self.offices, administration_token="owner", sign_in=entering),
             *web.routes(centre, desks, self.offices, sign_in=entering)],
            middleware=[DefineMiddleware(Loopback, origin=lambda: ORIGIN)], openapi_config=openapi_config(),
            exception_handlers=dict(FAILURE_HANDLERS))
        self.client = TestClient(self.app, base_url=ADDRESS, raise_server_exceptions=False)

    def begin(self, officer: str) -> str:
        """A session that has just begun."""
        return self.offices["IQ"].sessions.begin(officer, "password")

    def handlers(self) -> Iterator[tuple[str, str, Any]]:
        """Every address with its method and handler."""
        for route in self.app.routes:
            if isinstance(route, HTTPRoute):
                for method, (handler, _) in route.route_handler_map.items():
                    if method not in ("OPTIONS", "HEAD") and not route.path.startswith("/api/openapi"):
                        yield method, route.path, handler


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all of these tests."""
    made = Site(tmp_path_factory.mktemp("site"))
    with made.client:
        yield made
    for office in made.offices.values():
        office.close()


@pytest.fixture(autouse=True)
def _as_a_stranger(site: Site) -> None:
    site.client.cookies.clear()


def filled(path: str) -> str:
    """An address with something in each of its places."""
    for name in ("{given:str}", "{name:str}", "{view:str}", "{kind:str}", "{layer:str}", "{code:str}"):
        path = path.replace(name, "none")
    return path.replace("{lang:str}", "en").replace("{name:path}", "none").replace("{level:int}", "0")


def ask(site: Site, method: str, path: str, token: str) -> Any:
    """Ask an address with a session's cookie and its pages' token."""
    headers = {"Cookie": f"{SESSION_COOKIE}={token}", "Tansiq-CSRF": csrf_of(token), "Accept": "application/json"}
    return site.client.request(method, filled(path), headers=headers, follow_redirects=False)


def test_every_address_asks_its_role_and_no_other(site: Site) -> None:
    """Address by address and role by role: who has the role is let through, who has not is refused by name."""
    tokens = {role: site.begin(f"IQ-{role}") for role in ROLES}
    walked = 0
    for method, path, handler in site.handlers():
        asked = handler.opt.get("role", READER)
        assert asked in (*ROLES, ANYONE, MACHINE, OFFICER, OWNER), (path, asked)
        if asked in (ANYONE, MACHINE, OWNER) or path in ("/live", "/api/live", "/leave") or (method, path) == (
                "DELETE", "/api/session"):
            continue
        for role, token in tokens.items():
            answer = ask(site, method, path, token)
            refused = answer.status_code == 403 and _code(answer) == "officer.role"
            assert refused == (asked not in (OFFICER, *held(role))), f"{method} {path} as {role}"
            walked += 1
    assert walked > 7 * 40


def _code(answer: Any) -> str:
    try:
        return str(answer.json().get("code", ""))
    except (ValueError, AttributeError):
        return ""


def test_a_stranger_is_let_in_nowhere(site: Site) -> None:
    """Without a session every address but those of the entrance says so; the list of those is short and reviewed."""
    open_to_all = set()
    for method, path, handler in site.handlers():
        if handler.opt.get("role") == ANYONE:
            open_to_all.add(f"{method} {path}")
            continue
        # Through a proxy, at the floor's own address: what is for programs on this machine is shut too.
        answer = site.client.request(method, filled(path), headers={
            "Host": "floor.example", "Accept": "application/json", "Cookie": f"{VISIT_COOKIE}=v",
            "Tansiq-CSRF": csrf_of("v")}, follow_redirects=False)
        assert answer.status_code == 401 or _code(answer) == "session.absent", (method, path, answer.text[:200])
    assert open_to_all == {
        "GET /healthz", "GET /api", "GET /api/centre", "GET /api/desks", "GET /api/officers", "POST /api/session",
        "GET /enter", "POST /enter", "POST /enter/question", "POST /enter/passkey", "GET /enter/enrol",
        "POST /enter/enrol", "POST /enter/enrol/question", "POST /enter/enrol/passkey", "POST /display",
        "GET /static/{name:path}", "GET /map/names/{lang:str}",
        "GET /map/grid"}


@pytest.mark.parametrize("form", [form for desk in (*DESKS, SIGNED, TRIAL) for form in desk.forms if form.role],
                         ids=lambda form: form.kind.name)
def test_every_kind_can_be_said_by_somebody(form: Any) -> None:
    """Each form asks a role that officers can have; those that a charter can have signed are those that can be."""
    assert form.role in ROLES
    assert form.signed == (form.kind.name in SIGNED_KINDS or form.kind.name == "credential")


def test_who_owns_the_directory_is_asked_for_the_token(site: Site) -> None:
    """What only the owner may do is refused to every role, and to a wrong token."""
    for method, path, handler in site.handlers():
        if handler.opt.get("role") == OWNER:
            for token in (*(site.begin(f"IQ-{role}") for role in ROLES), "owners"):
                answer = site.client.request(method, filled(path), headers={"Authorization": f"Bearer {token}"})
                assert answer.status_code == 401, path


@pytest.mark.parametrize("path", ["/leave", "/again", "/display", "/desks/intelligence/say/report", "/me/password"])
@pytest.mark.parametrize("given", [None, "", "wrong", csrf_of("another session")])
def test_a_change_without_the_pages_token_is_refused(site: Site, path: str, given: str | None) -> None:
    """The cookie alone changes nothing: not in a form, not in a header."""
    token = site.begin("IQ-releaser")
    for sent, headers in (({} if given is None else {"csrf": given}, {}),
                          ({}, {} if given is None else {"Tansiq-CSRF": given})):
        answer = site.client.post(path, data=sent, headers={"Cookie": f"{SESSION_COOKIE}={token}",
                                                            "Accept": "application/json", **headers})
        assert (answer.status_code, _code(answer)) == (403, "session.csrf")
    assert site.client.get("/api/session", headers={"Cookie": f"{SESSION_COOKIE}={token}"}).status_code == 200


def test_the_api_asks_programs_with_a_cookie_for_the_token_too(site: Site) -> None:
    """With a cookie the header is needed; with the session's token as bearer nothing else is."""
    token = site.begin("IQ-releaser")
    body = {"words": "said", "release": ["IQ"]}
    cookie = {"Cookie": f"{SESSION_COOKIE}={token}"}
    assert _code(site.client.post("/api/trial/greeting", json=body, headers=cookie)) == "session.csrf"
    shown = site.client.get("/api/session", headers=cookie).json()
    assert site.client.post("/api/trial/greeting", json=body,
                            headers={**cookie, "Tansiq-CSRF": shown["csrf"]}).status_code == 201
    assert site.client.post("/api/trial/greeting", json=body,
                            headers={"Authorization": f"Bearer {token}"}).status_code == 201


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"},
                                     {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"}])
def test_a_change_from_elsewhere_is_refused(site: Site, headers: dict[str, str]) -> None:
    """A stranger's page is refused by where it is, whatever it brings along."""
    token = site.begin("IQ-releaser")
    answer = site.client.post("/leave", headers={"Cookie": f"{SESSION_COOKIE}={token}",
                                                 "Tansiq-CSRF": csrf_of(token), **headers})
    assert (answer.status_code, _code(answer)) == (403, "door.origin")


def test_the_floors_own_address_is_answered(site: Site) -> None:
    """Through a proxy that ends TLS the floor answers to its origin's host, and to no other name."""
    assert site.client.get("/enter", headers={"Host": "floor.example"}).status_code == 200
    assert site.client.get("/enter", headers={"Host": "evil.example"}).status_code == 403
    sent_on = site.client.get("/enter?to=%2Fjournal", follow_redirects=False)
    assert (sent_on.status_code, sent_on.headers["location"]) == (303, f"{ORIGIN}/enter?to=%2Fjournal")


def test_a_session_that_was_planted_is_not_taken_over(site: Site) -> None:
    """At sign-in the token is drawn anew, the one that came along ends, and the cookie is shut away."""
    site.offices["IQ"].passwords.set("IQ-reader", PASSWORD)
    planted = site.begin("IQ-drafter")
    for cookie in (planted, "a-token-of-a-stranger"):
        answer = site.client.post(
            "/enter", data={"officer": "IQ-reader", "password": PASSWORD, "csrf": csrf_of(cookie)},
            headers={"Cookie": f"{SESSION_COOKIE}={cookie}"}, follow_redirects=False)
        assert answer.status_code == 303
        set_cookie = answer.headers["set-cookie"]
        begun = set_cookie.partition(f"{SESSION_COOKIE}=")[2].partition(";")[0]
        assert begun not in (planted, cookie) and len(begun) > 40
        assert all(flag in set_cookie.lower() for flag in ("httponly", "secure", "samesite=strict", "path=/"))
        site.client.cookies.clear()
        for old in (planted, cookie):
            assert site.client.get("/api/session", headers={"Cookie": f"{SESSION_COOKIE}={old}"}).status_code == 401


def test_a_program_signs_in_with_a_password(site: Site) -> None:
    """The API takes a password, refuses a wrong one, and says how long to wait after too many."""
    site.offices["IQ"].passwords.set("IQ-legal", PASSWORD)
    answer = site.client.post("/api/session", json={"officer": "IQ-legal", "password": PASSWORD})
    assert (answer.status_code, answer.json()["officer"]["id"]) == (201, "IQ-legal")
    site.client.cookies.clear()
    assert _code(site.client.post("/api/session", json={"officer": "IQ-legal"})) == "signin.proof"
    codes = [_code(site.client.post("/api/session", json={"officer": "IQ-legal", "password": "wrong wet camels"}))
             for _ in range(4)]
    assert codes == ["session.wrong"] * 3 + ["session.locked"]
    locked = site.client.post("/api/session", json={"officer": "IQ-legal", "password": PASSWORD})
    assert locked.status_code == 429 and "5 seconds" in locked.json()["sentence"]


def test_officers_are_told_to_their_own(site: Site) -> None:
    """Where officers prove who they are, a stranger learns no names, and an officer those of its own member."""
    assert site.client.get("/api/officers").status_code == 401
    token = site.begin("IQ-reader")
    listed = site.client.get("/api/officers", headers={"Authorization": f"Bearer {token}"}).json()
    assert {one["member"] for one in listed} == {"IQ"}
    owner = site.client.get("/api/officers", headers={"Authorization": "Bearer owner"}).json()
    assert len(owner) >= len(listed)


def test_every_form_of_every_page_brings_the_token() -> None:
    """No template has a form that changes something without the field that the gate asks for."""
    folders = [ROOT / "tansiq/doors/web/templates", *(ROOT / "tansiq/desks").glob("*/templates")]
    found = 0
    for path in (path for folder in folders for path in folder.glob("*.html")):
        for part in path.read_text("utf-8").split("<form")[1:]:
            head, inside = part.split(">", 1)
            if 'method="post"' in head:
                found += 1
                assert "marks.ours()" in inside.split("</form>", 1)[0], f"{path.name}: <form{head}>"
    assert found >= 8


def test_safe_methods_change_nothing() -> None:
    """What the gate calls safe is what HTTP calls safe."""
    assert set(SAFE_METHODS) == {"GET", "HEAD", "OPTIONS", "TRACE"}
