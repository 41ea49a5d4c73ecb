"""Write the vectors of evidence: ``python -m tests.vectors.write_evidence``."""

from __future__ import annotations

from tests.vectors.evidence import files
from tests.vectors.make import FOLDER


def main() -> None:
    """Write every file."""
    for name, text in files().items():
        path = FOLDER / "evidence" / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
