"""What stands above the conversation of a request: where it stands, who is awaited, what the charter asks of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from tansiq.acts import Text
from tansiq.cell.registers import ActRow
from tansiq.cell.views import Look, Sentence
from tansiq.charter.vocabulary import ACTION_KINDS
from tansiq.desks.support.bounds import outside, window_of_terms, write_minute
from tansiq.desks.support.case import SUBJECTS, Case, Giving, Reviewing
from tansiq.desks.support.ground import FLOOR
from tansiq.desks.support.looking import case_of
from tansiq.desks.support.story import Held, Part, terms_act
from tansiq.desks.support.titles import (
    FACILITY_TITLES,
    OUTCOME_TITLES,
    PART_TITLES,
    PERSONNEL_TITLES,
    PHASE_TITLES,
    RECIPIENT_TITLES,
    SUBJECT_TITLES,
)
from tansiq.desks.support.waiting import (
    CONSENT_SENTENCES,
    ENDED,
    REVIEW_SENTENCES,
    STATE_TITLES,
    State,
    given_in_all,
    stand,
)
from tansiq.geo import write_place

BORDERS_WITHIN_M = 100_000
ArticleState = Literal["free", "allowed", "waiting", "forbidden", "over"]


class Awaited(msgspec.Struct, frozen=True):
    """One who is awaited: for what, since when, by when it is too late (UTC ms), and the act that it answers."""

    member: str
    sentence: Sentence
    act: str
    since_ms: int
    until_ms: int | None


class PartShown(msgspec.Struct, frozen=True):
    """What one who is asked has made of it; titles are message ids, ``act`` the act that brought it there."""

    member: str
    title: str
    outcome: str | None
    promised: int | None
    given: int | None
    act: str
    at_ms: int


class ArticleShown(msgspec.Struct, frozen=True):
    """What one article makes of it: ``free`` where it does not apply, else whether it allows, waits or forbids;
    ``over`` where what it asks is no longer there, and the request has ended. Number 0: the floor under every charter.
    """

    number: int
    title: dict[str, str]
    state: ArticleState
    sentences: tuple[Sentence, ...]


class ConsentShown(msgspec.Struct, frozen=True):
    """A consent that is needed or was given: its bounds, and what exactly of all that is asked lies outside it."""

    giver: str
    state: Giving
    sentence: Sentence
    act: str | None
    performers: tuple[str, ...]
    phases: tuple[str, ...]
    bounds: tuple[Sentence, ...]
    conditions: Text | None
    outside: tuple[Sentence, ...]


class ReviewShown(msgspec.Struct, frozen=True):
    """A review that is needed; ``title`` is a message id."""

    member: str
    title: str
    state: Reviewing
    act: str | None


class SiteShown(msgspec.Struct, frozen=True):
    """A protected site within reach, and who has taken note of it since when (UTC ms). Sites stand by name.

    The distance stands on the page alone: several would tell where the request lies.
    """

    act: str
    author: str
    names: tuple[Text, ...]
    distance_m: int | None
    known: dict[str, int]


class BorderShown(msgspec.Struct, frozen=True):
    """A state near the place, by its code; metres to its border on the page alone, 0 where it is touched."""

    territory: str
    distance_m: int | None


class TermsShown(msgspec.Struct, frozen=True):
    """The request, or a counter: its facts (message ids), what the charter asks of it, what was given, what lies near.
    """

    act: str
    author: str
    foreign_personnel: str
    facility: str
    duration_days: int | None
    recipient: str | None
    place: str | None
    confirmed: bool | None
    borders: tuple[BorderShown, ...]
    articles: tuple[ArticleShown, ...]
    consents: tuple[ConsentShown, ...]
    reviews: tuple[ReviewShown, ...]
    near_version: int | None
    sites: tuple[SiteShown, ...]


class ObjectionShown(msgspec.Struct, frozen=True):
    """An objection that stands, and what the charter would make of it if it were right."""

    member: str
    act: str
    sentences: tuple[Sentence, ...]


class RequestPanel(msgspec.Struct, frozen=True):
    """Where a request stands; ``title`` is a message id, ``given`` and ``quantity`` are in ``unit``."""

    state: State
    title: str
    sentence: Sentence
    awaited: tuple[Awaited, ...]
    parts: tuple[PartShown, ...]
    quantity: int | None
    given: int | None
    unit: str | None
    airborne: bool
    objections: tuple[ObjectionShown, ...]
    terms: tuple[TermsShown, ...]


def show_panel(look: Look, rows: Sequence[ActRow]) -> RequestPanel | None:
    """Say where a request stands; None where the thread begins with none that stands."""
    case = case_of(look, rows)
    if case is None:
        return None
    found, asked = stand(case), case.story.asked
    given = given_in_all(case.story.parts.values()) if asked.quantity is not None else None
    return RequestPanel(
        found.state, STATE_TITLES[found.state], found.sentence,
        tuple(Awaited(wait.member, wait.sentence, wait.act, wait.since_ms, wait.until_ms) for wait in found.waits),
        tuple(_part(part) for part in case.story.parts.values()), asked.quantity, given, asked.unit,
        case.ground.airborne(asked), tuple(_objections(case)), tuple(_terms(look, case)))


def _part(part: Part) -> PartShown:
    outcome = part.outcome
    given = getattr(part.completion.act, "given", None) if part.completion is not None else None
    return PartShown(part.member, PART_TITLES[part.state],
                     next((title for key, title in OUTCOME_TITLES.items() if key == outcome), None),
                     part.quantity, given, part.last.id, part.last.time)


def _objections(case: Case) -> Iterator[ObjectionShown]:
    for said, terms_id in case.story.objections.values():
        terms = case.story.terms_said(terms_id)
        assert terms is not None, "an objection is about terms of its thread"
        sentences = [Sentence("{who} objects.", {"who": said.act.author})]
        if said in case.blocking(terms_id):
            sentences.append(Sentence("Its territory is touched: while the objection stands, nothing may be done."))
        found = case.ground.in_substance(case.story.asked, terms_act(terms), said.act.substance).forbidden  # type: ignore[attr-defined]
        if found is not None and found.article != FLOOR:
            sentences.append(Sentence("If it is in substance what {who} says, article {article} forbids it.",
                                      {"who": said.act.author, "article": found.article}))
        yield ObjectionShown(said.act.author, said.id, tuple(sentences))


def _terms(look: Look, case: Case) -> Iterator[TermsShown]:
    """The request, and the counters that somebody has promised on or still offers."""
    story = case.story
    current = [story.request.id, *(said.id for part in story.parts.values() for said in (part.counter, part.terms)
                                   if said is not None)]
    for terms_id in dict.fromkeys(current):
        said = story.terms_said(terms_id)
        assert said is not None
        terms = terms_act(said)
        performers = [part.member for part in story.parts.values()
                      if part.terms is not None and part.terms.id == terms_id]
        performers = performers or ([said.act.author] if said is not story.request else list(story.parts))
        near = case.near(terms_id) if "site_review" in case.asked(terms_id).reviews or terms.place else None
        yield TermsShown(
            terms_id, said.act.author, PERSONNEL_TITLES[terms.foreign_personnel], FACILITY_TITLES[terms.facility],
            terms.duration_days, RECIPIENT_TITLES[terms.recipient] if terms.recipient is not None else None,
            write_place(terms.place) if terms.place is not None and look.people else None,
            _confirmed(case, terms_id), tuple(_borders(look, case, terms_id)),
            tuple(_articles(case, terms_id, performers)), tuple(_consents(case, terms_id, performers)),
            tuple(_reviews(case, terms_id, performers)), None if near is None else near.version,
            tuple(SiteShown(site.site, site.author, site.names, site.distance_m if look.people else None, site.known)
                  for site in near.sites) if near is not None else ())


def _confirmed(case: Case, terms_id: str) -> bool | None:
    if "second_person" not in case.asked(terms_id).reviews:
        return None
    return case.unconfirmed(terms_id) is None


def _borders(look: Look, case: Case, terms_id: str) -> Iterator[BorderShown]:
    said = case.story.terms_said(terms_id)
    place = terms_act(said).place if said is not None else None
    if place is None:
        return
    found = look.territories(look.charter).border_distances(place, BORDERS_WITHIN_M)
    for code in sorted(found):
        yield BorderShown(code, found[code] if look.people else None)


def _articles(case: Case, terms_id: str, performers: Sequence[str]) -> Iterator[ArticleShown]:
    """What each article on what is done makes of these terms, and the floor where it adds to them."""
    asked = case.asked(terms_id)
    for article in case.ground.charter.articles:
        if article.applies is not None and set(article.applies.kinds) & ACTION_KINDS:
            yield _article(case, terms_id, performers, article.number, dict(article.title))
    if any(finding.article == FLOOR for finding in asked.findings):
        yield _article(case, terms_id, performers, FLOOR, {})


def _article(case: Case, terms_id: str, performers: Sequence[str], number: int, title: dict[str, str]) -> ArticleShown:
    found = [finding for finding in case.asked(terms_id).findings if finding.article == number]
    if not found:
        return ArticleShown(number, title, "free", ())
    if any(finding.follows == "forbidden" for finding in found):
        return ArticleShown(number, title, "forbidden", tuple(
            Sentence(finding.sentence, {"of": finding.of, "article": number}) for finding in found
            if finding.follows == "forbidden"))
    needs: list[tuple[Sentence, bool]] = []
    for performer in performers:
        needs += [need for need in _needs(case, terms_id, performer, number) if need not in needs]
    unmet: ArticleState = "over" if stand(case).state in ENDED else "waiting"
    state: ArticleState = "allowed" if all(met for _, met in needs) else unmet
    return ArticleShown(number, title, state, tuple(sentence for sentence, _ in needs))


def _needs(case: Case, terms_id: str, performer: str, number: int) -> Iterator[tuple[Sentence, bool]]:
    """What an article needs, as a sentence that says how it stands, and whether that is met."""
    needed = {finding.follows for finding in case.asked(terms_id).findings if finding.article == number}
    for given in case.given(terms_id, performer):
        if number in given.articles:
            yield Sentence(CONSENT_SENTENCES[given.state], {"who": given.giver}), given.state == "live"
    subjects = [subject for need, subject in SUBJECTS.items() if need in needed]
    for review in case.reviewed(terms_id, performer):
        if review.subject in subjects:
            yield (Sentence(REVIEW_SENTENCES[review.subject, review.state], {"who": review.member}),
                   review.state == "clear")
    if "second_person" in needed:
        confirmer = case.unconfirmed(terms_id)
        yield ((Sentence("A second person has confirmed the place."), True) if confirmer is None else (
            Sentence("A second officer of {who} is asked to confirm the place.", {"who": confirmer}), False))


def _consents(case: Case, terms_id: str, performers: Sequence[str]) -> Iterator[ConsentShown]:
    """Each consent that was given, and each giver of whom there is none."""
    given = [one for giver in sorted(_givers(case, terms_id)) for one in case.consents(giver, terms_id)]
    for held in given:
        yield _consent(case, held, performers)
    for giver in sorted(case.asked(terms_id).givers):
        if giver not in {held.giver for held in given}:
            state = case.given(terms_id, performers[0])
            found = next(one for one in state if one.giver == giver)
            yield ConsentShown(giver, found.state, Sentence(CONSENT_SENTENCES[found.state], {"who": giver}),
                               found.said.id if found.said is not None else None, (), (), (), None, ())


def _givers(case: Case, terms_id: str) -> set[str]:
    return {held.giver for held in case.story.held.values() if held.terms == terms_id}


def _consent(case: Case, held: Held, performers: Sequence[str]) -> ConsentShown:
    said = case.story.terms_said(held.terms)
    assert said is not None
    consent, state = held.consent, case.consent_state(held)
    found = {one.code: Sentence(one.text, dict(one.fields)) for performer in performers
             for one in outside(consent, window_of_terms(terms_act(said), performer))}
    return ConsentShown(
        held.giver, state, Sentence(CONSENT_SENTENCES[state], {"who": held.giver}), held.said.id, consent.performers,
        tuple(PHASE_TITLES[phase] for phase in consent.phases), tuple(_bounds(held)), consent.conditions,
        tuple(found.values()))


def _bounds(held: Held) -> Iterator[Sentence]:
    consent = held.consent
    yield Sentence("From {since} until {until}.", {"since": write_minute(consent.valid_from),
                                                   "until": write_minute(consent.valid_until)})
    if consent.lower_m is not None and consent.upper_m is not None:
        yield Sentence("Between {lower} and {upper} m above mean sea level.",
                       {"lower": consent.lower_m, "upper": consent.upper_m})
    if consent.day_from is not None and consent.day_until is not None:
        yield Sentence("From {since} to {until} UTC of each day.",
                       {"since": f"{consent.day_from // 60:02d}:{consent.day_from % 60:02d}",
                        "until": f"{consent.day_until // 60:02d}:{consent.day_until % 60:02d}"})
    yield Sentence("The performer's settled checkpoint may be {count} minutes old.",
                   {"count": consent.checkpoint_minutes})


def _reviews(case: Case, terms_id: str, performers: Sequence[str]) -> Iterator[ReviewShown]:
    found = {(one.member, one.subject): one for performer in performers for one in case.reviewed(terms_id, performer)}
    for one in found.values():
        yield ReviewShown(one.member, SUBJECT_TITLES[one.subject], one.state, one.said.id if one.said else None)
