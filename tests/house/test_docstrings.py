"""Words: every public name says what it promises, and every test what it holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.reading import Source, sources

Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Named]]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
            if decorators & {"overload", "typing.overload"} or any(d.endswith(".setter") for d in decorators):
                continue
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body, f"{prefix}{node.name}.")


def _silent(source: Source) -> Iterator[str]:
    if ast.get_docstring(source.tree) is None:
        yield source.name
    for name, node in _public(source.tree.body):
        if ast.get_docstring(node) is None:
            yield f"{source.name}:{node.lineno} {name}"


def test_every_public_name_says_what_it_promises() -> None:
    """Modules, classes, functions and methods of the package that others may use have a docstring."""
    silent = [where for source in sources("tansiq") for where in _silent(source)]
    assert not silent, "no docstring:\n" + "\n".join(silent)


def test_every_test_says_what_it_holds() -> None:
    """Every test has a docstring: the behaviour that it promises."""
    silent = [f"{source.name}:{node.lineno} {node.name}"
              for source in sources("tests") for node in ast.walk(source.tree)
              if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_")
              and ast.get_docstring(node) is None]
    assert not silent, "no docstring:\n" + "\n".join(silent)


def test_nothing_is_swallowed() -> None:
    """No handler catches everything, and none catches what tells a program to stop."""
    swallowed = []
    for source in sources("tansiq"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ExceptHandler):
                caught = "" if node.type is None else ast.unparse(node.type)
                silent = all(isinstance(statement, ast.Pass) for statement in node.body)
                if caught in {"", "BaseException"} or (silent and caught == "Exception"):
                    swallowed.append(f"{source.name}:{node.lineno} except {caught}")
    assert not swallowed, "\n".join(swallowed)


def test_nothing_is_named_after_nothing() -> None:
    """No module is called what says nothing of its contents."""
    empty = {"utils", "util", "common", "manager", "helper", "helpers", "misc", "new", "stuff"}
    named = [source.name for source in sources("tansiq") if empty & set(source.module.split("."))]
    assert not named, f"say what is in them: {named}"
