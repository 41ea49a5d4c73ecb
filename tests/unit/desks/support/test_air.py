"""What comes from the air: two reviews on each side, a second person for the place, and what ends a review."""

from __future__ import annotations

from typing import Any

import pytest

from tansiq.errors import Malformed
from tansiq.geo import Circle, Point
from tests.unit.desks.support.room import AIR, AROUND, CENTRE, INSIDE, START, WORDS, Room

OFFICERS = {"AA": "AA-4", "BB": "BB-4"}


def asked(room: Room) -> Any:
    """A request of what comes from the air, promised and consented to, and nothing more."""
    request = room.say("request", "AA", support="flights", place=INSIDE, **AIR)
    room.say("promise", "BB", request)
    room.consented(request, **AIR)
    return request


def test_every_review_and_the_second_person_are_needed(room: Room) -> None:
    """Four reviews and a confirmed place: without any one of them no step, and each is awaited by name."""
    request = asked(room)
    assert room.awaited() == {("AA", "place"), ("AA", "legal"), ("AA", "sites"), ("BB", "legal"), ("BB", "sites")}
    assert room.refused("step", "BB", request, place=INSIDE, **AIR).code == "support.unconfirmed"
    room.say("confirmation", "AA", request, officer="AA-2", place=INSIDE)
    for member in ("AA", "BB"):
        for subject in ("legal", "sites"):
            assert room.refused("step", "BB", request, place=INSIDE, **AIR).code == f"support.{subject}.none"
            room.say("review", member, request, officer=OFFICERS[member], subject=subject)
    room.say("step", "BB", request, place=INSIDE, **AIR)


def test_the_author_neither_reviews_nor_confirms(room: Room) -> None:
    """Who said the request or the promise reviews nothing of it, also where the review came first."""
    request = room.say("request", "AA", support="flights", place=INSIDE, **AIR)
    assert room.refused("confirmation", "AA", request, officer="AA-1", place=INSIDE).code == "support.same"
    assert room.refused("review", "AA", request, officer="AA-1").code == "support.same.review"
    room.say("review", "BB", request, officer="BB-1", subject="legal")
    assert room.case.reviewed(request.id, "BB")[2].state == "clear"
    room.say("promise", "BB", request, officer="BB-1")
    assert room.case.reviewed(request.id, "BB")[2].state == "none"
    assert room.refused("review", "BB", request, officer="BB-1").code == "support.same.review"
    assert room.refused("review", "CC", request).code == "support.party"


def test_a_change_near_ends_a_review(room: Room) -> None:
    """A review names what was seen; when what lies near changes it lapses, and is asked for anew."""
    request = room.cleared()
    room.consented(request, **AIR)
    room.near = 1
    assert room.stand.state == "waiting"
    assert room.refused("step", "BB", request, place=INSIDE, **AIR).code == "support.legal.lapsed"
    error = room.refused("review", "AA", request, officer="AA-4", near_version=0)
    assert (error.code, error.field) == ("review.seen", "near_version")
    room.reviewed(request)
    room.say("step", "BB", request, place=INSIDE, **AIR)


def test_a_review_cannot_have_seen_what_is_not_there(room: Room) -> None:
    """At its index a version that is not reached yet is void; one that was passed meanwhile stands, and has lapsed."""
    request = room.say("request", "AA", support="flights", place=INSIDE, **AIR)
    assert room.order(room.act("review", "AA", request, officer="AA-4", near_version=1)).void == "review.seen"
    room.near = 5
    assert room.order(room.act("review", "AA", request, officer="AA-4", near_version=4)).void is None
    assert room.case.reviewed(request.id, "BB")[0].state == "lapsed"


def test_a_review_can_block(room: Room) -> None:
    """A no of one side holds what is under way, until that side has reviewed again."""
    request = room.cleared()
    room.consented(request, **AIR)
    room.say("step", "BB", request, place=INSIDE, **AIR)
    room.say("review", "AA", request, officer="AA-4", verdict="blocks")
    assert room.stand.state == "stopping"
    assert room.refused("step", "BB", request, place=INSIDE, **AIR).code == "support.legal.blocks"
    room.say("stopped", "BB", request)
    room.say("review", "AA", request, officer="AA-4")
    room.say("step", "BB", request, place=INSIDE, **AIR)


@pytest.mark.parametrize("answer", ["distinction", "proportionality", "precautions"])
def test_a_legal_review_answers_in_words(room: Room, answer: str) -> None:
    """Each of the three questions is answered, by a legal review; a review of sites gives its reasons."""
    request = room.say("request", "AA", support="flights", place=INSIDE, **AIR)
    error = room.refused("review", "AA", request, officer="AA-4", **{answer: None})
    assert isinstance(error, Malformed) and error.field == answer
    empty = {"distinction": None, "proportionality": None, "precautions": None}
    room.say("review", "AA", request, officer="AA-4", subject="sites", **empty)
    assert room.refused("review", "AA", request, officer="AA-4", reasons=WORDS.__class__(lang="en", text=" ")).field \
        == "reasons"


@pytest.mark.parametrize(("typed", "code"), [
    (None, "confirmation.place"), (CENTRE, "confirmation.other"), (AROUND, "confirmation.other"),
    (Circle(centre=(335_000_000, 455_001_001), radius_m=2_000), "confirmation.other"),
    (Circle(centre=CENTRE.at, radius_m=2_002), "confirmation.other"),
])
def test_the_second_person_types_the_place_once_more(room: Room, typed: Any, code: str) -> None:
    """Another place, another radius and none are refused at the field; 11 m, as a grid reference differs, are the same.
    """
    request = room.say("request", "AA", support="flights", place=INSIDE, **AIR)
    error = room.refused("confirmation", "AA", request, officer="AA-2", place=typed)
    assert (error.code, error.field) == (code, "place")
    near = Circle(centre=(335_000_999, 454_999_001), radius_m=2_000)
    room.say("confirmation", "AA", request, officer="AA-2", place=near)


def test_nothing_lies_outside_the_place_that_was_confirmed(room: Room) -> None:
    """A wider consent does not carry a step out of what was confirmed and reviewed; nor one without altitudes."""
    request = room.cleared()
    room.consented(request, **AIR)
    error = room.refused("step", "BB", request, place=AROUND, **AIR)
    assert (error.code, error.field) == ("step.place", "place")
    assert room.refused("step", "BB", request, place=INSIDE).field == "lower_m"
    assert room.refused("step", "BB", request, place=INSIDE, lower_m=500, upper_m=2_000).code == \
        "support.outside.altitude"
    assert room.refused("consent", "BB", request).field == "lower_m"


def test_each_government_consents_before_anything(room: Room) -> None:
    """Of what comes from the air every consent is needed at once: one of two is shown as not enough."""
    request = room.cleared(place=Circle(centre=(335_000_000, 459_700_000), radius_m=1_000))
    room.consented(request, **AIR, place=Circle(centre=(335_000_000, 459_700_000), radius_m=1_000))
    assert room.awaited() == {("CC", "consent")}


def test_what_needs_no_review_is_not_reviewed(room: Room) -> None:
    """A review or a second person where no article asks one is refused, so that nobody trusts in it."""
    request = room.say("request", "AA")
    assert room.refused("review", "AA", request, officer="AA-4").code == "support.unreviewed"
    assert room.refused("confirmation", "AA", request, officer="AA-2", place=CENTRE).code == "support.unneeded"


def test_a_counter_from_the_air_is_reviewed_anew(room: Room) -> None:
    """Other terms need reviews and a second person of their own: the counter's author lets its place be confirmed."""
    request = room.say("request", "AA", support="flights", place=INSIDE, **AIR)
    room.reviewed(request)
    counter = room.say("counter", "BB", request, place=Point(at=CENTRE.at), **AIR)
    room.say("acceptance", "AA", counter)
    assert ("BB", "place") in room.awaited() and ("AA", "legal") in room.awaited()
    assert room.refused("confirmation", "AA", counter, officer="AA-2", place=CENTRE).code == "support.party"
    room.say("confirmation", "BB", counter, officer="BB-2", place=CENTRE)


def test_the_time_of_what_is_asked_decides_what_lies_near(room: Room) -> None:
    """What lies near is asked for the place and the time of the terms, within five kilometres."""
    asked_for: list[dict[str, Any]] = []
    request = room.say("request", "AA", support="flights", place=INSIDE, **AIR)
    case = room.case
    case.common = case.common.__class__(case.time, 1, ask=lambda desk, name, **args: (
        asked_for.append({"desk": desk, "name": name, **args}), type("Near", (), {"version": 0}))[1])
    case.near_version(request.id)
    assert asked_for == [{"desk": "protection", "name": "surroundings", "place": INSIDE, "reach_m": 5_000,
                          "span": (START + 3_600_000, START + 86_400_000)}]
