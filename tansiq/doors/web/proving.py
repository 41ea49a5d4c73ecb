"""Proving: the receipts of a thread, certificates of absence, files to take away, papers, and a file to be checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyio import to_thread
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from tansiq.acts.desks import DESKS, KINDS_BY_DESK
from tansiq.cell.node import Receipt
from tansiq.cell.registers import ActRow
from tansiq.doors.floor import Floor
from tansiq.doors.proofs import ROLE, Proofs, Question
from tansiq.doors.web.failures import sentence_of
from tansiq.doors.web.pages import HEADERS, Pages, redirect
from tansiq.doors.web.present import kind_title
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere, SentHere
from tansiq.errors import Malformed, Refused, TansiqError, Unavailable, Untrusted
from tansiq.evidence import Verdict
from tansiq.evidence.absence import read_month
from tansiq.office import Officer
from tansiq.doors.certificates import TITLES, certificate
from tansiq.wire import month_start

FILE_BYTES_MAX = 64 * 1024 * 1024
LET_GO_SHOWN = 50
NAMES = {"receipt": "receipt", "disclosure": "disclosure", "label": "label"}
GROUND_TITLES = {"own": "One's own", "free": "The handling lets it go", "leave": "With its author's leave",
                 "override": "Against the handling"}
STEP_TITLES = {"opened": "Opened", "awaited": "Awaited", "unopened": "Could not open it"}


@get("/evidence", sync_to_thread=True)
def evidence(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[str]:
    """What can be proved from here: a question of absence, a file to be checked, and what was let go before."""
    return _asking(request, pages, officer)


def _asking(request: Asked, pages: Pages, officer: Officer, fault: TansiqError | None = None) -> Response[str]:
    """The page on which an absence is asked about; *fault* says why there is no certificate."""
    floor = pages.floor
    return pages.page(request, "evidence.html", status=400 if isinstance(fault, Malformed) else 200, fault=fault,
                      fault_sentence=sentence_of(fault, pages.reader(request)) if fault else "",
                      question=_question(request.query_params), may=ROLE in officer.roles, grounds=GROUND_TITLES,
                      titles=TITLES, let_go=floor.offices[officer.member].evidence(LET_GO_SHOWN),
                      reference_of=lambda subject: _reference(floor, officer, subject), **_choices(floor, officer))


def _reference(floor: Floor, officer: Officer, subject: str) -> str:
    """How people name what a file was about: an act by its reference, all else as it stands."""
    try:
        return floor.find(officer, subject).reference if len(subject) == 64 else subject.replace("/", " ").strip()
    except Refused:
        return subject[:12]


def _choices(floor: Floor, officer: Officer) -> dict[str, Any]:
    """What a question of absence can be made of."""
    kinds = {name: [(kind, kind_title(floor.desks, kind)) for kind in sorted(KINDS_BY_DESK[number])]
             for name, number in DESKS.items()}
    other = next(party.code for party in floor.charter.parties if party.code != officer.member)
    return {"other": other, "parties": floor.charter.parties,
            "all_desks": {desk.name: desk.title for desk in floor.desks
                                                            if desk.name in DESKS}, "all_kinds": kinds}


def _question(asked: Mapping[str, str]) -> Question:
    return Question(author=asked.get("author", ""), to=asked.get("to", ""), month=asked.get("month", ""),
                    desk=asked.get("desk", ""), kind=asked.get("kind") or None, topic=asked.get("topic") or None,
                    before=asked.get("before") or None)


@get("/evidence/absence", sync_to_thread=True)
def absence(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[str]:
    """A certificate of absence as a page; where something of the sort was said, that is the answer."""
    question, floor = _question(request.query_params), pages.floor
    try:
        _, verdict = Proofs(floor).certificate(officer, question)
    except (Malformed, Refused, Untrusted, Unavailable) as error:
        return _asking(request, pages, officer, error)
    return pages.page(request, "absence.html", question=question, verdict=verdict, facts=verdict.facts,
                      share=_share(verdict.facts), title_of=lambda kind: kind_title(floor.desks, kind))


def _share(facts: dict[str, Any]) -> int:
    """How much of the month the run covers, in hundredths, for the bar."""
    month = read_month(facts["month"])
    start, end = month_start(month), month_start(month + 1)
    return 100 if facts["whole"] else max(1, min(99, round(100 * (facts["last_ms"] - start) / (end - start))))


@post("/evidence/absence", role=ROLE, sync_to_thread=True)
def take_absence(request: Asked, pages: PagesHere, officer: OfficerHere, sent: SentHere) -> Response[bytes]:
    """Take a certificate of absence away: the file, or the paper."""
    one = {name: values[0] for name, values in sent.items()}
    question = _question(one)
    data = Proofs(pages.floor).absence(officer, question)
    name = f"absence-{question.author}-{question.to}-{question.month}-{question.desk}"
    return _taken(request, pages, officer, data, name=name, paper="paper" in one)


@get("/acts/{given:str}/evidence", sync_to_thread=True)
def of_act(request: Asked, pages: PagesHere, officer: OfficerHere, given: FromPath[str]) -> Response[str]:
    """The receipts of an act in steps, what each file would prove, and which this officer may take away."""
    floor = pages.floor
    row = floor.find(officer, given)
    receipt: Receipt = floor.receipt(officer, row.id)
    return pages.page(request, "act_evidence.html", row=row, receipt=receipt, may=ROLE in officer.roles,
                      own=row.author == officer.member, rule=_rule(floor, row), steps=STEP_TITLES,
                      title_of=lambda kind: kind_title(floor.desks, kind))


def _rule(floor: Floor, row: ActRow) -> str:
    return next((one.disclose for one in floor.charter.handling if one.code == row.handling), "never")


@post("/acts/{given:str}/evidence", role=ROLE, sync_to_thread=True)
def take_act(request: Asked, pages: PagesHere, officer: OfficerHere, sent: SentHere, *,
             given: FromPath[str]) -> Response[bytes]:
    """Take away the receipt of an act, the act itself, or its label: the file, or the paper."""
    one = {name: values[0] for name, values in sent.items()}
    what, proofs = one.get("what", ""), Proofs(pages.floor)
    if what not in NAMES:
        raise Malformed("filter.choice", "{field} is one of {known}, not {given}.", field="what",
                        known=", ".join(NAMES), given=repr(what[:20]))
    row = pages.floor.find(officer, given)
    data = proofs.receipt(officer, row.id) if what == "receipt" else proofs.disclosure(
        officer, row.id, label_only=what == "label", reason=one.get("reason", ""))
    name = f"{what}-{row.reference.replace(' ', '-').replace('/', '-')}"
    return _taken(request, pages, officer, data, name=name, paper="paper" in one)


@post("/acts/{given:str}/again", role=ROLE, sync_to_thread=True)
def seal_again(pages: PagesHere, officer: OfficerHere, given: FromPath[str]) -> Response[None]:
    """Seal an act again for whoever could not open it."""
    row = pages.floor.find(officer, given)
    Proofs(pages.floor).seal_again(officer, row.id)
    return redirect(f"/acts/{row.id}/evidence")


@get("/evidence/public", sync_to_thread=True)
def public(pages: PagesHere, officer: OfficerHere) -> Response[bytes]:
    """The public part of the centre, to be given to whoever checks."""
    return _download(Proofs(pages.floor).public(officer.member), "public", "application/json")


@get("/evidence/check", sync_to_thread=True)
def check(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[str]:
    """The page on which a file can be dropped."""
    return _checked(request, pages, officer)


def _checked(request: Asked, pages: Pages, officer: Officer, *, given: object = None, verdict: Verdict | None = None,
             fault: TansiqError | None = None) -> Response[str]:
    """The page on which files are checked: what the one that was *given* proves, or why it proves nothing."""
    return pages.page(request, "check.html", status=400 if fault else 200, verdict=verdict, fault=fault, titles=TITLES,
                      fault_sentence=sentence_of(fault, pages.reader(request)) if fault else "",
                      may=ROLE in officer.roles, name=given.filename if isinstance(given, UploadFile) else "")


@post("/evidence/check", request_max_body_size=FILE_BYTES_MAX)
async def check_file(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[str]:
    """Check a file that was dropped, against what the officer's cell holds: what it proves, or why it proves
    nothing."""
    given = (await request.form()).get("file")
    try:
        verdict = await to_thread.run_sync(Proofs(pages.floor).check, officer.member, await _dropped(given))
    except TansiqError as error:
        return _checked(request, pages, officer, given=given, fault=error)
    return _checked(request, pages, officer, given=given, verdict=verdict)


@post("/evidence/fold", role=ROLE, request_max_body_size=FILE_BYTES_MAX)
async def fold_file(request: Asked, pages: PagesHere, officer: OfficerHere) -> Response[Any]:
    """Fold an act that the member's cell could not open, from another reader's disclosure that was dropped."""
    given = (await request.form()).get("file")
    try:
        data = await _dropped(given)
        made = await to_thread.run_sync(Proofs(pages.floor).fold, officer, data)
    except TansiqError as error:
        return _checked(request, pages, officer, given=given, fault=error)
    return redirect(f"/acts/{made['id']}")


async def _dropped(given: object) -> bytes:
    """What was dropped on the page.

    Raises:
        Malformed: ``evidence.none.given``.
    """
    if not isinstance(given, UploadFile) or not given.filename:
        raise Malformed("evidence.none.given", "Choose a file of evidence first.", field="file")
    return await given.read()


def _taken(request: Asked, pages: Pages, officer: Officer, data: bytes, *, name: str, paper: bool) -> Response[bytes]:
    """A file as it was written, or what it proves on paper in the reader's language."""
    if not paper:
        return _download(data, name, "application/json")
    verdict = Proofs(pages.floor).check(officer.member, data)
    floor, lang = pages.floor, pages.reader(request).lang
    made = certificate(verdict, data, floor.charter, lang=lang, now_ms=floor.now())
    return _download(made.pdf, f"{name}-{lang}", "application/pdf")


def _download(data: bytes, name: str, media_type: str) -> Response[bytes]:
    kind = "pdf" if media_type == "application/pdf" else "evidence.json"
    return Response(data, media_type=media_type, headers={
        **HEADERS, "Content-Disposition": f'attachment; filename="{name}.{kind}"'})


HANDLERS: tuple[Any, ...] = (evidence, absence, take_absence, of_act, take_act, seal_again, public, check, check_file, fold_file)
