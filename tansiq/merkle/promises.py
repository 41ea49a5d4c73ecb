"""Promises: a member's signed word to follow one registrar's key (spec: ``docs/spec/mandate.md``)."""

from __future__ import annotations

import re
from typing import NamedTuple

from tansiq import wire
from tansiq.errors import Malformed
from tansiq.keys.signing import SigningKey, require_public
from tansiq.merkle import signed

HEADING = "tansiq-promise/v1"
VERSION_MAX = 2**31 - 1
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z")


class Named(NamedTuple):
    """A checkpoint by (mandate, size), which is also its rank; then its root."""

    mandate: int
    size: int
    root: bytes


class Promise(NamedTuple):
    """What a member promises: *key* for *version*, with the greatest checkpoint that it cosigned."""

    centre: bytes
    version: int
    key: bytes
    named: Named

    @property
    def text(self) -> str:
        """The note's text."""
        last = f"{self.named.mandate} {self.named.size} {wire.write_base64(self.named.root)}"
        return f"{HEADING}\n{self.centre.hex()}\n{self.version}\n{wire.write_base64(self.key)}\n{last}\n"


def parse_promise(text: str) -> Promise:
    """Read a promise's text: five lines and no more.

    Raises:
        Malformed: ``promise``, or what is wrong with a part.
    """
    lines = text.split("\n")
    last = lines[4].split(" ") if len(lines) == 6 else []
    if len(last) != 3 or lines[0] != HEADING or lines[5]:
        raise _malformed()
    version, mandate, size = (_number(given) for given in (lines[2], *last[:2]))
    key, root = wire.parse_base64(lines[3]), wire.parse_base64(last[2])
    require_public(key)
    if len(root) != 32 or not 1 <= mandate < version <= VERSION_MAX or size < 1:
        raise _malformed()
    return Promise(wire.parse_hash(lines[1]), version, key, Named(mandate, size, root))


def write_promise(promise: Promise, code: str, key: SigningKey) -> bytes:
    """Sign a promise as the member *code*: the whole note."""
    name = signed.member_name(promise.centre, code)
    return signed.write_note(signed.Note(promise.text, (signed.sign_text(promise.text, name, key),)))


def promiser(note: signed.Note, promise: Promise) -> str:
    """Whose promise a note is: the code in its one signature's name. The signature itself is not verified here.

    Raises:
        Malformed: ``promise``, another count of signatures, or another kind of name.
    """
    start = signed.member_name(promise.centre, "")
    if len(note.signatures) != 1 or not note.signatures[0].name.startswith(start):
        raise _malformed()
    code = note.signatures[0].name.removeprefix(start)
    wire.code_bytes(code)
    return code


def _number(text: str) -> int:
    if not _NUMBER.match(text):
        raise _malformed()
    return int(text)


def _malformed() -> Malformed:
    return Malformed("promise", "Not a promise for a mandate.")
