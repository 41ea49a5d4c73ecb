"""Promises, as a judge reads them: a member's word for one key of one mandate, and the most it had cosigned."""

from __future__ import annotations

import re
from typing import NamedTuple

from tansiq import wire
from tansiq.errors import Malformed

PROMISE = "tansiq-promise/v1\n"
_TEXT = re.compile(r"tansiq-promise/v1\n([0-9a-f]{64})\n([1-9][0-9]{0,8})\n([A-Za-z0-9+/=]+)\n"
                   r"([1-9][0-9]{0,8}) (0|[1-9][0-9]{0,18}) ([A-Za-z0-9+/=]+)\n\Z")


class Promise(NamedTuple):
    """The text of a promise: for which centre and mandate, to which key, and the greatest checkpoint cosigned."""

    centre: bytes
    version: int
    key: bytes
    mandate: int
    checkpoint_size: int
    root: bytes


def parse_promise(text: str) -> Promise:
    """Read the text of a promise.

    Raises:
        Malformed: ``promise``.
    """
    found = _TEXT.match(text)
    if found is None:
        raise Malformed("promise", "Not a promise for a mandate.")
    centre, version, key, mandate, size, root = found.groups()
    promise = Promise(bytes.fromhex(centre), int(version), wire.parse_base64(key), int(mandate), int(size),
                      wire.parse_base64(root))
    if len(promise.key) != 33 or len(promise.root) != 32:
        raise Malformed("promise", "Not a promise for a mandate.")
    return promise
