"""Places as people type them: a position, a circle, a line or a polygon, in the words of four languages.

    33.3152 44.3661                              a point
    circle 33.3152 44.3661; 5 km                 everything within a distance of a position
    line 33.1 44.2; 33.4 44.9; 33.6 45.1         positions are set apart by semicolons or line breaks
    polygon 33 44; 33 45; 34 45; 34 44
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from tansiq.errors import Malformed
from tansiq.geo.coordinates import SCALE, parse_position, write_degrees
from tansiq.geo.geometry import CORNERS_MAX, Circle, Line, Place, Point, Polygon, require_place, shape
from tansiq.languages.digits import to_latin

TEXT_MAX = 40_000
_FORMS = {
    "circle": ("circle", "دائرة", "دایره", "круг", "окружность"),
    "line": ("line", "خط", "линия"),
    "polygon": ("polygon", "area", "مضلع", "منطقة", "چندضلعی", "محدوده", "полигон", "многоугольник", "район"),
}
_METRES = {
    "m": 1, "м": 1, "م": 1, "متر": 1, "km": 1_000, "км": 1_000, "كم": 1_000, "کیلومتر": 1_000, "كيلومتر": 1_000,
    "nm": 1_852,
}  # fmt: skip
_WORD = re.compile(r"\s*([^\W\d_]{3,})\s*:?\s*(.*)\Z", re.DOTALL)
_PARTS = re.compile(r"[;؛\n\r]+")
_RADIUS = re.compile(r"(\d{1,7}(?:[.,]\d{1,3})?)\s*([^\W\d_]{1,9})")


def parse_place(text: str) -> Place:
    """Read a place and hold that it is a clear shape on Earth.

    Raises:
        Malformed: ``place.…``, one sentence that names the part at fault; ``field`` is ``place``.
    """
    if len(text) > TEXT_MAX:
        raise Malformed("place.text", "A place has at most {most} characters.", most=TEXT_MAX, field="place")
    form, rest = _form(text)
    parts = [part for part in _PARTS.split(rest) if part.strip()]
    if len(parts) > CORNERS_MAX:
        raise Malformed("place.corners", "{count} corners are too many; at most {most}.", count=len(parts),
                        most=CORNERS_MAX, field="place")
    if form is None and len(parts) > 1:
        raise Malformed("place.form", "Several positions: write line, polygon or circle before them.", field="place")
    place = _circle(parts) if form == "circle" else _of(form, tuple(parse_position(part) for part in parts or [""]))
    require_place(place)
    return place


def write_place(place: Place) -> str:
    """Write a place so that ``parse_place`` reads the same again; positions in decimal degrees."""
    match place:
        case Point():
            return write_degrees(*place.at)
        case Circle():
            return f"circle {write_degrees(*place.centre)}; {place.radius_m} m"
        case Line():
            return "line " + "; ".join(write_degrees(*at) for at in place.through)
        case Polygon():
            return "polygon " + "; ".join(write_degrees(*at) for at in place.corners)


def geojson(place: Place) -> dict[str, Any]:
    """Draw a place as a GeoJSON geometry (RFC 7946); a circle becomes 64 corners that lie around it."""
    drawn = shape(place)
    if isinstance(place, Point):
        return {"type": "Point", "coordinates": [place.at[1] / SCALE, place.at[0] / SCALE]}
    ring = [[round(x, 7), round(y, 7)] for x, y in
            (drawn.coords if isinstance(place, Line) else drawn.exterior.coords)]
    return {"type": "LineString", "coordinates": ring} if isinstance(place, Line) else {
        "type": "Polygon", "coordinates": [ring]}


def _form(text: str) -> tuple[str | None, str]:
    found = _WORD.match(text)
    if found is None:
        return None, text
    word = found.group(1).casefold()
    form = next((name for name, words in _FORMS.items() if word in words), None)
    return (None, text) if form is None else (form, found.group(2))


def _of(form: str | None, positions: tuple[tuple[int, int], ...]) -> Place:
    if form == "line":
        return Line(positions)
    return Polygon(positions) if form == "polygon" else Point(positions[0])


def _circle(parts: list[str]) -> Circle:
    if len(parts) != 2:
        raise Malformed("place.circle", "A circle is a position, a semicolon and a distance such as 5 km.",
                        field="place")
    found = _RADIUS.fullmatch(to_latin(parts[1].strip()).casefold().replace("٫", "."))
    metres = _METRES.get(found.group(2)) if found else None
    if found is None or metres is None:
        raise Malformed("place.distance", "{given} is no distance: write it as 500 m or 5 km.",
                        given=repr(parts[1].strip()[:40]), field="place")
    return Circle(parse_position(parts[0]), int(Decimal(found.group(1).replace(",", ".")) * metres))
