"""Folding into the registers: one transaction a batch, with the cursor inside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import apsw
import msgspec

from tansiq.cell.desk import Description, Desk, Query, Said, Thread
from tansiq.cell.registers.entry import FoldedEntry
from tansiq.cell.registers.query import PLACES_PER_ACT_MAX
from tansiq.cell.registers.rows import SAID_COLUMNS, Decoders, row_number, said
from tansiq.errors import Malformed
from tansiq.languages.normalise import index_terms

STANDING = "standing"
VOID = "void"
_FLUSH_ACTS = 4_096
_THREADS_KEPT = 10_000


def set_standing(connection: apsw.Connection, act_ids: Iterable[str], standing: str) -> None:
    """Say what later acts made of these acts; a desk's fold calls this. Void acts stay void."""
    connection.executemany("UPDATE acts SET standing = ? WHERE act_id = ? AND void IS NULL",
                           [(standing, bytes.fromhex(act_id)) for act_id in act_ids])


def set_thread_standing(connection: apsw.Connection, thread: str, standing: str, *, kinds: tuple[str, ...],
                        below: Said) -> None:
    """Say what the act *below* made of all acts of those kinds that stand before it in its thread."""
    marks = ",".join("?" * len(kinds))
    thread_id = bytes.fromhex(thread)
    connection.execute(
        f"UPDATE acts SET standing = ? WHERE (act_id = ? OR (thread = ? AND thread <> act_id)) AND void IS NULL "
        f"AND kind IN ({marks}) AND row < ?",
        (standing, thread_id, thread_id, *kinds, row_number(below.index, below.position)))


def common_question(desks: Iterable[Desk], desk: str, name: str) -> Query:
    """One of the questions of *desk* that rules may ask.

    Raises:
        Malformed: ``query.unknown``.
    """
    for one in desks:
        if one.name == desk and name in one.common:
            return one.common[name]
    raise Malformed("query.unknown", "The desk {desk} has no question {name}.", desk=desk[:40], name=name[:40])


class Threads:
    """The threads that were asked for of late, so that a busy one is not read again for each of its acts."""

    def __init__(self) -> None:
        self._threads: dict[bytes, list[Said]] = {}

    def clear(self) -> None:
        """Forget all: a transaction was given up, or the registers were emptied."""
        self._threads.clear()

    def get(self, thread_id: bytes) -> list[Said] | None:
        """The acts of a thread, if it is kept."""
        return self._threads.get(thread_id)

    def keep(self, thread_id: bytes, acts: list[Said]) -> None:
        """Keep a thread that was read."""
        if len(self._threads) >= _THREADS_KEPT:
            self._threads.pop(next(iter(self._threads)))
        self._threads[thread_id] = acts

    def append(self, thread_id: bytes, act: Said) -> None:
        """Lengthen a thread, where it is kept."""
        kept = self._threads.get(thread_id)
        if kept is not None:
            kept.append(act)


class Writer:
    """One transaction. Nothing of it is seen by readers before it ends, and nothing remains where it fails."""

    def __init__(self, connection: apsw.Connection, desks: Mapping[str, Desk], known: Decoders,
                 threads: Threads) -> None:
        self._connection = connection
        self._desks = desks
        self._known = known
        self._threads = threads
        self._fresh: set[bytes] = set()
        self._any_unread = bool(connection.execute("SELECT EXISTS (SELECT 1 FROM unread)").get)
        self._entries: list[tuple[Any, ...]] = []
        self._acts: list[tuple[Any, ...]] = []
        self._bytes: list[tuple[int, bytes, bytes]] = []
        self._words: list[tuple[int, str]] = []
        self._places: list[tuple[int, int, int, int]] = []
        self._folds: list[tuple[Desk, Said]] = []

    @property
    def cursor(self) -> int:
        """Index of the next entry to fold."""
        return int(self._connection.execute("SELECT value FROM marks WHERE name = 'cursor'").get or 0)

    @cursor.setter
    def cursor(self, index: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO marks VALUES ('cursor', ?)", (index,))

    def knows(self, act_id: str) -> bool:
        """Tell whether an act of that id was added before: a repetition is ignored."""
        key = bytes.fromhex(act_id)
        if key in self._fresh or self._unread("act_id = ?", key):
            return True
        return self._connection.execute("SELECT 1 FROM acts WHERE act_id = ?", (key,)).get is not None

    def is_unknown(self, act_ids: Iterable[str]) -> bool:
        """Tell whether one of these acts is here and of a kind that a later program may read."""
        return any(self._unread("act_id = ? AND code = 'act.unknown'", bytes.fromhex(one)) for one in act_ids)

    def holds_unknown(self, thread_id: str) -> bool:
        """Tell whether a thread has an act of a kind that a later program may read."""
        return self._unread("thread = ? AND code = 'act.unknown'", bytes.fromhex(thread_id))

    def _unread(self, where: str, key: bytes) -> bool:
        if not self._any_unread:
            return False
        return bool(self._connection.execute(f"SELECT EXISTS (SELECT 1 FROM unread WHERE {where})", (key,)).get)

    def thread(self, thread_id: str) -> Thread:
        """All acts of a thread that were added so far, void ones too, in the journal's order."""
        key = bytes.fromhex(thread_id)
        acts = self._threads.get(key)
        if acts is None:
            self.flush()
            rows = self._connection.execute(
                f"SELECT {SAID_COLUMNS} FROM acts AS a JOIN act_bytes AS b ON b.row = a.row "
                "WHERE a.act_id = ?1 OR (a.thread = ?1 AND a.thread <> a.act_id) ORDER BY a.row", (key,))
            acts = [said(row, self._known) for row in rows]
            self._threads.keep(key, acts)
        return Thread(tuple(acts))

    def common(self, desk: str, name: str, **args: Any) -> Any:
        """Ask one of a desk's common questions, as of all entries added so far.

        Raises:
            Malformed: ``query.unknown``.
        """
        question = common_question(self._desks.values(), desk, name)
        if self._folds:
            self.flush()
        return question(self._connection, **args)

    def add(self, entry: FoldedEntry) -> None:
        """Add the entry that follows the last one, with its acts; acts that are not void are folded by their desks."""
        self._entries.append((entry.index, entry.time, entry.author, entry.number, entry.kind, entry.body_size,
                              entry.entry_id, len(entry.acts), entry.void, entry.seen,
                              ",".join(one.code for one in entry.unread), self._is_quiet(entry)))
        if entry.repeats:
            self._connection.executemany("INSERT OR IGNORE INTO repeats VALUES (?,?,?)", [
                (bytes.fromhex(one), entry.index, entry.number) for one in entry.repeats])
        if entry.unread:
            self._any_unread = True
            self._connection.executemany("INSERT INTO unread VALUES (?,?,?,?,?,?)", [
                (row_number(entry.index, one.position), bytes.fromhex(one.id), bytes.fromhex(one.thread), one.code,
                 one.salt, one.data) for one in entry.unread])
        for act, salt, data in entry.acts:
            self._add_act(entry, act, salt, data)
        if len(self._acts) >= _FLUSH_ACTS:
            self.flush()

    def _is_quiet(self, entry: FoldedEntry) -> bool:
        return bool(entry.acts) and all(self._desks[act.act.kind].hidden for act, _, _ in entry.acts)

    def _add_act(self, entry: FoldedEntry, act: Said, salt: bytes, data: bytes) -> None:
        head = act.act
        void = entry.void or act.void
        desk = self._desks[head.kind]
        key = bytes.fromhex(act.id)
        thread = key if head.thread is None else bytes.fromhex(head.thread)
        row = row_number(act.index, act.position)
        shown = desk.describe(head)
        when = shown.when or (None, None)
        self._acts.append((
            row, key, act.index, act.position, entry.author, entry.number, head.officer, head.kind, head.version,
            desk.name, thread,
            ",".join(head.release), head.precedence, head.handling, act.time, shown.title,
            shown.texts[0].lang if shown.texts else "", when[0], when[1], shown.grade, void, act.article,
            VOID if void else STANDING, act.seen))
        self._bytes.append((row, salt, data))
        self._fresh.add(key)
        self._threads.append(thread, act if act.digest is None else replace(act, digest=None))
        if void is None:
            self._index(row, shown)
            if desk.fold is not None:
                self._folds.append((desk, act))

    def _index(self, row: int, shown: Description) -> None:
        assert len(shown.places) <= PLACES_PER_ACT_MAX, "an act of 60,000 bytes cannot name so many places"
        if len(shown.texts) == 1:
            terms = index_terms(shown.texts[0].text, shown.texts[0].lang)
        else:
            terms = " ".join([index_terms(text.text, text.lang) for text in shown.texts])
        if terms:
            self._words.append((row, terms))
        for n, (lat, lon) in enumerate(shown.places):
            self._places.append((row, n, lat, lon))

    def flush(self) -> None:
        """Write what is buffered, then let the desks fold it, in the journal's order."""
        run = self._connection.executemany
        if self._entries:
            run("INSERT INTO entries VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", self._entries)
        if self._acts:
            run("INSERT INTO acts VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", self._acts)
            run("INSERT INTO act_bytes VALUES (?,?,?)", self._bytes)
        if self._words:
            run("INSERT INTO words (rowid, terms) VALUES (?,?)", self._words)
        if self._places:
            run("INSERT INTO places VALUES (?,?,?,?)", self._places)
            run("INSERT INTO boxes VALUES (?,?,?,?,?)",
                [(row << 12 | n, lat / 1e7, lat / 1e7, lon / 1e7, lon / 1e7) for row, n, lat, lon in self._places])
        for desk, act in self._folds:
            assert desk.fold is not None
            desk.fold(self._connection, act)
        self._clear()

    def _clear(self) -> None:
        self._entries.clear()
        self._acts.clear()
        self._bytes.clear()
        self._words.clear()
        self._places.clear()
        self._folds.clear()
        self._fresh.clear()


def fingerprint(schema: str, desks: Iterable[Desk], beside: str = "") -> str:
    """Name what the tables were made for: another schema or catalogue folds the journal from its beginning.

    So an act of a kind that was unknown is folded after the upgrade that knows it. *beside* names what was folded that
    the journal does not tell.
    """
    shape = [(desk.name, desk.number, desk.schema, [(kind.name, kind.version) for kind in desk.kinds])
             for desk in desks]
    return msgspec.json.encode((schema, shape, beside) if beside else (schema, shape)).decode()
