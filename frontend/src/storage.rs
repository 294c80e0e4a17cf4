//! What waits to be sent, in IndexedDB: one database for each account, written with strict durability.

use std::rc::Rc;
use std::time::Duration;

use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, Query, Transaction, TransactionMode};
use js_sys::{Array, Function, Object, Reflect};
use shared::id::ClientId;
use shared::model::Person;
use shared::outbox::Pending;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbTransaction};

use crate::deadline;

const OUTBOX: &str = "outbox";
const VERSION: u32 = 1;
/// How long the browser may take to open it.
const PATIENCE: Duration = Duration::from_secs(5);

/// The browser refused: private mode, no room, or blocked by a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

impl From<idb::Error> for Refused {
    fn from(_: idb::Error) -> Self {
        Self
    }
}

/// The open database of one account.
#[derive(Clone)]
pub struct Storage {
    database: IdbDatabase,
    /// Holds the handler that lets go of it.
    _owner: Rc<Database>,
}

impl Storage {
    /// Opens the database of this account, making it if it is not there. A browser that does not answer in time
    /// counts as one that refuses.
    pub async fn open(person: &Person) -> Result<Self, Refused> {
        deadline::within(PATIENCE, Self::open_at_last(name(person))).await.unwrap_or(Err(Refused))
    }

    async fn open_at_last(name: String) -> Result<Self, Refused> {
        let mut request = Factory::new()?.open(&name, Some(VERSION))?;
        request.on_upgrade_needed(|event| {
            let made =
                event.database().and_then(|db| db.create_object_store(OUTBOX, ObjectStoreParams::new()));
            if made.is_err() {
                web_sys::console::warn_1(&"magpie: this browser refuses storage".into());
            }
        });
        let database: IdbDatabase = request.await?.into();
        let mut owner = Database::from(database.clone());
        // Another tab wipes it or brings a newer version: whoever holds on would make that tab wait for ever.
        let held = database.clone();
        owner.on_version_change(move |_| held.close());
        Ok(Self { database, _owner: Rc::new(owner) })
    }

    /// All deeds kept. One that cannot be read any more is left where it is and passed over.
    pub async fn pending(&self) -> Result<Vec<Pending>, Refused> {
        let database = Database::from(self.database.clone());
        let transaction = database.transaction(&[OUTBOX], TransactionMode::ReadOnly)?;
        let stored = transaction.object_store(OUTBOX)?.get_all(None, None)?.await?;
        transaction.await?;
        let read = |value: JsValue| serde_json::from_str(&value.as_string()?).ok();
        Ok(stored.into_iter().filter_map(read).collect())
    }

    /// Writes a deed; when this returns, it survives a crash of the browser.
    pub async fn keep(&self, pending: &Pending) -> Result<(), Refused> {
        let json = serde_json::to_string(pending).map_err(|_| Refused)?;
        let transaction = self.strict()?;
        let key = JsValue::from_str(&pending.client_id.to_string());
        transaction.object_store(OUTBOX)?.put(&JsValue::from_str(&json), Some(&key))?.await?;
        committed(transaction).await
    }

    /// Removes a deed.
    pub async fn forget(&self, client_id: ClientId) -> Result<(), Refused> {
        let transaction = self.strict()?;
        let key = Query::Key(JsValue::from_str(&client_id.to_string()));
        transaction.object_store(OUTBOX)?.delete(key)?.await?;
        committed(transaction).await
    }

    /// Removes everything kept of this account. Where the browser refuses even that, there is nothing more to do.
    pub async fn wipe(self) {
        let name = self.database.name();
        self.database.close();
        if let Ok(deleting) = Factory::new().and_then(|factory| factory.delete(&name)) {
            drop(deleting.await);
        }
    }

    /// A transaction whose completion means that the disk holds it. Browsers default to "relaxed", and the bindings
    /// have no name for the option yet, so the method is called by name.
    fn strict(&self) -> Result<Transaction, Refused> {
        let options = Object::new();
        let asked = Reflect::set(&options, &"durability".into(), &"strict".into());
        asked.map_err(|_| Refused)?;
        let method = Reflect::get(&self.database, &"transaction".into()).map_err(|_| Refused)?;
        let method: Function = method.dyn_into().map_err(|_| Refused)?;
        let arguments = Array::of3(&OUTBOX.into(), &"readwrite".into(), &options);
        let transaction = method.apply(&self.database, &arguments).map_err(|_| Refused)?;
        transaction.dyn_into::<IdbTransaction>().map(Into::into).map_err(|_| Refused)
    }
}

async fn committed(transaction: Transaction) -> Result<(), Refused> {
    if transaction.commit()?.await?.is_committed() { Ok(()) } else { Err(Refused) }
}

/// Number and name: the same number may be somebody else's on a server that was set up anew under this address.
fn name(person: &Person) -> String {
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
        let deed = Deed::Post { conversation: 1.try_into().unwrap(), body: text.try_into().unwrap() };
        let client_id = ClientId(Uuid::now_v7());
        Pending { client_id, deed, composed_at: Timestamp(1), made_at: None, order: 1, state: State::Writing }
    }

    fn person(number: u64) -> Person {
        Person {
            id: number.try_into().unwrap(),
            name: "linwen".try_into().unwrap(),
            display: "林雯".try_into().unwrap(),
            role: ServerRole::Member,
        }
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
        assert_eq!(after.pending().await.unwrap(), [deed]);
    }

    #[wasm_bindgen_test]
    async fn keeping_again_replaces_and_forgetting_removes() {
        let storage = empty(102).await;
        let deed = pending("one");
        storage.keep(&deed).await.unwrap();
        let sent = Pending { state: State::Queued, ..deed.clone() };
        storage.keep(&sent).await.unwrap();
        assert_eq!(storage.pending().await.unwrap(), [sent]);
        storage.forget(deed.client_id).await.unwrap();
        assert_eq!(storage.pending().await.unwrap(), []);
    }

    #[wasm_bindgen_test]
    async fn accounts_are_kept_apart_and_wiping_one_leaves_the_other() {
        let (lin, zhang) = (empty(103).await, empty(104).await);
        lin.keep(&pending("mine")).await.unwrap();
        let theirs = pending("theirs");
        zhang.keep(&theirs).await.unwrap();
        lin.wipe().await;
        let lin = Storage::open(&person(103)).await.unwrap();
        assert_eq!(lin.pending().await.unwrap(), []);
        assert_eq!(zhang.pending().await.unwrap(), [theirs]);
    }

    #[wasm_bindgen_test]
    async fn writing_asks_for_strict_durability() {
        let storage = empty(105).await;
        let transaction: IdbTransaction = storage.strict().unwrap().into();
        let durability = Reflect::get(&transaction, &"durability".into()).unwrap();
        assert_eq!(durability.as_string().as_deref(), Some("strict"));
    }

    #[wasm_bindgen_test]
    async fn a_tab_that_holds_on_does_not_stop_another_that_wipes() {
        let held = empty(106).await;
        held.keep(&pending("held")).await.unwrap();
        let other = Storage::open(&person(106)).await.unwrap();
        other.wipe().await;
        let again = Storage::open(&person(106)).await.unwrap();
        assert_eq!(again.pending().await.unwrap(), []);
        drop(held);
    }
}
