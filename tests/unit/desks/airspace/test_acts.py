"""What may be said of air and lines, by whom, and how heights and volumes are typed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tansiq.acts import Act
from tansiq.cell.desk import Common, Said, Thread
from tansiq.cell.registers import ActQuery
from tansiq.desks import catalogue
from tansiq.desks.airspace import DESK, Activation, Closing
from tansiq.desks.airspace.heights import read_height, read_volumes, write_height, write_volumes
from tansiq.desks.airspace.prints import fill
from tansiq.desks.fields import compose, draft_type
from tansiq.errors import Malformed, TansiqError
from tansiq.geo import Circle, Line, Point, Polygon, Territories
from tansiq.geo.footprints import Part, touched
from tansiq.geo.volumes import Height
from tansiq.languages.messages import Messages
from tests.unit.desks.airspace.making import (
    CHARTER,
    HOUR_MS,
    PARTNER,
    adjustment,
    answer,
    entry,
    id_of,
    line,
    look,
    notice,
    shown,
)
from tests.unit.registers.making import OCTOBER_7, folded, said

FIRST = said(notice(), index=0)[0]
CELLS = tuple(sorted(touched(notice().area, CHARTER.airspace.footprint_size)))
PART = Part(CELLS, OCTOBER_7, OCTOBER_7 + HOUR_MS)
SHOWN = said(shown(PART), index=0)[0]
LINE = said(line(), index=0)[0]
COMMON = Common(time=OCTOBER_7, index=9)


def rule(act: Act, *thread: Said, common: Common = COMMON) -> None:
    """Rule on *act* below *thread*."""
    DESK.rule(act, Thread(thread), common, CHARTER)


def code_of(act: Act, *thread: Said, common: Common = COMMON) -> str:
    """The code with which an act is refused."""
    with pytest.raises(TansiqError) as refused:
        rule(act, *thread, common=common)
    return refused.value.code


def test_a_notice_runs_its_course() -> None:
    """Told, adjusted, activated, adjusted again, closed; a footprint is shown, shown again, activated, closed."""
    active = said(answer(Activation, FIRST.id), index=1)[0]
    rule(notice())
    rule(adjustment(FIRST.id), FIRST)
    rule(answer(Activation, FIRST.id), FIRST)
    rule(adjustment(FIRST.id), FIRST, active)
    rule(answer(Closing, FIRST.id), FIRST, active)
    rule(shown(PART))
    rule(shown(PART, thread=SHOWN.id, refers=(SHOWN.id,)), SHOWN)
    rule(answer(Closing, SHOWN.id), SHOWN)


def test_only_whose_air_it_is_answers_and_only_until_it_is_closed() -> None:
    """Another's answer, a second activation, anything after a closing, and answers to what they do not fit."""
    closed = said(answer(Closing, FIRST.id), index=1)[0]
    active = said(answer(Activation, FIRST.id), index=1)[0]
    assert code_of(answer(Closing, FIRST.id, author="RU"), FIRST) == "airspace.author"
    assert code_of(answer(Activation, FIRST.id), FIRST, active) == "airspace.active"
    assert code_of(adjustment(FIRST.id), FIRST, closed) == "airspace.closed"
    assert code_of(adjustment(SHOWN.id), SHOWN) == "airspace.footprint"
    assert code_of(shown(PART, thread=FIRST.id, refers=(FIRST.id,)), FIRST) == "airspace.footprint"
    assert code_of(answer(Closing, LINE.id), LINE) == "airspace.footprint"
    alone = msgspec.structs.replace(adjustment(FIRST.id), thread=None, refers=())
    astray = msgspec.structs.replace(adjustment(FIRST.id), refers=(active.id,))
    assert code_of(alone) == code_of(astray, FIRST, active) == "airspace.refers"
    rule(adjustment(FIRST.id), FIRST, replace(closed, void="act.commitment"))


@pytest.mark.parametrize(("changes", "field"), [
    ({"area": Point((0, 0))}, "area"), ({"area": Line(((0, 0), (1, 1)))}, "area"),
    ({"area": Circle((0, 0), 500_001)}, "area"),
    ({"area": Polygon(tuple((n * 1_000_000, (n % 2) * 1_000_000 + n) for n in range(121)))}, "area"),
    ({"lower": Height("AMSL", -501)}, "lower"), ({"lower": Height("FL", 1_001)}, "lower"),
    ({"upper": Height("AGL", -1)}, "upper"), ({"upper": Height("AGL", 0)}, "upper"),
    ({"ends": OCTOBER_7}, "ends"), ({"ends": OCTOBER_7 + 32 * 24 * HOUR_MS}, "ends"), ({"begins": -5_000_000_000_000},
                                                                                       "begins"),
    ({"further": notice().volumes * 16}, "further"), ({"contact": ""}, "contact"), ({"contact": "a\nb"}, "contact"),
])
def test_what_no_notice_can_hold_names_its_field(changes: dict[str, Any], field: str) -> None:
    """The rule refuses it at every cell, in a notice and in an adjustment."""
    for act, thread in ((notice(**changes), ()), (adjustment(FIRST.id, **changes), (FIRST,))):
        with pytest.raises(Malformed) as refused:
            rule(act, *thread)
        assert refused.value.field == field


def test_a_footprint_is_of_the_charters_size() -> None:
    """Cells of another size, and half an hour, are refused everywhere."""
    for part in (Part(("8428309ffffffff",), OCTOBER_7, OCTOBER_7 + HOUR_MS),
                 Part(CELLS, OCTOBER_7 + 1, OCTOBER_7 + HOUR_MS)):
        assert code_of(shown(part)).startswith("footprint.")
    assert code_of(shown(*[PART] * 65)) == "footprint.large"


def test_a_line_is_to_another_who_can_read_it() -> None:
    """Not to oneself, not to one who is not told; and a thread stays with its line, from either end."""
    for party in ("IQ", "XX"):
        assert code_of(line(party=party)) == "line.party"
    assert code_of(line(party="nobody")) == "codes.form"
    rule(line(author=PARTNER, party="IQ", thread=LINE.id, refers=(LINE.id,), state="suspended"), LINE)
    assert code_of(line(author="RU", thread=LINE.id, refers=(LINE.id,)), LINE) == "line.other"


def test_a_suspended_member_speaks_of_its_own_air_alone() -> None:
    """Over Baghdad it may say a notice and close it; over another's land, at sea, or coarsely, it may not."""
    lands = Territories([shapely.box(40, 30, 48, 37), shapely.box(49, 30, 60, 38)], ["IRQ", "IRN"])
    common = replace(COMMON, suspended=frozenset({"IQ"}), territories=lambda charter: lands)
    home = notice(at=(33.3, 44.4))
    rule(home, common=common)
    at_home = said(home, index=0)[0]
    rule(answer(Closing, at_home.id), at_home, common=common)
    for act in (notice(at=(35.7, 51.4)), notice(at=(34.5, 33.0)), notice(further=notice(at=(35.7, 51.4)).volumes),
                shown(PART)):
        assert code_of(act, common=common) == "airspace.voice"


def test_while_it_is_said_air_that_waits_is_not_used_without_a_word(tmp_path: Path) -> None:
    """At the speaker's own cell an activation of what gives way asks for a word; in the journal it counts as it is."""
    other = notice(author="RU")
    registers = folded(tmp_path, entry(0, other), entry(1, notice()))
    mine = said(notice(), index=1)[0]
    speaking = replace(COMMON, own=registers.query)
    assert code_of(answer(Activation, mine.id), mine, common=speaking) == "airspace.waits"
    rule(answer(Activation, mine.id, note=notice().title), mine, common=speaking)
    rule(answer(Activation, mine.id), mine)
    theirs = said(other, index=0)[0]
    rule(answer(Activation, theirs.id, author="RU"), theirs, common=speaking)
    registers.close()


GIVEN = {"title": "Relief", "lang": "en", "activity": "relief", "area": "circle 34.37 41.09; 15 km", "lower": "ground",
         "upper": "FL 120", "begins": "2015-10-31T10:00Z", "ends": "2015-10-31T12:00Z", "contact": "Air desk"}


@pytest.mark.parametrize(("typed", "height"), [
    ("ground", Height("AGL", 0)), ("الأرض", Height("AGL", 0)), ("1500 m", Height("AMSL", 1_500)),
    ("۱۵۰۰ متر", Height("AMSL", 1_500)), ("300 m agl", Height("AGL", 300)), ("FL240", Height("FL", 240)),
    ("300 м над землёй", Height("AGL", 300)), ("unlimited", None), ("без ограничения", None),
    ("-12", Height("AMSL", -12)),
])
def test_heights_are_read_in_four_languages(typed: str, height: Height | None) -> None:
    """Metres above the sea unless it says otherwise, flight levels, the ground, no limit."""
    read = read_height(typed, "upper")
    assert (None if read is None else msgspec.convert(read, Height)) == height
    assert read_height(write_height(read), "upper") == read


@pytest.mark.parametrize("lang", ["ar", "fa", "ru", "en"])
def test_the_heights_that_a_form_gives_as_examples_are_read(lang: str) -> None:
    """In each language: what the hint writes can be typed as it stands, and is told in the words of that language, so
    that a number and its unit never change places in a line from right to left."""
    hint = next(field.hint for field in DESK.form("notice").fields if field.name == "lower")
    said_in = Messages.load(lang).gettext(hint, plain=True)
    given = [re.sub(r"[()]", "", one) for one in re.split("[,،]", said_in)]
    assert [read_height(one.replace("above the sea", "AMSL"), "lower") for one in given] == [
        {"datum": "AGL", "value": 0}, {"datum": "AMSL", "value": 1500}, {"datum": "AGL", "value": 300},
        {"datum": "FL", "value": 240}]
    assert lang in ("ru", "en") or re.findall("[A-Za-z]+", said_in) == ["FL"]


@pytest.mark.parametrize(("field", "text"), [
    ("lower", "unlimited"), ("lower", "high"), ("upper", "1500 miles"), ("area", "33 44"), ("area", "circle 33 44"),
    ("ends", "2015-10-31T09:00Z"), ("further", "circle 33 44; 5 km | ground"), ("further", "33 44 | a | b | c | d"),
    ("activity", "war"),
])
def test_what_cannot_be_read_names_its_field(field: str, text: str) -> None:
    """One clear sentence at the field."""
    with pytest.raises(Malformed) as refused:
        compose(DESK.form("notice"), {**GIVEN, field: text})
    assert refused.value.field == field


VOLUMES = st.lists(st.fixed_dictionaries({
    "area": st.builds(lambda lat, lon, r: {"form": "circle", "centre": (lat, lon), "radius_m": r},
                      st.integers(-800_000_000, 800_000_000), st.integers(-1_700_000_000, 1_700_000_000),
                      st.integers(1, 400_000)),
    "lower": st.sampled_from([{"datum": "AGL", "value": 0}, {"datum": "AMSL", "value": 900}]),
    "upper": st.sampled_from([None, {"datum": "FL", "value": 90}, {"datum": "AGL", "value": 700}]),
    "begins": st.integers(0, 4_000_000_000_000), "ends": st.integers(0, 4_000_000_000_000)}), max_size=4)


@given(VOLUMES)
def test_volumes_are_written_and_read_again(volumes: list[dict[str, Any]]) -> None:
    """As a page shows them they can be typed."""
    assert read_volumes(write_volumes(volumes), "further") == volumes


def test_a_footprint_is_made_of_a_notice_of_ones_own(tmp_path: Path) -> None:
    """Named by its reference or its id; another's, a closed one and none are refused at the field. Nothing of the
    notice but cells and hours goes along, and the cell alone makes them."""
    registers = folded(tmp_path, entry(0, notice()), entry(1, notice(author="RU")))
    mine = id_of(notice(), 0)
    filled = fill(look(registers, "IQ", of="IQ 1"))
    assert set(filled) == {"parts"} and filled == fill(look(registers, "IQ", of=mine))
    assert mine not in repr(filled)
    for wrong in ("RU 2", "IQ 9", "", "0" * 64):
        with pytest.raises(Malformed) as refused:
            fill(look(registers, "IQ", of=wrong))
        assert refused.value.field == "of"
    plan = "circle 34.37 41.09; 10 km | ground | 3000 m | 2015-10-07T00:00Z | 2015-10-07T02:00Z"
    assert fill(look(registers, "IQ", plan=plan)) == filled, "the same place and time, told to nobody"
    for given_, field in (({"plan": plan, "of": mine}, "plan"), ({"plan": "here"}, "plan"),
                          ({"plan": plan.replace("circle 34.37 41.09; 10 km", "34 41")}, "plan")):
        with pytest.raises(Malformed) as refused:
            fill(look(registers, "IQ", **given_))
        assert refused.value.field == field
    registers.close()
    form = DESK.form("footprint")
    assert "parts" not in draft_type(form).__struct_fields__ and "of" in draft_type(form).__struct_fields__
    assert compose(form, {"of": "IQ 1", "contact": "Air desk"})["of"] == "IQ 1"


def test_acts_are_written_read_and_found(tmp_path: Path) -> None:
    """One act, one encoding; and lists find a notice by words, place and time."""
    acts = [notice(further=notice(at=(36.0, 40.0)).volumes), adjustment(FIRST.id), answer(Activation, FIRST.id),
            answer(Closing, FIRST.id), shown(PART), line()]
    for act in acts:
        assert catalogue().parse(catalogue().write(act))[1] == act
    registers = folded(tmp_path, entry(0, acts[0]))
    query = ActQuery(text="relief", box=(39.5, 35.5, 40.5, 36.5), after=OCTOBER_7, before=OCTOBER_7 + HOUR_MS)
    assert [row.reference for row in registers.search(query)] == ["IQ 1"]
    registers.close()
