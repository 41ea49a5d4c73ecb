"""An incident is followed to its finding, and nothing closes silently."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tansiq.acts import Act
from tansiq.cell.desk import Common, Said, Thread
from tansiq.cell.moment import InForce
from tansiq.cell.registers import Registers
from tansiq.charter import Charter
from tansiq.desks.protection import DESK
from tansiq.desks.protection.following import dates, features, needs, offers, panel, show
from tansiq.desks.protection.incident import Finding, FindingAnswer, Incident, Inquiry
from tansiq.errors import Malformed, TansiqError
from tansiq.geo import Circle, Point
from tests.unit.desks.airspace.making import ALL, CHARTER, PARTNER, entry, look, notice, text
from tests.unit.registers.making import HEAD, OCTOBER_7, fold, folded, said


def made(kind: type[Act], of: str | None = None, refers: str | None = None, **changes: Any) -> Any:
    """An act of an incident's thread."""
    own: dict[str, Any] = {
        "incident": {"title": text("Windows broken"), "text": text("Debris fell near the field hospital."),
                     "area": Circle((343_700_000, 410_900_000), 2_000), "occurred_from": OCTOBER_7 + 60_000,
                     "occurred_until": OCTOBER_7 + 120_000, "harm": None},
        "inquiry": {"question": text("Whose was it?"), "office": "Inspection", "due": OCTOBER_7 + 86_400_000},
        "finding": {"outcome": "established", "text": text("A survey balloon.")},
        "finding_answer": {"position": "concurs", "reason": None}}
    name = {Incident: "incident", Inquiry: "inquiry", Finding: "finding", FindingAnswer: "finding_answer"}[kind]
    return kind(**{**HEAD, "release": ALL, "kind": name, "thread": of, "refers": (refers or of,) if of else (),
                   **own[name], **changes})


INCIDENT = said(made(Incident), index=0)[0]
INQUIRY = said(made(Inquiry, INCIDENT.id, author="RU"), index=1)[0]
FINDING = said(made(Finding, INCIDENT.id, INQUIRY.id, author="RU"), index=2)[0]


DUE = OCTOBER_7 + 86_400_000
ALONE = msgspec.structs.replace(CHARTER, partners=(
    msgspec.structs.replace(CHARTER.partners[0], exchanges=("notice", "incident")),))
"""A charter whose partner may be told of incidents, and of nothing that follows them."""


def refused(act: Act, *thread: Said, charter: Charter = CHARTER, **common: Any) -> str:
    """The code with which an act is refused; empty: it is admitted."""
    try:
        DESK.rule(act, Thread(thread), Common(**{"time": OCTOBER_7, "index": 9, **common}), charter)
    except TansiqError as error:
        return error.code
    return ""


def test_an_incident_is_inquired_into_found_and_answered() -> None:
    """Any member inquires, one at a time; who inquires finds; each other member answers once, a dissent with its
    reason."""
    assert refused(made(Incident)) == refused(made(Inquiry, INCIDENT.id, author="RU"), INCIDENT) == ""
    assert refused(made(Inquiry, INCIDENT.id, author="SY"), INCIDENT, INQUIRY) == "incident.inquiry"
    finding = made(Finding, INCIDENT.id, INQUIRY.id, author="RU")
    assert refused(finding, INCIDENT, INQUIRY) == "" and refused(finding, INCIDENT) == "incident.finding"
    assert refused(made(Finding, INCIDENT.id, INQUIRY.id, author="SY"), INCIDENT, INQUIRY) == "incident.finding"
    answer = made(FindingAnswer, INCIDENT.id, FINDING.id)
    assert refused(answer, INCIDENT, INQUIRY, FINDING) == "" and refused(answer, INCIDENT, INQUIRY) == "incident.answer"
    told = said(answer, index=3)[0]
    assert refused(answer, INCIDENT, INQUIRY, FINDING, told) == "incident.answered"
    assert refused(made(FindingAnswer, INCIDENT.id, FINDING.id, author="RU"), INCIDENT, INQUIRY,
                   FINDING) == "incident.answered"
    assert refused(made(FindingAnswer, INCIDENT.id, FINDING.id, position="dissents"), INCIDENT, INQUIRY,
                   FINDING) == "finding.reason"


@pytest.mark.parametrize(("changes", "code"), [
    ({"area": Point((0, 0))}, "incident.area"), ({"area": Circle((0, 0), 499)}, "incident.area"),
    ({"occurred_until": OCTOBER_7}, "instant.order"), ({"text": text("")}, "text.empty"),
])
def test_what_no_incident_can_hold(changes: dict[str, Any], code: str) -> None:
    """It is told coarsely, with words and a time."""
    assert refused(made(Incident, **changes)) == code


def test_it_waits_for_somebody_until_every_member_has_spoken(tmp_path: Any) -> None:
    """Each state names whom it waits for, and the notice of air that met its place and time."""
    air = notice()
    incident = made(Incident)
    first = said(incident, index=1)[0].id
    inquiry = made(Inquiry, first, author="RU")
    asked = said(inquiry, index=2)[0].id
    finding = made(Finding, first, asked, author="RU")
    found = said(finding, index=3)[0].id
    registers = folded(tmp_path, entry(0, air), entry(1, incident))
    states = []
    for index, act in enumerate((inquiry, finding, *(
            made(FindingAnswer, first, found, author=code, position=position, reason=reason) for code, position, reason
            in (("IQ", "concurs", None), ("IR", "concurs", None), ("SY", "dissents", text("It was no balloon."))))), 2):
        one = show(look(registers, "IQ")).incidents[0]
        states.append((one.state, one.waits_for))
        fold(registers, entry(index, act))
    last = show(look(registers, "IQ")).incidents[0]
    assert states == [("no_inquiry", ("IQ",)), ("inquiry", ("RU",)), ("answers", ("IQ", "SY", "IR")),
                      ("answers", ("SY", "IR")), ("answers", ("SY",))]
    assert (last.state, last.waits_for, last.positions["SY"]) == ("ended", (), "dissents")
    assert last.notices == (("IQ 1", "IQ"),)
    registers.close()


def told(tmp_path: Path, *acts: Act) -> Registers:
    """Registers that hold these acts, one an entry."""
    tmp_path.mkdir(exist_ok=True)
    return folded(tmp_path, *(entry(index, act, time=OCTOBER_7 + index) for index, act in enumerate(acts)))


def test_its_page_says_the_stage_since_when_and_what_is_owed_by_whom(tmp_path: Path) -> None:
    """Each step names its act and author once it is done; each word is there with its reason, and whose is missing."""
    incident = made(Incident, precedence="flash")
    first = said(incident, index=0)[0].id
    inquiry = made(Inquiry, first, author="RU")
    asked = said(inquiry, index=1)[0].id
    finding = made(Finding, first, asked, author="RU")
    found = said(finding, index=2)[0].id
    why = text("It was no balloon.")
    acts = (incident, inquiry, finding,
            made(FindingAnswer, first, found, author="SY", position="dissents", reason=why),
            made(FindingAnswer, first, found, author="IR"), made(FindingAnswer, first, found))
    seen = []
    for count in range(1, len(acts) + 1):
        registers = told(tmp_path / str(count), *acts[:count])
        read = look(registers, "IQ", now=OCTOBER_7 + 1_000)
        it = panel(read, read.thread(first))
        owed = it.shown.owed.text if it.shown.owed else ""
        seen.append((it.shown.state, it.shown.since_ms - OCTOBER_7, it.shown.waits_for, owed,
                     [step.author for step in it.steps if step.at_ms is not None]))
        registers.close()
    word = "Its word on the finding: that it concurs, or why it dissents."
    assert seen == [
        ("no_inquiry", 0, ("IQ",), "An inquiry: its own, or another's.", ["IQ"]),
        ("inquiry", 1, ("RU",), "A finding.", ["IQ", "RU"]),
        ("answers", 2, ("IQ", "SY", "IR"), word, ["IQ", "RU", "RU"]),
        ("answers", 2, ("IQ", "IR"), word, ["IQ", "RU", "RU"]), ("answers", 2, ("IQ",), word, ["IQ", "RU", "RU"]),
        ("ended", 5, (), "", ["IQ", "RU", "RU", None])]
    assert it.shown.outcome == "established" and it.shown.sentence.fields["against"] == ("SY",)
    assert [(one.author, one.position, one.reason) for one in it.words] == [
        ("SY", "dissents", why), ("IR", "concurs", None), ("IQ", "concurs", None)]
    registers = told(tmp_path / "again", *acts, finding)
    again = show(look(registers, "IQ")).incidents[0]
    assert (again.state, again.positions) == ("answers", {}), "a finding told anew asks every member anew"
    registers.close()


def test_an_inquiry_past_its_day_stands_in_nobodys_way(tmp_path: Path) -> None:
    """It is urgent for whoever owes the finding; another may open an inquiry, and then owes it."""
    incident = made(Incident)
    first = said(incident, index=0)[0].id
    again = made(Inquiry, first, author="SY")
    assert refused(again, INCIDENT, INQUIRY, time=DUE) == "incident.inquiry"
    assert refused(again, INCIDENT, INQUIRY, time=DUE + 1) == ""
    assert refused(again, INCIDENT, INQUIRY, suspended=frozenset({"RU"})) == ""
    registers = told(tmp_path, incident, made(Inquiry, first, author="RU"))
    for now, urgency, barred in ((DUE, "priority", True), (DUE + 1, "immediate", False)):
        need, = needs(look(registers, "RU", now=now))
        assert (need.precedence, need.until_ms, need.act) == (urgency, DUE, first)
        offer, = offers(look(registers, "SY", now=now), registers.thread(first))
        assert (offer.kind, offer.why is not None) == ("inquiry", barred)
    suspended = replace(look(registers, "SY", now=DUE), in_force=lambda at: InForce(CHARTER, frozenset({"RU"})))
    assert show(suspended).incidents[0].waits_for == ("IQ", "SY", "IR")
    fold(registers, entry(2, again))
    assert show(look(registers, "SY", now=OCTOBER_7)).incidents[0].waits_for == ("SY",)
    registers.close()


def test_nobody_waits_for_a_member_that_may_not_speak(tmp_path: Path) -> None:
    """The word of a suspended member is not waited for; when it may speak again, it is."""
    incident = made(Incident)
    first = said(incident, index=0)[0].id
    inquiry = made(Inquiry, first, author="RU")
    asked = said(inquiry, index=1)[0].id
    registers = told(tmp_path, incident, inquiry, made(Finding, first, asked, author="RU"))
    read = look(registers, "IQ")
    assert show(read).incidents[0].waits_for == ("IQ", "SY", "IR")
    quiet = replace(read, in_force=lambda at: InForce(CHARTER, frozenset({"SY"})))
    assert show(quiet).incidents[0].waits_for == ("IQ", "IR")
    registers.close()


def test_it_stands_on_the_map_until_it_has_ended_and_in_the_calendar_until_it_is_found(tmp_path: Path) -> None:
    """As coarsely as it was told, amber while somebody owes something; the day of an inquiry is a date."""
    incident = made(Incident)
    first = said(incident, index=0)[0].id
    inquiry = made(Inquiry, first, author="RU")
    asked = said(inquiry, index=1)[0].id
    finding = made(Finding, first, asked, author="RU")
    found = said(finding, index=2)[0].id
    words = [made(FindingAnswer, first, found, author=code) for code in ("IQ", "SY", "IR")]
    acts = (incident, inquiry, finding, *words)
    drawn, days = [], []
    for count in (1, 2, 3, 6):
        registers = told(tmp_path / str(count), *acts[:count])
        one, = features(look(registers, "SY", now=OCTOBER_7))
        drawn.append((one.geometry["type"], one.style, one.until_ms))
        days.append([(date.from_ms, date.act) for date in dates(look(registers, "SY", now=OCTOBER_7))])
        registers.close()
    assert drawn == [("Polygon", "waiting", None)] * 3 + [("Polygon", "plain", OCTOBER_7 + 5)]
    assert days == [[], [(DUE, first)], [], []]


def test_an_incident_that_a_partner_reads_goes_on_where_the_charter_lets_it(tmp_path: Path) -> None:
    """Members and partner inquire, find and answer; nobody waits for the partner's word, which is shown."""
    everyone = tuple(sorted((*ALL, PARTNER)))
    incident = made(Incident, author=PARTNER, release=everyone)
    first = said(incident, index=0)[0].id
    registers = told(tmp_path, incident)
    assert show(look(registers, "IQ")).incidents[0].waits_for == ("IQ", "SY", "IR", "RU"), "no member told of it"
    assert [offer.why for offer in offers(look(registers, PARTNER), registers.thread(first))] == [None]
    inquiry = made(Inquiry, first, author="RU", release=everyone)
    asked = said(inquiry, index=1)[0].id
    finding = made(Finding, first, asked, author="RU", release=everyone)
    found = said(finding, index=2)[0].id
    fold(registers, entry(1, inquiry), entry(2, finding), *(
        entry(index, made(FindingAnswer, first, found, author=code, release=everyone))
        for index, code in enumerate(("IQ", "SY", "IR"), 3)))
    assert show(look(registers, PARTNER)).incidents[0].state == "ended"
    word = made(FindingAnswer, first, found, author=PARTNER, release=everyone, position="dissents", reason=text("No."))
    fold(registers, entry(6, word))
    one = show(look(registers, "IQ")).incidents[0]
    assert (one.state, one.positions[PARTNER], one.sentence.fields["against"]) == ("ended", "dissents", (PARTNER,))
    registers.close()


def test_a_member_is_told_at_once_that_nobody_could_go_on(tmp_path: Path) -> None:
    """Where the charter lets the partner exchange incidents and nothing after them, a member's is refused while it is
    said; what is in the journal counts, and each page says why nothing follows."""
    everyone = tuple(sorted((*ALL, PARTNER)))
    incident = made(Incident, release=everyone)
    assert refused(incident, charter=ALONE, own=lambda *_, **__: None) == "protection.partner"
    assert refused(incident, charter=ALONE) == refused(incident, own=lambda *_, **__: None) == ""
    assert refused(made(Incident), charter=ALONE, own=lambda *_, **__: None) == ""
    assert refused(made(Incident, author=PARTNER, release=everyone), charter=ALONE, own=lambda *_, **__: None) == ""
    registers = told(tmp_path, incident)
    read = replace(look(registers, "IQ"), charter=ALONE)
    offer, = offers(read, registers.thread(said(incident, index=0)[0].id))
    assert offer.why is not None and offer.why == show(read).incidents[0].sentence
    registers.close()


def test_an_old_incident_is_not_passed_over_for_newer_ones(tmp_path: Path) -> None:
    """Whatever has not ended is found among any number that were told later, and nothing that has ended is."""
    oldest = made(Incident)
    registers = told(tmp_path, oldest)
    for index in range(1, 212):
        fold(registers, entry(index, made(Incident, author="SY")))
    waits = [said(made(Incident, author="SY"), index=211)[0].id, said(oldest, index=0)[0].id]
    for index, act in enumerate(registers.query("protection", "unended", members=ALL)[1:-1], 1):
        inquiry = made(Inquiry, act, author="RU")
        asked = said(inquiry, index=1_000 * index)[0].id
        finding = made(Finding, act, asked, author="RU")
        words = [made(FindingAnswer, act, said(finding, index=1_000 * index + 1)[0].id, author=code)
                 for code in ("IQ", "IR", "SY")]
        fold(registers, *(entry(1_000 * index + place, one) for place, one in enumerate((inquiry, finding, *words))))
    assert registers.query("protection", "unended", members=ALL) == waits
    assert [need.act for need in needs(look(registers, "IQ"))] == [waits[1]]
    pages = [show(look(registers, "IQ", **({"offset": str(at)} if at else {}))) for at in range(0, 225, 25)]
    assert [one.act for one in pages[0].incidents[:2]] == waits and pages[0].incidents[1].state == "no_inquiry"
    shown = [one.act for page in pages for one in page.incidents]
    assert len(shown) == len(set(shown)) == 212 and [page.more for page in pages] == [True] * 8 + [False]
    assert {page.sentence.fields["count"] for page in pages} == {2}
    for given in ("-1", "x", "٣", "99999999"):
        with pytest.raises(Malformed):
            show(look(registers, "IQ", offset=given))
    registers.close()
