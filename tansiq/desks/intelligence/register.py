"""The register of the intelligence desk: which reports still stand, and what they are called elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files

import apsw

from tansiq.acts import Act, Text
from tansiq.cell.desk import Description, Query, Said
from tansiq.cell.registers import set_thread_standing
from tansiq.desks.intelligence.acts import TITLE_CHARACTERS_MAX, Correction, Recall, Report
from tansiq.desks.intelligence.analysis import Assessment, Concurrence, Translation
from tansiq.desks.intelligence.attachment import Attachment
from tansiq.desks.intelligence.leave import Leave

CORRECTED = "corrected"
RECALLED = "recalled"
_TELLING = ("report", "correction", "assessment", "translation", "attachment", "leave")
_IDS_AT_ONCE = 500


def schema() -> str:
    """The tables of this desk."""
    return files("tansiq.desks.intelligence").joinpath("register.sql").read_text("utf-8")


def describe(act: Act) -> Description:
    """Show a report or correction by what it tells, a recall by its reason."""
    if isinstance(act, (Report, Correction)):
        place = act.place
        texts: tuple[Text, ...] = (act.title, act.text)
        if act.place_name is not None:
            texts = (*texts, Text(lang=act.title.lang, text=act.place_name))
        return Description(act.title.text, texts, () if place is None else ((place.lat, place.lon),),
                           (act.occurred_from, act.occurred_until),
                           act.source_reliability + act.information_credibility)
    if isinstance(act, Attachment):
        return Description(act.title.text, (act.title, Text(lang=act.title.lang, text=act.name)))
    if isinstance(act, Leave):
        return Description(act.text.text[:TITLE_CHARACTERS_MAX], (act.text,))
    if isinstance(act, (Translation, Assessment)):
        texts = (act.text,) if act.title is None else (act.title, act.text)
        return Description(texts[0].text[:TITLE_CHARACTERS_MAX], texts)
    if isinstance(act, Concurrence):
        return Description(act.position, () if act.reason is None else (act.reason,))
    assert isinstance(act, Recall)
    return Description(act.reason.text, (act.reason,))


def fold(connection: apsw.Connection, said: Said) -> None:
    """Fold an admitted act: the last correction stands, and after a recall nothing does."""
    act = said.act
    if isinstance(act, Report):
        if act.external_id is not None:
            connection.execute("INSERT OR IGNORE INTO intelligence_external VALUES (?, ?, ?)",
                               (act.author, act.external_id, bytes.fromhex(said.id)))
    elif isinstance(act, Translation):
        connection.execute("INSERT INTO intelligence_translations VALUES (?, ?, ?)",
                           (bytes.fromhex(act.of), act.text.lang, bytes.fromhex(said.id)))
    elif isinstance(act, Attachment) and act.of is not None:
        connection.execute("INSERT INTO intelligence_attachments VALUES (?, ?)",
                           (bytes.fromhex(act.of), bytes.fromhex(said.id)))
    elif isinstance(act, Leave):
        connection.execute("INSERT INTO intelligence_leaves VALUES (?, ?, ?)",
                           (bytes.fromhex(act.of), act.use, bytes.fromhex(said.id)))
    elif isinstance(act, (Correction, Recall)) and act.thread is not None:
        standing = RECALLED if isinstance(act, Recall) else CORRECTED
        set_thread_standing(connection, act.thread, standing, kinds=_TELLING, below=said)


def known_external_ids(connection: apsw.Connection, *, author: str, ids: Iterable[str]) -> frozenset[str]:
    """Which of these external ids reports of *author* already have."""
    wanted, known = list(ids), set[str]()
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        part = wanted[start:start + _IDS_AT_ONCE]
        known.update(row[0] for row in connection.execute(
            f"SELECT external_id FROM intelligence_external WHERE author = ? "
            f"AND external_id IN ({','.join('?' * len(part))})", (author, *part)))
    return frozenset(known)


def by_external_id(connection: apsw.Connection, *, author: str, external_id: str) -> str | None:
    """Id of the report that *author* imported under that name."""
    found = connection.execute("SELECT act_id FROM intelligence_external WHERE author = ? AND external_id = ?",
                               (author, external_id)).get
    return None if found is None else bytes(found).hex()


def translations(connection: apsw.Connection, *, of: str) -> list[tuple[str, str]]:
    """Translations of an act that stand: (language, id of the translation), in the journal's order."""
    rows = connection.execute(
        "SELECT t.lang, t.act_id FROM intelligence_translations AS t JOIN acts AS a ON a.act_id = t.act_id "
        "WHERE t.of = ? AND a.standing = 'standing' ORDER BY a.row", (bytes.fromhex(of),))
    return [(lang, act_id.hex()) for lang, act_id in rows]


def attachments(connection: apsw.Connection, *, of: str) -> list[str]:
    """Ids of the attachments to an act that stand, in the journal's order."""
    rows = connection.execute(
        "SELECT t.act_id FROM intelligence_attachments AS t JOIN acts AS a ON a.act_id = t.act_id "
        "WHERE t.of = ? AND a.standing = 'standing' ORDER BY a.row", (bytes.fromhex(of),))
    return [act_id.hex() for act_id, in rows]


def origin(connection: apsw.Connection, *, act_id: str) -> tuple[str, tuple[str, ...], str] | None:
    """Author, release and handling of an act of any desk that this cell can read and that is not void."""
    row = connection.execute("SELECT author, release, handling FROM acts WHERE act_id = ? AND void IS NULL",
                             (bytes.fromhex(act_id),)).fetchone()
    return None if row is None else (row[0], tuple(row[1].split(",")), row[2])


def leave(connection: apsw.Connection, *, act_id: str, author: str, use: str) -> str | None:
    """Id of the leave that stands, by which *author* lets this cell's member put its act to *use*."""
    found = connection.execute(
        "SELECT t.act_id FROM intelligence_leaves AS t JOIN acts AS a ON a.act_id = t.act_id "
        "WHERE t.of = ? AND t.use = ? AND a.author = ? AND a.standing = 'standing' AND a.void IS NULL "
        "ORDER BY a.row LIMIT 1", (bytes.fromhex(act_id), use, author)).get
    return None if found is None else bytes(found).hex()


QUERIES: Mapping[str, Query] = {"known_external_ids": known_external_ids, "by_external_id": by_external_id,
                                "translations": translations, "attachments": attachments, "origin": origin,
                                "leave": leave}
