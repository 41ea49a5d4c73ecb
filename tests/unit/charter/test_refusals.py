"""A charter that does not hold together is refused whole, with the place and the reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.charter import parse_charter
from tansiq.errors import Malformed
from tests.unit.charter.conftest import SMALL, Change

MEMBER = '[[members]]\ncode = "{code}"\nzone = "Etc/UTC"\nterritory = "{territory}"\n' \
         'name = {{ar = "س", en = "X"}}\ncapital = {{ar = "س", en = "X"}}\n'  # fmt: skip
PARTNER = '[[partners]]\ncode = "{code}"\nexchanges = []\nname = {{ar = "س", en = "X"}}\n' \
          'purpose = {{ar = "س", en = "X"}}\n'  # fmt: skip


def refused(text: str) -> Malformed:
    """The refusal of *text*."""
    with pytest.raises(Malformed) as caught:
        parse_charter(text)
    return caught.value


def expect(text: str, code: str, place: str) -> None:
    """Hold that *text* is refused with *code*, and that the sentence names *place*."""
    error = refused(text)
    assert (error.code, error.fields["place"]) == (code, place)
    assert str(error).startswith(place)


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ('id = "small"', 'id = "small"\ncolour = 1', "charter.key", "colour"),
        ('id = "small"', 'id = "small"\ntext = {ar = "x", en = "x"}', "charter.key", "text"),
        ('territory = "BBB"', 'territory = "BBB"\nflag = "x"', "charter.key", "members[1].flag"),
        ("term = {months = 3}", "term = {weeks = 3}", "charter.key", "rotation.term.weeks"),
        ("grace_days = 3\n", "", "charter.missing", "rotation.grace_days"),
        ('languages = ["ar", "en"]', "", "charter.missing", "languages"),
        ('territory = "BBB"', "territory = 7", "charter.value", "members[1].territory"),
        ('territory = "BBB"', 'territory = "Bee"', "charter.value", "members[1].territory"),
        ('code = "BB"', 'code = "b"', "charter.value", "members[1].code"),
        ("exercise = true", 'exercise = "yes"', "charter.value", "exercise"),
        ("heartbeat_minutes = 15", "heartbeat_minutes = 16", "charter.value", "heartbeat_minutes"),
        ("heartbeat_minutes = 15", "heartbeat_minutes = true", "charter.value", "heartbeat_minutes"),
        ("lat = 10_000_000", "lat = 900_000_001", "charter.value", "seat.position.lat"),
        ('pass_on = "leave"', 'pass_on = "perhaps"', "charter.value", "handling[0].pass_on"),
        ("rules = 1", "rules = 2", "charter.rules", "rules"),
        ("[rotation]", "[airspace]\nbuffer_m = 0\n[rotation]", "charter.value", "airspace.buffer_m"),
        ("[rotation]", "[airspace]\nfootprint_size = 6\n[rotation]", "charter.value", "airspace.footprint_size"),
        ("[rotation]", "[airspace]\nground_low_m = 10\nground_high_m = 9\n[rotation]", "charter.ground",
         "airspace.ground_low_m"),
    ],
)
def test_shape(change: Change, old: str, new: str, code: str, place: str) -> None:
    """Keys unknown or missing, and values of another type or range, are refused at their place."""
    expect(change(old, new), code, place)


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ('{ar = "باء", en = "Beta"}', '{en = "Beta"}', "charter.language", "members[1].name.ar"),
        ('{ar = "باء", en = "Beta"}', '{ar = "باء", en = "Beta", fr = "B"}', "charter.language", "members[1].name.fr"),
        ('{ar = "باء", en = "Beta"}', '{ar = " ", en = "Beta"}', "charter.language", "members[1].name.ar"),
        ('{ar = "باء", en = "Beta"}', '"Beta"', "charter.language", "members[1].name"),
        ('{ar = "باء", en = "Beta"}', '{ar = 5, en = "Beta"}', "charter.value", "members[1].name.ar"),
        ('{ar = "باء", en = "Beta"}', '{ar = "باء", en = "Be\\nta"}', "charter.text", "members[1].name.en"),
        ('[{ar = "تمرين", en', "[{en", "charter.language", "disclaimers[0].ar"),
        ('note = {ar = "ترتيب", ', "note = {", "charter.language", "rotation.note.ar"),
        ('text = {ar = "ثالث", ', "text = {", "charter.language", "articles[2].text.ar"),
        ('languages = ["ar", "en"]', 'languages = ["ar", "en", "fa"]', "charter.language", "disclaimers[0].fa"),
        ('languages = ["ar", "en"]', 'languages = ["ar", "ar"]', "charter.language", "languages"),
        ('languages = ["ar", "en"]', 'languages = ["ar", "English"]', "charter.language", "languages[1]"),
        ('languages = ["ar", "en"]', "languages = []", "charter.language", "languages"),
    ],
)
def test_languages(change: Change, old: str, new: str, code: str, place: str) -> None:
    """Every text stands in every working language, and in no other."""
    expect(change(old, new), code, place)


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("lat = 10_000_000", "lat = 1.5", "charter.number", "seat.position.lat"),
        ("lat = 10_000_000", "lat = nan", "charter.number", "seat.position.lat"),
        ("hour = 0", "hour = inf", "charter.number", "rotation.hour"),
        ("bytes_per_day = 1000000", "bytes_per_day = 9007199254740993", "charter.number", "quotas.bytes_per_day"),
        ("bytes_per_day = 1000000", "bytes_per_day = " + "9" * 5000, "charter.toml", "charter"),
        ('en = "Beta"', 'en = "Be\\u202eta"', "charter.text", "members[1].name.en"),
        ('en = "Beta"', 'en = "Be\\u0000ta"', "charter.text", "members[1].name.en"),
        ('en = "Beta"', 'en = "Be\\rta"', "charter.text", "members[1].name.en"),
        ('en = "Beta"', 'en = "Be\\u2066ta"', "charter.text", "members[1].name.en"),
        ('en = "Beta"', 'en = "Be\u202eta"', "charter.text", "line 41"),
        ('en = "Beta"', 'en = "Be\0ta"', "charter.text", "line 41"),
        ('en = "Beta"', 'en = "Be\ud800ta"', "charter.text", "line 41"),
        ('en = "Beta"', 'en = "Be\u0301ta"', "charter.text", "line 41"),
        ('en = "Beta"', 'en = "Be\\u0301ta"', "charter.text", "members[1].name.en"),
        ("heartbeat_minutes = 15", "heartbeat_minutes = 15 # \u202e", "charter.text", "line 6"),
    ],
)
def test_hidden_and_fractions(change: Change, old: str, new: str, code: str, place: str) -> None:
    """No fraction, and no character that hides or turns what people read, in a value, a key or a comment."""
    expect(change(old, new), code, place)


def test_dots_in_words() -> None:
    """Only keys are counted: words with many dots are words."""
    parse_charter(SMALL.replace("keeping clear", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q # a.b") + "# " + "a." * 50 + "\n")


def test_joiners() -> None:
    """Joiners that Persian spelling needs are no hidden characters."""
    parse_charter(SMALL.replace("Beta", "بی\u200cتا"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("id = ", "charter.toml"),
        ("\ufeff" + SMALL, "charter.text"),
        ("a = " + "[" * 100_000, "charter.depth"),
        ("a = " + "[" * 20 + "]" * 20, "charter.depth"),
        ("a" + ".a" * 100_000 + " = 1", "charter.depth"),
        ("[" + "'a b' . " * 20_000 + "a]", "charter.depth"),
        ('x = """"a""""\n' + "a" + ".a" * 100_000 + " = 1", "charter.depth"),
        ("# \"\"\"\na" + ".a" * 100_000 + " = 1", "charter.depth"),
        ("#" * 262_145, "charter.size"),
        ("#" * 131_072 + '"' * 131_072, "charter.size"),
        (SMALL + "#" * 258_000, "charter.size"),
        (SMALL + 'id = "twice"', "charter.key"),
        ('id = "twice"\n' + SMALL, "charter.toml"),
        ("", "charter.missing"),
    ],
)
def test_not_a_charter(text: str, code: str) -> None:
    """What is not TOML, too deep or too long for an open entry costs one sentence."""
    assert refused(text).code == code


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ('order = ["AA", "BB"]', 'order = ["AA", "BB", "CC"]', "charter.rotation", "rotation.order[2]"),
        ('order = ["AA", "BB"]', 'order = ["AA", "PP"]', "charter.rotation", "rotation.order[1]"),
        ('order = ["AA", "BB"]', 'order = ["AA"]', "charter.rotation", "rotation.order"),
        ('order = ["AA", "BB"]', 'order = ["AA", "BB", "AA"]', "charter.doubled", "rotation.order[2]"),
        ("term = {months = 3}", "term = {months = 0}", "charter.value", "rotation.term.months"),
        ("term = {months = 3}", "term = {years = 0}", "charter.value", "rotation.term.years"),
        ("term = {months = 3}", "term = {}", "charter.term", "rotation.term"),
        ("term = {months = 3}", "term = {months = 3, years = 1}", "charter.term", "rotation.term"),
        ("first_day = 2015-09-27", "first_day = 2015-02-30", "charter.toml", "line 24, column 13"),
        ("first_day = 2015-09-27", 'first_day = "2015-02-30"', "charter.value", "rotation.first_day"),
        ("first_day = 2015-09-27", 'first_day = "2015-09-27"', "charter.value", "rotation.first_day"),
        ("first_day = 2015-09-27", "first_day = 2015-09-27T00:00:00", "charter.value", "rotation.first_day"),
        ("first_day = 2015-09-27", "first_day = 1915-09-27", "charter.calendar", "rotation.first_day"),
        ('zone = "Europe/Moscow"', 'zone = "Europe/Atlantis"', "charter.zone", "members[1].zone"),
        ('zone = "Europe/Moscow"', 'zone = "../../etc/passwd"', "charter.zone", "members[1].zone"),
        ('zone = "Europe/Moscow"', 'zone = "Europe/"', "charter.zone", "members[1].zone"),
        ('zone = "Europe/Moscow"', 'zone = "MSK"', "charter.zone", "members[1].zone"),
        ('code = "BB"', 'code = "AA"', "charter.doubled", "members[1].code"),
        ('code = "PP"', 'code = "BB"', "charter.doubled", "partners[0].code"),
        ('territory = "BBB"', 'territory = "AAA"', "charter.doubled", "members[1].territory"),
        ('id = "goods"', 'id = "words"', "charter.doubled", "support[1].id"),
        ("number = 3", "number = 1", "charter.doubled", "articles[2].number"),
        ('exchanges = ["notice"]', 'exchanges = ["gossip"]', "charter.partner", "partners[0].exchanges[0]"),
        ('exchanges = ["notice"]', 'exchanges = ["notice", "notice"]', "charter.doubled", "partners[0].exchanges[1]"),
    ],
)
def test_parties(change: Change, old: str, new: str, code: str, place: str) -> None:
    """Codes, zones, dates and the order of the chair fit together, or are refused at their place."""
    expect(change(old, new), code, place)


def test_zone_of_rotation(change: Change) -> None:
    """The zone in which terms are counted must be one of the IANA database."""
    expect(change('hour = 0\nzone = "Asia/Baghdad"', 'hour = 0\nzone = "X/Y"'), "charter.zone", "rotation.zone")


def test_too_many() -> None:
    """At most 32 members and 8 partners, and at least two members."""
    codes = [f"M{n}" for n in range(31)]
    extra = "".join(MEMBER.format(code=c, territory=f"X{chr(65 + n // 26)}{chr(65 + n % 26)}")
                    for n, c in enumerate(codes))  # fmt: skip
    expect(SMALL + extra, "charter.count", "members")
    expect(SMALL + "".join(PARTNER.format(code=f"P{n}") for n in range(8)), "charter.count", "partners")


# The machine part of article 3, and why it is refused.
ARTICLES = [
    ('applies = {kinds = ["request"]}', "charter.article", "articles[2]"),
    ("follows = {forbidden = true}", "charter.article", "articles[2]"),
    ('applies = {kinds = ["request"]}\nfollows = {}', "charter.article", "articles[2].follows"),
    ('applies = {kinds = ["request"]}\nfollows = {forbidden = true, legal_review = true}', "charter.article",
     "articles[2].follows"),
    ('applies = {kinds = []}\nfollows = {forbidden = true}', "charter.never", "articles[2].applies.kinds"),
    ('applies = {kinds = ["wish"]}\nfollows = {forbidden = true}', "charter.never", "articles[2].applies.kinds[0]"),
    ('applies = {kinds = ["request", "request"]}\nfollows = {forbidden = true}', "charter.doubled",
     "articles[2].applies.kinds[1]"),
    ('applies = {kinds = ["request"], supports = ["gold"]}\nfollows = {forbidden = true}', "charter.never",
     "articles[2].applies.supports[0]"),
    ('applies = {kinds = ["request"], facility = []}\nfollows = {forbidden = true}', "charter.never",
     "articles[2].applies.facility"),
    ('applies = {kinds = ["report"], facility = ["fixed"]}\nfollows = {forbidden = true}', "charter.never",
     "articles[2].applies.kinds[0]"),
    ('applies = {kinds = ["report"], supports = ["goods"]}\nfollows = {forbidden = true}', "charter.never",
     "articles[2].applies.kinds[0]"),
    ('applies = {kinds = ["vote"], territory = "any"}\nfollows = {forbidden = true}', "charter.never",
     "articles[2].applies.kinds[0]"),
    ('applies = {kinds = ["request"], territory = "partner"}\nfollows = {forbidden = true}', "charter.never",
     "articles[2].applies.territory"),
    ('applies = {kinds = ["request"], territory = "PP"}\nfollows = {forbidden = true}', "charter.never",
     "articles[2].applies.territory"),
    ('applies = {kinds = ["request"], territory = "ZZ"}\nfollows = {forbidden = true}', "charter.never",
     "articles[2].applies.territory"),
    ('applies = {kinds = ["request"], duration_days_over = 36500}\nfollows = {forbidden = true}', "charter.never",
     "articles[2].applies.duration_days_over"),
    ('applies = {kinds = ["request"], foreign_personnel = ["armed"]}\nfollows = {forbidden = true}', "charter.value",
     "articles[2].applies.foreign_personnel[0]"),
    ('applies = {kinds = ["request"]}\nfollows = {consent = ["ZZ"]}', "charter.consenter",
     "articles[2].follows.consent[0]"),
    ('applies = {kinds = ["request"]}\nfollows = {consent = ["PP"]}', "charter.consenter",
     "articles[2].follows.consent[0]"),
    ('applies = {kinds = ["vote"]}\nfollows = {consent = ["territory"]}', "charter.consenter",
     "articles[2].follows.consent[0]"),
    ('applies = {kinds = ["request"], territory = "other"}\nfollows = {consent = ["territory"]}', "charter.consenter",
     "articles[2].follows.consent[0]"),
    ('applies = {kinds = ["request"]}\nfollows = {consent = ["AA", "AA"]}', "charter.doubled",
     "articles[2].follows.consent[1]"),
    ('applies = {kinds = ["consent"]}\nfollows = {consent = ["AA"]}', "charter.circular",
     "articles[2].applies.kinds[0]"),
    ('applies = {kinds = ["request", "consent"]}\nfollows = {consent = ["territory"]}', "charter.circular",
     "articles[2].applies.kinds[1]"),
    ('applies = {kinds = ["review"]}\nfollows = {legal_review = true}', "charter.circular",
     "articles[2].applies.kinds[0]"),
    ('applies = {kinds = ["consent"]}\nfollows = {site_review = true}', "charter.circular",
     "articles[2].applies.kinds[0]"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "code", "place"), ARTICLES)
def test_articles(third: Callable[[str], str], lines: str, code: str, place: str) -> None:
    """An article that cannot apply, cannot be met, or asks a consent for a consent is refused at its place."""
    expect(third(lines), code, place)


FLOORS = [
    ('applies = {kinds = ["revocation"]}\nfollows = {second_person = true}', "articles[2].applies.kinds[0]"),
    ('applies = {kinds = ["refusal"]}\nfollows = {forbidden = true}', "articles[2].applies.kinds[0]"),
    ('applies = {kinds = ["consent"]}\nfollows = {forbidden = true}', "articles[2].applies.kinds[0]"),
    ('applies = {kinds = ["request"], territory = "other"}\nfollows = {consent = ["AA"]}',
     "articles[2].follows.consent"),
    ('applies = {kinds = ["request"]}\nfollows = {legal_review = false}', "articles[2].follows.legal_review"),
    ('applies = {kinds = ["request"]}\nfollows = {consent = []}', "articles[2].follows.consent"),
    ('applies = {kinds = ["request"]}\nfollows = {allowed = true}', "articles[2].follows.allowed"),
    ('unless = "urgent"', "articles[2].unless"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "place"), FLOORS)
def test_floor_cannot_be_taken_away(third: Callable[[str], str], lines: str, place: str) -> None:
    """No article holds up a refusal, forbids a consent, permits anything or lowers what follows."""
    expect(third(lines), "charter.floor", place)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('id = "small"', 'id = "small"\nfloor = false', "floor"),
        ("on_territory = true\nairborne = true", "on_territory = false\nairborne = true", "support[2].on_territory"),
        ("legal_review = true, ", "", "support[2]"),
        ("site_review = true, ", "", "support[2]"),
        (", second_person = true", "", "support[2]"),
        ('follows = {consent = ["territory"]}', 'follows = {consent = ["all"]}', "support[1]"),
        ('["request", "step"], supports = ["goods", ', '["request"], supports = ["goods", ', "support[1]"),
        ('supports = ["goods", "flights"]}', 'supports = ["goods", "flights"], facility = ["fixed"]}', "support[1]"),
        ('supports = ["goods", "flights"]}', 'supports = ["goods", "flights"], territory = "AA"}', "support[1]"),
    ],
)  # fmt: skip
def test_floor_must_be_said(change: Change, old: str, new: str, place: str) -> None:
    """A charter that is silent about the floor, or narrows it by facts or one territory, is refused."""
    expect(change(old, new), "charter.floor", place)


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Whatever text is given, a charter comes back or one refusal; here it is always the refusal."""
    assert refused(text).code.startswith("charter.")


@given(st.data())
def test_any_change(data: st.DataObject) -> None:
    """A charter with any stretch replaced by anything is read whole or refused with one sentence."""
    start = data.draw(st.integers(0, len(SMALL)))
    end = data.draw(st.integers(start, min(len(SMALL), start + 40)))
    text = SMALL[:start] + data.draw(st.text(max_size=20)) + SMALL[end:]
    try:
        assert parse_charter(text).text == text
    except Malformed as error:
        assert error.code.startswith("charter.") and str(error)


@pytest.mark.parametrize(("asked", "place"), [
    ('["request"]', "officers.assertion[0]"), ('["mandate", "promise"]', "officers.assertion[1]"),
    ('["consent", "poem"]', "officers.assertion[1]"),
])
def test_only_decisions_are_signed(asked: str, place: str) -> None:
    """A charter can ask an officer's signature for decisions, and for nothing else."""
    expect(SMALL + f"\n[officers]\nassertion = {asked}\n", "charter.officers", place)


def test_what_a_partner_exchanges_is_not_signed() -> None:
    """A partner's cell knows nobody's passkeys, so that it could not check a signature."""
    text = SMALL.replace('exchanges = ["notice"]', 'exchanges = ["notice", "review"]', 1)
    expect(text + '\n[officers]\nassertion = ["consent", "review"]\n', "charter.officers", "officers.assertion[1]")
    assert parse_charter(text + '\n[officers]\nassertion = ["consent"]\n').officers.assertion == ("consent",)


def test_a_decision_is_asked_for_once() -> None:
    """The same kind twice is refused."""
    expect(SMALL + '\n[officers]\nassertion = ["consent", "consent"]\n', "charter.doubled", "officers.assertion[1]")
