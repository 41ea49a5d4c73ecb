"""Templates and presets on the floor: kept from a draft, begun from, dropped; each office has its own."""

from __future__ import annotations

import re

import pytest

from tests.unit.web.conftest import Visit
from tests.unit.web.test_drafts import FORM, TYPED


def _draft(visit: Visit, form: str = FORM, **changed: object) -> str:
    answer = visit.client.post(f"{form}/draft", data={**TYPED, **changed}, params={"lang": "en"})
    found = re.search(r'data-draft="(\w+)"', answer.text)
    assert answer.status_code == 200 and found is not None, answer.text
    return found.group(1)


def _post(visit: Visit, step: str, name: str, draft: str = "", form: str = FORM) -> tuple[int, str]:
    answer = visit.client.post(f"{form}/named/{step}", data={"draft": draft, "named": name}, params={"lang": "en"},
                               follow_redirects=False)
    return answer.status_code, answer.headers.get("location") or answer.text


def test_a_template_begins_another_days_report(visit: Visit) -> None:
    """Words, place, grade and readers are there again; the hour is not; the draft that it came from stays."""
    visit.enter("IQ-releaser")
    draft = _draft(visit)
    assert _post(visit, "keep-template", "Morning ferry", draft) == (303, f"{FORM}?draft={draft}")
    visit.enter("IQ-drafter")
    assert "?template=Morning+ferry" in visit.client.get(FORM).text.replace("%20", "+")
    page = visit.client.get(FORM, params={"template": "Morning ferry"}).text
    assert "It stopped at dusk." in page and "37S GU 6788 1957" in page and "2015-10-08 02:50" not in page
    assert re.search(r'name="release" value="RU"[^>]* checked', page) and not re.search(
        r'name="release" value="SY"[^>]* checked', page)
    assert visit.centre.size == 0


def test_a_preset_stands_beside_the_readers(visit: Visit) -> None:
    """Its button names the codes; it is offered on every desk's form, and gone once dropped."""
    visit.enter("IQ-releaser")
    assert _post(visit, "keep-preset", "With Moscow", _draft(visit))[0] == 303
    other = "/desks/reconnaissance/say/coverage"
    for form in (FORM, other):
        assert re.search(r'data-readers="IQ RU" data-only><bdi>With Moscow<', visit.client.get(form).text), form
    assert _post(visit, "drop-preset", "With Moscow", form=other) == (303, f"{other}?")
    assert "With Moscow" not in visit.client.get(FORM).text


def test_an_office_sees_its_own_names_only(visit: Visit) -> None:
    """Another member's officers, and other kinds of act, have none of them."""
    visit.enter("IQ-releaser")
    draft = _draft(visit)
    _post(visit, "keep-template", "Morning ferry", draft)
    assert "Morning ferry" not in visit.client.get("/desks/reconnaissance/say/coverage").text
    visit.enter("SY-releaser")
    assert "Morning ferry" not in visit.client.get(FORM).text
    refused = visit.client.get(FORM, params={"template": "Morning ferry", "lang": "en"})
    assert refused.status_code == 403 and "No template is kept under the name" in refused.text
    assert _post(visit, "drop-template", "Morning ferry")[0] == 303
    visit.enter("IQ-releaser")
    assert "Morning ferry" in visit.client.get(FORM).text
    assert _post(visit, "keep-template", "Stolen", "0" * 32)[0] == 403


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\nb", "bent\u202ename"])
def test_a_bad_name_is_said_beside_it(visit: Visit, name: str) -> None:
    """One sentence in the open panel; what was typed stands in the form as before."""
    visit.enter("IQ-releaser")
    status, page = _post(visit, "keep-template", name, _draft(visit))
    assert status == 400 and '<details class="panel named" open>' in page and "It stopped at dusk." in page
    assert "A name is one line of 1 to 60 characters." in page


def test_a_persian_name_keeps_its_joiner(visit: Visit) -> None:
    """The sign that joins nothing (U+200C) is spelling, no trick."""
    visit.enter("IR-releaser")
    assert _post(visit, "keep-template", "گزارش دیده\u200cبانی", _draft(visit))[0] == 303
    assert "گزارش دیده\u200cبانی" in visit.client.get(FORM).text


def test_nothing_typed_keeps_nothing(visit: Visit) -> None:
    """Without a draft there is nothing to keep, and an unknown step is none; a reader keeps nothing at all."""
    visit.enter("IQ-releaser")
    assert _post(visit, "keep-template", "Empty")[0] == 400
    assert "Nothing has been typed here yet" in _post(visit, "keep-preset", "Empty")[1]
    assert _post(visit, "send-preset", "Empty", _draft(visit))[0] == 400
    assert "Empty" not in visit.client.get(FORM).text
    visit.enter("IQ-reader")
    assert _post(visit, "keep-template", "Mine")[0] == 403 and "Templates and presets" not in visit.client.get(FORM).text


def test_an_answer_is_no_part_of_a_template(visit: Visit) -> None:
    """A template of an answer serves another conversation: its link takes along what is answered now."""
    visit.enter("IQ-releaser")
    report = visit.client.post(FORM, data=TYPED, follow_redirects=False).headers["location"].rsplit("/", 1)[1]
    form = "/desks/intelligence/say/correction"
    draft = _draft(visit, form, to=report)
    assert _post(visit, "keep-template", "Wrong again", draft, form)[0] == 303
    assert visit.client.get(form, params={"template": "Wrong again"}).status_code == 400
    page = visit.client.get(form, params={"to": report}).text
    assert f"template=Wrong%20again&amp;to={report}" in page.replace("+", "%20")
    assert visit.client.get(form, params={"template": "Wrong again", "to": report}).status_code == 200
