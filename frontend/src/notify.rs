//! Messages shown by the system while nobody looks at the page; only if somebody asked for that here.

use js_sys::{Function, Reflect};
use leptos::prelude::*;
use shared::id::{ConversationId, Seq};
use shared::model::What;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

use crate::locales::words_in;
use crate::place::Place;
use crate::state::State;
use crate::views::{name_of, title_of};

/// Characters of a message that are shown: systems cut sooner.
const SHOWN: usize = 200;

/// Whether this browser shows notifications at all.
pub fn is_offered() -> bool {
    Reflect::has(&js_sys::global(), &"Notification".into()).unwrap_or(false)
}

/// Whether the person has said no to the browser, which is not asked again then.
pub fn is_denied() -> bool {
    is_offered() && Notification::permission() == NotificationPermission::Denied
}

/// Asks the person, because they just clicked for it. Says whether notifications may be shown.
pub async fn ask() -> bool {
    let Some(asked) = is_offered().then(Notification::request_permission).and_then(Result::ok) else {
        return false;
    };
    JsFuture::from(asked).await.is_ok_and(|answer| answer.as_string().as_deref() == Some("granted"))
}

/// Shows a message that has just come, if nobody looks. A newer one of the same conversation takes its place.
pub fn message(state: State, conversation: ConversationId, seq: Seq) {
    let prefs = state.prefs.get_untracked();
    let is_hidden = leptos::prelude::document().hidden();
    if !prefs.notifies
        || !is_hidden
        || !is_offered()
        || Notification::permission() != NotificationPermission::Granted
    {
        return;
    }
    let words = words_in(prefs.language);
    let told = state.peek(|client| {
        let room = client.room(conversation)?;
        let entry = room.timeline().entries().find(|entry| entry.seq == seq)?;
        let What::Posted(post) = &entry.what else { return None };
        let (title, who) = (title_of(client, room, words), name_of(client, entry.author, words));
        let text: String = post.body.as_str().chars().take(SHOWN).collect();
        let body = if title == who { text } else { (words.list.said)(&who) + &text };
        Some((title, body))
    });
    if let Some((title, body)) = told {
        show(conversation, &title, &body);
    }
}

fn show(conversation: ConversationId, title: &str, body: &str) {
    let options = NotificationOptions::new();
    options.set_body(body);
    options.set_tag(&format!("magpie-{conversation}"));
    options.set_icon("/magpie.svg");
    // A phone's browser lets only its service worker show any, and says so by throwing.
    let Ok(shown) = Notification::new_with_options(title, &options) else { return };
    let notification = shown.clone();
    let open = Closure::once_into_js(move |_: JsValue| {
        let window = leptos::prelude::window();
        // A browser that does not let itself be brought to the front shows the conversation when somebody looks.
        let _ = window.focus();
        let _ = window.location().set_href(&Place::path(conversation));
        notification.close();
    });
    shown.set_onclick(open.dyn_ref::<Function>());
}
