"""A room of three members on square ground, in which requests are said, ruled and told, without a journal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from tansiq.acts import Act, Text
from tansiq.cell.desk import Common, Said, Thread
from tansiq.cell.moment import Settled
from tansiq.charter import Charter, parse_charter
from tansiq.desks.support import DESK
from tansiq.desks.support.case import Case
from tansiq.desks.support.waiting import Stand, stand
from tansiq.errors import TansiqError
from tansiq.geo import Circle, Place, Point, Polygon, Territories
from tests.unit.charter.conftest import SMALL

D = 10_000_000
START = 1_444_200_000_000
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
MEMBERS = ("AA", "BB", "CC")
THIRD = """
[[members]]
code = "CC"
zone = "Etc/UTC"
territory = "CCC"
name = {ar = "جيم", en = "Gamma"}
capital = {ar = "مدينة", en = "town"}
"""
# Articles beside those of the small charter: no base in BBB, and the consent of CC to what lasts long.
ARTICLES = """
[[articles]]
number = 4
title = {ar = "قاعدة", en = "No base"}
text = {ar = "لا قاعدة", en = "No base."}
applies = {kinds = ["request", "counter", "promise", "step"], territory = "BB", facility = ["fixed"]}
follows = {forbidden = true}

[[articles]]
number = 5
title = {ar = "طويل", en = "Long"}
text = {ar = "طويل", en = "Long."}
applies = {kinds = ["request", "promise", "step"], duration_days_over = 90}
follows = {consent = ["CC"]}
"""
CENTRE = Point(at=(335_000_000, 455_000_000))
INSIDE = Circle(centre=CENTRE.at, radius_m=2_000)
AROUND = Circle(centre=CENTRE.at, radius_m=5_000)
NEAR_CCC = Point(at=(335_000_000, 459_700_000))  # 2.8 km from CCC, within the margin of 5 km
OUTSIDE = Point(at=(335_000_000, 475_000_000))


@lru_cache(maxsize=1)
def charter() -> Charter:
    """Three members: what is asked lies on BBB, east of AAA and west of CCC; beyond CCC begins the land of nobody."""
    text = SMALL.replace('order = ["AA", "BB"]', 'order = ["AA", "BB", "CC"]')
    return parse_charter(text.replace("[[partners]]", THIRD + "\n[[partners]]", 1) + ARTICLES)


@lru_cache(maxsize=1)
def ground(folder: str) -> Territories:
    """Four squares side by side; all else is sea."""
    features = [{"type": "Feature", "properties": {"territory": code}, "geometry": {"type": "Polygon", "coordinates": [
        [[west, 33], [west + 1, 33], [west + 1, 34], [west, 34], [west, 33]]]}}
        for west, code in ((44, "AAA"), (45, "BBB"), (46, "CCC"), (47, "ZZZ"))]
    path = Path(folder) / "square.json"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return Territories.load(path)


HEAD: dict[str, Any] = {"version": 1, "topic": None, "handling": "ALL", "precedence": "routine", "assertion": None,
                        "release": MEMBERS}
WORDS = Text(lang="en", text="As agreed.")
TERMS: dict[str, Any] = {
    "needed_from": START + HOUR, "needed_until": START + DAY, "place": CENTRE, "at_sea": False, "lower_m": None,
    "upper_m": None, "quantity": None, "unit": None, "foreign_personnel": "none", "facility": "none",
    "duration_days": 1, "recipient": None, "recipient_name": None}
FIELDS: dict[str, dict[str, Any]] = {
    "request": {**TERMS, "asked_of": ("BB",), "support": "goods", "title": Text(lang="en", text="Tents"),
                "purpose": WORDS, "answer_by": START + 12 * HOUR},
    "counter": {**TERMS, "reason": WORDS},
    "promise": {"quantity": None, "text": WORDS},
    "consent": {"performers": ("BB",), "phases": ("preparation", "transit", "delivery", "operation", "return"),
                "place": AROUND, "lower_m": None, "upper_m": None, "valid_from": START, "valid_until": START + DAY,
                "day_from": None, "day_until": None, "conditions": None, "checkpoint_minutes": 60},
    "confirmation": {"place": None},
    "review": {"subject": "legal", "verdict": "clear", "distinction": WORDS, "proportionality": WORDS,
               "precautions": WORDS, "reasons": WORDS, "near_version": 0},
    "step": {"phase": "delivery", "text": WORDS, "begins": START + 2 * HOUR, "ends": START + 3 * HOUR, "place": CENTRE,
             "at_sea": False, "lower_m": None, "upper_m": None, "foreign_personnel": "none", "facility": "none"},
    "completion": {"outcome": "done", "given": None, "text": WORDS},
    "acceptance": {"note": None},
    "objection": {"substance": "base", "reason": WORDS},
}


@dataclass
class Room:
    """Acts of one thread, each ruled when it is said and again at its index. ``near`` is the version of what lies near;
    ``settled`` what the speaker knows, None: all of it, just now."""

    folder: Path
    now: int = START
    near: int = 0
    settled: Settled | None = None
    suspended: frozenset[str] = frozenset()
    acts: list[Said] = field(default_factory=list)

    def common(self, *, saying: bool = False, time: int | None = None) -> Common:
        """What a rule sees now."""
        settled = (self.settled or Settled(len(self.acts), self.now)) if saying else None
        near = SimpleNamespace(version=self.near, sites=())
        return Common(self.now if time is None else time, len(self.acts), settled=settled,
                      ask=lambda desk, name, **args: near, suspended=self.suspended,
                      territories=lambda _: ground(str(self.folder)))

    def act(self, kind: str, author: str, about: Said | None = None, *, officer: str = "", **changes: Any) -> Act:
        """An act of that kind, with its usual fields but for *changes*."""
        shape = DESK.form(kind).kind.type
        own = {**FIELDS.get(kind, {"reason": WORDS}), **changes}
        refers = () if about is None else (about.id,)
        thread = self.acts[0].id if about is not None and self.acts else None
        return shape(**{**HEAD, "kind": kind, "author": author, "officer": officer or f"{author}-1", "thread": thread,
                        "refers": refers, **own})

    def say(self, kind: str, author: str, about: Said | None = None, *, officer: str = "", **changes: Any) -> Said:
        """Say it at this member's cell, and let it be ordered next.

        Raises:
            TansiqError: as the rule does.
        """
        act = self.act(kind, author, about, officer=officer, **changes)
        DESK.rule(act, Thread(tuple(self.acts)), self.common(saying=True), charter())
        said = self.order(act)
        assert said.void is None, said.void
        return said

    def order(self, act: Act) -> Said:
        """Give an act the next index, whoever said it and whatever its cell thought of it; void where the rule says no.
        """
        void = None
        try:
            DESK.rule(act, Thread(tuple(self.acts)), self.common(), charter())
        except TansiqError as error:
            void = error.code
        index = len(self.acts)
        said = Said(f"{index + 1:064x}", index, 0, self.now, act, void)
        self.acts.append(said)
        return said

    def refused(self, kind: str, author: str, about: Said | None = None, **changes: Any) -> TansiqError:
        """Why it may not be said."""
        try:
            DESK.rule(self.act(kind, author, about, **changes), Thread(tuple(self.acts)), self.common(saying=True),
                      charter())
        except TansiqError as error:
            return error
        raise AssertionError(f"{kind} by {author} was admitted")

    @property
    def case(self) -> Case:
        """The case of the thread now."""
        found = Case.of(self.acts, charter(), self.common())
        assert found is not None
        return found

    @property
    def stand(self) -> Stand:
        """Where it stands now."""
        return stand(self.case)

    def awaited(self) -> set[tuple[str, str]]:
        """Who is awaited, and for what."""
        return {(wait.member, wait.what) for wait in self.stand.waits}

    def consented(self, request: Said, giver: str = "BB", **changes: Any) -> Said:
        """Give a consent and confirm it."""
        consent = self.say("consent", giver, request, officer=f"{giver}-2", **changes)
        self.say("confirmation", giver, consent, officer=f"{giver}-3")
        return consent

    def ready(self, **changes: Any) -> tuple[Said, Said]:
        """A request that BB promised and consented to: (request, consent)."""
        request = self.say("request", "AA", **changes)
        self.say("promise", "BB", request)
        return request, self.consented(request)

    def cleared(self, **changes: Any) -> Said:
        """A request of what comes from the air, with all that it needs but for the consent."""
        request = self.say("request", "AA", **{"support": "flights", "place": INSIDE, **AIR, **changes})
        self.say("promise", "BB", request)
        self.say("confirmation", "AA", request, officer="AA-2", place=request.act.place)  # type: ignore[attr-defined]
        self.reviewed(request)
        return request

    def reviewed(self, request: Said) -> None:
        """Both reviews, by the asker and by the performer, of what lies near now."""
        for member in ("AA", "BB"):
            for subject in ("legal", "sites"):
                self.say("review", member, request, officer=f"{member}-4", subject=subject, near_version=self.near)


AIR: dict[str, Any] = {"lower_m": 1_000, "upper_m": 3_000}


def copied(room: Room) -> Room:
    """The same room, to go another way in."""
    return replace(room, acts=list(room.acts))


def codes(findings: Sequence[Any]) -> list[str]:
    """Codes of what lies outside a consent."""
    return [one.code for one in findings]


__all__ = [
    "AIR",
    "AROUND",
    "CENTRE",
    "DAY",
    "HOUR",
    "INSIDE",
    "MINUTE",
    "NEAR_CCC",
    "OUTSIDE",
    "START",
    "WORDS",
    "D",
    "Place",
    "Polygon",
    "Room",
    "charter",
    "codes",
    "copied",
    "ground",
    "msgspec",
]
