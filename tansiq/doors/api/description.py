"""What the API says of itself: a short page at ``/api`` and OpenAPI 3.1 at ``/api/openapi.json``."""

from __future__ import annotations

from litestar import MediaType, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, Reference, SecurityScheme

from tansiq.doors.api.request import FloorHere
from tansiq.doors.gate import ANYONE, SESSION_COOKIE

TEXT = """Tansiq: the interface for programs. Every address is described in /api/openapi.json (OpenAPI 3.1).

Begin a session:   POST /api/session {"officer": "...", "password": "..."}; in an exercise the officer alone is enough
Changes:           with Authorization: Bearer and the session's token, or with the cookie and the header Tansiq-CSRF
Read:              GET /api/acts, /api/acts/{id or reference}, /api/threads/{id}, /api/journal, /api/live
Say:               POST /api/{desk}/{kind}, and /batch for up to 1000 at once
A failure has a code, one sentence in the language of Accept-Language, and the field or article at fault.
Only this machine is answered.
"""


@get("/", role=ANYONE, media_type=MediaType.TEXT, sync_to_thread=False, include_in_schema=False)
def describe(floor: FloorHere) -> str:
    """Say in a few lines what can be asked, and of which desks."""
    addresses = [f"  /api/{desk.name}/{form.kind.name}" for desk in floor.desks for form in desk.forms
                 if form.plain]
    return TEXT + "\n" + "\n".join(addresses) + "\n"


def openapi_config() -> OpenAPIConfig:
    """How the application that serves ``routes()`` describes itself; hand it to ``Litestar(openapi_config=…)``."""
    schemes: dict[str, SecurityScheme | Reference] = {
        "session": SecurityScheme(type="apiKey", name=SESSION_COOKIE, security_scheme_in="cookie"),
        "token": SecurityScheme(type="http", scheme="bearer"),
    }
    return OpenAPIConfig(
        title="Tansiq", version="1", path="/api/openapi.json",
        description="What programs can ask of a coordination centre.",
        components=Components(security_schemes=schemes), security=[{"session": []}, {"token": []}],
        render_plugins=[JsonRenderPlugin(path="/")], use_handler_docstrings=True)


HANDLERS = (describe,)
