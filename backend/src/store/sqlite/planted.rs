//! The planted faults of a store, as SQL beside the real one.

use rusqlite::Connection;
use shared::plant::{Plant, is_planted};

/// Changes that have a place and cannot be read yet; counts of what is unread.
const PREPARE: &str = "
    CREATE TEMP TABLE late AS SELECT * FROM changes WHERE false;
    CREATE TEMP TABLE stored_unread (conversation INTEGER, user INTEGER, many INTEGER NOT NULL,
        PRIMARY KEY (conversation, user));
    CREATE TEMP TRIGGER counted_up AFTER INSERT ON main.changes WHEN NEW.counts = 1 BEGIN
        INSERT INTO stored_unread SELECT conversation, user, 1 FROM members
            WHERE conversation = NEW.conversation AND user <> NEW.author
            ON CONFLICT DO UPDATE SET many = many + 1;
    END;
    CREATE TEMP TRIGGER counted_down AFTER UPDATE OF read ON main.members BEGIN
        DELETE FROM stored_unread WHERE conversation = NEW.conversation AND user = NEW.user;
    END;";

pub(super) fn prepare(connection: &Connection) {
    if is_planted(Plant::StoredUnread) || is_planted(Plant::SeqBeforeVisible) {
        run(connection, PREPARE);
    }
}

/// After each transaction.
pub(super) fn spoil(connection: &Connection) {
    if is_planted(Plant::NoDedup) {
        run(connection, "DELETE FROM deeds");
    }
    if is_planted(Plant::DedupForgets) {
        run(
            connection,
            "DELETE FROM deeds WHERE seq + 1 < (SELECT head FROM conversations WHERE id = conversation)",
        );
    }
    if is_planted(Plant::SeqBeforeVisible) {
        run(
            connection,
            "INSERT INTO changes SELECT * FROM late;
             DELETE FROM late;
             INSERT INTO late SELECT * FROM changes ORDER BY at DESC, seq DESC LIMIT 1;
             DELETE FROM changes WHERE (conversation, seq) IN (SELECT conversation, seq FROM late)",
        );
    }
}

/// When a server begins after another has died.
pub(super) fn forget(connection: &Connection) {
    if is_planted(Plant::DedupInProcess) {
        run(connection, "DELETE FROM deeds");
    }
}

/// What a stored counter says is unread.
pub(super) fn stored_unread(connection: &Connection, conversation: i64, user: i64) -> u32 {
    let many = connection.query_row(
        "SELECT many FROM stored_unread WHERE conversation = ? AND user = ?",
        (conversation, user),
        |row| row.get(0),
    );
    many.unwrap_or(0)
}

fn run(connection: &Connection, sql: &str) {
    // A fault that does not work is found to be missing by the run that looks for it.
    if let Err(error) = connection.execute_batch(sql) {
        tracing::error!(%error, "a planted fault does not work: {error}");
    }
}
