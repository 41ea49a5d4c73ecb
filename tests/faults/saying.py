"""A process of its own that says acts and names each that was acknowledged: ``saying.py DIRECTORY COUNT``."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.faults import making


def main() -> None:
    """Say acts while a thread steps the cells."""
    centre = making.opened(Path(sys.argv[1]))
    for cell in centre.cells.values():
        cell.after_say = centre._wake.set
    centre.start()
    print("open", flush=True)
    for n in range(int(sys.argv[2])):
        print(making.say(centre.cells["IQ"], f"Act {n:04}", release=("RU",)), flush=True)
    centre.run_until_quiet()
    centre.stop()


if __name__ == "__main__":
    main()
