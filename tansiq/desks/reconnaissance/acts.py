"""What is said on the reconnaissance desk: who watches which sector and when, and what was seen, in batches.

No field names a person, and none says what a thing is worth.
"""

from __future__ import annotations

import re
from typing import Literal

from tansiq.acts import Act, Kind, Position, Record, Text
from tansiq.desks.holding import require_instant, require_line, require_position, require_text
from tansiq.errors import Malformed, TansiqError
from tansiq.geo import Place, require_place

NUMBER = 3
SECTOR_CHARACTERS_MAX = 40
TITLE_CHARACTERS_MAX = 200
NOTE_CHARACTERS_MAX = 2_000
WHAT_CHARACTERS_MAX = 200
TRACK_CHARACTERS_MAX = 20
EXTERNAL_ID_CHARACTERS_MAX = 100
SIGHTINGS_MAX = 1_024
WATCH_MS_MAX = 366 * 86_400_000

Watch = Literal["kept", "asked"]
Means = Literal["post", "patrol", "aircraft", "uncrewed", "satellite", "camera", "radio", "people", "other"]
Reliability = Literal["A", "B", "C", "D", "E", "F"]
Credibility = Literal["1", "2", "3", "4", "5", "6"]

# APP-6 and MIL-STD-2525: fifteen letters up to editions C, twenty or thirty digits from D on. Only the form is held.
_SIDC = re.compile(r"[A-Z*-][A-Z0-9*-]{14}|[0-9]{20}(?:[0-9]{10})?")


class Coverage(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who watches a sector from when to when (UTC ms); or, where ``watch`` is ``asked``, that it ought to be watched.

    It begins a thread, or takes the place of its author's earlier coverage in the same thread.
    """

    sector: str
    watch: Watch
    area: Place
    begins: int
    ends: int
    means: Means | None
    note: Text | None

    def check(self) -> None:
        """Hold what the types cannot say. Reads own fields only.

        Raises:
            Malformed: a name too long, an area that is no clear shape, a watch that ends before it begins.
        """
        require_line(self.sector, "sector", SECTOR_CHARACTERS_MAX)
        _require_area(self.area)
        require_instant(self.begins, "begins")
        require_instant(self.ends, "ends")
        if not self.begins < self.ends:
            raise Malformed("instant.order", "The watch ends before it begins.", field="ends")
        if self.ends - self.begins > WATCH_MS_MAX:
            raise Malformed("coverage.long", "A watch is said for at most {days} days at a time.",
                            days=WATCH_MS_MAX // 86_400_000, field="ends")
        if self.note is not None:
            require_text(self.note, "note", NOTE_CHARACTERS_MAX)


class Seen(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sighting of a batch: what, as words and as an APP-6 code; where, and how exactly; when (UTC ms).

    ``track`` is the name under which members speak of one thing that moves; ``external_id`` what the sighting is
    called where it was imported from.
    """

    what: str
    sidc: str | None
    place: Position
    seen_at: int
    track: str | None
    external_id: str | None


class Sighting(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was seen: a batch of one means and one grade; the words are in the language of the title.

    It begins a thread, or takes the place of its author's earlier batch there; then it may be empty: taken back.
    """

    title: Text
    means: Means
    source_reliability: Reliability
    information_credibility: Credibility
    sightings: tuple[Seen, ...]

    def check(self) -> None:
        """Hold what the types cannot say. Reads own fields only.

        Raises:
            Malformed: ``sighting.line`` names the first sighting at fault, by its number, and why.
        """
        require_text(self.title, "title", TITLE_CHARACTERS_MAX)
        if len(self.sightings) > SIGHTINGS_MAX:
            raise Malformed("sighting.many", "A batch has at most {limit} sightings, not {count}.",
                            limit=SIGHTINGS_MAX, count=len(self.sightings), field="sightings")
        for number, seen in enumerate(self.sightings, 1):
            try:
                require_seen(seen)
            except TansiqError as error:
                raise at_line(number, error) from error


def require_seen(seen: Seen) -> None:
    """Refuse a sighting that no batch can hold.

    Raises:
        Malformed: ``field`` names the field of the sighting.
    """
    require_line(seen.what, "what", WHAT_CHARACTERS_MAX)
    require_position(seen.place, "place")
    require_instant(seen.seen_at, "seen_at")
    require_line(seen.track, "track", TRACK_CHARACTERS_MAX)
    require_line(seen.external_id, "external_id", EXTERNAL_ID_CHARACTERS_MAX)
    if seen.sidc is not None and not _SIDC.fullmatch(seen.sidc):
        raise Malformed("sighting.sidc", "{given} is no APP-6 code: it has 15 letters and dashes, or 20 or 30 digits.",
                        given=repr(seen.sidc[:40]), field="sidc")


def at_line(number: int, error: TansiqError) -> Malformed:
    """Say which sighting of a batch an error is about."""
    return Malformed("sighting.line", "{why} It is sighting {number} of the batch.", number=number, why=error,
                     field="sightings")


def _require_area(area: Place) -> None:
    try:
        require_place(area)
    except Malformed as error:
        raise Malformed(error.code, error.sentence, **{**error.fields, "field": "area"}) from error


COVERAGE = Kind("coverage", 1, NUMBER, Coverage, "Coverage")
SIGHTING = Kind("sighting", 1, NUMBER, Sighting, "Sighting")
