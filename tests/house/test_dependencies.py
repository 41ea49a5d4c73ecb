"""Dependencies: what the package imports is what it says that it needs."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.house.reading import ROOT, sources, text_of


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[<>=!\[; ]", name)[0]).lower()


def _declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {_plain(name) for name in project["dependencies"]}


def _imported() -> dict[str, str]:
    """Top-level modules from elsewhere that the package imports, each with one file that does."""
    found: dict[str, str] = {}
    for source in sources("tansiq"):
        for node in ast.walk(source.tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                top = name.split(".")[0]
                if top not in sys.stdlib_module_names and top != "tansiq":
                    found[top] = source.name
    return found


def test_what_is_imported_is_declared() -> None:
    """Every package that the code imports stands in pyproject.toml, not only among what others pull in."""
    homes = packages_distributions()
    missing = {module: where for module, where in _imported().items()
               if not {_plain(name) for name in homes.get(module, [module])} & _declared()}
    assert not missing, missing


def test_what_is_declared_is_pinned() -> None:
    """Every package that pyproject.toml names is asked for in requirements/run.in, and pinned in all three locks."""
    asked = {_plain(line) for line in (text_of("requirements/run.in") or "").splitlines() if line}
    assert asked == _declared()
    for lock in ("run", "build", "test"):
        text = text_of(f"requirements/{lock}.txt") or ""
        pinned = {_plain(line) for line in text.splitlines() if re.match(r"[A-Za-z0-9]", line)}
        assert asked <= pinned, asked - pinned


def test_nothing_is_declared_for_nothing() -> None:
    """What pyproject.toml names is imported, but for zones of time and what uvicorn finds by itself."""
    homes = packages_distributions()
    used = {_plain(name) for module in _imported() for name in homes.get(module, [module])}
    assert _declared() - used == {"tzdata", "httptools", "uvloop"}
