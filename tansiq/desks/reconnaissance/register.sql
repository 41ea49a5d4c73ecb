-- What was seen and is watched. row and id follow the journal: act row = index * 1024 + position, sighting id =
-- act row * 4096 + place in the batch. replaced_at (UTC ms, the registrar's) is when its author told it again.
CREATE TABLE reconnaissance_batches (
    row         INTEGER PRIMARY KEY,
    act_id      BLOB    NOT NULL,
    thread      BLOB    NOT NULL,
    author      TEXT    NOT NULL,
    number      INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    time        INTEGER NOT NULL,
    lang        TEXT    NOT NULL,
    means       TEXT    NOT NULL,
    grade       TEXT    NOT NULL,
    replaced_at INTEGER
) STRICT;
CREATE INDEX reconnaissance_batches_thread ON reconnaissance_batches (thread);

CREATE TABLE reconnaissance_sightings (
    id         INTEGER PRIMARY KEY,
    lat        INTEGER NOT NULL,
    lon        INTEGER NOT NULL,
    accuracy_m INTEGER,
    seen_at    INTEGER NOT NULL,
    sidc       TEXT,
    what       TEXT    NOT NULL,
    track      TEXT
) STRICT;
CREATE INDEX reconnaissance_seen ON reconnaissance_sightings (seen_at, lat, lon);
CREATE INDEX reconnaissance_tracks ON reconnaissance_sightings (track, seen_at) WHERE track IS NOT NULL;

-- Days since 2000 beside degrees, so that no side of a box outweighs the others. 32-bit floats: what it finds is
-- checked in the table.
CREATE VIRTUAL TABLE reconnaissance_boxes USING rtree (id, south, north, west, east, since, until);

CREATE TABLE reconnaissance_external (
    author      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    PRIMARY KEY (author, external_id)
) STRICT, WITHOUT ROWID;
