"""The cell's own desk as one value. It is hidden: officers meet it on the page of administration."""

from __future__ import annotations

from tansiq.cell.desk import Desk, Field, Form
from tansiq.desks.cell import register
from tansiq.desks.cell.acts import CREDENTIAL, CREDENTIAL_END, HEARTBEAT, NUMBER, UNOPENED
from tansiq.desks.cell.rule import rule

_ADMINISTRATOR = "administrator"
_REASONS = (("replaced", "It was replaced by another"), ("left", "The officer has left the office"),
            ("lost", "It was lost"), ("compromised", "Somebody else may have used it"))

DESK = Desk(
    name="cell",
    number=NUMBER,
    title="Cell",
    icon="server",
    forms=(
        Form(CREDENTIAL, (
            Field("holder", "Officer", "line"),
            Field("roles", "Roles", "words"),
            Field("credential", "Id of the passkey", "line"),
            Field("key", "Public key", "line"),
            Field("origin", "Address of the floor", "line"),
            Field("valid_from", "Valid from", "instant"),
            Field("valid_until", "Valid until", "instant"),
        ), role=_ADMINISTRATOR, signed=True, common=True),
        Form(CREDENTIAL_END, (Field("reason", "Reason", "choice", choices=_REASONS),), answers=("credential",),
             role=_ADMINISTRATOR, common=True),
        Form(HEARTBEAT, (), role="", common=True),
        Form(UNOPENED, (Field("number", "Number of the entry", "number"), Field("code", "Why", "line")), role=""),
    ),
    rule=rule,
    describe=register.describe,
    schema=register.schema(),
    fold=register.fold,
    queries=register.QUERIES,
    common=register.COMMON,
    hidden=True,
)
