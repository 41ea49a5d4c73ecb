"""A search over acts, and the SQL that answers it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tansiq.errors import Malformed
from tansiq.languages.normalise import query_terms

LIMIT_MAX = 10_000
PLACES_PER_ACT_MAX = 4_096
URGENT = ("flash", "immediate")
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


@dataclass(frozen=True, slots=True)
class Lead:
    """An index that can find the rows of a condition: ``where`` says it, ``probe`` counts its hits up to a bound."""

    probe: str
    probe_values: list[object]
    where: str
    values: list[object]


@dataclass(slots=True)
class Clause:
    """A condition on ``acts AS a``, and the indexes that could lead to its rows, the cheapest to ask first."""

    where: str
    values: list[object] = field(default_factory=list)
    leads: tuple[Lead, ...] = ()


def plain_clause(query: ActQuery, hidden: tuple[str, ...] = ()) -> Clause:
    """The conditions on plain columns that no index leads, but for urgent precedences.

    What lies on *hidden* desks is found only when asked for.
    """
    where: list[str] = []
    values: list[object] = []
    if hidden and query.desk is None and not query.kinds:
        where.append(f"+a.desk NOT IN ({','.join('?' * len(hidden))})")
        values.extend(hidden)
    for column, wanted in (("author", query.author), ("precedence", query.precedence), ("standing", query.standing)):
        if wanted is not None:
            where.append(f"a.{column} = ?")
            values.append(wanted)
    if query.precedence in URGENT:
        where.append("a.precedence IN ('flash', 'immediate')")  # what the index of urgent acts is made of
    if query.void is not None:
        where.append("a.void IS NOT NULL" if query.void else "a.void IS NULL")
    return Clause(" AND ".join(where) or "1", values)


def sort_clause(query: ActQuery, *, counting: bool) -> Clause | None:
    """The condition on kinds and desk. Where few are of the sort, or all are counted, its index leads.

    A kind lies on one desk and is rarer than it: where kinds are asked for, theirs leads and not the desk's.
    """
    if not query.kinds and query.desk is None:
        return None
    column, asked = ("kind", list(query.kinds)) if query.kinds else ("desk", [query.desk])
    narrow = f"a.{column} IN ({','.join('?' * len(asked))})"
    besides = "" if query.desk is None or not query.kinds else " AND +a.desk = ?"
    values: list[object] = [*asked, *([query.desk] if besides else [])]
    if counting:
        return Clause(narrow + besides, values)
    probe = f"SELECT count(*) FROM (SELECT 1 FROM acts AS a INDEXED BY acts_{column} WHERE {narrow} LIMIT {_NARROW})"
    return Clause("+" + narrow + besides, values, (Lead(probe, list(asked), narrow + besides, values),))


def when_clause(query: ActQuery) -> Clause | None:
    """The condition on the time that an act tells of.

    What ends late and what begins early is found from that side alone; a window in the midst of all from both.
    """
    if query.after is None and query.before is None:
        return None
    before = query.before if query.before is not None else 1 << 62
    after = query.after if query.after is not None else -(1 << 62)
    values: list[object] = [before, after]
    both = "FROM acts INDEXED BY {index} WHERE when_from IS NOT NULL AND when_from < ? AND when_until >= ?"
    sides = [("acts_until", "when_until >= ?", after)] if query.after is not None else []
    sides += [("acts_when", "when_from < ?", before)] if query.before is not None else []
    leads = [Lead(f"SELECT count(*) FROM (SELECT 1 FROM acts INDEXED BY {index} WHERE when_from IS NOT NULL AND {side} "
                  f"LIMIT {_NARROW})", [bound], f"a.row IN (SELECT row {both.format(index=index)})", list(values))
             for index, side, bound in sides]
    found = both.format(index="acts_when")
    leads.append(Lead(f"SELECT count(*) FROM (SELECT 1 {found} LIMIT {_NARROW})", list(values),
                      f"a.row IN (SELECT row {found})", list(values)))
    return Clause("+a.when_from < ? AND +a.when_until >= ?", values, tuple(leads))


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
    tree = Lead(f"SELECT count(*) FROM ({found} LIMIT {_NARROW})", lead_values, lead, [*lead_values, *values])
    return Clause(f"EXISTS (SELECT 1 FROM places AS p WHERE p.row = a.row AND ({inside}))", list(values), (tree,))


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
