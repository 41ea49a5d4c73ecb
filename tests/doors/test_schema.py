"""The description of the API holds: what it promises is what is answered, whatever is sent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors.conftest import TOKEN, Door


def test_answers_keep_to_the_description(door: Door) -> None:
    """Requests made from the description, good and bad, never end in a fault of the server; failures have a shape."""
    schemathesis: Any = pytest.importorskip("schemathesis")
    hypothesis: Any = pytest.importorskip("hypothesis")
    described = schemathesis.openapi.from_dict(door.client.get("/api/openapi.json").json())
    headers = {"Authorization": f"Bearer {TOKEN}", "Tansiq-Officer": f"{door.first}-releaser"}
    for found in described.get_all_operations():
        operation = found.ok()
        if operation.path == "/api/live":
            continue

        @hypothesis.settings(max_examples=15, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
        @hypothesis.given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            """No answer is a fault, and every failure says why."""
            sent = case.as_transport_kwargs(base_url="http://127.0.0.1:8400")
            kept = {key: sent[key] for key in ("params", "json", "content", "data") if sent.get(key) is not None}
            answer = door.client.request(sent["method"], sent["url"], headers=headers, **kept)
            assert answer.status_code < 500, answer.text
            if answer.status_code >= 400:
                assert {"code", "sentence"} <= set(answer.json())

        ask()
