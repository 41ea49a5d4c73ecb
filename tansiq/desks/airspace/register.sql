-- Whose air is used when. lead is how long before its beginning (ms) the newest of it was ordered. row = index * 1024 + position of the act, id = row * 16 + place of the volume in it.
CREATE TABLE airspace_threads (
    thread    BLOB    PRIMARY KEY,
    author    TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    told      INTEGER NOT NULL,
    begins    INTEGER NOT NULL,
    ends      INTEGER NOT NULL,
    lead      INTEGER NOT NULL,
    began     INTEGER,
    ended     INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX airspace_threads_ends ON airspace_threads (ends, begins);

-- What is told now of each thread, and how old it is: age and seen are those of the act that first said it so.
CREATE TABLE airspace_volumes (
    id     INTEGER PRIMARY KEY,
    thread BLOB    NOT NULL,
    author TEXT    NOT NULL,
    age    INTEGER NOT NULL,
    seen   INTEGER NOT NULL,
    begins INTEGER NOT NULL,
    ends   INTEGER NOT NULL,
    volume BLOB    NOT NULL
) STRICT;
CREATE INDEX airspace_volumes_thread ON airspace_volumes (thread);

CREATE TABLE airspace_prints (
    row    INTEGER PRIMARY KEY,
    thread BLOB    NOT NULL,
    author TEXT    NOT NULL,
    seen   INTEGER NOT NULL,
    begins INTEGER NOT NULL,
    ends   INTEGER NOT NULL,
    parts  BLOB    NOT NULL
) STRICT;
CREATE INDEX airspace_prints_ends ON airspace_prints (ends, begins);

-- Two boxes a volume, where it lies across the meridian of 180. Days since 2000 beside degrees; 32-bit floats: what it
-- finds is looked at again.
CREATE VIRTUAL TABLE airspace_boxes USING rtree (box, south, north, west, east, since, until);

CREATE TABLE airspace_lines (
    one    TEXT    NOT NULL,
    other  TEXT    NOT NULL,
    state  TEXT    NOT NULL,
    since  INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    author TEXT    NOT NULL,
    act_id BLOB    NOT NULL,
    PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;
