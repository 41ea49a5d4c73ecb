"""Files that browsers load, and the names that stand on the map."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from tansiq.doors.filters import parse_box
from tansiq.doors.gate import ANYONE
from tansiq.doors.web.pages import Pages
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere
from tansiq.errors import Malformed
from tansiq.geo import Territories, territory_name
from tansiq.geo.grid import grid, require_box
from tansiq.geo.towns import town_name, towns

LASTING = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"
KEPT_A_WHILE = {"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"}


@get("/static/{name:path}", role=ANYONE, sync_to_thread=True)
def static(request: Asked, pages: PagesHere, name: FromPath[str]) -> Response[bytes]:
    """A built file; what has a hash in its name is kept by browsers for ever."""
    gzipped = "gzip" in request.headers.get("accept-encoding", "")
    served = pages.assets.file(name, gzipped)
    headers = {"Cache-Control": LASTING if served.lasting else ASKED_AGAIN, "Vary": "Accept-Encoding",
               "X-Content-Type-Options": "nosniff"}
    if served.gzipped:
        headers["Content-Encoding"] = "gzip"
    return Response(served.body, media_type=served.media_type, headers=headers)


@get("/map/names/{lang:str}", role=ANYONE, sync_to_thread=True)
def names(pages: PagesHere, lang: FromPath[str]) -> Response[dict[str, Any]]:
    """Names in a working language: of countries by ISO 3166 number, and of towns as GeoJSON points."""
    if lang not in pages.floor.charter.languages:
        raise Malformed("address.unknown", "There is nothing at this address.")
    return Response({"countries": _countries(pages, lang), "towns": _towns(lang)}, media_type="application/json",
                    headers=KEPT_A_WHILE)


@get("/map/grid", role=ANYONE, sync_to_thread=True)
def squares(box: FromQuery[str]) -> Response[dict[str, Any]]:
    """The military grid over a part of the map, *box* being ``W,S,E,N`` in degrees, as GeoJSON."""
    asked = parse_box(box)
    require_box(asked)
    return Response(grid(asked), media_type="application/json", headers=KEPT_A_WHILE)


@get("/map/borders", sync_to_thread=True)
def own_borders(pages: PagesHere, officer: OfficerHere) -> Response[dict[str, Any]]:
    """The charter's own borders as GeoJSON lines; where it names no file there are none, and the built-in ones serve."""
    charter = pages.floor.charter
    lines: Any = () if charter.borders.file is None else _lines(pages.floor.look(officer).territories(charter))
    return Response({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}} for line in lines]},
        media_type="application/json", headers={**KEPT_A_WHILE, "Cache-Control": "private, max-age=3600"})


@lru_cache(maxsize=4)
def _lines(territories: Territories) -> list[list[tuple[float, float]]]:
    return territories.lines()


@lru_cache(maxsize=16)
def _countries(pages: Pages, lang: str) -> dict[str, str]:
    numbers = [feature["properties"]["code"] for feature in pages.assets.json("names.json")["features"]]
    return {number: name for number in numbers if (name := territory_name(number, lang)) != number}


@lru_cache(maxsize=16)
def _towns(lang: str) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": town_name(town.zone, lang)},
         "geometry": {"type": "Point", "coordinates": [round(town.lon, 3), round(town.lat, 3)]}} for town in towns()]}


HANDLERS: tuple[Any, ...] = (static, names, squares, own_borders)
