"""Protected sites come from a table by a mapping: the shared collection where it is, and hospitals made up here."""

from __future__ import annotations

import csv
import os
import random
from pathlib import Path

import pytest

from tansiq.desks import protection
from tansiq.desks.importing import BadRow, Row, read_rows
from tansiq.desks.mapping import parse_mapping
from tests.house.reading import ROOT

MAPPING = ROOT / "docs/guides/integrator/sites.toml"
SHARED = Path(os.environ.get("TANSIQ_TEST_DATA", ROOT.parent / "shared/data")) / "sites/sites.csv"
COLUMNS = ("category", "name", "name_ar", "lat", "lon", "country", "source", "source_id", "licence", "extra")


def rows(path: Path) -> list[Row | BadRow]:
    """What the mapping makes of a file."""
    return list(read_rows(path, parse_mapping(MAPPING.read_text("utf-8")), protection.DESK))


def test_hospitals_are_read_from_a_table(tmp_path: Path) -> None:
    """Fifty made-up hospitals, one in a sea of rows on no Earth: each a site with two names and a coarse footprint."""
    chance, path = random.Random(5), tmp_path / "hospitals.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n in range(50):
            writer.writerow(["hospital", f"Made-up hospital {n}", f"مستشفى {n}", f"{30 + 7 * chance.random():.5f}",
                             f"{39 + 9 * chance.random():.5f}", "", "made up", f"h-{n}", "", ""])
        writer.writerow(["hospital", "Nowhere", "", "95", "40", "", "made up", "h-50", "", ""])
        writer.writerow(["casino", "Not a site", "", "33", "44", "", "made up", "h-51", "", ""])
    found = rows(path)
    good = [row for row in found if isinstance(row, Row)]
    assert len(good) == 50 and len({row.external_id for row in good}) == 50
    bad = [row for row in found if isinstance(row, BadRow)]
    assert [(row.line, row.column) for row in bad] == [(52, "footprint"), (53, "category")]
    first = good[0].fields
    assert [name["lang"] for name in first["names"]] == ["en", "ar"] and first["category"] == "hospital"
    assert first["footprint"]["radius_m"] == 2_000 and first["footprint"]["form"] == "circle"


def test_the_shared_collection_is_read_whole() -> None:
    """All 260 sites are taken: six kinds, each with a name; one without an Arabic name has one name."""
    if not SHARED.is_file():
        pytest.skip(f"no shared data at {SHARED}")
    found = rows(SHARED)
    assert not [row for row in found if isinstance(row, BadRow)]
    good = [row for row in found if isinstance(row, Row)]
    assert len(good) == 260 and len({row.external_id for row in good}) == 260
    assert {row.fields["category"] for row in good} == {"heritage", "water", "power", "mission", "crossing", "airport"}
    assert {len(row.fields["names"]) for row in good} <= {1, 2}
    assert {row.fields["footprint"]["radius_m"] for row in good} == {2_000}
