-- Passkeys that members have published: whose, for what, from when until when. ended_at is the index that ended one.
CREATE TABLE cell_credential (
    author      TEXT NOT NULL,
    credential  TEXT NOT NULL,
    act_id      BLOB NOT NULL,
    at_index    INTEGER NOT NULL,
    time        INTEGER NOT NULL,
    holder      TEXT NOT NULL,
    roles       TEXT NOT NULL,
    key         BLOB NOT NULL,
    origin      TEXT NOT NULL,
    valid_from  INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    signed      INTEGER NOT NULL,
    ended_at    INTEGER,
    ended_time  INTEGER,
    reason      TEXT,
    PRIMARY KEY (author, credential)
) STRICT, WITHOUT ROWID;
CREATE INDEX cell_credential_act ON cell_credential (act_id);

-- Entries that a member could not open, told to their author alone.
CREATE TABLE cell_unopened (
    author TEXT NOT NULL,
    number INTEGER NOT NULL,
    member TEXT NOT NULL,
    code   TEXT NOT NULL,
    time   INTEGER NOT NULL,
    PRIMARY KEY (author, number, member)
) STRICT, WITHOUT ROWID;
