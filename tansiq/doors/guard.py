"""The guard: until there is sign-in and TLS, nobody but this machine is answered.

A page of a stranger could reach a loopback address through the browser of an officer: by DNS
rebinding (so the ``Host`` header is held to loopback names) or by a form of its own (so an unsafe
method must come from our own ``Origin``; the session's cookie is ``SameSite=Strict`` besides).
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import msgspec

ANSWERED_HOSTS = ("127.0.0.1", "localhost", "[::1]")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


def host_is_loopback(host: str) -> bool:
    """Tell whether a ``Host`` header names this machine: 127.0.0.1, localhost or [::1], with or without a port."""
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        name, port = host, ""
    return name.lower() in ANSWERED_HOSTS and (port == "" or (port.isascii() and port.isdigit()))


def client_is_loopback(address: str) -> bool:
    """Tell whether a peer's address is this machine's own."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address in ("testclient", "localhost")


def origin_is_own(origin: str | None, host: str) -> bool:
    """Tell whether an ``Origin`` header, if there is one, is the address that was asked."""
    if origin is None:
        return True
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc == host


class Loopback:
    """ASGI middleware: answers 403 to a foreign peer, a foreign ``Host``, and an unsafe method from elsewhere."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Let the request through, or answer it here."""
        code = _fault(scope) if scope["type"] in ("http", "websocket") else None
        if code is None:
            await self.app(scope, receive, send)
            return
        body = msgspec.json.encode({"code": code, "sentence": SENTENCES[code], "field": None, "article": None})
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": body})


SENTENCES = {
    "door.peer": "Only this machine is answered, until there is sign-in and TLS.",
    "door.host": "The Host header does not name this machine.",
    "door.origin": "A change must be asked for from the floor's own pages.",
}


def _fault(scope: Any) -> str | None:
    client = scope.get("client")
    if client is not None and not client_is_loopback(client[0]):
        return "door.peer"
    headers = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) != 1 or not host_is_loopback(hosts[0]):
        return "door.host"
    origins = [value for name, value in headers if name == b"origin"]
    if scope.get("method", "GET") not in SAFE_METHODS and not all(origin_is_own(o, hosts[0]) for o in origins):
        return "door.origin"
    return None
