//! The service worker, which opens the page without a network: `assets/sw.js`.

use js_sys::Reflect;
use leptos::prelude::window;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// As in `assets/sw.js`.
const SHELL: &str = "magpie-shell";
const PAGE: &str = "/";

/// From now on this browser keeps the page. Only where it counts as safe: over https, or from this very device.
pub fn keep() {
    // While one works on the client, every build is a new page.
    if cfg!(debug_assertions) || !has(&window().navigator(), "serviceWorker") {
        return;
    }
    let registering = window().navigator().service_worker().register("/sw.js");
    spawn_local(async move {
        // A browser that refuses asks the network each time.
        let _ = JsFuture::from(registering).await;
    });
}

/// Loads the page anew, and not the kept one: the server wants a newer client.
pub async fn renew() {
    if has(&window(), "caches")
        && let Ok(caches) = window().caches()
        && let Ok(cache) = JsFuture::from(caches.open(SHELL)).await
    {
        // Where it is not kept there is nothing to forget.
        let _ = JsFuture::from(web_sys::Cache::from(cache).delete_with_str(PAGE)).await;
    }
    crate::browser::reload();
}

fn has(object: &JsValue, name: &str) -> bool {
    Reflect::get(object, &name.into()).is_ok_and(|found| found.is_object())
}
