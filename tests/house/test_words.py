"""What may stand in no file: where packages came from, paths of one machine, what is a charter's to choose."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator

from tests.house.reading import ROOT, docstring_lines, sources, text_of, tracked

HOSTS = ("pypi" ".org", "pythonhosted" ".org", "registry.npmjs" ".org", "registry.yarnpkg" ".com", "crates" ".io",
         "npmmirror" ".com", "proxy.golang" ".org")
MACHINE = re.compile(r"(?<![\w.<>/*-])/(?:work|root|opt|Users|home/\w+)/\w")
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
LOCKS = ("uv" ".lock", "pylock" ".toml", "poetry" ".lock", "yarn" ".lock", "pnpm-lock" ".yaml")


def _texts() -> Iterator[tuple[str, int, str]]:
    for name in tracked():
        for number, line in enumerate((text_of(name) or "").splitlines(), 1):
            yield name, number, line


def test_no_file_names_where_packages_come_from() -> None:
    """Whoever installs chooses the source of packages: no tracked file names one."""
    named = [f"{name}:{number}" for name, number, line in _texts() if any(host in line.lower() for host in HOSTS)]
    assert not named, f"strike the host: {named[:20]}"


def test_locks_hold_hashes_and_no_addresses() -> None:
    """Every pinned package has a hash; no lock has an index, a link, or the address of a file."""
    assert not [name for name in tracked() if name.rsplit("/", 1)[-1] in LOCKS]
    for name in ("run", "build", "test"):
        lines = (text_of(f"requirements/{name}.txt") or "").splitlines()
        pins = [number for number, line in enumerate(lines) if re.match(r"[A-Za-z0-9_.-]+==", line)]
        assert pins, f"requirements/{name}.txt pins nothing"
        assert all("--hash=sha256:" in lines[number + 1] for number in pins)
        assert not [line for line in lines if line.startswith("-") or "://" in line]
    assert '"resolved"' not in (text_of("web/package-lock.json") or "")


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    """No absolute path of one person's machine stands in a tracked file."""
    named = [f"{name}:{number} {line.strip()[:80]}" for name, number, line in _texts()
             if not name.endswith("lock.json") and MACHINE.search(line)]
    assert not named, "\n".join(named[:20])


def test_nothing_is_left_for_later_in_the_code() -> None:
    """The package holds no marks of unfinished work, and no function that only says that it is not there."""
    marked = [f"{source.name}:{number}" for source in sources("tansiq")
              for number, line in enumerate(source.text.splitlines(), 1) if UNFINISHED.search(line)]
    marked += [f"{source.name}:{node.lineno}" for source in sources("tansiq") for node in ast.walk(source.tree)
               if isinstance(node, ast.Name) and node.id == "NotImplementedError"]
    assert not marked, marked


def _charters() -> Iterator[dict[str, object]]:
    for path in sorted((ROOT / "charters").glob("*.toml")):
        yield tomllib.loads(path.read_text("utf-8"))


def _names(section: object) -> set[str]:
    """Codes of a section of a charter: keys of a table, or ``code`` or ``id`` of each row."""
    if isinstance(section, dict):
        return set(section)
    if isinstance(section, list):
        return {str(row.get("code", row.get("id"))) if isinstance(row, dict) else str(row) for row in section}
    return set()


def test_the_package_knows_no_member() -> None:
    """No code of a member or partner of any charter that ships stands in the package's code; examples in words may."""
    codes = {code for charter in _charters() for part in ("members", "partners") for code in _names(charter.get(part))}
    assert codes, "the charters name their members otherwise than this test reads"
    whole = re.compile(r"(?<![A-Za-z0-9_])(?:" + "|".join(sorted(codes)) + r")(?![A-Za-z0-9_])")
    found = []
    for source in sources("tansiq"):
        words = docstring_lines(source.tree)
        code = [(number, line) for number, line in enumerate(source.text.splitlines(), 1) if number not in words]
        found += [f"{source.name}:{number} {line.strip()[:80]}" for number, line in code
                  if whole.search(line.split("#")[0])]
    found += [f"{name}:{number}" for name, number, line in _texts()
              if name.startswith("tansiq/") and name.endswith((".sql", ".html", ".jinja")) and whole.search(line)]
    assert not found, "\n".join(found)


def test_the_package_knows_no_kind_of_support_and_no_length_of_a_term() -> None:
    """What members may ask of each other, and how long a chair lasts, is written in charters alone."""
    kinds = {name for charter in _charters() for part in ("support", "supports", "kinds") for name in
             _names(charter.get(part))}
    assert kinds, "the charters name their kinds of support otherwise than this test reads"
    desks = {path.name for path in (ROOT / "tansiq/desks").iterdir() if path.is_dir()}
    term = re.compile(r"\b\w*(?:term|chair|rotation)\w*(?:_months|_days|_years|_length)\s*(?::\s*int\s*)?=\s*[\d\"']")
    found = []
    for source in sources("tansiq"):
        found += [f"{source.name}:{node.lineno} {node.value!r}" for node in ast.walk(source.tree)
                  if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in kinds - desks]
        found += [f"{source.name}:{number} {line.strip()}" for number, line in enumerate(source.text.splitlines(), 1)
                  if term.search(line)]
    assert not found, "\n".join(found)
