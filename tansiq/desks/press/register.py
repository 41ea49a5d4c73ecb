"""The register of the press desk: statements and lines, and which members have answered a line."""

from __future__ import annotations

from collections.abc import Mapping

import apsw

from tansiq.acts import Act
from tansiq.cell.desk import Description, Query, Said
from tansiq.cell.registers import row_number
from tansiq.cell.views import Sentence
from tansiq.desks.press.acts import Approval, Claim, Line, Statement

SCHEMA = """
-- Statements and lines to take, in the journal's order; and who has answered a line.
CREATE TABLE press_threads (
    row     INTEGER PRIMARY KEY,
    act_id  BLOB    NOT NULL,
    kind    TEXT    NOT NULL,
    author  TEXT    NOT NULL,
    said_on INTEGER NOT NULL
) STRICT;
CREATE TABLE press_approvals (
    line   BLOB NOT NULL,
    member TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (line, member)
) STRICT, WITHOUT ROWID;
"""


def describe(act: Act) -> Description:
    """Show an act by its title or its words; a claim by its form, which the page says as a sentence."""
    if isinstance(act, Statement):
        return Description(act.title.text, (act.title, act.text), when=(act.said_on, act.reported_on or act.said_on))
    if isinstance(act, Line):
        return Description(act.title.text, (act.title, act.text))
    if isinstance(act, Claim):
        return Description(" ".join(part for part in (act.subject, act.form, act.other, act.support) if part))
    assert isinstance(act, Approval)
    return Description("" if act.text is None else act.text.text, () if act.text is None else (act.text,))


def fold(connection: apsw.Connection, said: Said) -> None:
    """Fold an admitted act into the tables of this desk."""
    act, key = said.act, bytes.fromhex(said.id)
    if isinstance(act, Statement | Line):
        said_on = act.said_on if isinstance(act, Statement) else said.time
        connection.execute("INSERT INTO press_threads VALUES (?, ?, ?, ?, ?)",
                           (row_number(said.index, said.position), key, act.kind, act.author, said_on))
    elif isinstance(act, Approval):
        connection.execute("INSERT OR IGNORE INTO press_approvals VALUES (?, ?, ?)",
                           (bytes.fromhex(act.refers[0]), act.author, act.answer))


def threads(connection: apsw.Connection, *, kind: str) -> list[str]:
    """Statements, or lines, those said last first."""
    return [bytes(act).hex() for (act,) in connection.execute(
        "SELECT act_id FROM press_threads WHERE kind = ? ORDER BY said_on DESC, row DESC", (kind,))]


def approvals(connection: apsw.Connection, *, line: str) -> dict[str, str]:
    """Who has answered a line, and how."""
    return dict(connection.execute("SELECT member, answer FROM press_approvals WHERE line = ?", (bytes.fromhex(line),)))


def brief(connection: apsw.Connection, *, now: int) -> list[tuple[Sentence, str]]:
    """What is open at this desk for who takes over the chair: lines to take, and who has answered them."""
    answered = [(line, len(approvals(connection, line=line))) for line in threads(connection, kind="line")]
    return [(Sentence("A line to take; answered so far: {count}.", {"count": count}), line) for line, count in answered]


QUERIES: Mapping[str, Query] = {"threads": threads, "approvals": approvals, "brief": brief}
