"""The floor under every charter, which no charter and no amendment removes (``docs/spec/charter.md``).

Nothing on a territory without its live consent; nothing from the air without a legal review, a
site review and a second person; decisions by named persons only. ``rulings.judge`` adds it to every
charter's articles. Here a charter is refused that tries to take it away, or keeps silent about it.
"""

from __future__ import annotations

from typing import Any

from tansiq.charter.model import Article, Charter, Support
from tansiq.charter.shape import refuse
from tansiq.charter.vocabulary import OF_TERRITORY

FLOOR = 0
"""The number under which findings of the floor stand, where articles have theirs."""

# Asking and doing: what the charter's text must say of both, so that people read what the program enforces.
SAID_OF = frozenset({"request", "step"})
_TAKING_AWAY = frozenset({"admitted", "allowed", "automatic", "except", "exempt", "permitted", "unless", "waived",
                          "waives"})  # fmt: skip


def check_untouched(tree: dict[str, Any]) -> None:
    """Hold that the plain values of a charter take nothing away: an article can only add.

    Raises:
        Malformed: ``charter.floor``.
    """
    if "floor" in tree:
        refuse("charter.floor", "{place}: the floor stands in the program; no charter sets or removes it.", "floor")
    articles = tree.get("articles")
    for index, article in enumerate(articles if isinstance(articles, list) else ()):
        if isinstance(article, dict):
            _check_adds(article, f"articles[{index}]")


def _check_adds(article: dict[str, Any], place: str) -> None:
    follows = article.get("follows")
    for at, part in ((place, article), (f"{place}.follows", follows)):
        for key, value in part.items() if isinstance(part, dict) else ():
            if key in _TAKING_AWAY or (part is follows and (value is False or value == [])):
                refuse("charter.floor", "{place}: an article can only add to the floor, never take away from it.",
                       f"{at}.{key}")


def check_said(charter: Charter) -> None:
    """Hold that the articles say what the floor enforces, for every kind of support that it touches.

    Raises:
        Malformed: ``charter.floor``; the place is the kind of support that no article covers.
    """
    for index, support in enumerate(charter.support):
        place = f"support[{index}]"
        if support.airborne and not support.on_territory:
            refuse("charter.floor", "{place}: what is given from the air over a territory is given on it; "
                   "the floor asks its consent.", f"{place}.on_territory")
        needs = {"consent"} if support.on_territory else set()
        if support.airborne:
            needs |= {"legal_review", "site_review", "second_person"}
        for kind in sorted(SAID_OF):
            missing = sorted(needs - _said(charter, support, kind))
            if missing:
                refuse("charter.floor", "{place}: no article asks {missing} for every {kind} of the kind {given!r}, "
                       "which the floor asks.", place, missing=", ".join(missing), kind=kind, given=support.id)


def _said(charter: Charter, support: Support, kind: str) -> set[str]:
    """What the articles ask for every act of *kind* about *support* on a member's territory, whatever its facts."""
    said: set[str] = set()
    for article in charter.articles:
        follows = article.follows
        if follows is None or not _covers(article, support, kind):
            continue
        if follows.forbidden:
            return {"consent", "legal_review", "site_review", "second_person"}
        said |= {"consent"} if OF_TERRITORY in follows.consent else set()
        said |= {name for name in ("legal_review", "site_review", "second_person") if getattr(follows, name)}
    return said


def _covers(article: Article, support: Support, kind: str) -> bool:
    applies = article.applies
    if applies is None or applies.narrowed or kind not in applies.kinds:
        return False
    return (applies.supports is None or support.id in applies.supports) and applies.territory in (None, "any", "member")
