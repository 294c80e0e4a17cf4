-- One row: this incarnation of the database.
CREATE TABLE server (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    epoch   BLOB NOT NULL,
    -- What tells the file from its copies, where the system says that: a copy begins an epoch of its own.
    file    TEXT,
    made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    display  TEXT NOT NULL,
    -- The display name in lower case, to search in.
    folded   TEXT NOT NULL,
    role     TEXT NOT NULL,
    password TEXT NOT NULL,
    made_at  INTEGER NOT NULL
) STRICT;

-- A signed-in device. `token` is the SHA-256 of its secret.
CREATE TABLE sessions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    user    INTEGER NOT NULL REFERENCES users (id),
    token   BLOB NOT NULL UNIQUE,
    made_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

-- Each lets one account in. `code` is the SHA-256 of its secret.
CREATE TABLE invitations (
    code       BLOB PRIMARY KEY,
    made_by    INTEGER NOT NULL REFERENCES users (id),
    expires_at INTEGER NOT NULL,
    used_by    INTEGER REFERENCES users (id)
) STRICT;

CREATE TABLE conversations (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,
    title      TEXT,
    folded     TEXT,
    -- "smaller id:larger id", so that two people have one direct conversation.
    direct_key TEXT UNIQUE,
    -- 1: every account is in it from the start.
    everyone   INTEGER NOT NULL DEFAULT 0,
    -- The last place in its log.
    head       INTEGER NOT NULL DEFAULT 0,
    made_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    user         INTEGER NOT NULL REFERENCES users (id),
    role         TEXT NOT NULL DEFAULT 'member',
    joined_at    INTEGER NOT NULL,
    -- The first and, for who is no longer in it, the last change they may see.
    visible_from INTEGER NOT NULL DEFAULT 1,
    left_after   INTEGER,
    -- Up to where they have read; only moves forward.
    read         INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_of ON members (user, conversation);

-- The log. Rows are only ever added.
CREATE TABLE changes (
    conversation INTEGER NOT NULL REFERENCES conversations (id),
    seq          INTEGER NOT NULL,
    author       INTEGER NOT NULL REFERENCES users (id),
    client_id    BLOB,
    at           INTEGER NOT NULL,
    -- 1: it counts as unread for everyone but its author, as `What::counts` said when it was added.
    counts       INTEGER NOT NULL,
    payload      TEXT NOT NULL,
    PRIMARY KEY (conversation, seq)
) STRICT;
-- Unread counts, and the newest message.
CREATE INDEX counted ON changes (conversation, seq, author) WHERE counts = 1;

-- Where each deed went. It is done once, however often it is sent, and every retry gets the first answer, for ever:
-- also that of a deed which found the thing done, and so has no change of its own.
CREATE TABLE deeds (
    author       INTEGER NOT NULL REFERENCES users (id),
    client_id    BLOB NOT NULL,
    conversation INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    PRIMARY KEY (author, client_id)
) STRICT, WITHOUT ROWID;
