"""What the articles and the floor say of an act's facts: pure, and an answer for every question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tansiq.charter.floor import FLOOR
from tansiq.charter.model import Applies, Article, Charter
from tansiq.charter.vocabulary import ACTION_KINDS, OF_ALL, OF_TERRITORY, Facility, Need, Personnel, Recipient

REVIEWS: tuple[Need, ...] = ("legal_review", "site_review", "second_person")

# Message ids: ``article`` is a number, ``of`` are codes.
SENTENCES: dict[Need, str] = {
    "forbidden": "Article {article} forbids it.",
    "consent": "Article {article} needs the consent of {of}; no answer is no consent.",
    "legal_review": "Article {article} needs a legal review by a named officer.",
    "site_review": "Article {article} needs a review of protected sites by a named officer.",
    "second_person": "Article {article} needs a second person to confirm the place.",
}
FLOOR_SENTENCES: dict[Need, str] = {
    "consent": "The floor under every charter needs the consent of {of}; no answer is no consent.",
    "legal_review": "The floor under every charter needs a legal review by a named officer.",
    "site_review": "The floor under every charter needs a review of protected sites by a named officer.",
    "second_person": "The floor under every charter needs a second person to confirm the place.",
}
NO_SUPPORT = "{of} is no kind of support of this charter."
NO_PARTY = "{of} is neither a member nor a partner."
NOT_EXCHANGED = "The charter does not let the partner {of} say this."
NO_OWNER = "Nobody in this centre can consent for {of}."


@dataclass(frozen=True, slots=True)
class Facts:
    """What an act states and articles judge; its label counts for less than these.

    ``territories`` are ISO alpha-3 codes of the states that its place touches. ``duration_days`` None: without an
    end, which is longer than any bound. ``recipient`` None: nobody is given anything.
    """

    kind: str
    support: str | None
    author: str
    territories: tuple[str, ...] = ()
    foreign_personnel: Personnel = "none"
    facility: Facility = "none"
    duration_days: int | None = 0
    recipient: Recipient | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that follows: by ``article`` (0 is the floor), of whom (codes), and a message id to fill with both."""

    article: int
    follows: Need
    of: tuple[str, ...]
    sentence: str

    def __str__(self) -> str:
        return self.sentence.format(article=self.article, of=", ".join(self.of))


def judge(facts: Facts, charter: Charter) -> tuple[Finding, ...]:
    """List all that follows from *facts*: the floor's findings, then the articles' in the charter's order.

    Empty: nothing stands in the way. Total: an unknown kind, support, author or territory has an answer too.
    A consent is asked of every owner of a territory, of the author too: its own request is not its consent.
    """
    matched = [article for article in charter.articles if article.applies and matches(article.applies, facts, charter)]
    by_articles = tuple(finding for article in matched for finding in _follow(article, facts, charter))
    return (*_floor(facts, charter, matched, by_articles), *by_articles)


def matches(applies: Applies, facts: Facts, charter: Charter) -> bool:
    """Tell whether all conditions of an article hold for *facts*."""
    days = applies.duration_days_over
    return (
        facts.kind in applies.kinds
        and (applies.supports is None or facts.support in applies.supports)
        and (applies.territory is None or bool(_territories(applies, facts, charter)))
        and (applies.foreign_personnel is None or facts.foreign_personnel in applies.foreign_personnel)
        and (applies.facility is None or facts.facility in applies.facility)
        and (days is None or facts.duration_days is None or facts.duration_days > days)
        and (applies.recipient is None or facts.recipient in applies.recipient)
    )


def _territories(applies: Applies, facts: Facts, charter: Charter) -> list[str]:
    """The territories of *facts* that an article looks at."""
    whose = applies.territory or "any"
    return [given for given in facts.territories if whose in ("any", *_whose(given, charter))]


def _whose(territory: str, charter: Charter) -> tuple[str, ...]:
    owner = charter.owner(territory)
    if owner is None:
        return ("other",)
    return ("member", owner) if charter.member(owner) else ("partner", owner)


def _follow(article: Article, facts: Facts, charter: Charter) -> Iterator[Finding]:
    applies, follows = article.applies, article.follows
    if applies is None or follows is None:
        return
    if follows.forbidden:
        yield Finding(article.number, "forbidden", (), SENTENCES["forbidden"])
    of: set[str] = set()
    for consenter in follows.consent:
        if consenter == OF_ALL:
            of |= {member.code for member in charter.members}
        elif consenter == OF_TERRITORY:
            of |= _owners(_territories(applies, facts, charter), charter)
        else:
            of.add(consenter)
    if of:
        yield Finding(article.number, "consent", tuple(sorted(of)), SENTENCES["consent"])
    for review in REVIEWS:
        if getattr(follows, review):
            yield Finding(article.number, review, (), SENTENCES[review])


def _owners(territories: list[str], charter: Charter) -> set[str]:
    return {owner for territory in territories if (owner := charter.owner(territory))}


def _floor(
    facts: Facts, charter: Charter, matched: list[Article], by_articles: tuple[Finding, ...]
) -> Iterator[Finding]:
    """The floor's findings, less what an article asks already, which people can read with its number."""
    yield from _of_author(facts, charter)
    if facts.kind not in ACTION_KINDS:
        return
    support = charter.support_of(facts.support) if facts.support is not None else None
    if facts.support is not None and support is None:
        yield Finding(FLOOR, "forbidden", (facts.support,), NO_SUPPORT)
    # What the facts say counts for more than the label: people or a facility on the ground are on the territory.
    present = facts.foreign_personnel != "none" or facts.facility != "none"
    if present or support is None or support.on_territory:
        yield from _of_territory(facts, charter, matched, by_articles)
    if support is not None and support.airborne:
        said = {finding.follows for finding in by_articles}
        yield from (Finding(FLOOR, review, (), FLOOR_SENTENCES[review]) for review in REVIEWS if review not in said)


def _of_author(facts: Facts, charter: Charter) -> Iterator[Finding]:
    if charter.member(facts.author) is not None:
        return
    partner = charter.partner(facts.author)
    if partner is None:
        yield Finding(FLOOR, "forbidden", (facts.author,), NO_PARTY)
    elif facts.kind not in partner.exchanges:
        yield Finding(FLOOR, "forbidden", (facts.author,), NOT_EXCHANGED)


def _of_territory(
    facts: Facts, charter: Charter, matched: list[Article], by_articles: tuple[Finding, ...]
) -> Iterator[Finding]:
    """Consents of owners that no article asks; and territories for which nobody can consent.

    An article that names such territories says what follows there instead: forbidden, or the consent of all.
    """
    nobodys = tuple(sorted({territory for territory in facts.territories if charter.owner(territory) is None}))
    otherwise = any(article.applies is not None and article.applies.territory == "other" for article in matched)
    if nobodys and not otherwise:
        yield Finding(FLOOR, "forbidden", nobodys, NO_OWNER)
    asked = {code for finding in by_articles if finding.follows == "consent" for code in finding.of}
    missing = tuple(sorted(_owners(list(facts.territories), charter) - asked))
    if missing:
        yield Finding(FLOOR, "consent", missing, FLOOR_SENTENCES["consent"])
