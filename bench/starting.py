"""From the command to the first answer of a server, on a prepared machine; and what checking a file costs to start."""

from __future__ import annotations

import resource
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench import trial
from bench.result import tell

ROOT = Path(__file__).parents[1]
GIVE_UP_S = 60.0
ROUNDS = 5


def run() -> None:
    """Measure and tell: with a directory that is founded first, and with one that is there."""
    with trial.directory() as place:
        for name in ("founding", "again"):
            tell(f"server_ready/{name}", _ready_s(place / "data"), "s", target=3.0, target_is_most=True)
    tell("verify_starts/cpu", min(_verify_cpu_s() for _ in range(ROUNDS)), "s", target=0.4, target_is_most=True)


def _verify_cpu_s() -> float:
    """Processor time of `tansiq verify` up to the point at which it would read its files."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "from tansiq.doors.cli import main; main()", "verify", "absent", "--charter",
                    "absent"], cwd=ROOT, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
