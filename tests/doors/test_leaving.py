"""What leaves on paper and into calendars: PDF in four languages, and a feed that other programs read."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from tansiq import run as wiring
from tansiq.acts import Text
from tansiq.desks import DESKS
from tansiq.doors.calendar import _folded, _text, write_calendar
from tansiq.doors.documents import Frame, spoken, thread_document, typeset, view_document
from tansiq.doors.floor import Floor
from tansiq.errors import Malformed
from tansiq.languages.messages import LANGUAGES
from tests.unit.desks.staged import EVERYONE, Stage, found, ms, text

AT = "2015-12-20T09:00+00:00"
ALL = {"release": list(EVERYONE)}
KHAL = """[calendars]
[[centre]]
path = {folder}/calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = UTC
default_timezone = UTC
[default]
default_calendar = centre
[sqlite]
path = {folder}/khal.db
"""


@pytest.fixture(name="stage", scope="module")
def _stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("leaving")
    stage = Stage(found(folder / "founded", AT), folder / "centre", AT)
    yield stage
    stage.close()


@pytest.fixture(name="handover", scope="module")
def _handover(stage: Stage) -> str:
    stage.say("IR", "proposal", title=text("خط دوم گشوده شود", "fa"), text=text("تمرین", "fa"),
              closes_at=ms("2015-12-24T09:00+00:00"), **ALL)
    stage.say("IQ", "meeting", title=text("اجتماع الأركان", "ar"), text=None, begins_at=ms("2015-12-22T07:00+00:00"),
              ends_at=ms("2015-12-22T09:00+00:00"), place_name="Moscow, room 4; second floor", place=None, agenda=[],
              persons=[{"of": "IQ", "head": True, "offices": ["x"]}, {"of": "RU", "head": False, "offices": ["y"]}],
              release=["IQ", "RU"])
    act = stage.say("IQ", "handover", note=text("تمرين: كل ما هو معلَّق في الإحاطة.", "ar"), **ALL)
    stage.say("IR", "taking_over", note=text("Принято.", "ru"), refers=[act])
    return act


@pytest.fixture(name="floor", scope="module")
def _floor(stage: Stage, handover: str) -> Floor:
    return Floor(stage.centre, DESKS, wiring.open_offices(stage.centre))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_brief_is_a_pdf_in_every_language(floor: Floor, handover: str, lang: str) -> None:
    """The brief of a handover, signed by both, and one's own brief are PDF/A with fonts inside, and no warning."""
    officer = floor.officer("IR-director")
    for made in (thread_document(floor, officer, handover, lang),
                 view_document(floor, officer, ("chair", "brief"), {"readers": "all"}, lang)):
        assert made.archival and made.warnings == ()
        assert made.pdf.startswith(b"%PDF-1.7") and b"pdfaid:part" in made.pdf
        assert (b"Vazirmatn-Regular" if lang in ("ar", "fa") else b"Inter-Regular") in made.pdf


def test_a_document_depends_on_what_it_shows_alone() -> None:
    """The same words give the same bytes; what people wrote is never read as markup."""
    frame = Frame("en", "Title", "Centre", "", "Foot", ms(AT))
    template = "#it.body.words"
    evil = '#read("/etc/passwd") $x$ [*bold*] \\ #panic()'
    first = typeset(template, frame, {"words": evil})
    assert first == typeset(template, frame, {"words": evil}) and first.archival and first.warnings == ()
    assert first.pdf != typeset(template, frame, {"words": "other"}).pdf


@pytest.mark.parametrize("words", ["漢字", "🙂", "‹\u2028›", "नमस्ते"])
def test_a_character_that_the_fonts_lack_costs_the_archive_and_not_the_document(words: str) -> None:
    """PDF/A shows every character or is none: then a plain PDF is made, and says that it is no archive."""
    frame = Frame("fa", "عنوان", "مرکز", "", "", ms(AT))
    made = typeset("#words(it.body.words)", frame, {"words": {"lang": "zh", "dir": "ltr", "text": words}})
    assert made.pdf.startswith(b"%PDF") and made.warnings == ()
    assert made.archival is ("\u2028" in words)


def test_what_has_no_document_says_so(floor: Floor) -> None:
    """A view without one, and a language that nobody speaks here, are refused in one sentence."""
    officer = floor.officer("IR-director")
    for of, lang, code in ((("chair", "term"), "en", "documents.none"), (("chair", "none"), "en", "view.unknown"),
                           (("chair", "brief"), "xx", "languages.unknown")):
        with pytest.raises(Malformed) as caught:
            view_document(floor, officer, of, {}, lang)
        assert caught.value.code == code


def test_words_take_the_direction_of_their_language() -> None:
    """What a view gives becomes plain values: sentences are said, words keep their own language."""
    assert spoken((Text(lang="ar", text="نص"), Text(lang="", text="x"), 5, None), "ru") == [
        {"lang": "ar", "dir": "rtl", "text": "نص"}, {"lang": "ru", "dir": "ltr", "text": "x"}, 5, None]


def _events(data: bytes) -> dict[str, Any]:
    parsed = icalendar.Calendar.from_ical(data)
    assert parsed.errors == [] and all(event.errors == [] for event in parsed.walk("VEVENT"))
    return {str(event["UID"]).split("@")[0]: event for event in parsed.walk("VEVENT")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pythons_icalendar_reads_the_feed(floor: Floor, lang: str) -> None:
    """Terms, deadlines and meetings come out as they went in, in every language."""
    events = _events(write_calendar(floor, floor.officer("RU-reader"), lang))
    term = events["term-2-IR"]
    assert (term.decoded("DTSTART"), term.decoded("DTEND")) == (
        datetime(2015, 12, 26, 21, tzinfo=UTC), datetime(2016, 3, 26, 21, tzinfo=UTC))
    meeting = next(event for event in events.values() if "LOCATION" in event)
    assert str(meeting["LOCATION"]) == "Moscow, room 4; second floor"
    assert "اجتماع الأركان" in str(meeting["SUMMARY"]) and meeting["SUMMARY"].params["LANGUAGE"] == lang
    vote = next(event for event in events.values() if "خط دوم" in str(event["SUMMARY"]))
    assert vote.decoded("DTSTART") == datetime(2015, 12, 24, 9, tzinfo=UTC) and vote.duration.total_seconds() == 0


def test_the_feed_holds_what_the_member_can_read(floor: Floor) -> None:
    """A meeting that was not released to a member stands in no feed of its officers."""
    for code, there in (("RU", True), ("IQ", True), ("SY", False), ("IR", False)):
        events = _events(write_calendar(floor, floor.officer(f"{code}-reader"), "en")).values()
        assert any("LOCATION" in event for event in events) is there


@given(words=st.text(max_size=300), lang=st.sampled_from(["", "ar"]))
def test_any_words_stay_within_their_property(words: str, lang: str) -> None:
    """No line is longer than 75 octets or ends inside a character, and what is read back is what was written."""
    property_ = _text("SUMMARY", words, lang)
    data = "".join(_folded(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", property_,
                            "END:VEVENT", "END:VCALENDAR"])).encode()
    assert all(len(line) <= 75 and line.decode() is not None for line in data.split(b"\r\n"))
    [event] = icalendar.Calendar.from_ical(data).walk("VEVENT")
    shown = str(event["SUMMARY"])
    for control in map(chr, (*range(9), *range(11, 32), 127)):
        words = words.replace("\r\n", "\n").replace("\r", "\n").replace(control, " ")
    assert shown == words and list(event.keys()) == ["UID", "SUMMARY"]


def test_khal_reads_the_feed(floor: Floor, tmp_path: Path) -> None:
    """Debian's khal takes every date in: terms with their span, deadlines as moments."""
    khal = shutil.which("khal")
    if khal is None:
        pytest.skip("no khal on this machine (script/bootstrap test says how to get it)")
    (tmp_path / "calendar").mkdir()
    (tmp_path / "config").write_text(KHAL.format(folder=tmp_path))
    (tmp_path / "centre.ics").write_bytes(write_calendar(floor, floor.officer("RU-reader"), "ru"))

    def run(*words: str) -> str:
        alone = {"HOME": str(tmp_path), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        return subprocess.run([khal, "-c", f"{tmp_path}/config", *words], capture_output=True, text=True, check=True,
                              env=alone).stdout

    run("import", "--batch", str(tmp_path / "centre.ics"))
    listed = run("list", "2015-12-24", "4d", "--format", "{start}|{end}|{title}")
    assert "2015-12-24 09:00|2015-12-24 09:00|[Учение] Конец голосования" in listed
    assert "2015-12-26 21:00|2016-03-26 21:00|[Учение] Председательствует Иран." in listed


def test_doors_give_both_to_who_may_read(stage: Stage, floor: Floor, handover: str) -> None:
    """Pages and API answer with the files of the officer's own cell, and nobody without a session gets one."""
    app = wiring.application(stage.centre, DESKS, floor.offices, token="token")
    with TestClient(app, base_url="http://127.0.0.1") as client:
        asked = {"Authorization": "Bearer token", "Tansiq-Officer": "IR-director"}
        for path, media in (("/api/calendar.ics?lang=fa", "text/calendar"),
                            (f"/api/acts/{handover}/pdf?lang=fa", "application/pdf"),
                            ("/api/documents/chair/brief?readers=all&lang=ar", "application/pdf")):
            answer = client.get(path, headers=asked)
            assert answer.status_code == 200 and answer.headers["content-type"].startswith(media), path
            assert client.get(path).status_code == 401
        assert client.post("/api/session", json={"officer": "IR-director"}).status_code == 201
        for path, media in (("/calendar.ics?lang=ru", "text/calendar"), (f"/acts/{handover}/pdf", "application/pdf"),
                            ("/desks/chair/brief/pdf?lang=ru", "application/pdf")):
            answer = client.get(path)
            assert answer.status_code == 200 and answer.headers["content-type"].startswith(media), path
            assert answer.headers["cache-control"] == "no-store"
