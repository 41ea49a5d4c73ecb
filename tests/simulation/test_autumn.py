"""The autumn of 2015 through all desks: claims answered, absence before a request, presence after, the handover."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from tansiq import run as wiring
from tansiq.cell.registers import ActQuery
from tansiq.desks import DESKS
from tansiq.desks.press.showing import Absent, ClaimShown, Proof
from tansiq.doors.floor import Floor
from tansiq.doors.proofs import Proofs, Question
from tansiq.errors import Refused, TansiqError
from tansiq.run import Centre, demonstration, found, lay_demonstration, open_centre
from tests.unit.desks.staged import EVERYONE, ms

CHARTERS = Path(__file__).parents[2] / "charters"
SIXTH = "2015-10-06T18:00:00+00:00"
UNDER_WAY = Question(author="IQ", to="RU", month="2015-10", desk="support", kind="request", topic="air")


class Watched:
    """A centre that stops once on its way: before its clock passes an instant, somebody looks."""

    def __init__(self, centre: Centre, at: str, look: Callable[[], None]) -> None:
        self._centre, self._at, self._look = centre, ms(at), look
        self._looked = False
        self.charter, self.run_until_quiet, self.holding = centre.charter, centre.run_until_quiet, centre.holding

    @property
    def cells(self) -> Mapping[str, Any]:
        """The cells by code."""
        return self._centre.cells

    def advance(self, to_ms: int) -> None:
        """Move the clock; the look comes when the record is complete to the instant."""
        if to_ms > self._at and not self._looked:
            self._looked = True
            self._centre.advance(self._at)
            self._centre.run_until_quiet()
            self._look()
        self._centre.advance(to_ms)


def _claims(floor: Floor, code: str) -> dict[str, ClaimShown]:
    shown = floor.view("press", "statements").show(floor.look(floor.officer(f"{code}-reader")))
    made: Any = shown
    return {one.title.text: claim for one in made.statements for claim in one.claims}


@pytest.fixture(name="autumn", scope="module")
def _autumn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Floor, dict[str, Any]]]:
    directory = tmp_path_factory.mktemp("autumn")
    begins = lay_demonstration(CHARTERS / "baghdad.demonstration", directory)
    found((CHARTERS / "baghdad.toml").read_text("utf-8"), directory, at_ms=begins)
    centre = open_centre(directory)
    floor, early = Floor(centre, DESKS, wiring.open_offices(centre)), dict[str, Any]()

    def look() -> None:
        early["claims"] = {code: _claims(floor, code) for code in EVERYONE}
        early["absence"] = {code: Proofs(floor).absence(floor.officer(f"{code}-releaser"), UNDER_WAY)
                            for code in ("IQ", "RU")}
        early["offered"] = [_written(floor, code, proof.absence) for code in EVERYONE
                            for claim in early["claims"][code].values() for proof in claim.proofs if proof.absence]
        with pytest.raises(Refused) as caught:
            Proofs(floor).absence(floor.officer("SY-releaser"), UNDER_WAY)
        early["third"] = caught.value.code

    roles = {form.kind.name: form.role for desk in DESKS for form in desk.forms}
    demonstration.play(Watched(centre, SIXTH, look), demonstration.read_steps(directory / demonstration.FOLDER), roles)
    centre.run_until_quiet()
    yield floor, early
    assert not centre.faults
    centre.stop()


def _written(floor: Floor, code: str, asked: Absent) -> bytes:
    """The certificate that a page offers with a claim."""
    return Proofs(floor).absence(floor.officer(f"{code}-releaser"), Question(
        author=asked.author, to=asked.to, month=asked.month, desk="support", kind="request", topic=asked.topic,
        before=asked.before))


def test_no_request_had_been_received_and_that_is_proved(autumn: tuple[Floor, dict[str, Any]]) -> None:
    """On 6 October both sides' records bear out the denial, and each writes a certificate of absence that holds; to the
    others the question is open, and they can prove nothing."""
    floor, early = autumn
    title = "رئيسة مجلس الاتحاد الروسي: لم يصل أي طلب"
    answers = {code: claims[title] for code, claims in early["claims"].items()}
    assert {code: answer.verdict for code, answer in answers.items()} == {
        "IQ": "supported", "RU": "supported", "IR": "undecidable", "SY": "undecidable"}
    offered = [proof.absence for proof in answers["RU"].proofs]
    assert offered == [Absent("IQ", "RU", "2015-10", "air", "2015-10-06T15:00:00.000Z"),
                       Absent("IQ", "RU", "2015-09", "air", None)]
    assert "--from IQ --to RU --month 2015-10 --desk support --kind request" in answers["RU"].proofs[0].command
    assert answers["SY"].proofs == () and early["third"] == "evidence.side"
    assert len(early["offered"]) >= 4, "both sides are offered both months"
    for data in [*early["absence"].values(), *early["offered"]]:
        assert Proofs(floor).check("SY", data).evidence == "absence"
    made = {code: claims["Сообщается, что запрос сделан"].verdict for code, claims in early["claims"].items()}
    assert made == {"IQ": "contradicted", "RU": "contradicted", "IR": "undecidable", "SY": "undecidable"}


def test_once_it_was_asked_presence_is_proved_and_absence_no_more(autumn: tuple[Floor, dict[str, Any]]) -> None:
    """After the request of 13 October a later denial is contradicted by the act itself, and its label can be shown to
    anybody; what was true of the sixth stays so; who could not read it still sees an open question."""
    floor, early = autumn
    late = {code: _claims(floor, code) for code in EVERYONE}
    title = "Exercise: a spokesman says that no request was ever made"
    assert {code: late[code][title].verdict for code in ("IQ", "RU", "IR")} == {
        "IQ": "contradicted", "RU": "contradicted", "IR": "undecidable"}
    assert title not in late["SY"] and late["IR"][title].rests_on == ()
    [shown] = late["RU"][title].rests_on
    assert late["RU"][title].proofs == (Proof(shown, True, None, (
        f'tansiq disclose "{shown.reference}" --data DIR --cell RU --label-only --output FILE')),)
    releaser = floor.officer("IQ-releaser")
    label = Proofs(floor).disclosure(releaser, shown.act, label_only=True)
    assert Proofs(floor).check("SY", label).facts["author"] == "IQ"
    with pytest.raises(Refused) as caught:
        Proofs(floor).absence(releaser, UNDER_WAY)
    assert caught.value.code == "evidence.said"
    other = Question(author="IQ", to="RU", month="2015-10", desk="support", kind="request", topic="intelligence")
    assert Proofs(floor).check("SY", Proofs(floor).absence(releaser, other)).facts["topic"] == "intelligence"
    for code in EVERYONE:
        for name, claim in early["claims"][code].items():
            for proof in claim.proofs if claim.verdict == late[code][name].verdict else ():
                assert proof in late[code][name].proofs, name
                if proof.absence:
                    assert Proofs(floor).check("SY", _written(floor, code, proof.absence)).evidence == "absence"
            assert claim.verdict in ("undecidable", late[code][name].verdict), name


def test_what_was_not_said_until_a_time_is_proved_ever_after(autumn: tuple[Floor, dict[str, Any]]) -> None:
    """The run of entries ends before the request: that nothing was asked until then still holds."""
    floor, _ = autumn
    releaser, proofs = floor.officer("RU-releaser"), Proofs(floor)
    for until, code in (("2015-10-31", "evidence.said"), ("2015-10-01", "evidence.before"), ("soon", "filter.instant")):
        with pytest.raises(TansiqError) as caught:
            proofs.absence(releaser, replace(UNDER_WAY, before=until))
        assert caught.value.code == code
    facts = proofs.check("SY", proofs.absence(releaser, replace(UNDER_WAY, before="2015-10-06T15:00Z"))).facts
    assert not facts["whole"] and facts["last_ms"] < ms("2015-10-06T15:00:00+00:00")
    assert floor.offices["RU"].evidence(1)[0].subject.endswith("/2015-10-06T15:00Z")


def test_meetings_and_parties_are_answered_from_minutes_and_charter(autumn: tuple[Floor, dict[str, Any]]) -> None:
    """That both met is supported once both have said so, to those who read the minutes; the charter names its members.
    """
    floor, _ = autumn
    met = {code: _claims(floor, code)["مصدر: وفد عراقي في روسيا"].verdict for code in EVERYONE}
    assert met == {"IQ": "supported", "RU": "supported", "IR": "supported", "SY": "undecidable"}
    assert {_claims(floor, code)["قيادي في الحشد الشعبي: بدأ العمل في المركز"].verdict for code in EVERYONE} == {
        "supported"}


def test_every_page_of_every_desk_is_read_by_every_member(autumn: tuple[Floor, dict[str, Any]]) -> None:
    """Lists, views and all threads of the story answer with a page to each member that can read them."""
    floor, _ = autumn
    langs = dict(zip(EVERYONE, ("ar", "fa", "ru", "en"), strict=True))
    app = wiring.application(floor.centre, DESKS, floor.offices)  # type: ignore[arg-type]
    for code, lang in langs.items():
        with TestClient(app, base_url="http://127.0.0.1") as client:
            assert client.post("/api/session", json={"officer": f"{code}-director"}).status_code == 201
            threads = {row.thread: row.desk for row in floor.cell(code).registers.search(ActQuery(limit=10_000))}
            pages = [f"/acts/{thread}" for thread, desk in threads.items() if desk in ("chair", "protocol", "press")]
            for desk in DESKS:
                if not desk.hidden:
                    views = desk.showing.views if desk.showing is not None else ()
                    # A view of one thing among many is asked for by name; it is read in the tests of its own desk.
                    pages += [f"/desks/{desk.name}", *(f"/desks/{desk.name}/{view.name}" for view in views
                                                       if view.name != "track")]
            for page in [*pages, "/", "/charter", "/calendar.ics"]:
                answer = client.get(page, params={"lang": lang})
                assert answer.status_code == 200, (code, page)


def test_the_brief_tells_what_is_open_at_every_desk(autumn: tuple[Floor, dict[str, Any]]) -> None:
    """Requests, proposals, meetings, lines and contacts stand in it, each for those alone who can read it."""
    floor, _ = autumn
    desks: dict[str, set[str]] = {}
    for code in EVERYONE:
        look = floor.look(floor.officer(f"{code}-reader"))
        shown: Any = floor.view("chair", "brief").show(look)
        desks[code] = {line.desk for line in shown.lines}
        assert all(code in look.act(line.act).release and line.sentence is not None for line in shown.lines)
    assert desks["IQ"] >= {"support", "chair", "protocol", "press"}


def test_the_chair_is_handed_over_at_the_terms_end(autumn: tuple[Floor, dict[str, Any]]) -> None:
    """The sequel: Iraq hands over with a brief, Iran takes over, and at the end of the term the chair is Iran's."""
    floor, _ = autumn
    centre: Any = floor.centre
    wiring.play(centre, CHARTERS / "baghdad.sequel")
    centre.run_until_quiet()
    for code in EVERYONE:
        shown: Any = floor.view("chair", "term").show(floor.look(floor.officer(f"{code}-reader")))
        assert (shown.chair, shown.late, shown.besides) == ("IR", False, ())
        assert [(post.post, post.of) for post in shown.posts if post.act] == [("director", "IR")]
        [handover] = shown.handovers
        _, panel = floor.panel(floor.officer(f"{code}-reader"), handover.act)
        assert panel is not None and panel.brief and all(line.sentence is not None for line in panel.brief)
