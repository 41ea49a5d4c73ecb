"""One result is one JSON line: what was measured, the machine's own limit beside it, and whether the target is met."""

from __future__ import annotations

import json
from collections.abc import Mapping

RATIO_TARGET = 0.5


def tell(name: str, value: float, unit: str, *, target: float | None = None, target_is_most: bool = False,
         limit: float | None = None, primitives: Mapping[str, float] | None = None) -> None:
    """Print a result.

    *limit* is what the primitives alone allow, in the same unit; ``met`` is true only where *target* and, with a
    *limit*, half of it are reached. Without either there is nothing to meet, and ``met`` is null.
    """
    met: dict[str, bool] = {}
    if target is not None:
        met["target"] = value <= target if target_is_most else value >= target
    ratio = None if limit is None else value / limit
    if ratio is not None:
        met["ratio"] = ratio >= RATIO_TARGET
    line = {"name": name, "value": round(value, 3), "unit": unit,
            "primitives": {key: round(given, 3) for key, given in (primitives or {}).items()},
            "ratio": None if ratio is None else round(ratio, 3), "target": target,
            "met": all(met.values()) if met else None}
    if met:
        line["met_each"] = met
    print(json.dumps(line), flush=True)
