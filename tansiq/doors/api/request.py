"""What every request to the API goes through: the body held to one meaning, the officer found."""

from __future__ import annotations

import json
from typing import Any

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import FromQuery, SkipValidation

from tansiq.doors.filters import FILTER_NAMES, Filters
from tansiq.doors.floor import Floor
from tansiq.doors.gate import bearer_of, officer_of, session_of
from tansiq.errors import Malformed
from tansiq.office import Officer
from tansiq.wire import JSON_DEPTH_MAX

BODY_BYTES_MAX = 1024 * 1024
BATCH_BYTES_MAX = 16 * 1024 * 1024

FloorHere = NamedDependency[SkipValidation[Floor]]
OfficerHere = NamedDependency[SkipValidation[Officer]]
FiltersHere = NamedDependency[SkipValidation[Filters]]


async def hold_body(request: Request[Any, Any, Any]) -> None:
    """Refuse a body that could be read in two ways: not JSON, doubled keys, NaN, NUL, half characters, deep.

    Raises:
        Malformed: ``request.json``.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    body = await request.body()
    if body:
        check_json(body)


def check_json(body: bytes) -> None:
    """Hold bytes to be JSON with one meaning.

    Raises:
        Malformed: ``request.json``, naming what is wrong.
    """
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise _wrong("it is not UTF-8") from error
    except RecursionError as error:
        raise _wrong("it is nested too deep") from error
    except ValueError as error:
        raise _wrong(str(error)) from error
    _check_value(value, JSON_DEPTH_MAX)


async def provide_officer(request: Request[Any, Any, Any]) -> Officer:
    """Who asks, as the gate found it: the session's officer; or, for the directory's owner, whom the header
    ``Tansiq-Officer`` names.

    Raises:
        Untrusted: ``session.absent``.
    """
    return officer_of(request)


def token_of(request: Request[Any, Any, Any]) -> str:
    """The token of a request: of its ``Authorization: Bearer`` header, else of its cookie; else empty."""
    return bearer_of(request) or session_of(request)


async def provide_filters(
    request: Request[Any, Any, Any], *,
    desk: FromQuery[str | None] = None, kind: FromQuery[str | None] = None, text: FromQuery[str | None] = None,
    box: FromQuery[str | None] = None, after: FromQuery[str | None] = None, before: FromQuery[str | None] = None,
    author: FromQuery[str | None] = None, precedence: FromQuery[str | None] = None,
    standing: FromQuery[str | None] = None, limit: FromQuery[int] = 100, offset: FromQuery[int] = 0,
) -> Filters:
    """Read the filters of a search from the query of the address; an unknown one is refused, not passed over.

    Raises:
        Malformed: ``filter.unknown``.
    """
    for name in request.query_params:
        if name not in FILTER_NAMES:
            raise Malformed("filter.unknown", "There is no filter {given}.", given=repr(name[:40]), field=name[:40])
    return Filters(desk=desk, kind=kind, text=text, box=box, after=after, before=before, author=author,
                   precedence=precedence, standing=standing, limit=limit, offset=offset)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


def _wrong(why: str) -> Malformed:
    return Malformed("request.json", "The body is not JSON with one meaning: {why}.", why=why[:200])


def _check_value(value: Any, depth: int) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise _wrong("a text holds a NUL character")
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise _wrong("a text holds half of a character")
    elif isinstance(value, list | dict):
        if depth == 0:
            raise _wrong("it is nested too deep")
        for part in (value if isinstance(value, list) else (*value, *value.values())):
            _check_value(part, depth - 1)
