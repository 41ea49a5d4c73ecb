"""What a judge reads of an act: the head, which all kinds have alike, and the label."""

from __future__ import annotations

from typing import Any

import msgspec

from tansiq import wire
from tansiq.acts import Label
from tansiq.errors import Malformed, TansiqError


class Head(msgspec.Struct, frozen=True):
    """What a judge needs of an act's head; the rest is the desk's, and is shown as it stands."""

    kind: str
    version: int
    author: str
    officer: str
    release: tuple[str, ...]
    topic: str | None
    handling: str


_HEAD = msgspec.json.Decoder(Head)


def read_label(data: str) -> Label:
    """Read a label in its one form.

    Raises:
        Malformed: it is none.
    """
    return wire.parse(data.encode(), Label)


def read_head(data: bytes) -> Head:
    """Read the head of an act whose bytes are canonical JSON, whatever its kind.

    Raises:
        Malformed: ``evidence.act``.
    """
    whole: Any = Any
    try:
        wire.parse(data, whole)
        return _HEAD.decode(data)
    except (TansiqError, msgspec.DecodeError) as error:
        raise Malformed("evidence.act", "The text shown is not an act in its one form.") from error
