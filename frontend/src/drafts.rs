//! What is typed and not sent, kept in this browser with every key: whatever else happens, it is here.
//!
//! Beside each text stands what the client core was last told or told of. Where the two are the same, the core knows
//! better, since another device may have gone on; where they differ, this text was typed and nobody has heard of it.

use std::cell::RefCell;
use std::collections::BTreeSet;

use shared::client::Desk;
use shared::id::ConversationId;
use shared::model::Person;

use crate::browser::{forget_all, keep as keep_text, kept};

const DRAFT: &str = "magpie.draft.";
/// What the keys of what the core knows end in.
const KNOWN: &str = ".known";

thread_local! {
    /// Whose drafts are read and kept: drafts of one account are not another's.
    static OWNER: RefCell<String> = const { RefCell::new(String::new()) };
    /// Of which drafts the core of this very page was told: what an earlier page told it may have died with that.
    static TOLD: RefCell<BTreeSet<Desk>> = const { RefCell::new(BTreeSet::new()) };
}

/// From now on drafts are this person's.
pub fn belong_to(person: &Person) {
    OWNER.set(format!("{DRAFT}{}-{}.", person.id, person.name));
}

/// What was typed at a desk and not sent.
pub fn typed(desk: Desk) -> String {
    read(key(desk, ""))
}

/// What the core was last told of it.
pub fn known(desk: Desk) -> String {
    read(key(desk, KNOWN))
}

/// Keeps what is being typed; an empty text keeps nothing.
pub fn keep(desk: Desk, text: &str) {
    write(key(desk, ""), text);
}

/// Whether the core was told of this draft since the page was opened.
pub fn was_told_here(desk: Desk) -> bool {
    TOLD.with_borrow(|told| told.contains(&desk))
}

/// The core knows this text.
pub fn keep_known(desk: Desk, text: &str) {
    TOLD.with_borrow_mut(|told| told.insert(desk));
    write(key(desk, KNOWN), text);
}

/// Under which key something else is kept beside the draft of a conversation; nowhere when nobody is signed in.
pub fn beside(conversation: ConversationId, what: &str) -> Option<String> {
    OWNER.with_borrow(|owner| (!owner.is_empty()).then(|| format!("{owner}{conversation}.{what}")))
}

/// Forgets all drafts of the person who signs out. From now on none are kept.
pub fn forget() {
    let owner = OWNER.take();
    TOLD.take();
    if !owner.is_empty() {
        forget_all(&owner);
    }
}

fn key((conversation, thread): Desk, of: &str) -> Option<String> {
    let owner = OWNER.with_borrow(String::clone);
    let thread = thread.map(|thread| format!(".{thread}")).unwrap_or_default();
    (!owner.is_empty()).then(|| format!("{owner}{conversation}{thread}{of}"))
}

fn read(key: Option<String>) -> String {
    key.and_then(|key| kept(&key)).unwrap_or_default()
}

fn write(key: Option<String>, text: &str) {
    if let Some(key) = key {
        keep_text(&key, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_draft_stays_until_it_is_emptied_or_the_person_signs_out() {
        let (lobby, group) = ((1.try_into().unwrap(), None), (2.try_into().unwrap(), None));
        let thread = (lobby.0, Some(7.try_into().unwrap()));
        OWNER.set("magpie.draft.1-linwen.".to_owned());
        keep(lobby, "你好，");
        keep_known(lobby, "你");
        keep(thread, "in the thread");
        keep(group, "later");
        keep_text("magpie.other", "stays");
        assert_eq!((typed(lobby), known(lobby)), ("你好，".to_owned(), "你".to_owned()));
        keep(lobby, "");
        assert_eq!((typed(lobby).as_str(), typed(thread).as_str()), ("", "in the thread"));
        forget();
        OWNER.set("magpie.draft.1-linwen.".to_owned());
        assert_eq!((typed(group).as_str(), kept("magpie.other").as_deref()), ("", Some("stays")));
    }
}
