"""The floor plan: a room may import only from rooms above it."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter

from tests.house.reading import PACKAGE, imports, sources

ROOMS = ("errors", "wire", "languages", "geo", "keys", "merkle", "journal", "acts", "charter", "registrar", "evidence",
         "cell", "desks", "office", "doors", "run")
APART = ("desks", "doors")
"""Rooms whose own folders never import each other; only the room's list, its ``__init__.py``, names them."""


def _room(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else None


def test_every_module_lives_in_a_room_of_the_plan() -> None:
    """A new file stands in one of the rooms that the plan names."""
    strays = [source.name for source in sources("tansiq") if _room(source.module) not in (None, *ROOMS)]
    assert not strays, f"not on the floor plan: {strays}"


def test_a_room_imports_only_from_rooms_above_it() -> None:
    """No import turns back: errors know nothing, doors and the wiring know everything."""
    turned = []
    for source in sources("tansiq"):
        here = _room(source.module)
        for module, line, _ in imports(source):
            there = _room(module)
            if there is None or here is None:
                if here is None:
                    turned.append(f"{source.name}:{line} the package itself imports {module}")
            elif there not in ROOMS or ROOMS.index(there) > ROOMS.index(here):
                turned.append(f"{source.name}:{line} {here} imports {there}")
    assert not turned, "\n".join(turned)


def test_desks_and_doors_do_not_know_each_other() -> None:
    """A desk asks another through named queries, a door through the office and the cell: never by import."""
    crossed = []
    for source in sources("tansiq"):
        parts = source.module.split(".")
        if len(parts) < 3 or parts[1] not in APART:
            continue
        folder = "/".join(source.name.split("/")[:3]).removesuffix(".py")
        for module, line, _ in imports(source):
            there = module.split(".")
            apart = there[1:2] == parts[1:2] and len(there) > 2 and there[2] != parts[2]
            if apart and (PACKAGE / there[1] / there[2]).is_dir() and (PACKAGE.parent / folder).is_dir():
                crossed.append(f"{source.name}:{line} imports {module}")
    assert not crossed, "\n".join(crossed)


def test_no_two_modules_import_each_other() -> None:
    """There is an order in which all modules can be read, each after what it stands on."""
    graph: dict[str, set[str]] = {}
    for source in sources("tansiq"):
        inside = {id(node) for function in ast.walk(source.tree)
                  if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) for node in ast.walk(function)}
        late = {node.lineno for node in ast.walk(source.tree)
                if isinstance(node, (ast.Import, ast.ImportFrom)) and id(node) in inside}
        graph[source.module] = {module for module, line, typing_only in imports(source)
                                if not typing_only and line not in late and module != source.module}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(f"a circle of imports: {' → '.join(error.args[1])}") from error


def test_no_import_hides_in_a_string() -> None:
    """Modules are imported by statements, which this plan reads; the command line alone asks for the wiring by name."""
    loaders = {"import_module", "__import__"}
    hidden = [f"{source.name}:{node.lineno}" for source in sources("tansiq") for node in ast.walk(source.tree)
              if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in loaders]
    assert {where.split(":")[0] for where in hidden} <= {"tansiq/doors/cli/__init__.py"}, hidden
