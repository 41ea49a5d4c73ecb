"""The forms of reconnaissance, airspace and protection, posted as a browser posts them with what no act can hold: one
sentence at the field, all that was typed is still there, nothing was said, and nobody else was disturbed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tansiq.cell.desk import Field, Form
from tansiq.desks import DESKS
from tests.unit.web.conftest import Visit

ALL = ["IQ", "IR", "RU", "SY"]
HEAD: dict[str, Any] = {"release": ALL, "precedence": "routine", "lang": "en", "handling": "CENTRE"}
AIR = "circle 34.37 41.09; 15 km"
NOTICE = {"title": "Relief flight to the camp", "activity": "relief", "area": AIR, "lower": "ground", "upper": "3000 m",
          "begins": "2015-10-09T10:00Z", "ends": "2015-10-09T12:00Z", "contact": "Air desk, line 3",
          "further": "circle 34.5 41.2; 5 km | 300 m AGL | FL 100 | 2015-10-09T10:30Z | 2015-10-09T11:00Z",
          "note": "Two crews."}
SITE = {"category": "hospital", "names": "en: Field hospital", "footprint": "circle 34.37 41.09; 2 km",
        "valid_from": "2015-10-01T00:00Z", "valid_until": "2015-12-01T00:00Z", "source": "Health office"}
INCIDENT = {"title": "Windows broken", "text": "Debris fell near the hospital.", "area": "circle 34.37 41.09; 2 km",
            "occurred_from": "2015-10-07T10:00Z", "occurred_until": "2015-10-07T10:20Z", "harm": "Windows."}
TYPED: dict[str, dict[str, Any]] = {
    "coverage": {"sector": "S1", "watch": "kept", "area": AIR, "begins": "2015-10-09T00:00Z",
                 "ends": "2015-10-10T00:00Z", "means": "post", "note": "By night too."},
    "sighting": {"title": "Lorries near Rawa", "means": "post", "source_reliability": "B",
                 "information_credibility": "2",
                 "sightings": "2015-10-08T10:00Z | 34.48 41.91 | three lorries | SUGPU---------- | K-1"},
    "notice": NOTICE, "adjustment": NOTICE | {"reason": "Moved."},
    "activation": {"began": "2015-10-09T10:05Z", "note": "On time."},
    "closing": {"ended": "2015-10-09T11:55Z", "note": "Landed."},
    "footprint": {"of": "", "plan": f"{AIR} | ground | 3000 m | 2015-10-09T10:00Z | 2015-10-09T12:00Z",
                  "contact": "Air desk, line 3", "note": "Coarse."},
    "line_check": {"party": "RU", "state": "tested", "at": "2015-10-08T09:00Z", "note": "Both ways."},
    "site": SITE | {"external_id": "H-1"}, "site_change": SITE | {"reason": "Moved."},
    "site_detail": {"site": "", "place": "34.37 41.09", "text": "The west gate."},
    "acknowledgement": {"note": "Noted."},
    "incident": INCIDENT,
    "inquiry": {"question": "Whose was it?", "office": "Inspection", "due": "2015-10-20T12:00Z"},
    "finding": {"outcome": "established", "text": "A survey balloon."},
    "finding_answer": {"position": "dissents", "reason": "It was no balloon."},
}
"""What each form takes, so that one field at a time can be spoilt."""
ANSWERS = {"adjustment": "notice", "activation": "notice", "closing": "notice", "inquiry": "incident",
           "finding": "inquiry", "finding_answer": "finding", "site_change": "site", "acknowledgement": "site"}
SPEAKERS = {"inquiry": "RU", "finding": "RU", "finding_answer": "SY", "acknowledgement": "RU"}
HUGE = "x" * 61_000
IN_LINES = ("a\0b", "a\u202eb", "two\nlines", HUGE)
IN_TEXTS = ("a\0b", "a\x07b", HUGE)
WRONG: dict[str, tuple[str, ...]] = {
    "line": IN_LINES, "text": IN_TEXTS,
    "instant": ("NaN", "inf", "yesterday", "2015-02-29T10:00Z", "9999-01-01T00:00Z", "2015-10-08T25:00Z", "-1",
                "2015-10-09T10:00Z\0", HUGE),
    "area": ("NaN NaN", "circle NaN 41; 5 km", "circle 34 41; NaN km", "circle 34 41; inf km", "circle 34 41; -5 km",
             "circle 91 0; 5 km", "polygon 33 44; 34 45", "polygon 33 44; 34 45; 34 44; 33 45", "circle 1e400 0; 5 km",
             "circle 34.37 41.09; 2 km\0", "هنا", HUGE),
    "choice": ("none of them", "NaN", "\u202e", "a\0b", HUGE),
    "sightings": ("nonsense", "2015-10-08T10:00Z | NaN NaN | lorry", "NaN | 34.48 41.91 | lorry",
                  "2015-10-08T10:00Z | 34.48 41.91", "2015-10-08T10:00Z | 34.48 41.91 | lorry | XX",
                  "2015-10-08T10:00Z | 34.48 41.91 | lor\u202ery", "2015-10-08T10:00Z | 34.48 41.91 | lor\0ry", HUGE),
    "height": ("NaN", "inf", "1e5 m", "99999 m", "-5 m AGL", "FL 9999", "high", "12.5 m", "300 m\0", HUGE),
    "volumes": ("nonsense", "circle 34.5 41.2; 5 km | NaN | FL 100 | 2015-10-09T10:30Z | 2015-10-09T11:00Z",
                "circle 34.5 41.2; 5 km | ground | FL 100 | 2015-10-09T11:30Z | 2015-10-09T11:00Z",
                "circle 34.5 41.2; 5 km | ground", "a\0b", HUGE),
    "names": ("Hospital", "en: a\u202eb", "en: one\nen: two", "english: Hospital", f"en: {'x' * 300}", "a\0b", HUGE),
    "reference": ("nothing", "IQ 999999", "\u202eIQ 1", "IQ 1\0", HUGE), "party": ("ZZ", "IQ", "i q", "RU\0", HUGE),
    "site": ("nothing", "0" * 63, "0" * 64, "0" * 63 + "\0", HUGE),
}
SORTS = {"sightings": "sightings", "lower": "height", "upper": "height", "further": "volumes", "plan": "volumes",
         "names": "names", "party": "party", "site": "site"}
FORMS: dict[str, tuple[str, Form]] = {form.kind.name: (desk.name, form) for desk in DESKS for form in desk.forms
                                      if form.kind.name in TYPED}


@dataclass
class Room:
    """A visit, with what the form under test answers."""

    visit: Visit
    told: dict[str, str]

    def send(self, kind: str, **changes: Any) -> Any:
        """Post the form of a kind as its speaker, with *changes*; a field that becomes None is not sent."""
        self.visit.enter(f"{SPEAKERS.get(kind, 'IQ')}-releaser")
        given = TYPED[kind] | ({"site": self.told["site"]} if kind == "site_detail" else {}) | HEAD
        if kind in ANSWERS:
            given |= {"to": self.told[ANSWERS[kind]]}
        sent = {name: value for name, value in (given | changes).items() if value is not None}
        return self.visit.client.post(f"/desks/{FORMS[kind][0]}/say/{kind}?lang=en", data=sent, follow_redirects=False)


@pytest.fixture(name="room")
def _room(visit: Visit) -> Room:
    """A centre in which a notice, a site and an incident with its inquiry and finding were said."""
    room = Room(visit, {})
    for kind in ("notice", "site", "incident", "inquiry", "finding"):
        answer = room.send(kind)
        assert answer.status_code == 303, faults(answer.text)
        room.told[kind] = answer.headers["location"].rsplit("/", 1)[-1]
    return room


def faults(page: str) -> list[tuple[str, str]]:
    """The sentences that a page gives at its fields, and the one it gives at none."""
    at_fields = re.findall(r'<p class="fault" id="fault-(\w+)" role="alert">.*?<span>(.*?)</span></p>', page, re.S)
    at_none = re.findall(r'<p class="sentence bad[^"]*" role="alert">.*?<span>(.*?)</span></p>', page, re.S)
    return [(name, html.unescape(words)) for name, words in at_fields] + [("", html.unescape(words)) for words in at_none]


def spoilt() -> Iterator[tuple[str, Field, str | None]]:
    """Each form, each of its fields, each value that it cannot hold; None: the field is absent, where it is required."""
    for kind, (_, form) in FORMS.items():
        for field in form.fields:
            sort = SORTS.get(field.name) or field.widget
            for value in WRONG.get(sort, ()):
                yield kind, field, value
            if field.required and not field.default and not field.else_from:
                yield kind, field, None


def test_each_form_takes_what_it_is_made_for(room: Room) -> None:
    """Else none of the refusals below would show anything."""
    for kind in TYPED:
        if kind not in ("notice", "site", "incident", "inquiry", "finding"):
            answer = room.send(kind)
            assert answer.status_code == 303, (kind, faults(answer.text))


@pytest.mark.parametrize("kind", TYPED)
def test_what_no_field_can_hold_is_answered_at_the_field_and_stays(room: Room, kind: str) -> None:
    """One sentence at the field; what was typed there and everywhere else is still in the form; nothing was said."""
    before = room.visit.centre.size
    for field, value in ((field, value) for of, field, value in spoilt() if of == kind):
        beside = {"plan": ""} if field.name == "of" else {}
        answer = room.send(kind, **{**beside, field.name: value})
        where = (kind, field.name, (value or "absent")[:60])
        assert answer.status_code in (400, 403, 409), (where, answer.status_code)
        (name, sentence), = faults(answer.text)
        assert name == field.name, (where, name, sentence)
        assert 10 < len(sentence) < 400 and "\n" not in sentence and "Traceback" not in sentence, (where, sentence)
        still = html.unescape(answer.text)
        for other, typed in TYPED[kind].items():
            if other not in (field.name, *beside) and typed:
                assert typed in still, (where, other)
        if value and field.widget != "choice":
            assert value in still, where
        assert room.visit.centre.size == before, where
    assert all(cell.registers.latest() == before for cell in room.visit.centre.cells.values())


@pytest.mark.parametrize(("kind", "changes", "field", "sentence"), [
    ("coverage", {"begins": "2015-10-11T00:00Z"}, "ends", "ends before it begins"),
    ("coverage", {"ends": "2017-10-11T00:00Z"}, "ends", "at most 366 days"),
    ("notice", {"ends": "2015-10-09T09:00Z"}, "ends", "free before it is taken"),
    ("notice", {"ends": "2015-12-09T09:00Z"}, "ends", "at most 31 days"),
    ("notice", {"lower": "3000 m"}, "upper", "the top lies below the bottom"),
    ("notice", {"area": "34.37 41.09"}, "area", "a circle or a polygon"),
    ("adjustment", {"ends": "2015-10-09T09:00Z"}, "ends", "free before it is taken"),
    ("footprint", {"plan": "", "of": ""}, "of", "Name a notice of your own"),
    ("line_check", {"party": "CJTF"}, "party", "who can read this"),
    ("site", {"valid_until": "2014-12-01T00:00Z"}, "valid_until", "before the beginning"),
    ("site", {"footprint": "34.37 41.09"}, "footprint", "a circle or a polygon"),
    ("site", {"footprint": "circle 34.37 41.09; 50 m"}, "footprint", "at least 100 m"),
    ("incident", {"occurred_until": "2015-10-06T10:00Z"}, "occurred_until", "before the beginning"),
    ("incident", {"area": "circle 34.37 41.09; 100 m"}, "area", "at least 500 m"),
    ("finding_answer", {"reason": ""}, "reason", "A dissent says why"),
])
def test_fields_that_do_not_fit_together(room: Room, kind: str, changes: dict[str, str], field: str,
                                         sentence: str) -> None:
    """Inverted times, heights and dates, a place of the wrong sort: at the field that is to be changed."""
    answer = room.send(kind, **changes)
    assert answer.status_code in (400, 403, 409)
    (name, said), = faults(answer.text)
    assert name == field and sentence in said, (name, said)
    for name, typed in changes.items():
        assert typed in answer.text, name


@pytest.mark.parametrize("kind", ["notice", "incident", "sighting"])
def test_digits_of_any_script_are_read(room: Room, kind: str) -> None:
    """Arabic and Persian digits in places, heights and instants are what they say."""
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    persian = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    latin = room.send(kind)
    for digits in (arabic, persian):
        fields = {name: typed if name in ("source_reliability", "information_credibility", "title", "contact", "text")
                  else typed.translate(digits) for name, typed in TYPED[kind].items()}
        answer = room.send(kind, **fields)
        assert answer.status_code == 303, faults(answer.text)
        rows = [room.visit.centre.cells["SY"].registers.act(one.headers["location"].rsplit("/", 1)[-1])
                for one in (latin, answer)]
        assert rows[0] is not None and rows[1] is not None
        own = [(row.when, row.places, getattr(row.act, "area", None), getattr(row.act, "lower", None)) for row in rows]
        assert own[0] == own[1]


@pytest.mark.parametrize(("changes", "status"), [
    ({"lang": "xx1"}, 400), ({"handling": "SECRET"}, 303), ({"precedence": "loud"}, 400), ({"unheard_of": "1"}, 303),
    ({"draft": "a\0b"}, 303), ({"begins_zone": "Mars/Base", "begins": "2015-10-09 10:00"}, 400),
    ({"begins_zone": "\0"}, 303), ({"title": ["one", "two"]}, 303),
])
def test_what_a_browser_of_ours_never_sends(room: Room, changes: dict[str, Any], status: int) -> None:
    """Unknown choices beside the fields, fields that no form has, a field twice: never a failure of ours."""
    answer = room.send("notice", **changes)
    assert answer.status_code == status
    assert len(faults(answer.text)) == (status == 400), faults(answer.text)


def test_a_file_where_text_is_asked_and_a_form_too_large_are_refused_whole(room: Room) -> None:
    """One sentence each, and nothing was said."""
    before = room.visit.centre.size
    client = room.visit.client
    given = TYPED["notice"] | HEAD
    file = client.post("/desks/airspace/say/notice?lang=en", data=given, files={"note": b"x"}, follow_redirects=False)
    assert file.status_code == 400 and "takes text" in file.text
    long = room.send("notice", note="x" * 300_000)
    assert long.status_code == 400 and faults(long.text) and "x" * 300_000 in long.text
    endless = room.send("notice", note="x" * 2_200_000)
    assert endless.status_code == 413 and "larger than the 2048 KiB" in endless.text
    assert room.visit.centre.size == before


def test_what_was_typed_is_shown_as_text(room: Room) -> None:
    """Marks of a page in a field do not become a part of the page."""
    typed = '"><script>alert(1)</script>'
    answer = room.send("incident", title=typed, occurred_from="NaN")
    assert answer.status_code == 400 and typed not in answer.text and typed in html.unescape(answer.text)
