"""How the house's tests read the code: as text and syntax trees, without running it."""

from __future__ import annotations

import ast
import io
import subprocess
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "tansiq"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root, its text and its tree."""

    name: str
    text: str
    tree: ast.Module

    @property
    def module(self) -> str:
        """Dotted name of the module."""
        parts = self.name.removesuffix(".py").split("/")
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tracked() -> tuple[str, ...]:
    """Paths of all files under version control, from the root."""
    run = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = run.stdout.decode().split("\0")
    return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))


@cache
def text_of(name: str) -> str | None:
    """Text of a tracked file; None where it is not text."""
    try:
        return (ROOT / name).read_text("utf-8")
    except UnicodeDecodeError:
        return None


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """All tracked Python files below the given folders."""
    found = []
    for name in tracked():
        if name.endswith(".py") and name.startswith(tuple(f"{folder}/" for folder in folders)):
            text = text_of(name) or ""
            found.append(Source(name, text, ast.parse(text, name)))
    return tuple(found)


def functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Every function of a file with its qualified name, those inside others too."""
    def walk(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield prefix + child.name, child
                yield from walk(child, f"{prefix}{child.name}.")
            elif isinstance(child, ast.ClassDef):
                yield from walk(child, f"{prefix}{child.name}.")
            else:
                yield from walk(child, prefix)

    yield from walk(tree, "")


@cache
def code_lines(source: Source) -> frozenset[int]:
    """Numbers of the lines that hold code: not blank, no comment alone, no docstring."""
    skipped = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type not in skipped:
            lines.update(range(token.start[0], token.end[0] + 1))
    return frozenset(lines - docstring_lines(source.tree))


def docstring_lines(tree: ast.Module) -> set[int]:
    """Numbers of the lines that docstrings cover."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(
                node, clean=False) is not None:
            first = node.body[0]
            lines.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines


def function_size(source: Source, function: Function) -> int:
    """Lines of code in the body of a function, its docstring left out."""
    body = range(function.body[0].lineno, (function.end_lineno or function.lineno) + 1)
    return len(code_lines(source).intersection(body))


def imports(source: Source) -> Iterator[tuple[str, int, bool]]:
    """Modules of the package that a file imports, with the line, and whether only for types."""
    typing_only: set[int] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            typing_only.update(id(child) for statement in node.body for child in ast.walk(statement))
    for node in ast.walk(source.tree):
        only = id(node) in typing_only
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "tansiq":
                    yield alias.name, node.lineno, only
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = source.module.split(".")
                keep = len(package) - node.level + (source.name.endswith("__init__.py"))
                base = ".".join([*package[:keep], *([node.module] if node.module else [])])
            if base.split(".")[0] == "tansiq":
                for alias in node.names:
                    yield _module_named(base, alias.name), node.lineno, only


def _module_named(base: str, name: str) -> str:
    path = ROOT.joinpath(*base.split("."), name)
    return f"{base}.{name}" if path.with_suffix(".py").is_file() or (path / "__init__.py").is_file() else base
