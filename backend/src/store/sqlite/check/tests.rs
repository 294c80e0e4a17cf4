//! A sound database passes, and each way to damage it is named.

use rusqlite::Connection;
use shared::frame::Deed;
use shared::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
use shared::model::Kind;
use shared::own::{Scheduled, Setting, Stage};
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::store::{Admission, NewAccount, NewChange, Noted, Say, SqliteStore, Store as _};

fn new(author: UserId, id: u128) -> NewChange {
    NewChange { author, client_id: ClientId(Uuid::from_u128(id)), at: Timestamp(3) }
}

async fn sign_up(store: &SqliteStore, name: &str) -> UserId {
    store.sign_up(NewAccount::named(name), Admission::Open).await.unwrap().person.id
}

/// Three people; the Lobby (1), a group (2), a direct conversation (3), and in each something was said.
async fn sound() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path(), Timestamp(1)).unwrap();
    let (mei, lin) = (sign_up(&store, "mei").await, sign_up(&store, "林雯").await);
    sign_up(&store, "wen").await;
    let title = "周末 Weekend".to_owned().try_into().unwrap();
    store.make(new(mei, 1), Kind::Group, title, vec![lin]).await.unwrap();
    store.open_direct(new(lin, 2), mei).await.unwrap();
    // Found as it is: this deed has no change of its own.
    store.open_direct(new(mei, 3), lin).await.unwrap();
    for conversation in 1..=3 {
        let to = ConversationId::try_from(conversation).unwrap();
        for number in 0..4 {
            let deed = new(mei, u128::from(100 * conversation + number));
            store.post(deed, to, Say::text("早")).await.unwrap();
        }
        store.read_up_to(lin, to, Seq::try_from(2).unwrap()).await.unwrap();
        let got = Seq::try_from(3).unwrap();
        store.note_got(vec![Noted { conversation: to, user: lin, got }]).await.unwrap();
    }
    store.keep(new(mei, 4), Setting::receipts(false).into()).await.unwrap();
    let (id, body) = (ClientId(Uuid::from_u128(6)), "早".to_owned().try_into().unwrap());
    let conversation = 1.try_into().unwrap();
    let (reply, thread, due, stage) = (None, None, Timestamp(9), Stage::Waiting);
    let later = Scheduled { id, conversation, body, reply, thread, due, stage };
    store.schedule(new(mei, 5), later).await.unwrap();
    alter(&store, mei, lin).await;
    folder
}

/// In a group of its own (4): 2 calls somebody and is pinned, 3 is in its thread and was taken back, and so was 4, which
/// called everybody.
async fn alter(store: &SqliteStore, mei: UserId, lin: UserId) {
    let title = "altered".to_owned().try_into().unwrap();
    let made = store.make(new(mei, 10), Kind::Group, title, vec![lin]).await.unwrap();
    let conversation = made.conversation;
    let at = |seq: u64| Seq::try_from(seq).unwrap();
    store.post(new(mei, 11), conversation, Say::text("@林雯 早")).await.unwrap();
    let reply = Say { thread: Some(at(2)), ..Say::text("in a thread") };
    store.post(new(lin, 12), conversation, reply).await.unwrap();
    store.post(new(lin, 13), conversation, Say::text("@all 早")).await.unwrap();
    let (two, three, four) = (at(2), at(3), at(4));
    let deeds = [
        (mei, Deed::Pin { conversation, target: two, on: true }),
        (lin, Deed::Recall { conversation, target: three }),
        (lin, Deed::Recall { conversation, target: four }),
        (lin, Deed::React { conversation, target: two, emoji: "👍".try_into().unwrap(), on: true }),
    ];
    for (number, (who, deed)) in (14..).zip(deeds) {
        store.amend(new(who, number), deed).await.unwrap();
    }
}

async fn damaged(sql: &str) -> String {
    let folder = sound().await;
    let connection = Connection::open(folder.path().join("magpie.db")).unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    connection.execute_batch(sql).unwrap();
    assert!(connection.changes() > 0, "nothing was damaged by {sql}");
    drop(connection);
    match check(folder.path()) {
        Err(CheckError::Fault(fault)) => fault,
        other => panic!("{other:?} after {sql}"),
    }
}

#[tokio::test]
async fn a_database_that_was_only_used_has_no_fault() {
    let folder = sound().await;
    let sound = check(folder.path()).unwrap();
    let expected =
        Checked { conversations: 4, changes: 3 + 1 + 1 + 12 + 8, deeds: 17 + 8, people: 3, in_use: false };
    assert_eq!(sound, expected);
}

#[tokio::test]
async fn it_can_be_checked_while_it_is_used() {
    let folder = sound().await;
    let _store = SqliteStore::open(folder.path(), Timestamp(9)).unwrap();
    assert!(check(folder.path()).unwrap().in_use);
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_is_written_and_a_folder_that_cannot_be_written_is_no_obstacle() {
    use std::os::unix::fs::PermissionsExt;
    let folder = sound().await;
    let file = folder.path().join("magpie.db");
    let before = std::fs::read(&file).unwrap();
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o400)).unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o500)).unwrap();
    let checked = check(folder.path());
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o700)).unwrap();
    assert_eq!(checked.unwrap().changes, 25);
    assert!(std::fs::read(&file).unwrap() == before, "the file is another one");
    // SQLite makes it to read a database that might be in use.
    assert_eq!(std::fs::metadata(folder.path().join("magpie.db-wal")).map_or(0, |log| log.len()), 0);
}

#[tokio::test]
async fn each_damage_is_named() {
    let cases = [
        ("DELETE FROM changes WHERE conversation = 2 AND seq = 3", "conversation 2 has 4 where 3"),
        ("DELETE FROM changes WHERE conversation = 2 AND seq = 5", "head of conversation 2 is 5, but its log ends at 4"),
        ("UPDATE changes SET seq = 9 WHERE conversation = 3 AND seq = 5", "conversation 3 has 9 where 5"),
        ("UPDATE conversations SET head = 8 WHERE id = 1", "head of conversation 1 is 8, but its log ends at 7"),
        ("UPDATE changes SET payload = '{' WHERE conversation = 3 AND seq = 2", "change at 3/2 cannot be read"),
        (
            "UPDATE changes SET payload = '{\"kind\":\"juggled\"}' WHERE conversation = 3 AND seq = 1",
            "change at 3/1 comes before",
        ),
        (
            "UPDATE changes SET payload = '{\"kind\":\"juggled\"}', counts = 0 WHERE conversation = 3 AND seq = 2",
            "change at 3/2 is of a kind",
        ),
        ("UPDATE changes SET counts = 0 WHERE conversation = 3 AND seq = 2", "change at 3/2 is not counted"),
        ("UPDATE changes SET author = 3 WHERE conversation = 2 AND seq = 3", "change at 2/3 comes from a deed that is not noted"),
        (
            "UPDATE changes SET author = 3, client_id = NULL WHERE conversation = 2 AND seq = 3",
            "change at 2/3 is by somebody who was not in",
        ),
        ("DELETE FROM deeds WHERE conversation = 3 AND seq = 4", "change at 3/4 comes from a deed that is not noted"),
        (
            "UPDATE deeds SET seq = 2 WHERE conversation = 3 AND seq = 4",
            "change at 3/4 comes from a deed that is noted as done at 3/2",
        ),
        (
            "INSERT INTO deeds VALUES (2, zeroblob(16), 2, 77)",
            "a deed of person 2 is noted as done at 2/77",
        ),
        (
            "UPDATE changes SET client_id = (SELECT client_id FROM changes WHERE conversation = 1 AND seq = 5)
             WHERE conversation = 1 AND seq = 6",
            "change at 1/6 comes from a deed that is noted as done at 1/5",
        ),
        ("DELETE FROM members WHERE conversation = 2 AND user = 2", "person 2 is in conversation 2"),
        ("UPDATE members SET left_after = 2 WHERE conversation = 2 AND user = 2", "person 2 is in conversation 2"),
        (
            "INSERT INTO members (conversation, user, joined_at) VALUES (2, 3, 0)",
            "person 3 is in conversation 2",
        ),
        ("UPDATE members SET read = 6 WHERE conversation = 2 AND user = 2", "person 2 in conversation 2 has read up to 6 of 5"),
        ("UPDATE members SET got = 6 WHERE conversation = 2 AND user = 2", "person 2 in conversation 2 has got up to 6 of 5"),
        ("UPDATE members SET got = -1 WHERE conversation = 2 AND user = 2", "has got up to -1"),
        ("UPDATE members SET read = -1 WHERE conversation = 2 AND user = 2", "has read up to -1"),
        ("UPDATE members SET visible_from = 0 WHERE conversation = 2 AND user = 2", "may see from 0"),
        ("UPDATE members SET role = 'owner' WHERE conversation = 2 AND user = 2", "person 2 in conversation 2 is kept as its owner"),
        ("UPDATE members SET role = 'member' WHERE conversation = 2", "person 1 in conversation 2 is kept as its member"),
        ("UPDATE members SET role = 'owner' WHERE conversation = 1", "person 1 in conversation 1 is kept as its owner"),
        ("UPDATE conversations SET direct_key = '1:3' WHERE id = 3", "conversation 3 is kept as that of 1:3"),
        ("UPDATE conversations SET kind = 'group' WHERE id = 3", "conversation 3 has a kind that does not fit"),
        ("UPDATE conversations SET kind = 'salon' WHERE id = 2", "conversation 2 has an unknown kind"),
        ("UPDATE conversations SET title = NULL WHERE id = 2", "conversation 2 has an impossible title"),
        ("UPDATE conversations SET folded = 'x' WHERE id = 2", "conversation 2 has another title"),
        ("UPDATE users SET display = '' WHERE id = 2", "person 2 has an impossible display name"),
        ("UPDATE users SET folded = 'x' WHERE id = 2", "person 2 has another name"),
        ("UPDATE users SET role = 'king' WHERE id = 2", "person 2 has an unknown role"),
        ("UPDATE folded SET pinned = 0 WHERE conversation = 4 AND seq = 2", "message at 4/2 is kept as something else"),
        ("DELETE FROM folded WHERE conversation = 4 AND seq = 3", "message at 4/3 is kept as something else"),
        (
            "UPDATE folded SET payload = replace(payload, '👍', '❤️') WHERE conversation = 4 AND seq = 2",
            "message at 4/2 is kept as something else",
        ),
        ("UPDATE changes SET counts = 1 WHERE conversation = 4 AND seq = 3", "message at 4/3 is counted as if"),
        ("UPDATE changes SET counts = 2 WHERE conversation = 4 AND seq = 2", "message at 4/2 is counted as if"),
        ("UPDATE changes SET target = 3 WHERE conversation = 4 AND seq = 5", "change at 4/5 is kept as altering another"),
        ("UPDATE changes SET thread = NULL WHERE conversation = 4 AND seq = 3", "change at 4/3 is kept as altering another"),
        ("DELETE FROM mentions", "whom the message at 4/2 calls is not kept"),
        ("INSERT INTO mentions VALUES (4, 0, 4, 2)", "more calls are kept"),
        ("DELETE FROM users WHERE id = 3", "names a row of users"),
        (
            "INSERT INTO sessions (user, token, made_at, seen_at) VALUES (77, zeroblob(32), 0, 0)",
            "a row of sessions names a row of users",
        ),
        ("DELETE FROM server", "no epoch"),
        ("UPDATE server SET epoch = x'00'", "epoch of the database cannot be read"),
    ];
    for (sql, expected) in cases {
        let fault = damaged(sql).await;
        assert!(fault.contains(expected), "{fault:?} instead of {expected:?} after {sql}");
        assert_eq!(fault.lines().count(), 1, "{fault}");
    }
}

#[tokio::test]
async fn a_database_without_what_it_relies_on_is_not_called_sound() {
    let cases = [
        ("DROP INDEX counted", "index counted"),
        ("CREATE TRIGGER eats AFTER INSERT ON changes BEGIN DELETE FROM changes; END", "trigger eats"),
        ("ALTER TABLE deeds RENAME TO d; CREATE TABLE deeds AS SELECT * FROM d; DROP TABLE d", "table deeds"),
        // Whoever reads it never comes to its end.
        (
            "ALTER TABLE server RENAME TO s; CREATE VIEW server AS WITH RECURSIVE
             n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS one, zeroblob(16) AS epoch FROM n",
            "table server",
        ),
    ];
    for (sql, expected) in cases {
        let folder = sound().await;
        Connection::open(folder.path().join("magpie.db")).unwrap().execute_batch(sql).unwrap();
        let said = check(folder.path()).unwrap_err().to_string();
        assert!(said.starts_with(expected), "{said:?} after {sql}");
    }
}

#[tokio::test]
async fn a_damaged_file_is_named() {
    let folder = sound().await;
    let file = folder.path().join("magpie.db");
    let whole = std::fs::read(&file).unwrap();
    let middle = whole.len() / 2;
    let mut torn = whole.clone();
    torn[middle..middle + 4096].fill(0xab);
    std::fs::write(&file, torn).unwrap();
    let said = check(folder.path()).unwrap_err().to_string();
    assert!(
        said.starts_with("the file is damaged") || said.starts_with("the database cannot be read"),
        "{said}"
    );
    let mut without_tables = whole.clone();
    without_tables[100..4096].fill(0xab);
    std::fs::write(&file, without_tables).unwrap();
    assert!(
        matches!(check(folder.path()), Err(CheckError::Fault(said)) if said.starts_with("the file is damaged"))
    );
    std::fs::write(&file, "no database at all, but long enough to be looked at ".repeat(100)).unwrap();
    assert!(matches!(check(folder.path()), Err(CheckError::Fault(said)) if said.contains("no database")));
}

#[tokio::test]
async fn other_versions_are_sent_elsewhere() {
    let folder = sound().await;
    let set = |version: i64| {
        let connection = Connection::open(folder.path().join("magpie.db")).unwrap();
        connection.pragma_update(None, "user_version", version).unwrap();
    };
    set(9_999);
    assert!(matches!(check(folder.path()), Err(CheckError::Newer(_))));
    set(0);
    assert!(matches!(check(folder.path()), Err(CheckError::Older(_))));
}

#[tokio::test]
async fn what_is_ones_own_stands_in_its_slot_with_a_version_that_was_given() {
    let named = [
        ("UPDATE own SET payload = '{}' WHERE due IS NULL", "cannot be read"),
        ("UPDATE own SET slot = 'typing' WHERE due IS NULL", "another one"),
        ("UPDATE own SET due = NULL", "is not noted as what it holds"),
        ("UPDATE own SET version = 9 WHERE due IS NULL", "a version that was never given"),
        ("UPDATE own_deeds SET version = 0", "2 deeds are noted"),
        ("DELETE FROM own_heads", "a version that was never given"),
    ];
    for (sql, fault) in named {
        let found = damaged(sql).await;
        assert!(found.contains(fault), "{found} after {sql}");
    }
}

#[tokio::test]
async fn a_damaged_search_index_is_named() {
    let message = "(SELECT rowid FROM changes WHERE conversation = 2 AND seq = 3)";
    let cases = [
        (format!("DELETE FROM found WHERE rowid = {message}"), "the search index holds"),
        ("INSERT INTO found (rowid, words) VALUES (9999, '_any')".to_owned(), "the search index holds"),
        ("UPDATE search SET done = done - 8".to_owned(), "the search index holds"),
        ("UPDATE search SET done = done + 1".to_owned(), "the search index holds"),
        (
            format!(
                "DELETE FROM found WHERE rowid = {message};
                 INSERT INTO found (rowid, words) VALUES ({message}, 'other')"
            ),
            "the search index does not find the message at 2/3",
        ),
        ("UPDATE found_data SET block = zeroblob(40) WHERE id > 10".to_owned(), "the file is damaged"),
        ("DELETE FROM found_data WHERE id > 10".to_owned(), "the file is damaged"),
    ];
    for (sql, expected) in cases {
        let found = damaged(&sql).await;
        assert!(found.contains(expected), "{found:?} instead of {expected:?} after {sql}");
        assert_eq!(found.lines().count(), 1, "{found}");
    }
}
