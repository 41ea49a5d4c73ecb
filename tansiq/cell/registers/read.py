"""The registers of a cell: opening them, writing a batch, and every question that is not a desk's own."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import apsw

from tansiq.cell.desk import Desk
from tansiq.cell.registers import query as asked
from tansiq.cell.registers.entry import ActRow, EntryRow
from tansiq.cell.registers.query import ActQuery
from tansiq.cell.registers.rows import (
    ACT_COLUMNS,
    ENTRY_COLUMNS,
    act_row,
    decoders,
    entry_row,
    parse_reference,
    row_number,
)
from tansiq.cell.registers.write import Threads, Writer, common_question, fingerprint
from tansiq.errors import Malformed, Unavailable

HEADS_MAX = 3
_BUSY_MS = 10_000
_UNWRITABLE = (apsw.FullError, apsw.IOError, apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError,
               apsw.BusyError, apsw.LockedError)
_DAMAGED = (apsw.CorruptError, apsw.NotADBError)


class Registers:
    """What one cell knows, folded from the journal into one SQLite file.

    Contract: one process and one writer at a time; a batch is seen whole or not at all. Readers may be as many
    threads as one likes, each on a connection of its own, and never wait for the writer. Everything here can be
    folded again.
    """

    def __init__(self, path: Path, desks: Sequence[Desk]) -> None:
        self._path = path
        self._desks = tuple(desks)
        self._decoders = decoders(kind for desk in desks for kind in desk.kinds)
        self._by_kind = {kind.name: desk for desk in desks for kind in desk.kinds}
        self._by_name = {desk.name: desk for desk in desks}
        self._hidden = tuple(desk.name for desk in desks if desk.hidden)
        self._schema = "\n".join([_schema(), *(desk.schema for desk in desks)])
        self._threads = Threads()
        self._lock = threading.Lock()
        self._local = threading.local()
        self._writer = self._connect()

    @classmethod
    def open(cls, path: Path, desks: Sequence[Desk], beside: str = "") -> Registers:
        """Open or make the file; one made for other desks or an older schema is emptied, and its cursor is 0.

        So is one that was folded with other acts than those that *beside* names, which the journal does not tell.

        Raises:
            Unavailable: ``registers.storage`` or ``registers.damaged``.
        """
        with _plainly():
            registers = cls(path, desks)
            if registers._made_for() != fingerprint(_schema(), registers._desks, beside):
                registers.reset(beside)
            return registers

    def close(self) -> None:
        """Close the writer and this thread's reader."""
        self._writer.close()
        reader = getattr(self._local, "connection", None)
        if reader is not None:
            reader.close()
            del self._local.connection

    def reset(self, beside: str = "") -> None:
        """Empty the registers in one transaction; the cursor is 0 again, and the cell folds from the beginning.

        *beside* names what it folds that the journal does not tell; empty where that is nothing.
        """
        with self._lock, _plainly():
            self._threads.clear()
            with self._writer:
                # Virtual tables first: they take their shadow tables with them.
                rows = list(self._writer.execute(
                    "SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'view') "
                    "AND name NOT LIKE 'sqlite_%' ORDER BY sql NOT LIKE 'CREATE VIRTUAL%'"))
                for kind, name in rows:
                    self._writer.execute(f'DROP {kind} IF EXISTS "{name}"')
                self._writer.execute(self._schema)
                self._writer.execute("INSERT INTO marks VALUES ('made_for', ?), ('cursor', 0)",
                                     (fingerprint(_schema(), self._desks, beside),))

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Open one transaction; it is kept when the block ends, and given up whole when the block fails."""
        with self._lock, _plainly():
            writer = Writer(self._writer, self._by_kind, self._decoders, self._threads)
            kept = False
            try:
                with self._writer:
                    yield writer
                    writer.flush()
                kept = True
            finally:
                if not kept:  # the kept threads may hold acts that were just rolled back
                    self._threads.clear()

    def latest(self) -> int:
        """Index of the next entry to fold: all below it are here."""
        return int(self._get("SELECT value FROM marks WHERE name = 'cursor'") or 0)

    def search(self, query: ActQuery) -> list[ActRow]:
        """Find acts, newest in the journal first.

        Raises:
            Malformed: ``search.box``, ``search.page``.
        """
        asked.require_page(query)
        with _plainly():
            found, values = self._found(query)
            if found is None:
                return []
            # The page's rows are found first, so that only they are read whole; the full-text index walks back
            # by its own row numbers without sorting all that it finds.
            newest = "a.row" if query.text is None else "words.rowid"
            rows = self._reader().execute(
                f"SELECT {ACT_COLUMNS} "
                f"FROM (SELECT a.row AS row {found} ORDER BY {newest} DESC LIMIT ? OFFSET ?) AS hit "
                "CROSS JOIN acts AS a ON a.row = hit.row ORDER BY a.row DESC", (*values, query.limit, query.offset))
            return [act_row(row, self._decoders) for row in rows]

    def count(self, query: ActQuery) -> int:
        """How many acts a search would find without its page."""
        with _plainly():
            found, values = self._found(query, counting=True)
            return 0 if found is None else int(self._get(f"SELECT count(*) {found}", values))

    def act(self, act_id: str) -> ActRow | None:
        """The act of that id, void or not."""
        return self._one("a.act_id = ?", (bytes.fromhex(act_id),))

    def by_reference(self, text: str) -> ActRow | None:
        """The act that people name ``IQ 412`` or ``IQ 412/7``, in digits of any script."""
        named = parse_reference(text)
        if named is None:
            return None
        author, number, position = named
        return self._one('a.row = ((SELECT "index" FROM entries WHERE author = ? AND number = ?) << 10) | ?',
                         (author, number, position))

    def named(self, given: str) -> ActRow | None:
        """The act of an id of 64 hex digits, or that people name so (``IQ 412/7``)."""
        return self.act(given) if re.fullmatch("[0-9a-f]{64}", given) else self.by_reference(given)

    def thread(self, thread_id: str) -> list[ActRow]:
        """All acts of a thread, void ones too, in the journal's order."""
        with _plainly():
            rows = self._reader().execute(
                f"SELECT {ACT_COLUMNS} FROM acts AS a WHERE a.act_id = ?1 OR (a.thread = ?1 AND a.thread <> a.act_id) "
                "ORDER BY a.row", (bytes.fromhex(thread_id),))
            return [act_row(row, self._decoders) for row in rows]

    def seen_from(self, index: int, authors: Iterable[str]) -> dict[str, tuple[int, int]]:
        """The first entry of each of *authors* that had seen the entry at *index*: author to (index, time) of
        theirs."""
        sql = 'SELECT "index", time FROM entries WHERE author = ? AND seen > ? ORDER BY seen, "index" LIMIT 1'
        with _plainly():
            found = {author: self._reader().execute(sql, (author, index)).fetchone() for author in authors}
        return {author: row for author, row in found.items() if row is not None}

    def entries(self, before: int | None = None, limit: int = 100, *, quiet: bool = True) -> list[EntryRow]:
        """Entries below index *before*, newest first, readable by this cell or not; *quiet* ones too."""
        loud = "" if quiet else "AND NOT quiet "
        with _plainly():
            rows = self._reader().execute(
                f'SELECT {ENTRY_COLUMNS} FROM entries WHERE "index" < ? {loud}ORDER BY "index" DESC LIMIT ?',
                (before if before is not None else 1 << 62, limit))
            return [entry_row(row) for row in rows]

    def places(self, act_id: str) -> list[tuple[int, int]]:
        """Where an act was sealed again: (index, number of the entry), in the journal's order."""
        with _plainly():
            return list(self._reader().execute('SELECT "index", number FROM repeats WHERE act_id = ? ORDER BY "index"',
                                               (bytes.fromhex(act_id),)))

    def salted(self, act_id: str) -> tuple[bytes, bytes] | None:
        """The salt and the exact bytes of an act that can be read here."""
        with _plainly():
            row = self._reader().execute("SELECT b.salt, b.act FROM acts AS a JOIN act_bytes AS b ON b.row = a.row "
                                         "WHERE a.act_id = ?", (bytes.fromhex(act_id),)).fetchone()
            return None if row is None else (row[0], row[1])

    def time_of(self, index: int) -> int | None:
        """When the entry at an index was ordered (UTC ms); None where it is not folded, or not held here."""
        with _plainly():
            time: int | None = self._get('SELECT time FROM entries WHERE "index" = ?', (index,))
            return time

    def query_all(self, name: str, **args: Any) -> list[tuple[str, Any]]:
        """Put one named question to every desk that has it: the desks' names in their order, each with its answer."""
        return [(desk.name, self.query(desk.name, name, **args)) for desk in self._desks if name in desk.queries]

    def heads(self, indexes: Sequence[int]) -> dict[int, list[ActRow]]:
        """The first three acts of each of these entries, by index; those that this cell could not open are left out."""
        rows = [row_number(index, position) for index in indexes for position in range(HEADS_MAX)]
        found: dict[int, list[ActRow]] = {}
        with _plainly():
            marks = ",".join("?" * len(rows))
            for row in self._reader().execute(f"SELECT {ACT_COLUMNS} FROM acts AS a WHERE a.row IN ({marks}) "
                                              "ORDER BY a.row", rows):
                act = act_row(row, self._decoders)
                found.setdefault(act.index, []).append(act)
        return found

    def acknowledged(self, authors: Iterable[str]) -> dict[str, int]:
        """How much of the journal each author had verified when it last said anything: all below that size."""
        with _plainly():
            return {code: int(self._get("SELECT seen FROM entries WHERE author = ? ORDER BY number DESC LIMIT 1",
                                        (code,)) or 0) for code in authors}

    def query(self, desk: str, name: str, **args: Any) -> Any:
        """Ask a desk's register one of its named questions.

        Raises:
            Malformed: ``query.unknown``, the desk has no such question.
        """
        asked_of = self._by_name.get(desk)
        question = asked_of.queries.get(name) if asked_of is not None else None
        if question is None:
            raise Malformed("query.unknown", "The desk {desk} has no question {name}.", desk=desk[:40], name=name[:40])
        with _plainly():
            return question(self._reader(), **args)

    def common(self, desk: str, name: str, **args: Any) -> Any:
        """Ask one of the questions of a desk that rules may ask, as of what is folded.

        Raises:
            Malformed: ``query.unknown``.
        """
        question = common_question(self._desks, desk, name)
        with _plainly():
            return question(self._reader(), **args)

    def _found(self, query: ActQuery, *, counting: bool = False) -> tuple[str | None, list[object]]:
        """FROM and WHERE of a search; None where the words hold nothing to look for."""
        where: list[str] = []
        values: list[object] = []
        source = "FROM acts AS a"
        match = asked.text_match(query)
        if match is not None:
            if not match:
                return None, []
            source = "FROM words CROSS JOIN acts AS a ON a.row = words.rowid"
            where.append("words MATCH ?")
            values.append(match)
        for clause in (asked.box_clause(query), asked.when_clause(query), asked.sort_clause(query, counting=counting),
                       asked.plain_clause(query, self._hidden)):
            if clause is None:
                continue
            narrow = next((lead for lead in clause.leads
                           if asked.is_narrow(self._get(lead.probe, lead.probe_values))), clause)
            where.append(narrow.where)
            values += narrow.values
        return f"{source} WHERE {' AND '.join(where)}", values

    def _one(self, where: str, values: tuple[object, ...]) -> ActRow | None:
        with _plainly():
            row = self._reader().execute(f"SELECT {ACT_COLUMNS} FROM acts AS a WHERE {where}", values).fetchone()
            return None if row is None else act_row(row, self._decoders)

    def _get(self, sql: str, values: Sequence[Any] = ()) -> Any:
        return self._reader().execute(sql, values).get

    def _made_for(self) -> str | None:
        there = self._writer.execute("SELECT 1 FROM sqlite_schema WHERE name = 'marks'").get
        return self._writer.execute("SELECT value FROM marks WHERE name = 'made_for'").get if there else None

    def _reader(self) -> apsw.Connection:
        connection: apsw.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            connection.pragma("query_only", True)
        return connection

    def _connect(self) -> apsw.Connection:
        connection = apsw.Connection(str(self._path))
        connection.set_busy_timeout(_BUSY_MS)
        connection.pragma("journal_mode", "wal")
        # NORMAL may lose the last batches at a power cut, never half of one; the cursor falls with them, and the
        # cell folds them again from its journal, which is kept with FULL.
        connection.pragma("synchronous", "NORMAL")
        connection.pragma("cache_size", -65_536)
        connection.pragma("temp_store", "MEMORY")
        return connection


def _schema() -> str:
    return files("tansiq.cell.registers").joinpath("schema.sql").read_text("utf-8")


@contextmanager
def _plainly() -> Iterator[None]:
    """Say in one sentence what the file or the disk is at fault for."""
    try:
        yield
    except _DAMAGED as error:
        raise Unavailable("registers.damaged", "The registers' file is damaged ({why}): delete it and rebuild.",
                          why=str(error)) from error
    except _UNWRITABLE as error:
        raise Unavailable("registers.storage", "The registers cannot be written or read: {why}.",
                          why=str(error)) from error
