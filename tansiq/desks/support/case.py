"""Where a request stands at one moment: its story, the charter, what is common, and a time. Pure.

The rule admits a step by it, the register keeps what it says, pages show it: there is no second opinion.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tansiq.cell.desk import Common, Said
from tansiq.charter import Charter
from tansiq.charter.vocabulary import Need
from tansiq.desks.support.acts import Consent, Review, Subject
from tansiq.desks.support.ground import Asked, Ground
from tansiq.desks.support.story import Held, Part, Story, tell, terms_act

NEAR_M = 5_000
"""Within this reach of a place protected sites are named, and a change of one ends a review."""

Giving = Literal["live", "unconfirmed", "ended", "revoked", "refused", "none"]
Reviewing = Literal["clear", "blocks", "lapsed", "none"]
SUBJECTS: dict[Need, Subject] = {"legal_review": "legal", "site_review": "sites"}


@dataclass(frozen=True, slots=True)
class Given:
    """How one consent that is needed stands, for the steps of one performer: the act that says so, where there is
    one, and the articles that ask it."""

    giver: str
    state: Giving
    articles: tuple[int, ...]
    held: Held | None = None
    said: Said | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How one review that is needed stands: by whom, about what, and the act that says so."""

    member: str
    subject: Subject
    state: Reviewing
    said: Said | None = None


class Case:
    """A request at one moment. Two cases of the same thread, charter, common acts and time say the same."""

    def __init__(self, story: Story, ground: Ground, common: Common) -> None:
        self.story = story
        self.ground = ground
        self.common = common
        self.time = common.time
        self._near: dict[str, Any] = {}

    @classmethod
    def of(cls, thread: Sequence[Said], charter: Charter, common: Common) -> Case | None:
        """The case of a thread; None where it begins with no request that stands."""
        story = tell(thread)
        return None if story is None else cls(story, Ground(charter, common), common)

    def at(self, time: int) -> Case:
        """The same at another moment (UTC ms): nothing more was said, and clocks have moved."""
        moved = Case(self.story, self.ground, self.common)
        moved.time = time
        moved._near = self._near
        return moved

    @property
    def late(self) -> bool:
        """Whether the time to answer is over."""
        return self.time >= self.story.asked.answer_by

    @property
    def over(self) -> bool:
        """Whether the time for which it was asked is over."""
        return self.time > self.story.asked.needed_until

    def asked(self, terms_id: str, kind: str = "step") -> Asked:
        """What the charter asks of an act of *kind* on these terms."""
        said = self.story.terms_said(terms_id)
        assert said is not None, "terms are the request's or a counter's"
        return self.ground.of_terms(kind, self.story.asked, terms_act(said))

    def near(self, terms_id: str) -> Any:
        """What lies near the place of these terms, as the protection desk knows it; None where they name no place."""
        said = self.story.terms_said(terms_id)
        terms = terms_act(said) if said is not None else None
        if terms is None or terms.place is None:
            return None
        if terms_id not in self._near:
            span = (terms.needed_from, terms.needed_until)
            self._near[terms_id] = self.common.ask("protection", "surroundings", place=terms.place, span=span,
                                                   reach_m=NEAR_M)
        return self._near[terms_id]

    def near_version(self, terms_id: str) -> int:
        """The version of what lies near; 0 where the terms name no place."""
        found = self.near(terms_id)
        return 0 if found is None else int(found.version)

    def given(self, terms_id: str, performer: str, asked: Asked | None = None) -> list[Given]:
        """How each consent that is needed stands, for the steps of *performer*, by code of its giver."""
        asked = asked or self.asked(terms_id)
        return [self._given(giver, articles, terms_id, performer) for giver, articles in sorted(asked.givers.items())]

    def _given(self, giver: str, articles: tuple[int, ...], terms_id: str, performer: str) -> Given:
        refusal = self.story.refusals.get((giver, terms_id))
        held = [one for one in self.consents(giver, terms_id) if performer in one.consent.performers]
        found = max(held, key=lambda one: (_BETTER.index(self.consent_state(one)), one.said.index, one.said.position),
                    default=None)
        if found is None:
            return Given(giver, "refused" if refusal else "none", articles, said=refusal)
        state = self.consent_state(found)
        if refusal is not None and state != "live":
            return Given(giver, "refused", articles, said=refusal)
        return Given(giver, state, articles, found, found.revoked or found.said)

    def consents(self, giver: str, terms_id: str) -> Iterator[Held]:
        """The consents of *giver* to these terms, in the journal's order."""
        return (one for one in self.story.held.values() if one.giver == giver and one.terms == terms_id)

    def consent_state(self, held: Held) -> Giving:
        """How a consent stands now: confirmed, not taken back, not ended."""
        if held.revoked is not None:
            return "revoked"
        if self.time > held.consent.valid_until:
            return "ended"
        return "live" if held.confirmed is not None else "unconfirmed"

    def live(self, giver: str, terms_id: str) -> list[Consent]:
        """The live consents of *giver* to these terms."""
        return [one.consent for one in self.consents(giver, terms_id) if self.consent_state(one) == "live"]

    def reviewed(self, terms_id: str, performer: str) -> list[Reviewed]:
        """How each review that is needed stands: the asker's and the performer's, of law and of sites."""
        needed = [subject for need, subject in SUBJECTS.items() if need in self.asked(terms_id).reviews]
        return [self._reviewed(terms_id, member, subject)
                for member in dict.fromkeys((self.story.asker, performer)) for subject in needed]

    def _reviewed(self, terms_id: str, member: str, subject: Subject) -> Reviewed:
        said = self.story.reviews.get((terms_id, member, subject))
        if said is None or said.act.officer in self.authors(terms_id, member):
            return Reviewed(member, subject, "none")
        assert isinstance(said.act, Review)
        if said.act.verdict == "blocks":
            return Reviewed(member, subject, "blocks", said)
        lapsed = said.act.near_version != self.near_version(terms_id)
        return Reviewed(member, subject, "lapsed" if lapsed else "clear", said)

    def authors(self, terms_id: str, member: str) -> frozenset[str]:
        """Officers of *member* who said the terms or its promise: they review nothing of it."""
        part = self.story.parts.get(member)
        found = {said.act.officer for said in (part.promise if part else None, self.story.terms_said(terms_id))
                 if said is not None and said.act.author == member}
        return frozenset(found)

    def unconfirmed(self, terms_id: str) -> str | None:
        """Who still has to let a second person confirm the place; None: nobody."""
        said = self.story.terms_said(terms_id)
        if said is None or terms_act(said).place is None or "second_person" not in self.asked(terms_id).reviews:
            return None
        return None if terms_id in self.story.confirmations else said.act.author

    def blocking(self, terms_id: str) -> list[Said]:
        """Objections that stand, made by those whose territory these terms touch."""
        owners = self.asked(terms_id).owners
        return [said for said, about in self.story.objections.values()
                if about == terms_id and said.act.author in owners]

    def must_stop(self, part: Part) -> Said | None:
        """What was said since the last step of a part that asks it to stop, the earliest: a consent that was taken
        back or refused, the request withdrawn, an objection of the territory, a review that blocks."""
        if part.state != "under_way" or part.terms is None or part.step is None:
            return None
        since, terms_id = (part.step.index, part.step.position), part.terms.id
        asking = [said for said in self._stops(part.member, terms_id) if (said.index, said.position) > since]
        return min(asking, key=lambda said: (said.index, said.position), default=None)

    def _stops(self, performer: str, terms_id: str) -> Iterator[Said]:
        story = self.story
        for held in story.held.values():
            if held.revoked is not None and held.terms == terms_id and performer in held.consent.performers:
                yield held.revoked
        yield from (said for (giver, about), said in story.refusals.items()
                    if about == terms_id and giver in self.asked(terms_id).givers)
        if story.withdrawal is not None:
            yield story.withdrawal
        yield from self.blocking(terms_id)
        yield from (one.said for one in self.reviewed(terms_id, performer) if one.state == "blocks" and one.said)

    def changes(self) -> list[int]:
        """Moments after this one (UTC ms) at which the case says something else though nothing was said."""
        asked = self.story.asked
        moments = {asked.answer_by, asked.needed_until + 1,
                   *(held.consent.valid_until + 1 for held in self.story.held.values() if held.revoked is None)}
        return sorted(moment for moment in moments if moment > self.time)


_BETTER: tuple[Giving, ...] = ("none", "refused", "revoked", "ended", "unconfirmed", "live")
