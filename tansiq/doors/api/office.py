"""Administration for programs: officers, duty, keys, quorum and clock, logs and sessions of one's own cell."""

from __future__ import annotations

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from tansiq.cell.upkeep import Clocks, Cosigner, Keys
from tansiq.doors.administration import Administration, OfficerRow
from tansiq.doors.api.request import FloorHere, OfficerHere
from tansiq.doors.api.shapes import CodeShape
from tansiq.doors.gate import ADMINISTRATOR
from tansiq.office import Session

AT = "/administration"


class OfficerDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An officer to be made or changed: the name of the office, and the roles."""

    name: str
    roles: tuple[str, ...]
    id: str = ""


class TurnDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A turn of duty: who, at which telephone, from when until when (UTC ms)."""

    officer: str
    telephone: str
    since: int
    until: int


class Turn(TurnDraft, frozen=True):
    """A turn of duty on the roster, with its id."""

    id: str = ""


class DeedRow(msgspec.Struct, frozen=True):
    """That the administrator ``officer`` did ``what`` about somebody or something at ``time`` (UTC ms)."""

    time: int
    officer: str
    what: str
    about: str


class ReadingRow(msgspec.Struct, frozen=True):
    """That ``officer`` opened ``act`` at ``time`` (UTC ms)."""

    officer: str
    act: str
    time: int


@get(f"{AT}/officers", role=ADMINISTRATOR, sync_to_thread=True)
def officers(floor: FloorHere, officer: OfficerHere) -> list[OfficerRow]:
    """All officers of the cell, and how they sign in."""
    return Administration(floor, officer).officers()


@post(f"{AT}/officers", role=ADMINISTRATOR, sync_to_thread=True)
def make(floor: FloorHere, officer: OfficerHere, data: JSONBody[OfficerDraft]) -> CodeShape:
    """Make an officer; answers with the code with which it enters, this once."""
    return CodeShape(data.id, Administration(floor, officer).make(data.id, name=data.name, roles=data.roles))


@put(f"{AT}/officers/{{given:str}}", role=ADMINISTRATOR, status_code=204, sync_to_thread=True)
def change(floor: FloorHere, officer: OfficerHere, given: FromPath[str], data: JSONBody[OfficerDraft]) -> None:
    """Give an officer another name or other roles; its sessions end."""
    Administration(floor, officer).change(given, name=data.name, roles=data.roles)


@delete(f"{AT}/officers/{{given:str}}", role=ADMINISTRATOR, status_code=204, sync_to_thread=True)
def end(floor: FloorHere, officer: OfficerHere, given: FromPath[str]) -> None:
    """End an officer for good."""
    Administration(floor, officer).end(given)


@post(f"{AT}/officers/{{given:str}}/code", role=ADMINISTRATOR, sync_to_thread=True)
def draw(floor: FloorHere, officer: OfficerHere, given: FromPath[str]) -> CodeShape:
    """Draw a code with which an officer enters once."""
    return CodeShape(given, Administration(floor, officer).draw(given))


@get(f"{AT}/duty", role=ADMINISTRATOR, sync_to_thread=True)
def duty(floor: FloorHere, officer: OfficerHere) -> list[Turn]:
    """The duty roster from now on."""
    return [Turn(**turn._asdict()) for turn in Administration(floor, officer).duty()]


@post(f"{AT}/duty", role=ADMINISTRATOR, sync_to_thread=True)
def put_on_duty(floor: FloorHere, officer: OfficerHere, data: JSONBody[TurnDraft]) -> Turn:
    """Put an officer on duty."""
    made = Administration(floor, officer).put_on_duty(data.officer, data.telephone, since=data.since, until=data.until)
    return Turn(**made._asdict())


@delete(f"{AT}/duty/{{given:str}}", role=ADMINISTRATOR, status_code=204, sync_to_thread=True)
def take_off_duty(floor: FloorHere, officer: OfficerHere, given: FromPath[str]) -> None:
    """Strike a turn of duty."""
    Administration(floor, officer).take_off_duty(given)


@get(f"{AT}/keys", role=ADMINISTRATOR, sync_to_thread=True)
def keys(floor: FloorHere, officer: OfficerHere) -> Keys:
    """Public keys of the roster in force, and until when introductions serve."""
    known: Keys = floor.cell(officer.member).upkeep.keys()
    return known


@get(f"{AT}/quorum", role=ADMINISTRATOR, sync_to_thread=True)
def quorum(floor: FloorHere, officer: OfficerHere) -> list[Cosigner]:
    """When each member last cosigned."""
    return list(floor.cell(officer.member).upkeep.cosigners())


@get(f"{AT}/clock", role=ADMINISTRATOR, sync_to_thread=True)
def clock(floor: FloorHere, officer: OfficerHere) -> Clocks:
    """This cell's clock against the registrar's."""
    known: Clocks = floor.cell(officer.member).upkeep.clocks()
    return known


@get(f"{AT}/readings", role=ADMINISTRATOR, sync_to_thread=True)
def readings(floor: FloorHere, officer: OfficerHere, *, by: FromQuery[str] = "", act: FromQuery[str] = "",
             after: FromQuery[int] = 0, before: FromQuery[int] = 1 << 52) -> list[ReadingRow]:
    """Who opened which act, newest first; times in UTC milliseconds."""
    found = Administration(floor, officer).readings(officer=by, act=act, after=after, before=before)
    return [ReadingRow(*one) for one in found]


@get(f"{AT}/deeds", role=ADMINISTRATOR, sync_to_thread=True)
def deeds(floor: FloorHere, officer: OfficerHere) -> list[DeedRow]:
    """What administrators did, newest first."""
    return [DeedRow(*one) for one in Administration(floor, officer).office.deeds()]


@get(f"{AT}/sessions", role=ADMINISTRATOR, sync_to_thread=True)
def sessions(floor: FloorHere, officer: OfficerHere) -> list[Session]:
    """Who is in."""
    return Administration(floor, officer).sessions()


@delete(f"{AT}/sessions/{{given:str}}", role=ADMINISTRATOR, status_code=204, sync_to_thread=True)
def end_session(floor: FloorHere, officer: OfficerHere, given: FromPath[str]) -> None:
    """End somebody's session."""
    Administration(floor, officer).end_session(given)


HANDLERS = (officers, make, change, end, draw, duty, put_on_duty, take_off_duty, keys, quorum, clock, readings, deeds,
            sessions, end_session)
