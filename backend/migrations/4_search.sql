-- What each message says, as the words of `shared::tokens`, under the rowid of its change: never the text itself. Words
-- that begin with `_` are what it is: `_c7` in conversation 7, `_u3` by person 3, `_link` with a link, `_m3`
-- calling person 3 and `_m0` everybody; all of them have `_any`.
CREATE VIRTUAL TABLE found USING fts5 (
    words, content = '', contentless_delete = 1, prefix = '2 3', tokenize = "ascii tokenchars '_'"
);

-- One row: up to which rowid of the log it has been read for that.
CREATE TABLE search (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    done INTEGER NOT NULL
) STRICT;
INSERT INTO search (one, done) VALUES (1, 0);

-- The first and last rowid of the log on each day since 1970, UTC. Clocks are set back: days may overlap.
CREATE TABLE days (
    day   INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL
) STRICT;
