"""Proving: evidence for whoever may let it go, and files checked."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, JSONBody

from tansiq.doors.api.request import BATCH_BYTES_MAX, FloorHere, OfficerHere
from tansiq.doors.proofs import ROLE, Proofs, Question
from tansiq.evidence import Verdict


class DisclosureRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which act to disclose, whole or by its label alone; ``reason``: why against the handling, where it is so."""

    act: str
    label_only: bool = False
    reason: str = ""


class AbsenceRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an absence is asked about: codes, ``2015-10``, the name of a desk; kind and topic if wanted.

    ``before``: up to an instant of ISO 8601."""

    author: str
    to: str
    month: str
    desk: str
    kind: str | None = None
    topic: str | None = None
    before: str | None = None


class ConvictionRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of: the ``author`` and ``number`` of an entry that this member's cell cannot open; a ``disclosure`` of an act
    that names the member; a ``note`` of the registrar that its journal does not bear out."""

    author: str | None = None
    number: int | None = None
    disclosure: str | None = None
    note: str | None = None


class FoldingRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The text of another reader's ``disclosure``."""

    disclosure: str


@get("/evidence/public", sync_to_thread=True)
def public(floor: FloorHere, officer: OfficerHere) -> Response[bytes]:
    """The public part of the centre: charter, keys, introductions, mandates, as one chain."""
    return _file(Proofs(floor).public(officer.member))


@get("/evidence/receipts/{given:str}", role=ROLE, sync_to_thread=True)
def receipt(floor: FloorHere, officer: OfficerHere, given: FromPath[str]) -> Response[bytes]:
    """The receipt of the entry in which an act was said; the role releaser is needed."""
    return _file(Proofs(floor).receipt(officer, given))


@post("/evidence/disclosures", role=ROLE, status_code=200, sync_to_thread=True)
def disclosure(floor: FloorHere, officer: OfficerHere, data: JSONBody[DisclosureRequest]) -> Response[bytes]:
    """An act, or its label alone, with proof that its author said it; the role releaser is needed."""
    return _file(Proofs(floor).disclosure(officer, data.act, label_only=data.label_only, reason=data.reason))


@post("/evidence/absences", role=ROLE, status_code=200, sync_to_thread=True)
def absence(floor: FloorHere, officer: OfficerHere, data: JSONBody[AbsenceRequest]) -> Response[bytes]:
    """A certificate that nothing of the sort was said; where something was, 403 says so. The role releaser is
    needed."""
    question = Question(author=data.author, to=data.to, month=data.month, desk=data.desk, kind=data.kind,
                        topic=data.topic, before=data.before)
    return _file(Proofs(floor).absence(officer, question))


@post("/evidence/convictions", role=ROLE, status_code=200, sync_to_thread=True)
def conviction(floor: FloorHere, officer: OfficerHere, data: JSONBody[ConvictionRequest]) -> Response[bytes]:
    """Proof that an author or the registrar broke its word; the role releaser is needed."""
    proofs = Proofs(floor)
    if data.disclosure is not None:
        return _file(proofs.unaddressed(officer, data.disclosure.encode()))
    if data.note is not None:
        return _file(proofs.forked(officer, data.note))
    return _file(proofs.misaddressed(officer, data.author or "", data.number or 0))


@post("/evidence/foldings", role=ROLE, status_code=200, sync_to_thread=True)
def folding(floor: FloorHere, officer: OfficerHere, data: JSONBody[FoldingRequest]) -> dict[str, Any]:
    """Fold an act that this member's cell could not open from another reader's disclosure: its id, and whether it was
    new. The role releaser is needed."""
    return Proofs(floor).fold(officer, data.disclosure.encode())


@post("/evidence/checks", status_code=200, request_max_body_size=BATCH_BYTES_MAX)
async def check(request: Request[Any, Any, Any], floor: FloorHere, officer: OfficerHere) -> Verdict:
    """Check a file, which is the body, against what the officer's cell holds: what it proves, and what it does not.

    A file that proves nothing is answered with the failure that says why."""
    officer.require("reader")
    return Proofs(floor).check(officer.member, await request.body())


def _file(data: bytes) -> Response[bytes]:
    return Response(data, media_type="application/json", headers={"Cache-Control": "no-store"})


HANDLERS = (public, receipt, disclosure, absence, conviction, folding, check)
