"""A search over acts, and the SQL that answers it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tansiq.errors import Malformed
from tansiq.languages.normalise import query_terms

LIMIT_MAX = 10_000
PLACES_PER_ACT_MAX = 4_096
_SCALE = 10_000_000
_NARROW = 2_000
"""Up to so many hits an index leads the search; above, walking back from the newest act finds a page sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActQuery:
    """Which acts to find, newest in the journal first; what is None or empty does not matter.

    ``box`` is west, south, east, north in degrees, across the 180th meridian where west > east. ``after`` and
    ``before`` (UTC ms) meet the time that an act tells of: an act is found when its time reaches ``after`` or later
    and begins before ``before``. Void acts are left out unless ``void`` is True (only those) or None (both).
    """

    desk: str | None = None
    kinds: tuple[str, ...] = ()
    text: str | None = None
    box: tuple[float, float, float, float] | None = None
    after: int | None = None
    before: int | None = None
    author: str | None = None
    precedence: str | None = None
    standing: str | None = None
    void: bool | None = False
    limit: int = 100
    offset: int = 0


@dataclass(slots=True)
class Clause:
    """A condition on ``acts AS a``, and the same said as ``lead``, an index that finds the rows; ``probe`` counts
    the index's hits up to a bound."""

    where: str
    values: list[object] = field(default_factory=list)
    probe: str = ""
    lead: str = ""
    lead_values: list[object] = field(default_factory=list)
    probe_values: list[object] = field(default_factory=list)


def plain_clause(query: ActQuery) -> Clause:
    """The conditions on columns that no index leads."""
    where: list[str] = []
    values: list[object] = []
    for column, wanted in (("desk", query.desk), ("author", query.author), ("precedence", query.precedence),
                           ("standing", query.standing)):
        if wanted is not None:
            where.append(f"a.{column} = ?")
            values.append(wanted)
    if query.kinds:
        where.append(f"a.kind IN ({','.join('?' * len(query.kinds))})")
        values.extend(query.kinds)
    if query.void is not None:
        where.append("a.void IS NOT NULL" if query.void else "a.void IS NULL")
    return Clause(" AND ".join(where) or "1", values)


def when_clause(query: ActQuery) -> Clause | None:
    """The condition on the time that an act tells of."""
    if query.after is None and query.before is None:
        return None
    values: list[object] = [query.before if query.before is not None else 1 << 62,
                            query.after if query.after is not None else -(1 << 62)]
    found = "FROM acts INDEXED BY acts_when WHERE when_from IS NOT NULL AND when_from < ? AND when_until >= ?"
    return Clause("+a.when_from < ? AND +a.when_until >= ?", values,
                  f"SELECT count(*) FROM (SELECT 1 {found} LIMIT {_NARROW})",
                  f"a.row IN (SELECT row {found})", list(values), list(values))


def box_clause(query: ActQuery) -> Clause | None:
    """The condition on places; a box across the 180th meridian becomes two.

    Raises:
        Malformed: ``search.box``, the numbers are no box on Earth.
    """
    if query.box is None:
        return None
    west, south, east, north = query.box
    if not all(map(math.isfinite, query.box)) or not (-180 <= west <= 180 and -180 <= east <= 180):
        raise Malformed("search.box", "The box {given} does not lie on Earth.", given=str(query.box), field="box")
    if not -90 <= south <= north <= 90:
        raise Malformed("search.box", "The box {given} does not lie on Earth.", given=str(query.box), field="box")
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    exact, rough = [], []
    values: list[object] = []
    lead_values: list[object] = []
    for left, right in spans:
        e7 = [round(value * _SCALE) for value in (south, north, left, right)]
        exact.append("(p.lat BETWEEN ? AND ? AND p.lon BETWEEN ? AND ?)")
        values += e7
        rough.append("SELECT place FROM boxes WHERE north >= ? AND south <= ? AND east >= ? AND west <= ?")
        lead_values += [south, north, left, right]
    inside = " OR ".join(exact)
    found = " UNION ALL ".join(rough)
    lead = (f"a.row IN (SELECT p.row FROM ({found}) AS b CROSS JOIN places AS p "
            f"ON p.row = (b.place >> 12) AND p.n = (b.place & 4095) WHERE {inside})")
    return Clause(f"EXISTS (SELECT 1 FROM places AS p WHERE p.row = a.row AND ({inside}))", list(values),
                  f"SELECT count(*) FROM ({found} LIMIT {_NARROW})", lead, [*lead_values, *values], lead_values)


def text_match(query: ActQuery) -> str | None:
    """The full-text expression of the words looked for; an empty one where the words hold nothing to look for."""
    return None if query.text is None else query_terms(query.text)


def require_page(query: ActQuery) -> None:
    """Refuse a page that no list has.

    Raises:
        Malformed: ``search.page``.
    """
    if not 0 <= query.limit <= LIMIT_MAX or query.offset < 0:
        raise Malformed("search.page", "A page has 0 to {limit} acts and begins at 0 or later.", limit=LIMIT_MAX,
                        field="limit")


def is_narrow(count: int) -> bool:
    """Tell whether an index that found *count* hits (counted up to a bound) should lead."""
    return count < _NARROW
