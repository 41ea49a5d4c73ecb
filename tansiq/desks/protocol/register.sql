-- Meetings and visits as they stand now (UTC ms); state: planned, moved, called_off.
CREATE TABLE protocol_events (
    act_id     BLOB    PRIMARY KEY,
    kind       TEXT    NOT NULL,
    begins_at  INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    place_name TEXT    NOT NULL,
    state      TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX protocol_events_ends ON protocol_events (ends_at);
CREATE TABLE protocol_sides (
    event BLOB NOT NULL,
    side  TEXT NOT NULL,
    PRIMARY KEY (event, side)
) STRICT, WITHOUT ROWID;

-- Minutes, and what the other sides said of them.
CREATE TABLE protocol_minutes (
    act_id   BLOB    PRIMARY KEY,
    event    BLOB    NOT NULL,
    author   TEXT    NOT NULL,
    held     INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    "index"  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX protocol_minutes_event ON protocol_minutes (event);
CREATE TABLE protocol_answers (
    minutes BLOB    NOT NULL,
    side    TEXT    NOT NULL,
    answer  TEXT    NOT NULL,
    act_id  BLOB    NOT NULL,
    "index" INTEGER NOT NULL,
    PRIMARY KEY (minutes, side)
) STRICT, WITHOUT ROWID;
