"""What needs a person: what the desks say, and what every desk has in common, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tansiq.acts import PRECEDENCES, Precedence
from tansiq.cell.desk import Desk
from tansiq.cell.registers import ActQuery, ActRow
from tansiq.cell.views import Need, Sentence
from tansiq.doors.floor import Floor, urgency
from tansiq.office import Officer

ROWS_MAX = 60
LOOKED_AT = 100
"""So many of the newest acts are looked through for what is unread, void or not acknowledged."""
UNSETTLED_MS = 60_000
SILENT_HEARTBEATS = 2
MINUTE_MS = 60_000
URGENT: tuple[Precedence, ...] = ("flash", "immediate")
PATIENCE_MINUTES: Mapping[str, int] = {"flash": 2, "immediate": 10}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row: the need, where it waits, the act to open, and whether this officer's office can do it.

    ``href`` leads to what is to be done.
    """

    need: Need
    desk: Desk | None
    act: ActRow | None
    mine: bool
    overdue: bool
    href: str


def waiting(floor: Floor, officer: Officer) -> list[Waiting]:
    """All that waits for the officer's member, at most 60 rows."""
    now = floor.cell(officer.member).now()
    registers = floor.cell(officer.member).registers
    found = [Waiting(need, desk, registers.act(need.act), need.role in officer.roles,
                     need.until_ms is not None and need.until_ms < now, f"/acts/{need.act}")
             for desk, need in (*floor.waiting(officer), *_in_common(floor, officer, now))]
    return sorted([*found, *_to_clear(floor, officer)], key=lambda row: urgency(row.need))[:ROWS_MAX]


def counts(rows: list[Waiting]) -> dict[str, int]:
    """How many rows wait at each desk, by its name."""
    counted: dict[str, int] = {}
    for row in rows:
        if row.desk is not None:
            counted[row.desk.name] = counted.get(row.desk.name, 0) + 1
    return counted


def _to_clear(floor: Floor, officer: Officer) -> Iterator[Waiting]:
    """Papers of others that wait for this officer to clear them, and its own that came back."""
    desks = {form.kind.name: (desk, form) for desk in floor.desks for form in desk.forms}
    for paper in floor.offices[officer.member].papers.open():
        desk, form = desks[paper.kind]
        own = paper.officer == officer.id
        sentence = _BACK.get(paper.state) if own else Sentence("A paper waits for you to clear it.")
        if sentence is None or (not own and (paper.state != "submitted" or form.role not in officer.roles)):
            continue
        need = Need(sentence=sentence, act="", title=str(paper.typed.get("title") or paper.typed.get("text") or ""),
                    lang=str(paper.typed.get("lang") or "und"), precedence=_precedence(paper.typed.get("precedence")),
                    since_ms=paper.time)
        yield Waiting(need, desk, None, True, False, f"/papers/{paper.id}")


_BACK = {"returned": Sentence("Your paper was given back."), "failed": Sentence("Your paper could not be said.")}


def _precedence(given: object) -> Precedence:
    return next((one for one in PRECEDENCES if one == given), PRECEDENCES[0])


def _in_common(floor: Floor, officer: Officer, now: int) -> Iterator[tuple[Desk | None, Need]]:
    desks = {desk.name: desk for desk in floor.desks}
    for row in _unread(floor, officer):
        yield desks.get(row.desk), _need(row, alarm(floor, officer, row, now), role="reader")
    own = floor.search(officer, ActQuery(author=officer.member, limit=LOOKED_AT, void=None))
    yield from ((desks.get(row.desk), need) for row, need in _unfinished(floor, officer, own, now))
    yield from ((None, need) for need in _unacknowledged(floor, officer, own, now))


def alarm(floor: Floor, officer: Officer, row: ActRow, now: int) -> Sentence:
    """What to do about an urgent act that nobody here has opened: look; then call whoever is on duty; then wake others.

    It rises by itself: flash after two minutes and immediate after ten, and again after twice as long.
    """
    minutes, patience = (now - row.time) // MINUTE_MS, PATIENCE_MINUTES[row.precedence]
    if minutes < patience:
        return Sentence("Nobody here has opened it yet.")
    on_duty = floor.offices[officer.member].duty.at(now)
    if minutes < 2 * patience and on_duty:
        return Sentence("Nobody here has opened it since {since_ms}: call {officer}, {telephone}.",
                        {"since_ms": row.time, "officer": on_duty[0].officer, "telephone": on_duty[0].telephone})
    if on_duty:
        return Sentence("Nobody here has opened it since {since_ms}, and the call has not helped: wake all who are on "
                        "duty: {telephones}.",
                        {"since_ms": row.time, "telephones": [turn.telephone for turn in on_duty]})
    return Sentence("Nobody here has opened it since {since_ms}, and the roster names nobody on duty now.",
                    {"since_ms": row.time})


def _need(row: ActRow, sentence: Sentence, *, role: str, precedence: Precedence | None = None) -> Need:
    urgent: Precedence = precedence or row.precedence  # type: ignore[assignment]
    return Need(sentence=sentence, act=row.id, title=row.title, lang=row.lang, precedence=urgent, since_ms=row.time,
                role=role)


def _unread(floor: Floor, officer: Officer) -> list[ActRow]:
    """Urgent acts of others that no officer of this member has opened."""
    office, found = floor.offices[officer.member], []
    for precedence in URGENT:
        for row in floor.search(officer, ActQuery(precedence=precedence, limit=LOOKED_AT)):
            if row.author != officer.member and row.standing == "standing" and not office.readings(row.id):
                found.append(row)
    return found


def _unfinished(floor: Floor, officer: Officer, own: list[ActRow], now: int) -> Iterator[tuple[ActRow, Need]]:
    """The member's own acts that are void and were not looked at, or wait too long to settle."""
    cell, office = floor.cell(officer.member), floor.offices[officer.member]
    for row in own:
        if row.void is not None and not office.readings(row.id):
            yield row, _need(row, Sentence("It is void: said, kept, and counting for nothing."), role="drafter")
        elif row.index >= cell.settled.size and row.time < now - UNSETTLED_MS:
            yield row, _need(row, Sentence("It is ordered and not settled yet."), role="reader", precedence="routine")


def _unacknowledged(floor: Floor, officer: Officer, own: list[ActRow], now: int) -> Iterator[Need]:
    """Members who have been silent too long for what was said to them to count as opened."""
    charter = floor.charter
    late = now - SILENT_HEARTBEATS * charter.heartbeat_minutes * MINUTE_MS
    acknowledged = floor.cell(officer.member).registers.acknowledged([member.code for member in charter.members])
    for code, size in acknowledged.items():
        missed = [row for row in own if row.index >= size and code in row.release and row.time < late]
        if missed and code != officer.member:
            sentence = Sentence("{member} has not acknowledged what was said to it ({count}).",
                                {"member": [code], "count": len(missed)})
            yield _need(missed[-1], sentence, role="reader", precedence="routine")
