-- Handovers said, and who took over when (UTC ms): by the begin of the new term and the member.
CREATE TABLE chair_handovers (
    act_id    BLOB    PRIMARY KEY,
    outgoing  TEXT    NOT NULL,
    incoming  TEXT    NOT NULL,
    begins    INTEGER NOT NULL,
    said_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE chair_taken (
    begins    INTEGER NOT NULL,
    incoming  TEXT    NOT NULL,
    taken_at  INTEGER NOT NULL,
    handover  BLOB    NOT NULL,
    act_id    BLOB    NOT NULL,
    PRIMARY KEY (begins, incoming)
) STRICT, WITHOUT ROWID;

-- Directors and deputies in the order of their appointment; the chair that appointed them, and of whom they are.
CREATE TABLE chair_posts (
    row       INTEGER PRIMARY KEY,
    act_id    BLOB    NOT NULL,
    post      TEXT    NOT NULL,
    appointer TEXT    NOT NULL,
    said_at   INTEGER NOT NULL
) STRICT;

-- Proposals and each member's first vote; what came of them is computed when it is asked.
CREATE TABLE chair_proposals (
    act_id    BLOB    PRIMARY KEY,
    row       INTEGER NOT NULL,
    closes_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE chair_votes (
    proposal  BLOB    NOT NULL,
    voter     TEXT    NOT NULL,
    row       INTEGER NOT NULL,
    act_id    BLOB    NOT NULL,
    vote      TEXT    NOT NULL,
    voted_at  INTEGER NOT NULL,
    PRIMARY KEY (proposal, voter)
) STRICT, WITHOUT ROWID;

-- Contacts that the other side has not answered yet.
CREATE TABLE chair_contacts (
    act_id    BLOB    PRIMARY KEY,
    author    TEXT    NOT NULL,
    other     TEXT    NOT NULL,
    began_at  INTEGER NOT NULL,
    answer    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- The registrar's key that each member's officers named for a version of the mandate; proved: a passkey's signature was
-- asked and checked.
CREATE TABLE chair_mandates (
    row       INTEGER PRIMARY KEY,
    act_id    BLOB    NOT NULL,
    member    TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    key       BLOB    NOT NULL,
    officer   TEXT    NOT NULL,
    said_at   INTEGER NOT NULL,
    proved    INTEGER NOT NULL
) STRICT;
CREATE INDEX chair_mandates_named ON chair_mandates (member, version);
