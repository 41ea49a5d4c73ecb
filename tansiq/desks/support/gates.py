"""Who may say what now, in answer to which act: all that a rule asks before it reads what an act holds.

Rules admit by these gates, and offers show them: what a page says one may do is what the rule lets one do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tansiq.cell.desk import Said
from tansiq.desks.support.acts import Completion, Consent, Objection, Promise, Step
from tansiq.desks.support.bounds import write_minute
from tansiq.desks.support.case import Case, Given, Reviewed
from tansiq.desks.support.ground import FLOOR, require_allowed, require_released
from tansiq.desks.support.story import BOUND, Part
from tansiq.desks.support.terms import Counter, Request
from tansiq.errors import Refused

PARTY = "support.party"
"""The code that says: this is not for this member to say, whatever the time."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who would say it; ``officer`` None: some officer of the member."""

    member: str
    officer: str | None = None


Gate = Callable[[Case, Speaker, Said], None]


def require_gate(case: Case, kind: str, speaker: Speaker, about: Said) -> None:
    """Hold that *speaker* may say an act of *kind* now, in answer to *about*.

    Raises:
        Refused: ``support.…``; ``support.party`` where it is not for this member to say.
    """
    GATES[kind](case, speaker, about)


def _part(case: Case, speaker: Speaker) -> Part:
    part = case.story.parts.get(speaker.member)
    if part is None:
        raise Refused("support.party", "{who} is not among those who are asked.", who=speaker.member, field="refers")
    return part


def _require_asker(case: Case, speaker: Speaker) -> None:
    if speaker.member != case.story.asker:
        raise Refused("support.party", "Only {asker}, who asks, may say this.", asker=case.story.asker, field="refers")


def _require_open(case: Case) -> None:
    if case.story.withdrawal is not None:
        raise Refused("support.withdrawn", "{asker} no longer asks this.", asker=case.story.asker, field="refers")


def _require_in_time(case: Case) -> None:
    if case.late:
        raise Refused("support.late", "The time to answer ended at {until}.",
                      until=write_minute(case.story.asked.answer_by), field="refers")


def _require_unblocked(case: Case, terms_id: str) -> None:
    for said in case.blocking(terms_id):
        raise Refused("support.objection", "{who}, whose territory it touches, objects: its objection stands.",
                      who=said.act.author, field="refers")


def _answer(case: Case, speaker: Speaker, about: Said) -> Part:
    """What holds for a promise and a counter alike."""
    part = _part(case, speaker)
    _require_open(case)
    _require_in_time(case)
    if part.state not in ("asked", "countered", "declined"):
        raise Refused("support.promised", "{who} has promised already.", who=speaker.member, field="refers")
    return part


def _promise(case: Case, speaker: Speaker, about: Said) -> None:
    _answer(case, speaker, about)
    _require_unblocked(case, case.story.request.id)
    asked = case.asked(case.story.request.id, "promise")
    require_allowed(asked)
    require_released(asked, case.story.asked.release)


def _counter(case: Case, speaker: Speaker, about: Said) -> None:
    _answer(case, speaker, about)


def _decline(case: Case, speaker: Speaker, about: Said) -> None:
    part = _part(case, speaker)
    if part.state == "declined":
        raise Refused("support.declined", "{who} has declined already.", who=speaker.member, field="refers")
    if part.state not in ("asked", "countered", "promised"):
        raise Refused("support.begun", "{who} has begun: it says that it has stopped, or how it ended.",
                      who=speaker.member, field="refers")


def has_say(case: Case, member: str, terms_id: str) -> bool:
    """Whether the consent of *member* is needed on these terms, for any kind of act, or its territory is touched."""
    asked = [case.asked(terms_id, kind) for kind in ("request", "promise", "step")]
    return any(member in one.givers or member in one.owners for one in asked)


def _require_say(case: Case, speaker: Speaker, about: Said) -> None:
    if not has_say(case, speaker.member, about.id):
        raise no_say(speaker.member)


def no_say(member: str) -> Refused:
    """The refusal of a consent by one who has none to give."""
    return Refused("support.party", "{who} has no say here: no article asks its consent, and its territory is not "
                   "touched.", who=member, field="refers")


def _refusal(case: Case, speaker: Speaker, about: Said) -> None:
    _require_say(case, speaker, about)
    if case.live(speaker.member, about.id):
        raise Refused("support.consented", "The consent of {who} stands; a revocation takes it back.",
                      who=speaker.member, field="refers")


def _revocation(case: Case, speaker: Speaker, about: Said) -> None:
    held = case.story.held.get(about.id)
    if held is None or held.giver != speaker.member:
        raise Refused("support.party", "Only who gave a consent takes it back.", field="refers")
    if held.revoked is not None:
        raise Refused("support.revoked", "This consent was taken back already.", field="refers")


def _confirmation(case: Case, speaker: Speaker, about: Said) -> None:
    if about.act.author != speaker.member:
        raise Refused("support.party", "Only another officer of {who} confirms this.", who=about.act.author,
                      field="refers")
    if speaker.officer == about.act.officer:
        raise Refused("support.same", "A second officer confirms it: {officer} said it.", officer=about.act.officer,
                      field="refers")
    held = case.story.held.get(about.id)
    if held is not None and held.revoked is not None:
        raise Refused("support.revoked", "This consent was taken back already.", field="refers")
    if about.id in case.story.confirmations or (held is not None and held.confirmed is not None):
        raise Refused("support.confirmed", "This is confirmed already.", field="refers")
    if held is None and case.unconfirmed(about.id) is None:
        raise Refused("support.unneeded", "Nothing here asks for a second person.", field="refers")


def _review(case: Case, speaker: Speaker, about: Said) -> None:
    if speaker.member != case.story.asker and speaker.member not in case.story.parts:
        raise Refused("support.party", "Only who asks, and who is asked, review this.", field="refers")
    if not {"legal_review", "site_review"} & case.asked(about.id).reviews:
        raise Refused("support.unreviewed", "Nothing here asks for a review.", field="refers")
    if speaker.officer is not None and speaker.officer in case.authors(about.id, speaker.member):
        raise Refused("support.same.review", "Another officer reviews it: {officer} said it.", officer=speaker.officer,
                      field="refers")


def _objection(case: Case, speaker: Speaker, about: Said) -> None:
    if speaker.member == case.story.asker:
        raise Refused("support.party", "Who asks does not object: it withdraws.", field="refers")
    _require_open(case)
    terms_id = case.story.terms_of(about.id) or case.story.request.id
    if any(said.act.author == speaker.member and on == terms_id for said, on in case.story.objections.values()):
        raise Refused("support.objected", "{who} objects to this already.", who=speaker.member, field="refers")


def _step(case: Case, speaker: Speaker, about: Said) -> None:
    part = _part(case, speaker)
    _require_open(case)
    if part.terms is None or part.state not in ("promised", "under_way", "stopped"):
        ended = part.state in ("reported", "disputed", "accepted")
        raise Refused("support.ended" if ended else "support.unpromised",
                      "{who} has reported how it ended." if ended else "{who} has not promised this.",
                      who=speaker.member, field="refers")
    terms_id = part.terms.id
    _require_unblocked(case, terms_id)
    require_allowed(case.asked(terms_id))
    unconfirmed = case.unconfirmed(terms_id)
    if unconfirmed is not None:
        raise Refused("support.unconfirmed", "A second officer of {who} has not confirmed the place.", who=unconfirmed,
                      field="refers")
    for review in case.reviewed(terms_id, speaker.member):
        if review.state != "clear":
            raise _unreviewed(review)
    _require_some_consent(case, speaker.member, terms_id)


def _require_some_consent(case: Case, performer: str, terms_id: str) -> None:
    """Hold that some step can have the consents that it needs: each is checked on its own place and time by the rule.

    Of what comes from the air every step lies within the place that is asked, so each consent is needed at once.
    """
    given = case.given(terms_id, performer)
    missing = [one for one in given if one.state != "live"]
    elsewhere = any(case.consent_state(held) == "live" and performer in held.consent.performers
                    for held in case.story.held.values() if held.terms == terms_id)
    if missing and (case.ground.airborne(case.story.asked) or not elsewhere):
        raise without_consent(missing[0])


CONSENT_REFUSALS: Mapping[str, tuple[str, str]] = {
    "none": ("support.consent.none", "{giver} has not consented. No answer: no consent."),
    "refused": ("support.consent.refused", "{giver} refused its consent."),
    "revoked": ("support.consent.revoked", "{giver} took its consent back."),
    "ended": ("support.consent.ended", "The consent of {giver} has ended."),
    "unconfirmed": ("support.consent.unconfirmed", "No second officer of {giver} has confirmed its consent."),
}
REVIEW_REFUSALS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("legal", "none"): ("support.legal.none", "The legal review of {who} is missing."),
    ("legal", "lapsed"): ("support.legal.lapsed", "What lies near has changed since the legal review of {who}."),
    ("legal", "blocks"): ("support.legal.blocks", "The legal review of {who} says no."),
    ("sites", "none"): ("support.sites.none", "The review of protected sites by {who} is missing."),
    ("sites", "lapsed"): ("support.sites.lapsed", "What lies near has changed since the review of sites by {who}."),
    ("sites", "blocks"): ("support.sites.blocks", "The review of protected sites by {who} says no."),
}


def without_consent(given: Given) -> Refused:
    """The refusal of a step that lacks a consent, with the article that asks it."""
    code, text = CONSENT_REFUSALS[given.state]
    named = {"article": given.articles[0]} if given.articles and given.articles[0] != FLOOR else {}
    return Refused(code, text, giver=given.giver, field="refers", **named)


def _unreviewed(review: Reviewed) -> Refused:
    code, text = REVIEW_REFUSALS[review.subject, review.state]
    return Refused(code, text, who=review.member, field="refers")


def _stopped(case: Case, speaker: Speaker, about: Said) -> None:
    if _part(case, speaker).state != "under_way":
        raise Refused("support.idle", "{who} is doing nothing that could stop.", who=speaker.member, field="refers")


def _completion(case: Case, speaker: Speaker, about: Said) -> None:
    part = _part(case, speaker)
    if part.state not in (*BOUND, "accepted"):
        raise Refused("support.unpromised", "{who} has not promised this.", who=speaker.member, field="refers")


def _acceptance(case: Case, speaker: Speaker, about: Said) -> None:
    _require_asker(case, speaker)
    if isinstance(about.act, Counter):
        _require_open(case)
        part = case.story.parts[about.act.author]
        if part.state == "countered" and part.counter is not None and part.counter.id == about.id:
            _require_unblocked(case, about.id)
            require_allowed(case.asked(about.id, "promise"))
            return
    elif any(_awaits_answer(part, about) for part in case.story.parts.values()):
        return
    raise Refused("support.nothing", "This waits for no answer of {asker}.", asker=case.story.asker, field="refers")


def _awaits_answer(part: Part, about: Said) -> bool:
    last = part.completion
    return part.state in ("reported", "disputed") and last is not None and last.id == about.id


def _dispute(case: Case, speaker: Speaker, about: Said) -> None:
    _require_asker(case, speaker)
    if not any(_awaits_answer(part, about) and part.state == "reported" for part in case.story.parts.values()):
        raise Refused("support.nothing", "This waits for no answer of {asker}.", asker=case.story.asker, field="refers")


def _withdrawal(case: Case, speaker: Speaker, about: Said) -> None:
    if isinstance(about.act, Objection):
        if about.act.author != speaker.member:
            raise Refused("support.party", "Only {who}, who objects, takes the objection back.", who=about.act.author,
                          field="refers")
        if about.id not in case.story.objections:
            raise Refused("support.unobjected", "This objection was taken back already.", field="refers")
        return
    _require_asker(case, speaker)
    _require_open(case)
    if all(part.state == "accepted" for part in case.story.parts.values()):
        raise Refused("support.closed", "It has ended, and {asker} has accepted it.", asker=case.story.asker,
                      field="refers")


def _consent(case: Case, speaker: Speaker, about: Said) -> None:
    """Whether the speaker has a say may depend on the place that the consent names: the rule asks."""


GATES: Mapping[str, Gate] = {
    "counter": _counter, "promise": _promise, "decline": _decline, "consent": _consent,
    "confirmation": _confirmation, "refusal": _refusal, "revocation": _revocation, "objection": _objection,
    "review": _review, "step": _step, "stopped": _stopped, "completion": _completion, "acceptance": _acceptance,
    "dispute": _dispute, "withdrawal": _withdrawal,
}
ABOUT: Mapping[str, tuple[type[Any], ...]] = {
    "counter": (Request,), "promise": (Request,), "decline": (Request,), "consent": (Request, Counter),
    "confirmation": (Request, Counter, Consent), "refusal": (Request, Counter), "revocation": (Consent,),
    "objection": (Request, Counter, Promise, Step), "review": (Request, Counter), "step": (Request,),
    "stopped": (Request,), "completion": (Request,), "acceptance": (Counter, Completion), "dispute": (Completion,),
    "withdrawal": (Request, Objection),
}
"""What an act of each kind may answer."""
