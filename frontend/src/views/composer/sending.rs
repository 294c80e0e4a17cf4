//! What sends, and what becomes of the field then.

use leptos::prelude::*;
use shared::id::Timestamp;
use shared::text::Body;
use web_sys::KeyboardEvent;

use super::writing::{Typed, Writing};
use crate::state::State;

/// Sends what is written, now or at a moment to come, if it can be sent; otherwise it stays where it is.
pub fn use_send(writing: Writing) -> impl Fn(Option<Timestamp>) + Copy + Send + Sync + 'static {
    let state = expect_context::<State>();
    move |due| {
        let Some(field) = writing.field() else { return };
        let Ok(body) = Body::try_from(field.value()) else { return };
        if !state.peek(|client| client.outbox().has_room()) {
            writing.typed.update(|typed| typed.is_full = true);
            return;
        }
        // The kept draft goes when the message is on disk, not before.
        field.set_value("");
        writing.typed.set(Typed { is_blank: true, ..Typed::default() });
        let is_edit = writing.is_edit();
        match due {
            Some(due) if !is_edit => writing.talk.schedule(body, due),
            _ => writing.talk.write(body),
        }
        if !is_edit {
            writing.draft.sent();
        }
        // Whoever sends goes on writing; where the field cannot have the focus, nothing is lost.
        let _ = field.focus();
    }
}

/// Whether a key that no input method took sends.
pub fn use_sends() -> impl Fn(&KeyboardEvent) -> bool + Copy + 'static {
    let prefs = expect_context::<State>().prefs;
    move |key| {
        let with_ctrl = key.ctrl_key() || key.meta_key();
        let means_it = with_ctrl || prefs.read_untracked().enter_sends;
        key.key() == "Enter" && means_it && !key.shift_key() && !key.alt_key()
    }
}

/// What a phone's keyboard shows on its Enter key.
pub fn use_enter_hint() -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let prefs = expect_context::<State>().prefs;
    move || if prefs.read().enter_sends { "send" } else { "enter" }
}
