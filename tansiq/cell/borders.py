"""Whose line is used: the built-in borders, or the file that a charter names with its hash.

A rule asks whose territory a place is. Every cell must answer alike, so a file of a charter's own counts by its bytes:
one whose hash is another is refused, wherever it lies.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from tansiq.charter import Charter
from tansiq.errors import Unavailable, Untrusted
from tansiq.geo import Territories
from tansiq.wire import sha256

FOLDER = "borders"
Locate = Callable[[Charter], Territories]
"""Finds the territories that a charter's borders draw; pure: the same charter, the same answer."""


def built_in(charter: Charter) -> Territories:
    """The borders that come with the program, loaded once.

    Raises:
        Unavailable: ``borders.missing``, the charter names a file of its own, which is not at hand here.
    """
    if charter.borders.file is not None:
        raise _missing(charter.borders.file)
    return _default()


class BordersFolder:
    """The folder of one centre in which the borders files of its charters lie. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, charter: Charter) -> Territories:
        """The territories of a charter, loaded once in a process.

        Raises:
            Unavailable: ``borders.missing``.
            Untrusted: ``borders.other``, the file is not the one that the members signed.
            Malformed: it is no GeoJSON of polygons.
        """
        borders = charter.borders
        if borders.file is None:
            return _default()
        return _load(self._folder / borders.file, borders.sha256 or "")


def require_borders(path: Path, sha256_hex: str) -> None:
    """Hold that a file has the hash that a charter names.

    Raises:
        Unavailable: ``borders.missing``.
        Untrusted: ``borders.other``.
    """
    if not path.is_file():
        raise _missing(path.name)
    if sha256(path.read_bytes()).hex() != sha256_hex:
        raise Untrusted("borders.other", "{name} is not the borders file that the charter names: its hash is another.",
                        name=path.name)


def lay_borders(charter: Charter, source: Path, directory: Path) -> None:
    """Lay the borders file of a charter, which lies in the folder *source*, into the directory of a centre.

    Raises:
        Unavailable: ``borders.missing``, or ``disk``.
        Untrusted: ``borders.other``.
    """
    name, sha256_hex = charter.borders.file, charter.borders.sha256
    if name is None or sha256_hex is None:
        return
    require_borders(source / name, sha256_hex)
    try:
        (directory / FOLDER).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, directory / FOLDER / name)
    except OSError as error:
        raise Unavailable("disk", "The disk does not do what was asked: {why}.", why=str(error)) from error


@lru_cache(maxsize=1)
def _default() -> Territories:
    return Territories.load()


@lru_cache(maxsize=4)
def _load(path: Path, sha256_hex: str) -> Territories:
    require_borders(path, sha256_hex)
    return Territories.load(path)


def _missing(name: str) -> Unavailable:
    return Unavailable("borders.missing", "The borders file {name} is not there.", name=name)
