"""Whose ground a request lies on, and what the charter asks of it: facts in, findings out."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from tansiq.cell.desk import Common
from tansiq.charter import Charter, Facts, Finding, judge
from tansiq.charter.vocabulary import FACILITIES, PERSONNEL, Facility, Need, Personnel
from tansiq.desks.support.acts import Step, Substance
from tansiq.desks.support.terms import Request, Terms
from tansiq.errors import Malformed, Refused
from tansiq.geo import Place, Territories, corners

FLOOR = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """What the charter asks of an act: the findings, whose consents (with the articles that ask them), which reviews.

    ``owners`` are the parties whose territory is touched.
    """

    findings: tuple[Finding, ...]
    territories: tuple[str, ...]
    owners: frozenset[str]
    givers: dict[str, tuple[int, ...]]
    reviews: frozenset[Need]

    @property
    def forbidden(self) -> Finding | None:
        """What forbids it; an article before the floor, since people can read it with its number."""
        found = [finding for finding in self.findings if finding.follows == "forbidden"]
        return max(found, key=lambda finding: finding.article > FLOOR) if found else None


@dataclass(slots=True)
class Ground:
    """The charter and its borders. Nothing is loaded before a place is asked about."""

    charter: Charter
    common: Common
    _judged: dict[Facts, Asked] = field(default_factory=dict)

    def touched(self, place: Place | None) -> tuple[str, ...]:
        """Territories that a place touches, or comes within the charter's margin of."""
        if place is None:
            return ()
        return _within(self.common.territories(self.charter), place, self.charter.borders.margin_km * 1000)

    def asked(self, facts: Facts) -> Asked:
        """Judge facts by the charter."""
        found = self._judged.get(facts)
        if found is None:
            found = self._judged[facts] = _asked(facts, self.charter)
        return found

    def of_terms(self, kind: str, request: Request, terms: Terms) -> Asked:
        """What the charter asks of an act of *kind* on these terms."""
        return self.asked(self.facts(kind, request, terms))

    def of_step(self, request: Request, terms: Terms, step: Step) -> Asked:
        """What the charter asks of a step: on its own place, with its own people and facility."""
        return self.asked(Facts("step", request.support, step.author, self.touched(step.place), step.foreign_personnel,
                                step.facility, terms.duration_days, terms.recipient))

    def facts(self, kind: str, request: Request, terms: Terms) -> Facts:
        """What an act of *kind* on these terms states."""
        return Facts(kind, request.support, terms.author, self.touched(terms.place), terms.foreign_personnel,
                     terms.facility, terms.duration_days, terms.recipient)

    def in_substance(self, request: Request, terms: Terms, substance: Substance) -> Asked:
        """What the charter would ask if it were what an objection says that it is."""
        facts = self.facts("request", request, terms)
        personnel: Personnel = "stationed" if substance == "landing" else facts.foreign_personnel
        facility: Facility = "fixed" if substance == "base" else facts.facility
        return self.asked(Facts(facts.kind, facts.support, facts.author, facts.territories, personnel, facility,
                                facts.duration_days, "other_party" if substance == "arms" else facts.recipient))

    def on_territory(self, request: Request, terms: Terms) -> bool:
        """Whether what is asked happens on somebody's ground, so that it must say where."""
        support = self.charter.support_of(request.support)
        present = terms.foreign_personnel != "none" or terms.facility != "none"
        return present or support is None or support.on_territory

    def airborne(self, request: Request) -> bool:
        """Whether what is asked comes from the air."""
        support = self.charter.support_of(request.support)
        return support is not None and support.airborne

    def require_meant(self, place: Place | None, *, at_sea: bool) -> None:
        """Question a place that lies on no territory: a slip of two numbers must not move it off everybody's ground.

        Raises:
            Malformed: ``place.sea``, ``place.swapped``; *at_sea* says that it is meant.
        """
        if place is None or at_sea:
            return
        territories = self.common.territories(self.charter)
        if territories.touching(place):
            return
        lat, lon = corners(place)[0]
        if territories.swapped(lat, lon):
            raise Malformed("place.swapped", "The place lies in the sea; with its two numbers exchanged it would lie "
                            "in {territory}. The latitude stands first.",
                            territory=", ".join(territories.at(lon, lat)), field="place")
        raise Malformed("place.sea", "The place lies in the sea. If that is meant, say so: tick the box for the sea.",
                        field="place")


def more_than(given: Personnel, bound: Personnel) -> bool:
    """Whether foreign personnel is more than a bound."""
    return PERSONNEL.index(given) > PERSONNEL.index(bound)


def larger_than(given: Facility, bound: Facility) -> bool:
    """Whether a facility is more than a bound."""
    return FACILITIES.index(given) > FACILITIES.index(bound)


def require_allowed(asked: Asked) -> None:
    """Hold that no article and no floor forbids it.

    Raises:
        Refused: ``support.forbidden``, with the article where one forbids.
    """
    found = asked.forbidden
    if found is None:
        return
    named = {"article": found.article} if found.article != FLOOR else {}
    raise Refused("support.forbidden", found.sentence, of=", ".join(found.of), **named)


def require_released(asked: Asked, release: tuple[str, ...]) -> None:
    """Hold that everyone whose consent is needed can read what they are to consent to.

    Raises:
        Refused: ``support.release``, with the article that asks the consent.
    """
    for giver, articles in sorted(asked.givers.items()):
        if giver not in release:
            named = {"article": articles[0]} if articles[0] != FLOOR else {}
            raise Refused("support.release", "The consent of {giver} is needed, so {giver} must be able to read it.",
                          giver=giver, field="release", **named)




def _asked(facts: Facts, charter: Charter) -> Asked:
    findings = judge(facts, charter)
    givers: dict[str, tuple[int, ...]] = {}
    for finding in findings:
        if finding.follows == "consent":
            for code in finding.of:
                givers[code] = (*givers.get(code, ()), finding.article)
    owners = frozenset(owner for code in facts.territories if (owner := charter.owner(code)) is not None)
    reviews: frozenset[Need] = frozenset(finding.follows for finding in findings
                                         if finding.follows in ("legal_review", "site_review", "second_person"))
    return Asked(findings, facts.territories, owners, givers, reviews)


@lru_cache(maxsize=8_192)
def _within(territories: Territories, place: Place, margin_m: int) -> tuple[str, ...]:
    return territories.within(place, margin_m)
