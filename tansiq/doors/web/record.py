"""The record itself: the journal and the charter."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from tansiq.charter import consequences, term_at, terms
from tansiq.doors.gate import OFFICER
from tansiq.doors.web.present import kind_title
from tansiq.doors.web.request import Asked, OfficerHere, PagesHere

ENTRIES = 100
TERMS = 8


@get("/journal", sync_to_thread=True)
def journal(request: Asked, pages: PagesHere, officer: OfficerHere,
            before: FromQuery[int | None] = None) -> Response[str]:
    """Every entry that the officer's cell has verified, newest first, and how far the journal is settled."""
    officer.require("reader")
    registers = pages.floor.cell(officer.member).registers
    entries = registers.entries(before=before, limit=ENTRIES)
    heads = registers.heads([entry.index for entry in entries if entry.acts])
    return pages.page(request, "journal.html", entries=entries, heads=heads, before=before,
                      more=len(entries) == ENTRIES, title_of=lambda kind: kind_title(pages.floor.desks, kind))


@get("/charter", role=OFFICER, sync_to_thread=True)
def charter(request: Asked, pages: PagesHere, text: FromQuery[str] = "", beside: FromQuery[str] = "") -> Response[str]:
    """The articles in any language of the charter, the reader's if none is asked for, beside them any other; and the
    terms of the chair."""
    known = pages.floor.charter
    chosen = text if text in known.languages else pages.reader(request).lang
    other = beside if beside in known.languages and beside != chosen else ""
    term = term_at(known, pages.floor.now())
    first = term.number - 1 if term else 0
    return pages.page(request, "charter.html", text=chosen, beside=other, consequences=consequences,
                      terms=terms(known, first + TERMS)[first:])


HANDLERS: tuple[Any, ...] = (journal, charter)
