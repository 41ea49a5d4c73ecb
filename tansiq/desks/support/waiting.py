"""In one sentence where a request stands, and who is holding it up: for whom it waits, and for what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tansiq.cell.desk import Said
from tansiq.cell.views import Sentence
from tansiq.desks.support.acts import Completion
from tansiq.desks.support.bounds import write_minute
from tansiq.desks.support.case import Case, Given, Reviewed
from tansiq.desks.support.story import Part, terms_act

State = Literal["asked", "countered", "waiting", "ready", "under_way", "stopping", "stopped", "reported", "disputed",
                "harm", "fulfilled", "closed", "declined", "withdrawn", "lapsed"]
STATE_TITLES: Mapping[State, str] = {
    "asked": "Asked", "countered": "Countered", "waiting": "Waiting", "ready": "Ready", "under_way": "Under way",
    "stopping": "Must stop", "stopped": "Has stopped", "reported": "Reported", "disputed": "Disputed",
    "harm": "Harm noticed", "fulfilled": "Fulfilled", "closed": "Ended", "declined": "Declined",
    "withdrawn": "Withdrawn", "lapsed": "Lapsed",
}
ENDED: tuple[State, ...] = ("fulfilled", "closed", "declined", "withdrawn", "lapsed")
What = Literal["stop", "harm", "objection", "answer", "counter", "place", "consent", "second", "legal", "sites",
               "begin", "report", "accept", "again"]


@dataclass(frozen=True, slots=True)
class Wait:
    """One who is awaited: for what, since when, by when it is too late (UTC ms), which office can do it, and the act
    that it answers."""

    member: str
    what: What
    sentence: Sentence
    act: str
    since_ms: int
    until_ms: int | None = None
    role: str = "releaser"


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a request stands: one word, one sentence, and all who are awaited."""

    state: State
    sentence: Sentence
    waits: tuple[Wait, ...]


def stand(case: Case) -> Stand:
    """Say where a request stands at the moment of its case."""
    waits = tuple(_waits(case))
    state = state_of(case, waits)
    return Stand(state, _SENTENCES[state](case), waits)


def state_of(case: Case, waits: tuple[Wait, ...]) -> State:
    """The word for where a request stands: what is most urgent of all its parts."""
    parts = tuple(case.story.parts.values())
    if any(case.must_stop(part) for part in parts):
        return "stopping"
    if any(part.outcome == "harm" and part.state in ("reported", "disputed") for part in parts):
        return "harm"
    states = {part.state for part in parts}
    state: State
    for state in ("disputed", "reported"):
        if state in states:
            return state
    if case.story.withdrawal is not None:
        return "withdrawn"
    for state in ("under_way", "stopped"):
        if state in states:
            return state
    if "promised" in states:
        return "waiting" if any(wait.what in _MISSING for wait in waits) else "ready"
    if not case.late and states & {"asked", "countered"}:
        return "countered" if "countered" in states else "asked"
    return _ended(case, parts)


def given_in_all(parts: Iterable[Part]) -> int:
    """How much was given in all, as it was reported last."""
    reported = [part.completion.act for part in parts if part.completion is not None]
    return sum(act.given or 0 for act in reported if isinstance(act, Completion))


def _ended(case: Case, parts: tuple[Part, ...]) -> State:
    accepted = [part for part in parts if part.state == "accepted"]
    if accepted:
        whole = given_in_all(accepted) >= (case.story.asked.quantity or 0)
        return "fulfilled" if whole and all(part.outcome == "done" for part in accepted) else "closed"
    return "declined" if all(part.state == "declined" for part in parts) else "lapsed"


_MISSING = ("place", "consent", "second", "legal", "sites", "objection")


def _waits(case: Case) -> Iterator[Wait]:
    parts = tuple(case.story.parts.values())
    for part in parts:
        stop = case.must_stop(part)
        if stop is not None:
            yield Wait(part.member, "stop", Sentence("{who} is asked to say that it has stopped.",
                                                     {"who": part.member}), case.story.request.id, stop.time)
    for part in parts:
        yield from _after(case, part)
    if case.story.withdrawal is not None:
        return
    if not case.late:
        yield from _before(case, parts)
    yield from _objected(case, parts)
    promised = [part for part in parts if part.state in ("promised", "under_way", "stopped") and part.terms]
    if promised:
        yield from _missing(case, promised)
        yield from _doing(case, promised)


def _after(case: Case, part: Part) -> Iterator[Wait]:
    """Who answers for how it ended."""
    done, asker = part.completion, case.story.asker
    if done is None or part.state not in ("reported", "disputed"):
        return
    if part.outcome == "harm":
        for member in (part.member, asker):
            yield Wait(member, "harm", Sentence("Harm was noticed: {who} is asked to open an incident.",
                                                {"who": member}), done.id, done.time)
    if part.state == "reported":
        yield Wait(asker, "accept", Sentence("{who} is asked to accept or to dispute what {by} reported.",
                                             {"who": asker, "by": part.member}), done.id, done.time)
    else:
        yield Wait(part.member, "again", Sentence("{who} is asked to report again: {by} disputes it.",
                                                  {"who": part.member, "by": asker}), done.id, part.last.time)


def _before(case: Case, parts: tuple[Part, ...]) -> Iterator[Wait]:
    """Who has not answered the request, or a counter."""
    request, until = case.story.request, case.story.asked.answer_by
    for part in parts:
        if part.state == "asked":
            yield Wait(part.member, "answer", Sentence("{who} is asked to answer.", {"who": part.member}), request.id,
                       request.time, until)
        elif part.state == "countered" and part.counter is not None:
            yield Wait(case.story.asker, "counter", Sentence(
                "{who} is asked to accept or to leave what {by} offers instead.",
                {"who": case.story.asker, "by": part.member}), part.counter.id, part.counter.time, until)


def _objected(case: Case, parts: tuple[Part, ...]) -> Iterator[Wait]:
    """The asker, for each objection of a territory to what may still be promised, or was."""
    if all(part.state in ("accepted", "declined") for part in parts):
        return
    asker = case.story.asker
    for terms_id in dict.fromkeys((case.story.request.id, *(part.terms.id for part in parts if part.terms))):
        for objection in case.blocking(terms_id):
            yield Wait(asker, "objection", Sentence("{who} is asked to answer the objection of {by}, which stands.",
                                                    {"who": asker, "by": objection.act.author}), objection.id,
                       objection.time, case.story.asked.needed_until)


def _missing(case: Case, promised: list[Part]) -> Iterator[Wait]:
    """What is missing before a step: each thing once, whoever promised."""
    seen: set[tuple[str, What, str]] = set()
    for part in promised:
        assert part.terms is not None and part.promise is not None
        for wait in _missing_of(case, part, part.terms, part.last if part.state == "promised" else part.promise):
            key = (wait.member, wait.what, wait.act)
            if key not in seen:
                seen.add(key)
                yield wait


def _missing_of(case: Case, part: Part, terms: Said, since: Said) -> Iterator[Wait]:
    until = terms_act(terms).needed_until
    confirmer = case.unconfirmed(terms.id)
    if confirmer is not None:
        yield Wait(confirmer, "place", Sentence("A second officer of {who} is asked to confirm the place.",
                                                {"who": confirmer}), terms.id, terms.time, until, "consenter")
    for given in case.given(terms.id, part.member):
        if given.state != "live":
            yield _consent_wait(given, terms, since, until)
    for review in case.reviewed(terms.id, part.member):
        if review.state != "clear":
            yield _review_wait(review, terms, since, until)


CONSENT_SENTENCES: Mapping[str, str] = {
    "none": "{who} has not consented. No answer: no consent.",
    "refused": "{who} refused its consent; it may still give it.",
    "revoked": "{who} took its consent back; it may give it anew.",
    "ended": "The consent of {who} has ended; it may give it anew.",
    "unconfirmed": "A second officer of {who} is asked to confirm its consent.",
    "live": "{who} has consented.",
}
REVIEW_SENTENCES: Mapping[tuple[str, str], str] = {
    ("legal", "none"): "{who} is asked for its legal review.",
    ("legal", "lapsed"): "What lies near has changed: {who} is asked for its legal review anew.",
    ("legal", "blocks"): "The legal review of {who} says no; it may review again.",
    ("legal", "clear"): "{who} has reviewed the law: nothing stands in the way.",
    ("sites", "clear"): "{who} has reviewed the protected sites: nothing stands in the way.",
    ("sites", "none"): "{who} is asked for its review of protected sites.",
    ("sites", "lapsed"): "What lies near has changed: {who} is asked for its review of protected sites anew.",
    ("sites", "blocks"): "The review of protected sites by {who} says no; it may review again.",
}


def _consent_wait(given: Given, terms: Said, since: Said, until: int) -> Wait:
    sentence = Sentence(CONSENT_SENTENCES[given.state], {"who": given.giver})
    if given.state == "unconfirmed" and given.held is not None:
        said = given.held.said
        return Wait(given.giver, "second", sentence, said.id, said.time, until, "consenter")
    return Wait(given.giver, "consent", sentence, terms.id,
                given.said.time if given.said is not None else since.time, until, "consenter")


def _review_wait(review: Reviewed, terms: Said, since: Said, until: int) -> Wait:
    text = REVIEW_SENTENCES[review.subject, review.state]
    return Wait(review.member, review.subject, Sentence(text, {"who": review.member}), terms.id,
                review.said.time if review.said is not None else since.time, until, "legal")


def _doing(case: Case, promised: list[Part]) -> Iterator[Wait]:
    """Who is to begin, or to say how it ended."""
    for part in promised:
        assert part.terms is not None
        request = case.story.request
        if case.over:
            yield Wait(part.member, "report", Sentence("{who} is asked to report how it ended.", {"who": part.member}),
                       request.id, case.story.asked.needed_until)
        elif part.state == "promised" and not case.blocking(part.terms.id) and not any(
                True for _ in _missing_of(case, part, part.terms, part.last)):
            yield Wait(part.member, "begin", Sentence("{who} may begin.", {"who": part.member}), request.id,
                       part.last.time, terms_act(part.terms).needed_until)


def _members(case: Case, *states: str) -> list[str]:
    return [part.member for part in case.story.parts.values() if part.state in states]


def _asked(case: Case) -> Sentence:
    open_, done = _members(case, "asked"), _members(case, "accepted")
    if done:
        return Sentence("{done} has done its part; {open} has not answered yet.", {"done": done, "open": open_})
    return Sentence("{asker} asks {open}; nobody has promised it yet.", {"asker": case.story.asker, "open": open_})


def _stopping(case: Case) -> Sentence:
    doing = [part.member for part in case.story.parts.values() if case.must_stop(part)]
    return Sentence("What is under way must stop: {doing} has not said yet that it has stopped.", {"doing": doing})


def _harm(case: Case) -> Sentence:
    by = [part.member for part in case.story.parts.values() if part.outcome == "harm"]
    return Sentence("{by} noticed harm.", {"by": by})


_SENTENCES: Mapping[State, Callable[[Case], Sentence]] = {
    "asked": _asked,
    "countered": lambda case: Sentence("{by} offers other terms; {asker} has not accepted them yet.",
                                       {"by": _members(case, "countered"), "asker": case.story.asker}),
    "waiting": lambda case: Sentence("{promised} promised it. No step may be taken before what is missing is there.",
                                     {"promised": _members(case, "promised")}),
    "ready": lambda case: Sentence("{promised} promised it, and may begin.", {"promised": _members(case, "promised")}),
    "under_way": lambda case: Sentence("Under way; {doing} is doing it.", {"doing": _members(case, "under_way")}),
    "stopping": _stopping,
    "stopped": lambda case: Sentence("{doing} has stopped.", {"doing": _members(case, "stopped")}),
    "reported": lambda case: Sentence("{by} reported how it ended; {asker} has not answered yet.",
                                      {"by": _members(case, "reported"), "asker": case.story.asker}),
    "disputed": lambda case: Sentence("{asker} disputes what {by} reported.",
                                      {"by": _members(case, "disputed"), "asker": case.story.asker}),
    "harm": _harm,
    "fulfilled": lambda case: Sentence("Done, and accepted by {asker}.", {"asker": case.story.asker}),
    "closed": lambda case: Sentence("Ended otherwise than asked, and accepted by {asker}.",
                                    {"asker": case.story.asker}),
    "declined": lambda case: Sentence("{by} declined.", {"by": _members(case, "declined")}),
    "withdrawn": lambda case: Sentence("{asker} no longer asks this.", {"asker": case.story.asker}),
    "lapsed": lambda case: Sentence("Nobody had promised it by {until}, when the time to answer ended.",
                                    {"until": write_minute(case.story.asked.answer_by)}),
}
