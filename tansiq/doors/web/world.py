"""Files that browsers load, and the names that stand on the map."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from tansiq.doors.web.pages import Pages
from tansiq.doors.web.request import Asked, PagesHere
from tansiq.errors import Malformed
from tansiq.geo import territory_name

LASTING = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"


@get("/static/{name:path}", sync_to_thread=True)
def static(request: Asked, pages: PagesHere, name: FromPath[str]) -> Response[bytes]:
    """A built file; what has a hash in its name is kept by browsers for ever."""
    gzipped = "gzip" in request.headers.get("accept-encoding", "")
    served = pages.assets.file(name, gzipped)
    headers = {"Cache-Control": LASTING if served.lasting else ASKED_AGAIN, "Vary": "Accept-Encoding",
               "X-Content-Type-Options": "nosniff"}
    if served.gzipped:
        headers["Content-Encoding"] = "gzip"
    return Response(served.body, media_type=served.media_type, headers=headers)


@get("/map/names/{lang:str}", sync_to_thread=True)
def names(pages: PagesHere, lang: FromPath[str]) -> Response[dict[str, str]]:
    """Names of countries by ISO 3166 number, in a working language."""
    if lang not in pages.floor.charter.languages:
        raise Malformed("address.unknown", "There is nothing at this address.")
    return Response(_names(pages, lang), media_type="application/json",
                    headers={"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"})


@lru_cache(maxsize=16)
def _names(pages: Pages, lang: str) -> dict[str, str]:
    numbers = [feature["properties"]["code"] for feature in pages.assets.json("names.json")["features"]]
    return {number: name for number in numbers if (name := territory_name(number, lang)) != number}


HANDLERS: tuple[Any, ...] = (static, names)
