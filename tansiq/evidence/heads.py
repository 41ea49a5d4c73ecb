"""What a judge reads of an act: the head, which all kinds have alike, and the label."""

from __future__ import annotations

from typing import Any

from tansiq import wire
from tansiq.acts import Label, unread
from tansiq.errors import Malformed, TansiqError


def read_label(data: str) -> Label:
    """Read a label in its one form.

    Raises:
        Malformed: it is none.
    """
    return wire.parse(data.encode(), Label)


def read_head(data: bytes) -> Any:
    """Read the head of an act, whatever its kind, by the rule by which every cell does: what the one voids the other
    does.

    Raises:
        Malformed: ``evidence.act``.
    """
    try:
        return unread.read_head(data)
    except TansiqError as error:
        raise Malformed("evidence.act", "The text shown is not an act in its one form.") from error
