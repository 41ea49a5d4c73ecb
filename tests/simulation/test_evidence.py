"""Evidence of a whole centre: who may let what go, what a file shows and what it keeps to itself, paper and pages."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tansiq import wire
from tansiq.doors import web
from tansiq.doors.certificates import certificate
from tansiq.doors.floor import Floor
from tansiq.doors.proofs import Proofs, Question
from tansiq.doors.web.assets import FOLDER
from tansiq.errors import Refused, TansiqError
from tansiq.evidence import open_basis, verify
from tansiq.office import Officer
from tansiq.run import Centre, open_offices
from tests.faults import making

MONTH = "2025-10"
SECRET = "A lorry with the number 4711 stands behind the mill"
LANGUAGES = ("ar", "fa", "ru", "en")


class Place:
    """A centre in which a few things were said, its floor and its offices."""

    def __init__(self, centre: Centre) -> None:
        self.centre = centre
        self.offices = open_offices(centre)
        self.floor = Floor(centre, centre.desks, self.offices)
        self.proofs = Proofs(self.floor)

    def officer(self, code: str, office: str = "releaser") -> Officer:
        """One officer of a member."""
        return self.floor.officer(f"{code}-{office}")

    def say(self, code: str, *, kind: str = "report", **fields: Any) -> str:
        """Say something and let it arrive."""
        said = self.centre.cells[code].say(kind, fields, officer=f"{code}-releaser")
        self.centre.run_until_quiet()
        return said

    def report(self, code: str, title: str, release: tuple[str, ...], handling: str = "CENTRE") -> str:
        """Say a report under a handling."""
        return self.say(code, **making.report(title, release=release, handling=handling))


@pytest.fixture(scope="module", name="place")
def _place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("evidence")
    place = Place(making.copied(making.found(folder / "founded"), folder))
    yield place
    for office in place.offices.values():
        office.close()
    place.centre.stop()


def test_the_handling_says_who_lets_another_s_act_go(place: Place) -> None:
    """Free: go. Leave: with its author's leave. Never, or without leave: a named officer says why, and it is recorded.

    A leave that was recalled serves no more.
    """
    russia, proofs = place.officer("RU"), place.proofs
    for handling in ("OPEN", "CENTRE", "CLOSED"):
        act = place.report("IQ", f"Handled {handling}", ("RU",), handling)
        if handling == "OPEN":
            proofs.disclosure(russia, act)
        else:
            with pytest.raises(Refused) as refused:
                proofs.disclosure(russia, act)
            assert refused.value.code == "evidence.handling"
            proofs.disclosure(russia, act, reason="A court asked for it.")
        if handling == "CENTRE":
            words = {"lang": "en", "text": "For a briefing."}
            leave = place.say("IQ", kind="leave", of=act, use="disclose", text=words, release=["RU"])
            proofs.disclosure(russia, act)
            place.say("IQ", kind="recall", refers=[leave], reason=words)
            with pytest.raises(Refused):
                proofs.disclosure(russia, act)
    recorded = [(one.ground, one.officer, one.reason) for one in place.offices["RU"].evidence(10)]
    assert recorded == [("override", "RU-releaser", "A court asked for it."), ("leave", "RU-releaser", ""),
                        ("override", "RU-releaser", "A court asked for it."), ("free", "RU-releaser", "")]


def test_only_who_clears_lets_evidence_go(place: Place) -> None:
    """A reader may check a file, and let none go."""
    act = place.report("IQ", "Nobody's business", ())
    reader = place.officer("IQ", "reader")
    for ask in (lambda: place.proofs.receipt(reader, act), lambda: place.proofs.disclosure(reader, act),
                lambda: place.proofs.absence(reader, _question("IQ", "RU"))):
        with pytest.raises(Refused) as refused:
            ask()
        assert refused.value.code == "officer.role"
    place.proofs.check("IQ", place.proofs.receipt(place.officer("IQ"), act))


def test_one_act_of_an_entry_shows_nothing_of_the_others(place: Place) -> None:
    """Of three acts in one entry one is disclosed: the others' words and ids are not in the file, nor in a label's."""
    items = [("report", making.report(title, release=("RU",))) for title in ("First", SECRET, "Third")]
    ids = place.centre.cells["IQ"].say_many(items, officer="IQ-releaser")
    place.centre.run_until_quiet()
    entries = {place.centre.cells["IQ"].registers.act(one).index for one in ids}  # type: ignore[union-attr]
    assert len(entries) == 1
    disclosed = _everything_in(place.proofs.disclosure(place.officer("IQ"), ids[0]))
    labelled = _everything_in(place.proofs.disclosure(place.officer("IQ"), ids[1], label_only=True))
    assert "First" in disclosed and SECRET not in disclosed and "Third" not in disclosed
    assert SECRET not in labelled and "First" not in labelled
    assert not any(one in disclosed for one in ids[1:]) and ids[0] not in labelled


def test_an_absence_shows_nothing_of_what_was_said_to_others(place: Place) -> None:
    """Neither the tag secrets of other pairs or desks nor any act; only the pair's own can be told by it."""
    place.report("IQ", SECRET, ("IR",))
    place.report("IQ", "To Russia", ("RU",))
    data = place.proofs.absence(place.officer("IQ"), _question("IQ", "RU", desk="support"))
    verdict = verify(data, open_basis(place.proofs.public("RU")))
    assert verdict.facts["addressed"] == [] and verdict.facts["labels"] == []
    shown = _everything_in(data)
    assert SECRET not in shown and "To Russia" not in shown


def test_either_side_makes_it_a_third_cannot(place: Place) -> None:
    """Both sides can tell the pair's entries, a third cannot; a partner has its own entries whole."""
    for author, to, writer in (("IQ", "RU", "IQ"), ("IQ", "RU", "RU"), ("CJTF", "IQ", "CJTF"), ("CJTF", "IQ", "IQ"),
                               ("IR", "CJTF", "IR")):
        data = place.proofs.absence(place.officer(writer), _question(author, to))
        assert place.proofs.check("SY", data).facts["addressed"] == []
    assert _why_not(place, "SY", _question("IQ", "CJTF")) == "evidence.side"


def test_a_partner_shows_what_no_entry_that_names_it_says(place: Place) -> None:
    """A partner has of a member only what names it: with nothing of that it can show nothing, and is told who can.

    With an entry that names it, it shows what that one does not say; the certificate ends there. What was said is said.
    """
    elsewhere = _question("IR", "CJTF")
    assert _why_not(place, "CJTF", elsewhere) == "evidence.uncounted"
    for state in ("tested", "open"):
        place.report("IR", "Kept among members", ("IQ",))
        last = place.say("IR", kind="line_check", party="CJTF", state=state, at=place.floor.now(), note=None,
                         release=["IQ", "IR", "RU", "SY", "CJTF"])
    data = place.proofs.absence(place.officer("CJTF"), elsewhere)
    verdict = place.proofs.check("SY", data)
    assert verdict.evidence == "absence-counted" and not verdict.facts["whole"] and verdict.facts["entries"] == 2
    row = place.floor.find(place.officer("IR"), last)
    assert verdict.facts["last"] == row.number
    until = datetime.fromtimestamp(row.time / 1000, UTC).isoformat()
    earlier = place.proofs.absence(place.officer("CJTF"), replace(elsewhere, before=until))
    assert place.proofs.check("SY", earlier).facts["entries"] == 1
    assert "Kept among members" not in _everything_in(data)
    assert _why_not(place, "CJTF", _question("IR", "CJTF", desk="airspace")) == "evidence.said"
    later = Question(author="IR", to="CJTF", month="2025-11", desk="protocol")
    assert _why_not(place, "CJTF", later) == "evidence.uncounted"


def _why_not(place: Place, writer: str, question: Question) -> str:
    with pytest.raises(Refused) as refused:
        place.proofs.absence(place.officer(writer), question)
    return refused.value.code


def test_where_something_was_said_that_is_the_answer(place: Place) -> None:
    """No certificate is written; the sentence names the entry."""
    place.report("SY", "Said", ("RU",))
    with pytest.raises(Refused, match=r"SY said such an act to RU in its entry \d+") as refused:
        place.proofs.absence(place.officer("SY"), _question("SY", "RU", desk="intelligence", kind="report"))
    assert refused.value.code == "evidence.said"


def test_a_certificate_stands_on_paper_in_four_languages(place: Place) -> None:
    """PDF/A, a page or two, with every character in its fonts; the same file gives the same paper."""
    data = place.proofs.absence(place.officer("IQ"), _question("IQ", "RU", desk="support"))
    verdict = place.proofs.check("IQ", data)
    papers = {lang: certificate(verdict, data, place.floor.charter, lang=lang,
                                now_ms=place.floor.now() // 10_000 * 10_000)
              for lang in LANGUAGES}
    for made in papers.values():
        assert made.pdf.startswith(b"%PDF-1.") and made.archival and not made.warnings
    assert len({made.pdf for made in papers.values()}) == len(LANGUAGES)


def test_a_receipt_of_a_busy_centre_is_written_and_checked_at_once(place: Place) -> None:
    """Under a second each, so that nobody waits on a page."""
    act = place.report("IR", "Quick", ("IQ",))
    begun = time.perf_counter()
    data = place.proofs.receipt(place.officer("IR"), act)
    place.proofs.check("RU", data)
    assert time.perf_counter() - begun < 1.0


@pytest.fixture(name="browser")
def _browser(place: Place) -> Iterator[TestClient[Litestar]]:
    if not (FOLDER / "manifest.json").is_file():
        pytest.skip("the pages are not built (script/bootstrap)")
    app = Litestar(web.routes(place.centre, place.centre.desks, place.offices))
    with TestClient(app, base_url="http://127.0.0.1:8400") as browser:
        _send(browser, "/enter", officer="IQ-releaser")
        yield browser


def _send(browser: TestClient[Litestar], address: str, files: Any = None, **fields: str) -> Any:
    """Send a form as our own pages do."""
    page = browser.get("/enter")
    token = page.text.partition('name="csrf" content="')[2].partition('"')[0]
    return browser.post(address, data=fields | {"csrf": token}, files=files, follow_redirects=False)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_is_taken_from_a_page_and_dropped_on_another(place: Place, browser: TestClient[Litestar],
                                                            lang: str) -> None:
    """The act's page gives it, the page of checks reads it; one byte less, and it proves nothing and says why."""
    act = place.report("IQ", "From a page", ("RU",))
    shown = browser.get(f"/acts/{act}/evidence?lang={lang}")
    assert shown.status_code == 200 and 'class="steps"' in shown.text
    taken = _send(browser, f"/acts/{act}/evidence", what="disclosure")
    assert taken.headers["content-disposition"].startswith('attachment; filename="disclosure-IQ-')
    paper = _send(browser, f"/acts/{act}/evidence", what="disclosure", paper="1")
    assert paper.content.startswith(b"%PDF-")
    good = _send(browser, "/evidence/check", files={"file": ("it.json", taken.content, "application/json")})
    assert good.status_code == 200 and 'class="certificate"' in good.text
    bad = _send(browser, "/evidence/check", files={"file": ("it.json", taken.content[:-1], "application/json")})
    assert bad.status_code == 400 and 'role="alert"' in bad.text


def test_the_page_of_absence_answers_both_ways(place: Place, browser: TestClient[Litestar]) -> None:
    """A certificate where nothing was said, the entry where something was, a sentence where nothing can be asked."""
    place.report("IQ", "To be found", ("SY",))
    asked = f"/evidence/absence?lang=en&author=IQ&to=SY&month={MONTH}"
    assert 'class="certificate"' in browser.get(asked + "&desk=airspace").text
    said = browser.get(asked + "&desk=intelligence")
    assert said.status_code == 200 and "It was said." in said.text
    assert browser.get(asked.replace(MONTH, "October") + "&desk=airspace").status_code == 400
    taken = _send(browser, "/evidence/absence", author="IQ", to="SY", month=MONTH, desk="airspace")
    assert json.loads(taken.content)["evidence"] == "absence"
    assert place.offices["IQ"].evidence(1)[0].what == "absence"
    assert "airspace" in browser.get("/evidence").text


def _question(author: str, to: str, desk: str = "protocol", kind: str | None = None) -> Question:
    return Question(author=author, to=to, month=MONTH, desk=desk, kind=kind)


def _everything_in(data: bytes) -> str:
    """The text of a file and, decoded, of all that stands in it as base64: nothing hides in an encoding."""
    found = [data.decode()]

    def look(value: Any) -> None:
        if isinstance(value, str):
            try:
                found.append(wire.parse_base64(value).decode("utf-8", "replace"))
                found.append(wire.parse_base64(value).hex())
            except TansiqError:
                pass
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            look(inner)

    look(json.loads(data))
    return "\n".join(found)
