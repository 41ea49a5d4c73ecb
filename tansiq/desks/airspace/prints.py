"""Coarse footprints: what a partner is shown in place of a notice, made by the cell from its own register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tansiq.cell.registers import ActQuery, ActRow
from tansiq.cell.views import Look, Sentence
from tansiq.desks.airspace.acts import Notice, require_volume
from tansiq.desks.airspace.board import Told, latest, told_of
from tansiq.desks.airspace.conflicts import MINUTE_MS
from tansiq.desks.airspace.heights import read_volumes
from tansiq.desks.airspace.register import PrintRow
from tansiq.desks.asking import line_of
from tansiq.errors import Malformed
from tansiq.geo.footprints import Part, covers, drawn, footprint
from tansiq.geo.volumes import Volume

TAKES = ("notice",)
_ROWS_MAX = 1_000


class PartShown(msgspec.Struct, frozen=True):
    """Cells of one time (UTC ms): how many, and their outline as GeoJSON."""

    cells: int
    from_ms: int
    until_ms: int
    outline: dict[str, Any]


class Preview(msgspec.Struct, frozen=True):
    """What a partner would be shown of a notice, and which of one's own may be chosen."""

    sentence: Sentence
    notice: Told | None
    size: int
    parts: tuple[PartShown, ...]
    own: tuple[Told, ...]


def fill(look: Look) -> Mapping[str, Any]:
    """The cells and hours of the notice that is named, or of a plan that is typed and told to nobody.

    Raises:
        Malformed: ``footprint.of``, no notice of one's own is named; ``footprint.both``; ``footprint.large``.
    """
    of, plan = look.params.get("of", ""), look.params.get("plan", "").strip()
    if plan and of:
        raise Malformed("footprint.both", "Name a notice, or write a plan: not both.", field="plan")
    if not plan:
        return {"parts": msgspec.to_builtins(_parts(look, _named(look, of).thread))}
    volumes = [msgspec.convert(one, Volume) for one in read_volumes(plan, "plan")]
    for volume in volumes:
        try:
            require_volume(volume)
        except Malformed as error:
            raise Malformed(error.code, error.sentence, **{**error.fields, "field": "plan"}) from error
    return {"parts": msgspec.to_builtins(_coarse(look, volumes))}


def _named(look: Look, given: str) -> ActRow:
    row = look.act(given) if len(given) == 64 else next(
        (one for one in look.find(ActQuery(desk="airspace", kinds=("notice", "adjustment"), author=look.member,
                                           limit=_ROWS_MAX)) if one.reference == given), None)
    found: ActRow | None = look.act(row.thread) if row is not None else None
    if found is None or found.author != look.member or not isinstance(found.act, Notice) or found.void is not None:
        raise Malformed("footprint.of", "Name a notice of your own that is not closed, as {example}.",
                        example=f"{look.member} 12", field="of")
    return found


def _parts(look: Look, thread: str) -> tuple[Part, ...]:
    volumes = [row.volume for row in look.ask("airspace", "volumes_of", thread=thread)]
    if not volumes:
        raise Malformed("footprint.of", "Name a notice of your own that is not closed, as {example}.",
                        example=f"{look.member} 12", field="of")
    return _coarse(look, volumes)


def _coarse(look: Look, volumes: Sequence[Volume]) -> tuple[Part, ...]:
    air = look.charter.airspace
    return footprint(volumes, resolution=air.footprint_size, buffer_m=air.buffer_m,
                     buffer_ms=air.buffer_minutes * MINUTE_MS)


def show(look: Look) -> Preview:
    """What a partner would be shown of a notice of one's own.

    Raises:
        Malformed: ``footprint.of``, ``footprint.large``.
    """
    own = tuple(told_of(*acts) for row in look.ask("airspace", "threads", since=look.now, until=1 << 60)
                if row.author == look.member and row.kind == "notice" and row.ended is None
                and (acts := latest(look, row.thread)) is not None)
    size = look.charter.airspace.footprint_size
    asked = line_of(look.params, "notice")
    if not asked:
        return Preview(Sentence("Choose a notice: what is shown of it are cells of a grid and whole hours, no more."),
                       None, size, (), own)
    row = _named(look, asked)
    parts = _parts(look, row.thread)
    acts = latest(look, row.thread)
    assert acts is not None
    sentence = Sentence("Of {notice} a partner would learn {count} cells and their hours: not where in them it flies, "
                        "how high, or what for.",
                        {"notice": row.reference, "count": sum(len(part.cells) for part in parts)})
    return Preview(sentence, told_of(*acts), size, tuple(map(_part_shown, parts)), own)


def _part_shown(part: Part) -> PartShown:
    return PartShown(len(part.cells), part.begins, part.ends, drawn(part.cells))


def outgrown(look: Look, *, until: int) -> list[tuple[str, tuple[str, ...]]]:
    """Notices of one's own that a footprint of one's own holds in part only, since they were adjusted: each with the
    partners that were shown it."""
    mine: list[PrintRow] = [row for row in look.ask("airspace", "prints", since=look.now, until=until)
                            if row.author == look.member]
    found = []
    for row in look.ask("airspace", "threads", since=look.now, until=until) if mine else ():
        if row.author != look.member or row.kind != "notice" or row.ended is not None:
            continue
        volumes = [one.volume for one in look.ask("airspace", "volumes_of", thread=row.thread)]
        held = {shown.thread: covers(shown.parts, volumes) for shown in mine}
        if any(whole is not None for whole in held.values()) and not any(held.values()):
            partners = {code for thread, whole in held.items() if whole is not None
                        for code in look.act(thread).release if look.charter.partner(code) is not None}
            found.append((row.thread, tuple(sorted(partners))))
    return found


def is_shown(look: Look, thread: str) -> bool:
    """Whether a footprint of one's own holds the whole of a notice of one's own."""
    volumes = [row.volume for row in look.ask("airspace", "volumes_of", thread=thread)]
    return bool(volumes) and any(covers(row.parts, volumes) for row in look.ask("airspace", "prints", since=look.now,
                                                                                until=1 << 60)
                                 if row.author == look.member)
