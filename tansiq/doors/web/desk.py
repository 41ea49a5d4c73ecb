"""What desks show of their own: their views, the layers of the map. How it looks is the desk's template."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from tansiq.doors.web.pages import HEADERS
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere


@get("/desks/{name:str}/{view:str}", sync_to_thread=True)
def view(request: Asked, pages: PagesHere, officer: OfficerHere, *, name: FromPath[str],
         view: FromPath[str]) -> Response[str]:
    """One view of a desk, drawn with the desk's own template."""
    shape = pages.floor.view(name, view)
    params = {key: value for key, value in request.query_params.items() if key in shape.takes}
    it = shape.show(pages.floor.look(officer, params, people=True))
    return pages.page(request, "view.html", desk=pages.floor.desk(name), view=shape, it=it, params=params,
                      part=f"{name}/{shape.template}")


@get("/map/layers/{name:str}/{layer:str}", sync_to_thread=True)
def layer(request: Asked, pages: PagesHere, officer: OfficerHere, *, name: FromPath[str],
          layer: FromPath[str]) -> Response[dict[str, Any]]:
    """One layer of the map as GeoJSON; properties are those of ``tansiq.cell.views.Feature``."""
    found = pages.floor.features(officer, name, layer, dict(request.query_params))
    features = []
    for one in found:
        properties = msgspec.to_builtins(one)
        features.append({"type": "Feature", "geometry": properties.pop("geometry"), "properties": properties})
    return Response({"type": "FeatureCollection", "features": features},
                    headers={"Cache-Control": HEADERS["Cache-Control"]}, media_type="application/json")


HANDLERS: tuple[Any, ...] = (view, layer)
