"""The journal as a log of C2SP tlog-tiles under ``/log``: checkpoint, tiles of nodes, bundles of leaves; read only.

A leaf is public to the centre alone: it is served to this machine, as everything is. Bodies are not served here.
"""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromPath

from tansiq.doors.api.request import FloorHere
from tansiq.doors.gate import MACHINE

_IMMUTABLE = {"Cache-Control": "public, max-age=31536000, immutable"}
_OCTETS = "application/octet-stream"


@get("/checkpoint", role=MACHINE, media_type="text/plain", sync_to_thread=True)
def checkpoint(floor: FloorHere) -> Response[bytes]:
    """The newest checkpoint with the cosignatures that have come: a signed note."""
    return Response(floor.log.checkpoint(), media_type="text/plain; charset=utf-8",
                    headers={"Cache-Control": "no-store"})


@get("/tile/entries/{tile:path}", role=MACHINE, media_type=_OCTETS, sync_to_thread=True)
def entries(floor: FloorHere, tile: FromPath[str]) -> Response[bytes]:
    """A bundle of leaves: up to 256, each after its length as u16."""
    return Response(floor.log.entries(tile.strip("/")), media_type=_OCTETS, headers=_IMMUTABLE)


@get("/tile/{level:int}/{tile:path}", role=MACHINE, media_type=_OCTETS, sync_to_thread=True)
def nodes(floor: FloorHere, level: FromPath[int], tile: FromPath[str]) -> Response[bytes]:
    """A tile of hashes: up to 256 nodes of a level of eight."""
    return Response(floor.log.nodes(level, tile.strip("/")), media_type=_OCTETS, headers=_IMMUTABLE)


HANDLERS = (checkpoint, entries, nodes)
