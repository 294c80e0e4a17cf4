//! A full disk: what does not fit is refused and leaves no trace, reading goes on, and once there is room again the very
//! same deeds are done, without a restart.

use shared::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
use uuid::Uuid;

use super::vfs::{self, Shared};
use super::{Disk, Image};
use crate::store::sqlite::check::check;
use crate::store::sqlite::open::prepare;
use crate::store::{
    Admission, NewAccount, NewChange, Portion, Result, Say, SqliteStore, Store as _, StoreError,
};

const ALL: Portion = Portion { items: 100_000, bytes: usize::MAX };

fn lobby() -> ConversationId {
    ConversationId::try_from(1).unwrap()
}

async fn say(store: &SqliteStore, author: UserId, number: u128) -> Result<Seq> {
    let new = NewChange { author, client_id: ClientId(Uuid::from_u128(number)), at: Timestamp(3) };
    let body = Say::text(&"长".repeat(2_000));
    Ok(store.post(new, lobby(), body).await?.seq)
}

fn give_room(disk: &Shared, room: Option<usize>) {
    disk.lock().disk.room = room;
}

#[tokio::test]
async fn a_full_disk_refuses_what_does_not_fit_and_takes_it_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let disk = vfs::mount(folder.path(), Disk::holding(Image::new()));
    let store =
        SqliteStore::open_with(folder.path(), Timestamp(1), |path| prepare(vfs::connect(path)?)).unwrap();
    let mei = store.sign_up(NewAccount::named("mei"), Admission::Open).await.unwrap().person.id;
    let mut answered = Vec::new();
    let mut next = 1;
    // Little room, so that the end comes in many places: in a page, between two, in the log and when it is copied back.
    for room in (0..60_000).step_by(2_345) {
        give_room(&disk, Some(room));
        let error = loop {
            match say(&store, mei, next).await {
                Ok(seq) => answered.push((next, seq)),
                Err(error) => break error,
            }
            next += 1;
        };
        assert!(matches!(error, StoreError::Full), "{error} with room for {room} bytes");
        assert!(matches!(say(&store, mei, next).await, Err(StoreError::Full)), "a retry is refused as well");

        let history = store.history(mei, lobby(), None, ALL).await.unwrap();
        assert_eq!(
            history.entries.len(),
            answered.len() + 1,
            "what was answered can be read, and nothing else is there"
        );
        assert_eq!(history.as_of.get(), answered.len() as u64 + 1);

        give_room(&disk, None);
        let seq = say(&store, mei, next).await.unwrap();
        assert_eq!(seq, history.as_of.next(), "the refused deed left a hole");
        answered.push((next, seq));
        next += 1;
    }
    for (number, seq) in &answered {
        assert_eq!(say(&store, mei, *number).await.unwrap(), *seq);
    }
    drop(store);
    sound(&disk, answered.len() as u64 + 1);
}

/// Puts what is on the disk into real files and has it checked.
fn sound(disk: &Shared, changes: u64) {
    let folder = tempfile::tempdir().unwrap();
    let steps = disk.lock().disk.steps.len();
    for (name, bytes) in disk.lock().disk.cut(steps, &mut fastrand::Rng::with_seed(1)) {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    assert_eq!(check(folder.path()).unwrap().changes, changes);
}
