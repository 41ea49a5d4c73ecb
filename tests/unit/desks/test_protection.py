"""Protected sites: who may tell, change and take note of them, and what lies near a place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tansiq import wire
from tansiq.acts import Act, Text
from tansiq.cell.desk import Common, Said, Thread, require_common
from tansiq.cell.registers import FoldedEntry, Registers
from tansiq.charter import Charter, parse_charter
from tansiq.desks import catalogue
from tansiq.desks.protection import DESK, Acknowledgement, Site, SiteChange, SiteDetail, Surroundings
from tansiq.errors import Malformed, Refused
from tansiq.geo import Circle, Place, Point, Polygon
from tests.unit.registers.making import HEAD, OCTOBER_7, said

ALL = ("IQ", "IR", "RU", "SY")
MOSUL = (363_400_000, 431_300_000)
SPAN = (OCTOBER_7, OCTOBER_7 + 86_400_000)
CHARTERS = Path(__file__).parents[3] / "charters"


@pytest.fixture(scope="module")
def baghdad() -> Charter:
    """The charter of the demonstration."""
    return parse_charter((CHARTERS / "baghdad.toml").read_text("utf-8"))


def site(**changes: Any) -> Site:
    """A hospital near Mosul that Iraq tells of; *changes* replace fields."""
    fields: dict[str, Any] = {
        **HEAD, "kind": "site", "release": ALL, "category": "hospital",
        "names": (Text(lang="ar", text="مستشفى"), Text(lang="en", text="Hospital")),
        "footprint": Circle(centre=MOSUL, radius_m=2_000), "valid_from": OCTOBER_7, "valid_until": None,
        "source": None, "external_id": None}
    return Site(**{**fields, **changes})


def change(of: str, **changes: Any) -> SiteChange:
    """The site told again."""
    told = {name: getattr(site(), name) for name in Site.__struct_fields__ if name != "external_id"}
    fields = {**told, "kind": "site_change", "thread": of, "refers": (of,), "reason": Text(lang="en", text="Moved.")}
    return SiteChange(**{**fields, **changes})


def note(of: str, author: str = "RU") -> Acknowledgement:
    """Another member takes note."""
    return Acknowledgement(**{**HEAD, "kind": "acknowledgement", "release": ALL, "author": author, "thread": of,
                              "refers": (of,), "note": None})


def detail(of: str, author: str = "IQ") -> SiteDetail:
    """The exact place, for one other member."""
    return SiteDetail(**{**HEAD, "kind": "site_detail", "author": author, "release": ("IQ", "RU"), "site": of,
                         "place": Point(at=MOSUL), "text": None})


FIRST = said(site(), index=0)[0]
Fold = Callable[..., Registers]


@pytest.fixture
def fold(tmp_path: Path) -> Fold:
    """Fold acts, one entry each, into one register."""
    registers = Registers.open(tmp_path / "registers.db", (DESK,))

    def folded(*acts: Act) -> Registers:
        with registers.writing() as writer:
            for act in acts:
                index = writer.cursor
                writer.add(FoldedEntry(index=index, time=OCTOBER_7 + index, author=act.author, number=index + 1, kind=0,
                                       body_size=2048, entry_id=index.to_bytes(32, "big"),
                                       acts=(said(act, index=index),)))
                writer.cursor = index + 1
        return registers

    return folded


def rule(act: Act, *thread: Said, author_of: str | None = "IQ") -> None:
    """Rule on *act* below *thread*, where any site is *author_of*'s."""
    charter: Any = None
    DESK.rule(act, Thread(thread), Common(OCTOBER_7, 9, ask=lambda desk, name, **args: author_of), charter)


def near(registers: Registers, place: Place, reach_m: int = 5_000, span: tuple[int, int] = SPAN) -> Surroundings:
    """What lies near a place, as a rule asks it."""
    found: Surroundings = registers.common("protection", "surroundings", place=place, span=span, reach_m=reach_m)
    return found


def test_a_site_is_told_changed_and_taken_note_of() -> None:
    """The author tells and changes, another member takes note, once for each time that it is told."""
    rule(site())
    rule(change(FIRST.id), FIRST)
    noted = said(note(FIRST.id), index=1)[0]
    rule(note(FIRST.id), FIRST)
    with pytest.raises(Refused, match="already"):
        rule(note(FIRST.id), FIRST, noted)
    rule(note(FIRST.id), FIRST, noted, said(change(FIRST.id), index=2)[0])
    rule(detail("ab" * 32))


def test_only_its_author_changes_a_site_and_tells_its_place() -> None:
    """Another member's change or detail is refused, and so is an author's own acknowledgement."""
    for act, thread in ((change(FIRST.id, author="RU"), (FIRST,)), (note(FIRST.id, author="IQ"), (FIRST,))):
        with pytest.raises(Refused) as refused:
            rule(act, *thread)
        assert refused.value.field == "refers"
    for author_of in ("RU", None):
        with pytest.raises(Refused) as refused:
            rule(detail("ab" * 32), author_of=author_of)
        assert refused.value.field == "site"


def test_a_site_is_common_and_its_exact_place_need_not_be(baghdad: Charter) -> None:
    """A site, its changes and acknowledgements go to every member; the exact place to whom its author chooses."""
    commons = {form.kind.name for form in DESK.forms if form.common}
    assert commons - {"incident", "inquiry", "finding", "finding_answer"} == {"site", "site_change", "acknowledgement"}
    with pytest.raises(Refused) as refused:
        require_common(DESK.form("site"), site(release=("IQ", "RU")), baghdad)
    assert refused.value.field == "release"


@pytest.mark.parametrize(("field", "value"), [
    ("names", ()), ("names", (Text(lang="en", text="One"), Text(lang="en", text="Two"))),
    ("names", (Text(lang="en", text="two\nlines"),)), ("footprint", Point(at=MOSUL)),
    ("footprint", Circle(centre=MOSUL, radius_m=99)), ("valid_until", OCTOBER_7 - 1), ("source", "x" * 501),
    ("external_id", ""),
    ("footprint", Polygon(corners=((0, 0), (10_000_000, 10_000_000), (10_000_000, 0), (0, 10_000_000)))),
])
def test_what_no_site_can_hold_names_its_field(field: str, value: object) -> None:
    """One clear sentence at the field, at every cell."""
    with pytest.raises(Malformed) as refused:
        rule(site(**{field: value}))
    assert refused.value.field in (field, "place")


def test_what_lies_near_is_found_by_reach_and_time(fold: Fold) -> None:
    """A site is found from its footprint's edge, within the reach, while it stands; sites stand by name."""
    registers = fold(site(), site(names=(Text(lang="en", text="Another school"),), category="school"))
    found = near(registers, Point(at=(MOSUL[0] + 500_000, MOSUL[1])))  # 5.5 km north, 3.5 km from the edge
    assert [one.names[0].text for one in found.sites] == ["Another school", "مستشفى"] and found.version == 2
    assert 3_400 < found.sites[0].distance_m < 3_700
    assert near(registers, Point(at=(MOSUL[0] + 800_000, MOSUL[1]))) == Surroundings(0, ())
    assert near(registers, Point(at=MOSUL), span=(OCTOBER_7 - 9, OCTOBER_7 - 5)).sites == ()


def test_the_version_grows_with_every_change_near_and_with_none_elsewhere(fold: Fold) -> None:
    """A site that moves away changes what lies near where it was; an acknowledgement and a far site change nothing."""
    first = site()
    registers = fold(first)
    thread, here = said(first, index=0)[0].id, Point(at=MOSUL)
    assert near(registers, here).version == 1
    fold(note(thread), site(footprint=Circle(centre=(333_000_000, 443_000_000), radius_m=2_000)))
    assert near(registers, here).version == 1
    fold(change(thread, footprint=Circle(centre=(333_000_000, 443_000_000), radius_m=2_000)))
    after = near(registers, here)
    assert after.version > 1 and after.sites == ()


def test_who_knows_a_site_since_when(fold: Fold) -> None:
    """An acknowledgement holds until the site changes; the author needs none."""
    first = site()
    thread = said(first, index=0)[0].id
    registers = fold(first, note(thread))
    assert near(registers, Point(at=MOSUL)).sites[0].known == {"RU": OCTOBER_7 + 1}
    assert registers.query("protection", "unacknowledged", member="RU", now=OCTOBER_7)[0] == 0
    assert registers.query("protection", "unacknowledged", member="SY", now=OCTOBER_7) == (1, thread, OCTOBER_7)
    fold(change(thread))
    assert near(registers, Point(at=MOSUL)).sites[0].known == {}
    assert registers.query("protection", "unacknowledged", member="IQ", now=OCTOBER_7)[0] == 0
    row = registers.act(thread)
    assert row is not None and row.standing == "changed"


def test_no_list_and_no_search_tells_where_a_site_lies(fold: Fold) -> None:
    """Sites are never exported in bulk: rows carry no place, and a box of the map finds none."""
    registers = fold(site(external_id="s-1"))
    assert DESK.describe(site()).places == ()
    assert {form.kind.name: form.withheld for form in DESK.forms if form.withheld} == {
        "site": ("footprint",), "site_change": ("footprint",), "site_detail": ("place",)}
    [row] = registers.query("protection", "sites")
    assert not {"footprint", "place", "lat", "lon"} & set(row.__struct_fields__)
    assert registers.query("protection", "known_external_ids", author="IQ", ids=["s-1", "s-2"]) == {"s-1"}


@pytest.mark.parametrize("act", [site(), change(FIRST.id), note(FIRST.id), detail(FIRST.id)])
def test_acts_are_written_and_read_back(act: Act) -> None:
    """One act, one encoding."""
    data = catalogue().write(act)
    assert catalogue().parse(data)[1] == act and wire.write(act) == data
