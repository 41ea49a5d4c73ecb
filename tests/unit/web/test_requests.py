"""Requests on the floor: what cannot be said stays as it was typed, and a place stands on its own page alone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.unit.web.conftest import Visit

TYPED: dict[str, Any] = {
    "title": "Water for the camp", "support": "logistics", "asked_of": ["RU"], "purpose": "Exercise: twelve units.",
    "answer_by": "2015-10-09T12:00Z", "needed_from": "2015-10-09T00:00Z", "needed_until": "2015-10-12T12:00Z",
    "place": "circle 33.2157 44.2668; 2 km", "foreign_personnel": "none", "facility": "none", "duration_days": "2",
    "release": ["IQ", "IR", "RU", "SY"], "precedence": "routine", "lang": "en", "handling": "CENTRE"}
SAY = "/desks/support/say/request"


def said(visit: Visit, **changes: Any) -> Any:
    """Send the form."""
    return visit.client.post(f"{SAY}?lang=en", data=TYPED | changes, follow_redirects=False)


@pytest.mark.parametrize(("field", "typed", "sentence"), [
    ("place", "polygon 33 44; 34 45; 34 44; 33 45", "cross or touch each other"),
    ("place", "line 0 179; 0 -179", "180 degrees is given as two"),
    ("place", "circle 89.9 0; 5 km", "degree of a pole"),
    ("place", "44.3661 33.3152", "with its two numbers exchanged"),
    ("place", "0 0", "lies in the sea"),
    ("place", "38S MB 4123 86543", "2, 4, 6, 8 or 10 digits"),
    ("needed_until", "2015-10-08T00:00Z", "lies before the beginning"),
    ("answer_by", "2015-10-20T00:00Z", "after the end of what is asked"),
    ("quantity", "many", "whole number"),
    ("duration_days", "99999", "days"),
])
def test_what_cannot_be_said_stays_as_it_was_typed(visit: Visit, field: str, typed: str, sentence: str) -> None:
    """One sentence at the field, and everything that was typed is still there."""
    visit.enter("IQ-releaser")
    answer = said(visit, **{field: typed})
    assert answer.status_code in (400, 403, 409), answer.text[:200]
    text = answer.text
    assert f'id="fault-{field}"' in text and sentence in text
    assert typed in text and "Water for the camp" in text and "Exercise: twelve units." in text


def test_a_place_stands_on_its_page_and_on_no_map(visit: Visit) -> None:
    """The thread's page shows it; the points of lists and of the thread are empty."""
    visit.enter("IQ-releaser")
    answer = said(visit)
    assert answer.status_code == 303, re.findall(r'role="alert">.*?</p>', answer.text)
    page = visit.client.get(answer.headers["location"])
    assert "33.2157, 44.2668" in page.text
    act = answer.headers["location"].rsplit("/", 1)[-1]
    for address in ("/map/acts.json?desk=support", f"/map/thread/{act}"):
        assert visit.client.get(address).json()["features"] == []
    assert "33.2157" not in visit.client.get("/desks/support/requests").text
    assert "33.2157" not in visit.client.get("/desks/support").text
