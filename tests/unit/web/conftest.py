"""The floor over a centre of memory, for requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tansiq.charter import parse_charter
from tansiq.desks import DESKS
from tansiq.doors.web import routes
from tansiq.doors.web.assets import FOLDER
from tests.browsing import at_our_pages
from tests.trial_desk import DESK as TRIAL
from tests.unit.web.centre import MemoryCentre

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Visit:
    """A browser's client and the centre behind it."""

    client: TestClient[Litestar]
    centre: MemoryCentre

    def enter(self, officer: str) -> None:
        """Choose an officer; the client keeps the cookie."""
        answer = self.client.post("/enter", data={"officer": officer, "to": "/"}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), answer.text


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    """The floor with the desks of the package and one that lives only in the tests."""
    if not (FOLDER / "manifest.json").is_file():
        pytest.skip("the pages are not built (script/bootstrap)")
    charter = parse_charter((ROOT / "charters/baghdad.toml").read_text("utf-8"))
    desks = (*DESKS, TRIAL)
    centre = MemoryCentre(charter, desks, tmp_path)
    offices = centre.offices()
    with TestClient(Litestar(routes(centre, desks, offices)), base_url="http://127.0.0.1:8400") as client:
        yield Visit(at_our_pages(client), centre)
    for office in offices.values():
        office.close()
    centre.stop()
