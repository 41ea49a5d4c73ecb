"""A registrar that lies: a cell notices, keeps its copy as it was, and goes on when the answers are honest again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tansiq.errors import Malformed, Unavailable, Untrusted
from tansiq.journal import Record
from tansiq.keys.signing import SigningKey
from tansiq.merkle import signed
from tansiq.registrar.order import Head
from tansiq.run import Centre
from tests.faults import making
from tests.faults.making import WrappedLink, copied, quiet, set_link


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre to copy."""
    return making.found(tmp_path_factory.mktemp("lies"))


def _note(centre: Centre, size: int, root: bytes, *, key: SigningKey | None = None) -> bytes:
    """A checkpoint as the registrar (or another key) would sign it."""
    control = centre.registrar.state.control
    origin = signed.origin(control.centre, control.version)
    text = signed.Checkpoint(origin, size, root).text
    return signed.write_note(signed.Note(text, (signed.sign_text(text, origin, key or centre.registrar._key),)))


def _fetches(change: Callable[[list[Record]], list[Record]]) -> Callable[[Centre], dict[str, Any]]:
    return lambda centre: {"fetch": lambda start, end: change(centre.registrar.fetch(start, end))}


def _heads(change: Callable[[Centre, Head], Head]) -> Callable[[Centre], dict[str, Any]]:
    return lambda centre: {"head": lambda: change(centre, centre.registrar.head())}


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def _swapped(records: list[Record]) -> list[Record]:
    return [records[1], records[0], *records[2:]]


LIES: dict[str, Callable[[Centre], dict[str, Any]]] = {
    "index altered": _fetches(lambda r: [Record(_flipped(r[0].leaf, 7), r[0].body), *r[1:]]),
    "time altered": _fetches(lambda r: [Record(_flipped(r[0].leaf, 15), r[0].body), *r[1:]]),
    "open chain altered": _fetches(lambda r: [Record(_flipped(r[0].leaf, 20), r[0].body), *r[1:]]),
    "entry altered": _fetches(lambda r: [Record(_flipped(r[0].leaf, 300), r[0].body), *r[1:]]),
    "signature altered": _fetches(lambda r: [Record(_flipped(r[0].leaf, len(r[0].leaf) - 1), r[0].body), *r[1:]]),
    "body altered": _fetches(lambda r: [Record(r[0].leaf, _flipped(r[0].body, 0)), *r[1:]]),
    "body withheld": _fetches(lambda r: [Record(r[0].leaf, b""), *r[1:]]),
    "leaf cut": _fetches(lambda r: [Record(r[0].leaf[:-1], r[0].body), *r[1:]]),
    "leaf longer": _fetches(lambda r: [Record(r[0].leaf + b"\0", r[0].body), *r[1:]]),
    "first dropped": _fetches(lambda r: r[1:]),
    "last dropped": _fetches(lambda r: r[:-1]),
    "one given twice": _fetches(lambda r: [r[0], r[0], *r[1:]]),
    "reordered": _fetches(_swapped),
    "nothing": _fetches(lambda r: []),
    "another root": _heads(lambda c, h: h._replace(note=_note(c, h.size, bytes(32)))),
    "another key": _heads(lambda c, h: h._replace(
        note=_note(c, h.size, c.registrar.state.growth.root(), key=SigningKey.generate()))),
    "another size in the note": _heads(lambda c, h: h._replace(note=_note(c, h.size + 1, bytes(32)))),
    "a size beyond the journal": _heads(lambda c, h: h._replace(size=h.size + 1)),
    "an old checkpoint": _heads(lambda c, h: h._replace(size=4, note=_note(c, 4, c.registrar.state.root(4)))),
    "no note": _heads(lambda c, h: h._replace(note=b"")),
    "a note that is no text": _heads(lambda c, h: h._replace(note=b"\xff" * 200)),
    "a cosignature of nobody": _heads(lambda c, h: h._replace(cosignatures={"SY": (0, bytes(72))})),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_changes_nothing(founded: Path, tmp_path: Path, name: str) -> None:
    """A lie is told as a failure; nothing of it is folded, and once the answers are honest all is followed."""
    centre = quiet(copied(founded, tmp_path))
    cell = centre.cells["RU"]
    honest, size, root = cell.speaker.link, cell.follower.size, cell.follower.root
    for title in ("One", "Two", "Three"):
        making.say(centre.cells["IQ"], title, release=("RU",))
        centre.cells["IQ"].step()
    set_link(cell, WrappedLink(honest, LIES[name](centre)))
    for _ in range(2):
        with pytest.raises((Untrusted, Malformed, Unavailable)):
            cell.step()
    if "cosignature" not in name:  # what it verified it may read, whoever is said to have cosigned it
        assert making.titles(cell) == []
        assert (cell.follower.size, cell.follower.root, cell.follower.store.size) == (size, root, size)
        assert "RU" not in centre.registrar.head().cosignatures
    set_link(cell, honest)
    centre.run_until_quiet()
    assert making.titles(cell) == ["One", "Three", "Two"]
    making.require_whole(centre)
    centre.stop()


def test_no_second_root_is_cosigned(founded: Path, tmp_path: Path) -> None:
    """A checkpoint of the size that is held, but with another root, is never cosigned: two histories are noticed."""
    centre = quiet(copied(founded, tmp_path))
    cell: Any = centre.cells["RU"]
    handed: list[int] = []
    head = centre.registrar.head()
    lie = head._replace(note=_note(centre, head.size, bytes(32)), cosignatures={})
    cell._clock.now += 120_000  # it would cosign again
    lies = {"head": lambda: lie, "cosigned": lambda *given: handed.append(given[0])}
    set_link(cell, WrappedLink(cell.speaker.link, lies))
    with pytest.raises(Untrusted) as told:
        cell.step()
    assert told.value.code == "journal.tree" and handed == []
    centre.stop()


def test_more_than_was_asked_for_is_not_taken(founded: Path, tmp_path: Path) -> None:
    """Entries beyond the checkpoint are not taken with it: nothing stands in a copy that no checkpoint covers."""
    centre = quiet(copied(founded, tmp_path))
    cell = centre.cells["RU"]
    honest, size = cell.speaker.link, cell.follower.size
    making.say(centre.cells["IQ"], "One", release=("RU",))
    centre.cells["IQ"].step()
    early = centre.registrar.head()
    making.say(centre.cells["IQ"], "Two", release=("RU",))
    centre.cells["IQ"].step()
    set_link(cell, WrappedLink(honest, {"head": lambda: early,
                                        "fetch": lambda start, end: centre.registrar.fetch(start, end + 9)}))
    with pytest.raises(Unavailable):
        cell.step()
    assert cell.follower.size == cell.follower.store.size == size
    set_link(cell, honest)
    centre.run_until_quiet()
    making.require_whole(centre)
    centre.stop()


def test_a_lie_to_one_leaves_the_others_alone(founded: Path, tmp_path: Path) -> None:
    """While one cell is lied to the others go on, and the status names whose trouble it is."""
    centre = quiet(copied(founded, tmp_path))
    honest = centre.cells["RU"].speaker.link
    set_link(centre.cells["RU"], WrappedLink(honest, LIES["reordered"](centre)))
    for title in ("One", "Two"):
        making.say(centre.cells["IQ"], title, release=("RU", "SY"))
        centre.cells["IQ"].step()
    centre.run_until_quiet()
    assert list(centre.faults) == ["RU"] and "fault" in centre.status()["cells"]["RU"]
    assert making.titles(centre.cells["SY"]) == ["One", "Two"]
    set_link(centre.cells["RU"], honest)
    centre.run_until_quiet()
    making.require_whole(centre)
    centre.stop()
