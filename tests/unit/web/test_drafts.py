"""Drafts on the floor: kept as one types, read back, handed in, said by who may; and the last look before sealing."""

from __future__ import annotations

import re

import pytest

from tests.unit.web.conftest import Visit

FORM = "/desks/intelligence/say/report"
TYPED = {"text": "The ferry does not run. It stopped at dusk.", "place": "37S GU 6788 1957", "lang": "en",
         "occurred_from": "2015-10-08 02:50", "occurred_from_zone": "Asia/Baghdad", "source_reliability": "B",
         "information_credibility": "2", "release": ["IQ", "RU"], "precedence": "priority"}


def _keep(visit: Visit, **changed: object) -> tuple[str, str]:
    answer = visit.client.post(f"{FORM}/draft", data={**TYPED, **changed}, params={"lang": "en"})
    assert answer.status_code == 200, answer.text
    found = re.search(r'data-draft="(\w+)"', answer.text)
    assert found is not None
    return found.group(1), answer.text


def test_what_is_typed_is_kept_and_read_back(visit: Visit) -> None:
    """A draft is kept under one id as it grows; opened again, the form holds every field; said, it is gone."""
    visit.enter("IQ-releaser")
    first, _ = _keep(visit, text="The ferry")
    again, _ = _keep(visit, draft=first)
    assert again == first and visit.centre.size == 0
    listed = visit.client.get("/drafts").text
    assert "The ferry does not run" in listed
    form = visit.client.get(FORM, params={"draft": first}).text
    assert "It stopped at dusk." in form and "37S GU 6788 1957" in form and f'value="{first}"' in form
    said = visit.client.post(FORM, data={**TYPED, "draft": first}, follow_redirects=False)
    assert said.status_code == 303 and visit.centre.size == 1
    assert "The ferry does not run" not in visit.client.get("/drafts").text


def test_a_report_takes_five_fields(visit: Visit) -> None:
    """Title and end are spoken for by text and beginning; an hour of Baghdad is read in its own zone."""
    visit.enter("IQ-releaser")
    assert len(re.findall(r'data-field="[1-9]"', visit.client.get(FORM).text)) == 5
    where = visit.client.post(FORM, data=TYPED, follow_redirects=False).headers["location"]
    page = visit.client.get(where, params={"lang": "en"}).text
    assert ">The ferry does not run</h1>" in page and "7 Oct 2015" in page and "23:50Z" in page


def test_the_last_look_shows_how_it_would_read(visit: Visit) -> None:
    """Words, grade, readers, the place in degrees with whose land it is; and that the rules admit it."""
    visit.enter("IQ-releaser")
    _, look = _keep(visit)
    assert "It stopped at dusk." in look and "34.48" in look and "territory: Iraq" in look and "B: usually reliable" in look
    assert "admit it as it stands" in look and "not yet" in look


@pytest.mark.parametrize(("changed", "sign"), [
    ({"place": "99, 200"}, 'data-note="place" data-bad'), ({"occurred_from": "at dawn"}, 'data-note="occurred_from" data-bad'),
])
def test_a_fault_stands_at_its_field_while_one_types(visit: Visit, changed: dict[str, str], sign: str) -> None:
    """What cannot be read is noted at its field; what is only missing is not; and the draft is kept all the same."""
    visit.enter("IQ-releaser")
    _, look = _keep(visit, **changed)
    assert sign in look and "admit it" not in look
    _, unfinished = _keep(visit, text="")
    assert "data-bad" not in unfinished and 'class="sentence bad"' not in unfinished


def test_what_a_drafter_sends_waits_to_be_cleared(visit: Visit) -> None:
    """A drafter's form becomes a paper, its draft is gone, and the duty officer's list says that it waits."""
    visit.enter("IQ-drafter")
    draft, _ = _keep(visit)
    handed = visit.client.post(FORM, data={**TYPED, "draft": draft}, follow_redirects=False)
    assert handed.headers["location"].startswith("/papers/"), handed.text
    assert "The ferry does not run" not in visit.client.get("/drafts").text
    visit.enter("IQ-releaser")
    assert "A paper waits for you to clear it" in visit.client.get("/", params={"lang": "en"}).text
    visit.client.post(handed.headers["location"] + "/back", data={"note": "Which ferry?"})
    visit.enter("IQ-drafter")
    assert "Your paper was given back" in visit.client.get("/").text


def test_nobody_opens_anothers_draft(visit: Visit) -> None:
    """A draft is its officer's alone; a reader keeps none."""
    visit.enter("IQ-drafter")
    draft, _ = _keep(visit)
    for officer in ("IQ-releaser", "SY-releaser"):
        visit.enter(officer)
        assert visit.client.get(FORM, params={"draft": draft}).status_code == 403
        visit.client.post(f"/drafts/{draft}/drop")
    visit.enter("IQ-reader")
    assert visit.client.post(f"{FORM}/draft", data=TYPED).status_code == 403
    visit.enter("IQ-drafter")
    assert "The ferry does not run" in visit.client.get("/drafts").text
    visit.client.post(f"/drafts/{draft}/drop")
    assert "The ferry does not run" not in visit.client.get("/drafts").text


def test_what_was_said_near_there_stands_beside(visit: Visit) -> None:
    """A report of the same place and day is shown beside the form; one that the member cannot read is not."""
    visit.enter("IQ-releaser")
    visit.client.post(FORM, data={**TYPED, "text": "Known to both."}, follow_redirects=False)
    visit.enter("SY-releaser")
    assert "Known to both" not in _keep(visit, release=["SY"])[1]
    visit.enter("RU-releaser")
    assert "Known to both" in _keep(visit, release=["RU"])[1]
