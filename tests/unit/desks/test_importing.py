"""Files are read row by row: a bad row is told with its line, a bad file refused whole, and nothing is doubled."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tansiq.desks import intelligence
from tansiq.desks.importing import LINE_CHARACTERS_MAX, BadRow, Doubled, Row, fresh, read_rows
from tansiq.desks.mapping import Mapping, parse_mapping
from tansiq.errors import Malformed
from tests import trial_desk
from tests.unit.registers.making import entry, folded, report

ROOT = Path(__file__).parents[3]
GUIDES = ROOT / "docs" / "guides" / "integrator"
POINTS = parse_mapping((GUIDES / "points.toml").read_text("utf-8"))
DATA = Path(os.environ.get("TANSIQ_TEST_DATA", ROOT.parent / "shared" / "data"))
HEADER = "external_id,title,text,occurred_from,occurred_until,lat,lon"
GOOD = "{id},Convoy,Eleven lorries,2015-10-07T09:30Z,2015-10-07T10:00Z,33.3152,44.3661"
DEFAULTS = {"lang": "en"}


def csv_file(path: Path, *lines: str | bytes, header: str = HEADER) -> Path:
    """A CSV file of these lines."""
    file = path / "rows.csv"
    file.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in (header, *lines)))
    return file


def geojson_file(path: Path, features: Sequence[object], **changes: Any) -> Path:
    """A GeoJSON file of these features."""
    file = path / "points.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features, **changes}), "utf-8")
    return file


def point(number: int, **changes: Any) -> dict[str, Any]:
    """One feature over Baghdad."""
    properties = {"name": f"Point {number}", "note": "Seen", "seen": "2015-10-07T09:30:00+03:00", "count": number}
    return {"type": "Feature", "id": number, "properties": properties,
            "geometry": {"type": "Point", "coordinates": [44.3661, 33.3152]}, **changes}


def read(file: Path, mapping: Mapping | None = None) -> list[Row | BadRow]:
    """All rows of a file of reports."""
    return list(read_rows(file, mapping, intelligence.DESK, defaults=DEFAULTS))


def test_columns_named_as_fields_need_no_mapping(tmp_path: Path) -> None:
    """Line numbers are those of the file, also below cells of several lines and empty lines."""
    rows = read(csv_file(tmp_path, GOOD.format(id="a"), "", GOOD.format(id="b").replace("Eleven lorries", '"1\n2"'),
                         GOOD.format(id="c")))
    assert [(row.line, row.external_id) for row in rows if isinstance(row, Row)] == [(2, "a"), (4, "b"), (6, "c")]
    assert isinstance(rows[0], Row)
    assert rows[0].fields["place"] == {"lat": 333_152_000, "lon": 443_661_000, "accuracy_m": None}


@pytest.mark.parametrize("bad, column", [
    ("x,Convoy,Text,yesterday,2015-10-07T10:00Z,33,44", "occurred_from"),
    ("x,,Text,2015-10-07T09:30Z,2015-10-07T10:00Z,33,44", "title"),
    ("x,Convoy,Text,2015-10-07T09:30Z,2015-10-07T10:00Z,NaN,44", "place"),
    ("x,Convoy,Text,2015-10-07T09:30Z,2015-10-07T10:00Z,33,", "place"),
    ("x,Convoy,Text,2015-10-07T09:30Z,2015-10-07T10:00Z,133,44", "place"),
    ("x,Con\u202evoy,Text,2015-10-07T09:30Z,2015-10-07T10:00Z,33,44", "title"),
    (f"x,{'y' * 5_000},Text,2015-10-07T09:30Z,2015-10-07T10:00Z,33,44", "title"),
    ("x,Convoy,Text", None), (GOOD + ",more,cells", None), (b"x,Convoy\0,Text,2015,2015,33,44", None),
    (b"x,Convoy\xff\xfe,Text,2015,2015,33,44", None), ('x,"Con"voy,Text,2015,2015,33,44', None),
    (f"x,{'y' * 200_000},Text,2015,2015,33,44", None), ("z" * (LINE_CHARACTERS_MAX + 5), None),
])
def test_a_bad_row_is_told_and_the_next_is_read(tmp_path: Path, bad: str | bytes, column: str | None) -> None:
    """Each kind of bad row costs itself alone: its line and one sentence."""
    rows = read(csv_file(tmp_path, GOOD.format(id="a"), bad, GOOD.format(id="b")))
    assert [type(row) for row in rows] == [Row, BadRow, Row]
    told = rows[1]
    assert isinstance(told, BadRow)
    assert (told.line, told.column) == (3, column) and told.reason.endswith(".") and len(told.reason) < 400


@pytest.mark.parametrize("data, code", [
    (b"", "import.empty"), (b"title,title,text\na,b,c", "import.doubled"), (b"colour,size\n1,2", "import.columns"),
    (b"ti\xfftle,text\n1,2", "import.header"), (b"title\0,text\n1,2", "import.header"),
    (b"x" * (LINE_CHARACTERS_MAX + 9), "import.header"), (b'"title"x,text\n1,2', "import.header"),
])
def test_a_bad_file_is_refused_whole(tmp_path: Path, data: bytes, code: str) -> None:
    """What spoils every row is said once, before any row is read."""
    (tmp_path / "rows.csv").write_bytes(data)
    with pytest.raises(Malformed) as refused:
        read(tmp_path / "rows.csv")
    assert refused.value.code == code


def test_a_file_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    """Neither a missing file nor a folder is an accident of the program."""
    for name in ("none.csv", "none.geojson"):
        with pytest.raises(Malformed):
            read(tmp_path / name)
    with pytest.raises(Malformed):
        read(tmp_path)


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    """Spreadsheets write one."""
    assert isinstance(read(csv_file(tmp_path, GOOD, header="\ufeff" + HEADER))[0], Row)


def test_points_are_read_with_the_example_mapping(tmp_path: Path) -> None:
    """Features are numbered from 1; numbers and null become text; the longitude stands first in GeoJSON."""
    rows = read(geojson_file(tmp_path, [point(1), point(2, properties={"name": "P", "seen": "2015-10-07T09:30Z"})]),
                POINTS)
    assert [(type(row), row.line) for row in rows] == [(Row, 1), (Row, 2)]
    assert isinstance(rows[1], Row)
    assert (rows[1].external_id, rows[1].fields["text"]["text"]) == ("2", "No text was given.")
    assert rows[1].fields["place"]["lat"] == 333_152_000


@pytest.mark.parametrize("feature", [
    7, None, {"type": "Point"}, point(2, properties=[1]), point(2, geometry={"type": "LineString", "coordinates": []}),
    point(2, geometry={"type": "Point", "coordinates": [1]}), point(2, geometry={"type": "Point", "coordinates": "ab"}),
    point(2, geometry={"type": "Point", "coordinates": [float("nan"), 33]}), point(2, geometry=None, properties={}),
    point(2, geometry={"type": "Point", "coordinates": [10**30, 33]}), point(2, properties={"name": "a\0"}),
    point(2, geometry={"type": "Point", "coordinates": [44, 133]}), point(2, properties={"name": "\ud800"}),
    point(2, properties={"name": "x" * 200_000}), point(2, geometry=[1, 2]),
])
def test_a_bad_feature_is_told_and_the_next_is_read(tmp_path: Path, feature: object) -> None:
    """NaN, shapes that are no points, and what is no feature cost themselves alone."""
    rows = read(geojson_file(tmp_path, [point(1), feature, point(3)]), POINTS)
    assert [(type(row), row.line) for row in rows] == [(Row, 1), (BadRow, 2), (Row, 3)]


@pytest.mark.parametrize("text, code", [
    ("", "import.empty"), ("{", "import.json"), ("[]", "import.geojson"), ('{"type":"Feature"}', "import.geojson"),
    ('{"type":"FeatureCollection","features":{}}', "import.geojson"), ("[" * 100_000, "import.json"),
    ('{"type":"FeatureCollection","type":"FeatureCollection","features":[]}', "import.json"),
    ('{"type":"FeatureCollection","features":[' + "9" * 5_000 + "]}", "import.json"),
])
def test_a_file_that_is_no_collection_is_refused(tmp_path: Path, text: str, code: str) -> None:
    """Broken JSON, doubled keys and other GeoJSON are refused whole."""
    (tmp_path / "points.geojson").write_text(text, "utf-8")
    with pytest.raises(Malformed) as refused:
        read(tmp_path / "points.geojson", POINTS)
    assert refused.value.code == code
    (tmp_path / "points.geojson").write_bytes(b'{"type":"\xff"}')
    with pytest.raises(Malformed, match="UTF-8"):
        read(tmp_path / "points.geojson", POINTS)


@pytest.mark.parametrize("toml, code", [
    ("desk = ", "mapping.toml"), ('desk="intelligence"\nkind="report"', "mapping.shape"),
    ('desk="intelligence"\nkind="report"\ncolour=1\n[fields]', "mapping.shape"),
    ('desk="intelligence"\nkind="report"\n[fields.title]\ncolumn="a"\nvalue="b"', "mapping.source"),
    ('desk="intelligence"\nkind="report"\n[fields.title]\nlatitude="a"', "mapping.source"),
    ('desk="intelligence"\nkind="report"\n[fields.title]', "mapping.source"),
    ('desk="intelligence"\nkind="report"\n[fields.title]\ntemplate="{a.b.__class__!r:>9}"', "mapping.template"),
    ('desk="intelligence"\nkind="report"\n[fields.title]\ntemplate="{"', "mapping.template"),
    ('desk="intelligence"\nkind="report"\n[fields.title]\ncolumn="a"\ntake=0', "mapping.split"),
    ('desk="intelligence"\nkind="report"\ndelimiter=";;"\n[fields]', "mapping.delimiter"),
    ('desk="intelligence"\nkind="report"\nzone="Mars/Olympus"\n[fields]', "instant.zone"),
])
def test_a_bad_mapping_is_refused(toml: str, code: str) -> None:
    """Each fault of a mapping is named; a template fills in columns and nothing else."""
    with pytest.raises(Malformed) as refused:
        parse_mapping(toml)
    assert refused.value.code == code


@pytest.mark.parametrize("toml, code", [
    ('desk="gauges"\nkind="report"\n[fields.title]\ncolumn="title"', "mapping.desk"),
    ('desk="intelligence"\nkind="recall"\n[fields.reason]\ncolumn="title"', "mapping.kind"),
    ('desk="intelligence"\nkind="report"\n[fields.colour]\ncolumn="title"', "mapping.field"),
    ('desk="intelligence"\nkind="report"\n[fields.title]\ncolumn="headline"', "import.column"),
    ('desk="intelligence"\nkind="report"\n[fields.title]\ntemplate="{headline}"', "import.column"),
])
def test_a_mapping_that_does_not_fit_is_refused(tmp_path: Path, toml: str, code: str) -> None:
    """Another desk, a kind that answers, a field or a column that is not there: said before any row is read."""
    with pytest.raises(Malformed) as refused:
        read(csv_file(tmp_path, GOOD), parse_mapping(toml))
    assert refused.value.code == code


def test_tables_parts_dates_and_templates_are_mapped(tmp_path: Path) -> None:
    """Values are translated, parts taken, days dated in their zone, columns joined; what has no place in a table is
    a bad row."""
    mapping = parse_mapping("""
        desk = "gauges"
        kind = "reading"
        zone = "Asia/Baghdad"
        delimiter = ";"
        fields.station = { column = "name", split = "/", take = 2 }
        fields.note = { template = "{name}: {level} cm" }
        fields.note_lang = { value = "en" }
        fields.level_cm = { column = "level", default = "0" }
        fields.measured_at = { column = "day", format = "%d.%m.%Y", end_of_day = true }
        fields.place = { latitude = "y", longitude = "x" }
        fields.trend = { column = "trend", values = { down = "1", up = "3" } }
    """)
    file = csv_file(tmp_path, "Tigris/Samarra;310;٠٧.10.2015;34.2;43.9;up", "Tigris/Samarra;;07.10.2015;34.2;43.9;",
                    "Tigris/Samarra;1;07.10.2015;34.2;43.9;sideways", "Tigris;1;32.10.2015;34.2;43.9;up",
                    "Tigris/Samarra;1;31.12.9999;34.2;43.9;up", header="name;level;day;y;x;trend")
    rows = list(read_rows(file, mapping, trial_desk.DESK))
    assert [type(row) for row in rows] == [Row, Row, BadRow, BadRow, BadRow]
    first, second = rows[0], rows[1]
    assert isinstance(first, Row) and isinstance(second, Row)
    assert first.fields == {
        "station": "Samarra", "note": {"lang": "en", "text": "Tigris/Samarra: 310 cm"}, "level_cm": 310,
        "measured_at": 1_444_251_599_999, "place": {"lat": 342_000_000, "lon": 439_000_000, "accuracy_m": None},
        "trend": 3, "marks": (), "about": None}
    assert (second.fields["level_cm"], second.fields["trend"]) == (0, 2)
    assert first.external_id.startswith("row-") and first.external_id != second.external_id


def test_a_second_import_doubles_nothing(tmp_path: Path) -> None:
    """What the register knows of this author, and what stood earlier in the file, is marked and left out."""
    registers = folded(tmp_path, entry(0, report(external_id="a"), report(external_id="b", author="IQ")))

    def known(ids: list[str]) -> frozenset[str]:
        found: frozenset[str] = registers.query("intelligence", "known_external_ids", author="IQ", ids=ids)
        return found

    rows = read(csv_file(tmp_path, *(GOOD.format(id=name) for name in "abccd"), "broken"))
    marked = list(fresh(rows, known))
    assert [type(row) for row in marked] == [Doubled, Doubled, Row, Doubled, Row, BadRow]
    other = registers.query("intelligence", "known_external_ids", author="RU", ids=["a"] * 1_200)
    assert other == frozenset()
    assert registers.query("intelligence", "by_external_id", author="IQ", external_id="a") is not None


def test_real_reports_are_read_whole() -> None:
    """All 1,482 rows of the open data set become reports: graded "cannot be judged", credited, dated in Baghdad."""
    file = DATA / "events" / "reports_iraq_2014_2015.csv"
    if not file.exists():
        pytest.skip("the open data set of events is not on this machine; TANSIQ_TEST_DATA names its folder")
    rows = read(file, parse_mapping((GUIDES / "ucdp-events.toml").read_text("utf-8")))
    assert len(rows) == 1_482 and all(isinstance(row, Row) for row in rows)
    first = rows[0]
    assert isinstance(first, Row) and first.external_id == "ucdp-114557"
    assert first.fields["occurred_from"] == 1_388_523_600_000
    assert first.fields["place"] == {"lat": 333_558_130, "lon": 437_861_240, "accuracy_m": 1_000}
    assert first.fields["source"].startswith("UCDP GED (CC BY 4.0)")
