"""The attachments of a cell: sealed bytes by their hash, its own and those it has fetched from their authors' cells."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from tansiq import wire
from tansiq.acts.attachment import open_attachment, seal_attachment
from tansiq.errors import Unavailable, Untrusted

KEY_BYTES = 32
Fetch = Callable[[str, str], bytes | None]
"""Asks the cell of a member (code) for sealed bytes by their hash (64 hex digits); None: it has none such, or is out of
reach. What it gives is checked, and tells it nothing but that somebody asks."""


class Attachments:
    """One file for each sealed attachment, named by its hash.

    Durability: what ``keep`` returned the name of is on the disk. Concurrency: any thread; a name is written once.
    """

    def __init__(self, folder: Path, fetch: Fetch) -> None:
        self._folder = folder
        self._fetch = fetch

    def keep(self, data: bytes, *, centre: bytes) -> tuple[str, bytes]:
        """Seal a file under a fresh key and keep it; returns the hash of the sealed bytes (hex) and the key.

        Raises:
            Malformed: ``attachment.size``.
            Unavailable: ``disk``.
        """
        key = os.urandom(KEY_BYTES)
        sealed = seal_attachment(data, key, centre=centre)
        return self._write(sealed), key

    def sealed(self, digest: str) -> bytes | None:
        """The sealed bytes of that hash, if this cell has them."""
        try:
            return (self._folder / wire.parse_hash(digest).hex()).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _disk(error) from error

    def open(self, digest: str, key: bytes, *, centre: bytes, author: str) -> bytes:
        """The file itself: from this cell, else fetched from its author's, checked, and kept here from then on.

        Raises:
            Unavailable: ``attachment.absent``, the author's cell does not give it now; ``disk``.
            Untrusted: what was given is not what the act names.
        """
        held = self.sealed(digest)
        sealed = held if held is not None else self._fetch(author, digest)
        if sealed is None:
            raise Unavailable("attachment.absent", "The cell of {author} does not give the attachment now.",
                              author=author)
        if wire.sha256(sealed).hex() != digest:
            raise Untrusted("attachment.hash", "The bytes are not those of the attachment that the act names.")
        data = open_attachment(sealed, key, centre=centre)
        if held is None:
            self._write(sealed)
        return data

    def _write(self, sealed: bytes) -> str:
        digest = wire.sha256(sealed).hex()
        part = self._folder / f"{digest}.{os.urandom(4).hex()}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._folder / digest)
            # The name must be as durable as the bytes: an act may be said that counts on it.
            handle = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise _disk(error) from error
        return digest


def _disk(error: OSError) -> Unavailable:
    return Unavailable("disk", "The disk does not do what was asked: {why}.", why=error.strerror)
