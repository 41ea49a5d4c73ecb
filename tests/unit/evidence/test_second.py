"""The second verifier, written from the spec alone: it gives the verdict of the first on every vector."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vectors.evidence import GOOD, text_of_file

ROOT = Path(__file__).parents[3]
TOOL = ROOT / "tools" / "verify_evidence.py"
FOLDER = ROOT / "tests" / "vectors" / "evidence"
LINES_MAX = 300
_JUDGE = """
import json, sys
sys.path.insert(0, sys.argv[1])
import verify_evidence as second
publics, vectors = (json.load(open(name, encoding="utf-8")) for name in sys.argv[2:])
def holds(check):
    try:
        check()
    except Exception:
        return True
    return False
centre = second.open_public(publics[0]["file"])
print(json.dumps([[one["what"], holds(lambda: second.open_public(one["file"]))] for one in publics]
                 + [[one["what"], holds(lambda: second.verify(one["file"], centre))] for one in vectors]))
assert not [name for name in sys.modules if name.split(".")[0] == "tansiq"], "it uses the package"
"""


def test_both_verifiers_agree_on_every_vector() -> None:
    """What the first proves the second proves, and what the one refuses the other refuses; it loads no package."""
    names = [FOLDER / f"{name}.json" for name in ("publics", "evidence")]
    run = subprocess.run([sys.executable, "-c", _JUDGE, TOOL.parent, *names], capture_output=True, text=True,
                         check=True)
    due = [[one["what"], one["expected"] != "ok"] for name in names for one in json.loads(name.read_text("utf-8"))]
    assert json.loads(run.stdout) == due and len(due) > 150


def test_it_is_short_and_imports_nothing_of_ours() -> None:
    """At most 300 lines, and no import from the package."""
    text = TOOL.read_text("utf-8")
    assert text.count("\n") <= LINES_MAX and "import tansiq" not in text and "from tansiq" not in text


@pytest.mark.parametrize(("what", "status"), [("absence over a whole month", 0), (None, 1)])
def test_it_runs_by_itself(tmp_path: Path, what: str | None, status: int) -> None:
    """Exit status 0 and one word where it is proved; else 1 and the reason."""
    public = json.loads((FOLDER / "publics.json").read_text("utf-8"))[0]["file"]
    (tmp_path / "public").write_text(public, "utf-8")
    (tmp_path / "file").write_text(text_of_file(GOOD[what]()) if what else public, "utf-8")
    run = subprocess.run([sys.executable, TOOL, tmp_path / "public", tmp_path / "file"], capture_output=True, text=True)
    assert run.returncode == status and ("Proved." in run.stdout if status == 0 else "Not proved" in run.stderr)
