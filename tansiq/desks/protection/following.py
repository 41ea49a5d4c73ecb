"""Incidents as they are shown: where each one stands, what was known at that place and time, whom it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from tansiq.acts import PRECEDENCES, Precedence, Text
from tansiq.cell.registers import ActQuery, ActRow
from tansiq.cell.views import Date, Feature, Look, Need, Offer, Sentence
from tansiq.desks.protection.incident import Finding, FindingAnswer, Incident, Outcome, Position
from tansiq.desks.protection.stages import Case, Stage, Stand, barred, case_of, speaking, stand_of
from tansiq.errors import Malformed
from tansiq.geo import geojson
from tansiq.geo.volumes import Buffers, Height, Volume

POSITION_TITLES: Mapping[Position, str] = {
    "concurs": "Concurs with the finding", "dissents": "Dissents from the finding",
}
REACH_M = 10_000
PAGE = 25
OFFSET_DIGITS_MAX = 7
_ROWS_MAX = 200
_MINUTE_MS = 60_000


class SiteNear(msgspec.Struct, frozen=True):
    """A protected site near an incident: who had taken note of it before, and who had not."""

    site: str
    names: tuple[Text, ...]
    author: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]


class IncidentShown(msgspec.Struct, frozen=True):
    """One incident: where it stands and since when (UTC ms), whom it waits for, for what and until when, how it came
    out, what each said of the finding; and what was known then: protected sites near it, whose notices of air met its
    place and time, and (for people alone) which consents did."""

    act: str
    reference: str
    author: str
    title: str
    lang: str
    from_ms: int
    until_ms: int
    state: Stage
    since_ms: int
    sentence: Sentence
    waits_for: tuple[str, ...]
    owed: Sentence | None
    due_ms: int | None
    late: bool
    outcome: Outcome | None
    positions: dict[str, Position]
    sites: tuple[SiteNear, ...]
    notices: tuple[tuple[str, str], ...]
    consents: tuple[tuple[str, str], ...]


class Incidents(msgspec.Struct, frozen=True):
    """One page of the incidents that this member was told of: first those that have not ended, the newest first, then
    those that have, likewise. ``offset`` is the page's first, and with ``more`` another begins at ``offset`` + 25."""

    sentence: Sentence
    incidents: tuple[IncidentShown, ...]
    offset: int
    more: bool


class StepShown(msgspec.Struct, frozen=True):
    """One step of an incident: what it is, and where it was done, by which act, by whom, since when (UTC ms)."""

    title: str
    act: str | None
    reference: str | None
    author: str | None
    at_ms: int | None


class WordShown(msgspec.Struct, frozen=True):
    """What one party said of the finding, and why; ``position`` None: nothing yet."""

    author: str
    position: Position | None
    reason: Text | None


class IncidentStanding(msgspec.Struct, frozen=True):
    """An incident on its own page: all that the list shows, the steps from first to last, and every word said."""

    shown: IncidentShown
    steps: tuple[StepShown, ...]
    words: tuple[WordShown, ...]


def show(look: Look) -> Incidents:
    """A page of the incidents, and how many of all have not ended."""
    left, ended = look.ask("protection", "incidents", members=speaking(look))
    offset, told = _offset(look.params.get("offset") or "0"), (*left, *ended)
    if not told:
        sentence = Sentence("No incident was told of.")
    elif left:
        sentence = Sentence("Incidents that have not ended: {count}.", {"count": len(left)})
    else:
        sentence = Sentence("Every incident has ended with a finding and every member's word.")
    cases = [case_of(look.thread(one)) for one in told[offset:offset + PAGE]]
    return Incidents(sentence, tuple(_shown(look, case.first, case) for case in cases), offset,
                     len(told) > offset + PAGE)


def _offset(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= OFFSET_DIGITS_MAX):
        raise Malformed("incident.offset", "A page begins at a whole number, not {given}.", given=repr(text[:40]),
                        field="offset")
    return int(text)


def panel(look: Look, rows: Sequence[ActRow]) -> IncidentStanding:
    """One incident: where it stands, how it came there, and how it ended."""
    case = case_of(rows)
    shown = _shown(look, rows[0], case)
    ended = shown.since_ms if shown.state == "ended" else None
    steps = (_step("Incident", case.first), _step("Inquiry", case.inquiry), _step("Finding", case.finding),
             StepShown("Ended", None, None, None, ended))
    words = [WordShown(row.author, row.act.position, row.act.reason) for row in case.words.values()
             if isinstance(row.act, FindingAnswer)]
    if shown.state == "answers":
        words += [WordShown(code, None, None) for code in shown.waits_for]
    return IncidentStanding(shown, steps, tuple(words))


def _step(title: str, row: ActRow | None) -> StepShown:
    return (StepShown(title, None, None, None, None) if row is None else
            StepShown(title, row.id, row.reference, row.author, row.time))


def _cases(look: Look) -> list[Case]:
    """Every incident that has not ended, and the newest of all, the newest first."""
    newest = [row.id for row in look.find(ActQuery(desk="protection", kinds=("incident",), limit=_ROWS_MAX))]
    cases = [case_of(look.thread(one)) for one in dict.fromkeys((*_unended(look), *newest))]
    return sorted(cases, key=lambda case: (case.first.index, case.first.position), reverse=True)


def _unended(look: Look) -> list[str]:
    found: list[str] = look.ask("protection", "unended", members=speaking(look))
    return found


def _shown(look: Look, row: ActRow, case: Case) -> IncidentShown:
    act = row.act
    assert isinstance(act, Incident)
    stand = stand_of(look, case)
    found = case.finding.act if case.finding is not None else None
    positions = {code: one.act.position for code, one in case.words.items() if isinstance(one.act, FindingAnswer)}
    return IncidentShown(
        row.id, row.reference, row.author, row.title, row.lang, act.occurred_from, act.occurred_until, stand.stage,
        stand.since_ms, stand.sentence, stand.waits_for, stand.owed, stand.until_ms, stand.late,
        found.outcome if isinstance(found, Finding) else None, positions, _sites(look, act), _notices(look, act),
        _consents(look, act))


def _sites(look: Look, act: Incident) -> tuple[SiteNear, ...]:
    """Protected sites near the place, with who had taken note of each before it happened."""
    near = look.ask("protection", "surroundings", place=act.area, span=(act.occurred_from, act.occurred_until),
                    reach_m=REACH_M)
    return tuple(SiteNear(site.site, site.names, site.author,
                          tuple(code for code, since in site.known.items() if since <= act.occurred_from),
                          tuple(member.code for member in look.charter.members if member.code != site.author
                                and site.known.get(member.code, act.occurred_from + 1) > act.occurred_from))
                 for site in near.sites)


def _notices(look: Look, act: Incident) -> tuple[tuple[str, str], ...]:
    """Notices of air that met the place and the time, at any height: reference and author, in the journal's order."""
    air = look.charter.airspace
    here = Volume(act.area, Height("AGL", 0), None, act.occurred_from, max(act.occurred_until, act.occurred_from + 1))
    buffers = Buffers(air.buffer_m, 0, air.buffer_minutes * _MINUTE_MS)
    found = {row.thread for row in look.ask("airspace", "conflicts_of", volume=here, author="", buffers=buffers)}
    rows = [row for thread in found if (row := look.act(thread)) is not None]
    return tuple((row.reference, row.author) for row in sorted(rows, key=lambda row: row.index))


def _consents(look: Look, act: Incident) -> tuple[tuple[str, str], ...]:
    """Consents that were in force there and then: reference and giver. A program is told of none: several incidents
    would tell it where a consent lies."""
    if not look.people:
        return ()
    found = look.ask("support", "consents_at", area=act.area, from_ms=act.occurred_from, until_ms=act.occurred_until)
    return tuple((row.reference, row.author) for one in found if (row := look.act(one)) is not None)


def _stands(look: Look, incidents: Sequence[str]) -> list[tuple[Case, Stand]]:
    return [(case, stand_of(look, case)) for one in incidents for case in (case_of(look.thread(one)),)]


def needs(look: Look) -> list[Need]:
    """What of an incident waits for this member: an inquiry, its finding, its word on a finding."""
    found = []
    waiting = look.ask("protection", "waiting", member=look.member, speaking=speaking(look),
                       members=[member.code for member in look.charter.members])
    for case, stand in _stands(look, waiting):
        row = case.first
        if look.member in stand.waits_for:
            least: Precedence = "immediate" if stand.late else "priority"
            found.append(Need(sentence=stand.sentence, act=row.id, title=row.title, lang=row.lang,
                              precedence=max(row.act.precedence, least, key=PRECEDENCES.index), since_ms=stand.since_ms,
                              until_ms=stand.until_ms))
    return found


def dates(look: Look) -> list[Date]:
    """By when each inquiry that is under way will tell its finding."""
    found = []
    for case, stand in _stands(look, look.ask("protection", "inquired")):
        if case.inquiry is not None and stand.until_ms is not None:
            sentence = Sentence("{author} tells what it found.", {"author": case.inquiry.author})
            found.append(Date(uid=case.inquiry.id, sentence=sentence, from_ms=stand.until_ms, until_ms=stand.until_ms,
                              act=case.first.id))
    return found


def features(look: Look) -> list[Feature]:
    """Where incidents were, coarsely as they were told: amber while one has not ended, until it did."""
    made = []
    for case in _cases(look):
        row = case.first
        stand, act = stand_of(look, case), row.act
        assert isinstance(act, Incident)
        ended = stand.stage == "ended"
        made.append(Feature(geometry=geojson(act.area), title=row.title, href=f"/acts/{row.id}", ref=row.reference,
                            author=row.author, kind="incident", style="plain" if ended else "waiting",
                            precedence=act.precedence, release=row.release, from_ms=act.occurred_from,
                            until_ms=stand.since_ms if ended else None))
    return made


def offers(look: Look, rows: Sequence[ActRow]) -> list[Offer]:
    """What may be said next of an incident by this member, and what the charter or the thread bars."""
    case = case_of(rows)
    stand = stand_of(look, case)
    running = case.inquiry if case.finding is None and not stand.late else None
    why = barred(look, case, "inquiry") if running is None else Sentence("An inquiry of {author} is under way.",
                                                                         {"author": running.author})
    made = [Offer(kind="inquiry", to=(case.finding or case.first).id, why=why)]
    if case.inquiry is not None and case.inquiry.author == look.member:
        made.insert(0, Offer(kind="finding", to=case.inquiry.id, why=barred(look, case, "finding")))
    if case.finding is not None and case.finding.author != look.member:
        said = Sentence("{who} has said what it thinks of it.", {"who": look.member})
        made.insert(0, Offer(kind="finding_answer", to=case.finding.id,
                             why=said if look.member in case.words else barred(look, case, "finding_answer")))
    return made
