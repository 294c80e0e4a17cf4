//! The recent history of each conversation, kept for when there is no network.

use shared::client::{Account, Mine, Room, Stored};
use shared::id::ConversationId;
use shared::json;
use wasm_bindgen::JsCast;
use web_sys::{IdbRequest, IdbTransaction};

use super::database::{self, delete, put};
use super::{ACCOUNT, ROOMS, Refused, STORES, Storage};
use crate::deadline;
use crate::reading::{Texts, read_stored};

/// The key of this person's own state, beside that of the account.
const MINE: &str = "mine";

/// What is to be written, all of it or nothing.
#[derive(Debug, Default)]
pub struct Changes {
    /// Whether all that was kept belongs to another incarnation of the server.
    pub is_anew: bool,
    /// Who it is, if that changed.
    pub account: Option<Account>,
    /// What is this person's own, if that changed.
    pub mine: Option<Mine>,
    /// Conversations as they are now.
    pub rooms: Vec<Room>,
    /// Conversations that are no longer this person's.
    pub gone: Vec<ConversationId>,
}

impl Storage {
    /// Everything kept. What cannot be read any more is passed over.
    pub async fn load(&self) -> Result<Stored, Refused> {
        deadline::within(super::PATIENCE, self.load_at_last()).await.unwrap_or(Err(Refused))
    }

    async fn load_at_last(&self) -> Result<Stored, Refused> {
        let transaction = database::begin(&self.database, &STORES, "readonly", "relaxed")?;
        let [pending, rooms, account] = STORES.map(|store| all(&transaction, store));
        database::committed(&transaction).await?;
        let texts = Texts { pending: texts(&pending?)?, rooms: texts(&rooms?)?, account: texts(&account?)? };
        if texts.pending.is_empty() && texts.rooms.is_empty() && texts.account.is_empty() {
            return Ok(Stored::default());
        }
        read_stored(texts).await.map_err(|_| Refused)
    }

    /// Writes history. What a crash takes of it comes from the server again.
    pub async fn change(&self, changes: Changes) -> Result<(), Refused> {
        let transaction = self.writing(&[ROOMS, ACCOUNT], "relaxed")?;
        if changes.is_anew {
            database::store(&transaction, ROOMS)?.clear()?;
        }
        for room in &changes.rooms {
            let json = json::write(room).map_err(|_| Refused)?;
            put(&transaction, ROOMS, &room.summary().id.to_string(), &json)?;
        }
        for id in &changes.gone {
            delete(&transaction, ROOMS, &id.to_string())?;
        }
        if let Some(account) = &changes.account {
            let json = json::write(account).map_err(|_| Refused)?;
            put(&transaction, ACCOUNT, ACCOUNT, &json)?;
        }
        if let Some(mine) = &changes.mine {
            let json = json::write(mine).map_err(|_| Refused)?;
            put(&transaction, ACCOUNT, MINE, &json)?;
        }
        database::committed(&transaction).await
    }

    /// Removes what the server has as well; what waits to be sent stays, and what was typed.
    pub async fn forget_history(&self) {
        // Where the browser refuses even that, there is nothing more to do.
        let _ = self.clear(&[ROOMS]).await;
        if let Ok(transaction) = self.writing(&[ACCOUNT], "strict")
            && delete(&transaction, ACCOUNT, ACCOUNT).is_ok()
        {
            let _ = database::committed(&transaction).await;
        }
    }
}

fn all(transaction: &IdbTransaction, store: &str) -> Result<IdbRequest, Refused> {
    Ok(database::store(transaction, store)?.get_all()?)
}

fn texts(request: &IdbRequest) -> Result<Vec<String>, Refused> {
    let kept: js_sys::Array = request.result()?.dyn_into()?;
    Ok(kept.iter().filter_map(|value| value.as_string()).collect())
}
