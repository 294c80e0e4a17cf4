-- What is one person's own and the same on all their devices. Each change gives its slot the person's next version.
CREATE TABLE own (
    user    INTEGER NOT NULL REFERENCES users (id),
    slot    TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- 1: there is nothing in it any more; it says so to devices that have seen more.
    empty   INTEGER NOT NULL,
    -- When somebody has to look at it: a scheduled message that has not been posted.
    due     INTEGER,
    payload TEXT NOT NULL,
    PRIMARY KEY (user, slot)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX own_by_version ON own (user, version);
CREATE INDEX own_empty ON own (user) WHERE empty = 1;
CREATE INDEX own_due ON own (due) WHERE due IS NOT NULL;

-- How many versions a person has had, and the highest of an empty slot that is no longer kept: a device that is behind
-- it begins anew.
CREATE TABLE own_heads (
    user    INTEGER PRIMARY KEY REFERENCES users (id),
    version INTEGER NOT NULL,
    cleared INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Which version each deed made that changes what is one's own: every retry gets it again.
CREATE TABLE own_deeds (
    author    INTEGER NOT NULL REFERENCES users (id),
    client_id BLOB NOT NULL,
    version   INTEGER NOT NULL,
    PRIMARY KEY (author, client_id)
) STRICT, WITHOUT ROWID;
