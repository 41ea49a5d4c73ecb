"""An incident is followed to its finding, and nothing closes silently."""

from __future__ import annotations

from typing import Any

import pytest

from tansiq.acts import Act
from tansiq.cell.desk import Common, Said, Thread
from tansiq.desks.protection import DESK
from tansiq.desks.protection.following import show
from tansiq.desks.protection.incident import Finding, FindingAnswer, Incident, Inquiry
from tansiq.errors import TansiqError
from tansiq.geo import Circle, Point
from tests.unit.desks.airspace.making import ALL, CHARTER, entry, look, notice, text
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


def refused(act: Act, *thread: Said) -> str:
    """The code with which an act is refused; empty: it is admitted."""
    try:
        DESK.rule(act, Thread(thread), Common(time=OCTOBER_7, index=9), CHARTER)
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
