"""What is said on the protection desk: sites that must be spared, and who has taken note of them.

A site's footprint is coarse and common to all members; its exact place goes, apart, to whom its author chooses.
No field says what a site is worth: there is nothing to sort by.
"""

from __future__ import annotations

from typing import Literal, get_args

from tansiq.acts import Act, Kind, Text
from tansiq.desks.holding import require_instant, require_line, require_text
from tansiq.errors import Malformed
from tansiq.geo import Circle, Place, Polygon, require_place
from tansiq.wire import parse_hash

NUMBER = 5
NAME_CHARACTERS_MAX = 200
NAMES_MAX = 8
REASON_CHARACTERS_MAX = 2_000
TEXT_CHARACTERS_MAX = 4_000
SOURCE_CHARACTERS_MAX = 500
EXTERNAL_ID_CHARACTERS_MAX = 100
FOOTPRINT_M_MIN = 100

Category = Literal["hospital", "school", "worship", "heritage", "camp", "aid", "water", "power", "mission", "airport",
                   "crossing", "other"]
CATEGORIES: tuple[Category, ...] = get_args(Category)


class _Told(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told of a site; a change tells it again, whole."""

    category: Category
    names: tuple[Text, ...]
    footprint: Place
    valid_from: int
    valid_until: int | None
    source: str | None

    def check(self) -> None:
        """Hold what the types cannot say. Reads own fields only.

        Raises:
            Malformed: no name, a footprint that is no area, a time that ends before it begins.
        """
        _require_names(self.names)
        _require_footprint(self.footprint)
        require_instant(self.valid_from, "valid_from")
        if self.valid_until is not None:
            require_instant(self.valid_until, "valid_until")
            if self.valid_until < self.valid_from:
                raise Malformed("instant.order", "{field} lies before the beginning.", field="valid_until")
        require_line(self.source, "source", SOURCE_CHARACTERS_MAX)


class Site(_Told, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site that must be spared, from when until when (UTC ms; None: until told otherwise).

    ``footprint`` is an area around it, as coarse as its author wants all members to know it. ``external_id`` names it
    where it was imported from, unique for an author.
    """

    external_id: str | None

    def check(self) -> None:
        """As of what is told, and the external id."""
        _Told.check(self)
        require_line(self.external_id, "external_id", EXTERNAL_ID_CHARACTERS_MAX)


class SiteChange(_Told, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A site told again, whole, by its author: it moved, was renamed, or ends. It refers to the site."""

    reason: Text

    def check(self) -> None:
        """As of what is told, and the reason."""
        _Told.check(self)
        require_text(self.reason, "reason", REASON_CHARACTERS_MAX)


class SiteDetail(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The exact place of a site (``site`` is its act's id), for whom its author chooses, and what they should know."""

    site: str
    place: Place
    text: Text | None

    def check(self) -> None:
        """Hold the place on Earth and the text within its length.

        Raises:
            Malformed: ``field`` names what is at fault.
        """
        _require_id(self.site)
        require_place(self.place)
        if self.text is not None:
            require_text(self.text, "text", TEXT_CHARACTERS_MAX)


class Acknowledgement(Act, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member has taken note of a site, as it was told last."""

    note: Text | None

    def check(self) -> None:
        """Hold the note within its length."""
        if self.note is not None:
            require_text(self.note, "note", REASON_CHARACTERS_MAX)


SITE = Kind("site", 1, NUMBER, Site, "Protected site")
SITE_CHANGE = Kind("site_change", 1, NUMBER, SiteChange, "Change of a site")
SITE_DETAIL = Kind("site_detail", 1, NUMBER, SiteDetail, "Exact place of a site")
ACKNOWLEDGEMENT = Kind("acknowledgement", 1, NUMBER, Acknowledgement, "Acknowledgement")


def read_names(text: str, field: str) -> list[dict[str, str]]:
    """Read names one on a line, each with its language: ``ar: مستشفى``; a line without a name is left out.

    Raises:
        Malformed: ``site.names``.
    """
    names = []
    for line in text.splitlines():
        lang, colon, name = line.partition(":")
        if line.strip() and not colon:
            raise Malformed("site.names", "Write one name on a line, its language before it: en: General hospital.",
                            field=field)
        if name.strip():
            names.append({"lang": lang.strip().lower(), "text": name.strip()})
    return names


def write_names(names: list[dict[str, str]]) -> str:
    """Write names so that ``read_names`` reads the same again."""
    return "\n".join(f"{name['lang']}: {name['text']}" for name in names)


def _require_names(names: tuple[Text, ...]) -> None:
    if not 1 <= len(names) <= NAMES_MAX or len({name.lang for name in names}) != len(names):
        raise Malformed("site.names.count", "A site has 1 to {limit} names, each in another language.", limit=NAMES_MAX,
                        field="names")
    for name in names:
        require_text(name, "names", NAME_CHARACTERS_MAX)
        require_line(name.text, "names", NAME_CHARACTERS_MAX)


def _require_footprint(footprint: Place) -> None:
    require_place(footprint)
    if not isinstance(footprint, Circle | Polygon):
        raise Malformed("site.footprint", "A footprint is an area: write a circle or a polygon.", field="footprint")
    if isinstance(footprint, Circle) and footprint.radius_m < FOOTPRINT_M_MIN:
        raise Malformed("site.footprint.small", "A footprint has a radius of at least {least} m.",
                        least=FOOTPRINT_M_MIN, field="footprint")


def _require_id(given: str) -> None:
    try:
        parse_hash(given)
    except Malformed as error:
        raise Malformed("site.id", "{given} is no id of an act: it has 64 hexadecimal digits.", given=repr(given[:80]),
                        field="site") from error
