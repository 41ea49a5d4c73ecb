"""Papers: acts on their way to being said. One officer drafts, another clears; what is cleared can be taken back for a
moment before it is sealed. Notes stay with the paper.

    submitted ─▶ returned ─▶ submitted …         with a note that says why
        │
        └─▶ held ─▶ saying ─▶ said               a moment to take it back, then it goes
              └─▶ returned    └─▶ failed         the charter or a rule says no by now: with the reason

Crash windows: *saying* is written, with the act's bytes and salt, before the cell is given them. After a crash the same
bytes are given again, and an act that the cell knows already is not said twice.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, cast

import apsw
import msgspec

from tansiq import wire
from tansiq.errors import Malformed, Refused
from tansiq.languages.isolates import not_in_line

SCHEMA = """
CREATE TABLE IF NOT EXISTS paper (id TEXT PRIMARY KEY, officer TEXT NOT NULL, kind TEXT NOT NULL, typed TEXT NOT NULL,
    state TEXT NOT NULL, clerk TEXT NOT NULL, due INTEGER, act_id TEXT, salt BLOB, data BLOB, failure TEXT,
    time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS paper_open ON paper (time) WHERE state <> 'said';
CREATE TABLE IF NOT EXISTS note (number INTEGER PRIMARY KEY, paper TEXT NOT NULL REFERENCES paper(id) ON DELETE CASCADE,
    officer TEXT NOT NULL, time INTEGER NOT NULL, words TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS note_paper ON note (paper, number);
CREATE TABLE IF NOT EXISTS template (kind TEXT NOT NULL, name TEXT NOT NULL, typed TEXT NOT NULL,
    PRIMARY KEY (kind, name)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS preset (name TEXT PRIMARY KEY, release TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""
OPEN_MAX = 500
NOTE_CHARACTERS_MAX = 2_000
PAPER_BYTES_MAX = 262_144
NAMED_MAX = 100
NAME_CHARACTERS_MAX = 60
State = Literal["submitted", "returned", "held", "saying", "said", "failed"]
Typed = Mapping[str, str | Sequence[str]]
_COLUMNS = "id, officer, kind, typed, state, clerk, due, act_id, salt, data, failure, time"


class Note(NamedTuple):
    """What an officer wrote on a paper at *time* (UTC ms)."""

    officer: str
    time: int
    words: str


class Paper(NamedTuple):
    """An act not yet said. ``typed`` is what the form held, ``clerk`` who cleared it (empty: nobody yet), ``due`` when
    it goes (UTC ms), ``failure`` the code and the sentence of why it could not be said."""

    id: str
    officer: str
    kind: str
    typed: dict[str, Any]
    state: State
    clerk: str
    due: int | None
    act_id: str | None
    salt: bytes | None
    data: bytes | None
    failure: tuple[str, str] | None
    time: int


class Papers:
    """The papers of one cell's office. Every call commits before it returns; any thread may call."""

    def __init__(self, connection: apsw.Connection, lock: threading.Lock, clock: Callable[[], int]) -> None:
        self._connection = connection
        self._lock = lock
        self._clock = clock

    def submit(self, officer_id: str, kind: str, typed: Typed, *, paper_id: str | None = None) -> str:
        """Hand in a paper to be cleared; with *paper_id* one of one's own that was given back. Returns its id.

        Raises:
            Malformed: ``paper.size``.
            Refused: ``paper.absent``, ``paper.state``, ``paper.count``.
        """
        return self._put(officer_id, kind, typed, paper_id=paper_id, state="submitted", clerk="", due=None)

    def hold(self, officer_id: str, kind: str, typed: Typed, *, due: int, paper_id: str | None = None) -> str:
        """Keep what an officer says itself until *due* (UTC ms), so that it can be taken back. Returns the paper's id.

        Raises: as ``submit``.
        """
        return self._put(officer_id, kind, typed, paper_id=paper_id, state="held", clerk=officer_id, due=due)

    def clear(self, officer_id: str, paper_id: str, *, due: int) -> None:
        """Clear a paper: it goes at *due* unless it is taken back before.

        Raises:
            Refused: ``paper.absent``; ``paper.state``, it does not wait to be cleared.
        """
        self._move(paper_id, ("submitted",), "held", clerk=officer_id, due=due)

    def give_back(self, officer_id: str, paper_id: str, words: str) -> None:
        """Give a paper back to who drafted it, saying why; or take back what is held.

        Raises:
            Malformed: ``paper.note``.
            Refused: ``paper.absent``; ``paper.state``, it has gone, or was given back already.
        """
        if words:
            self.note(officer_id, paper_id, words)
        self._move(paper_id, ("submitted", "held", "failed"), "returned", clerk="", due=None)

    def begin(self, paper_id: str, *, act_id: str, salt: bytes, data: bytes) -> None:
        """Write down what is about to be said, before it is.

        Raises:
            Refused: ``paper.state``, it was taken back.
        """
        with self._lock, self._connection:
            self._connection.execute(
                "UPDATE paper SET state='saying', act_id=?, salt=?, data=? WHERE id=? AND state='held'",
                (act_id, salt, data, paper_id))
            if not self._connection.changes():
                raise _state()

    def said(self, paper_id: str) -> None:
        """The cell has it."""
        self._move(paper_id, ("saying",), "said", clerk=None, due=None)

    def fail(self, paper_id: str, code: str, sentence: str) -> None:
        """It could not be said: who drafted it learns why."""
        told = msgspec.json.encode((code, sentence)).decode()
        with self._lock:
            self._connection.execute("UPDATE paper SET state='failed', failure=? WHERE id=?", (told, paper_id))

    def paper(self, paper_id: str) -> Paper:
        """One paper.

        Raises:
            Refused: ``paper.absent``.
        """
        rows = self._rows(f"SELECT {_COLUMNS} FROM paper WHERE id=?", paper_id)
        if not rows:
            raise Refused("paper.absent", "There is no such paper in this office.")
        return _paper(rows[0])

    def open(self) -> list[Paper]:
        """Papers that are not done, oldest first."""
        return [_paper(row) for row in
                self._rows(f"SELECT {_COLUMNS} FROM paper WHERE state <> 'said' ORDER BY time, id")]

    def due(self, now: int) -> list[Paper]:
        """Papers that go now, or were going when the program ended."""
        return [paper for paper in self.open() if paper.state == "saying"
                or (paper.state == "held" and paper.due is not None and paper.due <= now)]

    def drop(self, officer_id: str, paper_id: str) -> None:
        """Throw away a paper of one's own that was given back or failed.

        Raises:
            Refused: ``paper.absent``, ``paper.state``.
        """
        paper = self.paper(paper_id)
        if paper.officer != officer_id or paper.state not in ("returned", "failed"):
            raise _state()
        with self._lock:
            self._connection.execute("DELETE FROM paper WHERE id=?", (paper_id,))

    def note(self, officer_id: str, paper_id: str, words: str) -> None:
        """Write on a paper.

        Raises:
            Malformed: ``paper.note``, empty or too long.
            Refused: ``paper.absent``.
        """
        if not words.strip() or len(words) > NOTE_CHARACTERS_MAX:
            raise Malformed("paper.note", "A note has 1 to {limit} characters.", limit=NOTE_CHARACTERS_MAX,
                            field="note")
        self.paper(paper_id)
        with self._lock:
            self._connection.execute("INSERT INTO note (paper, officer, time, words) VALUES (?,?,?,?)",
                                     (paper_id, officer_id, self._clock(), words.strip()))

    def notes(self, paper_id: str) -> list[Note]:
        """What was written on a paper, earliest first."""
        return [Note(*row) for row in
                self._rows("SELECT officer, time, words FROM note WHERE paper=? ORDER BY number", paper_id)]

    def keep_template(self, kind: str, name: str, typed: Typed) -> None:
        """Keep what a form of a kind holds under a name, for every officer of the member; the same name is replaced.

        Raises:
            Malformed: ``named.name``; ``paper.size``.
            Refused: ``named.count``.
        """
        self._keep("template", "INSERT OR REPLACE INTO template (kind, name, typed) VALUES (?,?,?)",
                   (kind, _name(name), _typed(typed)))

    def templates(self, kind: str) -> dict[str, dict[str, Any]]:
        """What the templates of a kind hold, by name."""
        return {name: msgspec.json.decode(typed) for name, typed in
                self._rows("SELECT name, typed FROM template WHERE kind=? ORDER BY name", kind)}

    def drop_template(self, kind: str, name: str) -> None:
        """Drop a template; one that is gone is gone."""
        with self._lock:
            self._connection.execute("DELETE FROM template WHERE kind=? AND name=?", (kind, name))

    def keep_preset(self, name: str, release: Sequence[str]) -> None:
        """Keep a choice of readers under a name; the same name is replaced.

        Raises:
            Malformed: ``named.name``; ``code``, one is no code.
            Refused: ``named.count``.
        """
        for code in release:
            wire.code_bytes(code)
        self._keep("preset", "INSERT OR REPLACE INTO preset (name, release) VALUES (?,?)",
                   (_name(name), ",".join(sorted(set(release)))))

    def drop_preset(self, name: str) -> None:
        """Drop a preset; one that is gone is gone."""
        with self._lock:
            self._connection.execute("DELETE FROM preset WHERE name=?", (name,))

    def presets(self) -> dict[str, tuple[str, ...]]:
        """The codes that each preset releases to, by name."""
        return {name: tuple(release.split(",")) for name, release in
                self._rows("SELECT name, release FROM preset ORDER BY name")}

    def _keep(self, table: str, statement: str, row: tuple[str, ...]) -> None:
        with self._lock, self._connection:
            self._connection.execute(statement, row)
            if self._connection.execute(f"SELECT count(*) FROM {table}").get > NAMED_MAX:
                raise Refused("named.count", "At most {limit} are kept; drop one first.", limit=NAMED_MAX)

    def _put(self, officer_id: str, kind: str, typed: Typed, *, paper_id: str | None, state: State, clerk: str,
             due: int | None) -> str:
        data = _typed(typed)
        if paper_id is not None:
            before = self.paper(paper_id)
            if before.officer != officer_id or before.state not in ("returned", "failed"):
                raise _state()
        elif len(self.open()) >= OPEN_MAX:
            raise Refused("paper.count", "At most {limit} papers lie open in one office.", limit=OPEN_MAX)
        kept = paper_id or secrets.token_hex(16)
        with self._lock, self._connection:
            self._connection.execute(
                "INSERT INTO paper VALUES (?,?,?,?,?,?,?,NULL,NULL,NULL,NULL,?) ON CONFLICT (id) DO UPDATE SET kind="
                "excluded.kind, typed=excluded.typed, state=excluded.state, clerk=excluded.clerk, due=excluded.due, "
                "act_id=NULL, salt=NULL, data=NULL, failure=NULL",
                (kept, officer_id, kind, data, state, clerk, due, self._clock()))
        return kept

    def _move(self, paper_id: str, before: tuple[State, ...], after: State, *, clerk: str | None,
              due: int | None) -> None:
        self.paper(paper_id)
        marks = ",".join("?" * len(before))
        with self._lock, self._connection:
            self._connection.execute(
                f"UPDATE paper SET state=?, due=?, clerk=coalesce(?, clerk) WHERE id=? AND state IN ({marks})",
                (after, due, clerk, paper_id, *before))
            if not self._connection.changes():
                raise _state()

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._lock:
            return cast("list[tuple[Any, ...]]", self._connection.execute(sql, values).fetchall())


def _typed(typed: Typed) -> str:
    data = wire.write(dict(typed))
    if len(data) > PAPER_BYTES_MAX:
        raise Malformed("paper.size", "A paper holds at most {limit} bytes.", limit=PAPER_BYTES_MAX)
    return data.decode()


def _name(given: str) -> str:
    name = given.strip()
    if not 1 <= len(name) <= NAME_CHARACTERS_MAX or not_in_line(name):
        raise Malformed("named.name", "A name is one line of 1 to {limit} characters.",
                        limit=NAME_CHARACTERS_MAX, field="name")
    return name


def _paper(row: tuple[Any, ...]) -> Paper:
    failure = None if row[10] is None else tuple(msgspec.json.decode(row[10]))
    return Paper(row[0], row[1], row[2], msgspec.json.decode(row[3]), row[4], row[5], row[6], row[7], row[8], row[9],
                 failure, row[11])


def _state() -> Refused:
    return Refused("paper.state", "The paper has gone another way by now: look at it again.")
