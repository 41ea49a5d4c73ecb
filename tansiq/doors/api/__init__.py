"""The API: the same acts, lists and receipts for programs, described in OpenAPI 3.1.

``routes`` gives what ``run.py`` puts into the application; ``openapi_config`` its description.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from litestar import Router
from litestar.di import Provide
from litestar.middleware import DefineMiddleware

from tansiq.cell.desk import Desk
from tansiq.doors.api import (
    administration,
    attaching,
    description,
    drafting,
    live,
    log,
    office,
    proving,
    reading,
    saying,
    sessions,
    showing,
    signing,
)
from tansiq.doors.api.description import openapi_config
from tansiq.doors.api.errors import EXACT, FAILURE_HANDLERS, STATUS, Failure, status_of
from tansiq.doors.api.request import (
    BODY_BYTES_MAX,
    hold_body,
    provide_filters,
    provide_officer,
)
from tansiq.doors.floor import Centre, Floor
from tansiq.doors.gate import gate
from tansiq.doors.guard import Loopback
from tansiq.office import Office, SignIn

__all__ = ["EXACT", "FAILURE_HANDLERS", "STATUS", "Failure", "openapi_config", "routes", "status_of"]


def routes(centre: Centre, desks: Sequence[Desk], offices: Mapping[str, Office], *,
           administration_token: str | None = None, sign_in: SignIn | None = None) -> list[Router]:
    """Everything under ``/api``, and ``/healthz``.

    *administration_token* is that of ``server.json``: who has read it owns the directory. *sign_in* says how officers
    come in; without it they are chosen where the charter is an exercise.
    """
    floor = Floor(centre, desks, offices, administration=administration_token, sign_in=sign_in)
    made = [handler for desk in desks for handler in (
        reading.desk_handler(desk), *saying.say_handlers(desk), *signing.sign_handlers(desk),
        *showing.show_handlers(desk))]
    handlers = (*description.HANDLERS, *sessions.HANDLERS, *reading.HANDLERS, *drafting.HANDLERS,
                *attaching.HANDLERS, *proving.HANDLERS, *signing.HANDLERS,
                *showing.HANDLERS, *live.HANDLERS, *administration.HANDLERS, *office.HANDLERS, *made)
    return [_router("/api", handlers, floor), _router("/", (administration.healthz,), floor),
            _router("/log", log.HANDLERS, floor)]


def _router(path: str, handlers: Sequence[object], floor: Floor) -> Router:
    return Router(
        path=path,
        route_handlers=list(handlers),  # type: ignore[arg-type]
        dependencies={
            "floor": Provide(lambda: floor, sync_to_thread=False),
            "officer": Provide(provide_officer),
            "filters": Provide(provide_filters),
        },
        before_request=hold_body,
        exception_handlers=dict(FAILURE_HANDLERS),
        guards=[gate(floor, programs=True)],
        middleware=[DefineMiddleware(Loopback, origin=lambda: floor.sign_in.origin)],
        request_max_body_size=BODY_BYTES_MAX,
    )
