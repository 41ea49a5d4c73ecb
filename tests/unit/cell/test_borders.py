"""A charter's own borders: known by their bytes, refused where these are others."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from tansiq.cell.borders import FOLDER, BordersFolder, built_in, lay_borders
from tansiq.charter import Charter, parse_charter
from tansiq.errors import Malformed, Unavailable, Untrusted
from tansiq.geo import Point, Territories
from tests.unit.charter.conftest import SMALL

SQUARE: dict[str, Any] = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"territory": "AAA"},
     "geometry": {"type": "Polygon", "coordinates": [[[44, 33], [45, 33], [45, 34], [44, 34], [44, 33]]]}}]}
INSIDE = Point(at=(335_000_000, 445_000_000))


def drawn(folder: Path, *, sha256: str | None = None) -> Charter:
    """A charter whose borders are one square, and the file beside it."""
    data = json.dumps(SQUARE).encode()
    (folder / "square.json").write_bytes(data)
    digest = sha256 or hashlib.sha256(data).hexdigest()
    return parse_charter(SMALL.replace("[borders]", f'[borders]\nfile = "square.json"\nsha256 = "{digest}"'))


def test_a_charters_own_file_is_laid_and_used(tmp_path: Path) -> None:
    """The file beside the charter is laid into the centre, loaded once, and answers for its territories."""
    charter, centre = drawn(tmp_path), tmp_path / "centre"
    centre.mkdir()
    lay_borders(charter, tmp_path, centre)
    locate = BordersFolder(centre / FOLDER)
    assert locate(charter).within(INSIDE, 0) == ("AAA",)
    assert locate(charter) is locate(charter)


def test_borders_are_drawn_as_lines_that_neighbours_share(tmp_path: Path) -> None:
    """Two squares side by side give their outlines with one line between them; where a polygon was cut, there is
    none."""
    ring = [[45, 33], [46, 33], *([46 - n / 400, 34] for n in range(400)), [45, 34], [45, 33]]
    square = SQUARE["features"][0]
    other = {**square, "properties": {"territory": "BBB"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (tmp_path / "two.json").write_text(json.dumps({"type": "FeatureCollection", "features": [square, other]}))
    lines = Territories.load(tmp_path / "two.json").lines()
    sides = [tuple(sorted(pair)) for line in lines for pair in itertools.pairwise(line)]
    assert len(sides) == len(set(sides)) == 7
    assert sides.count(((45.0, 33.0), (45.0, 34.0))) == 1
    assert all({x for x, _ in pair} <= {44, 45, 46} and {y for _, y in pair} <= {33, 34} for pair in sides)


def test_another_file_of_that_name_is_refused(tmp_path: Path) -> None:
    """Other bytes, no file, and a program without the folder: refused, never the built-in borders instead."""
    charter = drawn(tmp_path, sha256="0" * 64)
    with pytest.raises(Untrusted, match="hash is another"):
        BordersFolder(tmp_path)(charter)
    with pytest.raises(Untrusted):
        lay_borders(charter, tmp_path, tmp_path / "centre")
    for locate in (BordersFolder(tmp_path / "elsewhere"), built_in):
        with pytest.raises(Unavailable) as missing:
            locate(charter)
        assert missing.value.code == "borders.missing"


def test_nothing_is_laid_where_the_charter_names_no_file(small: Charter, tmp_path: Path) -> None:
    """The built-in borders need no folder."""
    lay_borders(small, tmp_path, tmp_path)
    assert not (tmp_path / FOLDER).exists()


@pytest.mark.parametrize(("lines", "code"), [
    ('file = "a.json"', "charter.borders"), (f'sha256 = "{"0" * 64}"', "charter.borders"),
    (f'file = "../a.json"\nsha256 = "{"0" * 64}"', "charter.value"),
    ('file = "a.json"\nsha256 = "abc"', "charter.value"),
])
def test_a_borders_file_is_named_plainly_and_with_its_hash(lines: str, code: str) -> None:
    """A file without its hash, a hash without a file, a path and half a hash are refused."""
    with pytest.raises(Malformed) as refused:
        parse_charter(SMALL.replace("[borders]", f"[borders]\n{lines}"))
    assert refused.value.code == code


@pytest.fixture
def small() -> Charter:
    """A charter without a borders file."""
    return parse_charter(SMALL)
