"""The second verifier, written from the spec alone: it gives the verdict of the first on every vector."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vectors.evidence import GOOD, text_of_file

ROOT = Path(__file__).parents[3]
TOOL = ROOT / "tools" / "verify_evidence.py"
FOLDER = ROOT / "tests" / "vectors" / "evidence"
LINES_MAX = 331
"""All of the second verifier: it is one file, and short enough to be read in an hour (decision 0033)."""
SAMPLED_EVERY = 97
_JUDGE = """
import json, sys
sys.path.insert(0, sys.argv[1])
import verify_evidence as second
publics, vectors, mandated = (json.load(open(name, encoding="utf-8")) for name in sys.argv[2:5])
def holds(check):
    try:
        check()
    except Exception:
        return True
    return False
centre = second.verify(publics[0]["file"])
later = second.verify(mandated[0]["file"])
def under_the_second(one):
    if json.loads(one["file"])["evidence"] == "public":
        return second.verify(one["file"])
    return second.verify(one["file"], later)
def altered(text):
    for at in range(1, len(text), int(sys.argv[5])):
        other = chr(ord(text[at]) ^ 1) if text[at].isalnum() else "x"
        yield text[:at] + other + text[at + 1:]
proved = [one["file"] for one in vectors if one["expected"] == "ok"]
assert all(holds(lambda: second.verify(made, centre)) for text in proved for made in altered(text)), "altered: proved"
print(json.dumps([[one["what"], holds(lambda: second.verify(one["file"]))] for one in publics]
                 + [[one["what"], holds(lambda: second.verify(one["file"], centre))] for one in vectors]
                 + [[one["what"], holds(lambda: under_the_second(one))] for one in mandated]))
assert not [name for name in sys.modules if name.split(".")[0] == "tansiq"], "it uses the package"
"""


def test_both_verifiers_agree_on_every_vector() -> None:
    """What the first proves the second proves, and what the one refuses the other refuses; it loads no package.

    Of every file that is proved a sample of characters is altered, one at a time: none is proved any more.
    """
    names = [FOLDER / f"{name}.json" for name in ("publics", "evidence", "mandated")]
    judge = [sys.executable, "-c", _JUDGE, TOOL.parent, *names, str(SAMPLED_EVERY)]
    run = subprocess.run(judge, capture_output=True, text=True, check=True)
    due = [[one["what"], one["expected"] != "ok"] for name in names for one in json.loads(name.read_text("utf-8"))]
    assert json.loads(run.stdout) == due and len(due) > 150


def test_it_is_short_and_imports_nothing_of_ours() -> None:
    """So many lines in all of its folder, blank ones too, and no import from the package or from a file beside it."""
    texts = {path.name: path.read_text("utf-8") for path in TOOL.parent.glob("*.py")}
    assert sum(text.count("\n") for text in texts.values()) <= LINES_MAX
    assert not re.search(r"^\s*(import|from) tansiq", texts[TOOL.name], re.MULTILINE)
    assert max(len(line) for line in texts[TOOL.name].splitlines()) <= 120


@pytest.mark.parametrize(("what", "status"), [("absence over a whole month", 0), (None, 1)])
def test_it_runs_by_itself(tmp_path: Path, what: str | None, status: int) -> None:
    """Exit status 0 and one word where it is proved; else 1 and the reason."""
    public = json.loads((FOLDER / "publics.json").read_text("utf-8"))[0]["file"]
    (tmp_path / "public").write_text(public, "utf-8")
    (tmp_path / "file").write_text(text_of_file(GOOD[what]()) if what else public, "utf-8")
    run = subprocess.run([sys.executable, TOOL, tmp_path / "public", tmp_path / "file"], capture_output=True, text=True)
    assert run.returncode == status and ("Proved." in run.stdout if status == 0 else "Not proved" in run.stderr)
