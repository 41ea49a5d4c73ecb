"""Administration over real cells: officers, passkeys published to all, duty, instruments, logs, sessions to end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from tansiq import run, wire
from tansiq.cell import founding
from tansiq.desks import cell as cell_desk
from tansiq.desks import intelligence
from tansiq.doors.gate import SESSION_COOKIE, csrf_of
from tansiq.doors.web.assets import FOLDER
from tansiq.office import SignIn
from tests import signed_desk
from tests.authenticator import ORIGIN, Passkey, base64url
from tests.faults.making import Clock

DESKS = (intelligence.DESK, signed_desk.DESK, cell_desk.DESK)
PARTS = ("", "/duty", "/keys", "/record", "/readings", "/sessions")


class Cell:
    """IQ's cell behind the whole application, and who asks it."""

    def __init__(self, folder: Path) -> None:
        founding.found(signed_desk.charter_text(), folder, clock=Clock(), desks=DESKS)
        self.centre = run.open_centre(folder, DESKS, clock=Clock(1_760_000_060_000))
        self.offices = run.open_offices(self.centre)
        self.office = self.offices["IQ"]
        app = run.application(self.centre, DESKS, self.offices, token="owner",
                              sign_in=SignIn(choosing=False, origin=ORIGIN))
        self.client = TestClient(app, base_url=ORIGIN)
        self.token = self.office.sessions.begin("IQ-administrator", "password")

    def ask(self, method: str, path: str, *, token: str | None = None, **given: Any) -> Any:
        """Ask as an administrator, or with another session."""
        used = token or self.token
        headers = {"Cookie": f"{SESSION_COOKIE}={used}", "Tansiq-CSRF": csrf_of(used), "Accept-Language": "en"}
        return self.client.request(method, path, headers=headers, follow_redirects=False, **given)


@pytest.fixture(scope="module")
def cell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cell]:
    """One cell for all of these tests."""
    if not (FOLDER / "manifest.json").is_file():
        pytest.skip("the pages are not built (script/bootstrap)")
    made = Cell(tmp_path_factory.mktemp("cell"))
    with made.client:
        yield made
    for office in made.offices.values():
        office.close()
    made.centre.stop()


@pytest.mark.parametrize("lang", ["ar", "fa", "ru", "en"])
def test_every_part_stands_in_every_language(cell: Cell, lang: str) -> None:
    """Six parts, four languages, no script in the page."""
    for part in PARTS:
        page = cell.ask("GET", f"/administration{part}", params={"lang": lang})
        assert page.status_code == 200 and f'lang="{lang}"' in page.text, page.text[:300]
        assert not re.search(r"<script>|\son[a-z]+=|\sstyle=", page.text)


def test_an_administrator_is_sent_to_its_own_work(cell: Cell) -> None:
    """Who reads no act has no first page of acts; what is not there is not there."""
    assert cell.ask("GET", "/").headers["location"] == "/administration"
    assert cell.ask("GET", "/administration/nothing").status_code == 404
    assert cell.ask("GET", "/journal").status_code == 403


def test_an_officer_is_made_and_enters_with_its_code(cell: Cell) -> None:
    """The code is shown once; the officer enters with it; new roles end its sessions; an end is for good."""
    page = cell.ask("POST", "/administration/officers", data={"id": "night-duty", "name": "Duty officer",
                                                              "roles": ["reader", "releaser"]})
    code = re.search(r"data-code>([A-Z2-9-]{19})<", page.text)
    assert code and code[1] not in cell.ask("GET", "/administration").text
    begun = cell.client.post("/enter/enrol", data={"officer": "IQ-night-duty", "code": code[1],
                                                   "password": "seven wet camels", "csrf": csrf_of("v")},
                             headers={"Cookie": "tansiq-visit=v"}, follow_redirects=False)
    assert begun.status_code == 303, begun.text
    cell.client.cookies.clear()
    assert cell.ask("POST", "/administration/officers/IQ-night-duty/change",
                    data={"name": "Duty officer", "roles": ["reader"]}).status_code == 303
    row = next(one for one in cell.ask("GET", "/api/administration/officers").json() if one["id"] == "IQ-night-duty")
    assert (row["roles"], row["sessions"], row["has_password"]) == (["reader"], 0, True)
    cell.ask("POST", "/administration/officers/IQ-night-duty/end")
    again = cell.ask("POST", "/administration/officers", data={"id": "night-duty", "name": "x", "roles": ["reader"]})
    assert again.status_code == 403 and "an id is given once" in again.text
    deeds = [deed["what"] for deed in cell.ask("GET", "/api/administration/deeds").json()]
    assert deeds[:4] == ["ended", "changed", "code", "made"]


def test_what_changes_asks_for_presence(cell: Cell) -> None:
    """A stale administrator may look, and changes nothing, on pages or through the API."""
    token = cell.office.sessions.begin("IQ-administrator", "password")
    cell.office._file.run("UPDATE session SET proved=0 WHERE hash=?", wire.sha256(b"tansiq/session/" + token.encode()))
    assert cell.ask("GET", "/administration", token=token).status_code == 200
    for method, path, given in (
        ("POST", "/administration/officers/IQ-reader/code", {}), ("POST", "/administration/duty/none/off", {}),
        ("POST", "/api/administration/officers/IQ-reader/code", {}), ("DELETE", "/api/administration/duty/none", {}),
    ):
        answer = cell.ask(method, path, token=token, **given)
        assert answer.status_code == 403 and "session.stale" in answer.text, path
    assert cell.office.enrolment.until("IQ-reader") is None


def test_a_passkey_is_published_to_all_and_the_next_is_signed(cell: Cell) -> None:
    """The administrator's own goes out first; after that each waits for its signature; an end reaches every cell."""
    mine, theirs = Passkey(seed=1), Passkey(seed=2)
    for officer, key in (("IQ-administrator", mine), ("IQ-consenter", theirs)):
        cell.office.passkeys.add(officer, (key.id, key.public, 0), origin=ORIGIN)
    first = cell.ask("POST", f"/administration/passkeys/{mine.id.hex()}/publish")
    assert first.headers["location"] == "/administration"
    asked = cell.ask("POST", f"/administration/passkeys/{theirs.id.hex()}/publish").headers["location"]
    assert asked.startswith("/sign/")
    assert "IQ-consenter" in cell.ask("GET", asked).text
    proof = mine.answer({"challenge": base64url(bytes.fromhex(asked.rpartition("/")[2]))})
    signed = cell.ask("POST", "/sign", json={"answer": proof, "to": "/administration"})
    assert signed.json() == {"to": "/administration"}, signed.text
    known = cell.centre.cells["RU"].registers.query("cell", "published", author="IQ")
    assert [(one.holder, one.signed) for one in known] == [("IQ-consenter", True), ("IQ-administrator", False)]
    cell.ask("POST", f"/administration/passkeys/{theirs.id.hex()}/end", data={"reason": "lost"})
    known = cell.centre.cells["RU"].registers.query("cell", "published", author="IQ")
    assert known[0].reason == "lost" and cell.office.passkeys.of("IQ-consenter") == []


def test_duty_is_put_down_and_struck(cell: Cell) -> None:
    """A turn with its telephone; a number that is none is refused beside the form, in a sentence."""
    sent = {"officer": "IQ-releaser", "telephone": "+964 1 555 0142", "since": "2025-10-09T06:00Z",
            "until": "2025-10-10T06:00Z"}
    assert cell.ask("POST", "/administration/duty", data=sent).status_code == 303
    turn = cell.ask("GET", "/api/administration/duty").json()[0]
    assert "+964 1 555 0142" in cell.ask("GET", "/administration/duty").text
    wrong = cell.ask("POST", "/administration/duty", data={**sent, "telephone": "call me"})
    assert wrong.status_code == 400 and "no telephone number" in wrong.text
    assert cell.ask("DELETE", f"/api/administration/duty/{turn['id']}").status_code == 204
    assert cell.ask("GET", "/api/administration/duty").json() == []


def test_the_instruments_tell_of_keys_quorum_and_clock(cell: Cell) -> None:
    """Every party's keys, introductions with their end, who cosigned when, the clocks side by side."""
    keys = cell.ask("GET", "/api/administration/keys").json()
    members = [member.code for member in cell.centre.charter.members]
    assert {one["code"] for one in keys["parties"]} >= set(members)
    mine = [one for one in keys["introductions"] if one["author"] == "IQ"]
    assert all(one["until_ms"] > 1_760_000_000_000 for one in mine) and len(mine) >= len(members)
    cosigners = cell.ask("GET", "/api/administration/quorum").json()
    assert [one["code"] for one in cosigners] == sorted(members) and all(one["at_ms"] for one in cosigners)
    clock = cell.ask("GET", "/api/administration/clock").json()
    assert abs(clock["apart_ms"]) < 60_000 and clock["measured_ms"] <= clock["now_ms"]


def test_the_reading_log_is_found_by_filters(cell: Cell) -> None:
    """By officer, by act and by time; an instant that is none is refused in a sentence."""
    for officer, act in (("IQ-reader", "ab" * 32), ("IQ-releaser", "cd" * 32)):
        cell.office.log_reading(officer, act)
    page = cell.ask("GET", "/administration/readings", params={"by": "IQ-reader"}).text
    assert "ab" * 32 in page and "cd" * 32 not in page
    assert len(cell.ask("GET", "/api/administration/readings", params={"act": "cd" * 32}).json()) == 1
    later = cell.ask("GET", "/administration/readings", params={"after": "2030-01-01T00:00Z"})
    assert "data-row" not in later.text
    assert cell.ask("GET", "/administration/readings", params={"after": "soon"}).status_code == 400


def test_a_session_is_ended_from_here(cell: Cell) -> None:
    """The administrator sees who is in and ends it; the token is never shown."""
    token = cell.office.sessions.begin("IQ-reader", "passkey")
    listed = cell.ask("GET", "/administration/sessions").text
    assert token not in listed
    one = next(s for s in cell.office.sessions.running() if s.officer == "IQ-reader")
    cell.ask("POST", f"/administration/sessions/{one.id}/end")
    assert cell.ask("GET", "/api/session", token=token).status_code == 401
