"""What may be said of watches and sightings, by whom, and how it is typed."""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.acts import Act
from tansiq.cell.desk import Common, Said, Thread
from tansiq.desks import catalogue
from tansiq.desks.fields import compose
from tansiq.desks.reconnaissance import DESK
from tansiq.desks.reconnaissance.lines import read_sightings, write_sightings
from tansiq.errors import Malformed, Refused
from tansiq.geo import Point
from tests.unit.desks.reconnaissance.making import HOUR_MS, coverage, seen, sighting
from tests.unit.registers.making import OCTOBER_7, said

CHARTER: Any = None
WATCH = said(coverage(), index=0)[0]
BATCH = said(sighting(), index=0)[0]


def rule(act: Act, *thread: Said) -> None:
    """Rule on *act* below *thread*."""
    DESK.rule(act, Thread(thread), Common(time=OCTOBER_7, index=9), CHARTER)


def test_a_watch_and_a_batch_are_admitted_and_told_again() -> None:
    """Each begins a thread; its author tells it again, a batch also empty: taken back."""
    rule(coverage())
    rule(sighting())
    rule(coverage(thread=WATCH.id, refers=(WATCH.id,), ends=OCTOBER_7 + HOUR_MS), WATCH)
    rule(sighting(thread=BATCH.id, refers=(BATCH.id,), sightings=()), BATCH)


def test_only_its_author_tells_it_again() -> None:
    """Another member's act in the thread is refused, and so is one that refers elsewhere or is of another kind."""
    for act, first in ((coverage(author="RU"), WATCH), (sighting(author="RU"), BATCH)):
        with pytest.raises(Refused, match="Only IQ"):
            rule(msgspec.structs.replace(act, thread=first.id, refers=(first.id,)), first)
    for act in (coverage(thread=WATCH.id), sighting(thread=WATCH.id, refers=(WATCH.id,))):
        with pytest.raises(Refused) as refused:
            rule(act, WATCH)
        assert refused.value.code == "reconnaissance.refers"


def test_a_watch_stays_with_its_sector() -> None:
    """Told again, a coverage names the same sector, and is kept or asked as before."""
    for changed in ({"sector": "S3"}, {"watch": "asked"}):
        with pytest.raises(Refused) as refused:
            rule(coverage(thread=WATCH.id, refers=(WATCH.id,), **changed), WATCH)
        assert refused.value.field == "sector"


@pytest.mark.parametrize(("field", "value"), [
    ("sector", ""), ("sector", "x" * 41), ("sector", "two\nlines"), ("area", Point((910_000_000, 0))),
    ("begins", -3_000_000_000_000), ("ends", OCTOBER_7), ("ends", OCTOBER_7 + 367 * 86_400_000),
])
def test_what_no_watch_can_hold_names_its_field(field: str, value: object) -> None:
    """The rule refuses it at every cell."""
    with pytest.raises(Malformed) as refused:
        rule(coverage(**{field: value}))
    assert refused.value.field == field


@pytest.mark.parametrize("wrong", [
    {"what": ""}, {"what": "x" * 201}, {"track": "x" * 21}, {"sidc": "SFGPU"}, {"sidc": "1" * 21},
    {"sidc": "sfgpu----------"}, {"at": (900_000_001, 0)}, {"accuracy_m": -1}, {"seen_at": 5_000_000_000_000},
    {"external_id": "two\nlines"},
])
def test_the_first_sighting_at_fault_is_named_by_its_number(wrong: dict[str, Any]) -> None:
    """One sentence tells which of the batch, and why."""
    with pytest.raises(Malformed, match=r"\. It is sighting 2 of the batch\.$") as refused:
        rule(sighting(seen(), seen(**wrong), seen(what="")))
    assert (refused.value.code, refused.value.field) == ("sighting.line", "sightings")


@pytest.mark.parametrize("sidc", ["SFGPUCIZ--AA---", "S*G*U----------", "1" * 20, "10031000001211000000" + "0" * 10])
def test_codes_of_old_and_new_editions_are_taken(sidc: str) -> None:
    """Fifteen letters and dashes, twenty digits or thirty: what they mean is not judged."""
    rule(sighting(seen(sidc=sidc)))


def test_an_empty_batch_and_one_too_long_are_refused() -> None:
    """Nothing seen is nothing to say; and a batch has a limit."""
    for batch in ((), (seen(),) * 1_025):
        with pytest.raises(Malformed) as refused:
            rule(sighting(sightings=batch))
        assert refused.value.field == "sightings"


def test_hundreds_of_sightings_fit_one_act() -> None:
    """A batch of everyday sightings stays below the size of an act."""
    act = sighting(*(seen(seen_at=OCTOBER_7 + n, what="Lorry, moving east") for n in range(350)))
    assert catalogue().parse(catalogue().write(act))[1] == act


def test_a_batch_is_typed_one_on_a_line() -> None:
    """When, where and what; accuracy, code and track may be left out; digits of any script."""
    typed = ("2015-10-30T05:40Z | 34.37, 41.09 ± 50 m | Three lorries, moving east | sugpu---------- | T12\n\n"
             "٢٠١٥-١٠-٣٠T06:00+03:00 | ۳۴٫۳۸ ۴۱٫۱۰ | شاحنة واقفة")
    given = {"title": "Lorries", "lang": "en", "means": "post", "source_reliability": "B",
             "information_credibility": "2", "sightings": typed}
    first, second = compose(DESK.form("sighting"), given)["sightings"]
    assert first == {"seen_at": 1_446_183_600_000, "place": {"lat": 343_700_000, "lon": 410_900_000, "accuracy_m": 50},
                     "what": "Three lorries, moving east", "sidc": "SUGPU----------", "track": "T12",
                     "external_id": None}
    assert (second["seen_at"], second["place"]["lat"]) == (1_446_174_000_000, 343_800_000)
    assert second["what"] == "شاحنة واقفة"


@pytest.mark.parametrize(("line", "why"), [
    ("noon | 34, 41 | lorry", "no day and time"), ("2015-10-30T05:40 | 34, 41 | lorry", "no time zone"),
    ("2015-10-30T05:40Z | nowhere | lorry", "nowhere"), ("2015-10-30T05:40Z | 34, 41", "set apart by bars"),
    ("2015-10-30T05:40Z | 34, 41 | lorry | SFGP", "no APP-6 code"), ("2015-10-30T05:40Z | 94, 41 | lorry", "94"),
])
def test_a_line_that_cannot_be_read_is_named(line: str, why: str) -> None:
    """The sentence names the line and what is wrong with it; the field is that of the form."""
    good = "2015-10-30T05:40Z | 34.37, 41.09 | lorry"
    given = {"title": "Lorries", "lang": "en", "means": "post", "source_reliability": "B",
             "information_credibility": "2", "sightings": f"{good}\n{line}"}
    with pytest.raises(Malformed, match="sighting 2 of") as refused:
        compose(DESK.form("sighting"), given)
    assert why in str(refused.value) and refused.value.field == "sightings"


WORDS = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"),
                              blacklist_characters="|"), min_size=1, max_size=40).map(str.strip).filter(bool)


@given(st.lists(st.fixed_dictionaries({
    "seen_at": st.integers(0, 4_000_000_000_000), "what": WORDS,
    "place": st.fixed_dictionaries({"lat": st.integers(-899_999_999, 899_999_999),
                                    "lon": st.integers(-1_799_999_999, 1_799_999_999),
                                    "accuracy_m": st.none() | st.integers(0, 99_999)}),
    "sidc": st.none() | st.just("SFGPU----------"), "track": st.none() | st.just("T 1"),
    "external_id": st.none() | st.just("a/1")}), max_size=5))
def test_what_is_written_is_read_again(batch: list[dict[str, Any]]) -> None:
    """A batch as its page shows it can be typed again, and is the same batch."""
    for one in batch:
        one["what"] = unicodedata.normalize("NFC", one["what"])
    assert read_sightings(write_sightings(batch), "sightings") == batch
