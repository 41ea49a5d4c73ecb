"""The charters that come with the program, and what a charter is to those who hold it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tansiq import charter as room
from tansiq.charter import Charter, parse_charter, show, term_at
from tansiq.charter.labels import LABELS
from tansiq.errors import Malformed
from tests.unit.charter.conftest import CHARTERS, SMALL

ROOM = Path(room.__file__).parent


def test_kept_to_the_byte(small: Charter) -> None:
    """The charter keeps the text that it was read from; it is the same charter when the text is the same."""
    assert small.text == SMALL
    assert small == parse_charter(SMALL) and hash(small) == hash(parse_charter(SMALL))
    assert small != parse_charter(SMALL + "# another\n")


def test_frozen(small: Charter) -> None:
    """Nothing in a charter can be set."""
    with pytest.raises(AttributeError):
        small.id = "other"  # type: ignore[misc]


def test_found_by_code(small: Charter) -> None:
    """Members, partners, kinds of support, articles and owners are found by their codes, or are not there."""
    member, partner = small.member("BB"), small.partner("PP")
    support, article = small.support_of("goods"), small.article(2)
    assert member and partner and support and article
    assert (member.code, partner.code, support.id, article.number) == ("BB", "PP", "goods", 2)
    assert (small.member("PP"), small.partner("BB"), small.support_of("x"), small.article(9)) == (None,) * 4
    assert (small.owner("BBB"), small.owner("ZZZ")) == ("BB", None)


def test_demonstration(baghdad: Charter) -> None:
    """Four members and a partner who is kept clear of; Baghdad's seat; an exercise, and says so."""
    assert sorted(member.code for member in baghdad.members) == ["IQ", "IR", "RU", "SY"]
    assert [partner.exchanges for partner in baghdad.partners] == [
        ("notice", "adjustment", "activation", "closing", "footprint", "line_check", "incident",
         "inquiry", "finding", "finding_answer")]
    assert baghdad.exercise and "exercise" in baghdad.disclaimers[0]["en"]
    assert baghdad.seat.place["en"] == "Baghdad" and baghdad.borders.margin_km == 20


def test_scenario_lies_in_iraqs_term(baghdad: Charter) -> None:
    """From the announcement to the end of October 2015 the chair is Iraq's."""
    for instant in (1_443_301_200_000, 1_446_249_600_000):
        term = term_at(baghdad, instant)
        assert term is not None and (term.number, term.chair) == (1, "IQ")


def test_stands_are_attributed_in_the_text(baghdad: Charter) -> None:
    """What an official stated as his stand says so in the article's own text, in each language."""
    stated = [article for article in baghdad.articles if article.attribution is not None]
    assert [article.number for article in stated] == [7, 8, 9]
    words = {"ar": "موقف", "fa": "موضع", "ru": "позици", "en": "stand that a leader"}
    assert all(word in article.text[lang] for article in stated for lang, word in words.items())


def test_exercises(shipped: Charter) -> None:
    """Each shipped charter is marked as an exercise and written in the four languages of the house."""
    assert shipped.exercise and shipped.languages == ("ar", "fa", "ru", "en")
    assert (len(shipped.members), shipped.rotation.term.in_months) in {(4, 3), (6, 12)}


def test_shown_whole(shipped: Charter) -> None:
    """Shown in each language, a charter has every article's text, every party and what follows."""
    for lang in shipped.languages:
        shown = re.sub(r"\s+", " ", show(shipped, lang))
        for article in shipped.articles:
            assert re.sub(r"\s+", " ", article.text[lang]) in shown
        assert all(party.name[lang] in shown for party in shipped.parties)
        assert "{" not in shown


def test_shown_in_another_language(small: Charter) -> None:
    """A language in which the charter is not written is refused at its field."""
    with pytest.raises(Malformed) as caught:
        show(small, "fa")
    assert (caught.value.code, caught.value.field) == ("charter.language", "lang")


def test_labels_are_whole() -> None:
    """The words around a charter stand in all four languages."""
    assert len({frozenset(words) for words in LABELS.values()}) == 1
    assert set(LABELS) == {"ar", "fa", "ru", "en"}


def test_no_charter_in_the_program() -> None:
    """No code of a member, a partner or a kind of support of a shipped charter stands in this room's source."""
    source = "".join(path.read_text("utf-8") for path in ROOM.glob("*.py"))
    quoted = set(re.findall(r"""["']([A-Za-z_]+)["']""", source))
    for path in sorted(CHARTERS.glob("*.toml")):
        charter = parse_charter(path.read_text("utf-8"))
        names = {party.code for party in charter.parties} | {support.id for support in charter.support}
        assert not names & quoted


def test_fields_have_their_entry() -> None:
    """Every key of a charter stands in the spec."""
    spec = (ROOM.parents[1] / "docs/spec/charter.md").read_text("utf-8")
    parts = (room.Charter, room.Member, room.Partner, room.Seat, room.Point, room.Rotation, room.TermLength,
             room.Support, room.Handling, room.Quotas, room.Borders, room.Airspace, room.Article, room.Applies,
             room.Follows)  # fmt: skip
    names = {name for part in parts for name in part.__struct_fields__} - {"text"}
    assert [name for name in sorted(names) if f"`{name}`" not in spec] == []


def test_refusals_have_their_entry() -> None:
    """Every code with which a charter is refused stands in the spec, and the spec names no other."""
    source = "".join(path.read_text("utf-8") for path in ROOM.glob("*.py"))
    spec = (ROOM.parents[1] / "docs/spec/charter.md").read_text("utf-8")
    raised = set(re.findall(r'"(charter\.[a-z]+)"', source))
    assert raised == set(re.findall(r"`(charter\.[a-z]+)`", spec))


def test_example_of_the_spec() -> None:
    """The example with which the spec begins is a charter."""
    spec = (ROOM.parents[1] / "docs/spec/charter.md").read_text("utf-8")
    example = spec.split("```toml\n", 1)[1].split("```", 1)[0]
    assert parse_charter(example).id == "small-centre"


def test_example_of_the_guide(small: Charter) -> None:
    """Every article that the guide shows can stand in a charter as it is."""
    guide = (ROOM.parents[1] / "docs/guides/charter/writing.md").read_text("utf-8")
    shown = [part.split("```", 1)[0] for part in guide.split("```toml\n")[1:]]
    machine = [block for block in shown if block.startswith("applies")]
    assert len(machine) >= 4
    for block in machine:
        assert parse_charter(SMALL + block).articles[-1].follows != small.articles[-1].follows


def test_fits(shipped: Charter) -> None:
    """A shipped charter fits into an open entry several times over."""
    assert len(shipped.text.encode()) < 65_536
