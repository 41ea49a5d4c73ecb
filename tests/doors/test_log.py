"""The log's tiles, read by a reader of its own: from them alone it computes the checkpoint's root again."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tansiq.doors.api import openapi_config, routes
from tansiq.errors import Malformed
from tansiq.merkle.tiles import Tile, parse_tile, write_number
from tansiq.run import Centre
from tests.faults import making

ENTRIES = 600


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A centre with more than two tiles of entries."""
    directory = tmp_path_factory.mktemp("log")
    made = making.quiet(making.copied(making.found(directory / "founded"), directory))
    cell = made.cells["IQ"]
    for n in range(ENTRIES):
        making.say(cell, f"Say {n}", release=[["RU"], ["SY"]][n % 2])
        if n % 60 == 0:
            cell.send()
    made.run_until_quiet()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def fetch(centre: Centre) -> Iterator[Callable[[str], Any]]:
    """Ask the API for a path of the log."""
    gone: Any = centre
    with TestClient(Litestar(routes(gone, (), {}), openapi_config=openapi_config()),
                    base_url="http://127.0.0.1:8400") as client:
        yield lambda path: client.get(f"/log/{path}")


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return _hash(b"\1", _root(leaves[:split]), _root(leaves[split:]))


def _paths(count: int) -> list[str]:
    """Paths of all tiles over *count* nodes: whole ones, then one partial."""
    whole, left = divmod(count, 256)
    return [f"{n:03}" for n in range(whole)] + ([f"{whole:03}.p/{left}"] if left else [])


def test_an_independent_reading_of_the_tiles_gives_the_root(centre: Centre, fetch: Callable[[str], Any]) -> None:
    """Leaves from bundles hash to the nodes of level 0, those to level 1, and all to the root that was signed."""
    text = fetch("checkpoint").text
    origin, size, root = text.split("\n")[:3]
    count = int(size)
    assert origin == f"tansiq/{centre.control.centre.hex()}/1" and count == centre.registrar.store.size > 512
    assert text.count("\n— ") == 5, "the registrar's signature and four cosignatures"
    leaves: list[bytes] = []
    for path in _paths(count):
        bundle = fetch(f"tile/entries/{path}").content
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            leaves.append(_hash(b"\0", bundle[2:2 + length]))
            bundle = bundle[2 + length:]
    assert len(leaves) == count
    assert b"".join(fetch(f"tile/0/{path}").content for path in _paths(count)) == b"".join(leaves)
    above = [_root(leaves[at:at + 256]) for at in range(0, count // 256 * 256, 256)]
    assert b"".join(fetch(f"tile/1/{path}").content for path in _paths(len(above))) == b"".join(above)
    assert _root(leaves) == b64decode(root)


@pytest.mark.parametrize("path", ["tile/0/999", "tile/0/000.p/256", "tile/0/x000/001", "tile/7/000", "tile/entries/1",
                                  "tile/0/000.p/0", "tile/0/../checkpoint", "tile/entries/002.p/255", "tile/-1/000"])
def test_what_is_not_there_is_absent(fetch: Callable[[str], Any], path: str) -> None:
    """A tile that is not whole yet, of no level, or named in another form, is 404."""
    assert fetch(path).status_code == 404


@pytest.mark.parametrize(("path", "number"), [("000", 0), ("x001/x234/067", 1_234_067), ("x001/000", 1_000)])
def test_numbers_are_written_in_groups(path: str, number: int) -> None:
    """As the C2SP document has it, and read back."""
    assert write_number(number) == path and parse_tile(path) == Tile(number * 256, number * 256 + 256)
    with pytest.raises(Malformed):
        parse_tile("x000/" + path)


def test_where_the_registrar_is_lost_a_copy_is_served(centre: Centre, fetch: Callable[[str], Any]) -> None:
    """The furthest member's copy has the same log."""
    before, there = fetch("tile/0/000").content, centre.registrar
    centre.registrar = None  # type: ignore[assignment]
    try:
        assert fetch("tile/0/000").content == before and fetch("checkpoint").status_code == 200
    finally:
        centre.registrar = there
    assert Path(centre.directory).is_dir()
