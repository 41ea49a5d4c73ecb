"""Two ways to one centre: opened here, or through the server that has it open. Commands know neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from socket import socket
from typing import Any, Protocol

import httpx
import msgspec

from tansiq.cell.desk import Desk
from tansiq.doors.calendar import write_calendar
from tansiq.doors.cli.directory import Server, hold, server_of
from tansiq.doors.documents import thread_document, view_document
from tansiq.doors.filters import Filters
from tansiq.doors.floor import Floor
from tansiq.doors.proofs import Proofs, Question
from tansiq.errors import Conflict, Malformed, Refused, TansiqError, Unavailable
from tansiq.office import Officer
from tansiq.wire import write_base64

Progress = Callable[[int, int], None]
WAIT_S = 600.0
LOOK_EVERY_S = 0.2
STEPS_MAX = 100_000


class Access(Protocol):
    """What commands ask of a centre. Answers are plain values, ready to print as JSON."""

    def officers(self) -> list[Officer]:
        """All officers of the cells here."""

    def acts(self, officer: Officer, filters: Filters) -> dict[str, Any]:
        """One page of a search: ``count`` and ``acts``."""

    def say(self, officer: Officer, desk: str, kind: str, fields: dict[str, Any]) -> str:
        """Say one act; its id."""

    def say_many(self, officer: Officer, desk: str, items: Sequence[tuple[str, dict[str, Any]]]) -> list[str]:
        """Say up to 1000 acts of one kind; their ids."""

    def known(self, officer: Officer, external_ids: Sequence[str], desk: str) -> set[str]:
        """Which of these names from elsewhere the officer's member has said already at a desk."""

    def receipt(self, officer: Officer, given: str) -> dict[str, Any]:
        """How far an act has come."""

    def show(self, officer: Officer, desk: str, view: str, params: Mapping[str, str]) -> Any:
        """What a view of a desk shows."""

    def panel(self, officer: Officer, desk: str, given: str) -> Any:
        """Where the thread of an act stands."""

    def attach(self, officer: Officer, data: bytes, fields: dict[str, Any]) -> str:
        """Seal a file and say the act that carries it; its id."""

    def attached(self, officer: Officer, given: str) -> bytes:
        """The file that an act carries."""

    def public(self, officer: Officer) -> bytes:
        """The public part of the centre."""

    def evidence(self, officer: Officer, kind: str, asked: Mapping[str, Any]) -> bytes:
        """A file of evidence: ``receipts`` (act), ``disclosures``, ``absences``, ``convictions`` (what the API
        takes)."""

    def fold(self, officer: Officer, disclosure: bytes) -> dict[str, Any]:
        """Fold an act from another reader's disclosure: ``id``, and whether it was ``folded``."""

    def calendar(self, officer: Officer, lang: str) -> bytes:
        """The dates of all desks as iCalendar."""

    def document(self, officer: Officer, of: str | tuple[str, str], params: Mapping[str, str], lang: str) -> bytes:
        """A view (desk and name), or where the thread of an act stands, as a PDF."""

    def verify(self, code: str | None, *, progress: Progress) -> dict[str, Any]:
        """Check a whole journal."""

    def rebuild(self, code: str, *, progress: Progress) -> dict[str, Any]:
        """Fold a cell's registers again."""

    def play(self, folder: Path) -> int:
        """Play a folder of steps; how many there are."""

    def mandate(self) -> dict[str, Any]:
        """The mandate in force, and the one that is being made."""

    def draw(self, *, again: bool) -> dict[str, Any]:
        """Draw the next registrar's key."""

    def promise(self, code: str, *, unordered: bool) -> dict[str, Any]:
        """Have a member promise the registrar that was drawn."""

    def enforce(self, carrier: str | None, notes: Sequence[str]) -> dict[str, Any]:
        """Put the registrar that was drawn in force."""

    def carry(self, cell: str, kind: str, doc: str, signatures: Mapping[str, str]) -> dict[str, Any]:
        """Have a cell carry in an instrument with its signatures; where it stands."""

    def enrol(self, officer_id: str) -> str:
        """Draw a code with which an officer enters once."""


class Wiring(Protocol):
    """What ``run.py`` does for the command line."""

    def found(self, charter_text: str, directory: Path, *, at_ms: int | None = None,
              beside: Path | None = None) -> Any:
        """Found a centre for trial, all cells in one directory; *at_ms* sets its clock. The borders file that the
        charter names lies in the folder *beside*."""

    def lay_demonstration(self, folder: Path, directory: Path) -> int | None:
        """Lay a demonstration into a directory; when its story begins (UTC ms)."""

    def open_centre(self, directory: Path, desks: Sequence[Desk]) -> Any:
        """Open all that lies in a directory; the caller holds its lock."""

    def open_offices(self, centre: Any) -> dict[str, Any]:
        """Open the office of each cell."""

    def serve(self, directory: Path, desks: Sequence[Desk], *, listening: socket, token: str, hold_s: int,
              sign_in: str | None = None, origin: str | None = None) -> None:
        """Serve the floor until it is told to stop; the caller holds the lock. What is said on pages is held first."""


class Direct:
    """The centre, opened in this process."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def officers(self) -> list[Officer]:
        """All officers of the cells here."""
        return self._floor.officers()

    def acts(self, officer: Officer, filters: Filters) -> dict[str, Any]:
        """One page of a search."""
        rows = self._floor.search(officer, filters.query())
        return {"count": self._floor.count(officer, filters), "acts": [self._floor.plain(row) for row in rows]}

    def say(self, officer: Officer, desk: str, kind: str, fields: dict[str, Any]) -> str:
        """Say one act, and let it go its way."""
        self._floor.form(desk, kind)
        act_id = self._floor.say(officer, kind, fields)
        self._floor.centre.step()
        return act_id

    def say_many(self, officer: Officer, desk: str, items: Sequence[tuple[str, dict[str, Any]]]) -> list[str]:
        """Say several, and let them go their way before more come."""
        said = self._floor.say_many(officer, items)
        self._floor.centre.step()
        return said

    def known(self, officer: Officer, external_ids: Sequence[str], desk: str) -> set[str]:
        """Which are known."""
        return self._floor.known(officer, external_ids, desk)

    def receipt(self, officer: Officer, given: str) -> dict[str, Any]:
        """How far an act has come."""
        shown: dict[str, Any] = msgspec.to_builtins(self._floor.receipt(officer, given))
        return shown

    def show(self, officer: Officer, desk: str, view: str, params: Mapping[str, str]) -> Any:
        """What a view of a desk shows."""
        return msgspec.to_builtins(self._floor.view(desk, view).show(self._floor.look(officer, params)))

    def panel(self, officer: Officer, desk: str, given: str) -> Any:
        """Where the thread of an act stands."""
        return msgspec.to_builtins(self._floor.panel_at(officer, desk, given))

    def attach(self, officer: Officer, data: bytes, fields: dict[str, Any]) -> str:
        """Seal a file and say the act that carries it."""
        act_id = self._floor.attach(officer, data, fields)
        self._floor.centre.step()
        return act_id

    def attached(self, officer: Officer, given: str) -> bytes:
        """The file that an act carries."""
        return self._floor.attached(officer, given)[1]

    def public(self, officer: Officer) -> bytes:
        """The public part of the centre."""
        return Proofs(self._floor).public(officer.member)

    def evidence(self, officer: Officer, kind: str, asked: Mapping[str, Any]) -> bytes:
        """A file of evidence."""
        proofs = Proofs(self._floor)
        if kind == "receipts":
            return proofs.receipt(officer, asked["act"])
        if kind == "disclosures":
            return proofs.disclosure(officer, asked["act"], label_only=asked["label_only"], reason=asked["reason"])
        if kind == "absences":
            return proofs.absence(officer, Question(**asked))
        if asked.get("disclosure") is not None:
            return proofs.unaddressed(officer, asked["disclosure"].encode())
        if asked.get("note") is not None:
            return proofs.forked(officer, asked["note"])
        return proofs.misaddressed(officer, asked["author"], asked["number"])

    def fold(self, officer: Officer, disclosure: bytes) -> dict[str, Any]:
        """Fold an act from a disclosure."""
        return Proofs(self._floor).fold(officer, disclosure)

    def calendar(self, officer: Officer, lang: str) -> bytes:
        """The dates as iCalendar."""
        return write_calendar(self._floor, officer, lang)

    def document(self, officer: Officer, of: str | tuple[str, str], params: Mapping[str, str], lang: str) -> bytes:
        """A PDF."""
        if isinstance(of, str):
            return thread_document(self._floor, officer, of, lang).pdf
        return view_document(self._floor, officer, of, params, lang).pdf

    def verify(self, code: str | None, *, progress: Progress) -> dict[str, Any]:
        """Check a whole journal."""
        return self._floor.centre.verify(None if code is None else self._floor.cell(code).code, progress=progress)

    def rebuild(self, code: str, *, progress: Progress) -> dict[str, Any]:
        """Fold again."""
        return self._floor.centre.rebuild(self._floor.cell(code).code, progress=progress)

    def enrol(self, officer_id: str) -> str:
        """Draw a code."""
        return self._floor.entrance.office_of(officer_id).enrolment.issue(officer_id)

    def carry(self, cell: str, kind: str, doc: str, signatures: Mapping[str, str]) -> dict[str, Any]:
        """Carry an instrument in."""
        carried: dict[str, Any] = self._floor.instruments.carry(cell, kind, doc, signatures)
        return carried

    def play(self, folder: Path) -> int:
        """Play a folder."""
        return self._floor.centre.play(folder)

    def mandate(self) -> dict[str, Any]:
        """The mandate in force."""
        shown: dict[str, Any] = self._floor.mandates.show()
        return shown

    def draw(self, *, again: bool) -> dict[str, Any]:
        """Draw a key."""
        drawn: dict[str, Any] = self._floor.mandates.draw(again=again)
        return drawn

    def promise(self, code: str, *, unordered: bool) -> dict[str, Any]:
        """Have a member promise."""
        given: dict[str, Any] = self._floor.mandates.promise(code, unordered=unordered)
        return given

    def enforce(self, carrier: str | None, notes: Sequence[str]) -> dict[str, Any]:
        """Put it in force."""
        shown: dict[str, Any] = self._floor.mandates.enforce(carrier=carrier, notes=notes)
        return shown


class Remote:
    """The centre, through the server that has it open."""

    def __init__(self, server: Server) -> None:
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=WAIT_S, trust_env=False,
                                    headers={"Authorization": f"Bearer {server.token}"})

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    def officers(self) -> list[Officer]:
        """All officers of the cells there."""
        return [Officer(o["id"], o["name"], o["member"], tuple(o["roles"])) for o in self._ask("GET", "/api/officers")]

    def acts(self, officer: Officer, filters: Filters) -> dict[str, Any]:
        """One page of a search."""
        params = {name: value for name, value in asdict(filters).items() if value is not None}
        found: dict[str, Any] = self._ask("GET", "/api/acts", officer, params=params)
        return found

    def say(self, officer: Officer, desk: str, kind: str, fields: dict[str, Any]) -> str:
        """Say one act."""
        return str(self._ask("POST", f"/api/{desk}/{kind}", officer, json=fields)["ids"][0])

    def say_many(self, officer: Officer, desk: str, items: Sequence[tuple[str, dict[str, Any]]]) -> list[str]:
        """Say several of one kind."""
        kind = items[0][0]
        said = self._ask("POST", f"/api/{desk}/{kind}/batch", officer, json=[fields for _, fields in items])
        return list(said["ids"])

    def known(self, officer: Officer, external_ids: Sequence[str], desk: str) -> set[str]:
        """Which are known."""
        return set(self._ask("POST", "/api/known", officer, params={"desk": desk}, json=list(external_ids)))

    def receipt(self, officer: Officer, given: str) -> dict[str, Any]:
        """How far an act has come."""
        shown: dict[str, Any] = self._ask("GET", f"/api/acts/{given}/receipt", officer)
        return shown

    def show(self, officer: Officer, desk: str, view: str, params: Mapping[str, str]) -> Any:
        """What a view of a desk shows."""
        return self._ask("GET", f"/api/{desk}/{view}", officer, params=dict(params))

    def panel(self, officer: Officer, desk: str, given: str) -> Any:
        """Where the thread of an act stands."""
        return self._ask("GET", f"/api/{desk}/threads/{given}", officer)

    def attach(self, officer: Officer, data: bytes, fields: dict[str, Any]) -> str:
        """Seal a file and say the act that carries it."""
        sent = fields | {"data": write_base64(data)}
        return str(self._ask("POST", "/api/attachments", officer, json=sent)["ids"][0])

    def attached(self, officer: Officer, given: str) -> bytes:
        """The file that an act carries."""
        return self._answer("GET", f"/api/acts/{given}/attachment", officer).content

    def public(self, officer: Officer) -> bytes:
        """The public part of the centre."""
        return self._answer("GET", "/api/evidence/public", officer).content

    def evidence(self, officer: Officer, kind: str, asked: Mapping[str, Any]) -> bytes:
        """A file of evidence."""
        if kind == "receipts":
            return self._answer("GET", f"/api/evidence/receipts/{asked['act']}", officer).content
        return self._answer("POST", f"/api/evidence/{kind}", officer, json=dict(asked)).content

    def fold(self, officer: Officer, disclosure: bytes) -> dict[str, Any]:
        """Fold an act from a disclosure."""
        folded: dict[str, Any] = self._ask("POST", "/api/evidence/foldings", officer,
                                          json={"disclosure": disclosure.decode("utf-8", "replace")})
        return folded

    def calendar(self, officer: Officer, lang: str) -> bytes:
        """The dates as iCalendar."""
        return self._answer("GET", "/api/calendar.ics", officer, params={"lang": lang}).content

    def document(self, officer: Officer, of: str | tuple[str, str], params: Mapping[str, str], lang: str) -> bytes:
        """A PDF."""
        path = f"/api/acts/{of}/pdf" if isinstance(of, str) else f"/api/documents/{of[0]}/{of[1]}"
        return self._answer("GET", path, officer, params={**params, "lang": lang}).content

    def verify(self, code: str | None, *, progress: Progress) -> dict[str, Any]:
        """Check a whole journal."""
        return self._watched(code or "registrar", "verify", progress)

    def rebuild(self, code: str, *, progress: Progress) -> dict[str, Any]:
        """Fold again."""
        return self._watched(code, "rebuild", progress)

    def _watched(self, code: str, what: str, progress: Progress) -> dict[str, Any]:
        """Have something long done, and ask meanwhile how far it has come."""
        with ThreadPoolExecutor(1) as other:
            asked = other.submit(self._ask, "POST", f"/api/cells/{code}/{what}")
            while not wait([asked], timeout=LOOK_EVERY_S).done:
                come = self._ask("GET", f"/api/cells/{code}/progress")
                if come["total"]:
                    progress(come["done"], come["total"])
        done: dict[str, Any] = asked.result()
        return done

    def enrol(self, officer_id: str) -> str:
        """Draw a code."""
        return str(self._ask("POST", f"/api/officers/{officer_id}/code")["code"])

    def carry(self, cell: str, kind: str, doc: str, signatures: Mapping[str, str]) -> dict[str, Any]:
        """Carry an instrument in."""
        sent = {"kind": kind, "doc": doc, "signatures": dict(signatures)}
        carried: dict[str, Any] = self._ask("POST", f"/api/cells/{cell}/instruments", json=sent)
        return carried

    def play(self, folder: Path) -> int:
        """Play a folder: the server of a directory reads it on this same machine."""
        return int(self._ask("POST", "/api/stories", json={"folder": str(folder.absolute())})["said"])

    def mandate(self) -> dict[str, Any]:
        """The mandate in force."""
        shown: dict[str, Any] = self._ask("GET", "/api/mandate")
        return shown

    def draw(self, *, again: bool) -> dict[str, Any]:
        """Draw a key."""
        drawn: dict[str, Any] = self._ask("POST", "/api/mandate/draw", params={"again": again})
        return drawn

    def promise(self, code: str, *, unordered: bool) -> dict[str, Any]:
        """Have a member promise."""
        given: dict[str, Any] = self._ask("POST", f"/api/mandate/promises/{code}", params={"unordered": unordered})
        return given

    def enforce(self, carrier: str | None, notes: Sequence[str]) -> dict[str, Any]:
        """Put it in force."""
        params = {"carrier": carrier} if carrier else {}
        shown: dict[str, Any] = self._ask("POST", "/api/mandate/enforce", params=params, json=list(notes))
        return shown

    def _ask(self, method: str, path: str, officer: Officer | None = None, **given: Any) -> Any:
        return self._answer(method, path, officer, **given).json()

    def _answer(self, method: str, path: str, officer: Officer | None, **given: Any) -> httpx.Response:
        headers = {"Tansiq-Officer": officer.id} if officer else {}
        try:
            answer = self._client.request(method, path, headers=headers, **given)
        except httpx.HTTPError as error:
            raise Unavailable("server.silent", "The server of this directory does not answer: {why}.",
                              why=type(error).__name__) from error
        if answer.status_code >= 400:
            raise _failure(answer)
        return answer


@contextmanager
def reach(directory: Path, desks: Sequence[Desk], wiring: Wiring) -> Iterator[Access]:
    """Reach the centre of *directory*: through its server where one runs, else by opening it here.

    Raises:
        Conflict: ``directory.held``, a process that is no server has it open.
    """
    server = server_of(directory)
    if server is not None:
        remote = Remote(server)
        try:
            yield remote
        finally:
            remote.close()
        return
    with hold(directory):
        centre = wiring.open_centre(directory, desks)
        try:
            _run_dry(centre)
            yield Direct(Floor(centre, desks, wiring.open_offices(centre)))
            _run_dry(centre)
        finally:
            centre.stop()


def _run_dry(centre: Any) -> None:
    """Let registrar and cells work until nothing moves: what was said is ordered, and folded by every cell here."""
    for _ in range(STEPS_MAX):
        if not centre.step():
            return


def officer_of(access: Access, cell: str, role: str, given: str | None = None) -> Officer:
    """The officer named, or the first of the cell's that has *role*.

    Raises:
        Refused: ``cell.absent`` or ``officer.unknown``.
    """
    mine = [officer for officer in access.officers() if officer.member == cell]
    if not mine:
        raise Refused("cell.absent", "No cell of {given} lies in this directory.", given=repr(cell[:20]), field="cell")
    for officer in mine:
        if (given is None and role in officer.roles) or officer.id == given:
            officer.require(role)
            return officer
    raise Refused("officer.unknown", "There is no officer {given}.", given=repr((given or role)[:80]), field="officer")


_FAMILY: Mapping[int, type[TansiqError]] = {401: Refused, 403: Refused, 404: Refused, 409: Conflict, 503: Unavailable}


def _failure(answer: httpx.Response) -> TansiqError:
    """Read a failure that the server answered; its sentence is said already."""
    try:
        body = answer.json()
        code, said = str(body["code"]), str(body["sentence"])
    except (ValueError, KeyError, TypeError):
        return Unavailable("server.silent", "The server of this directory does not answer: {why}.",
                           why=str(answer.status_code))
    at_fault = {name: body[name] for name in ("field", "article") if body.get(name)}
    return _FAMILY.get(answer.status_code, Malformed)(code, "{said}", said=said, **at_fault)
