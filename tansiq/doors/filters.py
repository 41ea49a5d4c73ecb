"""The filters of a search, as people and programs write them, read into an ``ActQuery``."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from tansiq.acts import PRECEDENCES
from tansiq.cell.registers import ActQuery
from tansiq.errors import Malformed
from tansiq.wire import is_code

LIMIT_MAX = 1_000
TEXT_MAX = 400
OFFSET_MAX = 10_000_000
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a person asks for, as text; empty or None asks for everything.

    ``box`` is ``W,S,E,N`` in degrees; ``after`` and ``before`` are ISO 8601 (UTC where no offset stands);
    ``kind`` may name several, with commas; ``limit`` is at most 1000.
    """

    desk: str | None = None
    kind: str | None = None
    text: str | None = None
    box: str | None = None
    after: str | None = None
    before: str | None = None
    author: str | None = None
    precedence: str | None = None
    standing: str | None = None
    limit: int = 100
    offset: int = 0

    def query(self) -> ActQuery:
        """Read the filters.

        Raises:
            Malformed: ``filter.…``, with ``field`` naming the filter at fault.
        """
        return ActQuery(
            desk=self.desk or None,
            kinds=tuple(part.strip() for part in (self.kind or "").split(",") if part.strip()),
            text=_text(self.text),
            box=parse_box(self.box) if self.box else None,
            after=parse_instant(self.after, "after") if self.after else None,
            before=parse_instant(self.before, "before") if self.before else None,
            author=_author(self.author),
            precedence=_one_of(self.precedence, PRECEDENCES, "precedence"),
            standing=self.standing or None,
            limit=_within(self.limit, 1, LIMIT_MAX, "limit"),
            offset=_within(self.offset, 0, OFFSET_MAX, "offset"),
        )


FILTER_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Filters))


def parse_box(text: str) -> tuple[float, float, float, float]:
    """Read ``W,S,E,N`` in degrees; W greater than E crosses the 180th meridian.

    Raises:
        Malformed: ``filter.box``.
    """
    wrong = Malformed("filter.box", "A box is W,S,E,N in degrees, not {given}.", given=repr(text[:80]), field="box")
    parts = text.split(",")
    if len(parts) != 4 or not text.isascii():
        raise wrong
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError as error:
        raise wrong from error
    if not all(map(math.isfinite, (west, south, east, north))):
        raise wrong
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise wrong
    return west, south, east, north


def parse_instant(text: str, field: str) -> int:
    """Read a day or an instant of ISO 8601 as UTC milliseconds; UTC where no offset stands.

    Raises:
        Malformed: ``filter.instant``.
    """
    wrong = Malformed("filter.instant", "An instant is written 2015-10-07 or 2015-10-07T09:30:00Z, not {given}.",
                      given=repr(text[:40]), field=field)
    if not _INSTANT.match(text):
        raise wrong
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return int(moment.timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise wrong from error


def _text(text: str | None) -> str | None:
    if text and (len(text) > TEXT_MAX or "\0" in text):
        raise Malformed("filter.text", "Words to look for have at most {limit} characters, and no NUL.",
                        limit=TEXT_MAX, field="text")
    return text or None


def _author(code: str | None) -> str | None:
    if code and not is_code(code):
        raise Malformed("filter.author", "An author is a member's code, not {given}.", given=repr(code[:20]),
                        field="author")
    return code or None


def _one_of(given: str | None, known: tuple[str, ...], field: str) -> str | None:
    if given and given not in known:
        raise Malformed("filter.choice", "{field} is one of {known}, not {given}.", field=field,
                        known=", ".join(known), given=repr(given[:40]))
    return given or None


def _within(given: int, least: int, most: int, field: str) -> int:
    if not least <= given <= most:
        raise Malformed("filter.range", "{field} lies between {least} and {most}.", field=field, least=least,
                        most=most)
    return given
