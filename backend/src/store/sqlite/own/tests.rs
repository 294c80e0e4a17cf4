//! What the slots of one person do, one rule at a time.

use shared::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
use shared::own::{Level, Own, SCHEDULED, SLOTS, Scheduled, Setting, Stage};
use tempfile::TempDir;
use uuid::Uuid;

use crate::store::{
    Admission, NewAccount, NewChange, OwnNews, Portion, Say, SqliteStore, Store as _, StoreError,
};

const ALL: Portion = Portion { items: 1_000_000, bytes: usize::MAX };

struct Desk {
    store: SqliteStore,
    mei: UserId,
    folder: TempDir,
}

async fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path(), Timestamp(1)).unwrap();
    let mei = store.sign_up(NewAccount::named("mei"), Admission::Open).await.unwrap().person.id;
    Desk { store, mei, folder }
}

fn lobby() -> ConversationId {
    1.try_into().unwrap()
}

fn seq(number: u64) -> Seq {
    number.try_into().unwrap()
}

fn id(number: u128) -> ClientId {
    ClientId(Uuid::from_u128(number))
}

fn draft(text: &str) -> Own {
    Own::Draft { conversation: lobby(), thread: None, text: text.try_into().unwrap(), reply: None }
}

fn level(level: Level) -> Own {
    Setting::level(lobby(), level).into()
}

fn message(number: u128, due: u64) -> Scheduled {
    Scheduled {
        id: id(number),
        conversation: lobby(),
        body: "good morning".try_into().unwrap(),
        reply: None,
        thread: None,
        due: Timestamp(due),
        stage: Stage::Waiting,
    }
}

impl Desk {
    fn change(&self, number: u128) -> NewChange {
        NewChange { author: self.mei, client_id: id(number), at: Timestamp(5) }
    }

    async fn after(&self, after: u64) -> OwnNews {
        self.store.own_after(self.mei, Some(seq(after)), ALL).await.unwrap()
    }

    async fn keep(&self, number: u128, own: Own) -> u64 {
        self.store.keep(self.change(number), own).await.unwrap().version.get()
    }

    async fn due(&self, now: u64) -> Vec<u128> {
        let due = self.store.claim_due(Timestamp(now), 100).await.unwrap();
        due.iter().map(|(_, message)| message.id.0.as_u128()).collect()
    }
}

#[tokio::test]
async fn each_change_is_told_once_and_only_as_it_is_now() {
    let mei = desk().await;
    assert_eq!(mei.keep(1, level(Level::None)).await, 1);
    assert_eq!(mei.keep(2, Setting::receipts(false).into()).await, 2);
    assert_eq!(mei.keep(3, level(Level::Mentions)).await, 3);
    let OwnNews { slots, version, anew, more } = mei.after(0).await;
    let versions: Vec<u64> = slots.iter().map(|slot| slot.version.get()).collect();
    assert_eq!((versions.as_slice(), version.get(), anew, more), ([2, 3].as_slice(), 3, false, false));
    assert_eq!(slots[1].own, level(Level::Mentions));
    assert!(mei.after(3).await.slots.is_empty());
    // What this database never gave is of another time.
    let other = mei.after(4).await;
    assert_eq!((other.anew, other.slots.len()), (true, 2));
}

#[tokio::test]
async fn it_comes_in_portions_that_go_on_from_one_another() {
    let mei = desk().await;
    for thread in 1..=5_u64 {
        mei.keep(u128::from(thread), Setting::follow(lobby(), seq(thread), true).into()).await;
    }
    let portion = Portion { items: 2, bytes: usize::MAX };
    let first = mei.store.own_after(mei.mei, None, portion).await.unwrap();
    assert_eq!((first.slots.len(), first.version.get(), first.anew, first.more), (2, 2, true, true));
    let next = mei.store.own_after(mei.mei, Some(first.version), portion).await.unwrap();
    assert_eq!((next.slots.len(), next.version.get(), next.anew, next.more), (2, 4, false, true));
    let last = mei.store.own_after(mei.mei, Some(next.version), portion).await.unwrap();
    assert_eq!((last.slots.len(), last.version.get(), last.more), (1, 5, false));
}

#[tokio::test]
async fn a_deed_that_comes_again_gets_its_first_answer_and_changes_nothing() {
    let mei = desk().await;
    let first = mei.keep(1, level(Level::None)).await;
    mei.keep(2, level(Level::All)).await;
    let again = mei.store.keep(mei.change(1), level(Level::None)).await.unwrap();
    assert_eq!((again.version.get(), again.is_new), (first, false));
    assert_eq!(mei.after(0).await.slots[0].own, level(Level::All));
}

#[tokio::test]
async fn an_older_draft_does_not_replace_a_newer_one() {
    let mei = desk().await;
    let keep = async |text: &str, base| mei.store.keep_draft(mei.mei, draft(text), seq(base)).await.unwrap();
    assert!(keep("on the phone", 0).await);
    assert!(!keep("on the desk", 0).await, "made before the phone's was there");
    assert!(keep("", 1).await, "sent");
    assert!(!keep("on the phone, late", 1).await, "what was sent does not come back");
    assert_eq!(mei.after(0).await.slots[0].own, draft(""));
    let elsewhere = Own::Draft {
        conversation: 99.try_into().unwrap(),
        thread: None,
        text: "x".try_into().unwrap(),
        reply: None,
    };
    let refused = mei.store.keep_draft(mei.mei, elsewhere, seq(0)).await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn a_scheduled_message_is_claimed_when_it_is_due_and_then_it_is_too_late() {
    let mei = desk().await;
    for (number, due) in [(1, 300), (2, 100), (3, 200)] {
        mei.store.schedule(mei.change(10 + number), message(number, due)).await.unwrap();
    }
    assert_eq!(mei.store.next_due().await.unwrap(), Some(Timestamp(100)));
    mei.store.unschedule(mei.change(20), id(3)).await.unwrap();
    mei.store.schedule(mei.change(21), message(1, 150)).await.unwrap();
    assert_eq!(mei.due(99).await, []);
    assert_eq!(mei.due(250).await, [2, 1]);
    // A server that died meanwhile finds them again.
    assert_eq!(mei.due(250).await, [2, 1]);
    for late in [
        mei.store.unschedule(mei.change(22), id(2)).await,
        mei.store.schedule(mei.change(23), message(2, 900)).await,
    ] {
        assert!(matches!(late, Err(StoreError::TooLate)));
    }
    let claimed = Scheduled { stage: Stage::Sending, ..message(2, 100) };
    mei.store.settle_due(mei.mei, claimed, None).await.unwrap();
    let failed = Scheduled { stage: Stage::Sending, ..message(1, 150) };
    let code = shared::code::Code::NotFound;
    mei.store.settle_due(mei.mei, failed, Some(code)).await.unwrap();
    assert_eq!((mei.due(250).await, mei.store.next_due().await.unwrap()), (vec![], None));
    // What failed has ways out.
    mei.store.schedule(mei.change(24), message(1, 400)).await.unwrap();
    assert_eq!(mei.due(500).await, [1]);
}

#[tokio::test]
async fn what_is_posted_under_its_identity_cannot_be_scheduled_again() {
    let mei = desk().await;
    mei.store.schedule(mei.change(11), message(1, 100)).await.unwrap();
    let claimed = mei.store.claim_due(Timestamp(200), 1).await.unwrap().pop().unwrap().1;
    let new = NewChange { client_id: id(1), ..mei.change(0) };
    let say = Say::from(claimed.body.clone());
    mei.store.post(new, lobby(), say).await.unwrap();
    mei.store.settle_due(mei.mei, claimed, None).await.unwrap();
    let again = mei.store.schedule(mei.change(12), message(1, 900)).await;
    assert!(matches!(again, Err(StoreError::TooLate)));
}

#[tokio::test]
async fn what_one_person_has_is_bounded_and_what_is_empty_makes_room() {
    let mei = desk().await;
    for number in 1..=u128::from(SCHEDULED) {
        mei.store.schedule(mei.change(1_000 + number), message(number, 100)).await.unwrap();
    }
    let one_more = mei.store.schedule(mei.change(5_000), message(999, 100)).await;
    assert!(matches!(one_more, Err(StoreError::TooMany)));
    mei.store.unschedule(mei.change(5_001), id(1)).await.unwrap();
    mei.store.schedule(mei.change(5_000), message(999, 100)).await.unwrap();
    // As many slots as there may be, put there at once.
    let database = rusqlite::Connection::open(mei.folder.path().join("magpie.db")).unwrap();
    let sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
        INSERT INTO own SELECT ?2, 'follow:1:' || i, 100000 + i, 0, NULL, '{}' FROM n";
    let there: u32 = database.query_row("SELECT count(*) FROM own", [], |row| row.get(0)).unwrap();
    database.execute(sql, (SLOTS - there, i64::try_from(mei.mei.get()).unwrap())).unwrap();
    database.execute("UPDATE own_heads SET version = 200000", []).unwrap();
    assert_eq!(mei.keep(6_000, level(Level::None)).await, 200_001);
    // The slot of the message that was taken back is gone; who has not heard of that begins anew.
    assert!(mei.after(10).await.anew && !mei.after(200_000).await.anew);
    let full = mei.store.keep(mei.change(6_001), Setting::receipts(true).into()).await;
    assert!(matches!(full, Err(StoreError::TooMany)));
}
