"""The charter: read, checked, its terms computed, its articles judged. Pure: text in, values out."""

from __future__ import annotations

from tansiq.charter.floor import FLOOR
from tansiq.charter.model import (
    Applies,
    Article,
    Borders,
    Charter,
    Follows,
    Handling,
    Member,
    Partner,
    Point,
    Quotas,
    Rotation,
    Seat,
    Support,
    TermLength,
    Texts,
)
from tansiq.charter.parse import parse_charter
from tansiq.charter.rulings import Facts, Finding, judge
from tansiq.charter.showing import show
from tansiq.charter.terms import Term, term_at, terms, terms_json

__all__ = [
    "FLOOR",
    "Applies",
    "Article",
    "Borders",
    "Charter",
    "Facts",
    "Finding",
    "Follows",
    "Handling",
    "Member",
    "Partner",
    "Point",
    "Quotas",
    "Rotation",
    "Seat",
    "Support",
    "Term",
    "TermLength",
    "Texts",
    "judge",
    "parse_charter",
    "show",
    "term_at",
    "terms",
    "terms_json",
]
