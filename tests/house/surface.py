"""What the program lets in and out: fields of every kind of act, addresses of every door, and what they take and give.

``python -m tests.house.surface`` prints it as TOML, to be read by a person before it goes into ``allowed.toml``.
"""

from __future__ import annotations

import typing
from types import SimpleNamespace
from typing import Any

import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute

from tansiq.acts import HEAD_FIELDS, Act, Record
from tansiq.cell.desk import Desk
from tansiq.cell.registers import ActRow, EntryRow
from tansiq.charter import parse_charter
from tansiq.doors import web
from tansiq.doors.api import openapi_config, routes
from tests.house.reading import ROOT

Endpoint = dict[str, list[str]]


def kinds(desks: tuple[Desk, ...]) -> dict[str, list[str]]:
    """Fields that each kind adds to the head, by ``desk/kind version``; and those of the head."""
    own = {f"{desk.name}/{kind.name} {kind.version}": sorted(set(kind.type.__struct_fields__) - set(HEAD_FIELDS))
           for desk in desks for kind in desk.kinds}
    return {"head": sorted(HEAD_FIELDS), **dict(sorted(own.items()))}


def records(desks: tuple[Desk, ...]) -> dict[str, list[str]]:
    """Fields of every record that stands inside an act, and of the rows that lists answer with, by name."""
    found: dict[str, list[str]] = {}
    for type_ in (Act, *(kind.type for desk in desks for kind in desk.kinds)):
        _collect(type_, found, top=True)
    found |= {row.__name__: _names(row) for row in (ActRow, EntryRow)}
    return dict(sorted(found.items()))


def _names(row: Any) -> list[str]:
    return sorted(row.__struct_fields__ if hasattr(row, "__struct_fields__") else row.__annotations__)


def _collect(type_: Any, found: dict[str, list[str]], *, top: bool = False) -> None:
    if isinstance(type_, type) and issubclass(type_, Record):
        if not top:
            if type_.__name__ in found:
                return
            found[type_.__name__] = sorted(type_.__struct_fields__)
        for field in msgspec.structs.fields(type_):
            _collect(field.type, found)
    for inner in typing.get_args(type_):
        _collect(inner, found)


def endpoints(desks: tuple[Desk, ...]) -> dict[str, Endpoint]:
    """What each address of the API takes (parameters and fields) and gives (fields), by ``METHOD path``."""
    centre: Any = None
    app = Litestar(route_handlers=routes(centre, desks, {}), openapi_config=openapi_config())
    described = app.openapi_schema.to_schema()
    shapes = described.get("components", {}).get("schemas", {})
    found = {}
    for path, item in described["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "responses" in operation:
                takes = {parameter["name"] for parameter in operation.get("parameters", ())}
                takes |= _fields(operation.get("requestBody", {}), shapes)
                good = {code: answer for code, answer in operation["responses"].items() if code.startswith("2")}
                found[f"{method.upper()} {path}"] = {"takes": sorted(takes), "gives": sorted(_fields(good, shapes))}
    return dict(sorted(found.items()))


def pages(desks: tuple[Desk, ...]) -> list[str]:
    """Addresses of the floor, as ``METHOD path``; what they take and give are forms and pages."""
    centre: Any = SimpleNamespace(charter=parse_charter((ROOT / "charters/baghdad.toml").read_text("utf-8")))
    app = Litestar(route_handlers=web.routes(centre, desks, {}))
    return sorted({f"{method} {route.path}" for route in app.routes if isinstance(route, HTTPRoute)
                   for method in route.methods if method != "OPTIONS" and not route.path.startswith("/schema")})


def _fields(node: Any, shapes: dict[str, Any]) -> set[str]:
    """Names of all properties below a part of an OpenAPI document, references followed."""
    names: set[str] = set()
    seen: set[str] = set()
    queue = [node]
    while queue:
        here = queue.pop()
        if isinstance(here, dict):
            reference = here.get("$ref")
            if isinstance(reference, str) and reference not in seen:
                seen.add(reference)
                queue.append(shapes.get(reference.rsplit("/", 1)[-1], {}))
            properties = here.get("properties", {})
            names |= set(properties)
            # A property may itself be called "properties", as in GeoJSON: the table of names is no schema.
            queue += [value for key, value in here.items() if key != "properties"]
            queue += properties.values()
        elif isinstance(here, list):
            queue += here
    return names


def described(desks: tuple[Desk, ...]) -> str:
    """The whole surface as TOML, in the shape of ``allowed.toml``."""
    lines = []
    for title, table in (("kinds", kinds(desks)), ("records", records(desks))):
        lines += [f"[{title}]", *(f"{_key(name)} = {_list(fields)}" for name, fields in table.items()), ""]
    lines += ["[floor]", f"pages = {_list(pages(desks))}", ""]
    for name, endpoint in endpoints(desks).items():
        lines += [f"[endpoints.{_key(name)}]", *(f"{key} = {_list(fields)}" for key, fields in endpoint.items()), ""]
    return "\n".join(lines)


def _key(name: str) -> str:
    return name if name.isidentifier() else f'"{name}"'


def _list(fields: list[str]) -> str:
    flat = ", ".join(f'"{field}"' for field in fields)
    if len(flat) < 100:
        return f"[{flat}]"
    return "[\n" + "".join(f'    "{field}",\n' for field in fields) + "]"


if __name__ == "__main__":
    from tansiq.desks import DESKS

    print(described(tuple(DESKS)))
