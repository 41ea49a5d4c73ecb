-- What a cell has folded. All of it can be made again from the journal; nothing else may be kept here.

-- Every entry of the journal, readable here or not, in its order.
CREATE TABLE entries (
    "index"   INTEGER PRIMARY KEY,
    time      INTEGER NOT NULL,
    author    TEXT    NOT NULL,
    number    INTEGER NOT NULL,
    kind      INTEGER NOT NULL,
    body_size INTEGER NOT NULL,
    entry_id  BLOB    NOT NULL,
    acts      INTEGER NOT NULL,
    void      TEXT,
    seen      INTEGER NOT NULL,
    unread    TEXT    NOT NULL,
    quiet     INTEGER NOT NULL
) STRICT;
CREATE INDEX entries_number ON entries (author, number);
CREATE INDEX entries_void ON entries ("index") WHERE void IS NOT NULL;
-- Acts that came a second time, sealed again for whoever could not open them at first.
CREATE TABLE repeats (
    act_id  BLOB    NOT NULL,
    "index" INTEGER NOT NULL,
    number  INTEGER NOT NULL,
    PRIMARY KEY (act_id, "index")
) STRICT, WITHOUT ROWID;
-- Who had seen how much: an author's "seen" never falls, so the first entry above a place is found at once.
CREATE INDEX entries_seen ON entries (author, seen, "index");

-- Every act that was opened. row = index * 1024 + position: the journal's order, and the same in every rebuild.
CREATE TABLE acts (
    row        INTEGER PRIMARY KEY,
    act_id     BLOB    NOT NULL,
    "index"    INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    author     TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    officer    TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    desk       TEXT    NOT NULL,
    thread     BLOB    NOT NULL,
    release    TEXT    NOT NULL,
    precedence TEXT    NOT NULL,
    handling   TEXT    NOT NULL,
    time       INTEGER NOT NULL,
    title      TEXT    NOT NULL,
    lang       TEXT    NOT NULL,
    when_from  INTEGER,
    when_until INTEGER,
    grade      TEXT    NOT NULL,
    void       TEXT,
    article    TEXT,
    standing   TEXT    NOT NULL,
    seen       INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX acts_id ON acts (act_id);
CREATE INDEX acts_thread ON acts (thread) WHERE thread <> act_id;
-- Rare among many: a kind, a desk, what is urgent. Each index is in the journal's order within a value.
CREATE INDEX acts_kind ON acts (kind, void);
CREATE INDEX acts_desk ON acts (desk, void);
CREATE INDEX acts_urgent ON acts (precedence) WHERE precedence IN ('flash', 'immediate');
CREATE INDEX acts_when ON acts (when_from, when_until) WHERE when_from IS NOT NULL;
CREATE INDEX acts_until ON acts (when_until, when_from) WHERE when_from IS NOT NULL;

-- The acts' own bytes and salts stand apart, so that a search over the columns above stays in few pages.
CREATE TABLE act_bytes (
    row  INTEGER PRIMARY KEY,
    salt BLOB NOT NULL,
    act  BLOB NOT NULL
) STRICT;

-- Acts that were opened and could not be read: of a kind from a later program (code act.unknown), or malformed.
CREATE TABLE unread (
    row    INTEGER PRIMARY KEY,
    act_id BLOB NOT NULL,
    thread BLOB NOT NULL,
    code   TEXT NOT NULL,
    salt   BLOB NOT NULL,
    act    BLOB NOT NULL
) STRICT;
CREATE INDEX unread_id ON unread (act_id);
CREATE INDEX unread_thread ON unread (thread);

-- Places in degrees * 10^7. An R*Tree holds 32-bit floats and widens every box, so what it finds is checked here.
CREATE TABLE places (
    row INTEGER NOT NULL,
    n   INTEGER NOT NULL,
    lat INTEGER NOT NULL,
    lon INTEGER NOT NULL,
    PRIMARY KEY (row, n)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE boxes USING rtree (place, south, north, west, east);

-- Words of titles and texts, normalised before they come here (tansiq.languages), so the tokenizer only splits at blanks.
-- Queries ask for words, never for phrases or their number: positions and sizes are not kept.
CREATE VIRTUAL TABLE words USING fts5 (terms, content='', columnsize=0, detail=none, tokenize='ascii');

CREATE TABLE marks (
    name  TEXT PRIMARY KEY,
    value
) WITHOUT ROWID;
