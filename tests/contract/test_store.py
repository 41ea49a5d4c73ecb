"""The contract of a store, on every implementation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tansiq.errors import Unavailable
from tansiq.journal import Checked, Record, Store
from tansiq.journal.sqlite import SqliteStore
from tansiq.merkle.hashes import leaf_hash
from tansiq.merkle.proofs import root_at
from tansiq.merkle.tree import Growth
from tests.contract.memory import MemoryStore

MAKERS: dict[str, Callable[[Path], Store]] = {
    "memory": lambda _: MemoryStore(),
    "sqlite": lambda folder: SqliteStore(folder / "journal.db"),
}
AUTHORS = ("IQ", "RU", "SY")


@pytest.fixture(params=sorted(MAKERS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of each implementation."""
    made = MAKERS[request.param](tmp_path)
    request.addfinalizer(made.close)
    return made


def batch(start: int, end: int, growth: Growth, *, salt: bytes = b"") -> list[Checked]:
    """Records *start* to *end*, authors in turn, every fifth entry open; *growth* stands at *start*."""
    made = []
    for index in range(start, end):
        leaf = b"leaf %d" % index + salt
        nodes: list[tuple[int, int, bytes]] = []
        growth.append(leaf_hash(leaf), lambda *node, nodes=nodes: nodes.append(node))
        made.append(Checked(index, AUTHORS[index % 3], index // 3 + 1, int(index % 5 == 0),
                            Record(leaf, b"body %d" % index), tuple(nodes)))
    return made


def test_an_empty_store_has_nothing(store: Store) -> None:
    """Nothing is there before something was appended."""
    assert (store.size, store.fetch(0, 9), store.open_indices()) == (0, [], [])
    assert store.checkpoint() is None and store.last_of("IQ") is None and store.placed("IQ", 1) is None
    assert store.cosignatures(0) == {}


def test_what_was_appended_is_found(store: Store) -> None:
    """Records come back to the byte, by range, author, number and kind."""
    made = batch(0, 11, Growth())
    store.append(made[:4])
    store.append(made[4:], (11, b"note"))
    assert store.size == 11 and store.fetch(0, 11) == [c.record for c in made]
    assert store.fetch(3, 5) == [made[3].record, made[4].record]
    assert [store.placed(c.author, c.number) for c in made] == list(range(11))
    assert [store.last_of(code) for code in AUTHORS] == [9, 10, 8]
    assert store.open_indices() == [0, 5, 10] and store.checkpoint() == (11, b"note")


def test_a_range_ends_where_the_journal_ends(store: Store) -> None:
    """Fetching beyond the end gives fewer records, and without bodies leaves alone."""
    made = batch(0, 3, Growth())
    store.append(made)
    assert store.fetch(2, 100) == [made[2].record] and store.fetch(3, 9) == []
    assert store.fetch(0, 1, bodies=False) == [Record(made[0].record.leaf, b"")]


def test_a_run_is_one_author_s_by_number(store: Store) -> None:
    """The leaves of an author's entries come by number, without those of others, and end where they end."""
    made = batch(0, 11, Growth())
    store.append(made)
    own = [c.record.leaf for c in made if c.author == AUTHORS[1]]
    assert store.run(AUTHORS[1], 1, 100) == own and store.run(AUTHORS[1], 2, 4) == own[1:3]
    assert store.run(AUTHORS[1], 5, 9) == [] and store.run("XX", 1, 9) == []


def test_an_empty_batch_changes_nothing(store: Store) -> None:
    """A batch without entries leaves the journal as it is."""
    store.append(batch(0, 2, Growth()))
    store.append([])
    assert store.size == 2


def test_nodes_give_the_root_of_every_size(store: Store) -> None:
    """From the stored nodes alone the root of every earlier size is found again."""
    growth, roots = Growth(), []
    for size in range(20):
        roots.append(growth.root())
        store.append(batch(size, size + 1, growth))
    assert [root_at(size, store.node) for size in range(20)] == roots
    assert Growth.at(20, store.node).root() == growth.root()


def test_a_node_that_is_not_complete_is_not_there(store: Store) -> None:
    """Asking for the hash of a subtree that is not full is an error, never a guess."""
    store.append(batch(0, 3, Growth()))
    with pytest.raises(Unavailable, match="node 1/1"):
        store.node(1, 1)


@pytest.mark.parametrize("wrong", ["index", "number"])
def test_a_batch_is_there_whole_or_not_at_all(store: Store, wrong: str) -> None:
    """Where one record of a batch cannot stand, none of the batch does, and the right batch still can."""
    growth = Growth()
    store.append(batch(0, 4, growth), (4, b"four"))
    good = batch(4, 7, growth)
    first = batch(0, 1, Growth())[0]
    bad = good[-1]._replace(**{wrong: getattr(first, wrong)}, author="IQ")
    with pytest.raises(Unavailable) as refused:
        store.append([*good[:-1], bad], (7, b"seven"))
    assert refused.value.code == "storage"
    assert store.size == 4 and store.checkpoint() == (4, b"four")
    assert store.placed(good[0].author, good[0].number) is None
    store.append(good, (7, b"seven"))
    assert store.size == 7 and root_at(7, store.node) == growth.root()


@pytest.mark.parametrize("size", range(10))
def test_after_truncation_another_tail_can_stand(store: Store, size: int) -> None:
    """The tail goes with its nodes and checkpoints; what is appended instead gives its own root."""
    store.append(batch(0, 4, growth := Growth()), (4, b"four"))
    store.append(batch(4, 9, growth), (9, b"nine"))
    store.keep_cosignatures(9, {"IQ": (10, b"a")})
    store.truncate(size)
    assert list(store.cosigned(0)) == ([9] if size >= 9 else [])
    assert store.size == min(size, 9) and len(store.fetch(0, 99)) == min(size, 9)
    assert store.checkpoint() == ((9, b"nine") if size >= 9 else (4, b"four") if size >= 4 else None)
    again = Growth.at(store.size, store.node)
    store.append(batch(store.size, 12, again, salt=b"other"))
    assert store.size == 12 and root_at(12, store.node) == again.root()


def test_the_newest_checkpoint_counts(store: Store) -> None:
    """Of several checkpoints the one of the largest size is given."""
    growth = Growth()
    for size in (1, 2, 3):
        store.append(batch(size - 1, size, growth), (size, b"note %d" % size))
    assert store.checkpoint() == (3, b"note 3")
    assert store.checkpoint(2) == (2, b"note 2") and store.checkpoint(4) is None


def test_cosignatures_are_kept_by_size_and_code(store: Store) -> None:
    """A later cosignature of one member replaces its earlier one, and no other."""
    store.keep_cosignatures(3, {"IQ": (10, b"a"), "RU": (11, b"b")})
    store.keep_cosignatures(4, {"IQ": (12, b"c")})
    store.keep_cosignatures(3, {"IQ": (70, b"d")})
    assert store.cosignatures(3) == {"IQ": (70, b"d"), "RU": (11, b"b")}
    assert store.cosignatures(4) == {"IQ": (12, b"c")}


def test_cosigned_sizes_are_found_from_either_end(store: Store) -> None:
    """Sizes with cosignatures come one by one, ascending or from the newest; what is kept meanwhile does no harm."""
    for size in (3, 9, 5):
        store.keep_cosignatures(size, {"IQ": (size, b"a"), "RU": (size, b"b")})
    assert list(store.cosigned(4)) == [5, 9] and list(store.cosigned(0, newest_first=True)) == [9, 5, 3]
    assert list(store.cosigned(10)) == []
    walked = []
    for size in store.cosigned(3):
        walked.append(size)
        store.keep_cosignatures(7, {"IR": (1, b"c")})
    assert walked == [3, 5, 7, 9]


def test_notes_lie_beside_the_journal(store: Store) -> None:
    """A note is kept by name, replaced by the next of that name, and untouched when the journal's tail is dropped."""
    assert store.note("over") is None
    store.append(batch(0, 3, Growth()))
    store.keep_note("over", b"one")
    store.keep_note("over", b"two")
    store.truncate(0)
    assert store.note("over") == b"two" and store.note("other") is None


def test_a_run_of_nodes_is_fetched_at_once(store: Store) -> None:
    """The hashes of a level come in order, as far as complete subtrees go."""
    store.append(batch(0, 11, Growth()))
    assert store.nodes(0, 3, 6) == [store.node(0, at) for at in (3, 4, 5)]
    assert store.nodes(1, 0, 99) == [store.node(1, at) for at in range(5)] and store.nodes(4, 0, 9) == []


def test_a_file_that_was_closed_holds_what_it_held(tmp_path: Path) -> None:
    """What was appended is read again by another opening of the same file."""
    made = batch(0, 7, growth := Growth())
    first = SqliteStore(tmp_path / "journal.db")
    first.append(made, (7, b"note"))
    first.keep_cosignatures(7, {"IQ": (10, b"a")})
    first.close()
    again = SqliteStore(tmp_path / "journal.db")
    assert again.size == 7 and again.fetch(0, 7) == [c.record for c in made] and again.checkpoint() == (7, b"note")
    assert again.cosignatures(7) == {"IQ": (10, b"a")} and root_at(7, again.node) == growth.root()
    again.close()


def test_a_store_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    """A path that is no file is an error of the storage."""
    with pytest.raises(Unavailable):
        SqliteStore(tmp_path)
