"""Signed notes, checkpoints and cosignatures (C2SP: signed-note, tlog-checkpoint, tlog-cosignature v1)."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from functools import lru_cache

from tansiq import wire
from tansiq.errors import Malformed, Untrusted
from tansiq.keys.signing import SigningKey, verify

SIGNED = 0x01
COSIGNED = 0x04
_SIGNATURE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+={0,2})\Z")
_VERSION = re.compile(r"[1-9][0-9]{0,9}\Z")
_SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\Z")


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: who, with which key (4 bytes), and the bytes behind it."""

    name: str
    key_id: bytes
    payload: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends with a line break, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The size and root of a log, under its origin."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note's text."""
        return f"{self.origin}\n{self.size}\n{wire.write_base64(self.root)}\n"


def origin(centre: bytes, version: int) -> str:
    """Name the log of a centre under one mandate."""
    return f"tansiq/{centre.hex()}/{version}"


def version_of(checkpoint: Checkpoint, centre: bytes) -> int:
    """The mandate's version in a checkpoint's origin.

    Raises:
        Untrusted: ``checkpoint.origin``, it is of another centre, or of no centre at all.
    """
    version = checkpoint.origin.removeprefix(origin(centre, 0)[:-1])
    if not _VERSION.match(version) or origin(centre, int(version)) != checkpoint.origin:
        raise Untrusted("checkpoint.origin", "The checkpoint is not one of this centre.")
    return int(version)


def member_name(centre: bytes, code: str) -> str:
    """Name under which a member signs notes."""
    return f"tansiq/{centre.hex()}/{code}"


@lru_cache(maxsize=1_024)
def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The 4 bytes that tell keys of one name apart; *public* is 33 bytes with its suite byte."""
    return wire.sha256(name.encode() + b"\n" + bytes([kind]) + public[1:])[:4]


def write_note(note: Note) -> bytes:
    """Write a note as bytes."""
    lines = [f"— {s.name} {wire.write_base64(s.key_id + s.payload)}\n" for s in note.signatures]
    return (note.text + "\n" + "".join(lines)).encode()


def parse_note(data: bytes) -> Note:
    """Read a signed note.

    Raises:
        Malformed: ``note``: larger than 16 KiB, over 64 signatures, or not of the form.
    """
    broken = Malformed("note", "Not a signed note.")
    if len(data) > wire.NOTE_BYTES_MAX:
        raise broken
    try:
        text, _, tail = data.decode("utf-8").rpartition("\n\n")
    except UnicodeDecodeError as error:
        raise broken from error
    lines = tail.split("\n")
    if not text or lines.pop() != "" or not 1 <= len(lines) <= wire.NOTE_SIGNATURES_MAX:
        raise broken
    signatures = []
    for line in lines:
        found = _SIGNATURE.match(line)
        blob = wire.parse_base64(found[2]) if found else b""
        if found is None or len(blob) < 5:
            raise broken
        signatures.append(Signature(found[1], blob[:4], blob[4:]))
    return Note(text + "\n", tuple(signatures))


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint's text: three lines and no more.

    Raises:
        Malformed: ``checkpoint``.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0] or not _SIZE.match(lines[1]):
        raise Malformed("checkpoint", "Not a checkpoint of a journal.")
    root = wire.parse_base64(lines[2])
    if len(root) != 32:
        raise Malformed("checkpoint", "Not a checkpoint of a journal.")
    return Checkpoint(lines[0], int(lines[1]), root)


def sign_text(text: str, name: str, key: SigningKey) -> Signature:
    """Sign a note's text under a name."""
    return Signature(name, key_id(name, SIGNED, key.public), key.sign(text.encode()))


def verify_text(note: Note, name: str, public: bytes) -> None:
    """Check that *name* signed the note.

    Raises:
        Untrusted: ``note.signature``, no such line, or it fails.
    """
    wanted = key_id(name, SIGNED, public)
    for signature in note.signatures:
        if signature.name == name and signature.key_id == wanted and len(signature.payload) == 64:
            verify(public, signature.payload, note.text.encode())
            return
    raise Untrusted("note.signature", "The note is not signed by {name}.", name=name)


def _cosigned(text: str, time_s: int) -> bytes:
    return f"cosignature/v1\ntime {time_s}\n{text}".encode()


def cosign(text: str, name: str, key: SigningKey, *, time_s: int) -> Signature:
    """Cosign a checkpoint: "I hold every entry and body below this, and replayed the rules on each"."""
    payload = struct.pack(">Q", time_s) + key.sign(_cosigned(text, time_s))
    return Signature(name, key_id(name, COSIGNED, key.public), payload)


def verify_cosignature(text: str, signature: Signature, name: str, public: bytes) -> int:
    """Check one cosignature and tell its time in seconds.

    Raises:
        Untrusted: ``cosignature``, of another name or key, or it fails.
    """
    if signature.name != name or signature.key_id != key_id(name, COSIGNED, public) or len(signature.payload) != 72:
        raise Untrusted("cosignature", "The cosignature is not one of {name}.", name=name)
    (time_s,) = struct.unpack(">Q", signature.payload[:8])
    verify(public, signature.payload[8:], _cosigned(text, time_s))
    return int(time_s)
