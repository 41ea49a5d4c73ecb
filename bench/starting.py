"""From the command to the first answer of a server, on a prepared machine."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench import trial
from bench.result import tell

ROOT = Path(__file__).parents[1]
GIVE_UP_S = 60.0


def run() -> None:
    """Measure and tell: with a directory that is founded first, and with one that is there."""
    with trial.directory() as place:
        for name in ("founding", "again"):
            tell(f"server_ready/{name}", _ready_s(place / "data"), "s", target=3.0, target_is_most=True)


def _ready_s(data: Path) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.perf_counter()
    server = subprocess.Popen([str(ROOT / "script" / "server"), "--port", str(port), "--data", str(data)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while trial.spent(began) < GIVE_UP_S and server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return trial.spent(began)
            except (urllib.error.URLError, OSError):
                time.sleep(0.02)
        return trial.spent(began) if server.poll() is None else float("inf")
    finally:
        server.terminate()
        server.wait(timeout=20)
