"""Run what is named, or all, each measurement in a process of its own: none pays for what another left behind."""

from __future__ import annotations

import logging
import subprocess
import sys

from bench import (
    airspace,
    following,
    importing,
    opening,
    pages,
    proving,
    requests,
    saying,
    searching,
    sighting,
    starting,
    viewing,
)

ALL = {"airspace": airspace.run, "saying": saying.run, "importing": importing.run, "following": following.run,
       "searching": searching.run, "starting": starting.run, "sighting": sighting.run, "requests": requests.run,
       "pages": pages.run, "viewing": viewing.run, "opening": opening.run, "proving": proving.run}


def main() -> int:
    """Run the measurements named on the command line; 2 where a name is unknown."""
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line a request would be measured too
    names = sys.argv[1:] or list(ALL)
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"There is no measurement {unknown[0]}; there are {', '.join(ALL)}.", file=sys.stderr)
        return 2
    if len(names) > 1:
        return max(subprocess.run([sys.executable, "-m", "bench", name], check=False).returncode for name in names)
    ALL[names[0]]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
