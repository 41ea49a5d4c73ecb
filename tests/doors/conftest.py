"""A floor of memory behind a real application, for requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tansiq.charter import parse_charter
from tansiq.doors.api import FAILURE_HANDLERS, openapi_config, routes
from tansiq.doors.guard import Loopback
from tansiq.office import Office, demonstration_officers
from tests.browsing import at_our_pages
from tests.doors.trial import TRIAL, MemoryCentre

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "the-owner's-token"


@dataclass
class Door:
    """A client, the centre behind it and the codes of two of its members."""

    client: TestClient[Litestar]
    centre: MemoryCentre
    first: str
    second: str

    def sign_in(self, officer: str) -> None:
        """Begin a session; the client keeps the cookie."""
        answer = self.client.post("/api/session", json={"officer": officer})
        assert answer.status_code == 201, answer.text


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    """The API over a centre of memory, with a desk that the package does not know."""
    charter = parse_charter((ROOT / "charters/baghdad.toml").read_text("utf-8"))
    centre = MemoryCentre(charter)
    offices = {code: Office.open(tmp_path / f"{code}.db", clock=lambda: 1_444_000_000_000) for code in centre.cells}
    for code, officers in demonstration_officers(charter).items():
        offices[code].enrol(officers)
    app = Litestar(routes(centre, (TRIAL,), offices, administration_token=TOKEN), middleware=[Loopback],
                   openapi_config=openapi_config(), exception_handlers=dict(FAILURE_HANDLERS))
    first, second = sorted(centre.cells)[:2]
    with TestClient(app, base_url="http://127.0.0.1:8400") as client:
        yield Door(at_our_pages(client), centre, first, second)
    for office in offices.values():
        office.close()
