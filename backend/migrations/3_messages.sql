-- The earlier place that a change alters; such a change is no entry of its own.
ALTER TABLE changes ADD COLUMN target INTEGER;
-- The first place of the thread that a message belongs to.
ALTER TABLE changes ADD COLUMN thread INTEGER;
-- What pages show.
CREATE INDEX entries ON changes (conversation, seq) WHERE target IS NULL;
-- The newest message. `counts` is 2 for one that was taken back.
CREATE INDEX messages ON changes (conversation, seq) WHERE counts > 0;
-- What was made of an entry, and what its thread holds.
CREATE INDEX amendments ON changes (conversation, target, seq) WHERE target IS NOT NULL;
CREATE INDEX threads ON changes (conversation, thread, seq) WHERE thread IS NOT NULL;

-- Entries that later changes altered, with all of these folded in: the log says the same, more slowly.
CREATE TABLE folded (
    conversation INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    pinned       INTEGER NOT NULL,
    payload      TEXT NOT NULL,
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX pinned ON folded (conversation, seq) WHERE pinned = 1;

-- Whom messages call that were not taken back; user 0 is everybody.
CREATE TABLE mentions (
    conversation INTEGER NOT NULL,
    user         INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    author       INTEGER NOT NULL,
    PRIMARY KEY (conversation, user, seq)
) STRICT, WITHOUT ROWID;
