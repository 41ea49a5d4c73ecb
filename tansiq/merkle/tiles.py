"""Tiles: the paths under which a log's nodes and entries lie (C2SP tlog-tiles), for tools that exist."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from typing import NamedTuple

from tansiq.errors import Malformed

WIDTH = 256
LEVEL_HEIGHT = 8
LEVELS = 6
_PATH = re.compile(r"((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?\Z")


class Tile(NamedTuple):
    """Which nodes or entries a path names: those numbered from ``start`` to ``end`` at its level."""

    start: int
    end: int


def parse_tile(path: str) -> Tile:
    """Read what follows the level in a path: ``x001/234/067``, or with ``.p/W`` the first W of a partial tile.

    Raises:
        Malformed: ``tile``, another form, a number written longer than it must be, or a width that is none.
    """
    found = _PATH.match(path)
    if found is None:
        raise Malformed("tile", "There is no tile {given}.", given=path[:80])
    number = int(found[1].replace("x", "").replace("/", ""))
    width = int(found[2]) if found[2] else WIDTH
    if write_number(number) != found[1] or width > WIDTH or (found[2] and width == WIDTH):
        raise Malformed("tile", "There is no tile {given}.", given=path[:80])
    return Tile(number * WIDTH, number * WIDTH + width)


def write_number(number: int) -> str:
    """Write a tile's number in groups of three digits, each but the last marked: 1234067 is ``x001/x234/067``."""
    groups = [number % 1000]
    while number := number // 1000:
        groups.append(number % 1000)
    return "/".join([*(f"x{group:03}" for group in reversed(groups[1:])), f"{groups[0]:03}"])


def write_bundle(entries: Sequence[bytes]) -> bytes:
    """Write a bundle of entries: each after its length as u16."""
    return b"".join([struct.pack(">H", len(entry)) + entry for entry in entries])
