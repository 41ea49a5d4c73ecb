-- What a report was called where it was imported from: a second import doubles nothing.
CREATE TABLE intelligence_external (
    author      TEXT NOT NULL,
    external_id TEXT NOT NULL,
    act_id      BLOB NOT NULL,
    PRIMARY KEY (author, external_id)
) STRICT, WITHOUT ROWID;

-- Which acts translate which: an act of any desk, which this cell may not have.
CREATE TABLE intelligence_translations (
    of     BLOB NOT NULL,
    lang   TEXT NOT NULL,
    act_id BLOB NOT NULL,
    PRIMARY KEY (of, act_id)
) STRICT, WITHOUT ROWID;

-- Which files belong to which act: an act of any desk.
CREATE TABLE intelligence_attachments (
    of     BLOB NOT NULL,
    act_id BLOB NOT NULL,
    PRIMARY KEY (of, act_id)
) STRICT, WITHOUT ROWID;

-- For which acts, of any desk, leave to put them to a use was given.
CREATE TABLE intelligence_leaves (
    of     BLOB NOT NULL,
    use    TEXT NOT NULL,
    act_id BLOB NOT NULL,
    PRIMARY KEY (of, act_id)
) STRICT, WITHOUT ROWID;
