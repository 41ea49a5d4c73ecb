"""The story of a request: its acts in the journal's order, read into who stands where. Pure, and without a clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from tansiq.cell.desk import Said
from tansiq.desks.support.acts import (
    Acceptance,
    Completion,
    Confirmation,
    Consent,
    Decline,
    Dispute,
    Objection,
    Promise,
    Refusal,
    Review,
    Revocation,
    Step,
    Stopped,
    Subject,
    Withdrawal,
)
from tansiq.desks.support.terms import Counter, Request, Terms

PartState = Literal["asked", "countered", "promised", "under_way", "stopped", "reported", "disputed", "accepted",
                    "declined"]
BOUND: tuple[PartState, ...] = ("promised", "under_way", "stopped", "reported", "disputed")


@dataclass(frozen=True, slots=True)
class Part:
    """What one who is asked has made of it. ``last`` is the act that brought it to ``state``.

    ``promise`` is the promise, or the counter that the asker accepted; ``terms`` the act whose terms were promised.
    """

    member: str
    state: PartState
    last: Said
    promise: Said | None = None
    terms: Said | None = None
    counter: Said | None = None
    step: Said | None = None
    completion: Said | None = None

    @property
    def quantity(self) -> int | None:
        """How much was promised, in the unit of the terms; None: in words alone."""
        act = self.promise.act if self.promise is not None else None
        return act.quantity if isinstance(act, Promise | Counter) else None

    @property
    def outcome(self) -> str | None:
        """How it ended, as it was reported last."""
        act = self.completion.act if self.completion is not None else None
        return act.outcome if isinstance(act, Completion) else None


@dataclass(frozen=True, slots=True)
class Held:
    """A consent with what became of it: who confirmed it, and who took it back."""

    said: Said
    consent: Consent
    terms: str
    confirmed: Said | None = None
    revoked: Said | None = None

    @property
    def giver(self) -> str:
        """Whose consent it is."""
        return self.consent.author


@dataclass(slots=True)
class Story:
    """All that was said of one request. Ids of terms name the request, or the counter that holds them."""

    request: Said
    asked: Request
    parts: dict[str, Part]
    held: dict[str, Held] = field(default_factory=dict)
    refusals: dict[tuple[str, str], Said] = field(default_factory=dict)
    objections: dict[str, tuple[Said, str]] = field(default_factory=dict)
    confirmations: dict[str, Said] = field(default_factory=dict)
    reviews: dict[tuple[str, str, Subject], Said] = field(default_factory=dict)
    counters: dict[str, Said] = field(default_factory=dict)
    withdrawal: Said | None = None

    @property
    def asker(self) -> str:
        """Who asks."""
        return self.asked.author

    def terms_said(self, terms_id: str) -> Said | None:
        """The act that holds these terms: the request, or one of the counters."""
        return self.request if terms_id == self.request.id else self.counters.get(terms_id)

    def terms_of(self, act_id: str) -> str | None:
        """The id of the terms that an act is about: its own, or those of the part whose promise or step it is."""
        if act_id == self.request.id or act_id in self.counters:
            return act_id
        for part in self.parts.values():
            if part.terms is not None and act_id in {said.id for said in (part.promise, part.step) if said}:
                return part.terms.id
        return None


def tell(thread: Sequence[Said]) -> Story | None:
    """Read a thread; None where it begins with no request that stands. What is void counts for nothing."""
    if not thread or thread[0].void is not None or not isinstance(thread[0].act, Request):
        return None
    first, asked = thread[0], thread[0].act
    story = Story(first, asked, {code: Part(code, "asked", first) for code in asked.asked_of})
    for said in thread[1:]:
        if said.void is None:
            advance(story, said)
    return story


def advance(story: Story, said: Said) -> None:
    """Let one admitted act change the story."""
    read = _READERS.get(type(said.act))
    if read is not None:
        read(story, said)


def terms_act(said: Said) -> Terms:
    """The terms that an act holds."""
    assert isinstance(said.act, Terms)
    return said.act


def _referred(said: Said) -> str:
    return said.act.refers[0]


def _part(story: Story, said: Said, **changes: object) -> None:
    part = story.parts[said.act.author]
    story.parts[said.act.author] = replace(part, last=said, **changes)  # type: ignore[arg-type]


def _counter(story: Story, said: Said) -> None:
    story.counters[said.id] = said
    _part(story, said, state="countered", counter=said)


def _promise(story: Story, said: Said) -> None:
    _part(story, said, state="promised", promise=said, terms=story.request, counter=None, step=None, completion=None)


def _decline(story: Story, said: Said) -> None:
    _part(story, said, state="declined", promise=None, terms=None, counter=None)


def _step(story: Story, said: Said) -> None:
    _part(story, said, state="under_way", step=said, completion=None)


def _stopped(story: Story, said: Said) -> None:
    _part(story, said, state="stopped")


def _completion(story: Story, said: Said) -> None:
    _part(story, said, state="reported", completion=said)


def _acceptance(story: Story, said: Said) -> None:
    about = _referred(said)
    for part in story.parts.values():
        if part.counter is not None and part.counter.id == about:
            story.parts[part.member] = replace(part, state="promised", last=said, promise=part.counter,
                                               terms=part.counter, counter=None, step=None, completion=None)
        elif part.completion is not None and part.completion.id == about:
            story.parts[part.member] = replace(part, state="accepted", last=said)


def _dispute(story: Story, said: Said) -> None:
    for part in story.parts.values():
        if part.completion is not None and part.completion.id == _referred(said):
            story.parts[part.member] = replace(part, state="disputed", last=said)


def _withdrawal(story: Story, said: Said) -> None:
    if story.objections.pop(_referred(said), None) is None:
        story.withdrawal = said


def _consent(story: Story, said: Said) -> None:
    assert isinstance(said.act, Consent)
    story.held[said.id] = Held(said, said.act, _referred(said))
    story.refusals.pop((said.act.author, _referred(said)), None)


def _confirmation(story: Story, said: Said) -> None:
    about = _referred(said)
    if about in story.held:
        story.held[about] = replace(story.held[about], confirmed=said)
    else:
        story.confirmations[about] = said


def _revocation(story: Story, said: Said) -> None:
    story.held[_referred(said)] = replace(story.held[_referred(said)], revoked=said)


def _refusal(story: Story, said: Said) -> None:
    story.refusals[said.act.author, _referred(said)] = said


def _objection(story: Story, said: Said) -> None:
    about = story.terms_of(_referred(said))
    story.objections[said.id] = (said, about or story.request.id)


def _review(story: Story, said: Said) -> None:
    assert isinstance(said.act, Review)
    story.reviews[_referred(said), said.act.author, said.act.subject] = said


_READERS: Mapping[type, Callable[[Story, Said], None]] = {
    Counter: _counter, Promise: _promise, Decline: _decline, Step: _step, Stopped: _stopped, Completion: _completion,
    Acceptance: _acceptance, Dispute: _dispute, Withdrawal: _withdrawal, Consent: _consent,
    Confirmation: _confirmation, Revocation: _revocation, Refusal: _refusal, Objection: _objection, Review: _review,
}
