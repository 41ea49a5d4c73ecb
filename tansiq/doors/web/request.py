"""What every request to the floor goes through: the officer, the filters in the address, the form that was sent."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from tansiq.doors.filters import FILTER_NAMES, Filters
from tansiq.doors.gate import officer_of
from tansiq.doors.web.channel import Channels
from tansiq.doors.web.forms import Sent
from tansiq.doors.web.pages import FORM_BYTES_MAX, Pages
from tansiq.errors import Malformed
from tansiq.office import Officer

READ_BYTES_MAX = 2 * 1024 * 1024
"""So much of the form of a kind is read: what is longer than it may be comes back with the reason, and is not lost."""

PagesHere = NamedDependency[SkipValidation[Pages]]
ChannelsHere = NamedDependency[SkipValidation[Channels]]
OfficerHere = NamedDependency[SkipValidation[Officer]]
FiltersHere = NamedDependency[SkipValidation[Filters]]
SentHere = NamedDependency[SkipValidation[Sent]]
Asked = Request[Any, Any, Any]


async def provide_officer(request: Asked) -> Officer:
    """Whose session this is, as the gate found it.

    Raises:
        Untrusted: ``session.absent``.
    """
    return officer_of(request)


async def provide_filters(request: Asked) -> Filters:
    """Read the filters of a list from its address; names that are no filter (``lang``) are passed over.

    Raises:
        Malformed: ``filter.range``, limit or offset is no number.
    """
    given: dict[str, Any] = {name: value for name, value in request.query_params.items() if name in FILTER_NAMES}
    for name in ("limit", "offset"):
        if name in given:
            given[name] = _number(given[name], name)
    return Filters(**given)


async def provide_sent(request: Asked) -> Sent:
    """Read a form that a browser sent, every value as text.

    The form of a kind may hold a NUL: its fields are read one by one, and each says at itself what it does not take.

    Raises:
        Malformed: ``form.text``, a value is a file, or holds a NUL where nothing would look for it.
    """
    if request.method != "POST":
        return {}
    refused = "" if "kind" in request.path_params else "\0"
    sent: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if not isinstance(value, str) or (refused and refused in value):
            raise Malformed("form.text", "The field {field} takes text.", field=name[:40])
        sent.setdefault(name, []).append(value)
    return sent


def require_size(sent: Sent) -> None:
    """Hold the form of a kind to its size, as browsers send it; the failure names the longest field.

    Raises:
        Malformed: ``form.size``.
    """
    sizes = {name: sum(len(quote_plus(value)) for value in values) for name, values in sent.items()}
    if sum(sizes.values()) > FORM_BYTES_MAX:
        raise Malformed("form.size", "What stands in this form is longer than the {limit} KiB that it can hold: shorten "
                        "it. It is neither sealed nor lost.", limit=FORM_BYTES_MAX // 1024,
                        field=max(sizes, key=lambda name: sizes[name]))


def _number(text: str, field: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise Malformed("filter.number", "{field} is a whole number, not {given}.", field=field, given=repr(text[:20]))
