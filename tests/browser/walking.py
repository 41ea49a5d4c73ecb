"""Every page that there is, with a whole story behind it: made from the program's own table of addresses.

``WAYS`` says for each address with a page in which forms it is looked at. An address that is not in it fails
``test_everyone``, so that no new page is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.routes import HTTPRoute

from tansiq import wire
from tansiq.cell.desk import Desk
from tansiq.cell.registers import ActQuery, ActRow
from tansiq.desks.fields import compose
from tansiq.doors import drafts
from tansiq.doors.administration import Administration
from tansiq.doors.floor import Floor
from tansiq.doors.papers import Clerk
from tansiq.doors.signing import Signing
from tansiq.doors.web.administering import PART_TITLES
from tansiq.office import Officer, SignIn
from tansiq.run import Centre
from tests.authenticator import Passkey

HELD_MS = 3_600_000
MONTH_MS = 31 * 86_400_000
MINE, OTHER = "IQ", "RU"
REPORT = {"title": "Convoy at the crossing", "text": "Twelve lorries, moving north.", "lang": "en", "release": ["IQ"],
          "occurred_from": "2015-10-07T23:50Z", "occurred_until": "2015-10-07T23:50Z", "source_reliability": "B",
          "information_credibility": "2", "place": "36.80, 42.10"}
ASSESSMENT = {"title": "The road stays open", "text": "Two reports agree.", "lang": "en", "release": ["IQ", "RU"]}
READING = {"station": "Hit", "note": "Steady", "lang": "en", "level_cm": "310", "measured_at": "2015-10-07T23:50Z",
           "place": "33.64, 42.83", "trend": "2", "release": ["IQ"]}


@dataclass(frozen=True)
class Stop:
    """One page as one officer sees it; *status* is what it answers with."""

    officer: str
    path: str
    status: int = 200


class Walk:
    """The pages of a centre whose story was told, as officers of one of its members meet them."""

    def __init__(self, centre: Centre, offices: Any, sign_in: SignIn) -> None:
        self.floor = Floor(centre, centre.desks, offices, sign_in=sign_in)
        self.desks: list[Desk] = [desk for desk in self.floor.desks if not desk.hidden]
        self.registers = centre.cells[MINE].registers
        self.now = centre.cells[MINE].now()

    def officer(self, role: str) -> Officer:
        """Somebody of the member who has a role, and may read unless it administers."""
        asked = {role} if role == "administrator" else {role, "reader"}
        return next(one for one in self.floor.officers() if one.member == MINE and asked <= set(one.roles))

    def acts(self, *kinds: str) -> list[ActRow]:
        """Acts of some kinds that the member can read, the newest first."""
        return list(self.registers.search(ActQuery(kinds=kinds, limit=100)))

    def begin(self) -> None:
        """Leave something half done on every page that shows such things: drafts, papers, duty, a passkey; and say what
        the story does not."""
        drafter, releaser, administrator = (self.officer(role) for role in ("drafter", "releaser", "administrator"))
        drafts.save(self.floor, drafter, "intelligence", "report", sent={"title": ["Half a report"], "text": ["It is"]})
        clerk = Clerk(self.floor, hold_ms=HELD_MS)
        self.papers = [clerk.submit(drafter, "report", REPORT), clerk.submit(drafter, "report", REPORT),
                       clerk.hold(releaser, "report", REPORT)]
        clerk.give_back(releaser, self.papers[1], "Say which road.")
        Administration(self.floor, administrator).put_on_duty(
            releaser.id, "+964 1 555 0142", since=self.now,
            until=self.now + 86_400_000)
        self.passkey = Passkey(seed=1, origin=self.floor.sign_in.origin)
        for officer, key in ((administrator.id, self.passkey), (releaser.id, Passkey(seed=2))):
            self.floor.offices[MINE].passkeys.add(officer, (key.id, key.public, 0), origin=self.floor.sign_in.origin)
        self.floor.cell(MINE).say("credential", self._credential(administrator.id, self.passkey, "administrator"),
                                  officer=administrator.id)

        for kind, fields in (("assessment", ASSESSMENT), ("reading", READING)):
            form = self.floor.form_of(kind)
            assert form is not None
            self.floor.cell(MINE).say(kind, compose(form, fields), officer=releaser.id)

    def _credential(self, holder: str, passkey: Passkey, *roles: str) -> dict[str, Any]:
        return {"holder": holder, "roles": list(roles), "credential": wire.write_base64(passkey.id),
                "key": wire.write_base64(passkey.public), "origin": self.floor.sign_in.origin,
                "valid_from": self.now - 1_000, "valid_until": self.now + MONTH_MS,
                "release": [one.code for one in self.floor.charter.members]}

    def to_sign(self) -> str:
        """The challenge of an act that waits for the administrator's signature."""
        fields = self._credential(self.officer("releaser").id, Passkey(seed=2), "releaser")
        return Signing(self.floor).begin(self.officer("administrator"), "credential", fields)

    def stops(self) -> list[Stop]:
        """All pages, officer by officer."""
        found = [stop for way in WAYS.values() for stop in way(self)]
        return sorted(dict.fromkeys(found), key=lambda stop: (stop.officer, stop.path))


def addresses(routes: Any) -> set[str]:
    """The addresses that answer with a page, of all routes of the floor."""
    found = set()
    for router in routes:
        for route in router.routes:
            assert isinstance(route, HTTPRoute)
            handler = next((handler for handler in route.route_handlers if "GET" in handler.http_methods), None)
            if handler is not None and handler.parsed_fn_signature.return_type.annotation in (
                    Response[str], Response[Any]):
                found.add(route.path)
    return found


def _as(role: str, *paths: str, status: int = 200) -> Callable[[Walk], Iterator[Stop]]:
    """The same addresses for any centre."""
    return lambda walk: (Stop(walk.officer(role).id, path, status) for path in paths)


def _lists(walk: Walk) -> Iterator[Stop]:
    for desk in walk.desks:
        yield Stop(walk.officer("releaser").id, f"/desks/{desk.name}")
    yield Stop(walk.officer("releaser").id, "/desks/intelligence?text=nothing+of+the+sort")


def _views(walk: Walk) -> Iterator[Stop]:
    for desk in walk.desks:
        for view in desk.showing.views if desk.showing else ():
            yield Stop(walk.officer("releaser").id, f"/desks/{desk.name}/{view.name}")
    yield Stop(walk.officer("releaser").id, "/desks/reconnaissance/track?name=K-1")


def _forms(walk: Walk) -> Iterator[Stop]:
    """Every form that people meet; one that answers, in answer to an act of each desk's story."""
    for desk in walk.desks:
        for form in desk.forms:
            if not form.plain:
                continue
            at, who = f"/desks/{desk.name}/say/{form.kind.name}", walk.officer(form.role).id
            if not form.answers:
                yield Stop(who, at)
            elif answered := walk.acts(*form.answers):
                yield Stop(who, f"{at}?to={answered[0].id}")


def _threads(walk: Walk) -> Iterator[Stop]:
    """Of every kind of act that begins a thread the longest thread, and of all others one act's page."""
    yield Stop(walk.officer("releaser").id, "/acts/none", 404)
    threads: set[str] = set()
    for desk in walk.desks:
        for form in desk.forms:
            for row in walk.acts(form.kind.name)[:1]:
                if row.thread not in threads:
                    threads.add(row.thread)
                    yield Stop(walk.officer("releaser").id, f"/acts/{row.id}")


def _evidence(walk: Walk) -> Iterator[Stop]:
    rows = walk.registers.search(ActQuery(limit=200))
    for own in (True, False):
        row = next(row for row in rows if (row.author == MINE) == own)
        yield Stop(walk.officer("releaser").id, f"/acts/{row.id}/evidence")


def _papers(walk: Walk) -> Iterator[Stop]:
    for paper in walk.papers:
        yield Stop(walk.officer("releaser").id, f"/papers/{paper}")


def _absence(walk: Walk) -> Iterator[Stop]:
    asked = f"/evidence/absence?author={OTHER}&to={MINE}&month=2015-10"
    for desk in ("airspace", "press"):
        yield Stop(walk.officer("releaser").id, f"{asked}&desk={desk}")
    yield Stop(walk.officer("releaser").id, "/evidence/absence?month=never", 400)
    yield Stop(walk.officer("releaser").id, f"{asked}&desk=support")


WAYS: dict[str, Callable[[Walk], Iterator[Stop]]] = {
    "/": _as("releaser", "/"),
    "/acts": _as("releaser", "/acts", "/acts?text=convoy&author=IQ"),
    "/acts/{given:str}": _threads,
    "/acts/{given:str}/evidence": _evidence,
    "/administration": _as("administrator", "/administration"),
    "/administration/{part:str}": _as("administrator", *(f"/administration/{part}" for part in PART_TITLES)),
    "/again": _as("releaser", "/again"),
    "/attach": _as("releaser", "/attach"),
    "/charter": _as("releaser", "/charter", "/charter?text=ar&beside=ru"),
    "/desks/{name:str}": _lists,
    "/desks/{name:str}/say/{kind:str}": _forms,
    "/desks/{name:str}/{view:str}": _views,
    "/drafts": _as("drafter", "/drafts"),
    "/enter": _as("releaser", "/enter"),
    "/enter/enrol": _as("releaser", "/enter/enrol"),
    "/evidence": _as("releaser", "/evidence"),
    "/evidence/absence": _absence,
    "/evidence/check": _as("releaser", "/evidence/check"),
    "/journal": _as("releaser", "/journal", "/journal?before=60"),
    "/me": _as("releaser", "/me"),
    "/papers": _as("releaser", "/papers"),
    "/papers/{given:str}": _papers,
    "/sign/{given:str}": lambda walk: iter([Stop(walk.officer("administrator").id, f"/sign/{walk.to_sign()}")]),
    "/watch": _as("releaser", "/watch"),
}
