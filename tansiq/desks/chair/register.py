"""The register of the chair's desk: handovers, posts, proposals and votes, contacts, mandates named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import apsw
import msgspec

from tansiq import wire
from tansiq.acts import Act
from tansiq.cell.answering import QUESTION, Answer, is_asked
from tansiq.cell.desk import Common, Description, Query, Said, Thread
from tansiq.cell.registers import row_number, set_standing
from tansiq.cell.views import Sentence
from tansiq.charter import Charter
from tansiq.charter import Vote as Choice
from tansiq.desks.chair.acts import Appointment, Contact, ContactAnswer, Handover, Mandate, Proposal, TakingOver, Vote

TAKEN_OVER = "taken_over"
REPLACED = "replaced"
WAITING = ""


class HandoverRow(msgspec.Struct, frozen=True):
    """A handover and, where it was completed, the act that took over. Times are UTC ms."""

    act: str
    outgoing: str
    incoming: str
    begins: int
    said_at: int
    taken_at: int | None
    taken_by: str | None


@dataclass(frozen=True, slots=True)
class VoteRow:
    """One member's vote, and when it was ordered (UTC ms)."""

    act: str
    voter: str
    vote: Choice
    voted_at: int


def schema() -> str:
    """The tables of this desk."""
    return files("tansiq.desks.chair").joinpath("register.sql").read_text("utf-8")


def describe(act: Act) -> Description:
    """Show an act by its title or its words."""
    if isinstance(act, Proposal):
        return Description(act.title.text, (act.title, act.text), when=(act.closes_at, act.closes_at))
    if isinstance(act, Contact):
        return Description(act.title.text, (act.title, act.text), when=(act.began_at, act.ended_at))
    if isinstance(act, Handover):
        return Description(act.note.text, (act.note,), when=(act.begins, act.begins))
    if isinstance(act, Appointment):
        return Description(act.office.text, (act.office,))
    assert isinstance(act, Vote | TakingOver | Mandate | ContactAnswer)
    words = act.reason if isinstance(act, Vote) else act.text if isinstance(act, ContactAnswer) else act.note
    return Description("" if words is None else words.text, () if words is None else (words,))


def digest(said: Said, thread: Thread, common: Common, charter: Charter) -> bool | None:
    """Of a decision on a mandate: whether the charter asked for its officer's signature, which was checked then."""
    return is_asked(charter) if isinstance(said.act, Mandate) else None


def fold(connection: apsw.Connection, said: Said) -> None:
    """Fold an admitted act into the tables of this desk."""
    folds = _FOLDS.get(type(said.act))
    assert folds is not None, "a kind of another desk"
    folds(connection, said, said.act, bytes.fromhex(said.id))


def _fold_handover(connection: apsw.Connection, said: Said, act: Handover, key: bytes) -> None:
    connection.execute("INSERT INTO chair_handovers VALUES (?, ?, ?, ?, ?)",
                       (key, act.author, act.to, act.begins, said.time))


def _fold_taking_over(connection: apsw.Connection, said: Said, act: TakingOver, key: bytes) -> None:
    handover = bytes.fromhex(act.refers[0])
    begins = connection.execute("SELECT begins FROM chair_handovers WHERE act_id = ?", (handover,)).get
    connection.execute("INSERT OR IGNORE INTO chair_taken VALUES (?, ?, ?, ?, ?)",
                       (begins, act.author, said.time, handover, key))
    set_standing(connection, [act.refers[0]], TAKEN_OVER)


def _fold_appointment(connection: apsw.Connection, said: Said, act: Appointment, key: bytes) -> None:
    before = connection.execute("SELECT act_id FROM chair_posts WHERE post = ? ORDER BY row DESC LIMIT 1",
                                (act.post,)).get
    if before is not None:
        set_standing(connection, [bytes(before).hex()], REPLACED)
    connection.execute("INSERT INTO chair_posts VALUES (?, ?, ?, ?, ?)",
                       (row_number(said.index, said.position), key, act.post, act.author, said.time))


def _fold_proposal(connection: apsw.Connection, said: Said, act: Proposal, key: bytes) -> None:
    connection.execute("INSERT INTO chair_proposals VALUES (?, ?, ?)",
                       (key, row_number(said.index, said.position), act.closes_at))


def _fold_vote(connection: apsw.Connection, said: Said, act: Vote, key: bytes) -> None:
    connection.execute("INSERT OR IGNORE INTO chair_votes VALUES (?, ?, ?, ?, ?, ?)",
                       (bytes.fromhex(act.refers[0]), act.author, row_number(said.index, said.position), key, act.vote,
                        said.time))


def _fold_mandate(connection: apsw.Connection, said: Said, act: Mandate, key: bytes) -> None:
    # Of two keys that one envelope names for one version the first stands.
    connection.execute(
        "INSERT INTO chair_mandates SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE NOT EXISTS (SELECT 1 FROM "
        "chair_mandates WHERE member = ?3 AND version = ?4 AND key <> ?5)",
        (row_number(said.index, said.position), key, act.author, act.mandate, wire.parse_base64(act.key), act.officer,
         said.time, said.digest))


def _fold_contact(connection: apsw.Connection, said: Said, act: Contact, key: bytes) -> None:
    connection.execute("INSERT INTO chair_contacts VALUES (?, ?, ?, ?, ?)",
                       (key, act.author, act.other, act.began_at, WAITING))


def _fold_contact_answer(connection: apsw.Connection, said: Said, act: ContactAnswer, key: bytes) -> None:
    connection.execute("UPDATE chair_contacts SET answer = ? WHERE act_id = ?",
                       (act.answer, bytes.fromhex(act.refers[0])))
    set_standing(connection, [act.refers[0]], act.answer)


_FOLDS: Mapping[type[Act], Callable[[apsw.Connection, Said, Any, bytes], None]] = {
    Handover: _fold_handover, TakingOver: _fold_taking_over, Appointment: _fold_appointment,
    Mandate: _fold_mandate, Proposal: _fold_proposal, Vote: _fold_vote, Contact: _fold_contact,
    ContactAnswer: _fold_contact_answer}


def taken(connection: apsw.Connection) -> dict[tuple[int, str], int]:
    """When each handover was completed (UTC ms), by the begin of the new term and the member who took over."""
    return {(begins, incoming): at for begins, incoming, at in connection.execute(
        "SELECT begins, incoming, taken_at FROM chair_taken")}


def handovers(connection: apsw.Connection) -> list[HandoverRow]:
    """All handovers, the newest first."""
    rows = connection.execute(
        "SELECT h.act_id, h.outgoing, h.incoming, h.begins, h.said_at, t.taken_at, t.act_id FROM chair_handovers AS h "
        "LEFT JOIN chair_taken AS t ON t.handover = h.act_id ORDER BY h.said_at DESC, h.act_id")
    return [HandoverRow(bytes(act).hex(), outgoing, incoming, begins, said_at, taken_at,
                        None if by is None else bytes(by).hex())
            for act, outgoing, incoming, begins, said_at, taken_at, by in rows]


def posts(connection: apsw.Connection, *, chair: str, since: int) -> dict[str, str]:
    """The act that last filled each post, of those that *chair* has said since it has the chair (UTC ms)."""
    rows = connection.execute("SELECT post, act_id FROM chair_posts WHERE appointer = ? AND said_at >= ? ORDER BY row",
                              (chair, since))
    return {post: bytes(act).hex() for post, act in rows}


def proposals(connection: apsw.Connection, *, closing_after: int = 0) -> list[str]:
    """Proposals whose time ends after an instant (UTC ms), the newest first."""
    return [bytes(act).hex() for (act,) in connection.execute(
        "SELECT act_id FROM chair_proposals WHERE closes_at > ? ORDER BY row DESC", (closing_after,))]


def votes(connection: apsw.Connection, *, proposal: str) -> list[VoteRow]:
    """The first vote of each member on a proposal, in the journal's order."""
    rows = connection.execute("SELECT act_id, voter, vote, voted_at FROM chair_votes WHERE proposal = ? ORDER BY row",
                              (bytes.fromhex(proposal),))
    return [VoteRow(bytes(act).hex(), voter, vote, at) for act, voter, vote, at in rows]


def named_key(connection: apsw.Connection, *, member: str, version: int) -> bytes | None:
    """The registrar's key that a member has named for a version of the mandate."""
    found: Any = connection.execute("SELECT key FROM chair_mandates WHERE member = ? AND version = ? LIMIT 1",
                                    (member, version)).get
    return None if found is None else bytes(found)


def promise_answers(connection: apsw.Connection, *, member: str | None = None,
                    version: int | None = None) -> list[Answer]:
    """The acts that name promises, of a member or of all, for a version or for all, in the journal's order."""
    rows = connection.execute(
        "SELECT member, version, key, officer, act_id, said_at, proved FROM chair_mandates WHERE (?1 IS NULL OR "
        "member = ?1) AND (?2 IS NULL OR version = ?2) ORDER BY row", (member, version))
    return [Answer(member, version, bytes(key), officer, bytes(act).hex(), at, bool(proved))
            for member, version, key, officer, act, at, proved in rows]


def unanswered(connection: apsw.Connection) -> list[tuple[str, str, str]]:
    """Contacts that the other side has not answered: act, author, other side; the earliest first."""
    return [(bytes(act).hex(), author, other) for act, author, other in connection.execute(
        "SELECT act_id, author, other FROM chair_contacts WHERE answer = ? ORDER BY began_at, act_id", (WAITING,))]


def brief(connection: apsw.Connection, *, now: int) -> list[tuple[Sentence, str]]:
    """What is open at this desk for who takes over: proposals to be decided, contacts without an answer."""
    lines = []
    for act, closes_at in connection.execute("SELECT act_id, closes_at FROM chair_proposals WHERE closes_at > ? "
                                             "ORDER BY closes_at, act_id", (now,)):
        voters = [row.voter for row in votes(connection, proposal=bytes(act).hex())]
        said = (Sentence("To be decided by {closes_ms}; {voters} have voted.", {"closes_ms": closes_at,
                                                                                  "voters": voters})
                if voters else Sentence("To be decided by {closes_ms}; nobody has voted.", {"closes_ms": closes_at}))
        lines.append((said, bytes(act).hex()))
    lines += [(Sentence("{other} has not answered for its side of a contact that {author} recorded.",
                        {"other": other, "author": author}), act) for act, author, other in unanswered(connection)]
    return lines


QUERIES: Mapping[str, Query] = {"taken": taken, "handovers": handovers, "posts": posts, "proposals": proposals,
                                "votes": votes, "unanswered": unanswered, "brief": brief, QUESTION: promise_answers}
COMMON: Mapping[str, Query] = {"taken": taken, "named_key": named_key}
