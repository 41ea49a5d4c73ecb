"""The demonstration's border, played whole, and its desks' pages read as each member and as the partner."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tansiq.cell.registers import ActQuery
from tansiq.desks import DESKS
from tansiq.desks.airspace import Footprint
from tansiq.desks.airspace.conflicts import find_conflicts
from tansiq.desks.fields import compose
from tansiq.desks.protection import following
from tansiq.doors.web import routes
from tansiq.run import Centre, found, lay_demonstration, open_centre, open_offices, play
from tests.browsing import at_our_pages

CHARTERS = Path(__file__).parents[2] / "charters"
PAGES = ("/desks/reconnaissance/picture", "/desks/reconnaissance/coverage", "/desks/reconnaissance/track?name=K-1",
         "/desks/reconnaissance/geojson", "/desks/airspace/board", "/desks/airspace/lines", "/desks/airspace/footprint",
         "/desks/protection/incidents", "/desks/protection/sites", "/desks/reconnaissance", "/desks/airspace",
         "/desks/protection", "/")
LAYERS = ("reconnaissance/coverage", "reconnaissance/sightings", "reconnaissance/tracks", "airspace/notices",
          "airspace/footprints", "protection/sites?box=40,33,43,36", "protection/incidents")
TOLD = {
    "/desks/reconnaissance/coverage": ("S2", False), "/desks/reconnaissance/picture": ("نفتکش تنها", False),
    "/desks/reconnaissance/track?name=K-9": ("نفتکش تنها", False), "/desks/airspace/board": ("دورية جوية شرق", False),
    "/desks/airspace/lines": ("suspended since", True), "/desks/protection/sites": ("field hospital at Al-Qa", False),
    "/desks/protection/incidents": ("closer than agreed", True),
}
"""What stands on a page (in English) for every member, and whether the partner reads it too."""
DAY_MS = 86_400_000
UNNAMED = re.compile(r'data-main href="[^"]*">\s*(<span[^>]*>\s*</span>)?\s*</a>')


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
            for page, (words, shared) in TOLD.items():
                sign = "&" if "?" in page else "?"
                main = client.get(f"{page}{sign}lang=en").text.partition('class="desk-part"')[2]
                assert (words in main) == (code in members or shared), (code, page)
            drawn = [{one["properties"]["author"] for one in client.get(f"/map/layers/{layer}").json()["features"]}
                     for layer in LAYERS]
            assert all(drawn) if code in members else drawn == [
                set(), set(), set(), {code}, {"IQ", code}, set(), {code}], (code, drawn)
            for row in centre.cells[code].registers.search(ActQuery(kinds=("incident",))):
                for lang in centre.charter.languages:
                    page = client.get(f"/acts/{row.id}?lang={lang}")
                    assert page.status_code == 200 and row.title in page.text
            for page in ("/", "/journal", "/desks/protection"):
                assert not UNNAMED.search(client.get(f"{page}?lang=fa").text), "every act is called by something"
            coverage = client.get("/desks/reconnaissance/coverage?lang=en").text
            board = client.get("/desks/airspace/board?lang=en").text
            assert ("Nobody is looking at" in coverage) == (code in members)
            assert ("القائم" in board) == (code in members), "the plan near Al-Qa'im is the members' alone"
            incidents = client.get("/desks/protection/incidents?lang=en").text
            assert "closer than agreed" in incidents and ("المستشفى" in incidents) == (code in members)
            assert ("Dissents from the finding" in incidents) == (code in members), "it ended with its finding"
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


def test_a_plan_is_shown_coarsely_from_the_form(centre: Centre) -> None:
    """As the form is read: the notice that nobody named is left out, not taken for one of that name."""
    form = next(form for desk in DESKS for form in desk.forms if form.kind.name == "footprint")
    given = compose(form, {"plan": "circle 34.4 41.1; 5 km | ground | FL 100 | 2015-11-03T10:00Z | 2015-11-03T11:00Z",
                           "contact": "Air desk"})
    assert given["of"] is None
    everyone = sorted([*(member.code for member in centre.charter.members), centre.charter.partners[0].code])
    act = centre.cells["IQ"].draft("footprint", given | {"release": everyone}, officer="IQ-releaser")
    assert isinstance(act, Footprint) and act.parts


def test_the_incident_near_the_hospital_was_followed_to_its_finding(centre: Centre) -> None:
    """Every member knew of the hospital before; it ended with who found what, and who dissents. The partner, which was
    told of none of it, holds nothing: neither in its registers nor in any of its files."""
    hidden = "حطام قرب المستشفى الميداني".encode()
    for member in centre.charter.members:
        one = next(one for one in following.show(centre.cells[member.code].look()).incidents if one.author == "IQ")
        assert (one.state, one.outcome, one.positions) == (
            "ended", "established", {"IQ": "concurs", "SY": "dissents", "IR": "concurs"})
        assert [(site.author, site.known, site.unknown) for site in one.sites] == [("IQ", ("IR", "RU", "SY"), ())]
    partner = centre.charter.partners[0].code
    assert [one.author for one in following.show(centre.cells[partner].look()).incidents] == [partner]
    folders = [centre.directory / "cells" / code for code in ("IQ", partner)]
    held = [b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()) for folder in folders]
    assert [hidden in data for data in held] == [True, False]


def test_an_incident_of_the_partner_goes_on_to_its_finding(centre: Centre) -> None:
    """A member inquires and finds in the thread that the partner reads; the partner dissents, and all read the same."""
    partner = centre.charter.partners[0].code
    thread = next(one.act for one in following.show(centre.cells["IQ"].look()).incidents if one.author == partner)

    def answer(code: str, kind: str, to: str, **fields: object) -> None:
        found_by = next(row.id for row in centre.cells[code].registers.thread(thread) if row.kind == to)
        centre.cells[code].say(kind, {"refers": [found_by], **fields}, officer=f"{code}-releaser")
        centre.run_until_quiet()

    words = {"lang": "en", "text": "Exercise: it was a survey flight, late in telling."}
    answer("IQ", "finding", "inquiry", outcome="established", text=words)
    for code in ("IR", "RU", "SY"):
        answer(code, "finding_answer", "finding", position="concurs", reason=None)
    answer(partner, "finding_answer", "finding", position="dissents", reason=words)
    shown = {code: next(one for one in following.show(cell.look()).incidents if one.act == thread)
             for code, cell in centre.cells.items()}
    assert {(one.state, one.sentence.fields["against"]) for one in shown.values()} == {("ended", (partner,))}
