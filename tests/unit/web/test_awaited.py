"""The journal's page says plainly whose cosignature is awaited, while fewer than the quorum cosign."""

from __future__ import annotations

from tansiq.doors.web.frame import _journal

FOUR = ("AA", "BB", "CC", "DD")


def test_with_too_few_cosigners_those_awaited_are_named() -> None:
    """Two of four: the other two are awaited; three are a quorum, and nobody is."""
    status = {"quorum": 3, "present": FOUR, "cosigners": ["AA", "CC"], "size": 9, "settled": 7}
    journal = _journal(status, (), {})
    assert (journal.awaited, journal.quorum, journal.members) == (("BB", "DD"), 3, 4)
    assert _journal(status | {"cosigners": ["AA", "BB", "CC"]}, (), {}).awaited == ()
    assert _journal({}, (), {}).awaited == ()
