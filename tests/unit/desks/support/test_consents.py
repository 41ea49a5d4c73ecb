"""A consent as a capability: whose, for which steps, where, when, how fresh; and what exactly lies outside it."""

from __future__ import annotations

from typing import Any

import pytest

from tansiq.cell.moment import Settled
from tansiq.desks.support.bounds import outside, window_of_terms
from tansiq.errors import Malformed, Refused
from tansiq.geo import Circle, Line, Point, Polygon
from tests.unit.desks.support.room import (
    AROUND,
    CENTRE,
    DAY,
    HOUR,
    MINUTE,
    NEAR_CCC,
    START,
    D,
    Room,
    codes,
)

ALL_OF_BBB = Polygon(corners=((331_000_000, 452_000_000), (331_000_000, 459_990_000), (339_000_000, 459_990_000),
                              (339_000_000, 452_000_000)))
ACROSS = Polygon(corners=((331_000_000, 452_000_000), (331_000_000, 465_000_000), (339_000_000, 465_000_000),
                          (339_000_000, 452_000_000)))


def test_no_answer_is_no_consent(room: Room) -> None:
    """Without a consent no step; the refusal names the article and the giver, and does not say that it was refused."""
    request = room.say("request", "AA")
    room.say("promise", "BB", request)
    error = room.refused("step", "BB", request)
    assert isinstance(error, Refused) and error.article == "1"
    assert str(error) == "BB has not consented. No answer: no consent."
    assert room.order(room.act("step", "BB", request)).void == "support.consent.none"


def test_a_governments_own_request_is_not_its_consent(room: Room) -> None:
    """The asker's own territory is asked for its consent like any other."""
    request = room.say("request", "AA", place=Point(at=(335_000_000, 442_000_000)))
    room.say("promise", "BB", request)
    assert str(room.refused("step", "BB", request, place=Point(at=(335_000_000, 442_000_000)))).startswith("AA has not")


def test_a_consent_counts_once_a_second_officer_has_confirmed_it(room: Room) -> None:
    """The same officer cannot confirm, another member's neither; until then it is shown as waiting."""
    request = room.say("request", "AA")
    room.say("promise", "BB", request)
    consent = room.say("consent", "BB", request, officer="BB-2")
    assert room.awaited() == {("BB", "second")}
    assert room.refused("step", "BB", request).code == "support.consent.unconfirmed"
    error = room.refused("confirmation", "BB", consent, officer="BB-2")
    assert error.code == "support.same" and error.field == "refers"
    assert room.refused("confirmation", "CC", consent).code == "support.party"
    assert room.refused("confirmation", "BB", consent, officer="BB-3", place=CENTRE).field == "place"
    room.say("confirmation", "BB", consent, officer="BB-3")
    assert room.refused("confirmation", "BB", consent, officer="BB-4").code == "support.confirmed"
    room.say("step", "BB", request)


def test_both_governments_consent_within_the_margin(room: Room) -> None:
    """Near the border of CCC one consent is not enough, and each is checked on its own."""
    request = room.say("request", "AA", place=NEAR_CCC)
    room.say("promise", "BB", request)
    room.consented(request, place=ACROSS)
    assert str(room.refused("step", "BB", request, place=NEAR_CCC)).startswith("CC has not")
    room.consented(request, "CC", place=ACROSS)
    room.say("step", "BB", request, place=NEAR_CCC)


def test_a_step_on_other_ground_needs_its_owner(room: Room) -> None:
    """The way through AAA needs AA's consent, which it may give though what is asked lies in BBB."""
    request, _ = room.ready()
    way = Line(through=((335_000_000, 441_000_000), (335_000_000, 445_000_000)))
    assert str(room.refused("step", "BB", request, place=way, phase="transit")).startswith("AA has not")
    area = Polygon(corners=((33 * D, 44 * D), (33 * D, 446_000_000), (34 * D, 446_000_000), (34 * D, 44 * D)))
    room.consented(request, "AA", place=area, phases=("transit",))
    room.say("step", "BB", request, place=way, phase="transit")


@pytest.mark.parametrize("giver", ["AA", "CC"])
def test_who_has_no_say_cannot_consent(room: Room, giver: str) -> None:
    """One whose ground is touched neither by the request nor by the consent's own area is told so, at the field."""
    request, _ = room.ready()
    error = room.refused("consent", giver, request)
    assert (error.code, error.field) == ("support.party", "refers") and "no say" in str(error)


def test_a_refusal_and_a_revocation(room: Room) -> None:
    """A consent that stands is taken back, not refused; one that was refused may still be given."""
    request = room.say("request", "AA")
    room.say("promise", "BB", request)
    room.say("refusal", "BB", request)
    assert room.refused("step", "BB", request).code == "support.consent.refused"
    consent = room.consented(request)
    assert room.refused("refusal", "BB", request).code == "support.consented"
    assert room.refused("revocation", "AA", consent).code == "support.party"
    room.say("revocation", "BB", consent)
    assert room.refused("revocation", "BB", consent).code == "support.revoked"
    assert room.refused("step", "BB", request).code == "support.consent.revoked"
    room.consented(request)
    room.say("step", "BB", request)


def test_a_revocation_asks_for_stopped_until_it_comes(room: Room) -> None:
    """What is under way is asked to stop, by the name of who does it, until it says so."""
    request, consent = room.ready()
    room.say("step", "BB", request)
    room.now += HOUR
    room.say("revocation", "BB", consent)
    assert room.stand.state == "stopping" and ("BB", "stop") in room.awaited()
    room.now += DAY
    assert ("BB", "stop") in room.awaited()
    room.say("stopped", "BB", request)
    assert ("BB", "stop") not in room.awaited()
    assert room.refused("stopped", "BB", request).code == "support.idle"


@pytest.mark.parametrize(("consent", "step", "code", "field"), [
    ({"performers": ("CC",)}, {}, "support.consent.none", "refers"),
    ({"phases": ("transit",)}, {}, "support.outside.phase", "phase"),
    ({"place": Circle(centre=CENTRE.at, radius_m=1_000)}, {"place": AROUND}, "support.outside.place", "place"),
    ({"place": Circle(centre=(336_000_000, 455_000_000), radius_m=1_000)}, {}, "support.outside.place", "place"),
    ({"valid_from": START + 2 * HOUR + 1}, {}, "support.outside.early", "begins"),
    ({"valid_until": START + 3 * HOUR - 1}, {}, "support.outside.late", "ends"),
    ({}, {"lower_m": 0, "upper_m": 100}, "support.outside.altitude", "lower_m"),
    ({"lower_m": 0, "upper_m": 99}, {"lower_m": 0, "upper_m": 100}, "support.outside.altitude", "lower_m"),
    ({"lower_m": 1, "upper_m": 100}, {"lower_m": 0, "upper_m": 100}, "support.outside.altitude", "lower_m"),
    ({"day_from": 0, "day_until": 60}, {}, "support.outside.hours", "begins"),
])
def test_each_bound_is_checked_and_named(room: Room, consent: dict[str, Any], step: dict[str, Any], code: str,
                                         field: str) -> None:
    """Performer, kind of step, area, altitudes, beginning, end, hours: what is outside is named at the step's field."""
    request = room.say("request", "AA", asked_of=("BB", "CC"), place=AROUND)
    room.say("promise", "BB", request)
    room.consented(request, **consent)
    error = room.refused("step", "BB", request, **step)
    assert (error.code, error.field) == (code, field)
    assert room.order(room.act("step", "BB", request, **step)).void == code


def test_at_the_edges_of_its_bounds_a_consent_holds(room: Room) -> None:
    """The same area, the same instants and the same altitudes lie inside; one of two consents is enough."""
    request = room.say("request", "AA", place=AROUND)
    room.say("promise", "BB", request)
    room.consented(request, phases=("transit",))
    room.consented(request, place=AROUND, valid_from=START + 2 * HOUR, valid_until=START + 3 * HOUR, lower_m=0,
                   upper_m=100)
    room.say("step", "BB", request, place=AROUND, lower_m=0, upper_m=100)


@pytest.mark.parametrize(("since", "until", "inside"), [
    (6 * 60, 10 * 60, True), (8 * 60, 9 * 60, True), (8 * 60, 9 * 60 - 1, False), (8 * 60 + 1, 10 * 60, False),
    (22 * 60, 9 * 60, True), (22 * 60, 8 * 60, False), (9 * 60, 24 * 60, False), (0, 24 * 60, True),
])
def test_hours_of_the_day_run_over_midnight(room: Room, since: int, until: int, inside: bool) -> None:
    """A step from 08:40 to 09:40 UTC is held against hours of each day; an end before the beginning is the next day."""
    request, _ = room.ready()
    consent: Any = room.act("consent", "BB", request, day_from=since, day_until=until)
    step: Any = room.act("step", "BB", request, begins=START // DAY * DAY + 8 * HOUR,
                         ends=START // DAY * DAY + 9 * HOUR)
    found = [one for one in outside(consent, window_of_terms(request.act, "BB").__class__(  # type: ignore[arg-type]
        "BB", ("delivery",), None, None, None, step.begins, step.ends)) if one.code == "hours"]
    assert (not found) is inside


def test_a_consent_that_has_ended_is_none(room: Room) -> None:
    """At its last millisecond it lives, one later it does not; who gave it may give it anew."""
    request, _ = room.ready()
    room.now = START + DAY
    assert room.case.given(request.id, "BB")[0].state == "live"
    room.now += 1
    assert room.case.given(request.id, "BB")[0].state == "ended"


def test_the_page_says_what_exactly_of_a_request_is_outside(room: Room) -> None:
    """Against all that is asked: its area, its time, its kinds of step."""
    request, consent = room.ready(place=AROUND)
    narrow: Any = room.act("consent", "BB", request, place=Circle(centre=CENTRE.at, radius_m=1_000),
                           phases=("delivery",), valid_from=START + 2 * HOUR, valid_until=START + 3 * HOUR)
    found = outside(narrow, window_of_terms(request.act, "BB"))  # type: ignore[arg-type]
    assert codes(found) == ["phase", "place", "early", "late"]
    assert outside(consent.act, window_of_terms(request.act, "BB")) == ()  # type: ignore[arg-type]


def test_a_step_waits_until_its_consent_is_settled_here(room: Room) -> None:
    """The speaker's cell asks for more than the journal: consent and confirmation settled, the checkpoint fresh."""
    request, _ = room.ready()
    for size, code in ((2, "support.unsettled"), (3, "support.unsettled"), (4, None)):
        room.settled = Settled(size, room.now)
        if code:
            assert room.refused("step", "BB", request).code == code
        else:
            assert room.acts[3].act.kind == "confirmation"
    room.settled = Settled(4, room.now - 60 * MINUTE - 1)
    error = room.refused("step", "BB", request)
    assert error.code == "support.stale" and error.fields["minutes"] == 60
    assert room.order(room.act("step", "BB", request)).void is None
    room.settled = Settled(4, room.now - 60 * MINUTE)
    room.say("step", "BB", request)


def test_of_two_consents_the_one_that_allows_older_checkpoints_counts(room: Room) -> None:
    """Where two cover a step, one of them is enough."""
    request, _ = room.ready()
    room.consented(request, checkpoint_minutes=600)
    room.settled = Settled(len(room.acts), room.now - 5 * HOUR)
    room.say("step", "BB", request)


@pytest.mark.parametrize(("changes", "code", "field"), [
    ({"performers": ()}, "consent.performers", "performers"),
    ({"performers": ("CC",)}, "consent.performer", "performers"),
    ({"phases": ()}, "consent.phases", "phases"),
    ({"phases": ("transit", "preparation")}, "consent.phases", "phases"),
    ({"place": CENTRE}, "consent.place", "place"),
    ({"valid_until": START - 1}, "instant.order", "valid_until"),
    ({"valid_from": START - DAY, "valid_until": START}, "consent.past", "valid_until"),
    ({"day_from": 60}, "consent.hours", "day_until"),
    ({"day_from": 60, "day_until": 60}, "consent.hours", "day_until"),
    ({"day_from": -1, "day_until": 60}, "consent.hour", "day_from"),
    ({"checkpoint_minutes": 0}, "consent.checkpoint", "checkpoint_minutes"),
    ({"lower_m": 5}, "altitude.half", "upper_m"),
])
def test_what_no_consent_can_hold(room: Room, changes: dict[str, Any], code: str, field: str) -> None:
    """One clear sentence at the field."""
    request, _ = room.ready()
    error = room.refused("consent", "BB", request, **changes)
    assert isinstance(error, Malformed) and (error.code, error.field) == (code, field)


@pytest.mark.parametrize(("changes", "code", "field"), [
    ({"begins": START - 15 * MINUTE - 1}, "step.late", "begins"),
    ({"ends": START + DAY + 1}, "step.after", "ends"),
    ({"ends": START + HOUR}, "instant.order", "ends"),
    ({"place": None}, "terms.place", "place"),
    ({"place": Point(at=(0, 0))}, "place.sea", "place"),
    ({"place": Point(at=(455_000_000, 335_000_000))}, "place.swapped", "place"),
    ({"foreign_personnel": "temporary"}, "step.personnel", "foreign_personnel"),
    ({"facility": "temporary"}, "step.facility", "facility"),
])
def test_what_no_step_can_hold(room: Room, changes: dict[str, Any], code: str, field: str) -> None:
    """A step is said before it begins, within what was asked, where its ground can be told; a slip of two numbers does
    not move it to the sea, where nobody is asked."""
    request, _ = room.ready(foreign_personnel="transit")
    error = room.refused("step", "BB", request, **changes)
    assert (error.code, error.field) == (code, field)


def test_what_the_floor_asks_of_people_on_the_ground(room: Room) -> None:
    """A support that lies on no ground needs a consent all the same once it states people or a facility there."""
    request = room.say("request", "AA", support="words", foreign_personnel="temporary")
    room.say("promise", "BB", request)
    assert room.refused("step", "BB", request).code == "support.consent.none"
    room.consented(request)
    assert room.refused("step", "BB", request, place=None).field == "place"
    free = Room(room.folder)
    request = free.say("request", "AA", support="words", place=None)
    free.say("promise", "BB", request)
    free.say("step", "BB", request, place=None)


def test_all_of_a_territory_can_be_an_area(room: Room) -> None:
    """A consent may be as wide as its giver wants."""
    request = room.say("request", "AA")
    room.say("promise", "BB", request)
    room.consented(request, place=ALL_OF_BBB)
    room.say("step", "BB", request)
