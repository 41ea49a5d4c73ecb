"""The API, by real requests through the whole application."""

from __future__ import annotations

from typing import Any

import pytest

from tansiq.doors.api import EXACT, STATUS, status_of
from tansiq.errors import FAMILIES, Conflict, Refused, Unavailable
from tests.doors.conftest import TOKEN, Door

GREETING = "/api/trial/greeting"


def _said(door: Door, words: str = "peace", **more: Any) -> str:
    door.sign_in(f"{door.first}-releaser")
    answer = door.client.post(GREETING, json={"words": words, "release": [door.first], **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["ids"][0])


def test_the_table_of_failures_is_total() -> None:
    """Every family of failure has a status, and every code that has its own has a sensible one."""
    assert set(STATUS) == set(FAMILIES)
    assert all(400 <= status < 600 for status in (*STATUS.values(), *EXACT.values()))
    assert status_of(Conflict("anything", "x")) == 409


def test_a_desk_of_the_tests_has_its_addresses(door: Door) -> None:
    """A desk that the package does not know stands in the description, the list of desks, and can be said and read."""
    described = door.client.get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert {GREETING, f"{GREETING}/batch", "/api/trial"} <= set(described["paths"])
    act = _said(door)
    assert [a["id"] for a in door.client.get("/api/trial").json()["acts"]] == [act]
    assert door.client.get("/api/desks").json()[0]["kinds"][0]["fields"][0]["name"] == "words"
    assert GREETING in door.client.get("/api").text


def test_an_act_is_said_and_read_again(door: Door) -> None:
    """What was said is found by id, by reference, in its thread, with its receipt."""
    act = _said(door)
    for given in (act, f"{door.first} 1"):
        assert door.client.get(f"/api/acts/{given}").json()["id"] == act
    assert door.client.get(f"/api/acts/{act}/receipt").json()["state"] == "settled"
    assert len(door.client.get(f"/api/threads/{act}").json()) == 1
    assert door.client.get("/api/acts", params={"text": "nothing"}).json() == {"count": 0, "acts": []}


def test_a_batch_is_said_in_order(door: Door) -> None:
    """A batch answers with one id for each act, in the order given; an empty or too long one is refused."""
    door.sign_in(f"{door.first}-releaser")
    one = {"words": "x", "release": [door.first]}
    assert len(door.client.post(f"{GREETING}/batch", json=[one, one]).json()["ids"]) == 2
    for batch in ([], [one] * 1_001):
        answer = door.client.post(f"{GREETING}/batch", json=batch)
        assert (answer.status_code, answer.json()["code"]) == (400, "batch.size")


def test_nobody_reads_without_a_session(door: Door) -> None:
    """Without a session, with an ended one or a wrong token, reading and saying are refused with 401."""
    for path in ("/api/acts", "/api/journal", "/api/live", "/api/trial", "/api/session"):
        answer = door.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "session.absent"), path
    assert door.client.get("/api/acts", headers={"Authorization": "Bearer wrong"}).status_code == 401
    door.sign_in(f"{door.first}-reader")
    assert door.client.get("/api/acts").status_code == 200
    assert door.client.delete("/api/session").status_code == 204
    assert door.client.get("/api/acts").status_code == 401


def test_the_cookie_is_held_close(door: Door) -> None:
    """The session's cookie is out of reach for scripts and for other sites."""
    header = door.client.post("/api/session", json={"officer": f"{door.first}-reader"}).headers["set-cookie"].lower()
    assert "httponly" in header and "samesite=strict" in header and header.startswith("tansiq=")


def test_only_a_releaser_says(door: Door) -> None:
    """A reader and a drafter are refused in a sentence that names the role."""
    for role in ("reader", "drafter"):
        door.sign_in(f"{door.first}-{role}")
        answer = door.client.post(GREETING, json={"words": "x", "release": [door.first]})
        assert (answer.status_code, answer.json()["code"]) == (403, "officer.role")
        assert "releaser" in answer.json()["sentence"]
    assert door.centre.cells[door.first].rows == []


def test_an_officer_sees_its_own_cell(door: Door) -> None:
    """An officer of another member asks another cell, and finds there only what that cell holds."""
    act = _said(door)
    door.sign_in(f"{door.second}-reader")
    assert door.client.get("/api/acts").json()["count"] == 0
    assert door.client.get(f"/api/acts/{act}").status_code == 404


@pytest.mark.parametrize("headers", [
    {"Host": "tansiq.example"}, {"Host": "127.0.0.1.example:8400"}, {"Host": "127.0.0.1:8400@x"}, {"Host": ""},
    {"Host": "localhost:80x"},
])
def test_a_foreign_host_is_refused(door: Door, headers: dict[str, str]) -> None:
    """A name that was rebound to this machine is not answered, on any address."""
    for path in ("/healthz", "/api", "/api/officers", "/api/openapi.json"):
        answer = door.client.get(path, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "door.host")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:9", "[::1]:8400", "LOCALHOST"])
def test_this_machine_is_answered_by_its_names(door: Door, host: str) -> None:
    """Loopback names are answered, with or without a port."""
    assert door.client.get("/healthz", headers={"Host": host}).status_code == 200


def test_a_change_from_another_origin_is_refused(door: Door) -> None:
    """A form on another site, or in a frame without origin, changes nothing; our own pages do."""
    body = {"officer": f"{door.first}-reader"}
    for origin in ("http://evil.example", "null", "http://127.0.0.1:9999"):
        answer = door.client.post("/api/session", json=body, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "door.origin")
    own = {"Origin": "http://127.0.0.1:8400"}
    assert door.client.post("/api/session", json=body, headers=own).status_code == 201


@pytest.mark.parametrize("body", [
    b'{"words":"a","words":"b","release":["X"]}', b'{"words":"a\\u0000","release":["X"]}', b'{"words":NaN}',
    b'{"words":"\\ud800"}', b'\xff\xfe', b'{"words":', b"[" * 100_000, b'[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]',
    b'{"words":1,"release":["X"]}', b'{"release":["X"]}', b'{"words":"a","release":["X"],"more":1}', b"null", b"[]",
    b'{"words":"a","release":"X"}', b"",
])
def test_bad_bodies_are_refused_in_a_sentence(door: Door, body: bytes) -> None:
    """A body of two meanings, a wrong shape or unknown fields costs its sender one clear sentence, and says nothing."""
    door.sign_in(f"{door.first}-releaser")
    answer = door.client.post(GREETING, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] in ("request.json", "request.shape", "json.shape") and answer.json()["sentence"]
    assert door.centre.cells[door.first].rows == []


def test_a_body_that_is_too_large_is_refused(door: Door) -> None:
    """More than a mebibyte for one act is refused with 413 before it is read."""
    door.sign_in(f"{door.first}-releaser")
    answer = door.client.post(GREETING, json={"words": "x" * 1_100_000, "release": [door.first]})
    assert (answer.status_code, answer.json()["code"]) == (413, "request.size")
    assert "the 1048576 bytes" in answer.json()["sentence"]


@pytest.mark.parametrize(("name", "value"), [
    ("box", "1,2,3"), ("box", "nan,0,1,1"), ("box", "0,10,1,5"), ("box", "٤٣,٣٣,٤٤,٣٤"), ("after", "yesterday"),
    ("after", "2015-13-01"), ("limit", "0"), ("limit", "1001"), ("limit", "x"), ("author", "../IQ"), ("text", "a\0b"),
    ("precedence", "soon"), ("offset", "-1"), ("colour", "red"), ("text", "x" * 401),
])
def test_bad_filters_are_refused(door: Door, name: str, value: str) -> None:
    """A filter that means nothing is refused with its name, not passed over."""
    door.sign_in(f"{door.first}-reader")
    answer = door.client.get("/api/acts", params={name: value})
    assert answer.status_code == 400 and answer.json()["field"] == name, answer.text


def test_what_a_caller_can_do_is_said(door: Door) -> None:
    """A busy centre answers 503 with Retry-After; a refusal names the article."""
    door.sign_in(f"{door.first}-releaser")
    cell, body = door.centre.cells[door.first], {"words": "x", "release": [door.first]}
    cell.failure = Unavailable("registrar.busy", "The registrar is busy.")
    answer = door.client.post(GREETING, json=body)
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    cell.failure = Refused("article", "Article {article} forbids it.", article="7")
    assert door.client.post(GREETING, json=body).json()["article"] == "7"


def test_addresses_that_are_not_there_answer_in_the_same_shape(door: Door) -> None:
    """An unknown address below /api and a wrong method answer with a code and a sentence."""
    assert door.client.put("/api/session").json()["code"] == "address.method"
    assert door.client.get("/api/acts/nothing").json()["code"] == "session.absent"


def test_the_owner_acts_as_any_officer(door: Door) -> None:
    """The token of the directory's owner checks and rebuilds, and acts as the officer it names; a session may not."""
    owner = {"Authorization": f"Bearer {TOKEN}"}
    assert door.client.post(f"/api/cells/{door.first}/verify", headers=owner).json() == {"size": 1}
    assert door.client.post(f"/api/cells/{door.first}/rebuild", headers=owner).json() == {"acts": 0}
    named = owner | {"Tansiq-Officer": f"{door.first}-reader"}
    assert door.client.get("/api/acts", headers=named).status_code == 200
    assert door.client.get("/api/acts", headers=owner).json()["code"] == "officer.unknown"
    door.sign_in(f"{door.first}-releaser")
    assert door.client.post(f"/api/cells/{door.first}/rebuild").status_code == 401


def test_health_is_told_to_this_machine(door: Door) -> None:
    """/healthz needs no session and tells size, settled and lag."""
    assert {"size", "settled", "cells"} <= set(door.client.get("/healthz").json())


def test_a_draft_is_kept_and_dropped_by_its_officer(door: Door) -> None:
    """A draft is kept under one id as it grows, seen by its officer alone, and dropped by nobody else."""
    door.sign_in(f"{door.first}-drafter")
    held = {"desk": "trial", "kind": "greeting", "sent": {"words": ["peace"]}}
    draft = door.client.post("/api/drafts", json=held).json()["id"]
    again = door.client.post("/api/drafts", json={**held, "sent": {"words": ["peace be"]}, "id": draft}).json()["id"]
    own = door.client.get("/api/drafts").json()
    assert again == draft and [(one["id"], one["sent"]) for one in own] == [(draft, {"words": ["peace be"]})]
    door.sign_in(f"{door.first}-releaser")
    assert door.client.get("/api/drafts").json() == []
    assert door.client.delete(f"/api/drafts/{draft}").status_code == 204
    door.sign_in(f"{door.first}-drafter")
    assert len(door.client.get("/api/drafts").json()) == 1
    assert door.client.delete(f"/api/drafts/{draft}").status_code == 204
    assert door.client.get("/api/drafts").json() == []


def test_a_draft_of_nothing_is_refused(door: Door) -> None:
    """A reader keeps no draft; a kind that nobody knows has none."""
    held = {"desk": "trial", "kind": "greeting", "sent": {}}
    door.sign_in(f"{door.first}-reader")
    assert door.client.post("/api/drafts", json=held).status_code == 403
    door.sign_in(f"{door.first}-drafter")
    assert door.client.post("/api/drafts", json={**held, "kind": "none"}).status_code in (400, 404)
    assert door.client.post("/api/drafts", json={**held, "id": "none"}).json()["code"] == "draft.absent"
