"""Sizes: small files, small functions, few parameters. What is over today may only shrink."""

from __future__ import annotations

import ast
import statistics
import tomllib

from tests.house.reading import ROOT, Function, function_size, functions, sources, text_of, tracked

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
FUNCTION_LINES_95 = 40
FUNCTION_LINES_MEDIAN = 10
FILE_LINES_MEDIAN = 150
POSITIONAL_MAX = 5
HANDLERS = {"get", "post", "put", "patch", "delete"}
RATCHET = tomllib.loads((ROOT / "tests/house/ratchet.toml").read_text("utf-8"))


def _held(kind: str, measured: dict[str, int], limit: int) -> None:
    """Hold *limit*, but for what the ratchet names: that may not grow, and leaves the list once it fits."""
    named: dict[str, int] = RATCHET.get(kind, {})
    over = [f"{name}: {size}" for name, size in measured.items() if size > max(limit, named.get(name, 0))]
    assert not over, f"over {limit}: " + ", ".join(over)
    stale = [name for name, allowed in named.items() if measured.get(name, 0) < allowed]
    assert not stale, f"shrunk: set the new size in tests/house/ratchet.toml, or strike the line: {stale}"


def test_no_file_is_longer_than_a_person_reads() -> None:
    """No source file has more than 500 lines."""
    kinds = (".py", ".ts", ".css", ".sql", ".html")
    folders = ("tansiq/", "tests/", "bench/", "web/src/")
    lines = {name: (text_of(name) or "").count("\n") for name in tracked()
             if name.endswith(kinds) and name.startswith(folders)}
    _held("files", lines, FILE_LINES_MAX)


def test_no_function_is_longer_than_a_page() -> None:
    """No function has more than 70 lines of code."""
    sizes = {f"{source.name}:{name}": function_size(source, function)
             for source in sources("tansiq", "tests", "bench") for name, function in functions(source.tree)}
    _held("functions", sizes, FUNCTION_LINES_MAX)


def test_most_functions_are_small() -> None:
    """Half of the functions have at most 10 lines of code, 95 of 100 at most 40; half of the files at most 150."""
    sizes = sorted(function_size(source, function)
                   for source in sources("tansiq") for _, function in functions(source.tree))
    assert statistics.median(sizes) <= FUNCTION_LINES_MEDIAN
    assert sizes[int(len(sizes) * 0.95)] <= FUNCTION_LINES_95
    assert statistics.median(source.text.count("\n") for source in sources("tansiq")) <= FILE_LINES_MEDIAN


def _positional(function: Function, *, method: bool) -> int:
    if any(ast.unparse(d).split("(")[0] in HANDLERS for d in function.decorator_list):
        return 0  # the web framework gives them by name alone
    bound = method and not any(ast.unparse(d) == "staticmethod" for d in function.decorator_list)
    return len(function.args.posonlyargs) + len(function.args.args) - bound


def test_no_function_takes_a_row_of_nameless_arguments() -> None:
    """At most five parameters can be given by position."""
    counts = {}
    for source in sources("tansiq", "bench"):
        methods = {id(child) for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef) for child in node.body}
        for name, function in functions(source.tree):
            counts[f"{source.name}:{name}"] = _positional(function, method=id(function) in methods)
    _held("parameters", counts, POSITIONAL_MAX)
