"""The rule of the airspace desk. It reads the thread, the charter and the roster, so that a partner's cell, which holds
only what is released to it, rules as every other does."""

from __future__ import annotations

from tansiq.acts import Act
from tansiq.cell.desk import Common, Said, Thread
from tansiq.charter import Charter
from tansiq.desks.airspace.acts import PARTS_MAX, Activation, Adjustment, Closing, Footprint, LineCheck, Notice
from tansiq.desks.airspace.conflicts import buffers_of
from tansiq.errors import Malformed, Refused
from tansiq.geo.footprints import require_cells

Answer = Adjustment | Activation | Closing


def rule(act: Act, thread: Thread, common: Common, charter: Charter) -> None:
    """Rule on an act of this desk.

    Raises:
        Malformed: a field holds what it cannot (``field`` names it).
        Refused: ``airspace.…``, ``line.party``: the act may not be said here.
    """
    assert isinstance(act, Notice | Adjustment | Activation | Closing | Footprint | LineCheck)
    act.check()
    if isinstance(act, Footprint):
        if len(act.parts) > PARTS_MAX:
            raise Malformed("footprint.large", "The footprint would take more than {limit} parts.", limit=PARTS_MAX,
                            field="of")
        require_cells(act.parts, charter.airspace.footprint_size)
    first = _first(act, thread)
    if isinstance(act, LineCheck):
        _require_line(act, first)
        return
    if first is not None:
        _require_answer(act, first, thread)
    if act.author in common.suspended:
        _require_own_air(act, first, common, charter)
    if isinstance(act, Activation) and first is not None:
        _require_clear(act, first, common, charter)


def _first(act: Act, thread: Thread) -> Said | None:
    """The act that begins the thread, where this one goes on in it."""
    if act.thread is None:
        if isinstance(act, Answer):
            raise Refused("airspace.refers", "A {kind} answers the notice or footprint that begins its thread.",
                          kind=act.kind, field="refers")
        return None
    first = thread.acts[0]
    if act.refers != (first.id,):
        raise Refused("airspace.refers", "A {kind} answers the notice or footprint that begins its thread.",
                      kind=act.kind, field="refers")
    return first


def _require_answer(act: Notice | Answer | Footprint, first: Said, thread: Thread) -> None:
    fits = {Notice: (), Adjustment: (Notice,), Activation: (Notice, Footprint), Closing: (Notice, Footprint),
            Footprint: (Footprint,)}[type(act)]
    if not isinstance(first.act, fits):
        raise Refused("airspace.footprint", "A {kind} cannot be said in this thread.", kind=act.kind, field="refers")
    if first.act.author != act.author:
        raise Refused("airspace.author", "Only {author}, whose air it is, may say a {kind} here, not {given}.",
                      author=first.act.author, kind=act.kind, given=act.author, field="refers")
    standing = [said.act for said in thread.acts if said.void is None]
    if any(isinstance(one, Closing) for one in standing):
        raise Refused("airspace.closed", "This was closed; say a new one.", field="refers")
    if isinstance(act, Activation) and any(isinstance(one, Activation) for one in standing):
        raise Refused("airspace.active", "This was activated before.", field="refers")


def _require_clear(act: Activation, first: Said, common: Common, charter: Charter) -> None:
    """While it is being said, ask the speaker's own register: air that gives way or waits is not used without a word.

    In the journal it counts all the same: what is in use is in use.
    """
    if common.own is None or act.note is not None:
        return
    buffers = buffers_of(charter)
    for row in common.own("airspace", "volumes_of", thread=first.id):
        for other in common.own("airspace", "conflicts_of", volume=row.volume, author=act.author, buffers=buffers):
            if other.seen <= row.age:
                raise Refused("airspace.waits", "It meets air of {other}, and one of you has to move first: adjust it, "
                              "or say in the note why it is used all the same.", other=other.author, field="note")


def _require_line(act: LineCheck, first: Said | None) -> None:
    if act.party == act.author or act.party not in act.release:
        raise Refused("line.party", "The line is to one member or partner who can read this, and not to oneself.",
                      field="party")
    if first is None:
        return
    if not isinstance(first.act, LineCheck):
        raise Refused("airspace.footprint", "A {kind} cannot be said in this thread.", kind=act.kind, field="refers")
    if {act.author, act.party} != {first.act.author, first.act.party}:
        raise Refused("line.other", "This thread is about the line between {one} and {other}.", one=first.act.author,
                      other=first.act.party, field="party")


def _require_own_air(act: Notice | Answer | Footprint, first: Said | None, common: Common, charter: Charter) -> None:
    """Hold that a suspended member speaks of the air over its own territory; a footprint tells too little for that."""
    told = act if isinstance(act, Notice | Adjustment) else first.act if first is not None else act
    member = charter.member(act.author)
    territories = common.territories(charter)
    own = isinstance(told, Notice | Adjustment) and member is not None and all(
        territories.touching(volume.area) == (member.territory,) for volume in told.volumes)
    if not own:
        raise Refused("airspace.voice", "{author} is suspended, and speaks of the air over its own territory alone.",
                      author=act.author, field="area")
