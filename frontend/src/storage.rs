//! What waits to be sent, in IndexedDB: one database for each account, written with strict durability.

use idb::{Database, DatabaseEvent, Factory, ObjectStoreParams, Query, Transaction, TransactionMode};
use js_sys::{Array, Function, Object, Reflect};
use shared::id::{ClientId, UserId};
use shared::outbox::Pending;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbTransaction};

const OUTBOX: &str = "outbox";
const VERSION: u32 = 1;

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
}

impl Storage {
    /// Opens the database of this account, making it if it is not there.
    pub async fn open(user: UserId) -> Result<Self, Refused> {
        let mut request = Factory::new()?.open(&name(user), Some(VERSION))?;
        request.on_upgrade_needed(|event| {
            let made =
                event.database().and_then(|db| db.create_object_store(OUTBOX, ObjectStoreParams::new()));
            if made.is_err() {
                web_sys::console::warn_1(&"magpie: this browser refuses storage".into());
            }
        });
        Ok(Self { database: request.await?.into() })
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

fn name(user: UserId) -> String {
    format!("magpie-{user}")
}
