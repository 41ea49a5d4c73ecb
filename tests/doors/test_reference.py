"""The reference cannot drift: it is what the program says of itself."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs/reference"


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference_generator", REFERENCE / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["cli.md", "errors.md", "api.md"])
def test_the_reference_is_what_the_program_says(name: str) -> None:
    """Every command, error code and address stands in the reference as it is today; script/reference writes it."""
    assert (REFERENCE / name).read_text("utf-8") == _generator().PAGES[name](), "run script/reference"


def test_every_setting_has_its_entry() -> None:
    """What the environment or `serve` can set stands in settings.md."""
    text = (REFERENCE / "settings.md").read_text("utf-8")
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "tansiq").rglob("*.py"))
    read = set(re.findall(r"""environ(?:ment)?(?:\.get\(|\[)["'](\w+)["']""", source))
    assert read, "LANG at least is read"
    assert not {name for name in read | {"--port", "--data", "--charter", "--lang"} if f"`{name}" not in text}


def test_no_code_has_two_meanings() -> None:
    """One code belongs to one family."""
    families: dict[str, set[str]] = {}
    for code, family, _ in _generator().raised():
        families.setdefault(code, set()).add(family)
    assert not {code: found for code, found in families.items() if len(found) > 1}
