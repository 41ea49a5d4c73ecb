"""What each member may say next in the thread of a request, and why not: read from the gates that rules admit by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tansiq.cell.desk import Said
from tansiq.cell.registers import ActRow
from tansiq.cell.views import Look, Offer, Sentence
from tansiq.desks.support.case import Case
from tansiq.desks.support.gates import ABOUT, PARTY, Speaker, has_say, require_gate
from tansiq.desks.support.looking import case_of
from tansiq.desks.support.story import Story
from tansiq.desks.support.waiting import ENDED, stand
from tansiq.errors import TansiqError

_ONLY_WHEN_POSSIBLE = ("revocation", "withdrawal", "confirmation", "acceptance", "dispute", "objection", "decline",
                       "refusal", "stopped", "counter")
"""Of these only what may be said now is offered: why not is plain, or there is nothing that they could answer."""

_AFTERWARDS = ("promise", "counter", "completion")
"""What may still be said of a request that has ended: harm that was noticed, and a promise while there is time."""


def offers(look: Look, rows: Sequence[ActRow]) -> list[Offer]:
    """What this member may say next, the most awaited first; and why it may not say what would otherwise be next."""
    case = case_of(look, rows)
    return [] if case is None else list(_offers(case, Speaker(look.member)))


_ANSWERS: Mapping[str, str] = {
    "answer": "promise", "counter": "acceptance", "consent": "consent", "second": "confirmation",
    "place": "confirmation", "legal": "review", "sites": "review", "begin": "step", "stop": "stopped",
    "report": "completion", "accept": "acceptance", "again": "completion", "objection": "withdrawal"}
"""The kind of act by which one who is awaited answers."""


def _offers(case: Case, speaker: Speaker) -> Iterator[Offer]:
    found = stand(case)
    awaited = {_ANSWERS.get(wait.what) for wait in found.waits if wait.member == speaker.member}
    for kind in sorted(ABOUT, key=lambda kind: kind not in awaited):
        for about in _answerable(case, speaker.member, kind):
            why = _why_not(case, kind, speaker, about)
            if found.state in ENDED and (why is not None or kind not in _AFTERWARDS):
                continue
            if why is None:
                yield Offer(kind=kind, to=about.id)
            elif why.code != PARTY and kind not in _ONLY_WHEN_POSSIBLE:
                yield Offer(kind=kind, to=about.id, why=Sentence(why.sentence, _shown(why)))


def _why_not(case: Case, kind: str, speaker: Speaker, about: Said) -> TansiqError | None:
    try:
        require_gate(case, kind, speaker, about)
    except TansiqError as error:
        return error
    return None


def _shown(error: TansiqError) -> dict[str, object]:
    return {name: value for name, value in error.fields.items() if name != "field"}


def _answerable(case: Case, member: str, kind: str) -> Iterator[Said]:
    """The acts that an act of *kind* by *member* could answer now."""
    story = case.story
    if kind in ("consent", "review"):
        yield from (said for said in _terms(story) if kind == "review" or has_say(case, member, said.id))
    elif kind in ("refusal", "confirmation"):
        yield from _terms(story)
        if kind == "confirmation":
            yield from (held.said for held in story.held.values() if held.giver == member)
    elif kind == "revocation":
        yield from (held.said for held in story.held.values() if held.giver == member)
    elif kind == "acceptance":
        yield from (said for part in story.parts.values() for said in (part.counter, part.completion) if said)
    elif kind == "dispute":
        yield from (part.completion for part in story.parts.values() if part.completion)
    elif kind == "objection":
        yield from _terms(story)
    elif kind == "withdrawal":
        yield story.request
        yield from (said for said, _ in story.objections.values() if said.act.author == member)
    else:
        yield story.request


def _terms(story: Story) -> Iterator[Said]:
    """The request, and the counters that somebody has promised on or still offers."""
    yield story.request
    current = {said.id for part in story.parts.values() for said in (part.terms, part.counter) if said is not None}
    yield from (said for said in story.counters.values() if said.id in current)
