"""Signing for programs, in two steps: an act is made ready, and its officer's passkey is asked; the answer says it.

The passkey itself answers before a browser, at the floor's own address. What roles ask of a page they ask here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from tansiq.cell.desk import Desk, Form
from tansiq.desks.fields import check, draft_type
from tansiq.doors.api.request import BODY_BYTES_MAX, FloorHere, OfficerHere
from tansiq.doors.api.shapes import SaidShape
from tansiq.doors.gate import OFFICER
from tansiq.doors.signing import Signing, ToSign

_JSON: Any = JSONBody
"""The marker of a body, for types that are made while the program runs."""


class KeyShape(msgspec.Struct, frozen=True):
    """One passkey that may answer, by its id (base64url)."""

    type: str
    id: str


class QuestionShape(msgspec.Struct, frozen=True, rename="camel"):
    """What ``navigator.credentials.get`` is asked: WebAuthn's ``PublicKeyCredentialRequestOptionsJSON``."""

    challenge: str
    rp_id: str
    user_verification: str
    timeout: int
    allow_credentials: tuple[KeyShape, ...]


class ToSignShape(msgspec.Struct, frozen=True):
    """An act that waits for its officer's signature.

    ``challenge`` (64 hex digits) is the hash of the act without a signature, and its name until it is said; ``act``
    lacks the fields named in ``withheld``, which leave by no machine door; ``page`` is where the floor shows it whole.
    """

    challenge: str
    question: QuestionShape
    act: dict[str, Any]
    withheld: tuple[str, ...]
    page: str


class ResponseShape(msgspec.Struct, frozen=True, rename={
        "authenticator_data": "authenticatorData", "client_data": "clientDataJSON", "user_handle": "userHandle"}):
    """What the passkey signed, and its signature; base64url."""

    authenticator_data: str
    client_data: str
    signature: str
    user_handle: str | None = None


class AnswerShape(msgspec.Struct, frozen=True):
    """A passkey's answer: WebAuthn's ``AuthenticationResponseJSON``. What a browser adds to it is passed over."""

    id: str
    response: ResponseShape


class SignedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The answer of the passkey that was asked; which act it signs follows from the challenge inside."""

    answer: AnswerShape


def sign_handlers(desk: Desk) -> list[HTTPRouteHandler]:
    """``POST /api/{desk}/{kind}/signing`` for every kind of *desk* that a charter may have signed."""
    return [_begin(desk, form) for form in desk.forms if form.plain and form.signed]


def _begin(desk: Desk, form: Form) -> HTTPRouteHandler:
    single = draft_type(form)
    # A type of its own: the description refuses one type under two keys.
    draft: Any = msgspec.defstruct(f"{single.__name__}ToSign", [], bases=(single,), module=single.__module__)

    def begin(floor: Any, officer: Any, data: Any) -> ToSignShape:
        check(form, data)
        signing = Signing(floor)
        challenge = signing.begin(officer, form.kind.name, msgspec.to_builtins(data))
        return _shown(challenge, signing.find(officer, challenge))

    begin.__annotations__ = {"floor": FloorHere, "officer": OfficerHere, "data": _JSON[draft], "return": ToSignShape}
    begin.__doc__ = (f"Make one {form.kind.name} ready to be signed by its officer's passkey, where the charter asks "
                     f"it; the role {form.role} is needed. Nothing is said yet.")
    return post(f"/{desk.name}/{form.kind.name}/signing", role=form.role,
                operation_id=f"begin_signing_{desk.name}_{form.kind.name}", request_max_body_size=BODY_BYTES_MAX,
                sync_to_thread=True)(begin)


@get("/signing/{challenge:str}", role=OFFICER, sync_to_thread=True)
def waiting(floor: FloorHere, officer: OfficerHere, challenge: FromPath[str]) -> ToSignShape:
    """An act of one's own that waits to be signed, for five minutes."""
    return _shown(challenge, Signing(floor).find(officer, challenge))


@post("/signing", role=OFFICER, sync_to_thread=True)
def sign(floor: FloorHere, officer: OfficerHere, data: JSONBody[SignedRequest]) -> SaidShape:
    """Say the act that a passkey has signed. Answers with its id."""
    answer: Mapping[str, Any] = msgspec.to_builtins(data.answer)
    return SaidShape((Signing(floor).finish(officer, answer),))


def _shown(challenge: str, waits: ToSign) -> ToSignShape:
    hidden = waits.form.withheld
    act = {name: value for name, value in msgspec.to_builtins(waits.act).items() if name not in hidden}
    return ToSignShape(challenge, msgspec.convert(waits.question, QuestionShape), act, hidden, f"/sign/{challenge}")


HANDLERS: tuple[Any, ...] = (waiting, sign)
