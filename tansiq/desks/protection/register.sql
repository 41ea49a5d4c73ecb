-- Sites as they were told last. names and footprint are JSON, as in the act.
CREATE TABLE protection_sites (
    thread      BLOB    PRIMARY KEY,
    author      TEXT    NOT NULL,
    "index"     INTEGER NOT NULL,
    told_at     INTEGER NOT NULL,
    category    TEXT    NOT NULL,
    names       BLOB    NOT NULL,
    footprint   BLOB    NOT NULL,
    valid_from  INTEGER NOT NULL,
    valid_until INTEGER
) STRICT, WITHOUT ROWID;

-- Who has taken note of a site as it was told last, and since when. Its author has no row.
CREATE TABLE protection_known (
    thread BLOB    NOT NULL,
    member TEXT    NOT NULL,
    "index" INTEGER NOT NULL,
    since  INTEGER NOT NULL,
    PRIMARY KEY (thread, member)
) STRICT, WITHOUT ROWID;

-- What a site was called where it was imported from: a second import doubles nothing.
CREATE TABLE protection_external (
    author      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    thread      BLOB NOT NULL,
    PRIMARY KEY (author, external_id)
) STRICT, WITHOUT ROWID;

-- Every change of what must be spared, where and for what time: counted, they are the version of what lies near.
-- A site that moves changes both its old and its new footprint. Nothing is ever taken out.
CREATE TABLE protection_changes (
    n         INTEGER PRIMARY KEY,
    "index"   INTEGER NOT NULL,
    thread    BLOB    NOT NULL,
    footprint BLOB    NOT NULL,
    since     INTEGER NOT NULL,
    until     INTEGER
) STRICT;
CREATE INDEX protection_changes_thread ON protection_changes (thread);
CREATE VIRTUAL TABLE protection_boxes USING rtree (n, south, north, west, east);

-- Incidents with who told of each, who opened the inquiry that stands and who told the finding (none yet: NULL), and who has
-- said what it thinks of it (codes, each with a blank after it): so that none of those that have not ended is ever passed
-- over, however many there are, and none is read that waits for others.
CREATE TABLE protection_incidents (
    thread   BLOB    PRIMARY KEY,
    "index"  INTEGER NOT NULL,
    author   TEXT    NOT NULL,
    inquirer TEXT,
    finder   TEXT,
    words    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
