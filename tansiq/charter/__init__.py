"""The charter: read, checked, its terms computed, its articles judged. Pure: text in, values out."""

from __future__ import annotations

from tansiq.charter.chairing import Chairing, Taken, chair_at, term_beginning
from tansiq.charter.decisions import Outcome, Tally, Vote, tally
from tansiq.charter.floor import FLOOR
from tansiq.charter.model import (
    Airspace,
    Applies,
    Article,
    Borders,
    Charter,
    Decisions,
    Follows,
    Handling,
    Member,
    Officers,
    Partner,
    Point,
    Quotas,
    Rotation,
    Seat,
    Share,
    Support,
    TermLength,
    Texts,
)
from tansiq.charter.parse import parse_charter
from tansiq.charter.rulings import Facts, Finding, judge
from tansiq.charter.showing import consequences, show
from tansiq.charter.terms import Term, term_at, term_of, terms, terms_json
from tansiq.charter.vocabulary import ROLES, Role

__all__ = [
    "FLOOR",
    "ROLES",
    "Airspace",
    "Applies",
    "Article",
    "Borders",
    "Chairing",
    "Charter",
    "Decisions",
    "Facts",
    "Finding",
    "Follows",
    "Handling",
    "Member",
    "Officers",
    "Outcome",
    "Partner",
    "Point",
    "Quotas",
    "Role",
    "Rotation",
    "Seat",
    "Share",
    "Support",
    "Taken",
    "Tally",
    "Term",
    "TermLength",
    "Texts",
    "Vote",
    "chair_at",
    "consequences",
    "judge",
    "parse_charter",
    "show",
    "tally",
    "term_at",
    "term_beginning",
    "term_of",
    "terms",
    "terms_json",
]
