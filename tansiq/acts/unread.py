"""Acts of kinds that this program does not know: their head is read all the same, for it is alike in every kind.

From the head and the envelope's desk comes the label, so that the commitment can be checked and the other acts of the
envelope be folded. What is decided here looks at no catalogue: a program that knows more kinds decides the same.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tansiq import wire
from tansiq.acts.catalogue import check_head
from tansiq.acts.head import Act
from tansiq.errors import Malformed

_HEAD = msgspec.defstruct("Head", [(field.name, field.type) for field in msgspec.structs.fields(Act)], frozen=True)


def read_head(data: bytes) -> Any:
    """Read the head of an act of any kind and version: an object with the fields of ``Act`` and no others.

    Raises:
        Malformed: not canonical JSON, a field of the head is absent or of another type, or ``check_head`` refuses it.
    """
    value = wire.parse_any(data)
    try:
        head: Any = msgspec.convert(value, _HEAD)
    except msgspec.ValidationError as error:
        raise Malformed("json.shape", "Not the JSON that was expected: {why}.", why=str(error)) from error
    check_head(head)
    return head
