"""One officer drafts, another clears; what is cleared can be taken back for a moment; what goes is said once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tansiq.cell.registers import ActQuery
from tansiq.desks.fields import compose
from tansiq.doors.floor import Floor
from tansiq.doors.papers import Clerk
from tansiq.errors import Malformed, Refused, TansiqError
from tansiq.office import Officer
from tansiq.run import Centre, found, open_centre, open_offices

CHARTER = Path(__file__).resolve().parents[2] / "charters/baghdad.toml"
HOLD_MS = 30_000
TYPED: dict[str, Any] = {
    "title": "Quiet sector", "text": "Exercise: nothing was seen.", "occurred_from": "2015-10-07T06:00Z",
    "occurred_until": "2015-10-07T07:00Z", "lang": "en", "release": ["IQ", "RU"], "precedence": "routine",
    "source_reliability": "B", "information_credibility": "2"}


class Place:
    """A real centre on a clock that stands still, its floor and its clerk."""

    def __init__(self, centre: Centre, floor: Floor, clock: list[int]) -> None:
        self.centre, self.floor, self.clock = centre, floor, clock
        self.clerk = Clerk(floor, hold_ms=HOLD_MS)

    def officer(self, office: str) -> Officer:
        """An officer of IQ."""
        return self.floor.officer(f"IQ-{office}")

    def later(self, by_ms: int = HOLD_MS) -> None:
        """Let time pass, and the clerk do its chore."""
        self.clock[0] += by_ms
        self.clerk.release_due()
        self.centre.run_until_quiet()

    def titles(self, code: str = "RU") -> list[str]:
        """What a cell can read."""
        return [row.title for row in self.centre.cells[code].registers.search(ActQuery(desk="intelligence"))]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One centre for all of these tests."""
    folder, clock = tmp_path_factory.mktemp("centre"), [1_444_200_000_000]
    found(CHARTER.read_text("utf-8"), folder, at_ms=clock[0])
    opened = open_centre(folder, clock=lambda: clock[0])
    clock[0] += 600_000
    offices = open_offices(opened)
    yield Place(opened, Floor(opened, opened.desks, offices), clock)
    for office in offices.values():
        office.close()
    opened.stop()


def test_a_drafter_hands_in_and_another_clears(centre: Place) -> None:
    """It is said by the officer who cleared it, half a minute after, and once."""
    paper = centre.clerk.submit(centre.officer("drafter"), "report", TYPED | {"title": "Cleared"})
    centre.later()
    assert "Cleared" not in centre.titles()
    centre.clerk.clear(centre.officer("releaser"), paper)
    centre.later(HOLD_MS - 1)
    assert "Cleared" not in centre.titles()
    centre.later(1)
    centre.later()
    assert centre.titles().count("Cleared") == 1
    row = centre.centre.cells["IQ"].registers.search(ActQuery(desk="intelligence"))[0]
    done = centre.clerk.paper(centre.officer("reader"), paper)
    assert (row.officer, done.state, done.act_id) == ("IQ-releaser", "said", row.id)


def test_who_may_not_clear_is_told_so(centre: Place) -> None:
    """A drafter clears nothing, nobody clears its own, and a paper is cleared once."""
    releaser = centre.officer("releaser")
    own = centre.clerk.submit(releaser, "report", TYPED)
    with pytest.raises(Refused, match="Another officer clears"):
        centre.clerk.clear(releaser, own)
    paper = centre.clerk.submit(centre.officer("drafter"), "report", TYPED | {"title": "Once"})
    with pytest.raises(Refused, match="has not the role"):
        centre.clerk.clear(centre.officer("drafter"), paper)
    centre.clerk.clear(releaser, paper)
    with pytest.raises(Refused, match="another way"):
        centre.clerk.clear(releaser, paper)


def test_what_is_held_can_be_taken_back_until_it_goes(centre: Place) -> None:
    """Taken back in time it is never said; a moment later it is too late, and one sentence says so."""
    releaser = centre.officer("releaser")
    kept = centre.clerk.hold(releaser, "report", TYPED | {"title": "Taken back"})
    centre.later(HOLD_MS - 1)
    centre.clerk.give_back(releaser, kept, "")
    centre.later()
    assert "Taken back" not in centre.titles()
    gone = centre.clerk.hold(releaser, "report", TYPED | {"title": "Too late"})
    centre.later()
    with pytest.raises(Refused, match="another way"):
        centre.clerk.give_back(releaser, gone, "")
    assert "Too late" in centre.titles()


def test_urgent_papers_are_not_held(centre: Place) -> None:
    """Flash and immediate go at once, and so does everything where nothing is held."""
    releaser = centre.officer("releaser")
    assert not centre.clerk.holds("report", TYPED | {"precedence": "flash"}, releaser)
    assert centre.clerk.holds("report", TYPED, releaser)
    assert not Clerk(centre.floor, hold_ms=0).holds("report", TYPED, releaser)
    paper = centre.clerk.submit(centre.officer("drafter"), "report", TYPED | {"title": "Now", "precedence": "flash"})
    centre.clerk.clear(releaser, paper)
    centre.later(0)
    assert "Now" in centre.titles()


def test_a_crash_says_nothing_twice(centre: Place) -> None:
    """Between writing down what goes and hearing that it went, the same bytes are given again: one act."""
    releaser = centre.officer("releaser")
    papers = centre.floor.offices["IQ"].papers
    for title, given in (("Never given", False), ("Given and not noted", True)):
        paper = centre.clerk.hold(releaser, "report", TYPED | {"title": title})
        cell = centre.centre.cells["IQ"]
        form = centre.floor.form("intelligence", "report")
        salted = cell.salted(cell.draft("report", compose(form, TYPED | {"title": title}), officer=releaser.id))
        papers.begin(paper, act_id=salted.id.hex(), salt=salted.salt, data=salted.data)
        if given:
            cell.say_salted(salted.salt, salted.data)
        centre.later(0)
        centre.later(0)
        assert centre.titles().count(title) == 1
        assert papers.paper(paper).state == "said"


def test_what_cannot_be_said_by_then_comes_back_with_the_reason(centre: Place) -> None:
    """A correction of a report that was recalled meanwhile fails, its drafter reads why, and can throw it away."""
    releaser, drafter = centre.officer("releaser"), centre.officer("drafter")
    form = centre.floor.form("intelligence", "report")
    report = centre.floor.say(releaser, "report", compose(form, TYPED))
    centre.centre.run_until_quiet()
    told = {name: value for name, value in TYPED.items() if name != "release"}
    paper = centre.clerk.submit(drafter, "correction", told | {"reason": "Counted again.", "refers": [report]})
    centre.clerk.clear(releaser, paper)
    centre.floor.say(releaser, "recall", {"reason": {"lang": "en", "text": "No."}, "refers": [report]})
    centre.centre.run_until_quiet()
    centre.later()
    failed = centre.clerk.paper(drafter, paper)
    assert failed.state == "failed" and failed.failure is not None and failed.failure[0] == "intelligence.recalled"
    centre.floor.offices["IQ"].papers.drop(drafter.id, paper)
    with pytest.raises(Refused, match="no such paper"):
        centre.clerk.paper(drafter, paper)


def test_what_cannot_be_said_is_not_taken_in(centre: Place) -> None:
    """The field at fault is named when the paper is handed in, not when it is cleared."""
    for changes, field in (({"title": ""}, "title"), ({"release": ["XX"]}, "release"), ({"place": "91, 44"}, "place")):
        with pytest.raises(TansiqError) as refused:
            centre.clerk.submit(centre.officer("drafter"), "report", TYPED | changes)
        assert refused.value.field == field
    with pytest.raises(Refused, match="has not the role"):
        centre.clerk.submit(centre.officer("reader"), "report", TYPED)


def test_giving_back_says_why(centre: Place) -> None:
    """A note stays with the paper, and its drafter hands it in again."""
    drafter, releaser = centre.officer("drafter"), centre.officer("releaser")
    paper = centre.clerk.submit(drafter, "report", TYPED)
    with pytest.raises(Malformed, match="Say why"):
        centre.clerk.give_back(releaser, paper, " ")
    centre.clerk.give_back(releaser, paper, "The hour is missing.")
    papers = centre.floor.offices["IQ"].papers
    assert [note.words for note in papers.notes(paper)] == ["The hour is missing."]
    assert centre.clerk.submit(drafter, "report", TYPED | {"title": "Again"}, paper_id=paper) == paper
    assert papers.paper(paper).state == "submitted" and papers.paper(paper).typed["title"] == "Again"


def test_the_watch_and_its_log(centre: Place) -> None:
    """Lines stay as they were written; the watch passes from one to another, and nobody takes it twice."""
    log = centre.floor.offices["IQ"].watch
    log.take("IQ-releaser")
    log.write("IQ-releaser", "The line was tested.")
    with pytest.raises(Refused, match="already"):
        log.take("IQ-releaser")
    log.take("IQ-drafter")
    assert [turn.officer for turn in log.turns(5)] == ["IQ-drafter", "IQ-releaser"]
    assert [line.words for line in log.lines(0)] == ["The line was tested."]
    for words in ("", " ", "x" * 4_001):
        with pytest.raises(Malformed, match="characters"):
            log.write("IQ-drafter", words)


def test_templates_and_presets_are_kept_by_name(centre: Place) -> None:
    """The same name of a kind is replaced, that of another kind is not; a bad name or code is refused."""
    papers = centre.floor.offices["IQ"].papers
    papers.keep_template("report", "Morning", TYPED)
    papers.keep_template("report", " Morning ", TYPED | {"title": "Morning report"})
    papers.keep_template("sighting", "Morning", {"text": "seen"})
    assert {name: typed["title"] for name, typed in papers.templates("report").items()} == {"Morning": "Morning report"}
    papers.keep_preset("With Moscow", ["RU", "IQ"])
    assert papers.presets() == {"With Moscow": ("IQ", "RU")}
    for name, release in (("", ["IQ"]), ("x" * 61, ["IQ"]), ("Bad", ["iq"]), ("a\nb", ["IQ"])):
        with pytest.raises(Malformed):
            papers.keep_preset(name, release)
    papers.drop_template("report", "Morning")
    papers.drop_preset("With Moscow")
    assert not papers.templates("report") and not papers.presets() and papers.templates("sighting")


def test_there_is_room_for_a_hundred_names(centre: Place) -> None:
    """One more is refused and nothing of it is kept; one that is there may still be replaced."""
    papers = centre.floor.offices["IQ"].papers
    for number in range(100):
        papers.keep_preset(f"P {number}", ["IQ"])
    with pytest.raises(Refused, match="At most 100"):
        papers.keep_preset("One more", ["IQ"])
    papers.keep_preset("P 7", ["IQ", "RU"])
    assert len(papers.presets()) == 100 and papers.presets()["P 7"] == ("IQ", "RU")
