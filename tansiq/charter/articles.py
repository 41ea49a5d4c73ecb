"""Checks of the articles' machine part: that each can apply, can be met, and asks no consent for a consent."""

from __future__ import annotations

from collections.abc import Sequence

from tansiq.charter.model import Applies, Article, Charter, Follows
from tansiq.charter.shape import refuse
from tansiq.charter.vocabulary import (
    ACTION_KINDS,
    CONSENT_KINDS,
    DURATION_DAYS_MAX,
    FREE_KINDS,
    KINDS,
    OF_ALL,
    OF_TERRITORY,
    PLACED_KINDS,
    WHOSE,
)


def check(charter: Charter) -> None:
    """Hold what types cannot state about articles.

    Raises:
        Malformed: ``charter.article``, ``charter.never``, ``charter.consenter``, ``charter.circular``,
            ``charter.floor``, ``charter.doubled``.
    """
    for index, article in enumerate(charter.articles):
        _check_article(article, charter, f"articles[{index}]")


def _check_article(article: Article, charter: Charter, place: str) -> None:
    if article.applies is None and article.follows is None:
        return
    if article.applies is None or article.follows is None:
        refuse("charter.article", "{place}: article {number} needs both parts, what it applies to and what follows, "
               "or neither.", place, number=article.number)
    _check_can_apply(article.applies, charter, f"{place}.applies")
    _check_follows(article.follows, f"{place}.follows")
    _check_consenters(article.applies, article.follows, charter, f"{place}.follows.consent")
    _check_circular(article.applies, article.follows, f"{place}.applies.kinds")


def _check_can_apply(applies: Applies, charter: Charter, place: str) -> None:
    for name in ("kinds", "supports", "foreign_personnel", "facility", "recipient"):
        _check_list(getattr(applies, name), f"{place}.{name}")
    for index, kind in enumerate(applies.kinds):
        _check_kind(kind, applies, f"{place}.kinds[{index}]")
    for index, support in enumerate(applies.supports or ()):
        if charter.support_of(support) is None:
            refuse("charter.never", "{place}: the article can never apply: {given!r} is no kind of support of this "
                   "charter.", f"{place}.supports[{index}]", given=support[:40])
    if applies.territory is not None:
        _check_territory(applies.territory, charter, f"{place}.territory")
    if (applies.duration_days_over or 0) >= DURATION_DAYS_MAX:
        refuse("charter.never", "{place}: the article can never apply: nothing is asked for longer than {limit} days.",
               f"{place}.duration_days_over", limit=DURATION_DAYS_MAX)


def _check_territory(territory: str, charter: Charter, place: str) -> None:
    if territory == "partner" and all(partner.territory is None for partner in charter.partners):
        refuse("charter.never", "{place}: the article can never apply: no partner has a territory.", place)
    holders = {party.code for party in charter.parties if party.territory is not None}
    if territory not in WHOSE and territory not in holders:
        refuse("charter.never", "{place}: the article can never apply: {given!r} is no party with a territory, nor "
               "'member', 'partner', 'other' or 'any'.", place, given=territory[:20])


def _check_list(given: Sequence[str] | None, place: str) -> None:
    if given is None:
        return
    if not given:
        refuse("charter.never", "{place}: the article can never apply: the list is empty.", place)
    for index, value in enumerate(given):
        if value in given[:index]:
            refuse("charter.doubled", "{place}: {given} stands at {first} already.", f"{place}[{index}]",
                   given=value[:40], first=f"{place}[{given.index(value)}]")


def _check_kind(kind: str, applies: Applies, place: str) -> None:
    if kind not in KINDS:
        refuse("charter.never", "{place}: the article can never apply: {given!r} is no kind of act.", place,
               given=kind[:40])
    if (applies.supports is not None or applies.narrowed) and kind not in ACTION_KINDS:
        refuse("charter.never", "{place}: the article can never apply: an act of the kind {given!r} states no kind of "
               "support and no such facts.", place, given=kind)
    if applies.territory is not None and kind not in PLACED_KINDS:
        refuse("charter.never", "{place}: the article can never apply: an act of the kind {given!r} lies at no place.",
               place, given=kind)


def _check_follows(follows: Follows, place: str) -> None:
    needs = (bool(follows.consent), follows.legal_review, follows.site_review, follows.second_person)
    if not follows.forbidden and not any(needs):
        refuse("charter.article", "{place}: nothing follows from the article.", place)
    if follows.forbidden and any(needs):
        refuse("charter.article", "{place}: what is forbidden cannot be allowed by a consent or a review as well.",
               place)


def _check_consenters(applies: Applies, follows: Follows, charter: Charter, place: str) -> None:
    _check_list(follows.consent or None, place)
    for index, consenter in enumerate(follows.consent):
        at = f"{place}[{index}]"
        if consenter == OF_TERRITORY:
            _check_territory_consents(applies, at)
        elif consenter != OF_ALL and charter.member(consenter) is None:
            refuse("charter.consenter", "{place}: {given!r} cannot consent: it is no member, nor 'territory', nor "
                   "'all'.", at, given=consenter[:20])
    if applies.territory == "other" and not follows.forbidden and OF_ALL not in follows.consent:
        refuse("charter.floor", "{place}: on the territory of a state outside the centre an article forbids, or needs "
               "the consent of all; the floor allows nothing less.", place)


def _check_territory_consents(applies: Applies, place: str) -> None:
    if applies.territory == "other":
        refuse("charter.consenter", "{place}: nobody in the centre can consent for a territory that is neither a "
               "member's nor a partner's.", place)
    unplaced = [kind for kind in applies.kinds if kind not in PLACED_KINDS | CONSENT_KINDS | FREE_KINDS]
    if unplaced:
        refuse("charter.consenter", "{place}: an act of the kind {given!r} lies at no place, so no territory can "
               "consent.", place, given=unplaced[0])


def _check_circular(applies: Applies, follows: Follows, place: str) -> None:
    """Hold that every chain of needs ends after one step.

    A consent or a review that itself needed a consent or a review could wait for one that waits for it.
    """
    for index, kind in enumerate(applies.kinds):
        at = f"{place}[{index}]"
        if kind in FREE_KINDS or (kind in CONSENT_KINDS and follows.forbidden):
            refuse("charter.floor", "{place}: no article can hold up the kind {given!r}: a consent must be free to be "
                   "given, refused and taken back.", at, given=kind)
        if kind in CONSENT_KINDS and (follows.consent or follows.legal_review or follows.site_review):
            refuse("charter.circular", "{place}: circular: {given!r} answers the need for a consent or a review, and "
                   "cannot need one itself.", at, given=kind)
