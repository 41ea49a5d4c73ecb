"""The rule of the reconnaissance desk: each says what it sees and watches itself, and takes back only its own."""

from __future__ import annotations

from tansiq.acts import Act
from tansiq.cell.desk import Common, Thread
from tansiq.charter import Charter
from tansiq.desks.reconnaissance.acts import Coverage, Sighting
from tansiq.errors import Malformed, Refused


def rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """Rule on a coverage or a batch of sightings: the first of its thread, or told again by the same author.

    Raises:
        Malformed: a field holds what neither can (``field`` names it).
        Refused: ``reconnaissance.…``, the act may not be said here.
    """
    assert isinstance(act, (Coverage, Sighting))
    act.check()
    if act.thread is None:
        if isinstance(act, Sighting) and not act.sightings:
            raise Malformed("sighting.none", "A batch holds at least one sighting.", field="sightings")
        return
    _require_own(act, thread)


def _require_own(act: Coverage | Sighting, thread: Thread) -> None:
    first = thread.acts[0]
    if act.refers != (first.id,) or type(first.act) is not type(act):
        raise Refused("reconnaissance.refers", "A {kind} that is told again refers to the first of its thread, and to "
                      "nothing else.", kind=act.kind, field="refers")
    if first.act.author != act.author:
        raise Refused("reconnaissance.author", "Only {author}, who said it, may tell this {kind} again, not {given}.",
                      author=first.act.author, kind=act.kind, given=act.author, field="refers")
    if isinstance(act, Coverage) and isinstance(first.act, Coverage) and (
            (act.sector, act.watch) != (first.act.sector, first.act.watch)):
        raise Refused("reconnaissance.sector", "A coverage that is told again is of the same sector, and is kept or "
                      "asked as before; say a new one for another.", field="sector")
