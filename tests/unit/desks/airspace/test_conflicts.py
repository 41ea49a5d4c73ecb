"""Conflicts: what is found equals a look at every pair, the same in every cell; and who gives way."""

from __future__ import annotations

import tempfile
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tansiq.cell.registers import Registers
from tansiq.desks import DESKS
from tansiq.desks.airspace import Activation, Closing, Notice
from tansiq.desks.airspace.conflicts import Conflict, find_conflicts
from tansiq.geo.footprints import footprint
from tansiq.geo.volumes import Height, in_conflict
from tests.unit.desks.airspace.making import (
    ALL,
    BUFFERS,
    CHARTER,
    HOUR_MS,
    PARTNER,
    adjustment,
    answer,
    entry,
    id_of,
    look,
    notice,
    scattered,
    shown,
    text,
    volume_of,
    volumes,
)
from tests.unit.registers.making import OCTOBER_7, fold, folded

DAY = {"since": OCTOBER_7 - 48 * HOUR_MS, "until": OCTOBER_7 + 96 * HOUR_MS}


def found(registers: Registers, member: str = "IQ", now: int = OCTOBER_7 - HOUR_MS) -> list[Conflict]:
    """All conflicts of these days."""
    return find_conflicts(look(registers, member, now=now), **DAY)


def pairs(registers: Registers) -> set[tuple[str, str]]:
    """Titles of the notices that meet."""
    return {tuple(sorted(registers.act(side.thread).title for side in (one.one, one.other)))  # type: ignore[union-attr, misc]
            for one in found(registers)}


@pytest.mark.parametrize("seed", range(4))
def test_what_is_found_equals_a_look_at_every_pair(tmp_path: Path, seed: int) -> None:
    """Circles and polygons of all datums, thick enough that hundreds of pairs meet: none is left out, none added; and
    asked from either side the answer is the same."""
    acts = scattered(200, seed=seed, hours=12, degrees=3.0)
    registers = folded(tmp_path, *(entry(n, act) for n, act in enumerate(acts)))
    rows = volumes(registers)
    expected = {frozenset((a.id, b.id)) for a, b in combinations(rows, 2)
                if a.author != b.author and in_conflict(a.volume, b.volume, BUFFERS)}
    asked = {row.id: {other.id for other in registers.query("airspace", "conflicts_of", volume=row.volume,
                                                            author=row.author, buffers=BUFFERS)} for row in rows}
    assert {frozenset((one, other)) for one, others in asked.items() for other in others} == expected
    assert all(one in asked[other] for one, others in asked.items() for other in others)
    assert len(expected) > 100
    assert len(found(registers)) == len(expected)
    registers.close()


@settings(max_examples=15)
@given(st.permutations(range(24)), st.integers(1, 24))
def test_every_cell_finds_the_same_whatever_the_order_and_the_batches(order: list[int], batch: int) -> None:
    """The same notices in another order, folded in other batches, meet the same; only who gives way may differ."""
    acts = [notice(author=ALL[n % 4], title=text(f"n{n}"),
                   at=(34.0 + (n % 6) * 0.15, 41.0 + (n // 6) * 0.2), hour=n % 5) for n in range(24)]
    with tempfile.TemporaryDirectory() as place:
        plain = folded(Path(place), *(entry(n, act) for n, act in enumerate(acts)))
        other = Registers.open(Path(place) / "other.db", DESKS)
        for start in range(0, 24, batch):
            fold(other, *(entry(n, acts[order[n]]) for n in range(start, min(24, start + batch))))
        assert pairs(plain) == pairs(other) and len(pairs(plain)) > 10
        plain.close()
        other.close()


def two(tmp_path: Path, seen: int | None) -> Registers:
    """A notice of IQ, and one of RU at the same place and time whose author had seen so many entries."""
    return folded(tmp_path, entry(0, notice()), entry(1, notice(author="RU"), seen=seen))


def test_who_had_seen_the_other_gives_way(tmp_path: Path) -> None:
    """RU had seen IQ's notice and gives way; where neither had, both wait."""
    registers = two(tmp_path, None)
    assert [(one.one.author, one.yields) for one in found(registers)] == [("IQ", "other")]
    assert found(registers)[0].waits("RU") and not found(registers)[0].waits("IQ")
    registers.close()
    (tmp_path / "registers.db").unlink()
    registers = two(tmp_path, 0)
    assert [one.yields for one in found(registers)] == ["both"]
    assert found(registers)[0].waits("RU") and found(registers)[0].waits("IQ")
    registers.close()


def test_an_adjustment_settles_a_conflict_or_gives_way(tmp_path: Path) -> None:
    """Moved away, there is none; told again to the byte, it keeps its age; told otherwise, it had seen the other."""
    first = id_of(notice(), 0)
    registers = two(tmp_path, 0)
    fold(registers, entry(2, adjustment(first)))
    assert [one.yields for one in found(registers)] == ["both"], "the same volume is as old as it was"
    fold(registers, entry(3, adjustment(first, radius=12_000)))
    assert [(one.one.author, one.yields) for one in found(registers)] == [("RU", "other")]
    fold(registers, entry(4, adjustment(first, at=(36.0, 41.0))))
    assert found(registers) == []
    fold(registers, entry(5, adjustment(first)))
    assert [one.yields for one in found(registers)] == ["other"], "it came back, and knew"
    registers.close()


def test_what_is_closed_meets_nothing_later(tmp_path: Path) -> None:
    """Withdrawn before it was used it is gone; closed in use it ends there, and what begins well after is clear."""
    first = id_of(notice(), 0)
    registers = two(tmp_path, 0)
    fold(registers, entry(2, answer(Closing, first)))
    assert found(registers) == []
    registers.close()
    (tmp_path / "registers.db").unlink()
    late = notice(author="RU", begins=OCTOBER_7 + 75 * 60_000, ends=OCTOBER_7 + 3 * HOUR_MS)
    registers = folded(tmp_path, entry(0, notice()), entry(1, late))
    assert len(found(registers)) == 1
    fold(registers, entry(2, answer(Activation, first)), entry(3, answer(Closing, first, ended=OCTOBER_7 + HOUR_MS)))
    assert found(registers) == [], "an hour and a quarter lie between"
    registers.close()


def test_air_in_use_past_its_end_meets_what_comes(tmp_path: Path) -> None:
    """Overrun, it lasts until now, and meets what begins now."""
    later = notice(author="RU", begins=OCTOBER_7 + 4 * HOUR_MS, ends=OCTOBER_7 + 5 * HOUR_MS)
    registers = folded(tmp_path, entry(0, notice()), entry(1, later),
                       entry(2, answer(Activation, id_of(notice(), 0))))
    assert found(registers, now=OCTOBER_7 + 3 * HOUR_MS) == []
    assert len(found(registers, now=OCTOBER_7 + 4 * HOUR_MS)) == 1
    registers.close()


def test_further_volumes_count_and_own_ones_do_not(tmp_path: Path) -> None:
    """A second volume meets another's; two of one author never are a conflict."""
    far = volume_of(notice(at=(30.0, 41.0)))
    registers = folded(tmp_path, entry(0, notice(at=(36.0, 41.0), further=(far,))),
                       entry(1, notice(author="RU", at=(30.0, 41.0))), entry(2, notice(at=(30.0, 41.0))))
    meeting = {(one.one.author, one.other.author) for one in found(registers)}
    assert meeting == {("IQ", "RU"), ("RU", "IQ")} and len(found(registers)) == 2
    registers.close()


def coarse(act: Notice) -> tuple[object, ...]:
    """The parts of a notice's footprint."""
    return footprint(act.volumes, resolution=CHARTER.airspace.footprint_size, buffer_m=BUFFERS.sideways_m,
                     buffer_ms=BUFFERS.time_ms)


def test_a_partner_learns_of_a_conflict_and_members_of_its(tmp_path: Path) -> None:
    """In the partner's register lies a footprint alone, and it meets the partner's notice; in a member's lie both, and
    between members footprints do not count."""
    plan = notice()
    theirs = notice(author=PARTNER, release=tuple(sorted((*ALL, PARTNER))), at=(34.45, 41.2),
                    lower=Height("FL", 100), upper=None)
    partner = folded(tmp_path, entry(1, shown(*coarse(plan))), entry(2, theirs))  # type: ignore[arg-type]
    assert [(one.one.kind, one.other.kind, one.yields) for one in found(partner, PARTNER)] == [
        ("footprint", "notice", "other")]
    assert partner.query("airspace", "volumes", since=0, until=1 << 60)[0].author == PARTNER
    partner.close()
    (tmp_path / "registers.db").unlink()
    member = folded(tmp_path, entry(0, plan), entry(1, shown(*coarse(plan))), entry(2, theirs),  # type: ignore[arg-type]
                    entry(3, notice(author="RU", at=(34.5, 41.3), hour=9)))
    kinds = sorted((one.one.kind, one.one.author, one.other.author) for one in found(member))
    assert kinds == [("notice", "IQ", PARTNER)], "who holds the plan is told of the plan"
    member.close()
    (tmp_path / "registers.db").unlink()
    high = notice(author=PARTNER, release=tuple(sorted((*ALL, PARTNER))), lower=Height("FL", 300), upper=None)
    member = folded(tmp_path, entry(0, plan), entry(1, shown(*coarse(plan))), entry(2, high))  # type: ignore[arg-type]
    assert [one.one.kind for one in found(member)] == ["footprint"], "the plan keeps clear; the partner cannot know"
    member.close()
