-- What a report was called where it was imported from: a second import doubles nothing.
CREATE TABLE intelligence_external (
    author      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    act_id      BLOB NOT NULL,
    PRIMARY KEY (author, external_id)
) STRICT, WITHOUT ROWID;
