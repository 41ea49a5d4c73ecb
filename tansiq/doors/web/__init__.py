"""The floor: pages that officers work in, made from desks, charter and journal alone.

``routes`` gives what ``run.py`` puts into the application.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from litestar import Router
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware

from tansiq.cell.desk import Desk
from tansiq.doors.floor import Centre, Floor
from tansiq.doors.gate import gate
from tansiq.doors.guard import Loopback
from tansiq.doors.web import (
    account,
    act,
    administering,
    attaching,
    desk,
    display,
    drafting,
    enter,
    home,
    lists,
    live,
    named,
    papers,
    passkeys,
    proving,
    record,
    saying,
    signing,
    world,
)
from tansiq.doors.web.assets import Assets
from tansiq.doors.web.channel import Channels
from tansiq.doors.web.failures import HTTP_STATUS, STATUS, answer_failure, answer_http
from tansiq.doors.web.pages import FORM_BYTES_MAX, Pages
from tansiq.doors.web.request import provide_filters, provide_officer, provide_sent
from tansiq.errors import TansiqError
from tansiq.office import Office, SignIn

__all__ = ["HTTP_STATUS", "STATUS", "routes"]


def routes(centre: Centre, desks: Sequence[Desk], offices: Mapping[str, Office], *,
           hold_ms: int = 0, sign_in: SignIn | None = None) -> list[Router]:
    """Every page, the pieces that scripts fetch, the live stream, and the files that browsers load.

    *hold_ms* is how long what an officer says can be taken back before it is sealed. *sign_in* says how officers come
    in; without it they are chosen where the charter is an exercise.

    Raises:
        Unavailable: ``web.unbuilt``, the pages were not built.
    """
    pages = Pages(Floor(centre, desks, offices, sign_in=sign_in), Assets(), hold_ms=hold_ms)
    channels = Channels(pages)
    rooms = (enter, passkeys, account, administering, display, home, live, lists, desk, attaching, act, saying, named, signing,
             drafting, papers, record, proving, world)
    handlers = [handler for room in rooms for handler in room.HANDLERS]
    return [Router(
        path="/",
        route_handlers=handlers,
        dependencies={
            "pages": Provide(lambda: pages, sync_to_thread=False),
            "channels": Provide(lambda: channels, sync_to_thread=False),
            "officer": Provide(provide_officer),
            "filters": Provide(provide_filters),
            "sent": Provide(provide_sent),
        },
        exception_handlers={TansiqError: answer_failure(pages), HTTPException: answer_http(pages)},
        guards=[gate(pages.floor)],
        middleware=[DefineMiddleware(Loopback, origin=lambda: pages.floor.sign_in.origin)],
        include_in_schema=False,
        request_max_body_size=FORM_BYTES_MAX,
    )]
