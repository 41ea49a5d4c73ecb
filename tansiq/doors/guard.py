"""The guard: nobody but this machine is answered; a proxy on it that ends TLS brings others, to one address.

A page of a stranger could reach a loopback address through the browser of an officer: by DNS
rebinding (so the ``Host`` header is held to loopback names) or by a form of its own (so an unsafe
method must come from our own ``Origin``; the session's cookie is ``SameSite=Strict`` besides).
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import msgspec

ANSWERED_HOSTS = ("127.0.0.1", "localhost", "[::1]")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
OWN_SITES = ("same-origin", "none")
"""What a browser says of a request that our own pages make, or that a person typed."""


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

    def __init__(self, app: Any, origin: Callable[[], str] = lambda: "") -> None:
        """*origin* gives the address of the floor for officers elsewhere, which a proxy on this machine answers."""
        self.app = app
        self._origin = origin

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Let the request through, or answer it here."""
        code = self._fault(scope) if scope["type"] in ("http", "websocket") else None
        if code is None:
            await self.app(scope, receive, send)
            return
        body = msgspec.json.encode({"code": code, "sentence": SENTENCES[code], "field": None, "article": None})
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _fault(self, scope: Any) -> str | None:
        client = scope.get("client")
        if client is not None and not client_is_loopback(client[0]):
            return "door.peer"
        headers = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        hosts = [value for name, value in headers if name == b"host"]
        served = urlsplit(self._origin()).netloc
        if len(hosts) != 1 or not (host_is_loopback(hosts[0]) or (served and hosts[0] == served)):
            return "door.host"
        if scope.get("method", "GET") in SAFE_METHODS:
            return None
        origins = [value for name, value in headers if name == b"origin"]
        sites = [value for name, value in headers if name == b"sec-fetch-site"]
        own = all(origin_is_own(one, hosts[0]) for one in origins) and all(one in OWN_SITES for one in sites)
        return None if own else "door.origin"


SENTENCES = {
    "door.peer": "Only this machine is answered; others come through a proxy on it that ends TLS.",
    "door.host": "The Host header does not name this machine.",
    "door.origin": "A change must be asked for from the floor's own pages.",
}
