"""Saying: one address for each kind of each desk, made from the desks alone."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from tansiq.cell.desk import Desk, Form
from tansiq.desks.fields import check, draft_type
from tansiq.doors.api.request import BATCH_BYTES_MAX, BODY_BYTES_MAX, FloorHere, OfficerHere
from tansiq.doors.api.shapes import SaidShape

_JSON: Any = JSONBody
"""The marker of a body, for types that are made while the program runs."""


def say_handlers(desk: Desk) -> list[HTTPRouteHandler]:
    """``POST /api/{desk}/{kind}`` and ``…/batch`` for every kind of *desk* that officers say with a plain form."""
    return [handler for form in desk.forms if form.plain for handler in (_say(desk, form), _say_batch(desk, form))]


def _say(desk: Desk, form: Form) -> HTTPRouteHandler:
    draft: Any = draft_type(form)

    def say(floor: Any, officer: Any, data: Any) -> SaidShape:
        check(form, data)
        return SaidShape((floor.say(officer, form.kind.name, msgspec.to_builtins(data)),))

    say.__annotations__ = {"floor": FloorHere, "officer": OfficerHere, "data": _JSON[draft], "return": SaidShape}
    say.__doc__ = f"Say one {form.kind.name}; the role {form.role} is needed. Answers with its id."
    name = f"{desk.name}_{form.kind.name}"
    return post(f"/{desk.name}/{form.kind.name}", role=form.role, operation_id=f"say_{name}",
                request_max_body_size=BODY_BYTES_MAX, sync_to_thread=True)(say)


def _say_batch(desk: Desk, form: Form) -> HTTPRouteHandler:
    single = draft_type(form)
    # A type of its own: the description refuses one type under two keys (as a body, and inside a list).
    draft: Any = msgspec.defstruct(f"{single.__name__}InBatch", [], bases=(single,), module=single.__module__)

    def say_batch(floor: Any, officer: Any, data: Any) -> SaidShape:
        for item in data:
            check(form, item)
        items = [(form.kind.name, msgspec.to_builtins(item)) for item in data]
        return SaidShape(tuple(floor.say_many(officer, items)))

    say_batch.__annotations__ = {"floor": FloorHere, "officer": OfficerHere, "data": _JSON[list[draft]],
                                 "return": SaidShape}
    say_batch.__doc__ = f"Say 1 to 1000 of {form.kind.name}, all or none. Answers with their ids in the order given."
    name = f"{desk.name}_{form.kind.name}"
    return post(f"/{desk.name}/{form.kind.name}/batch", role=form.role, operation_id=f"say_{name}_batch",
                request_max_body_size=BATCH_BYTES_MAX, sync_to_thread=True)(say_batch)
