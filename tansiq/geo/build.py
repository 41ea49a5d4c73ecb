"""Turn the TopoJSON of npm world-atlas into a borders file: ``python -m tansiq.geo.build SRC DST``.

It runs when the wheel is built. The output holds polygons that are cut and mended already, or, where DST ends in
``.json``, GeoJSON: the form in which a charter names its own borders.
TopoJSON: https://github.com/topojson/topojson-specification (delta-coded, quantised arcs; ``~i`` is arc i reversed).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from tansiq.errors import Malformed
from tansiq.geo.borders import PIECES, cut_borders, write_pieces
from tansiq.geo.names import UNASSIGNED, code_of_number

Ring = list[tuple[float, float]]


def build(source: Path, target: Path) -> int:
    """Write the countries of a TopoJSON file with ISO 3166 codes, and return how many there are.

    Raises:
        Malformed: the source is not the TopoJSON of countries.
    """
    try:
        topology = msgspec.json.decode(source.read_bytes())
        arcs = _arcs(topology)
        features = [_feature(country, arcs) for country in topology["objects"]["countries"]["geometries"]]
    except (msgspec.DecodeError, KeyError, TypeError, IndexError) as fault:
        raise Malformed("borders.topology", "{name} is no TopoJSON of countries.", name=source.name) from fault
    target.parent.mkdir(parents=True, exist_ok=True)
    data = msgspec.json.encode({"type": "FeatureCollection", "features": features})
    if target.suffix == PIECES:
        write_pieces(target, *cut_borders(data, source.name))
    else:
        target.write_bytes(data)
    return len(features)


def _arcs(topology: dict[str, Any]) -> list[Ring]:
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[Ring] = []
    for steps in topology["arcs"]:
        x = y = 0
        arc: Ring = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((round(x * scale_x + left, 6), round(y * scale_y + bottom, 6)))
        arcs.append(arc)
    return arcs


def _feature(country: dict[str, Any], arcs: Sequence[Ring]) -> dict[str, Any]:
    polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    drawn = [[_ring(indices, arcs) for indices in polygon] for polygon in polygons]
    # Rounding to the grid shrinks the smallest islands and lakes to less than a triangle.
    rings = [[ring for ring in polygon if len(ring) > 3] for polygon in drawn if len(polygon[0]) > 3]
    code = code_of_number(country["id"]) if "id" in country else UNASSIGNED
    return {
        "type": "Feature",
        "properties": {"territory": code, "name": country["properties"]["name"]},
        "geometry": {"type": "MultiPolygon", "coordinates": rings},
    }


def _ring(indices: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]))
