-- Open and ended requests. charter: under which the rows below were made; open_until (UTC ms): the end of the last span
-- in which somebody is awaited or it has not ended.
CREATE TABLE support_requests (
    thread     BLOB    PRIMARY KEY,
    asker      TEXT    NOT NULL,
    asked      TEXT    NOT NULL,
    support    TEXT    NOT NULL,
    title      TEXT    NOT NULL,
    lang       TEXT    NOT NULL,
    precedence TEXT    NOT NULL,
    asked_at   INTEGER NOT NULL,
    needed_from  INTEGER NOT NULL,
    needed_until INTEGER NOT NULL,
    answer_by  INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    charter    BLOB    NOT NULL,
    open_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX support_open ON support_requests (open_until, charter);
CREATE INDEX support_changed ON support_requests (changed_at DESC, thread);

-- Where a request stands, from when until when (UTC ms) if nothing more is said.
CREATE TABLE support_spans (
    thread   BLOB    NOT NULL,
    from_ms  INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    state    TEXT    NOT NULL,
    sentence BLOB    NOT NULL,
    PRIMARY KEY (thread, from_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX support_states ON support_spans (state, until_ms);

-- Who is awaited, for what, from when until when.
CREATE TABLE support_waits (
    thread   BLOB    NOT NULL,
    member   TEXT    NOT NULL,
    what     TEXT    NOT NULL,
    act      BLOB    NOT NULL,
    from_ms  INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    since_ms INTEGER NOT NULL,
    due_ms   INTEGER,
    role     TEXT    NOT NULL,
    sentence BLOB    NOT NULL
) STRICT;
CREATE INDEX support_waits_member ON support_waits (member, until_ms);
CREATE INDEX support_waits_thread ON support_waits (thread);

-- What lay near when the rows above were made: where it has changed since, they are made again when they are asked for.
CREATE TABLE support_near (
    thread  BLOB    NOT NULL,
    place   BLOB    NOT NULL,
    since   INTEGER NOT NULL,
    until   INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX support_near_thread ON support_near (thread);
