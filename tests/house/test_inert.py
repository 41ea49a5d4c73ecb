"""Importing does nothing: no sockets, no files, no processes, no threads, no settings read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.house.reading import ROOT, sources

WATCH = r'''
import importlib, os, sys, sysconfig, threading
sys.dont_write_bytecode = True
package, modules = sys.argv[1], sys.argv[2:]
stdlib = tuple({sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), os.path.dirname(os.__file__)})
site = tuple({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
watched = {"open", "socket.connect", "socket.bind", "subprocess.Popen", "os.mkdir", "os.remove", "os.rename",
           "os.listdir", "os.scandir", "sqlite3.connect"}
found = []

def culprit():
    """The file of the package that asked for it; None where the importer or a library did."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith("<frozen importlib") or name.startswith(site):
            return None
        if name.startswith(package):
            return f"{name}:{frame.f_lineno}"
        frame = frame.f_back
    return None

def hook(event, arguments):
    if event in watched:
        where = culprit()
        own = event == "open" and str(arguments[0]).startswith(package) and "r" in str(arguments[1] or "r")
        if where and not own:
            found.append(f"{where} {event} {arguments[:1]}")

class Watched(type(os.environ)):
    def __getitem__(self, key):
        where = culprit()
        if where:
            found.append(f"{where} reads the environment: {key}")
        return super().__getitem__(key)
    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

def start(thread):
    where = culprit()
    if where:
        found.append(f"{where} starts a thread")

os.environ.__class__ = Watched
threading.Thread.start = start
sys.addaudithook(hook)
for module in modules:
    importlib.import_module(module)
print("\n".join(found))
'''


def _watch(folder: Path, path: Path, *modules: str) -> str:
    """Import *modules* from *path* in a process of its own; answer what files below *folder* did beside."""
    program = f"import sys; sys.path.insert(0, {str(path)!r})\n{WATCH}"
    run = subprocess.run([sys.executable, "-W", "error", "-c", program, f"{folder}/", *modules], cwd=ROOT,
                         capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr[-2_000:]
    return run.stdout.strip()


def test_importing_does_nothing() -> None:
    """Every module of the package can be imported without a trace; files of the package itself may be read."""
    modules = sorted(source.module for source in sources("tansiq") if not source.name.endswith("__main__.py"))
    assert _watch(ROOT / "tansiq", ROOT, *modules) == ""


def test_the_watch_would_see_it(tmp_path: Path) -> None:
    """A module that reads a setting, writes a file or starts a thread at import is found."""
    (tmp_path / "loud.py").write_text(
        "import os, threading\nos.environ.get('HOME')\nopen(__file__ + '.log', 'w').close()\n"
        "threading.Thread(target=print).start()\n", "utf-8")
    seen = _watch(tmp_path, tmp_path, "loud")
    assert all(word in seen for word in ("environment: HOME", "loud.py.log", "starts a thread"))
