"""No machine door gives a place of this desk: not a list, an act, a thread, a search by box, a map, nor the panel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tansiq.cell.registers import ActQuery
from tansiq.desks import DESKS
from tansiq.desks.support import DESK
from tansiq.doors.cli.access import Direct
from tansiq.doors.filters import Filters
from tansiq.doors.floor import Floor
from tests.unit.desks.support.room import START
from tests.unit.web.centre import MemoryCentre

HIT = {"form": "circle", "centre": [336_400_000, 428_200_000], "radius_m": 2_000}
NUMBERS = ("336400000", "428200000", "33.64", "42.82")
TEXT = {"lang": "en", "text": "Exercise"}
REQUEST: dict[str, Any] = {
    "asked_of": ["RU"], "support": "air", "title": TEXT, "purpose": TEXT, "answer_by": START + 900_000_000,
    "needed_from": START + 100_000_000, "needed_until": START + 900_000_000, "place": HIT, "at_sea": False,
    "lower_m": 3_000, "upper_m": 6_000, "quantity": None, "unit": None, "foreign_personnel": "none",
    "facility": "none", "duration_days": 3, "recipient": None, "recipient_name": None, "release": ["IQ", "RU"]}
SITE: dict[str, Any] = {"category": "hospital", "names": [TEXT], "footprint": {**HIT, "radius_m": 500},
                        "valid_from": START, "valid_until": None, "source": None, "external_id": None,
                        "release": ["IQ", "IR", "RU", "SY"]}


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MemoryCentre]:
    """A request of what comes from the air, near a protected site; its place was confirmed."""
    from tansiq.charter import parse_charter

    text = (Path(__file__).parents[4] / "charters/baghdad.toml").read_text("utf-8")
    made = MemoryCentre(parse_charter(text), DESKS, tmp_path_factory.mktemp("doors"))
    made.cells["IQ"].say("site", SITE, officer="IQ-releaser")
    asked = made.cells["IQ"].say("request", REQUEST, officer="IQ-releaser")
    made.cells["IQ"].say("confirmation", {"place": HIT, "refers": [asked]}, officer="IQ-second")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def floor(centre: MemoryCentre) -> Floor:
    """The floor over it."""
    return Floor(centre, DESKS, centre.offices())


def nowhere(answer: Any) -> None:
    """Hold that an answer tells of no place."""
    written = msgspec.json.encode(answer).decode()
    assert len(written) > 20 and not [number for number in NUMBERS if number in written], written


def test_programs_read_an_act_without_its_place(floor: Floor) -> None:
    """Lists, one act, its thread, and the command line: the field is not there, and is named as withheld."""
    officer = floor.officer("RU-reader")
    rows = floor.search(officer, ActQuery(desk="support"))
    assert {row.kind for row in rows} == {"request", "confirmation"}
    for row in rows:
        shown = floor.plain(row)
        nowhere(shown)
        assert shown["withheld"] == ["place"] and "place" not in shown["act"] and shown["places"] == ()
        nowhere([floor.plain(one) for one in floor.thread(officer, row.id)])
    nowhere(Direct(floor).acts(officer, Filters(desk="support")))


def test_no_box_of_the_map_finds_it(floor: Floor) -> None:
    """A search by place finds no request, so that no map and no box can narrow down where it lies."""
    officer = floor.officer("IQ-reader")
    assert not floor.search(officer, ActQuery(box=(42.0, 33.0, 43.5, 34.0), desk="support"))
    assert not [row for row in floor.search(officer, ActQuery(desk="support")) if row.places]


def test_no_layer_of_the_map_draws_it(floor: Floor) -> None:
    """Whatever layers desks have, none draws a request; the footprints of sites are others' and anonymous."""
    officer = floor.officer("IQ-reader")
    for desk, layer in floor.layers():
        for feature in floor.features(officer, desk.name, layer.name, {"box": "42,33,43.5,34"}):
            assert desk.name != DESK.name and "Exercise" not in feature.title


def test_the_panel_tells_the_place_on_its_page_alone(floor: Floor) -> None:
    """For a program: no place, and no distance from which it could be worked out. On the page: both."""
    officer = floor.officer("IQ-reader")
    [request] = floor.search(officer, ActQuery(kinds=("request",)))
    _, machine = floor.panel(officer, request.id)
    nowhere(machine)
    [terms] = machine.terms
    assert [site.distance_m for site in terms.sites] == [None] and {one.distance_m for one in terms.borders} <= {None}
    _, page = floor.panel(officer, request.id, people=True)
    assert "33.64" in str(page.terms[0].place) and page.terms[0].sites[0].distance_m == 0
    nowhere(Direct(floor).panel(officer, "support", request.id))
    nowhere([msgspec.to_builtins(offer) for offer in floor.offers(officer, request)])


def test_no_view_need_or_date_tells_it(floor: Floor) -> None:
    """Lists of requests, what needs a person, and the calendar say who and when, never where."""
    officer = floor.officer("RU-reader")
    for view in DESK.showing.views if DESK.showing else ():
        nowhere(msgspec.to_builtins(view.show(floor.look(officer))))
    nowhere(floor.needs(officer))
    nowhere(floor.dates(officer))


def test_every_place_of_this_desk_is_withheld_and_none_is_picked() -> None:
    """A new field that holds a place is withheld from programs, and never filled from the map."""
    for form in DESK.forms:
        placed = {field.name for field in form.fields if field.widget in ("area", "position")}
        assert placed == set(form.withheld), form.kind.name
        assert not [field.name for field in form.fields if field.name in placed and field.picked]
    assert DESK.showing is not None and not DESK.showing.layers


def test_sites_near_stand_by_name(centre: MemoryCentre, floor: Floor) -> None:
    """What lies near is not sorted by distance: a nearer site whose name comes later stands later."""
    for name, metres in (("Zagros clinic", 100), ("Abu clinic", 400)):
        centre.cells["IQ"].say("site", {**SITE, "names": [{"lang": "en", "text": name}],
                                        "footprint": {**HIT, "radius_m": metres}}, officer="IQ-releaser")
    officer = floor.officer("IQ-reader")
    [request] = floor.search(officer, ActQuery(kinds=("request",)))
    _, page = floor.panel(officer, request.id, people=True)
    assert [site.names[0].text for site in page.terms[0].sites] == ["Abu clinic", "Exercise", "Zagros clinic"]




def test_the_map_draws_few_sites_and_names_none(floor: Floor) -> None:
    """Footprints around the seat, or in a small box: no name, and a box of the whole country gives nothing."""
    officer = floor.officer("RU-reader")
    drawn = floor.features(officer, "protection", "sites", {})
    assert drawn and {feature.title for feature in drawn} == {"Hospital"}
    assert floor.features(officer, "protection", "sites", {"box": "42,33,43.5,34"})
    for box in ("38,29,49,38", "0,0", "east"):
        assert not floor.features(officer, "protection", "sites", {"box": box})
