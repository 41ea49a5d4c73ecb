"""Files: sealed by themselves, and carried by an act."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from tansiq.acts import Precedence, Text
from tansiq.doors.api.request import BATCH_BYTES_MAX, FloorHere, OfficerHere
from tansiq.doors.api.shapes import SaidShape
from tansiq.wire import parse_base64


class FileDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file of at most 10 MiB as base64 (``data``), and the act that carries it; ``of`` is the act it belongs to."""

    data: str
    name: str
    media_type: str
    title: Text
    of: str | None = None
    release: tuple[str, ...]
    handling: str = ""
    precedence: Precedence = "routine"


@post("/attachments", request_max_body_size=BATCH_BYTES_MAX, sync_to_thread=True)
def attach(floor: FloorHere, officer: OfficerHere, data: JSONBody[FileDraft]) -> SaidShape:
    """Seal a file in the officer's cell and say the act that carries it; the role releaser is needed."""
    fields: dict[str, Any] = msgspec.to_builtins(data)
    content = parse_base64(fields.pop("data"))
    return SaidShape((floor.attach(officer, content, fields),))


@get("/acts/{given:str}/attachment", sync_to_thread=True)
def attachment(floor: FloorHere, officer: OfficerHere, given: FromPath[str]) -> Response[bytes]:
    """The file that an act carries, as bytes: fetched from its author's cell where this one does not have it yet."""
    _, content = floor.attached(officer, given)
    return Response(content, media_type="application/octet-stream", headers=DOWNLOAD)


DOWNLOAD = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
HANDLERS = (attach, attachment)
