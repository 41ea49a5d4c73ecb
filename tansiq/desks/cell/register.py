"""The register of the cell's own desk: which passkey is whose, in every cell alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import apsw

from tansiq import wire
from tansiq.acts import Act
from tansiq.cell import assertions
from tansiq.cell.desk import Description, Query, Said
from tansiq.cell.registers import set_standing
from tansiq.desks.cell.acts import Credential, CredentialEnd, Heartbeat, Unopened

ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Published:
    """A passkey as a member published it: by which act (64 hex digits), at which index and time (UTC ms), whose it is;
    ``signed``: an administrator's own signature stands under it. ``ended_time`` and ``reason`` where it was ended."""

    author: str
    holder: str
    roles: tuple[str, ...]
    credential: str
    key: bytes
    origin: str
    valid_from: int
    valid_until: int
    act: str
    index: int
    time: int
    signed: bool
    ended_time: int | None
    reason: str | None


def schema() -> str:
    """The tables of this desk."""
    return files("tansiq.desks.cell").joinpath("register.sql").read_text("utf-8")


def describe(act: Act) -> Description:
    """Show a passkey by its officer, its end by the reason."""
    if isinstance(act, Credential):
        return Description(act.holder, when=(act.valid_from, act.valid_until))
    if isinstance(act, Heartbeat | Unopened):
        return Description(act.author if isinstance(act, Heartbeat) else f"{_other(act)} {act.number}")
    assert isinstance(act, CredentialEnd)
    return Description(act.reason)


def _other(act: Unopened) -> str:
    """The author of the entry that could not be opened: who reads this besides its own author."""
    return next(code for code in act.release if code != act.author)


def fold(connection: apsw.Connection, said: Said) -> None:
    """Keep a passkey that was published, the first of two in one envelope; mark one that was ended."""
    act = said.act
    if isinstance(act, Credential):
        connection.execute(
            "INSERT OR IGNORE INTO cell_credential VALUES (?,?,?,?,?,?,?,?,?,?,?,?,NULL,NULL,NULL)",
            (act.author, act.credential, bytes.fromhex(said.id), said.index, said.time, act.holder,
             " ".join(act.roles), wire.parse_base64(act.key), act.origin, act.valid_from, act.valid_until,
             act.assertion is not None))
    elif isinstance(act, CredentialEnd):
        connection.execute("UPDATE cell_credential SET ended_at=?, ended_time=?, reason=? WHERE act_id=? "
                           "AND ended_at IS NULL", (said.index, said.time, act.reason, bytes.fromhex(act.refers[0])))
        set_standing(connection, act.refers, ENDED)
    elif isinstance(act, Unopened):
        connection.execute("INSERT OR IGNORE INTO cell_unopened VALUES (?,?,?,?,?)",
                           (_other(act), act.number, act.author, act.code, said.time))


def credential(connection: apsw.Connection, *, author: str, credential: str) -> assertions.Credential | None:
    """The passkey of that id that *author* published and has not ended."""
    row = connection.execute(
        "SELECT holder, roles, key, origin, valid_from, valid_until FROM cell_credential "
        "WHERE author=? AND credential=? AND ended_at IS NULL", (author, credential)).fetchone()
    if row is None:
        return None
    return assertions.Credential(row[0], tuple(row[1].split()), *row[2:])


def is_published(connection: apsw.Connection, *, author: str, credential: str) -> bool:
    """Whether *author* has ever published a passkey of that id."""
    return connection.execute("SELECT 1 FROM cell_credential WHERE author=? AND credential=?",
                              (author, credential)).get is not None


def is_administered(connection: apsw.Connection, *, author: str, time: int) -> bool:
    """Whether a passkey of an administrator of *author* stands and is valid at *time* (UTC ms)."""
    return connection.execute(
        "SELECT 1 FROM cell_credential WHERE author=? AND ended_at IS NULL AND valid_from<=? AND valid_until>? "
        "AND ' ' || roles || ' ' LIKE '% administrator %'", (author, time, time)).get is not None


def published(connection: apsw.Connection, *, author: str) -> list[Published]:
    """All passkeys that *author* ever published, newest first."""
    rows = connection.execute(
        "SELECT author, holder, roles, credential, key, origin, valid_from, valid_until, act_id, at_index, time, "
        "signed, ended_time, reason FROM cell_credential WHERE author=? ORDER BY at_index DESC, act_id", (author,))
    return [_published(row) for row in rows]


def untold(connection: apsw.Connection, *, member: str, limit: int) -> list[tuple[str, int, str]]:
    """Entries that name *member* and do not open, of which their authors have not been told: (author, number, code)."""
    return list(connection.execute(
        "SELECT author, number, void FROM entries AS e WHERE void IN ('slot.unopenable', 'act.malformed', "
        "'act.commitment') AND author <> ?1 AND NOT EXISTS (SELECT 1 FROM cell_unopened AS u WHERE u.author = e.author "
        "AND u.number = e.number AND u.member = ?1) ORDER BY e.\"index\" LIMIT ?2", (member, limit)))


def unopened(connection: apsw.Connection, *, author: str, number: int) -> dict[str, tuple[str, int]]:
    """Who could not open an author's entry: member to (code, when it said so, UTC ms)."""
    return {member: (code, time) for member, code, time in connection.execute(
        "SELECT member, code, time FROM cell_unopened WHERE author = ? AND number = ?", (author, number))}


def _published(row: tuple[Any, ...]) -> Published:
    author, holder, roles, name, key, origin, since, until, act, index, time, signed, ended, reason = row
    return Published(author, holder, tuple(roles.split()), name, key, origin, since, until, bytes(act).hex(), index,
                     time, bool(signed), ended, reason)


QUERIES: Mapping[str, Query] = {"published": published, "untold": untold, "unopened": unopened}
COMMON: Mapping[str, Query] = {"credential": credential, "is_published": is_published,
                               "is_administered": is_administered}
