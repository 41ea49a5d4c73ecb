"""The register of the support desk: where each request stands and who is awaited, now and when clocks have moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import apsw
import msgspec

from tansiq.acts import Act, Precedence, Text
from tansiq.cell.desk import Common, Description, Query, Said, Thread
from tansiq.cell.registers import set_standing
from tansiq.cell.views import Sentence
from tansiq.charter import Charter
from tansiq.desks.support.acts import Consent, Revocation
from tansiq.desks.support.case import Case
from tansiq.desks.support.story import terms_act
from tansiq.desks.support.terms import Counter, Request
from tansiq.desks.support.waiting import ENDED, Stand, State, Wait, stand
from tansiq.geo import Place, shape
from tansiq.wire import sha256

REVOKED = "revoked"
_FAR = 1 << 62
_CONSENT = msgspec.json.Decoder(Consent)
_place: msgspec.json.Decoder[Place] = msgspec.json.Decoder(Place)
_sentence = msgspec.json.Decoder(Sentence)
_TITLED = ("purpose", "reason", "text", "reasons", "conditions", "note")


@dataclass(frozen=True, slots=True)
class Kept:
    """What the register keeps of a request after an act: how it stands in each span of time (UTC ms), and what lay
    near: (place, span, version)."""

    request: Said
    charter: bytes
    spans: tuple[tuple[int, int, Stand], ...]
    near: tuple[tuple[Place, tuple[int, int], int], ...]


class RequestRow(msgspec.Struct, frozen=True):
    """One request as lists show it: where it stands now, and who is awaited. Its place stands on its own page."""

    act: str
    asker: str
    to: tuple[str, ...]
    support: str
    title: str
    lang: str
    precedence: Precedence
    asked_at: int
    needed_from: int
    needed_until: int
    answer_by: int
    state: State
    sentence: Sentence
    awaited: tuple[str, ...]


class WaitRow(msgspec.Struct, frozen=True):
    """One thing for which a member is awaited, with the request's title and precedence."""

    thread: str
    what: str
    act: str
    since_ms: int
    due_ms: int | None
    role: str
    sentence: Sentence
    title: str
    lang: str
    precedence: Precedence


def schema() -> str:
    """The tables of this desk."""
    return files("tansiq.desks.support").joinpath("register.sql").read_text("utf-8")


def describe(act: Act) -> Description:
    """Show an act by its words. No list, no search and no map tells of a place of this desk: the page of its act does.
    """
    if isinstance(act, Request):
        return Description(act.title.text, (act.title, act.purpose), (), (act.needed_from, act.needed_until))
    texts = tuple(text for name in _TITLED if isinstance(text := getattr(act, name, None), Text))
    when = (act.valid_from, act.valid_until) if isinstance(act, Consent) else (
        (act.needed_from, act.needed_until) if isinstance(act, Counter) else None)
    return Description(texts[0].text.splitlines()[0] if texts else "", texts, (), when)


def charter_mark(charter: Charter) -> bytes:
    """Name a charter by the beginning of the hash of its text."""
    return sha256(charter.text.encode())[:8]


def digest(said: Said, thread: Thread, common: Common, charter: Charter) -> Kept:
    """Say how a request stands after an admitted act, and how it will stand when clocks have moved."""
    case = Case.of((*thread.acts, said), charter, common)
    assert case is not None, "an admitted act stands in the thread of a request"
    moments = [case.time, *case.changes()]
    spans: list[tuple[int, int, Stand]] = []
    for begins, ends in zip(moments, [*moments[1:], _FAR], strict=True):
        found = stand(case.at(begins))
        if spans and spans[-1][2] == found:
            spans[-1] = (spans[-1][0], ends, found)
        else:
            spans.append((begins, ends, found))
    return Kept(case.story.request, charter_mark(charter), tuple(spans), tuple(_near(case)))


def _near(case: Case) -> list[tuple[Place, tuple[int, int], int]]:
    """What lies near each place that a review looks at."""
    found = []
    for terms_id in (case.story.request.id, *case.story.counters):
        said = case.story.terms_said(terms_id)
        terms = terms_act(said) if said is not None else None
        if terms is not None and terms.place is not None and {"legal_review", "site_review"} & case.asked(
                terms_id).reviews:
            found.append((terms.place, (terms.needed_from, terms.needed_until), case.near_version(terms_id)))
    return found


def fold(connection: apsw.Connection, said: Said) -> None:
    """Keep what the rule made of the request when it admitted the act."""
    kept = said.digest
    assert isinstance(kept, Kept), "an act of this desk is folded with what its rule made of it"
    thread, state = bytes.fromhex(kept.request.id), kept.spans[0][2].state
    _keep_request(connection, kept, said)
    for table in ("support_spans", "support_waits", "support_near"):
        connection.execute(f"DELETE FROM {table} WHERE thread = ?", (thread,))
    encode = msgspec.json.encode
    for begins, ends, found in kept.spans:
        connection.execute("INSERT INTO support_spans VALUES (?, ?, ?, ?, ?)",
                           (thread, begins, ends, found.state, encode(found.sentence)))
        for wait in found.waits:
            _keep_wait(connection, thread, wait, (begins, ends))
    for place, span, version in kept.near:
        connection.execute("INSERT INTO support_near VALUES (?, ?, ?, ?, ?)", (thread, encode(place), *span, version))
    set_standing(connection, [kept.request.id], state)
    if isinstance(said.act, Revocation):
        set_standing(connection, said.act.refers, REVOKED)


def _keep_request(connection: apsw.Connection, kept: Kept, said: Said) -> None:
    act = kept.request.act
    assert isinstance(act, Request)
    open_until = max((ends for _, ends, found in kept.spans if found.waits or found.state not in ENDED), default=0)
    connection.execute(
        "INSERT OR REPLACE INTO support_requests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (bytes.fromhex(kept.request.id), act.author, ",".join(act.asked_of), act.support, act.title.text,
         act.title.lang, act.precedence, kept.request.time, act.needed_from, act.needed_until, act.answer_by, said.time,
         kept.charter, open_until))


def _keep_wait(connection: apsw.Connection, thread: bytes, wait: Wait, span: tuple[int, int]) -> None:
    connection.execute(
        "INSERT INTO support_waits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (thread, wait.member, wait.what, bytes.fromhex(wait.act), *span, wait.since_ms, wait.until_ms, wait.role,
         msgspec.json.encode(wait.sentence)))


def waits(connection: apsw.Connection, *, member: str, now: int) -> list[WaitRow]:
    """All for which *member* is awaited now, as it was when each request was folded last (see ``moved``)."""
    rows = connection.execute(
        "SELECT w.thread, w.what, w.act, w.since_ms, w.due_ms, w.role, w.sentence, r.title, r.lang, r.precedence "
        "FROM support_waits AS w JOIN support_requests AS r ON r.thread = w.thread "
        "WHERE w.member = ?1 AND w.until_ms > ?2 AND w.from_ms <= ?2", (member, now))
    return [WaitRow(thread.hex(), what, act.hex(), since, due, role, _sentence.decode(sentence), *of_request)
            for thread, what, act, since, due, role, sentence, *of_request in rows]


def moved(connection: apsw.Connection, *, charter: Charter, now: int) -> list[tuple[str, bool, list[Any]]]:
    """Open requests that may stand otherwise than they were folded: each thread, whether the charter is another since,
    and what lay near it: (place, span, version)."""
    mark = charter_mark(charter)
    found: dict[bytes, tuple[bool, list[Any]]] = {
        row[0]: (True, []) for row in connection.execute(
            "SELECT thread FROM support_requests WHERE open_until > ? AND charter <> ?", (now, mark))}
    rows = connection.execute("SELECT n.thread, n.place, n.since, n.until, n.version FROM support_near AS n "
                              "JOIN support_requests AS r ON r.thread = n.thread WHERE r.open_until > ?", (now,))
    for thread, place, since, until, version in rows:
        found.setdefault(thread, (False, []))[1].append((_place.decode(place), (since, until), version))
    return [(thread.hex(), other, near) for thread, (other, near) in found.items()]


def counts(connection: apsw.Connection, *, now: int) -> dict[str, int]:
    """How many requests stand in each state now."""
    return dict(connection.execute("SELECT state, count(*) FROM support_spans WHERE until_ms > ?1 AND from_ms <= ?1 "
                                   "GROUP BY state", (now,)))


def requests(connection: apsw.Connection, *, now: int, states: tuple[str, ...] = (), limit: int = 50,
             offset: int = 0) -> list[RequestRow]:
    """Requests in these states now (none: in any), what changed last first."""
    marks = f"AND s.state IN ({','.join('?' * len(states))})" if states else ""
    # Few requests are open at a time: their states lead. Of all others the newest are soon found by walking back.
    few = states and not set(states) & {*ENDED}
    tables = ("support_spans AS s INDEXED BY support_states CROSS JOIN support_requests AS r ON r.thread = s.thread"
              if few else "support_requests AS r INDEXED BY support_changed CROSS JOIN support_spans AS s "
              "ON s.thread = r.thread")
    rows = connection.execute(
        "SELECT r.thread, r.asker, r.asked, r.support, r.title, r.lang, r.precedence, r.asked_at, r.needed_from, "
        f"r.needed_until, r.answer_by, s.state, s.sentence FROM {tables} "
        f"WHERE s.until_ms > ? AND s.from_ms <= ? {marks} ORDER BY r.changed_at DESC, r.thread LIMIT ? OFFSET ?",
        (now, now, *states, limit, offset))
    return [RequestRow(thread.hex(), asker, tuple(asked.split(",")), support, title, lang, precedence, asked_at,
                       needed_from, needed_until, answer_by, state, _sentence.decode(sentence),
                       _awaited(connection, thread, now))
            for (thread, asker, asked, support, title, lang, precedence, asked_at, needed_from, needed_until, answer_by,
                 state, sentence) in rows]


def _awaited(connection: apsw.Connection, thread: bytes, now: int) -> tuple[str, ...]:
    return tuple(row[0] for row in connection.execute(
        "SELECT DISTINCT member FROM support_waits WHERE thread = ?1 AND until_ms > ?2 AND from_ms <= ?2 "
        "ORDER BY member", (thread, now)))


def open_until(connection: apsw.Connection, *, after: int) -> list[tuple[str, str, str, int, int, int]]:
    """Open requests that are needed at *after* or later: thread, asker, title, answer by, needed from, needed until."""
    rows = connection.execute("SELECT thread, asker, title, answer_by, needed_from, needed_until FROM support_requests "
                              "WHERE open_until > ?1 AND needed_until >= ?1 ORDER BY needed_until LIMIT 1000", (after,))
    return [(thread.hex(), *rest) for thread, *rest in rows]


def consents_at(connection: apsw.Connection, *, area: Place, from_ms: int, until_ms: int) -> list[str]:
    """Ids of consents whose area and time met a place and a time (UTC ms), and that had not been taken back before it.

    In the journal's order. Where a consent lies leaves by no machine door: whoever asks shows it to people alone.
    """
    met, here = [], shape(area)
    rows = connection.execute(
        "SELECT a.act_id, b.act FROM acts AS a JOIN act_bytes AS b ON b.row = a.row WHERE a.kind = 'consent' "
        "AND a.void IS NULL AND NOT EXISTS (SELECT 1 FROM acts AS r JOIN act_bytes AS rb ON rb.row = r.row "
        "WHERE r.thread = a.thread AND r.kind = 'revocation' AND r.void IS NULL AND r.time <= ? "
        "AND instr(rb.act, lower(hex(a.act_id)))) ORDER BY a.row", (from_ms,))
    for act_id, data in rows:
        consent = _CONSENT.decode(data)
        if consent.valid_from <= until_ms and from_ms <= consent.valid_until and shape(consent.place).intersects(here):
            met.append(act_id.hex())
    return met


def brief(connection: apsw.Connection, *, now: int) -> list[tuple[Sentence, str]]:
    """What is open at this desk for who takes over the chair: each open request, and where it stands."""
    open_states = tuple(state for state in counts(connection, now=now) if state not in ENDED)
    if not open_states:
        return []
    return [(row.sentence, row.act) for row in requests(connection, now=now, states=open_states, limit=1000)]


QUERIES: Mapping[str, Query] = {"brief": brief, "waits": waits, "moved": moved, "counts": counts, "requests": requests,
                                "open_until": open_until, "consents_at": consents_at}
