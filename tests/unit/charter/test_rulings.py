"""What follows from an act's facts."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tansiq.charter import FLOOR, Charter, Facts, Finding, judge, parse_charter
from tansiq.charter.rulings import FLOOR_SENTENCES, SENTENCES
from tansiq.charter.vocabulary import ACTION_KINDS, FACILITIES, KINDS, PERSONNEL, RECIPIENTS
from tests.unit.charter.conftest import SMALL


def brief(findings: tuple[Finding, ...]) -> list[tuple[int, str, tuple[str, ...]]]:
    """Article, what follows, of whom."""
    return [(found.article, found.follows, found.of) for found in findings]


def facts(support: str | None, *territories: str, kind: str = "request", author: str = "IQ", **stated: object) -> Facts:
    """Facts of an act of Iraq's unless said otherwise."""
    return Facts(kind, support, author, territories, **stated)  # type: ignore[arg-type]


def test_information_is_free(baghdad: Charter) -> None:
    """A request for information needs nobody's leave, wherever its subject lies."""
    assert judge(facts("intelligence", "IRQ", "SYR"), baghdad) == ()
    assert judge(facts("intelligence", "TUR"), baghdad) == ()
    assert judge(facts(None, kind="report"), baghdad) == ()


def test_territory(baghdad: Charter) -> None:
    """Support on a territory needs the consent of each government concerned, the asking one too."""
    assert brief(judge(facts("logistics", "IRQ", "SYR"), baghdad)) == [(5, "consent", ("IQ", "SY"))]
    assert brief(judge(facts("logistics", "SYR", kind="step", author="RU"), baghdad)) == [(5, "consent", ("SY",))]


def test_from_the_air(baghdad: Charter) -> None:
    """From the air: separate consent, two reviews, a second person; a government's own request is no consent."""
    assert brief(judge(facts("air", "IRQ"), baghdad)) == [
        (5, "consent", ("IQ",)), (6, "consent", ("IQ",)), (6, "legal_review", ()), (6, "site_review", ()),
        (6, "second_person", ()),
    ]  # fmt: skip


def test_facts_count_for_more_than_the_label(baghdad: Charter) -> None:
    """What is in substance a base in Iraq is forbidden under any label; elsewhere it needs the territory's consent."""
    for support in ("logistics", "technology", "intelligence"):
        assert (7, "forbidden", ()) in brief(judge(facts(support, "IRQ", facility="fixed"), baghdad))
        assert (8, "forbidden", ()) in brief(judge(facts(support, "IRQ", foreign_personnel="stationed"), baghdad))
    assert brief(judge(facts("technology", "SYR", facility="fixed"), baghdad)) == [(FLOOR, "consent", ("SY",))]
    passing = facts("technology", "IRQ", foreign_personnel="transit")
    assert brief(judge(passing, baghdad)) == [(FLOOR, "consent", ("IQ",))]


def test_arming(baghdad: Charter) -> None:
    """Arming a party needs the approval of the government concerned, by the article on arming as well."""
    found = brief(judge(facts("arming", "IRQ", recipient="other_party"), baghdad))
    assert found == [(5, "consent", ("IQ",)), (9, "consent", ("IQ",))]
    assert (9, "consent", ("IQ",)) not in brief(judge(facts("arming", "IRQ", recipient="state_force"), baghdad))


def test_territory_of_nobody(baghdad: Charter) -> None:
    """On the territory of a state outside the centre: forbidden by an article, or by the floor where none speaks."""
    assert brief(judge(facts("logistics", "TUR"), baghdad)) == [(10, "forbidden", ())]
    assert brief(judge(facts("technology", "TUR", facility="temporary"), baghdad)) == [(FLOOR, "forbidden", ("TUR",))]
    assert brief(judge(facts("logistics", "IRQ", "TUR"), baghdad)) == [(5, "consent", ("IQ",)), (10, "forbidden", ())]


def test_territory_of_nobody_otherwise() -> None:
    """A charter may say otherwise for states outside it, with the consent of all members."""
    charter = parse_charter(SMALL + 'applies = {kinds = ["request"], supports = ["goods"], territory = "other"}\n'
                            'follows = {consent = ["all"]}\n')
    assert brief(judge(facts("goods", "ZZZ", author="AA"), charter)) == [(3, "consent", ("AA", "BB"))]
    assert brief(judge(facts("flights", "ZZZ", author="AA"), charter))[0] == (FLOOR, "forbidden", ("ZZZ",))


@pytest.mark.parametrize(("days", "applies"), [(89, False), (90, False), (91, True), (None, True)])
def test_duration(days: int | None, applies: bool) -> None:
    """Over a bound means over it; without an end is over every bound."""
    charter = parse_charter(SMALL + 'applies = {kinds = ["request"], duration_days_over = 90}\n'
                            'follows = {consent = ["BB"]}\n')
    found = judge(facts("words", author="AA", duration_days=days), charter)
    assert bool(found) is applies


def test_floor_without_articles(small: Charter) -> None:
    """Where the articles stop at requests and steps, the floor holds for promises and counters by itself."""
    assert brief(judge(facts("flights", "AAA", kind="promise", author="BB"), small)) == [
        (FLOOR, "consent", ("AA",)), (FLOOR, "legal_review", ()), (FLOOR, "site_review", ()),
        (FLOOR, "second_person", ()),
    ]  # fmt: skip


def test_partners_and_strangers(baghdad: Charter) -> None:
    """A partner may say what the charter lists and nothing else; one who is no party nothing at all."""
    assert judge(facts(None, kind="notice", author="CJTF"), baghdad) == ()
    assert brief(judge(facts(None, kind="report", author="CJTF"), baghdad)) == [(FLOOR, "forbidden", ("CJTF",))]
    assert brief(judge(facts(None, kind="report", author="ZZ"), baghdad)) == [(FLOOR, "forbidden", ("ZZ",))]
    assert (FLOOR, "forbidden", ("gold",)) in brief(judge(facts("gold"), baghdad))


def test_nothing_holds_up_a_no(shipped: Charter) -> None:
    """A refusal, a revocation and an objection follow from nothing and wait for nobody."""
    author = shipped.members[0].code
    for kind in ("refusal", "revocation", "objection", "stopped"):
        for support in (None, *(support.id for support in shipped.support)):
            territory = shipped.members[0].territory
            assert judge(Facts(kind, support, author, (territory, "ZZZ"), "stationed", "fixed", None), shipped) == ()


def test_floor_walked_whole(shipped: Charter) -> None:
    """Over every combination of facts: on a territory no yes without its consent, from the air none without reviews."""
    owners = {member.territory: member.code for member in shipped.members}
    first, second = list(owners)[:2]
    author = shipped.members[-1].code
    for kind, support, where, personnel, facility, days, recipient in product(
        sorted(ACTION_KINDS), shipped.support, ((first,), (first, second), (first, "ZZZ")), PERSONNEL, FACILITIES,
        (0, 91, None), (None, *RECIPIENTS),
    ):  # fmt: skip
        found = judge(Facts(kind, support.id, author, where, personnel, facility, days, recipient), shipped)
        follows = {finding.follows for finding in found}
        asked = {code for finding in found if finding.follows == "consent" for code in finding.of}
        if support.on_territory or personnel != "none" or facility != "none":
            assert {owners[territory] for territory in where if territory in owners} <= asked or "forbidden" in follows
            assert "ZZZ" not in where or "forbidden" in follows or asked == set(owners.values())
        if support.airborne:
            assert {"legal_review", "site_review", "second_person"} <= follows


@given(
    st.builds(
        Facts, kind=st.sampled_from(sorted(KINDS)) | st.text(max_size=8),
        support=st.none() | st.sampled_from(["air", "logistics"]) | st.text(max_size=8),
        author=st.sampled_from(["IQ", "CJTF"]) | st.text(max_size=8),
        territories=st.lists(st.sampled_from(["IRQ", "SYR", "TUR"]) | st.text(max_size=3), max_size=4).map(tuple),
        foreign_personnel=st.sampled_from(PERSONNEL), facility=st.sampled_from(FACILITIES),
        duration_days=st.none() | st.integers(), recipient=st.none() | st.sampled_from(RECIPIENTS),
    )
)  # fmt: skip
def test_total_and_pure(baghdad_charter: Charter, given_facts: Facts) -> None:
    """Every question has an answer, always the same, and each finding is one whole sentence."""
    found = judge(given_facts, baghdad_charter)
    assert found == judge(given_facts, baghdad_charter)
    assert all(str(finding) and "{" not in finding.sentence.format(article=1, of="") for finding in found)


@pytest.fixture(scope="module")
def baghdad_charter() -> Charter:
    """The demonstration's charter, read once for many examples."""
    from tests.unit.charter.conftest import CHARTERS

    return parse_charter((CHARTERS / "baghdad.toml").read_text("utf-8"))


def test_sentences_name_their_source() -> None:
    """Each article's sentence names the article; each consent names of whom."""
    assert all("{article}" in sentence for sentence in SENTENCES.values())
    assert "{of}" in SENTENCES["consent"] and "{of}" in FLOOR_SENTENCES["consent"]
