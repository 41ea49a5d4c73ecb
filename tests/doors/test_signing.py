"""Signing through the API: an act made ready, the passkey's answer, and what every cell then knows of who decided."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from tansiq import run, wire
from tansiq.cell import founding
from tansiq.desks import cell as cell_desk
from tansiq.office import SignIn
from tests import signed_desk
from tests.authenticator import ORIGIN, Passkey, base64url
from tests.faults.making import Clock

DESKS = (replace(signed_desk.DESK, forms=(replace(signed_desk.DESK.forms[0], withheld=("words",)),)), cell_desk.DESK)
CONSENT = {"words": {"lang": "en", "text": "Agreed, by day."}, "release": ["IQ", "RU"]}
DAY_MS = 86_400_000


class Cell:
    """IQ's cell behind the whole application, where a consenting officer's passkey is known to all members."""

    def __init__(self, folder: Path) -> None:
        self.centre = run.open_centre(folder, DESKS, clock=Clock(1_760_000_060_000))
        self.offices = run.open_offices(self.centre)
        self.office = self.offices["IQ"]
        app = run.application(self.centre, DESKS, self.offices, token="owner",
                              sign_in=SignIn(choosing=False, origin=ORIGIN))
        self.client = TestClient(app, base_url=ORIGIN)
        self.passkey = Passkey(seed=1)
        self.office.passkeys.add("IQ-consenter", (self.passkey.id, self.passkey.public, 0), origin=ORIGIN)

    def publish(self) -> None:
        """Tell all members whose passkey it is."""
        mine = self.centre.cells["IQ"]
        mine.say("credential", {
            "holder": "IQ-consenter", "roles": ["consenter"], "credential": wire.write_base64(self.passkey.id),
            "key": wire.write_base64(self.passkey.public), "origin": ORIGIN, "valid_from": mine.now() - DAY_MS,
            "valid_until": mine.now() + DAY_MS, "release": [one.code for one in self.centre.charter.members],
        }, officer="IQ-administrator")

    def ask(self, officer: str, path: str, given: Any = None) -> Any:
        """Ask as a program does, with an officer's token: GET, or POST where something is given."""
        token = self.office.sessions.begin(officer, "password")
        return self.client.request("GET" if given is None else "POST", path, json=given,
                                   headers={"Authorization": f"Bearer {token}"})

    def begin(self, **changed: Any) -> Any:
        """Make a consent ready, and give what is told of it."""
        answer = self.ask("IQ-consenter", "/api/decisions/consent/signing", CONSENT | changed)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def sign(self, question: dict[str, Any], *, officer: str = "IQ-consenter", by: Passkey | None = None) -> Any:
        """Answer a question with a passkey."""
        return self.ask(officer, "/api/signing", {"answer": (by or self.passkey).answer(question)})


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy, whose charter asks that consents are signed."""
    folder = tmp_path_factory.mktemp("signing")
    founding.found(signed_desk.charter_text(), folder, clock=Clock(), desks=DESKS)
    return folder


@pytest.fixture
def cell(founded: Path, tmp_path: Path) -> Iterator[Cell]:
    """A cell for one test."""
    shutil.copytree(founded, tmp_path / "centre")
    made = Cell(tmp_path / "centre")
    with made.client:
        yield made
    for office in made.offices.values():
        office.close()
    made.centre.stop()


def _code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_program_says_what_its_officer_signed(cell: Cell) -> None:
    """In two steps a consent is said; in every cell it stands with its officer's own signature; in one step never."""
    cell.publish()
    assert _code(cell.ask("IQ-consenter", "/api/decisions/consent", CONSENT)) == (403, "act.assertion")
    told = cell.begin()
    asked = told["question"]
    assert asked["challenge"] == base64url(bytes.fromhex(told["challenge"])) and asked["rpId"] == "floor.example"
    assert [one["id"] for one in asked["allowCredentials"]] == [base64url(cell.passkey.id)]
    assert cell.centre.cells["RU"].registers.thread("0" * 64) == []
    said = cell.sign(asked)
    assert said.status_code == 201, said.text
    row = cell.centre.cells["RU"].registers.act(said.json()["ids"][0])
    assert row.void is None and row.officer == "IQ-consenter" and row.act.words.text == "Agreed, by day."
    assert wire.parse_base64(row.act.assertion.credential) == cell.passkey.id


def test_what_waits_can_be_looked_at_by_its_officer_alone(cell: Cell) -> None:
    """Until it is signed it is found by its challenge, without what no program may have; once signed it is gone."""
    cell.publish()
    told = cell.begin()
    at = f"/api/signing/{told['challenge']}"
    assert cell.ask("IQ-consenter", at).json() == told
    assert told["withheld"] == ["words"] and "words" not in told["act"] and told["act"]["release"] == ["IQ", "RU"]
    assert told["page"] == f"/sign/{told['challenge']}"
    assert _code(cell.ask("IQ-second", at)) == (403, "passkey.unknown")
    assert cell.sign(told["question"]).status_code == 201
    for answer in (cell.ask("IQ-consenter", at), cell.sign(told["question"])):
        assert _code(answer) == (403, "challenge.absent")


@pytest.mark.parametrize(("officer", "by", "code"), [
    ("IQ-second", None, "passkey.unknown"),
    ("IQ-consenter", Passkey(seed=7), "passkey.unknown"),
    ("IQ-consenter", Passkey(seed=1, flags=1), "assertion.authenticator"),
    ("IQ-consenter", Passkey(seed=1, origin="https://evil.example"), "assertion.client"),
], ids=["another officer", "another passkey", "nobody verified", "another address"])
def test_another_hand_signs_nothing(cell: Cell, officer: str, by: Passkey | None, code: str) -> None:
    """An answer of somebody else, or from elsewhere, is refused, and nothing is said."""
    cell.publish()
    size = cell.centre.status()["size"]
    assert _code(cell.sign(cell.begin()["question"], officer=officer, by=by)) == (403, code)
    assert cell.centre.status()["size"] == size


def test_roles_bind_programs_as_they_bind_buttons(cell: Cell) -> None:
    """Who may not consent makes nothing ready; who may no more when the answer comes has said nothing."""
    cell.publish()
    assert _code(cell.ask("IQ-reader", "/api/decisions/consent/signing", CONSENT)) == (403, "officer.role")
    question = cell.begin()["question"]
    cell.office.change(replace(cell.office.officer("IQ-consenter"), roles=("reader",)))
    assert _code(cell.sign(question)) == (403, "officer.role")


def test_nothing_is_made_ready_that_could_not_count(cell: Cell) -> None:
    """Without a published passkey, or with words that the rule refuses, the first step says so."""
    assert _code(cell.ask("IQ-consenter", "/api/decisions/consent/signing", CONSENT)) == (403, "passkey.unpublished")
    cell.publish()
    nothing = CONSENT | {"words": {"lang": "en", "text": "nothing"}}
    assert _code(cell.ask("IQ-consenter", "/api/decisions/consent/signing", nothing)) == (403, "trial.nothing")


def test_what_needs_no_signature_is_not_signed(cell: Cell) -> None:
    """Where the charter asks for none, the first step is refused: no cell would look at the signature."""
    fields = {"holder": "IQ-second", "roles": ["reader"], "credential": wire.write_base64(Passkey(seed=3).id),
              "key": wire.write_base64(Passkey(seed=3).public), "origin": ORIGIN, "valid_from": 1_760_000_000_000,
              "valid_until": 1_760_000_000_000 + DAY_MS, "release": ["IQ", "IR", "RU", "SY"]}
    answer = cell.ask("IQ-administrator", "/api/cell/credential/signing", fields)
    assert _code(answer) == (403, "signing.unasked")
