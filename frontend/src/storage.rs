//! What outlives the page, in IndexedDB: one database for each account. What waits to be sent is written with strict
//! durability; history, which the server has as well, is not.

mod database;
mod history;

use std::time::Duration;

use shared::id::ClientId;
use shared::json;
use shared::model::Person;
use shared::outbox::Pending;
use web_sys::{IdbDatabase, IdbTransaction};

use crate::deadline;

pub use history::Changes;

const OUTBOX: &str = "outbox";
const ROOMS: &str = "rooms";
const ACCOUNT: &str = "account";
const STORES: [&str; 3] = [OUTBOX, ROOMS, ACCOUNT];
/// 1 had the outbox only.
const VERSION: u32 = 2;
/// How long the browser may take to open it.
const PATIENCE: Duration = Duration::from_secs(5);

/// The browser refused: private mode, no room, or blocked by a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// The open database of one account.
#[derive(Clone)]
pub struct Storage {
    database: IdbDatabase,
}

impl Storage {
    /// Opens the database of this account, making it if it is not there. A browser that does not answer in time
    /// counts as one that refuses.
    pub async fn open(person: &Person) -> Result<Self, Refused> {
        let name = name(person);
        let opening = deadline::within(PATIENCE, database::open(&name, VERSION, &STORES));
        Ok(Self { database: opening.await.unwrap_or(Err(Refused))? })
    }

    /// Writes a deed; when this returns, it survives a crash of the browser.
    pub async fn keep(&self, pending: &Pending) -> Result<(), Refused> {
        let json = json::write(pending).map_err(|_| Refused)?;
        let transaction = self.writing(&[OUTBOX], "strict")?;
        database::put(&transaction, OUTBOX, &pending.client_id.to_string(), &json)?;
        database::committed(&transaction).await
    }

    /// Removes a deed.
    pub async fn forget(&self, client_id: ClientId) -> Result<(), Refused> {
        let transaction = self.writing(&[OUTBOX], "strict")?;
        database::delete(&transaction, OUTBOX, &client_id.to_string())?;
        database::committed(&transaction).await
    }

    /// Removes everything kept of this account. Where the browser refuses even that, there is nothing more to do.
    pub async fn wipe(self) {
        let name = self.database.name();
        // A page that sleeps holds the database, but not what is in it.
        let _ = self.clear(&STORES).await;
        self.database.close();
        let _ = database::remove(&name).await;
    }

    async fn clear(&self, stores: &[&str]) -> Result<(), Refused> {
        let transaction = self.writing(stores, "strict")?;
        for store in stores {
            database::store(&transaction, store)?.clear()?;
        }
        database::committed(&transaction).await
    }

    fn writing(&self, stores: &[&str], durability: &str) -> Result<IdbTransaction, Refused> {
        database::begin(&self.database, stores, "readwrite", durability)
    }
}

/// Number and name: the same number may be somebody else's on a server that was set up anew under this address.
pub fn name(person: &Person) -> String {
    format!("magpie-{}-{}", person.id, person.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::frame::Deed;
    use shared::id::Timestamp;
    use shared::outbox::State;
    use shared::permission::ServerRole;
    use uuid::Uuid;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn pending(text: &str) -> Pending {
        let deed = Deed::post(1.try_into().unwrap(), text.try_into().unwrap());
        let client_id = ClientId(Uuid::now_v7());
        Pending { client_id, deed, composed_at: Timestamp(1), made_at: None, order: 1, state: State::Writing }
    }

    fn person(number: u64) -> Person {
        Person {
            id: number.try_into().unwrap(),
            name: "linwen".try_into().unwrap(),
            display: "林雯".try_into().unwrap(),
            sound: None,
            role: ServerRole::Member,
        }
    }

    async fn kept(storage: &Storage) -> Vec<Pending> {
        storage.load().await.unwrap().pending
    }

    async fn empty(user: u64) -> Storage {
        Storage::open(&person(user)).await.unwrap().wipe().await;
        Storage::open(&person(user)).await.unwrap()
    }

    #[wasm_bindgen_test]
    async fn what_is_kept_is_there_when_the_page_comes_back() {
        let before = empty(101).await;
        let deed = pending("晚上一起吃饭吗？👩‍👩‍👧‍👦");
        before.keep(&deed).await.unwrap();
        before.database.close();
        let after = Storage::open(&person(101)).await.unwrap();
        assert_eq!(kept(&after).await, [deed]);
    }

    #[wasm_bindgen_test]
    async fn what_an_older_version_kept_is_still_there() {
        empty(107).await.wipe().await;
        let old = Storage { database: database::open(&name(&person(107)), 1, &[OUTBOX]).await.unwrap() };
        let deed = pending("from before");
        old.keep(&deed).await.unwrap();
        old.database.close();
        let storage = Storage::open(&person(107)).await.unwrap();
        storage.change(Changes::default()).await.unwrap();
        assert_eq!(kept(&storage).await, [deed]);
    }

    #[wasm_bindgen_test]
    async fn what_cannot_be_read_is_passed_over() {
        let storage = empty(108).await;
        let transaction = storage.writing(&STORES, "relaxed").unwrap();
        for store in STORES {
            database::put(&transaction, store, "1", "{}").unwrap();
        }
        database::committed(&transaction).await.unwrap();
        let deed = pending("readable");
        storage.keep(&deed).await.unwrap();
        let stored = storage.load().await.unwrap();
        assert_eq!((stored.pending, stored.rooms.len(), stored.account), (vec![deed], 0, None));
    }

    #[wasm_bindgen_test]
    async fn keeping_again_replaces_and_forgetting_removes() {
        let storage = empty(102).await;
        let deed = pending("one");
        storage.keep(&deed).await.unwrap();
        let sent = Pending { state: State::Queued, ..deed.clone() };
        storage.keep(&sent).await.unwrap();
        assert_eq!(kept(&storage).await, [sent]);
        storage.forget(deed.client_id).await.unwrap();
        assert_eq!(kept(&storage).await, []);
    }

    #[wasm_bindgen_test]
    async fn accounts_are_kept_apart_and_wiping_one_leaves_the_other() {
        let (lin, zhang) = (empty(103).await, empty(104).await);
        lin.keep(&pending("mine")).await.unwrap();
        let theirs = pending("theirs");
        zhang.keep(&theirs).await.unwrap();
        lin.wipe().await;
        let lin = Storage::open(&person(103)).await.unwrap();
        assert_eq!(kept(&lin).await, []);
        assert_eq!(kept(&zhang).await, [theirs]);
    }

    #[wasm_bindgen_test]
    async fn writing_asks_for_strict_durability() {
        let storage = empty(105).await;
        let transaction = storage.writing(&[OUTBOX], "strict").unwrap();
        let durability = js_sys::Reflect::get(&transaction, &"durability".into()).unwrap();
        assert_eq!(durability.as_string().as_deref(), Some("strict"));
    }

    #[wasm_bindgen_test]
    async fn a_tab_that_holds_on_does_not_stop_another_that_wipes() {
        let held = empty(106).await;
        held.keep(&pending("held")).await.unwrap();
        let other = Storage::open(&person(106)).await.unwrap();
        other.wipe().await;
        let again = Storage::open(&person(106)).await.unwrap();
        assert_eq!(kept(&again).await, []);
        drop(held);
    }
}
