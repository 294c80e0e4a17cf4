//! IndexedDB with futures: a promise for each request, whose two ends are the request's own handlers.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbFactory, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction};

use super::Refused;

impl From<JsValue> for Refused {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Opens a database, making those of these stores that are not there; what an older version made stays as it is.
pub(super) async fn open(name: &str, version: u32, stores: &'static [&str]) -> Result<IdbDatabase, Refused> {
    let request = factory()?.open_with_u32(name, version)?;
    let made = request.clone();
    let upgrade = Closure::<dyn FnMut()>::new(move || {
        if make(&made, stores).is_err() {
            web_sys::console::warn_1(&"magpie: this browser refuses storage".into());
        }
    });
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let database: IdbDatabase = done(&request).await?.dyn_into()?;
    // Another tab wipes it or brings a newer version: whoever holds on would make that tab wait for ever.
    let close: Function = Reflect::get(&database, &"close".into())?.dyn_into()?;
    database.set_onversionchange(Some(&close.bind0(&database)));
    Ok(database)
}

/// Removes a database.
pub(super) async fn remove(name: &str) -> Result<(), Refused> {
    let request = factory()?.delete_database(name)?;
    done(&request).await.map(drop)
}

/// Begins a transaction. If it is "strict", its completion means that the disk holds it; browsers default to
/// "relaxed". The bindings have no stable name for the option yet, so the method is called by name.
pub(super) fn begin(
    database: &IdbDatabase,
    stores: &[&str],
    mode: &str,
    durability: &str,
) -> Result<IdbTransaction, Refused> {
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &durability.into())?;
    let stores: Array = stores.iter().map(|store| JsValue::from_str(store)).collect();
    let method: Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
    Ok(method.call3(database, &stores, &mode.into(), &options)?.dyn_into()?)
}

/// The answer to a request.
pub(super) async fn done(request: &IdbRequest) -> Result<JsValue, Refused> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(promise).await?;
    Ok(request.result()?)
}

/// Ends a transaction, and answers when it is done. What was asked of it is not waited for one by one: a page that is put to sleep in between would
/// hold it open, and every other page would wait.
#[expect(deprecated, reason = "version 3.0 of the specification has it back, and all browsers have it")]
pub(super) async fn committed(transaction: &IdbTransaction) -> Result<(), Refused> {
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    transaction.commit()?;
    JsFuture::from(promise).await?;
    Ok(())
}

/// A store of a transaction.
pub(super) fn store(transaction: &IdbTransaction, name: &str) -> Result<IdbObjectStore, Refused> {
    Ok(transaction.object_store(name)?)
}

/// Writes a text under a key, in place of an earlier one.
pub(super) fn put(transaction: &IdbTransaction, name: &str, key: &str, json: &str) -> Result<(), Refused> {
    store(transaction, name)?.put_with_key(&json.into(), &key.into())?;
    Ok(())
}

/// Removes what stands under a key.
pub(super) fn delete(transaction: &IdbTransaction, name: &str, key: &str) -> Result<(), Refused> {
    store(transaction, name)?.delete(&key.into())?;
    Ok(())
}

fn make(request: &IdbOpenDbRequest, stores: &[&str]) -> Result<(), Refused> {
    let database: IdbDatabase = request.result()?.dyn_into()?;
    let there = database.object_store_names();
    for store in stores.iter().filter(|store| !there.contains(store)) {
        database.create_object_store(store)?;
    }
    Ok(())
}

fn factory() -> Result<IdbFactory, Refused> {
    window().indexed_db()?.ok_or(Refused)
}
