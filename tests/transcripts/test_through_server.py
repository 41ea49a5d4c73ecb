"""The same commands, through the server that has the directory open."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from litestar import Litestar
from typer.testing import CliRunner

import tansiq.run as wiring
from tansiq.desks import DESKS
from tansiq.doors.api import openapi_config, routes
from tansiq.doors.cli import build_cli
from tansiq.doors.cli.access import Remote
from tansiq.doors.cli.directory import Server, announce, hold, server_of
from tests.doors.trial import TRIAL
from tests.transcripts.test_both_ways import serving
from tests.transcripts.test_cli import CHARTER, Line
from tests.transcripts.test_start import TANSIQ

TOKEN = "the-owner's-token"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Line]:
    """A centre of memory behind a real server, which holds the directory."""
    line = Line(tmp_path, *DESKS)
    assert line.run("init", "--charter", str(CHARTER)).exit_code == 0
    centre: Any = line.wiring.centre
    app = Litestar(routes(centre, (TRIAL, *DESKS), line.wiring.open_offices(centre), administration_token=TOKEN),
                   openapi_config=openapi_config())
    line.wiring.centre = None
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", http="h11", loop="asyncio"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    with hold(line.data), announce(line.data, Server(listening.getsockname()[1], TOKEN)):
        line.wiring.codes = sorted(centre.cells)  # type: ignore[attr-defined]
        line.wiring.served = centre  # type: ignore[attr-defined]
        yield line
    server.should_exit = True
    thread.join(10)
    listening.close()


def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    """Nothing is opened or left behind, and one sentence says what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        words = ["serve", "--data", str(tmp_path / "d"), "--charter", str(CHARTER), "--port", port]
        done = subprocess.run([*TANSIQ, *words], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1 and f"The port {port} of this machine is taken" in done.stderr
    assert "Traceback" not in done.stderr and not (tmp_path / "d" / "server.json").exists()


def test_commands_go_through_the_server(served: Line) -> None:
    """Saying, listing, receipts, verifying and rebuilding answer as they do without a server."""
    code = served.wiring.codes[0]  # type: ignore[attr-defined]
    said = served.run("say", "trial", "greeting", "--cell", code, "--release", code, "--field", "words=peace", "--json")
    assert said.exit_code == 0, said.output
    listed = json.loads(served.run("acts", "--cell", code, "--text", "peace", "--json").stdout)
    assert [act["id"] for act in listed] == [json.loads(said.stdout)["id"]]
    assert json.loads(served.run("receipt", f"{code} 1", "--cell", code, "--json").stdout)["state"] == "settled"
    assert json.loads(served.run("journal", "verify", "--cell", code, "--json").stdout) == {"size": 1}
    assert json.loads(served.run("rebuild", "--cell", code, "--json").stdout) == {"acts": 1}


def test_refusals_of_the_server_end_as_refusals(served: Line) -> None:
    """A failure that the server answers is one sentence and the same exit status."""
    code = served.wiring.codes[0]  # type: ignore[attr-defined]
    refused = served.run("receipt", f"{code} 99", "--cell", code)
    assert refused.exit_code == 1 and refused.stderr.count("\n") == 1
    served.wiring.served.sound = False  # type: ignore[attr-defined]
    assert served.run("journal", "verify").exit_code == 1


def test_an_import_goes_through_the_server(served: Line, tmp_path: Path) -> None:
    """Rows are said through the server, and doubled by no second run."""
    code = served.wiring.codes[0]  # type: ignore[attr-defined]
    file = tmp_path / "rows.csv"
    file.write_text("title,text,occurred_from,occurred_until,external_id\n" + "".join(
        f"a,b,2015-10-07T09:30Z,2015-10-07T09:30Z,e{number}\n" for number in range(2_500)))
    words = ("import", "--cell", code, "--release", code, "--text-lang", "en", str(file), "--json")
    first = served.run(*words)
    assert json.loads(first.stdout) == {"said": 2_500, "skipped": 0, "bad": []}, first.output
    assert json.loads(served.run(*words).stdout)["skipped"] == 2_500


def test_a_long_check_tells_how_far_it_has_come(served: Line) -> None:
    """While the server checks a journal the command line is told how much is done, and at the end what was proved."""
    centre: Any = served.wiring.served  # type: ignore[attr-defined]

    def slowly(code: str | None, *, progress: Any) -> dict[str, Any]:
        for done in (1, 2, 3):
            progress(done, 3)
            time.sleep(0.4)
        return {"entries": 3}

    centre.verify = slowly
    told: list[tuple[int, int]] = []
    server = server_of(served.data)
    assert server is not None
    remote = Remote(server)
    try:
        assert remote.verify("IQ", progress=lambda done, of: told.append((done, of))) == {"entries": 3}
    finally:
        remote.close()
    assert told and set(told) <= {(1, 3), (2, 3), (3, 3)} and told == sorted(told)


def test_who_comes_while_the_centre_is_being_opened_waits(tmp_path: Path) -> None:
    """From the note of the server on its port takes connections: the first command is not turned away."""
    data, app = str(tmp_path / "data"), build_cli(DESKS, wiring)
    assert CliRunner().invoke(app, ["init", "--charter", str(CHARTER), "--data", data]).exit_code == 0
    with serving(Path(data), open_first=False):
        done = CliRunner().invoke(app, ["officers", "--json", "--data", data])
    assert done.exit_code == 0 and json.loads(done.stdout), done.output
