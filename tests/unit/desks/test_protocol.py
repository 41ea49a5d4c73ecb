"""The protocol desk in a whole centre: meetings, visits, minutes and what the other sides say of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.desks import DESKS
from tansiq.desks.fields import compose
from tansiq.desks.protocol.lines import read_agenda, read_persons, write_agenda, write_persons
from tansiq.errors import Malformed
from tests.unit.desks.staged import EVERYONE, Stage, found, ms, text

AT = "2015-10-07T09:00+00:00"
BEGINS, ENDS, AFTER = "2015-10-08T07:00+00:00", "2015-10-08T09:00+00:00", "2015-10-08T12:00+00:00"
TWO = ["IQ", "RU", "SY"]


@pytest.fixture(name="founded", scope="module")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found(tmp_path_factory.mktemp("founded"), AT)


@pytest.fixture(name="stage")
def _stage(founded: Path, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(founded, tmp_path / "centre", AT)
    yield stage
    stage.close()


def planned(**changes: Any) -> dict[str, Any]:
    """A meeting of two delegations; *changes* replace fields."""
    return {"title": text("Liaison of the two staffs"), "text": None, "begins_at": ms(BEGINS), "ends_at": ms(ENDS),
            "place_name": "Moscow", "place": None, "agenda": [], "release": TWO,
            "persons": [{"of": "IQ", "head": True, "offices": ["National security adviser", "Head of a committee"]},
                        {"of": "RU", "head": False, "offices": ["Chief of the liaison office"]}], **changes}


def minutes(of: str, **changes: Any) -> dict[str, Any]:
    """Minutes of what was held as announced."""
    return {"held": "held", "began_at": ms(BEGINS), "ended_at": ms(ENDS), "outcome": text("A second meeting."),
            "text": None, "persons": [], "refers": [of], **changes}


def test_a_visit_shows_each_person_in_all_offices(stage: Stage) -> None:
    """Delegations stand apart, the head first, each person by every office; the host is named even with nobody."""
    visit = stage.say("IQ", "visit", host="SY", **planned())
    shown = stage.panel("RU", visit)
    assert [(one.of, one.host, one.persons) for one in shown.delegations] == [
        ("IQ", False, ((True, ("National security adviser", "Head of a committee")),)),
        ("RU", False, ((False, ("Chief of the liaison office",)),)), ("SY", True, ())]
    assert (shown.sentence.text, shown.tone) == ("It lies ahead: from {begins_ms} until {ends_ms}.", "plain")
    assert shown.row.sides == ("IQ", "RU", "SY")


def test_an_agenda_links_to_acts_and_tells_nobody_more_of_them(stage: Stage) -> None:
    """A point names acts by id or reference; who cannot read such an act sees its name and nothing else."""
    secret = stage.say("IQ", "meeting", **planned(release=["IQ", "RU"], title=text("Between us")))
    reference = stage.look("IQ").act(secret).reference
    agenda = [{"words": "What was agreed", "acts": [secret, reference, "RU 999"]}]
    act = stage.say("IQ", "meeting", **planned(agenda=agenda))
    [point] = stage.panel("RU", act).agenda
    known, nobodys = (reference, secret, "Between us", "en"), ("RU 999", None, "", "")
    assert point.acts == (known, known, nobodys)
    assert stage.panel("SY", act).agenda[0].acts == ((secret, None, "", ""), (reference, None, "", ""), nobodys)


def test_minutes_are_agreed_with_reservations_or_contested(stage: Stage) -> None:
    """Each other side answers once; the page says whether all agree, and who contests."""
    act = stage.say("IQ", "meeting", **planned())
    assert stage.refused("IQ", "minutes", **minutes(act)) == "protocol.early"
    stage.move(AFTER)
    assert stage.needs("IQ", "protocol") == ["It is over since {ends_ms}: write the minutes."]
    assert stage.needs("RU", "protocol") == [] and stage.panel("RU", act).tone == "wait"
    first = stage.say("IQ", "minutes", **minutes(act))
    assert stage.needs("RU", "protocol") == ["Minutes of {author} wait for your word: agree, reserve or contest."]
    assert stage.offers("RU", act) == {"minutes": None, "rearrangement": "Only {author} moves it or calls it off.",
                                       "minutes_answer": None}
    assert stage.refused("RU", "minutes_answer", answer="reserved", text=None, refers=[first]) == "field.missing"
    stage.say("RU", "minutes_answer", answer="reserved", text=text("The second point was not agreed."), refers=[first])
    assert stage.panel("SY", act).sentence.text == "It was held; all sides agree to the minutes."
    assert stage.panel("SY", act).minutes[0].answers == (("RU", "reserved"),)
    second = stage.say("RU", "minutes", **minutes(act))
    stage.say("IQ", "minutes_answer", answer="contested", text=text("Not so."), refers=[second])
    shown = stage.panel("SY", act)
    assert (shown.tone, shown.sentence.fields["sides"]) == ("bad", ["IQ"])
    assert stage.refused("IQ", "minutes_answer", answer="agreed", text=None, refers=[second]) == "protocol.answered"
    assert stage.forced("IQ", "minutes_answer", answer="agreed", text=None, refers=[second]) == "protocol.answered"
    assert stage.refused("IQ", "minutes_answer", answer="agreed", text=None, refers=[first]) == "protocol.answer"
    assert stage.refused("SY", "minutes_answer", answer="agreed", text=None, refers=[first]) == "protocol.answer"
    assert stage.refused("SY", "minutes", **minutes(act)) == "protocol.minutes"


def test_what_is_moved_or_called_off_stands_so_in_list_and_calendar(stage: Stage) -> None:
    """Only who announced it moves it; a date keeps its name when it moves, and goes when it is called off."""
    act = stage.say("IQ", "meeting", **planned())
    moved = {"change": "moved", "begins_at": ms(BEGINS) + 86_400_000, "ends_at": ms(ENDS) + 86_400_000,
             "place_name": None, "reason": None, "refers": [act]}
    assert stage.refused("RU", "rearrangement", **moved) == "protocol.author"
    assert stage.refused("IQ", "rearrangement", **moved | {"ends_at": None}) == "field.missing"
    stage.say("IQ", "rearrangement", **moved)
    showing = next(desk for desk in DESKS if desk.name == "protocol").showing
    assert showing is not None and showing.dates is not None
    [date] = showing.dates(stage.look("SY"))
    assert (date.uid, date.from_ms, date.place) == (act, ms(BEGINS) + 86_400_000, "Moscow")
    stage.say("IQ", "rearrangement", **moved | {"change": "called_off", "begins_at": None, "ends_at": None})
    assert showing.dates(stage.look("SY")) == []
    assert stage.view("RU", "protocol", "events").ahead[0].sentence.text == "It was called off."
    assert stage.refused("RU", "minutes", **minutes(act)) == "protocol.called_off"
    assert stage.refused("IQ", "rearrangement", **moved) == "protocol.called_off"
    assert set(stage.offers("IQ", act).values()) == {"It was called off."}


def test_who_announces_takes_part(stage: Stage) -> None:
    """A meeting has two sides at least, its author among them; a person has an office, and a delegation one head."""
    others = [{"of": "RU", "head": False, "offices": ["x"]}, {"of": "SY", "head": False, "offices": ["y"]}]
    assert stage.refused("IQ", "meeting", **planned(persons=others)) == "protocol.sides"
    assert stage.refused("IQ", "meeting", **planned(persons=[{"of": "IQ", "head": True, "offices": ["x"]}])
                         ) == "protocol.sides"
    assert stage.refused("IQ", "meeting", **planned(persons=[{"of": "IQ", "head": True, "offices": []}])
                         ) == "persons.offices"
    twice = [{"of": "IQ", "head": True, "offices": ["x"]}] * 2 + others
    assert stage.refused("IQ", "meeting", **planned(persons=twice)) == "persons.head"
    assert stage.refused("IQ", "visit", host="r u", **planned()) == "code.form"
    assert stage.refused("IQ", "meeting", **planned(ends_at=0)) == "instant.order"


def test_the_list_is_read_by_those_it_is_released_to(stage: Stage) -> None:
    """What lies ahead comes earliest first, what is over last first; who was not told has an empty page."""
    stage.say("IQ", "meeting", **planned(title=text("Second"), begins_at=ms(ENDS), ends_at=ms(AFTER)))
    stage.say("IQ", "meeting", **planned(title=text("First")))
    assert [one.title.text for one in stage.view("RU", "protocol", "events").ahead] == ["First", "Second"]
    stage.move("2015-10-09T00:00+00:00")
    assert [one.title.text for one in stage.view("SY", "protocol", "events").over] == ["Second", "First"]
    assert stage.view("IR", "protocol", "events").over == ()
    assert set(EVERYONE) - set(TWO) == {"IR"}


OFFICE = st.text(st.characters(codec="utf-8", categories=["L", "N"], include_characters=" -"), min_size=1,
                 max_size=20).map(str.strip).filter(bool)
PERSON = st.fixed_dictionaries({"of": st.sampled_from(["IQ", "RU", "UN2"]), "head": st.booleans(),
                                "offices": st.lists(OFFICE, min_size=1, max_size=3)})
TOPIC = st.fixed_dictionaries({"words": OFFICE, "acts": st.lists(st.sampled_from(["IQ 412", "RU 7/2", "0" * 64]),
                                                                 max_size=3)})


@given(persons=st.lists(PERSON, max_size=4), agenda=st.lists(TOPIC, max_size=4))
def test_delegations_and_agendas_are_read_as_they_are_written(persons: list[Any], agenda: list[Any]) -> None:
    """What a form shows of an act is read back as the same persons and points."""
    normal = unicodedata.normalize("NFC", write_persons(persons))
    assert read_persons(normal, "persons") == read_persons(write_persons(read_persons(normal, "persons")), "persons")
    assert [one["of"] for one in read_persons(normal, "persons")] == [one["of"] for one in persons]
    again = read_agenda(write_agenda(agenda), "agenda")
    assert [topic["acts"] for topic in again] == [topic["acts"] for topic in agenda]


def test_a_form_is_typed_one_person_on_a_line() -> None:
    """The star marks the head, semicolons of any script set offices apart, a bar sets the acts apart."""
    form = next(desk for desk in DESKS if desk.name == "protocol").form("meeting")
    made = compose(form, {"title": "x", "lang": "ar", "begins_at": BEGINS, "ends_at": ENDS, "place_name": "بغداد",
                          "persons": "iq*: مستشار الأمن الوطني؛ رئيس هيئة\nRU: Советник",
                          "agenda": "Снабжение | IQ 412, ru 7\nПрочее"})
    assert made["persons"] == [{"of": "IQ", "head": True, "offices": ["مستشار الأمن الوطني", "رئيس هيئة"]},
                               {"of": "RU", "head": False, "offices": ["Советник"]}]
    assert made["agenda"] == [{"words": "Снабжение", "acts": ["IQ 412", "RU 7"]}, {"words": "Прочее", "acts": []}]
    for wrong in ("Nobody", "IQ:", "IQ: ;", "TOOLONGCODE: x"):
        with pytest.raises(Malformed) as caught:
            read_persons(wrong, "persons")
        assert caught.value.code == "persons.line"
