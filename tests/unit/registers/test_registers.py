"""What is folded is found: by id, reference, thread, words, place and time."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from tansiq.acts import Position, Text
from tansiq.cell.registers import ActQuery, EntryRow, Registers, parse_reference, write_reference
from tansiq.desks import DESKS
from tansiq.errors import Malformed, Unavailable
from tests import trial_desk
from tests.unit.registers.making import HEAD, OCTOBER_7, correction, entry, fold, folded, recall, report, said

HOUR = 3_600_000


def at(lat: int, lon: int) -> Position:
    """A place in whole degrees."""
    return Position(lat=lat * 10_000_000, lon=lon * 10_000_000, accuracy_m=None)


def found(registers: Registers, **asked: object) -> list[str]:
    """References that a search finds; the count agrees."""
    query = ActQuery(**asked)  # type: ignore[arg-type]
    rows = registers.search(query)
    assert registers.count(query) == len(rows)
    return [row.reference for row in rows]


def test_an_act_is_read_back_as_it_was_said(tmp_path: Path) -> None:
    """Every column of a row says what the act and its entry said."""
    told = report(title=Text(lang="ar", text="قافلة"), precedence="flash", handling="restricted")
    row = folded(tmp_path, entry(4, told)).search(ActQuery())[0]
    assert row.act == told
    assert (row.author, row.number, row.reference, row.position, row.index) == ("IQ", 5, "IQ 5", 0, 4)
    assert (row.kind, row.desk, row.thread, row.release) == ("report", "intelligence", row.id, ("IQ", "RU"))
    assert (row.title, row.lang, row.precedence, row.handling) == ("قافلة", "ar", "flash", "restricted")
    assert (row.when, row.places, row.grade) == ((OCTOBER_7, OCTOBER_7), ((333_152_000, 443_661_000),), "F6")
    assert (row.void, row.standing, row.time) == (None, "standing", OCTOBER_7 + 4)


def test_acts_are_found_by_reference_in_any_digits(tmp_path: Path) -> None:
    """``IQ 1`` is the first act of IQ's first entry, ``IQ 1/2`` its second; what is not there is None."""
    registers = folded(tmp_path, entry(0, report(), report()))
    first, second = registers.by_reference("IQ 1"), registers.by_reference("iq ١ / ٢")
    assert first is not None and second is not None
    assert (first.reference, second.reference) == ("IQ 1", "IQ 1/2")
    assert registers.act(second.id) == second
    for absent in ("IQ 1/3", "IQ 2", "RU 1", "IQ", "1", "IQ 1/0", "x" * 500):
        assert registers.by_reference(absent) is None
    assert registers.act("00" * 32) is None


@pytest.mark.parametrize("author, number, position", [("IQ", 1, 0), ("RU", 412, 6), ("A2345678", 10**14, 1023)])
def test_a_reference_that_is_written_is_read_back(author: str, number: int, position: int) -> None:
    """Writing and reading a reference are inverse."""
    assert parse_reference(write_reference(author, number, position)) == (author, number, position)


def test_words_are_found_in_title_and_text(tmp_path: Path) -> None:
    """All words must stand in one act; nothing that is typed is obeyed as an operator."""
    registers = folded(tmp_path, entry(0, report()), entry(1, report(title=Text(lang="ru", text="Колонна на дороге"))))
    assert found(registers, text="lorries") == ["IQ 2", "IQ 1"]
    assert found(registers, text="convoy lorry") == ["IQ 1"]
    assert found(registers, text="колонны") == ["IQ 2"]
    for odd in ('"', "NOT", "*", "a OR", "convoy AND", "(", "terms:convoy x", ""):
        assert isinstance(found(registers, text=odd), list)


def test_a_box_finds_what_lies_in_it_exactly(tmp_path: Path) -> None:
    """A place a ten-millionth of a degree outside is outside, though the index holds fewer digits."""
    edge = Position(lat=330_000_000, lon=440_000_001, accuracy_m=None)
    registers = folded(tmp_path, entry(0, report(place=edge), report(place=at(33, 44)), report(place=None)))
    assert found(registers, box=(43.0, 32.0, 44.0, 34.0)) == ["IQ 1/2"]
    assert found(registers, box=(44.0000001, 33.0, 45.0, 34.0)) == ["IQ 1"]


def test_a_box_across_the_180th_meridian_is_two(tmp_path: Path) -> None:
    """From 179 east to 179 west: two degrees wide, not 358."""
    registers = folded(tmp_path, entry(0, *[report(place=at(10, lon)) for lon in (180, -180, 0)]))
    assert found(registers, box=(179.0, 0.0, -179.0, 20.0)) == ["IQ 1/2", "IQ 1"]


@pytest.mark.parametrize("box", [(0, 1, 1, 0), (float("nan"), 0, 1, 1), (-181, 0, 0, 1), (0, -91, 1, 1)])
def test_what_is_no_box_is_refused(tmp_path: Path, box: tuple[float, float, float, float]) -> None:
    """NaN, south above north and degrees beyond the Earth are named as the box's fault."""
    with pytest.raises(Malformed) as refused:
        folded(tmp_path).search(ActQuery(box=box))
    assert refused.value.field == "box"


def test_time_finds_what_overlaps(tmp_path: Path) -> None:
    """An act is found when it reaches *after* and begins before *before*."""
    registers = folded(tmp_path, entry(0, report(occurred_from=OCTOBER_7, occurred_until=OCTOBER_7 + HOUR)))
    assert found(registers, after=OCTOBER_7 + HOUR) == ["IQ 1"]
    assert found(registers, after=OCTOBER_7 + HOUR + 1) == []
    assert found(registers, before=OCTOBER_7 + 1) == ["IQ 1"]
    assert found(registers, before=OCTOBER_7) == []


def test_crowded_searches_answer_as_narrow_ones_do(tmp_path: Path) -> None:
    """Where a box or a time finds thousands the search goes another way, and finds the same."""
    acts = [report(place=at(33, 44), occurred_from=OCTOBER_7 + n, occurred_until=OCTOBER_7 + n) for n in range(2_100)]
    registers = folded(tmp_path, *(entry(n, *acts[n * 700:(n + 1) * 700]) for n in range(3)))
    asked = ActQuery(box=(43, 32, 45, 34), after=OCTOBER_7, before=OCTOBER_7 + 2_050, limit=10)
    assert registers.count(asked) == 2_050
    assert registers.search(asked)[0].when == (OCTOBER_7 + 2_049, OCTOBER_7 + 2_049)
    assert registers.count(ActQuery(box=(43, 32, 45, 34), after=OCTOBER_7 + 2_090, text="lorries")) == 10


def test_other_filters_and_pages(tmp_path: Path) -> None:
    """Desk, kind, author, precedence and standing narrow; limit and offset page, newest first."""
    flash = report(precedence="flash")
    registers = folded(tmp_path, entry(0, report(), flash, report(), author="RU"), entry(1, report()))
    assert found(registers, precedence="flash", kinds=("report",), desk="intelligence") == ["RU 1/2"]
    assert found(registers, author="RU") == ["RU 1/3", "RU 1/2", "RU 1"]
    assert found(registers, desk="support") == found(registers, standing="recalled") == []
    page = registers.search(ActQuery(limit=2, offset=1))
    assert [row.reference for row in page] == ["RU 1/3", "RU 1/2"]
    with pytest.raises(Malformed):
        registers.search(ActQuery(limit=10**9))


def test_void_acts_are_kept_and_shown_but_not_found(tmp_path: Path) -> None:
    """A void act is read by its id with its code; searches and the desk's own tables leave it out."""
    registers = folded(tmp_path, entry(0, report(external_id="a"), void="act.commitment"))
    assert found(registers) == found(registers, text="lorries", void=None) == []
    assert found(registers, void=True) == ["IQ 1"]
    row = registers.by_reference("IQ 1")
    assert row is not None and (row.void, row.standing) == ("act.commitment", "void")
    assert not registers.query("intelligence", "known_external_ids", author="IQ", ids=["a"])


def test_corrected_and_recalled_reports_say_so(tmp_path: Path) -> None:
    """The last correction stands in place of the report; after a recall none of them does."""
    registers = folded(tmp_path, entry(0, report()))
    first = registers.search(ActQuery())[0].id
    fold(registers, entry(1, correction(first)))
    fold(registers, entry(2, correction(first)))
    assert [row.standing for row in registers.thread(first)] == ["corrected", "corrected", "standing"]
    fold(registers, entry(3, recall(first)))
    assert [row.standing for row in registers.thread(first)] == ["recalled"] * 3 + ["standing"]
    assert found(registers, standing="recalled", kinds=("report",)) == ["IQ 1"]


def test_a_thread_is_whole_within_a_transaction(tmp_path: Path) -> None:
    """The writer sees what it added a moment ago, void acts too, in the journal's order."""
    registers = folded(tmp_path, entry(0, report()))
    first = registers.search(ActQuery())[0].id
    with registers.writing() as writer:
        assert [act.index for act in writer.thread(first).acts] == [0]
        writer.add(entry(1, correction(first)))
        writer.add(entry(2, recall(first), void="act.release"))
        acts = writer.thread(first).acts
        assert [(act.index, act.void) for act in acts] == [(0, None), (1, None), (2, "act.release")]
        assert writer.knows(first) and not writer.knows("00" * 32)
        assert writer.knows(said(correction(first), index=1)[0].id)
    with registers.writing() as writer:
        assert len(writer.thread(first).acts) == 3


def test_a_batch_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """Rows, words, cursor and kept threads are as before; the same batch folds afterwards."""
    registers = folded(tmp_path, entry(0, report()))
    first = registers.search(ActQuery())[0].id
    with pytest.raises(RuntimeError), registers.writing() as writer:
        assert len(writer.thread(first).acts) == 1
        writer.add(entry(1, correction(first)))
        writer.cursor = 2
        writer.flush()
        raise RuntimeError
    assert (registers.latest(), found(registers)) == (1, ["IQ 1"])
    with registers.writing() as writer:
        assert len(writer.thread(first).acts) == 1
    fold(registers, entry(1, correction(first)))
    assert found(registers) == ["IQ 2", "IQ 1"]


def test_every_entry_is_listed_newest_first(tmp_path: Path) -> None:
    """Entries that this cell cannot read stand in the list too, with no acts."""
    registers = folded(tmp_path, entry(0, report()), entry(1), entry(2, author="SY"))
    assert [row.index for row in registers.entries()] == [2, 1, 0]
    assert registers.entries(before=1, limit=5) == [
        EntryRow(0, OCTOBER_7, "IQ", 1, 0, 2048, "00" * 32, 1, None, 0, (), False)]
    assert (registers.latest(), registers.entries(limit=1)[0].author) == (3, "SY")


def test_rebuild_gives_the_same_registers_whatever_the_batches(tmp_path: Path) -> None:
    """Emptied and folded again, one entry a batch or all in one, every row is as it was."""
    opened = said(report(), index=0)[0]
    entries = [entry(0, report(), report(external_id="e")), entry(1, correction(opened.id)),
               entry(2, recall(opened.id))]
    registers = folded(tmp_path, *entries)
    before = registers.search(ActQuery())
    registers.reset()
    assert (registers.latest(), registers.count(ActQuery()), registers.entries()) == (0, 0, [])
    for one in entries:
        fold(registers, one)
    assert registers.search(ActQuery()) == before


def test_registers_stay_over_a_restart_and_fall_with_another_catalogue(tmp_path: Path) -> None:
    """Opened again they go on; opened with a desk more they are empty, so that its acts are folded too."""
    folded(tmp_path, entry(0, report())).close()
    again = Registers.open(tmp_path / "registers.db", DESKS)
    assert (again.latest(), found(again)) == (1, ["IQ 1"])
    again.close()
    more = Registers.open(tmp_path / "registers.db", (*DESKS, trial_desk.DESK))
    assert (more.latest(), found(more)) == (0, [])


def test_many_threads_read_while_one_writes(tmp_path: Path) -> None:
    """Each thread reads whole batches only, and none fails or waits."""
    registers = folded(tmp_path)
    counts: list[int] = []

    def read() -> None:
        for _ in range(50):
            counts.append(registers.count(ActQuery()))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for index in range(20):
        fold(registers, entry(index, *[report()] * 3))
    for reader in readers:
        reader.join()
    assert len(counts) == 200 and all(count % 3 == 0 for count in counts)


def test_another_desk_is_folded_and_asked(tmp_path: Path) -> None:
    """A desk that the package does not know has its own table, question, words and place here."""
    gauge = trial_desk.Reading(**{
        **HEAD, "kind": "reading", "station": "Samarra", "note": Text(lang="en", text="High water"), "level_cm": 310,
        "measured_at": OCTOBER_7, "place": at(34, 43), "trend": 3, "marks": (), "about": None})
    registers = Registers.open(tmp_path / "registers.db", (*DESKS, trial_desk.DESK))
    fold(registers, entry(0, gauge, report()))
    assert found(registers, desk="gauges", text="water", box=(43, 34, 43, 34)) == ["IQ 1"]
    assert registers.query("gauges", "highest", station="Samarra") == 310
    with pytest.raises(Malformed):
        registers.query("gauges", "drop_all")


def test_a_file_that_is_no_database_is_said_plainly(tmp_path: Path) -> None:
    """Damage and a folder that is not there are told in one sentence, and nothing is overwritten."""
    (tmp_path / "registers.db").write_bytes(b"no database, but long enough to look at" * 100)
    with pytest.raises(Unavailable) as refused:
        Registers.open(tmp_path / "registers.db", DESKS)
    assert refused.value.code == "registers.damaged"
    with pytest.raises(Unavailable):
        Registers.open(tmp_path / "nowhere" / "registers.db", DESKS)


def test_heads_and_acknowledgements(tmp_path: Path) -> None:
    """The first acts of each entry that could be opened, and how much each author had verified when it last spoke."""
    registers = folded(tmp_path, entry(0, *[report()] * 5), entry(1, author="SY"),
                       replace(entry(2, report(author="SY"), author="SY"), seen=2))
    heads = registers.heads([0, 1, 2])
    found = {index: [(row.index, row.position) for row in rows] for index, rows in heads.items()}
    assert found == {0: [(0, 0), (0, 1), (0, 2)], 2: [(2, 0)]}
    assert registers.acknowledged(["IQ", "SY", "RU"]) == {"IQ": 0, "SY": 2, "RU": 0}
    registers.close()
