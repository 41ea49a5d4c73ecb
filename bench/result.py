"""One result is one JSON line: what was measured, the machine's own limit beside it, and whether the target is met."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bench.machine import Compared

RATIO_TARGET = 0.5


def tell(name: str, value: float, unit: str, *, target: float | None = None, target_is_most: bool = False,
         limit: float | None = None, compared: Compared | None = None,
         primitives: Mapping[str, float] | None = None) -> None:
    """Print a result.

    *limit* is what the primitives alone allow, in the same unit; *compared* says it for several, measured in turns
    with the work. ``met`` is true only where *target* and, with limits, half of the first of them are reached; the
    other ratios are told beside it. Without either there is nothing to meet, and ``met`` is null.
    """
    ratios = {} if compared is None else dict(compared.ratios)
    if limit is not None:
        ratios = {"limit": value / limit}
    met: dict[str, bool] = {}
    if target is not None:
        met["target"] = value <= target if target_is_most else value >= target
    if ratios:
        met["ratio"] = next(iter(ratios.values())) >= RATIO_TARGET
    line = {"name": name, "value": round(value, 3), "unit": unit}
    if compared is not None:
        line |= {"best": round(compared.best, 3), "limits": _rounded(compared.limits), "ratios": _rounded(ratios)}
    line |= {"primitives": _rounded(primitives or {}), "ratio": next(iter(_rounded(ratios).values()), None),
             "target": target, "met": all(met.values()) if met else None}
    if met:
        line["met_each"] = met
    print(json.dumps(line), flush=True)


def _rounded(given: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in given.items()}
