"""What people type becomes fields, or one sentence that names the field at fault."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.desks import intelligence
from tansiq.desks.fields import compose, draft_type
from tansiq.errors import Malformed, TansiqError
from tests import trial_desk

REPORT = intelligence.DESK.form("report")
READING = trial_desk.DESK.form("reading")
TYPED: dict[str, str] = {
    "lang": "en", "title": "Convoy", "text": "Eleven lorries.", "occurred_from": "2015-10-07T09:30+03:00",
    "occurred_until": "2015-10-07 10:00", "zone": "Asia/Baghdad", "place": "33.3152, 44.3661",
}
GAUGED = {"station": "Samarra", "note": "High", "note_lang": "en", "level_cm": "٣١٠",
          "measured_at": "2015-10-07T06:30Z", "place": "34.2 43.9", "trend": "۳"}


def typed(**changes: Any) -> dict[str, Any]:
    """A report as typed, with *changes*."""
    return {**TYPED, **changes}


def fault(**changes: Any) -> Malformed:
    """The refusal of a report as typed with *changes*."""
    with pytest.raises(Malformed) as refused:
        compose(REPORT, typed(**changes))
    assert str(refused.value).endswith((".", "?"))
    return refused.value


def test_a_report_is_composed() -> None:
    """Texts carry their language, instants are UTC milliseconds, degrees are ten-millionths; defaults are filled in."""
    assert compose(REPORT, TYPED) == {
        "title": {"lang": "en", "text": "Convoy"}, "text": {"lang": "en", "text": "Eleven lorries."},
        "occurred_from": 1_444_199_400_000, "occurred_until": 1_444_201_200_000,
        "place": {"lat": 333_152_000, "lon": 443_661_000, "accuracy_m": None}, "place_name": None,
        "source_reliability": "F", "information_credibility": "6", "source": None, "external_id": None}


def test_every_widget_reads_digits_of_any_script() -> None:
    """Numbers, choices, places and instants in Arabic or Persian digits mean what Latin ones mean."""
    made = compose(READING, {**GAUGED, "marks": "flood، bridge; night", "about": "iq ٤١٢/۷", "place_accuracy_m": "۵۰",
                             "measured_at": "٢٠١٥-١٠-٠٧T٠٦:٣٠Z"})
    assert (made["level_cm"], made["trend"], made["measured_at"]) == (310, 3, 1_444_199_400_000)
    assert made["place"] == {"lat": 342_000_000, "lon": 439_000_000, "accuracy_m": 50}
    assert (made["marks"], made["about"]) == (("flood", "bridge", "night"), "IQ 412/7")
    assert compose(REPORT, typed(place="٣٣٫٣١٥٢, ٤٤٫٣٦٦١"))["place"]["lat"] == 333_152_000


def test_the_heads_choices_are_taken_along() -> None:
    """Release is sorted, each once; precedence is one that exists; a form says the rest as it was typed."""
    made = compose(REPORT, typed(release="RU, IQ,RU", precedence="flash", handling="restricted", refers=""))
    assert (made["release"], made["precedence"], made["handling"]) == (("IQ", "RU"), "flash", "restricted")
    assert "refers" not in made
    assert compose(REPORT, typed(release=["SY", "IQ"]))["release"] == ("IQ", "SY")
    assert fault(precedence="urgent").field == "precedence"


@pytest.mark.parametrize("field, text, code", [
    ("title", "", "field.missing"), ("title", "  ", "field.missing"), ("title", "x" * 201, "text.long"),
    ("title", "x" * 3_000, "text.long"), ("text", "x" * 20_001, "text.long"), ("text", "x" * 70_000, "text.long"),
    ("title", "a\0b", "text.controls"), ("title", "a\nb", "text.controls"), ("text", "a\0b", "text.controls"),
    ("text", "half \ud800", "text.controls"), ("place_name", "Bagh\u202edad", "text.controls"),
    ("place_name", "a\u2066b", "text.controls"), ("source", "x" * 501, "text.long"),
    ("occurred_from", "yesterday", "instant.form"), ("occurred_from", "2015-10-07", "instant.form"),
    ("occurred_from", "2015-13-07T09:30Z", "instant.form"), ("occurred_from", "2015-10-07T25:30Z", "instant.form"),
    ("occurred_from", "1815-06-18T11:00Z", "instant.range"), ("occurred_until", "2015-10-07T06:00Z", "instant.order"),
    ("occurred_from", "9" * 5_000, "instant.form"), ("place", "somewhere", None), ("place", "NaN, NaN", None),
    ("place", "91, 44", None), ("place", "33, 181", None), ("place", "1e400, 0", None),
    ("source_reliability", "G", "field.choice"), ("information_credibility", "7", "field.choice"),
])
def test_what_cannot_be_taken_names_its_field(field: str, text: str, code: str | None) -> None:
    """Empty, huge, mistyped and dangerous input costs one sentence, and the field is named."""
    refused = fault(**{field: text})
    assert refused.field == field
    assert code is None or refused.code == code


@pytest.mark.parametrize("text", ["12.5", "NaN", "1e3", "ten", "9" * 17, "0x10", "--1", "١٢٫٥"])
def test_a_number_is_whole(text: str) -> None:
    """What is no whole number is refused; nothing is rounded in silence."""
    with pytest.raises(Malformed) as refused:
        compose(READING, {**GAUGED, "level_cm": text})
    assert refused.value.field == "level_cm"


def test_an_instant_needs_its_zone() -> None:
    """Without offset or zone, in a zone that is none, or at an hour that clocks show twice, an instant is refused."""
    for zone in ("", "Asia/Nowhere", "../../etc/passwd", "Asia", "x" * 300):
        refused = fault(occurred_from="2015-10-07T09:30", zone=zone)
        assert (refused.code, refused.field) == ("instant.zone", "occurred_from")
    assert fault(occurred_from="2015-10-25T02:30", zone="Europe/Berlin").code == "instant.twice"
    assert fault(occurred_from="2015-03-29T02:30", zone="Europe/Berlin").code == "instant.twice"
    made = compose(REPORT, typed(occurred_from="2015-10-07T06:30", occurred_from_zone="UTC"))
    assert made["occurred_from"] == 1_444_199_400_000


def test_a_text_keeps_signs_of_direction_and_lines() -> None:
    """Bidi signs in a text are kept, for pages to show; line ends become one sign; letters are put into NFC."""
    made = compose(REPORT, typed(text="a\u202eb\r\nc\te\u0301\rf"))
    assert made["text"]["text"] == "a\u202eb\nc\té\nf"
    assert compose(REPORT, typed(title="می\u200cرود"))["title"]["text"] == "می\u200cرود"


def test_unknown_doubled_and_languageless_fields_are_refused() -> None:
    """A key that no field has, a field given twice, and a text without its language are named."""
    assert (fault(colour="red").code, fault(colour="red").field) == ("field.unknown", "colour")
    assert fault(title=["a", "b"]).field == "title"
    assert fault(title=[7]).field == "title"
    assert fault(lang="").code == "field.lang"
    assert fault(lang="english").code == "text.lang"


def test_what_a_kind_cannot_hold_is_refused_at_the_form() -> None:
    """A check that is the kind's own is made before the act is said."""
    with pytest.raises(Malformed) as refused:
        compose(READING, {**GAUGED, "level_cm": "99999"})
    assert (refused.value.code, refused.value.field) == ("trial.level", "level_cm")


@given(st.dictionaries(st.sampled_from(sorted(TYPED)), st.text(max_size=60)))
def test_whatever_is_typed_is_taken_or_refused(changes: dict[str, str]) -> None:
    """Nothing that can be typed breaks the form, and what is taken fits the kind's type."""
    try:
        made = compose(REPORT, typed(**changes))
    except TansiqError as error:
        assert str(error)
    else:
        msgspec.convert({**made, "release": ("IQ",)}, draft_type(REPORT))


def test_a_draft_holds_a_kinds_own_fields_and_what_the_speaker_chooses() -> None:
    """An API's body is typed: null fields may be left out, unknown ones and wrong types are refused."""
    made = {**compose(REPORT, TYPED), "release": ["IQ", "RU"]}
    draft = draft_type(REPORT)
    whole: Any = msgspec.json.decode(msgspec.json.encode(made), type=draft)
    assert (whole.precedence, whole.handling, whole.topic, whole.refers) == ("routine", "", None, ())
    assert draft.__name__ == "ReportDraft" and draft_type(REPORT) is draft
    for wrong in ({"colour": 1}, {"occurred_from": 1.5}, {"precedence": "now"}, {"place": {"lat": 1}}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(msgspec.json.encode({**made, **wrong}), type=draft)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(compose(REPORT, TYPED), draft)
