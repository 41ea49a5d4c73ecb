"""What the airspace desk shows: the board, the conflicts, the lines, footprints; what needs people, and dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from tansiq.acts import PRECEDENCES, Precedence
from tansiq.cell.registers import ActRow
from tansiq.cell.views import Date, Feature, Layer, Look, Need, Offer, Panel, Sentence, Showing, Style, View
from tansiq.desks.airspace import board, lines, prints
from tansiq.desks.airspace.acts import Activity, Closing, Footprint, LineCheck, LineState
from tansiq.desks.airspace.conflicts import MINUTE_MS, Conflict, State, find_conflicts, state_of
from tansiq.desks.airspace.register import ThreadRow
from tansiq.geo import geojson
from tansiq.geo.footprints import drawn

ACTIVITY_TITLES: Mapping[Activity, str] = {
    "transport": "Transport", "patrol": "Patrol flight", "training": "Training flight", "relief": "Relief flight",
    "medical": "Medical flight", "uncrewed": "Uncrewed flight", "other": "Other flight",
}
LINE_TITLES: Mapping[LineState, str] = {
    "open": "Opened", "tested": "Tested: it works", "suspended": "Suspended",
}
BEHIND_MS = 24 * board.HOUR_MS
AHEAD_MS = 14 * 24 * board.HOUR_MS


class Standing(msgspec.Struct, frozen=True):
    """Where a thread of this desk stands: one sentence, its volumes, what it meets, whether a footprint holds it."""

    sentence: Sentence
    state: State | LineState
    late: bool
    volumes: tuple[board.VolumeShown, ...]
    cells: int
    conflicts: tuple[board.ConflictShown, ...]
    shown: bool


_STATE_SENTENCES: Mapping[State, str] = {
    "planned": "{author} will use this air from {from_ms} until {until_ms}.",
    "active": "{author} uses this air since {began_ms}, until {until_ms}.",
    "overrun": "{author} uses this air past its end at {until_ms}; it has not been closed.",
    "closed": "{author} closed it at {ended_ms}.",
    "withdrawn": "{author} withdrew it at {ended_ms}; it was never activated.",
    "expired": "It ended at {until_ms} and was never activated.",
}


def panel(look: Look, rows: Sequence[ActRow]) -> Standing | None:
    """Where the thread stands now."""
    first = rows[0]
    if first.void is not None:
        return None
    if isinstance(first.act, LineCheck):
        ends = {first.act.author, first.act.party}
        row = next((one for one in look.ask("airspace", "lines") if {one.one, one.other} == ends), None)
        return None if row is None else Standing(lines.say(row), row.state, False, (), 0, (), False)
    thread: ThreadRow | None = look.ask("airspace", "thread", thread=first.thread)
    if thread is None:
        return None
    state = state_of(thread, look.now)
    fields = {"author": thread.author, "from_ms": thread.begins, "until_ms": thread.ends, "began_ms": thread.began,
              "ended_ms": thread.ended}
    mine = _conflicts(look, thread)
    shown = board.shown_of(look, thread, mine, look.now)
    assert shown is not None
    said = tuple(one for conflict in mine if (one := board.conflict_shown(look, conflict)) is not None)
    own = thread.author == look.member and thread.kind == "notice"
    return Standing(Sentence(_STATE_SENTENCES[state], {name: value for name, value in fields.items()
                                                       if value is not None}), state, shown.late, shown.volumes,
                    shown.cells, said, own and prints.is_shown(look, thread.thread))


def _conflicts(look: Look, thread: ThreadRow) -> list[Conflict]:
    """What a thread meets now or later."""
    return [one for one in find_conflicts(look, since=min(look.now, thread.begins), until=thread.ends + BEHIND_MS)
            if thread.thread in (one.one.thread, one.other.thread) and one.ends > look.now]


def offers(look: Look, rows: Sequence[ActRow]) -> list[Offer]:
    """What may be said next: by whose air it is, until it is closed; of a line, by either end."""
    first = rows[0]
    if first.void is not None:
        return []
    if isinstance(first.act, LineCheck):
        ours = look.member in (first.act.author, first.act.party)
        return [Offer(kind="line_check", to=first.id)] if ours else []
    if first.author != look.member:
        return []
    standing = [row for row in rows if row.void is None]
    if any(isinstance(row.act, Closing) for row in standing):
        return []
    again = "footprint" if isinstance(first.act, Footprint) else "adjustment"
    active = any(row.kind == "activation" for row in standing)
    why = Sentence("It was activated already.") if active else None
    return [Offer(kind=again, to=first.id), Offer(kind="activation", to=first.id, why=why),
            Offer(kind="closing", to=first.id)]


def needs(look: Look) -> list[Need]:
    """Conflicts in which this member gives way or waits, its air in use past its end, footprints that it outgrew, and
    its lines that are suspended."""
    until = look.now + AHEAD_MS
    return [*_conflict_needs(look, until), *_overrun_needs(look), *_footprint_needs(look, until), *_line_needs(look)]


def _conflict_needs(look: Look, until: int) -> list[Need]:
    found = []
    for conflict in find_conflicts(look, since=look.now, until=until):
        shown = board.conflict_shown(look, conflict) if conflict.waits(look.member) else None
        if shown is None:
            continue
        mine = shown.one if shown.one.author == look.member else shown.other
        soon = conflict.begins - look.now <= look.charter.airspace.lead_minutes * MINUTE_MS
        found.append(_need(look, mine, shown.sentence, conflict.begins,
                           at_least="immediate" if soon else "priority"))
    return found


def _overrun_needs(look: Look) -> list[Need]:
    return [_need(look, board.told_of(*acts), Sentence("{notice} is in use past its end: adjust it, or close it.",
                                                       {"notice": acts[0].reference}), None, at_least="immediate")
            for row in look.ask("airspace", "threads", since=look.now, until=look.now)
            if row.author == look.member and state_of(row, look.now) == "overrun"
            and (acts := board.latest(look, row.thread)) is not None]


def _footprint_needs(look: Look, until: int) -> list[Need]:
    found = []
    for thread, partners in prints.outgrown(look, until=until):
        acts = board.latest(look, thread)
        assert acts is not None
        sentence = Sentence("{partners} were shown less than {notice} takes now: show the footprint again.",
                            {"partners": partners, "notice": acts[0].reference})
        found.append(_need(look, board.told_of(*acts), sentence, None, at_least="priority"))
    return found


def _line_needs(look: Look) -> list[Need]:
    found = []
    for row in look.ask("airspace", "lines"):
        if row.state == "suspended" and look.member in (row.one, row.other):
            act = look.act(row.act)
            found.append(Need(sentence=lines.say(row), act=row.act, title=act.title, lang=act.lang,
                              precedence="priority", since_ms=row.since_ms))
    return found


def _need(look: Look, told: board.Told, sentence: Sentence, until: int | None, *, at_least: Precedence) -> Need:
    row = look.act(told.thread)
    precedence = max(row.precedence, at_least, key=PRECEDENCES.index)
    return Need(sentence=sentence, act=told.thread, title=told.title, lang=told.lang, precedence=precedence,
                since_ms=row.time, until_ms=until)


def dates(look: Look) -> list[Date]:
    """Every notice that is not closed, from its beginning to its end."""
    found = []
    for row in look.ask("airspace", "threads", since=look.now - BEHIND_MS, until=look.now + AHEAD_MS):
        if row.kind == "notice" and row.ended is None:
            found.append(Date(uid=row.thread, sentence=Sentence("{author} uses air.", {"author": row.author}),
                              from_ms=row.begins, until_ms=row.ends, act=row.thread))
    return found


def notices_layer(look: Look) -> list[Feature]:
    """Areas of notices, each for its time: green in use, amber where it gives way or waits."""
    at, until = board.span_of(look)
    since = at - BEHIND_MS
    conflicts = find_conflicts(look, since=at, until=until)
    made = []
    for thread in look.ask("airspace", "threads", since=since, until=until):
        acts = board.latest(look, thread.thread) if thread.kind == "notice" else None
        if acts is None:
            continue
        style = _style(thread, conflicts, at)
        made += [Feature(geometry=geojson(row.volume.area), title=acts[1].title, href=f"/acts/{thread.thread}",
                         ref=acts[0].reference, author=thread.author, kind="notice", style=style,
                         precedence=acts[1].act.precedence, release=acts[0].release,
                         from_ms=row.begins, until_ms=row.ends)
                 for row in look.ask("airspace", "volumes_of", thread=thread.thread)]
    return made


def _style(thread: ThreadRow, conflicts: Sequence[Conflict], at: int) -> Style:
    waits = any(one.waits(thread.author) for one in conflicts if thread.thread in (one.one.thread, one.other.thread))
    if waits or state_of(thread, at) == "overrun":
        return "waiting"
    return "live" if state_of(thread, at) == "active" else "plain"


def footprints_layer(look: Look) -> list[Feature]:
    """Cells of footprints, each for its hours; with ``notice`` those that a partner would be shown of it."""
    if look.params.get("notice"):
        return _previewed(prints.show(look))
    at, until = board.span_of(look)
    made = []
    for row in look.ask("airspace", "prints", since=at - BEHIND_MS, until=until):
        first = look.act(row.thread)
        made += [Feature(geometry=drawn(part.cells), title=first.title, href=f"/acts/{row.thread}", ref=first.reference,
                         author=row.author, kind="footprint", style="footprint", release=first.release,
                         from_ms=part.begins, until_ms=part.ends) for part in row.parts]
    return made


def _previewed(shown: prints.Preview) -> list[Feature]:
    told = shown.notice
    return [] if told is None else [
        Feature(geometry=part.outline, title=told.title, href=f"/acts/{told.thread}", ref=told.reference,
                author=told.author, kind="footprint", style="footprint", from_ms=part.from_ms, until_ms=part.until_ms)
        for part in shown.parts]


SHOWING = Showing(
    templates="tansiq.desks.airspace",
    views=(
        View("board", "Board", "layout-list", "board.html", board.Board, board.show, takes=board.TAKES),
        View("lines", "Lines", "phone", "lines.html", lines.Lines, lines.show),
        View("footprint", "Coarse footprint", "hexagons", "footprint.html", prints.Preview, prints.show,
             takes=prints.TAKES),
    ),
    panel=Panel("panel.html", Standing, panel),
    layers=(Layer("notices", "Notices", notices_layer), Layer("footprints", "Coarse footprints", footprints_layer)),
    needs=needs, dates=dates, offers=offers,
)
