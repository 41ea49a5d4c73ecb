"""The rule of the support desk: what the charter, the story so far and live consents let a member say now."""

from __future__ import annotations

from tansiq.acts import Act
from tansiq.cell.desk import Common, Said, Thread
from tansiq.charter import Charter
from tansiq.desks.support.acts import Completion, Confirmation, Consent, Promise, Review, Step
from tansiq.desks.support.bounds import outside, window_of_step
from tansiq.desks.support.case import Case, Given
from tansiq.desks.support.gates import ABOUT, Speaker, has_say, no_say, require_gate, without_consent
from tansiq.desks.support.ground import Ground, larger_than, more_than, require_allowed, require_released
from tansiq.desks.support.story import Held, Part, terms_act
from tansiq.desks.support.terms import Counter, Request, Terms, require_quantity
from tansiq.errors import Malformed, Refused
from tansiq.geo import Place, covers

SAME_E7 = 1_000
"""Two typings of one place differ by no more than this in each number: 11 m, as a grid reference and degrees do."""
LATE_MS = 15 * 60_000
"""A step is said before it begins; the registrar's clock may be this much behind the author's (see ``entry.sent``)."""
_MINUTE_MS = 60_000


def rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """Rule on an act about a request.

    Raises:
        Malformed: a field holds what it cannot (``field`` names it).
        Refused: ``support.…``, with the charter's article where one refuses.
    """
    act.check()  # type: ignore[attr-defined]
    if isinstance(act, Request):
        _request(act, Ground(charter, common))
        return
    case = Case.of(thread.acts, charter, common)
    if case is None:
        raise Refused("support.thread", "A {kind} answers a request that stands.", kind=act.kind, field="refers")
    about = _about(act, thread)
    require_gate(case, act.kind, Speaker(act.author, act.officer), about)
    match act:
        case Counter():
            _terms(act, case.story.asked, case.ground, kind="counter")
        case Promise():
            _promise(act, case)
        case Consent():
            _consent(act, case, about)
        case Confirmation():
            _confirmation(act, case, about)
        case Review():
            _review(act, case, about)
        case Step():
            _step(act, case)
        case Completion():
            _completion(act, case)
    _suspended(act, case, about)


def _request(act: Request, ground: Ground) -> None:
    if act.thread is not None or act.refers:
        raise Refused("support.begins", "A request begins a thread of its own and refers to nothing.", field="refers")
    members = {member.code for member in ground.charter.members}
    for code in act.asked_of:
        if code not in members or code == act.author:
            raise Malformed("request.to.member", "{given} is no other member, and cannot be asked.", given=code,
                            field="asked_of")
        if code not in act.release:
            raise Refused("support.to", "{who} is asked, so {who} must be able to read it.", who=code, field="release")
    if ground.charter.support_of(act.support) is None:
        raise Malformed("request.support", "{given} is no kind of support of this charter.",
                        given=repr(act.support[:40]), field="support")
    if act.answer_by <= ground.common.time:
        raise Malformed("request.answer_by.past", "The time to answer is over before it is asked.", field="answer_by")
    _terms(act, act, ground, kind="request")


def _terms(terms: Terms, request: Request, ground: Ground, *, kind: str) -> None:
    """What holds for the terms of a request and of a counter alike."""
    if terms.needed_until <= ground.common.time:
        raise Malformed("terms.past", "What is asked is over before it is asked.", field="needed_until")
    _require_where(terms.place, terms.lower_m, ground, on_territory=ground.on_territory(request, terms),
                   airborne=ground.airborne(request))
    ground.require_meant(terms.place, at_sea=terms.at_sea)
    asked = ground.of_terms(kind, request, terms)
    require_allowed(asked)
    for later in ("promise", "step"):
        require_released(ground.of_terms(later, request, terms), terms.release)
    require_released(asked, terms.release)


def _require_where(place: Place | None, lower_m: int | None, ground: Ground, *, on_territory: bool,
                   airborne: bool) -> None:
    if place is None and on_territory:
        raise Malformed("terms.place", "What happens on somebody's ground must say where.", field="place")
    if airborne and lower_m is None:
        raise Malformed("terms.altitude", "What comes from the air must say between which altitudes.", field="lower_m")


def _about(act: Act, thread: Thread) -> Said:
    found = thread.find(act.refers[0]) if len(act.refers) == 1 else None
    if found is None or found.void is not None or not isinstance(found.act, ABOUT[act.kind]):
        raise Refused("support.refers", "A {kind} answers exactly one act that it can answer, and that stands.",
                      kind=act.kind, field="refers")
    return found


def _promise(act: Promise, case: Case) -> None:
    asked = case.story.asked.quantity
    if act.quantity is not None and asked is None:
        raise Malformed("promise.quantity", "Nothing countable was asked.", field="quantity")
    require_quantity(act.quantity, "quantity")


def _consent(act: Consent, case: Case, about: Said) -> None:
    if not has_say(case, act.author, about.id):
        touched = {case.ground.charter.owner(code) for code in case.ground.touched(act.place)}
        if act.author not in touched:
            raise no_say(act.author)
    for code in act.performers:
        if code not in case.story.parts:
            raise Malformed("consent.performer", "{given} is not among those who are asked.", given=code,
                            field="performers")
    if act.valid_until <= case.time:
        raise Malformed("consent.past", "The consent has ended before it is given.", field="valid_until")
    if case.ground.airborne(case.story.asked) and act.lower_m is None:
        raise Malformed("terms.altitude", "What comes from the air must say between which altitudes.", field="lower_m")


def _confirmation(act: Confirmation, case: Case, about: Said) -> None:
    if isinstance(about.act, Consent):
        if act.place is not None:
            raise Malformed("confirmation.consent", "A consent is confirmed as it stands, without a place.",
                            field="place")
        return
    asked = terms_act(about).place
    if act.place is None or asked is None:
        raise Malformed("confirmation.place", "The second person types the place once more.", field="place")
    if not same_place(act.place, asked):
        raise Refused("confirmation.other", "The place that was typed now is not the one that was asked.",
                      field="place")


def same_place(one: Place, other: Place) -> bool:
    """Whether two typings of a place mean the same: one form, as many positions, none further off than 11 m."""
    if type(one) is not type(other):
        return False
    ours, theirs = _numbers(one), _numbers(other)
    return len(ours) == len(theirs) and all(abs(a - b) <= SAME_E7 for a, b in zip(ours, theirs, strict=True))


def _numbers(place: Place) -> list[int]:
    """All numbers of a place: of its positions, and the radius of a circle."""
    found: list[int] = []
    for name in place.__struct_fields__:
        value = getattr(place, name)
        if isinstance(value, int):
            found.append(value * SAME_E7)  # a radius must be the same to the metre
        elif value and isinstance(value[0], int):
            found.extend(value)
        else:
            found.extend(number for position in value for number in position)
    return found


def _review(act: Review, case: Case, about: Said) -> None:
    version = case.near_version(about.id)
    if act.near_version > version or (case.common.settled is not None and act.near_version != version):
        raise Refused("review.seen", "What lies near is now version {version}: look at it, then name that version.",
                      version=version, field="near_version")


def _step(act: Step, case: Case) -> None:
    part = case.story.parts[act.author]
    assert part.terms is not None, "the gate asks for a promise"
    terms = terms_act(part.terms)
    _require_step_fits(act, terms, case)
    asked = case.ground.of_step(case.story.asked, terms, act)
    require_allowed(asked)
    for given in case.given(part.terms.id, act.author, asked):
        _require_covered(act, case, part, given)


def _require_step_fits(act: Step, terms: Terms, case: Case) -> None:
    ground, request = case.ground, case.story.asked
    if act.begins < case.time - LATE_MS:
        raise Malformed("step.late", "A step is said before it begins.", field="begins")
    if act.ends > terms.needed_until:
        raise Malformed("step.after", "The step ends after the time for which it was asked.", field="ends")
    present = act.foreign_personnel != "none" or act.facility != "none" or ground.on_territory(request, terms)
    _require_where(act.place, act.lower_m, ground, on_territory=present, airborne=ground.airborne(request))
    ground.require_meant(act.place, at_sea=act.at_sea)
    if more_than(act.foreign_personnel, terms.foreign_personnel):
        raise Refused("step.personnel", "More foreign personnel than was asked: that needs a new request.",
                      field="foreign_personnel")
    if larger_than(act.facility, terms.facility):
        raise Refused("step.facility", "More of a facility than was asked: that needs a new request.", field="facility")
    if ground.airborne(request):
        assert act.place is not None and terms.place is not None and terms.lower_m is not None
        if not covers(terms.place, act.place):
            raise Refused("step.place", "From the air nothing lies outside the place that was confirmed and reviewed.",
                          field="place")


def _require_covered(act: Step, case: Case, part: Part, given: Given) -> None:
    """Hold that one live consent of a giver covers the whole step; and, while it is said, that it is settled here and
    the last settled checkpoint is no older than it allows."""
    assert part.terms is not None
    held = [one for one in case.consents(given.giver, part.terms.id) if case.consent_state(one) == "live"]
    if not held:
        raise without_consent(given)
    window = window_of_step(act)
    covering = [one for one in held if not outside(one.consent, window)]
    if not covering:
        first = outside(held[-1].consent, window)[0]
        raise Refused(f"support.outside.{first.code}", first.text, field=first.field, **first.fields)
    if case.common.settled is not None:
        _require_fresh(covering, case)


def _require_fresh(covering: list[Held], case: Case) -> None:
    settled = case.common.settled
    assert settled is not None
    firm = [one for one in covering if one.confirmed is not None and max(one.said.index, one.confirmed.index)
            < settled.size]
    giver = covering[0].giver
    if not firm:
        raise Refused("support.unsettled", "The consent of {giver} is not settled here yet.", giver=giver,
                      field="refers")
    allowed = max(one.consent.checkpoint_minutes for one in firm)
    if case.time - settled.at > allowed * _MINUTE_MS:
        raise Refused("support.stale", "The last settled checkpoint here is older than the {minutes} minutes that the "
                      "consent of {giver} allows.", giver=giver, minutes=allowed, field="refers")


def _completion(act: Completion, case: Case) -> None:
    part = case.story.parts[act.author]
    if part.state in ("reported", "accepted") and act.outcome != "harm":
        raise Refused("support.ended", "{who} has reported how it ended.", who=act.author, field="refers")
    terms = terms_act(part.terms) if part.terms is not None else case.story.asked
    if act.given is not None and terms.quantity is None:
        raise Malformed("promise.quantity", "Nothing countable was asked.", field="given")
    if act.outcome == "done" and act.given is None and terms.quantity is not None:
        raise Malformed("completion.given", "Say how much was given.", field="given")


def _suspended(act: Act, case: Case, about: Said) -> None:
    """Hold a suspended member to its own territory: there it consents, refuses, takes back and objects."""
    if act.author not in case.common.suspended:
        return
    terms_id = about.id if isinstance(about.act, Terms) else case.story.terms_of(about.id)
    held = case.story.held.get(about.id)
    owners = case.asked(held.terms if held is not None else terms_id or case.story.request.id).owners
    if act.author not in owners:
        raise Refused("act.suspended", "{author} is suspended: what it says counts on its own territory alone.",
                      author=act.author)
