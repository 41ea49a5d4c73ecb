"""Falling: under a new mandate the entries above its start are no more; a copy goes back to where both histories agree.

Nothing is dropped on a registrar's word: a mandate shows the promises of a quorum, and is verified before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tansiq.cell.links import Link
from tansiq.errors import Untrusted
from tansiq.journal import parse_leaf
from tansiq.journal.entry import MANDATE
from tansiq.merkle import signed
from tansiq.registrar.control import Control, Head
from tansiq.registrar.mandates import Mandate, parse_mandate, require_quorum


class Held(NamedTuple):
    """What a copy holds: its size, how much of it is settled, and the root at a size, where it knows one."""

    size: int
    settled: int
    root: Callable[[int], bytes] | None


def fall_point(link: Link, head: Head, control: Control, held: Held) -> int | None:
    """The size to go back to before *head* is followed; None where it goes on from what is held.

    Raises:
        Untrusted: ``mandate.old``, the head is of a mandate that is over; ``mandate.settled``, the new mandate would
            take away what is settled; or the mandate does not hold.
    """
    given = signed.version_of(signed.parse_checkpoint(signed.parse_note(head.note).text), control.centre)
    if given < control.version:
        raise Untrusted("mandate.old", "The registrar speaks under mandate {given}, where mandate {due} is in force.",
                        given=given, due=control.version)
    if given == control.version:
        return None
    mandate = _next_mandate(link, control)
    if mandate is None or mandate.start >= held.size:
        return None
    if mandate.start < held.settled:
        raise Untrusted("mandate.settled", "Mandate {version} begins at {start}, below the {settled} entries that were "
                        "settled before.", version=mandate.version, start=mandate.start, settled=held.settled)
    # Where this copy was shown another history than the quorum's, only what is settled is common to both.
    agrees = held.root is None or held.root(mandate.start) == mandate.root
    point = mandate.start if agrees else held.settled
    require_quorum(mandate, control.centre, control.roster_at(point))
    return point


def began_at(control: Control, version: int) -> int | None:
    """Where the first mandate above *version* began: places that a registrar gave from there on are none any more."""
    return next((made.index for made in control.mandates if made.version > version and made.index), None)


def _next_mandate(link: Link, control: Control) -> Mandate | None:
    for record in link.mandates(control.version):
        entry = parse_leaf(record.leaf).entry
        if entry.kind == MANDATE:
            mandate = parse_mandate(record.body)
            if mandate.version > control.version:
                return mandate
    return None
