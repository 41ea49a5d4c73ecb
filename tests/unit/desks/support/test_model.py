"""The model of a request, walked whole and at random: no reachable state has a step without every consent live at its
index and fresh at its cell. What is legitimate is told here by a reading of its own, which shares no line with the
desk's."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tansiq.cell.desk import Said, Thread
from tansiq.cell.moment import Settled
from tansiq.desks.support import DESK
from tansiq.desks.support.acts import Consent
from tansiq.desks.support.case import Case
from tansiq.desks.support.waiting import stand
from tansiq.errors import TansiqError
from tansiq.geo import Polygon
from tests.unit.desks.support.room import DAY, HOUR, MINUTE, NEAR_CCC, START, Room, charter, copied

GIVERS = ("BB", "CC")
ACROSS = Polygon(corners=((331_000_000, 452_000_000), (331_000_000, 465_000_000), (339_000_000, 465_000_000),
                          (339_000_000, 452_000_000)))
CONSENT: dict[str, Any] = {"place": ACROSS, "valid_until": START + 6 * HOUR}
STEP: dict[str, Any] = {"place": NEAR_CCC, "begins": START + 2 * HOUR, "ends": START + 5 * HOUR}


def standing(room: Room, kind: str, author: str | None = None) -> list[Said]:
    """Acts of a kind that are not void."""
    return [said for said in room.acts if said.void is None and said.act.kind == kind
            and author in (None, said.act.author)]


def answers(room: Room, kind: str, about: Said) -> list[Said]:
    """Acts of a kind that answer one act."""
    return [said for said in standing(room, kind) if said.act.refers == (about.id,)]


def may_step(room: Room) -> bool:
    """Whether a step by BB is legitimate now, read from the acts alone."""
    request = room.acts[0]
    if answers(room, "withdrawal", request):
        return False
    for objection in standing(room, "objection"):
        if not answers(room, "withdrawal", objection):
            return False
    mine = [said.act.kind for said in room.acts if said.void is None and said.act.author == "BB"
            and said.act.kind in ("promise", "decline", "step", "stopped", "completion")]
    if not mine or mine[-1] in ("decline", "completion"):
        return False
    return all(any(is_live(room, consent) for consent in standing(room, "consent", giver)) for giver in GIVERS)


def is_live(room: Room, said: Said) -> bool:
    """Confirmed by another officer, not taken back, and of a time that holds the whole step."""
    consent = said.act
    assert isinstance(consent, Consent)
    confirmed = [one for one in answers(room, "confirmation", said)
                 if one.act.author == consent.author and one.act.officer != consent.officer]
    fits = consent.valid_from <= STEP["begins"] and STEP["ends"] <= consent.valid_until
    return bool(confirmed) and not answers(room, "revocation", said) and fits and room.now <= consent.valid_until


def last(room: Room, kind: str, author: str) -> Said | None:
    """The newest act of a kind by a member."""
    return next(reversed(standing(room, kind, author)), None)


Move = tuple[str, Callable[[Room], tuple[str, str, Said | None, dict[str, Any]]]]


def moves() -> dict[str, Callable[[Room], tuple[str, str, Said | None, dict[str, Any]]]]:
    """All that may happen next, by name: kind, author, what it answers, fields."""
    made: dict[str, Callable[[Room], tuple[str, str, Said | None, dict[str, Any]]]] = {
        "promise": lambda room: ("promise", "BB", room.acts[0], {}),
        "decline": lambda room: ("decline", "BB", room.acts[0], {}),
        "withdraw": lambda room: ("withdrawal", "AA", room.acts[0], {}),
        "step": lambda room: ("step", "BB", room.acts[0], STEP),
        "stopped": lambda room: ("stopped", "BB", room.acts[0], {}),
        "complete": lambda room: ("completion", "BB", room.acts[0], {}),
        "accept": lambda room: ("acceptance", "AA", last(room, "completion", "BB"), {}),
        "dispute": lambda room: ("dispute", "AA", last(room, "completion", "BB"), {}),
    }
    for giver in GIVERS:
        made |= {
            f"consent {giver}": lambda room, who=giver: ("consent", who, room.acts[0], {**CONSENT, "officer": who}),
            f"confirm {giver}": lambda room, who=giver: (
                "confirmation", who, last(room, "consent", who), {"officer": f"{who}-second"}),
            f"confirm {giver} alone": lambda room, who=giver: (
                "confirmation", who, last(room, "consent", who), {"officer": who}),
            f"revoke {giver}": lambda room, who=giver: ("revocation", who, last(room, "consent", who), {}),
            f"object {giver}": lambda room, who=giver: ("objection", who, room.acts[0], {}),
            f"take back {giver}": lambda room, who=giver: ("withdrawal", who, last(room, "objection", who), {}),
        }
    return made


MOVES = moves()


def try_move(room: Room, name: str) -> bool:
    """Try to say it as a patched cell would, at its index; tells whether it was admitted. A step that is admitted is
    legitimate, and one that is legitimate is admitted."""
    kind, author, about, fields = MOVES[name](room)
    if about is None:
        return False
    legitimate = may_step(room) if kind == "step" else None
    act = room.act(kind, author, about, **fields)
    said = room.order(act)
    admitted = said.void is None
    if legitimate is not None:
        assert admitted == legitimate, (name, said.void, [one.act.kind for one in room.acts if one.void is None])
    if not admitted:
        room.acts.pop()
    return admitted


def key(room: Room) -> tuple[Any, ...]:
    """What of a room decides what may happen next."""
    case = room.case
    part, request = case.story.parts["BB"], room.acts[0].id
    held = {giver: [case.consent_state(one) for one in case.consents(giver, request)] for giver in GIVERS}
    consents = tuple(("live" in states, states[-1] if states else "") for states in held.values())
    objections = tuple(sorted(said.act.author for said, _ in case.story.objections.values()))
    return (part.state, consents, objections, case.story.withdrawal is not None, case.must_stop(part) is not None,
            room.now > START)


def asked(folder: Path) -> Room:
    """A room in which what lies near the border of two was asked."""
    room = Room(folder)
    room.say("request", "AA", place=NEAR_CCC)
    return room


def test_the_small_model_walked_whole(folder: Path) -> None:
    """Every state that can be reached is reached, by every order of what may be said, and with the clock beyond the
    consents' end: a step is admitted exactly where it is legitimate."""
    first = asked(folder)
    seen, queue, steps, ends = {key(first)}, deque([first]), 0, set()
    while queue:
        room = queue.popleft()  # the shortest way to each state first
        for name in MOVES:
            after = copied(room)
            if try_move(after, name):
                steps += name == "step"
                _meet(after, seen, queue)
        late = replace(copied(room), now=START + 6 * HOUR + 1)
        _meet(late, seen, queue)
        ends.add(stand(room.case).state)
    assert steps > 30 and len(seen) > 2_500
    assert ends >= {"asked", "waiting", "ready", "under_way", "stopping", "stopped", "reported", "disputed",
                    "fulfilled", "declined", "withdrawn"}


def _meet(room: Room, seen: set[tuple[Any, ...]], queue: deque[Room]) -> None:
    found = key(room)
    if found not in seen:
        seen.add(found)
        queue.append(room)


@pytest.mark.parametrize(("one", "other"), [
    ("promise", "withdraw"), ("step", "revoke BB"), ("step", "withdraw"), ("step", "object CC"),
    ("complete", "revoke BB"), ("stopped", "revoke CC"), ("accept", "dispute"), ("confirm BB", "revoke BB"),
])
def test_races_end_the_same_everywhere(folder: Path, one: str, other: str) -> None:
    """Two acts said at once: whichever is ordered first counts, and every reader tells the same of both."""
    for order in ((one, other), (other, one)):
        room = asked(folder)
        for name in ("promise", "consent BB", "confirm BB", "consent CC", "confirm CC", "step", "complete"):
            if name not in order and not (name in ("step", "complete") and one not in ("stopped", "accept")):
                try_move(room, name)
        for name in order:
            kind, author, about, fields = MOVES[name](room)
            if about is not None:
                room.order(room.act(kind, author, about, **fields))
        readers = [Case.of(tuple(room.acts), charter(), room.common()) for _ in range(3)]
        assert len({repr(stand(case)) for case in readers if case is not None}) == 1
        again = [said.void for said in room.acts]
        room.acts, acts = [], room.acts
        for said in acts:
            room.order(said.act)
        assert [said.void for said in room.acts] == again


class Requests(RuleBasedStateMachine):
    """Three members talk about one request, at any times, through fair cells and patched ones."""

    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.room = Room(self.folder)
        self.fair: set[str] = set()

    @initialize(place=st.sampled_from([NEAR_CCC]))
    def ask(self, place: Any) -> None:
        """AA asks BB for something near the border of BBB and CCC."""
        self.room.say("request", "AA", place=place)

    @rule(name=st.sampled_from(sorted(MOVES)))
    def patched(self, name: str) -> None:
        """A patched cell says anything; the journal orders it, and every fair cell rules the same."""
        try_move(self.room, name)

    @rule(name=st.sampled_from(sorted(MOVES)), behind=st.integers(0, 3), age=st.integers(0, 120))
    def fairly(self, name: str, behind: int, age: int) -> None:
        """A fair cell says it, with some entries not settled and a checkpoint of some age: what it admits the journal
        admits, and no step that it admits rests on what is not settled, or on an older checkpoint than allowed."""
        room = self.room
        kind, author, about, fields = MOVES[name](room)
        if about is None:
            return
        room.settled = Settled(len(room.acts) - behind, room.now - age * MINUTE)
        act = room.act(kind, author, about, **fields)
        try:
            DESK.rule(act, Thread(tuple(room.acts)), room.common(saying=True), charter())
        except TansiqError:
            return
        if kind == "step":
            firm = replace(copied(room), acts=room.acts[:len(room.acts) - behind])
            assert age <= 60 and all(any(is_live(firm, one) for one in standing(firm, "consent", giver))
                                     for giver in GIVERS)
        assert room.order(act).void is None
        self.fair.add(act.kind)

    @rule(minutes=st.integers(1, 200))
    def wait(self, minutes: int) -> None:
        """Clocks move."""
        self.room.now += minutes * MINUTE

    @precondition(lambda self: self.room.acts)
    @invariant()
    def says_the_same(self) -> None:
        """Read as a whole or act by act, now or by the moments of change that were foreseen: one state."""
        room = self.room
        case = room.case
        assert stand(case) == stand(case.at(case.time))
        for moment in case.changes()[:2]:
            later = replace(copied(room), now=moment)
            assert stand(case.at(moment)) == later.stand

    @precondition(lambda self: self.room.acts)
    @invariant()
    def every_step_was_covered(self) -> None:
        """Each step in the journal stood on live consents at its own index."""
        for index, said in enumerate(self.room.acts):
            if said.void is None and said.act.kind == "step":
                before = replace(copied(self.room), acts=self.room.acts[:index], now=said.time)
                assert may_step(before)


def test_requests_at_random(folder: Path) -> None:
    """The same model, with clocks, settled checkpoints and patched cells at random."""
    Requests.folder = folder
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Requests, settings=settings(max_examples=120, stateful_step_count=40, deadline=None))


def test_what_was_foreseen_holds_a_day_ahead(folder: Path) -> None:
    """Between two foreseen moments nothing changes by itself."""
    room = asked(folder)
    room.say("promise", "BB", room.acts[0])
    room.consented(room.acts[0], **CONSENT)
    case = room.case
    moments = [case.time, *case.changes(), START + 3 * DAY]
    for begins, ends in pairwise(moments):
        told = {(found.state, tuple((wait.member, wait.what) for wait in found.waits)) for found in
                (stand(case.at(moment)) for moment in (begins, (begins + ends) // 2, ends - 1))}
        assert len(told) == 1
