"""Where incidents stand: what was known at that place and time, whom each one waits for. Nothing closes silently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from tansiq.acts import Text
from tansiq.cell.registers import ActQuery, ActRow
from tansiq.cell.views import Look, Need, Offer, Sentence
from tansiq.desks.protection.incident import Finding, FindingAnswer, Incident, Inquiry, Outcome, Position
from tansiq.geo.volumes import Buffers, Height, Volume

OUTCOME_TITLES: Mapping[Outcome, str] = {
    "established": "Established", "not_established": "Not established", "open": "Left open",
}
POSITION_TITLES: Mapping[Position, str] = {"concurs": "Concurs", "dissents": "Dissents"}
REACH_M = 10_000
_ROWS_MAX = 200
_MINUTE_MS = 60_000
State = Literal["no_inquiry", "inquiry", "answers", "ended"]


class SiteNear(msgspec.Struct, frozen=True):
    """A protected site near an incident: who had taken note of it before, and who had not."""

    site: str
    names: tuple[Text, ...]
    author: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]


class IncidentShown(msgspec.Struct, frozen=True):
    """One incident: where it stands, whom it waits for, what each member said of the finding; and what was known then:
    protected sites near it, whose notices of air met its place and time, and (for people alone) which consents did."""

    act: str
    reference: str
    author: str
    title: str
    lang: str
    from_ms: int
    until_ms: int
    state: State
    sentence: Sentence
    waits_for: tuple[str, ...]
    positions: dict[str, Position]
    sites: tuple[SiteNear, ...]
    notices: tuple[tuple[str, str], ...]
    consents: tuple[tuple[str, str], ...]


class Incidents(msgspec.Struct, frozen=True):
    """Every incident that this member was told of, the newest first."""

    sentence: Sentence
    incidents: tuple[IncidentShown, ...]


def show(look: Look) -> Incidents:
    """All incidents, and how many have not ended."""
    shown = tuple(_shown(look, row) for row in _rows(look))
    left = sum(one.state != "ended" for one in shown)
    if not shown:
        sentence = Sentence("No incident was told of.")
    elif left:
        sentence = Sentence("Incidents that have not ended: {count}.", {"count": left})
    else:
        sentence = Sentence("Every incident has ended with a finding and every member's word.")
    return Incidents(sentence, shown)


def _rows(look: Look) -> list[ActRow]:
    return list(look.find(ActQuery(desk="protection", kinds=("incident",), limit=_ROWS_MAX)))


def _standing(look: Look, row: ActRow) -> tuple[ActRow | None, ActRow | None, dict[str, Position]]:
    """The inquiry and the finding of an incident that stand, and what members say of the finding."""
    rows = [one for one in look.thread(row.id) if one.void is None]
    inquiry = next((one for one in reversed(rows) if isinstance(one.act, Inquiry)), None)
    finding = next((one for one in reversed(rows) if isinstance(one.act, Finding)), None)
    if finding is None or (inquiry is not None and inquiry.index > finding.index):
        return inquiry, None, {}
    said: dict[str, Position] = {one.author: one.act.position for one in rows
                                 if isinstance(one.act, FindingAnswer) and one.act.refers == (finding.id,)}
    return inquiry, finding, said


def _state(look: Look, row: ActRow) -> tuple[State, tuple[str, ...], Sentence, dict[str, Position]]:
    inquiry, finding, said = _standing(look, row)
    if inquiry is None:
        return "no_inquiry", (row.author,), Sentence("Nobody looks into it yet."), said
    act = inquiry.act
    assert isinstance(act, Inquiry)
    if finding is None:
        return "inquiry", (inquiry.author,), Sentence("{author} looks into it, and will tell by {due_ms}.",
                                                      {"author": inquiry.author, "due_ms": act.due}), said
    missing = tuple(member.code for member in look.charter.members
                    if member.code != finding.author and member.code not in said)
    if missing:
        sentence = Sentence("{author} has told its finding; {missing} have not said yet what they think of it.",
                            {"author": finding.author, "missing": missing})
        return "answers", missing, sentence, said
    against = tuple(code for code, position in said.items() if position == "dissents")
    if against:
        return "ended", (), Sentence("It has ended: {author} found, and {against} dissent.",
                                     {"author": finding.author, "against": against}), said
    return "ended", (), Sentence("It has ended: {author} found, and every member concurs.",
                                 {"author": finding.author}), said


def _shown(look: Look, row: ActRow) -> IncidentShown:
    act = row.act
    assert isinstance(act, Incident)
    state, waits, sentence, positions = _state(look, row)
    near = look.ask("protection", "surroundings", place=act.area, span=(act.occurred_from, act.occurred_until),
                    reach_m=REACH_M)
    sites = tuple(SiteNear(site.site, site.names, site.author,
                           tuple(code for code, since in site.known.items() if since <= act.occurred_from),
                           tuple(member.code for member in look.charter.members if member.code != site.author
                                 and site.known.get(member.code, act.occurred_from + 1) > act.occurred_from))
                  for site in near.sites)
    return IncidentShown(row.id, row.reference, row.author, row.title, row.lang, act.occurred_from, act.occurred_until,
                         state, sentence, waits, positions, sites, _notices(look, act), _consents(look, act))


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


def needs(look: Look) -> list[Need]:
    """What of an incident waits for this member: an inquiry, its finding, its word on a finding."""
    found = []
    for row in _rows(look):
        state, waits, sentence, _ = _state(look, row)
        if state != "ended" and look.member in waits:
            found.append(Need(sentence=sentence, act=row.id, title=row.title, lang=row.lang, precedence="priority",
                              since_ms=row.time))
    return found


def offers(look: Look, rows: Sequence[ActRow]) -> list[Offer]:
    """What may be said next of an incident by this member."""
    first = rows[0]
    inquiry, finding, said = _standing(look, first)
    if inquiry is None:
        return [Offer(kind="inquiry", to=first.id)]
    made = [Offer(kind="finding", to=inquiry.id)] if inquiry.author == look.member else []
    if finding is not None and finding.author != look.member:
        why = Sentence("{who} has said what it thinks of it.", {"who": look.member}) if look.member in said else None
        made.append(Offer(kind="finding_answer", to=finding.id, why=why))
    return made
