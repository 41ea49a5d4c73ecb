"""Write the reference from the program itself, so that the two cannot drift (``script/reference``)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import typer
from litestar import Litestar

from tansiq.desks import DESKS
from tansiq.doors.api import EXACT, STATUS, openapi_config, routes
from tansiq.doors.cli import build_cli
from tansiq.errors import FAMILIES

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
GENERATED = "<!-- Written by script/reference; do not edit. -->\n"
RAISED = {family.__name__: family for family in FAMILIES}


def cli_page() -> str:
    """Every command with its arguments and options."""
    wiring: Any = SimpleNamespace()
    root = typer.main.get_command(build_cli(DESKS, wiring))
    lines = ["# Command line", "", GENERATED,
             "Exit status: 0 done, 1 refused or not proved, 2 misused. With `--json` a command prints one JSON "
             "document. Every", "command works on a data directory with no server running, and through the server "
             "where one is.", ""]
    for name, command in _commands(root, "tansiq"):
        lines += [f"## {name}", "", _plain(command.help), ""]
        for parameter in command.params:
            if parameter.name != "help":
                lines.append(_parameter(parameter))
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def errors_page() -> str:
    """Every code of failure with its family and sentence, as the source raises them."""
    lines = ["# Errors", "", GENERATED,
             "A failure has a stable code, one sentence, and the field or article at fault where there is one.", "",
             "| family | HTTP status |", "|---|---|"]
    lines += [f"| {family.family} | {STATUS[family]} |" for family in FAMILIES]
    lines += [f"| code `{code}` | {status} |" for code, status in sorted(EXACT.items())]
    lines += ["", "| code | family | sentence |", "|---|---|---|"]
    lines += [f"| `{code}` | {family} | {sentence} |" for code, family, sentence in sorted(set(raised()))]
    return "\n".join(lines) + "\n"


def api_page() -> str:
    """Every address with what it does."""
    centre: Any = SimpleNamespace(charter=None, cells={})
    app = Litestar(routes(centre, DESKS, {}), openapi_config=openapi_config())
    lines = ["# API", "", GENERATED, "Described in OpenAPI 3.1 at `/api/openapi.json`. Only this machine is answered.",
             "", "| address | does |", "|---|---|"]
    for path, item in sorted(app.openapi_schema.to_schema()["paths"].items()):
        for method, operation in sorted(item.items()):
            words = " ".join(operation.get("description", "").split("\n\n")[0].split())
            lines.append(f"| {method.upper()} `{path}` | {words} |")
    return "\n".join(lines) + "\n"


def raised() -> Iterator[tuple[str, str, str]]:
    """(code, family, sentence) of every failure that the source of the package makes."""
    for path in sorted((ROOT / "tansiq").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
                words = [part.value for part in node.args[:2]
                         if isinstance(part, ast.Constant) and isinstance(part.value, str)]
                if len(words) == 2:
                    yield words[0], RAISED[node.func.id].family, words[1].replace("|", "\\|")


PAGES = {"cli.md": cli_page, "errors.md": errors_page, "api.md": api_page}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), "utf-8")


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    below_it: dict[str, Any] | None = getattr(command, "commands", None)
    if below_it is not None:
        for key, below in sorted(below_it.items()):
            yield from _commands(below, f"{name} {key}")
    else:
        yield name, command


def _parameter(parameter: Any) -> str:
    named = parameter.opts if parameter.param_type_name == "option" else [parameter.metavar or parameter.name]
    shown = ", ".join(f"`{name}`" for name in named)
    words = getattr(parameter, "help", None) or ""
    return f"- {shown}{' (needed)' if parameter.required else ''} {words}".rstrip()


def _plain(text: str | None) -> str:
    return (text or "").strip()


if __name__ == "__main__":
    main()
