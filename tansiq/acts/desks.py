"""Which kind of act lies on which desk: fixed for ever, since desk numbers stand in tags and labels.

A judge of evidence needs the table without the desks themselves: a certificate that no request was said on a desk
where requests never lie would be true, and mislead.
"""

from __future__ import annotations

from collections.abc import Mapping

DESKS: Mapping[str, int] = {"intelligence": 1, "support": 2, "reconnaissance": 3, "airspace": 4, "protection": 5,
                            "chair": 6, "protocol": 7, "press": 8}
"""Desks on which officers' acts lie, by number. 0 is the cell's own; 24 to 31 are for trials."""

KINDS_BY_DESK: Mapping[int, frozenset[str]] = {
    1: frozenset({"report", "correction", "recall", "translation", "leave", "assessment",
                  "concurrence", "attachment"}),
    2: frozenset({"request", "counter", "promise", "decline", "consent", "refusal", "revocation", "objection", "review",
                  "step", "stopped", "completion", "acceptance", "dispute", "withdrawal", "confirmation"}),
    3: frozenset({"coverage", "sighting"}),
    4: frozenset({"notice", "adjustment", "activation", "closing", "footprint", "line_check"}),
    5: frozenset({"site", "site_change", "site_detail", "acknowledgement", "incident", "inquiry", "finding",
                  "finding_answer"}),
    6: frozenset({"handover", "proposal", "vote", "contact", "contact_answer", "appointment", "taking_over",
                  "mandate"}),
    7: frozenset({"meeting", "visit", "minutes", "minutes_answer", "rearrangement"}),
    8: frozenset({"statement", "claim", "line", "approval"}),
}


def desk_of(kind: str) -> int | None:
    """Number of the desk on which acts of a kind lie; None: no charter can name such a kind."""
    return next((number for number, kinds in KINDS_BY_DESK.items() if kind in kinds), None)
