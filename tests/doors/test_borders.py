"""The charter's own borders on the map: its lines, and the name of its file beside them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from tansiq import run
from tansiq.desks import DESKS
from tansiq.doors.gate import SESSION_COOKIE
from tansiq.doors.web.assets import FOLDER
from tests.house.reading import ROOT

LAND = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"territory": code}, "geometry": {"type": "Polygon", "coordinates": [
        [[west, 29], [west + 9, 29], [west + 9, 38], [west, 38], [west, 29]]]}}
    for code, west in (("SYR", 31), ("IRQ", 40), ("IRN", 49))]}


def asked(folder: Path, *, own: bool) -> tuple[Any, str]:
    """What ``/map/borders`` and the first page answer in a centre with or without a file of its own."""
    if not (FOLDER / "manifest.json").is_file():
        pytest.skip("the pages are not built (script/bootstrap)")
    text, data = (ROOT / "charters/baghdad.toml").read_text("utf-8"), json.dumps(LAND).encode()
    (folder / "agreed.geojson").write_bytes(data)
    named = f'[borders]\nfile = "agreed.geojson"\nsha256 = "{hashlib.sha256(data).hexdigest()}"'
    run.found(text.replace("[borders]", named) if own else text, folder / "centre", beside=folder)
    centre = run.open_centre(folder / "centre")
    offices = run.open_offices(centre)
    with TestClient(run.application(centre, DESKS, offices), base_url="http://127.0.0.1:8400") as client:
        client.cookies.set(SESSION_COOKIE, offices["IQ"].sessions.begin("IQ-reader", "password"))
        answers = client.get("/map/borders").json(), client.get("/").text
    for office in offices.values():
        office.close()
    centre.stop()
    return answers


def test_the_charters_lines_are_given_and_named(tmp_path: Path) -> None:
    """Where the charter names a file the map gets its lines, each once, and the page says whose they are."""
    lines, page = asked(tmp_path, own=True)
    corners = [corner for one in lines["features"] for corner in one["geometry"]["coordinates"]]
    assert {tuple(corner) for corner in corners} == {(x, y) for x in (31, 40, 49, 58) for y in (29, 38)}
    assert 'data-own-borders="/map/borders"' in page and "agreed.geojson" in page


def test_without_a_file_nothing_is_said_of_one(tmp_path: Path) -> None:
    """The built-in borders are nobody's: no line of theirs is called the charter's."""
    lines, page = asked(tmp_path, own=False)
    assert lines["features"] == [] and "data-own-borders" not in page
