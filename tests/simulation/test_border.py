"""The demonstration's border, played whole, and its desks' pages read as each member and as the partner."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tansiq.desks import DESKS
from tansiq.desks.airspace.conflicts import find_conflicts
from tansiq.doors.web import routes
from tansiq.run import Centre, found, lay_demonstration, open_centre, open_offices, play
from tests.browsing import at_our_pages

CHARTERS = Path(__file__).parents[2] / "charters"
PAGES = ("/desks/reconnaissance/picture", "/desks/reconnaissance/coverage", "/desks/reconnaissance/track?name=K-1",
         "/desks/reconnaissance/geojson", "/desks/airspace/board", "/desks/airspace/lines", "/desks/airspace/footprint",
         "/desks/protection/incidents")
DAY_MS = 86_400_000


@pytest.fixture(scope="module", name="centre")
def _centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    place = tmp_path_factory.mktemp("border")
    story = place / "border.demonstration"
    story.mkdir()
    shutil.copy(CHARTERS / "baghdad.demonstration" / "30-border.json", story)
    data = place / "data"
    begins = lay_demonstration(story, data)
    found((CHARTERS / "baghdad.toml").read_text("utf-8"), data, at_ms=begins)
    centre = open_centre(data)
    play(centre)
    centre.run_until_quiet()
    assert not centre.faults
    yield centre
    centre.stop()


def test_every_page_is_read_as_each_party(centre: Centre) -> None:
    """In every language, whatever the party holds; the partner's pages tell of no member's plan and no sighting."""
    members = [member.code for member in centre.charter.members]
    offices = open_offices(centre)
    with TestClient(Litestar(routes(centre, DESKS, offices)), base_url="http://127.0.0.1:8400") as client:
        at_our_pages(client)
        for code in centre.cells:
            entered = client.post("/enter", data={"officer": f"{code}-releaser", "to": "/"}, follow_redirects=False)
            assert entered.status_code == 303, entered.text
            for page in PAGES:
                sign = "&" if "?" in page else "?"
                texts = [client.get(f"{page}{sign}lang={lang}") for lang in centre.charter.languages]
                assert [text.status_code for text in texts] == [200] * len(texts), (code, page)
            coverage = client.get("/desks/reconnaissance/coverage?lang=en").text
            board = client.get("/desks/airspace/board?lang=en").text
            assert ("Nobody is looking at" in coverage) == (code in members)
            assert ("القائم" in board) == (code in members), "the plan near Al-Qa'im is the members' alone"
    for office in offices.values():
        office.close()


def test_conflicts_are_the_same_at_every_member_and_known_to_the_partner(centre: Centre) -> None:
    """The two flights that neither had seen were settled; the coalition's footprint gives way, and the partner learns
    of it from its own register, which holds no plan of a member."""
    partner = centre.charter.partners[0].code
    found_at = {}
    for code, cell in centre.cells.items():
        look = cell.look()
        found_at[code] = [(one.one.author, one.other.author, one.yields, one.waits(partner))
                          for one in find_conflicts(look, since=look.now, until=look.now + 4 * DAY_MS)]
    assert len({tuple(found_at[member.code]) for member in centre.charter.members}) == 1
    assert [pair[:2] for pair in found_at[partner]] == [("IQ", partner)]
    assert all(pair[3] for pairs in found_at.values() for pair in pairs)
    rows = centre.cells[partner].registers.query("airspace", "volumes", since=0, until=1 << 60)
    assert {row.author for row in rows} == {partner}


def test_a_rebuild_finds_the_same(centre: Centre) -> None:
    """Folded again from the journal, a member's registers answer alike."""
    cell = centre.cells[centre.charter.members[0].code]
    before = [cell.registers.query("airspace", name, since=0, until=1 << 60) for name in ("volumes", "threads")]
    centre.rebuild(cell.code, progress=lambda done, total: None)
    assert before == [cell.registers.query("airspace", name, since=0, until=1 << 60) for name in ("volumes", "threads")]
