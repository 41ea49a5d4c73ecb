"""The register of the intelligence desk: which reports still stand, and what they are called elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files

import apsw

from tansiq.acts import Act, Text
from tansiq.cell.desk import Description, Query, Said
from tansiq.cell.registers import set_thread_standing
from tansiq.desks.intelligence.acts import Correction, Recall, Report

CORRECTED = "corrected"
RECALLED = "recalled"
_TELLING = ("report", "correction")
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
    assert isinstance(act, Recall)
    return Description(act.reason.text, (act.reason,))


def fold(connection: apsw.Connection, said: Said) -> None:
    """Fold an admitted act: the last correction stands, and after a recall nothing does."""
    act = said.act
    if isinstance(act, Report):
        if act.external_id is not None:
            connection.execute("INSERT OR IGNORE INTO intelligence_external VALUES (?, ?, ?)",
                               (act.author, act.external_id, bytes.fromhex(said.id)))
    elif act.thread is not None:
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


QUERIES: Mapping[str, Query] = {"known_external_ids": known_external_ids, "by_external_id": by_external_id}
