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

/// Keeps a file that no page names, beside the page: from now on it is there without a network.
pub async fn keep_file(path: &str) {
    if !cfg!(debug_assertions)
        && let Some(cache) = cache().await
    {
        // Where it cannot be kept the network is asked each time.
        let _ = JsFuture::from(cache.add_with_str(path)).await;
    }
}

/// Loads the page anew, and not the kept one: the server wants a newer client.
pub async fn renew() {
    if let Some(cache) = cache().await {
        // Where it is not kept there is nothing to forget.
        let _ = JsFuture::from(cache.delete_with_str(PAGE)).await;
    }
    crate::browser::reload();
}

async fn cache() -> Option<web_sys::Cache> {
    let caches = has(&window(), "caches").then(|| window().caches().ok()).flatten()?;
    JsFuture::from(caches.open(SHELL)).await.ok().map(web_sys::Cache::from)
}

fn has(object: &JsValue, name: &str) -> bool {
    Reflect::get(object, &name.into()).is_ok_and(|found| found.is_object())
}
