-- Who acts for the member. An id that has ended is never given again: acts name it.
CREATE TABLE IF NOT EXISTS officer (
    id     TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    member TEXT NOT NULL,
    roles  TEXT NOT NULL,
    ended  INTEGER
) STRICT, WITHOUT ROWID;

-- hash: of the token. how: chosen, password, passkey. proved: when the officer last showed to be there. All UTC ms.
CREATE TABLE IF NOT EXISTS session (
    hash    BLOB PRIMARY KEY,
    id      TEXT NOT NULL UNIQUE,
    officer TEXT NOT NULL REFERENCES officer(id) ON DELETE CASCADE,
    how     TEXT NOT NULL,
    began   INTEGER NOT NULL,
    seen    INTEGER NOT NULL,
    proved  INTEGER NOT NULL,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS session_officer ON session (officer, began);

CREATE TABLE IF NOT EXISTS password (
    officer TEXT PRIMARY KEY REFERENCES officer(id) ON DELETE CASCADE,
    hash    TEXT NOT NULL,
    time    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- public: suite byte and key. origin: the address at which it was made, and works.
CREATE TABLE IF NOT EXISTS passkey (
    id      BLOB PRIMARY KEY,
    officer TEXT NOT NULL REFERENCES officer(id) ON DELETE CASCADE,
    public  BLOB NOT NULL,
    origin  TEXT NOT NULL,
    counter INTEGER NOT NULL,
    made    INTEGER NOT NULL,
    used    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS passkey_officer ON passkey (officer, made);

CREATE TABLE IF NOT EXISTS enrolment (
    officer TEXT PRIMARY KEY REFERENCES officer(id) ON DELETE CASCADE,
    hash    BLOB NOT NULL,
    until   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Failed attempts by name of what was tried; nobody may try again before until.
CREATE TABLE IF NOT EXISTS attempt (
    name     TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    until    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Questions that a passkey is to answer, each once. payload: what is signed, where an act is.
CREATE TABLE IF NOT EXISTS challenge (
    challenge BLOB PRIMARY KEY,
    purpose   TEXT NOT NULL,
    officer   TEXT,
    payload   BLOB NOT NULL,
    until     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS duty (
    id        TEXT PRIMARY KEY,
    officer   TEXT NOT NULL REFERENCES officer(id) ON DELETE CASCADE,
    telephone TEXT NOT NULL,
    since     INTEGER NOT NULL,
    until     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS duty_since ON duty (since, until);

-- What administrators did: it is shown, and never struck.
CREATE TABLE IF NOT EXISTS deed (
    number  INTEGER PRIMARY KEY,
    time    INTEGER NOT NULL,
    officer TEXT NOT NULL,
    what    TEXT NOT NULL,
    about   TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS reading (
    number  INTEGER PRIMARY KEY,
    officer TEXT NOT NULL,
    act     TEXT NOT NULL,
    time    INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS reading_act ON reading (act, time);

CREATE TABLE IF NOT EXISTS draft (
    id      TEXT PRIMARY KEY,
    officer TEXT NOT NULL,
    kind    TEXT NOT NULL,
    fields  TEXT NOT NULL,
    time    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS draft_officer ON draft (officer, time);

CREATE TABLE IF NOT EXISTS evidence (
    number  INTEGER PRIMARY KEY,
    officer TEXT NOT NULL,
    what    TEXT NOT NULL,
    subject TEXT NOT NULL,
    ground  TEXT NOT NULL,
    reason  TEXT NOT NULL,
    time    INTEGER NOT NULL
) STRICT;
