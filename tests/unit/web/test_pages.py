"""Pages, by real requests through the whole floor."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tansiq.charter import term_of
from tansiq.doors.web import STATUS
from tansiq.errors import FAMILIES
from tests.unit.web.conftest import Visit

PAGES = ("/papers", "/watch", "/drafts", "/", "/desks/intelligence", "/desks/gauges", "/acts", "/desks/intelligence/say/report",
         "/journal", "/charter")
REPORT = {"title": "Bridge open", "text": "Lorries pass since noon.", "occurred_from": "2015-10-07T12:00Z",
          "occurred_until": "2015-10-07T12:00Z", "place": "34.13, 42.38", "source_reliability": "B",
          "information_credibility": "2", "precedence": "immediate", "handling": "", "lang": "en"}


def _say(visit: Visit, **changed: object) -> str:
    visit.enter(f"{_codes(visit)[0]}-releaser")
    sent = {name: value for name, value in {**REPORT, **changed}.items() if value is not None}
    answer = visit.client.post("/desks/intelligence/say/report", data=sent, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def _codes(visit: Visit) -> list[str]:
    return [member.code for member in visit.centre.charter.members]


def _languages(visit: Visit) -> Iterator[tuple[str, str]]:
    for lang in visit.centre.charter.languages:
        yield lang, "rtl" if lang in ("ar", "fa") else "ltr"


def test_the_table_of_failures_is_total() -> None:
    """Every family of failure has a status."""
    assert set(STATUS) == set(FAMILIES)


def test_a_stranger_is_sent_to_choose_an_officer(visit: Visit) -> None:
    """Without a session every page sends to the choice, and back afterwards; the choice says plainly what it is."""
    for path in PAGES[:-1]:
        answer = visit.client.get(path, follow_redirects=False)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/enter?to=%2F")
    assert "anyone on this machine may choose any officer" in visit.client.get("/enter?lang=en").text.lower()


def test_a_script_without_a_session_is_told_so(visit: Visit) -> None:
    """The stream, its echo, or a page that brings itself up to date are refused after the session ended, not redirected."""
    for path, headers in (("/live", {}), ("/live/echo", {}), ("/", {"Tansiq-Refreshed": "1"})):
        assert visit.client.get(path, headers=headers, follow_redirects=False).status_code == 401, path


def test_nobody_is_sent_elsewhere(visit: Visit) -> None:
    """After the choice only addresses of ours are gone to."""
    officer = f"{_codes(visit)[0]}-reader"
    for to in ("//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb"):
        answer = visit.client.post("/enter", data={"officer": officer, "to": to}, follow_redirects=False)
        assert answer.headers["location"] == "/", to


def test_every_page_stands_in_every_language(visit: Visit) -> None:
    """All pages answer in every working language, in its direction, with no script or style in the page."""
    visit.enter(f"{_codes(visit)[0]}-releaser")
    for lang, direction in _languages(visit):
        for path in PAGES:
            answer = visit.client.get(path, params={"lang": lang})
            assert answer.status_code == 200, (path, answer.text)
            assert f'<html lang="{lang}" dir="{direction}"' in answer.text
            assert "script-src 'self'" in answer.headers["content-security-policy"]
            assert not re.search(r"<script>|<style|\sstyle=|\son[a-z]+=", answer.text), path
            assert "http://" not in answer.text and "https://" not in answer.text, path


def test_what_was_said_is_shown_to_its_readers_alone(visit: Visit) -> None:
    """A report stands with its receipt at every reader; the others see a sealed row, and no word of it."""
    first, second, third = _codes(visit)[:3]
    where = _say(visit, release=[first, second])
    page = visit.client.get(where, params={"lang": "en"}).text
    assert "Bridge open" in page and "Ordered, not settled yet" in page and f"{first} 1" in page
    visit.centre.settled = 1
    assert "it can no longer be lost" in visit.client.get(where).text
    visit.enter(f"{second}-reader")
    home = visit.client.get("/").text
    assert "Bridge open" in home and "Nobody here has opened it yet" in home
    assert visit.client.get(where).status_code == 200
    assert "Nobody here has opened it yet" not in visit.client.get("/").text
    visit.enter(f"{third}-reader")
    home = visit.client.get("/").text
    assert "Bridge open" not in home and "sealed" in home
    assert visit.client.get(where).status_code == 404


@pytest.mark.parametrize(("changed", "field"), [
    ({"place": "99, 200"}, "place"), ({"occurred_from": "yesterday"}, "occurred_from"), ({"text": ""}, "text"),
    ({"source_reliability": "Z"}, "source_reliability"), ({"title": "a\u202eb"}, "title"),
])
def test_a_bad_field_costs_one_sentence_at_the_field(visit: Visit, changed: dict[str, str], field: str) -> None:
    """What cannot be said is answered by the form itself: the sentence stands at the field, the draft stays."""
    visit.enter(f"{_codes(visit)[0]}-releaser")
    answer = visit.client.post("/desks/intelligence/say/report", data={**REPORT, **changed}, follow_redirects=False)
    assert answer.status_code == 400, answer.text
    assert f'id="fault-{field}"' in answer.text
    assert ({**REPORT, **changed}["text"] or REPORT["place"]) in answer.text
    assert visit.centre.size == 0


def test_a_form_that_is_too_long_comes_back_with_the_reason_at_its_longest_field(visit: Visit) -> None:
    """More than 256 KiB is neither said nor lost: the page holds what was typed, in each language; so does a draft's
    answer to a script. What is longer than is read at all names that limit."""
    visit.enter(f"{_codes(visit)[0]}-releaser")
    where, words = "/desks/intelligence/say/report", "\u0633" * 45_000
    for lang, said in (("en", "longer than the 256 KiB"), ("ar", "أطول من 256"), ("fa", "از 256"), ("ru", "256 КиБ")):
        answer = visit.client.post(f"{where}?lang={lang}", data={**REPORT, "text": words}, follow_redirects=False)
        assert answer.status_code == 400 and 'id="fault-text"' in answer.text and words in answer.text
        assert said in answer.text.split('id="fault-text"')[1].split("</p>")[0], lang
    told = visit.client.post(f"{where}/draft?lang=en", data={**REPORT, "text": words},
                             headers={"Accept": "application/json"})
    assert told.status_code == 400 and told.json()["field"] == "text" and "256 KiB" in told.json()["sentence"]
    for path in (where, "/watch/write"):
        endless = visit.client.post(f"{path}?lang=en", data={"words": words * 10, **REPORT}, follow_redirects=False)
        assert endless.status_code == 413 and "KiB that this page takes" in endless.text
    script = visit.client.post(f"{where}/draft?lang=en", data={"text": words * 10}, headers={"Accept": "application/json"})
    assert script.status_code == 413 and "2048 KiB" in script.json()["sentence"]
    assert visit.centre.size == 0


def test_an_officer_without_the_role_says_nothing(visit: Visit) -> None:
    """A reader's form is refused in one sentence, and nothing is ordered."""
    visit.enter(f"{_codes(visit)[0]}-reader")
    answer = visit.client.post("/desks/intelligence/say/report", data=REPORT, follow_redirects=False)
    assert answer.status_code == 403 and "releaser" in answer.text
    assert visit.centre.size == 0


def test_a_correction_inherits_its_readers(visit: Visit) -> None:
    """An answer is said from the act it answers, goes to the same readers, and stands in its thread."""
    first, second = _codes(visit)[:2]
    where = _say(visit, release=[first, second])
    act = where.rpartition("/")[2]
    form = visit.client.get("/desks/intelligence/say/correction", params={"to": act})
    assert form.status_code == 200 and 'name="release"' not in form.text
    answer = visit.client.post("/desks/intelligence/say/correction", follow_redirects=False,
                               data={**REPORT, "title": "Bridge closed", "reason": "Mended.", "to": act})
    assert answer.status_code == 303, answer.text
    thread = visit.client.get(where, params={"lang": "en"}).text
    assert "Bridge closed" in thread and "Corrected" in thread


def test_a_desk_of_the_tests_has_its_pages(visit: Visit) -> None:
    """A desk that the package does not know stands in the rail, with list, form and search."""
    visit.enter(f"{_codes(visit)[0]}-releaser")
    assert 'href="/desks/gauges"' in visit.client.get("/").text
    form = visit.client.get("/desks/gauges/say/reading").text
    assert all(f'name="{name}"' in form for name in ("station", "level_cm", "marks", "trend", "release", "precedence"))
    sent = {"station": "Haditha bridge", "note": "Rising since dawn.", "level_cm": "412", "place": "34.13, 42.38",
            "measured_at": "2015-10-07T06:00Z", "trend": "3", "lang": "en"}
    answer = visit.client.post("/desks/gauges/say/reading", data=sent, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    thread = visit.client.get(answer.headers["location"]).text
    assert "Rising since dawn." in thread and "412" in thread and "/desks/gauges/say/remark?to=" in thread
    assert "Haditha bridge" in visit.client.get("/desks/gauges").text
    assert "Haditha bridge" in visit.client.get("/acts", params={"text": "dawn"}).text
    assert "Haditha bridge" not in visit.client.get("/desks/intelligence").text


WARNING = {"reach": "circle 34.13 42.38; 5 km", "support": "logistics", "asked": ["IQ", "SY"], "drill": "yes",
           "levels": "Haditha bridge: 612\nHit: 540"}


def test_a_desk_shows_what_is_its_own(visit: Visit) -> None:
    """A desk's view, panel, layer and offers stand on the floor; areas, codes, boxes and lines are typed and read back."""
    visit.enter("IQ-releaser")
    where = _posted(visit, "/desks/gauges/say/warning", WARNING | {"release": ["IQ", "SY", "IR", "RU"]})
    thread = visit.client.get(where, params={"lang": "en"}).text
    assert "1 acts stand here." in thread and "Hit: 540" in thread and "Yes" in thread and "Logistics" in thread
    assert "circle 34.13, 42.38; 5000 m" in thread and "A warning is not remarked on." in thread
    assert "say/remark" not in thread
    _posted(visit, "/desks/gauges/say/reading", {
        "station": "Haditha bridge", "note": "Rising.", "level_cm": "412", "place": "34.13, 42.38",
        "measured_at": "2015-10-07T06:00Z", "lang": "en"})
    assert "Haditha bridge 412" in visit.client.get("/desks/gauges/levels", params={"station": "Haditha bridge"}).text
    feature = visit.client.get("/map/layers/gauges/warnings").json()["features"][0]
    assert feature["geometry"]["type"] == "Polygon" and feature["properties"]["style"] == "waiting"
    for path in ("/desks/gauges/none", "/map/layers/gauges/none"):
        assert visit.client.get(path).status_code == 400, path


def test_a_rule_asks_what_is_common_to_all(visit: Visit) -> None:
    """A lower warning than one that stands is refused in every cell; a form holds what was typed."""
    visit.enter("IQ-releaser")
    everyone = {"release": ["IQ", "SY", "IR", "RU"]}
    _posted(visit, "/desks/gauges/say/warning", WARNING | everyone)
    lower = visit.client.post("/desks/gauges/say/warning", data=WARNING | everyone | {"levels": "Hit: 300"},
                              params={"lang": "en"}, follow_redirects=False)
    assert lower.status_code == 403 and "Hit: 300" in lower.text and "612" in lower.text


def test_a_file_is_not_said_with_a_plain_form(visit: Visit) -> None:
    """Its hash and key are the cell's to make: the form for it takes the file, and no other does."""
    visit.enter("IQ-releaser")
    assert visit.client.get("/desks/intelligence/say/attachment").status_code == 404
    page = visit.client.get("/attach").text
    assert 'type="file"' in page and 'name="digest"' not in page
    sent = {"title": "Rows", "lang": "en", "release": ["IQ", "RU"]}
    empty = visit.client.post("/attach", data=sent, files={"file": ("a.csv", b"", "text/csv")}, params={"lang": "en"})
    assert empty.status_code == 400 and "from 1 to" in empty.text


def test_a_drafters_paper_goes_through_the_floor(visit: Visit) -> None:
    """A drafter hands it in; a duty officer sees it first, gives it back, and clears it the second time."""
    visit.enter("IQ-drafter")
    sent = {**REPORT, "release": ["IQ", "RU"], "title": "Bridge drafted"}
    where = _posted(visit, "/desks/intelligence/say/report", sent)
    assert where.startswith("/papers/") and "Bridge drafted" in visit.client.get("/papers").text
    assert "waits for another officer" in visit.client.get(where, params={"lang": "en"}).text
    assert visit.client.post(f"{where}/clear").status_code == 403
    visit.enter("IQ-releaser")
    assert "waits for you to clear" in visit.client.get(where, params={"lang": "en"}).text
    silent = visit.client.post(f"{where}/back", params={"lang": "en"})
    assert silent.status_code == 400 and "Say why" in silent.text
    _posted(visit, f"{where}/back", {"note": "The hour is missing."})
    visit.enter("IQ-drafter")
    assert "The hour is missing." in visit.client.get(where).text
    again = visit.client.get("/desks/intelligence/say/report", params={"paper": where.rpartition("/")[2]}).text
    assert "Bridge drafted" in again and 'name="paper"' in again
    _posted(visit, "/desks/intelligence/say/report", sent | {"paper": where.rpartition("/")[2]})
    visit.enter("IQ-releaser")
    _posted(visit, f"{where}/clear", {})
    assert "Cleared by" in visit.client.get(where, params={"lang": "en"}).text


def test_the_watch_has_its_page(visit: Visit) -> None:
    """An officer takes the watch and writes into the log; a reader reads it; nothing empty is written."""
    visit.enter("IQ-releaser")
    _posted(visit, "/watch/take", {})
    _posted(visit, "/watch/write", {"words": "The line was tested."})
    assert visit.client.post("/watch/write", data={"words": " "}).status_code == 400
    visit.enter("IQ-reader")
    page = visit.client.get("/watch", params={"lang": "en"}).text
    assert "The line was tested." in page and "IQ-releaser has had the watch" in re.sub("<[^>]+>", "", page)
    assert visit.client.post("/watch/take").status_code == 403


def _posted(visit: Visit, path: str, data: dict[str, object]) -> str:
    answer = visit.client.post(path, data=data, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_filters_stand_in_the_address(visit: Visit) -> None:
    """Lists are narrowed by author, time, box, words and precedence; a bad filter is one sentence, the rest stays."""
    _say(visit)
    for filters, found in (({"author": _codes(visit)[0]}, True), ({"author": _codes(visit)[1]}, False),
                           ({"box": "42,34,43,35"}, True), ({"box": "0,0,1,1"}, False), ({"text": "lorries"}, True),
                           ({"after": "2015-10-08"}, False), ({"precedence": "immediate"}, True)):
        page = visit.client.get("/desks/intelligence", params=filters).text
        assert ("Bridge open" in page) is found, filters
    wrong = visit.client.get("/desks/intelligence", params={"box": "1,2", "text": "lorries", "lang": "en"})
    assert wrong.status_code == 400 and "A box is W,S,E,N" in wrong.text and 'value="lorries"' in wrong.text


def test_a_reference_opens_its_act(visit: Visit) -> None:
    """Searching for IQ 1 goes to that act; its place stands on the map's list of points."""
    where = _say(visit)
    answer = visit.client.get("/acts", params={"text": f"{_codes(visit)[0]} 1"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, where)
    points = visit.client.get("/map/acts.json").json()["features"]
    assert points[0]["geometry"]["coordinates"] == [42.38, 34.13] and points[0]["properties"]["href"] == where


def test_controls_in_quoted_words_are_seen(visit: Visit) -> None:
    """A sign that turns the direction of writing is shown by name, and markup is words."""
    where = _say(visit, text="pass\u202eedoc <script>alert(1)</script>")
    page = visit.client.get(where).text
    assert "U+202E" in page and "\u202e" not in page and "&lt;script&gt;" in page


def test_look_and_language_are_remembered(visit: Visit) -> None:
    """The theme and the language that were chosen hold for the next page; another theme is refused."""
    visit.enter(f"{_codes(visit)[0]}-reader")
    visit.client.get("/", params={"lang": "ru"})
    visit.client.post("/display", data={"theme": "light", "to": "/journal"})
    page = visit.client.get("/journal").text
    assert '<html lang="ru"' in page and 'data-bs-theme="light"' in page
    assert visit.client.post("/display", data={"theme": "pink"}).status_code == 400


def test_strangers_are_refused(visit: Visit) -> None:
    """A form on another site, another host and a file in place of text change and show nothing."""
    officer = {"officer": f"{_codes(visit)[0]}-reader"}
    assert visit.client.post("/enter", data=officer, headers={"Origin": "http://evil.example"}).status_code == 403
    assert visit.client.get("/enter", headers={"Host": "evil.example"}).status_code == 403
    assert visit.client.post("/enter", data={"officer": "nobody"}).status_code == 403


def test_built_files_are_kept_and_held(visit: Visit) -> None:
    """Files with a hash in their name are immutable; no address leads out of their folder."""
    sheet = re.search(r'href="(/static/assets/ltr-[^"]+\.css)"', visit.client.get("/enter?lang=en").text)
    assert sheet is not None
    answer = visit.client.get(sheet[1])
    assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
    for path in ("/static/../pages.py", "/static/%2e%2e/pages.py", "/static/none.js"):
        assert visit.client.get(path).status_code == 404, path


def test_names_on_the_map_are_the_readers(visit: Visit) -> None:
    """Countries are named in the reader's language; a language that is no working language has no names."""
    names = visit.client.get("/map/names/ru").json()
    assert names["countries"]["368"] == "Ирак"
    assert "Багдад" in {town["properties"]["name"] for town in names["towns"]["features"]}
    assert visit.client.get("/map/names/xx").status_code == 404


def test_the_grid_over_a_part_of_the_map(visit: Visit) -> None:
    """Squares are named as positions in them are; what is no box is refused."""
    grid = visit.client.get("/map/grid", params={"box": "42,35,46,37"}).json()
    assert {"step", "name"} <= {key for feature in grid["features"] for key in feature["properties"]}
    for box in ("42,35,41,37", "nowhere", "0,0,1,nan"):
        assert visit.client.get("/map/grid", params={"box": box}).status_code == 400, box


def test_a_translation_stands_beneath_what_it_translates(visit: Visit) -> None:
    """Words said in another language stand under the original, in the reader's own first, and name their author."""
    where = _say(visit, title="Мост открыт", text="Грузовики проходят.", lang="ru", release=["IQ", "SY"])
    act = where.rpartition("/")[2]
    _posted(visit, "/desks/intelligence/say/translation",
            {"of": act, "text": "Lorries pass.", "lang": "en", "release": ["IQ", "SY"]})
    page = visit.client.get(where, params={"lang": "en"}).text
    assert page.index("Грузовики проходят.") < page.index("data-beneath>") < page.index("Lorries pass.")


def test_the_picture_knows_where_the_seat_is(visit: Visit) -> None:
    """The map is told the seat, the part of the world around it, and which countries are the members' own."""
    visit.enter("IQ-reader")
    home = visit.client.get("/", params={"lang": "en"}).text
    seat = visit.centre.charter.seat.position
    assert f'data-seat="{seat.lon / 1e7:.5f},{seat.lat / 1e7:.5f}" data-seat-name="Baghdad" data-tools' in home
    assert re.search(r'data-ours="(\d{3},)*\d{3}" data-home="[\d.,-]+"', home)


@pytest.mark.parametrize(("days", "chair", "says"), [
    (90, "Iraq", "1 day left"), (92, "Iraq", "Handover late: 6 days of grace left"), (98, "Iran", "84 days left"),
])
def test_the_strip_names_who_has_the_chair(visit: Visit, monkeypatch: pytest.MonkeyPatch, days: int, chair: str,
                                           says: str) -> None:
    """Until the chair is taken over it stays where it was, with the days of grace beside it; then the calendar decides."""
    begins = term_of(visit.centre.charter, 1).from_ms
    monkeypatch.setattr("tests.unit.web.centre.NOW_MS", begins + days * 86_400_000)
    visit.enter("IQ-reader")
    strip = visit.client.get("/", params={"lang": "en"}).text.split('<section class="strip"')[1].split("</section>")[0]
    assert f"<b>{chair}</b>" in strip and says in strip
