"""A client that does as a browser with our pages does: whatever changes something brings the page's own token."""

from __future__ import annotations

from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from tansiq.doors.gate import CSRF_HEADER, SESSION_COOKIE, VISIT_COOKIE, csrf_of
from tansiq.doors.guard import SAFE_METHODS

VISIT = "a-visit-of-the-tests"


def at_our_pages(client: TestClient[Litestar]) -> TestClient[Litestar]:
    """Let a client send the token with every change. Tests of the gate itself use one without."""
    client.cookies.set(VISIT_COOKIE, VISIT)

    def bring(request: httpx.Request) -> None:
        if request.method not in SAFE_METHODS and CSRF_HEADER not in request.headers:
            cookies = dict(part.strip().split("=", 1) for part in request.headers.get("cookie", "").split(";") if part)
            request.headers[CSRF_HEADER] = csrf_of(cookies.get(SESSION_COOKIE) or cookies.get(VISIT_COOKIE, ""))

    hooks: Any = client.event_hooks
    client.event_hooks = {**hooks, "request": [*hooks["request"], bring]}
    return client
