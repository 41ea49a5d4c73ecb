"""The journal as a log of tiles: the registrar's, or where it is lost the furthest member's copy."""

from __future__ import annotations

from collections.abc import Callable

from tansiq.errors import Refused
from tansiq.journal import Store
from tansiq.merkle import signed
from tansiq.merkle.tiles import LEVEL_HEIGHT, LEVELS, parse_tile, write_bundle
from tansiq.registrar.control import Control


class TileLog:
    """Reads one journal in the shapes of C2SP tlog-tiles. What is not there whole is absent."""

    def __init__(self, source: Callable[[], tuple[Store, Control]]) -> None:
        self._source = source

    def checkpoint(self) -> bytes:
        """The newest checkpoint's note, with a line for each cosignature.

        Raises:
            Refused: ``tile.absent``, there is none yet.
        """
        store, control = self._source()
        kept = store.checkpoint()
        if kept is None:
            raise _absent("checkpoint")
        size, note = kept
        keys, lines = control.cosigners(size, size), []
        for code, (_, payload) in sorted(store.cosignatures(size).items()):
            if code in keys:
                name = signed.member_name(control.centre, code)
                lines.append(signed.Signature(name, signed.key_id(name, signed.COSIGNED, keys[code]), payload))
        parsed = signed.parse_note(note)
        return signed.write_note(signed.Note(parsed.text, (*parsed.signatures, *lines)))

    def nodes(self, level: int, path: str) -> bytes:
        """The hashes of a tile, 32 bytes each.

        Raises:
            Malformed: ``tile``. Refused: ``tile.absent``.
        """
        store, tile = self._source()[0], parse_tile(path)
        found = store.nodes(level * LEVEL_HEIGHT, tile.start, tile.end) if 0 <= level < LEVELS else []
        if len(found) != tile.end - tile.start:
            raise _absent(path)
        return b"".join(found)

    def entries(self, path: str) -> bytes:
        """The leaves of a bundle.

        Raises:
            Malformed: ``tile``. Refused: ``tile.absent``.
        """
        store, tile = self._source()[0], parse_tile(path)
        found = store.fetch(tile.start, tile.end, bodies=False)
        if len(found) != tile.end - tile.start:
            raise _absent(path)
        return write_bundle([record.leaf for record in found])


def _absent(path: str) -> Refused:
    return Refused("tile.absent", "The log has no {given} yet.", given=path[:80])
