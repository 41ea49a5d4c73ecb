"""What may be asked, promised, countered, declined, reported and accepted, and by whom."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tansiq.acts import Text
from tansiq.desks.fields import check, compose, draft_type
from tansiq.desks.support import DESK
from tansiq.errors import Malformed, Refused
from tansiq.geo import Circle, Line, Point, Polygon
from tests.unit.desks.support.room import AIR, DAY, HEAD, HOUR, NEAR_CCC, OUTSIDE, START, D, Room

CROSSED = Polygon(corners=((33 * D, 45 * D), (34 * D, 46 * D), (34 * D, 45 * D), (33 * D, 46 * D)))


@pytest.mark.parametrize(("changes", "code", "field"), [
    ({"asked_of": ()}, "request.to", "asked_of"),
    ({"asked_of": ("CC", "BB")}, "request.to", "asked_of"),
    ({"asked_of": ("AA",)}, "request.to.member", "asked_of"),
    ({"asked_of": ("PP",)}, "request.to.member", "asked_of"),
    ({"asked_of": ("BB", "CC"), "release": ("AA", "BB")}, "support.to", "release"),
    ({"support": "gold"}, "request.support", "support"),
    ({"needed_until": START + HOUR - 1}, "instant.order", "needed_until"),
    ({"answer_by": START + 2 * DAY}, "request.answer_by", "answer_by"),
    ({"answer_by": START}, "request.answer_by.past", "answer_by"),
    ({"needed_from": 0, "needed_until": START, "answer_by": START}, "request.answer_by.past", "answer_by"),
    ({"place": None}, "terms.place", "place"),
    ({"place": CROSSED}, "place.crossing", "place"),
    ({"place": Line(through=((0, 179 * D), (0, -179 * D)))}, "place.antimeridian", "place"),
    ({"place": Circle(centre=(895_000_000, 0), radius_m=5_000)}, "place.pole", "place"),
    ({"place": Point(at=(0, 0))}, "place.sea", "place"),
    ({"place": Point(at=(455_000_000, 335_000_000))}, "place.swapped", "place"),
    ({"lower_m": 100}, "altitude.half", "upper_m"),
    ({"upper_m": 100}, "altitude.half", "lower_m"),
    ({"lower_m": 3_000, "upper_m": 3_000}, "altitude.order", "upper_m"),
    ({"lower_m": 0, "upper_m": 50_000}, "altitude.range", "upper_m"),
    ({"support": "flights"}, "terms.altitude", "lower_m"),
    ({"quantity": 5}, "terms.unit", "unit"),
    ({"unit": "beds"}, "terms.unit", "quantity"),
    ({"quantity": 0, "unit": "beds"}, "quantity.range", "quantity"),
    ({"duration_days": 40_000}, "terms.duration", "duration_days"),
    ({"recipient": "other_party"}, "terms.recipient", "recipient_name"),
    ({"recipient": "state_force", "recipient_name": Text(lang="en", text="X")}, "terms.recipient", "recipient_name"),
    ({"title": Text(lang="en", text=" ")}, "text.empty", "title"),
])
def test_what_cannot_be_asked_is_told_at_its_field(room: Room, changes: dict[str, Any], code: str, field: str) -> None:
    """One clear sentence at the field, whatever door it came through; and void at every index."""
    error = room.refused("request", "AA", **changes)
    assert (error.code, error.field) == (code, field)
    assert room.order(room.act("request", "AA", **changes)).void == code


def test_a_place_at_sea_is_taken_where_it_is_meant(room: Room) -> None:
    """A point in the sea is questioned; with the box ticked it is taken."""
    room.say("request", "AA", place=Point(at=(0, 0)), at_sea=True)


def test_what_an_article_forbids_is_refused_with_its_number(room: Room) -> None:
    """A fixed base in BBB is refused by article 4; elsewhere it is not; a state outside the centre is nobody's to give.
    """
    error = room.refused("request", "AA", facility="fixed")
    assert isinstance(error, Refused) and (error.code, error.article) == ("support.forbidden", "4")
    assert str(error) == "Article 4 forbids it."
    room.say("request", "AA", facility="fixed", place=Point(at=(335_000_000, 442_000_000)))
    error = room.refused("request", "AA", place=OUTSIDE)
    assert error.code == "support.forbidden" and "ZZZ" in str(error)


def test_whose_consent_is_needed_must_be_able_to_read_it(room: Room) -> None:
    """Within the margin of a border both governments are asked, and an article's consenter too: each reads it."""
    error = room.refused("request", "AA", place=NEAR_CCC, release=("AA", "BB"))
    assert (error.code, error.field) == ("support.release", "release") and "CC" in str(error)
    assert room.refused("request", "AA", duration_days=91, release=("AA", "BB")).fields["article"] == 5
    assert room.refused("request", "AA", duration_days=None, release=("AA", "BB")).code == "support.release"
    room.say("request", "AA", duration_days=90, release=("AA", "BB"))


def test_a_request_begins_its_own_thread(room: Room) -> None:
    """A request in a thread is refused, and an answer to nothing."""
    request = room.say("request", "AA")
    assert room.refused("request", "AA", request).code == "support.begins"
    assert room.refused("promise", "BB").code == "support.refers"
    assert Room(room.folder).refused("promise", "BB").code == "support.thread"


def test_several_promise_a_part_each(room: Room) -> None:
    """Two who are asked promise what they can; it is fulfilled when both were accepted and nothing is missing."""
    request = room.say("request", "AA", asked_of=("BB", "CC"), quantity=50, unit="beds", support="words", place=None)
    room.say("promise", "BB", request, quantity=30)
    assert room.awaited() == {("CC", "answer"), ("BB", "begin")}
    room.say("promise", "CC", request, quantity=20)
    for member, given in (("BB", 30), ("CC", 20)):
        done = room.say("completion", member, request, given=given)
        assert ("AA", "accept") in room.awaited()
        room.say("acceptance", "AA", done)
    assert room.stand.state == "fulfilled" and not room.stand.waits


def test_less_than_was_asked_is_not_fulfilled(room: Room) -> None:
    """Accepted, but fewer than were asked: it has ended, and is not called fulfilled."""
    request = room.say("request", "AA", quantity=50, unit="beds", support="words", place=None)
    room.say("promise", "BB", request, quantity=50)
    room.say("acceptance", "AA", room.say("completion", "BB", request, given=49))
    assert room.stand.state == "closed"


def test_a_counter_holds_once_the_asker_accepts_it(room: Room) -> None:
    """Other terms are offered whole; the asker accepts them, and consents are needed to them and not to the request."""
    request = room.say("request", "AA", quantity=50, unit="beds")
    counter = room.say("counter", "BB", request, quantity=20, unit="beds", place=NEAR_CCC)
    assert room.stand.state == "countered" and room.awaited() == {("AA", "counter")}
    room.say("acceptance", "AA", counter)
    assert room.awaited() == {("BB", "consent"), ("CC", "consent")}
    room.consented(request)
    assert ("BB", "consent") in room.awaited()
    part = room.case.story.parts["BB"]
    assert (part.state, part.quantity) == ("promised", 20)


def test_a_counter_is_judged_like_a_request(room: Room) -> None:
    """What an article forbids cannot be offered instead, nor what needs a consent of one who cannot read it."""
    request = room.say("request", "AA", release=("AA", "BB"))
    assert room.refused("counter", "BB", request, release=("AA", "BB"), facility="fixed").code == "support.forbidden"
    assert room.refused("counter", "BB", request, release=("AA", "BB"), place=NEAR_CCC).code == "support.release"


def test_who_is_asked_may_decline_before_it_has_begun(room: Room) -> None:
    """Before a promise and after it, with a reason, and it may promise anew; once begun it stops or reports instead."""
    request, _ = room.ready()
    room.say("decline", "BB", request)
    assert room.stand.state == "declined"
    assert room.refused("decline", "BB", request).code == "support.declined"
    room.say("promise", "BB", request)
    room.say("step", "BB", request)
    assert room.refused("decline", "BB", request).code == "support.begun"


def test_unanswered_it_lapses_by_its_own_deadline(room: Room) -> None:
    """From the deadline on nobody promises or counters, and nobody is awaited for an answer."""
    request = room.say("request", "AA")
    room.now = START + 12 * HOUR - 1
    assert room.stand.state == "asked"
    room.now += 1
    assert room.stand.state == "lapsed" and not room.stand.waits
    for kind in ("promise", "counter"):
        assert room.refused(kind, "BB", request).code == "support.late"


def test_the_asker_withdraws_and_nothing_is_promised_after(room: Room) -> None:
    """After a withdrawal nothing is promised or begun; what is under way is asked to stop."""
    request, _ = room.ready()
    room.say("step", "BB", request)
    room.say("withdrawal", "AA", request)
    assert room.stand.state == "stopping" and room.awaited() == {("BB", "stop")}
    room.say("stopped", "BB", request)
    assert room.stand.state == "withdrawn" and not room.stand.waits
    assert room.refused("step", "BB", request).code == "support.withdrawn"
    assert room.refused("withdrawal", "AA", request).code == "support.withdrawn"


def test_how_it_ended_is_accepted_or_disputed(room: Room) -> None:
    """A disputed end is reported anew, or accepted after all."""
    request, _ = room.ready()
    done = room.say("completion", "BB", request, outcome="not_done")
    assert room.refused("completion", "BB", request).code == "support.ended"
    room.say("dispute", "AA", done)
    assert room.awaited() >= {("BB", "again")} and room.stand.state == "disputed"
    again = room.say("completion", "BB", request)
    assert room.refused("acceptance", "AA", done).code == "support.nothing"
    assert room.refused("dispute", "AA", done).code == "support.nothing"
    room.say("acceptance", "AA", again)
    assert room.stand.state == "fulfilled"
    assert room.refused("withdrawal", "AA", request).code == "support.closed"


def test_harm_is_told_at_any_time_and_asks_for_an_incident(room: Room) -> None:
    """Even after it was accepted; both sides are asked to open an incident."""
    request, _ = room.ready()
    room.say("acceptance", "AA", room.say("completion", "BB", request))
    room.say("completion", "BB", request, outcome="harm")
    assert room.stand.state == "harm"
    assert {("AA", "harm"), ("BB", "harm")} <= room.awaited()


@pytest.mark.parametrize(("changes", "code", "field"), [
    ({"given": None}, "completion.given", "given"), ({"given": -1}, "quantity.range", "given"),
])
def test_the_quantity_given_is_told_against_the_one_asked(room: Room, changes: dict[str, Any], code: str,
                                                         field: str) -> None:
    """What was countable is counted at the end; nothing given is a number as well."""
    request = room.say("request", "AA", quantity=50, unit="beds", support="words", place=None)
    room.say("promise", "BB", request)
    error = room.refused("completion", "BB", request, **changes)
    assert isinstance(error, Malformed) and (error.code, error.field) == (code, field)
    room.say("completion", "BB", request, outcome="not_done", given=0)


def test_nothing_is_counted_where_nothing_countable_was_asked(room: Room) -> None:
    """A quantity promised or given needs one that was asked."""
    request = room.say("request", "AA")
    assert room.refused("promise", "BB", request, quantity=3).field == "quantity"
    room.say("promise", "BB", request)
    assert room.refused("completion", "BB", request, given=3).field == "given"


@pytest.mark.parametrize(("kind", "author"), [
    ("promise", "CC"), ("counter", "CC"), ("decline", "CC"), ("step", "CC"), ("stopped", "CC"), ("completion", "CC"),
    ("withdrawal", "BB"), ("refusal", "CC"), ("objection", "AA"),
])
def test_what_is_not_for_a_member_to_say(room: Room, kind: str, author: str) -> None:
    """Who is not asked promises nothing, who does not ask withdraws nothing, who has no say refuses nothing."""
    request, _ = room.ready()
    assert room.refused(kind, author, request).code == "support.party"


def test_an_objection_of_the_territory_blocks_and_anothers_is_heard(room: Room) -> None:
    """BBB's owner blocks until it takes the objection back; CC, whose ground is not touched, is heard alone."""
    request, _ = room.ready()
    room.say("objection", "CC", request)
    room.say("step", "BB", request)
    mine = room.say("objection", "BB", request)
    assert ("AA", "objection") in room.awaited() and room.stand.state == "stopping"
    assert room.refused("step", "BB", request).code == "support.objection"
    assert room.refused("objection", "BB", request).code == "support.objected"
    assert room.refused("withdrawal", "CC", mine).code == "support.party"
    room.say("withdrawal", "BB", mine)
    assert room.refused("withdrawal", "BB", mine).code == "support.unobjected"
    room.say("step", "BB", request)


def test_an_objection_blocks_a_promise_too(room: Room) -> None:
    """Where the territory says that it is something else, nobody promises it; a counter is another thing."""
    request = room.say("request", "AA", asked_of=("BB", "CC"))
    room.say("objection", "BB", request)
    assert room.refused("promise", "CC", request).code == "support.objection"
    counter = room.say("counter", "CC", request)
    room.say("acceptance", "AA", counter)


def test_an_answer_names_one_act_that_it_can_answer(room: Room) -> None:
    """Two acts, none, an act of another kind and a void one are not answered."""
    request, consent = room.ready()
    for about in (consent, room.order(room.act("promise", "CC", request))):
        assert room.refused("completion", "BB", about).code == "support.refers"
    assert room.refused("completion", "BB", request, refers=(request.id, consent.id)).code == "support.refers"


def test_a_suspended_member_speaks_on_its_own_ground_alone(room: Room) -> None:
    """BB, suspended, still takes back its consent; CC, suspended, may not object to what does not touch it."""
    request, consent = room.ready()
    room.suspended = frozenset(("BB", "CC"))
    assert room.refused("objection", "CC", request).code == "act.suspended"
    room.say("revocation", "BB", consent)


def test_of_the_air_altitudes_are_asked(room: Room) -> None:
    """A request of what comes from the air says between which altitudes, and is taken with them."""
    room.say("request", "AA", support="flights", **AIR)


COMPOSED: dict[str, dict[str, str]] = {
    "request": {"title": "Tents", "support": "goods", "asked_of": "BB, CC", "purpose": "Exercise", "place": "33.5 45.5",
                "answer_by": "2015-10-08T00:00Z", "needed_from": "2015-10-08T00:00Z",
                "needed_until": "2015-10-09T00:00Z", "quantity": "٥٠", "unit": "beds"},
    "counter": {"needed_from": "2015-10-08T00:00Z", "needed_until": "2015-10-09T00:00Z", "reason": "Fewer"},
    "promise": {"text": "Yes", "quantity": "20"}, "consent": {
        "performers": "BB", "phases": "delivery,transit", "place": "circle 33.5 45.5; 5 km", "day_from": "06:00",
        "day_until": "۱۸:۳۰", "valid_from": "2015-10-08T00:00Z", "valid_until": "2015-10-09T00:00Z"},
    "confirmation": {}, "review": {"subject": "sites", "verdict": "clear", "near_version": "0", "reasons": "Seen"},
    "step": {"phase": "delivery", "text": "Now", "begins": "2015-10-08T00:00Z", "ends": "2015-10-09T00:00Z"},
    "completion": {"outcome": "done", "text": "Given"}, "acceptance": {},
    "objection": {"substance": "base", "reason": "A base"}}


@pytest.mark.parametrize("form", DESK.forms, ids=lambda form: form.kind.name)
def test_every_form_is_composed_from_what_is_typed(form: Any) -> None:
    """What people type into each form, with digits of any script, becomes the fields of an act; programs send the same,
    and a field that the kind does not know is refused."""
    typed = COMPOSED.get(form.kind.name, {"reason": "Because"})
    made = compose(form, {"lang": "en", **typed})
    act = msgspec.convert(made | {**HEAD, "kind": form.kind.name, "author": "AA", "officer": "o", "thread": None,
                                  "refers": ()}, form.kind.type)
    act.check()
    body = msgspec.json.encode({**made, "release": ["AA", "BB", "CC"]})
    check(form, msgspec.json.decode(body, type=draft_type(form)))
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(body[:-1] + b',"aimpoint":1}', type=draft_type(form))
    if form.kind.name == "consent":
        assert (made["day_from"], made["day_until"], made["phases"]) == (360, 1_110, ("transit", "delivery"))
    if form.kind.name == "request":
        assert made["quantity"] == 50 and made["duration_days"] is None
