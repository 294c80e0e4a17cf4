//! What the address bar says: which conversation is open, and whether its details are.

use leptos::prelude::*;
use shared::id::{ConversationId, Seq};

use crate::state::State;

/// Where one is in the chat page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The open conversation.
    pub conversation: Option<ConversationId>,
    /// Whether its details are shown.
    pub details: bool,
}

impl Place {
    /// The place that a path names: `/`, `/c/7` or `/c/7/details`.
    pub fn of(path: &str) -> Self {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next(), parts.next()) {
            (Some("c"), Some(id), rest) => {
                Self { conversation: id.parse().ok(), details: rest == Some("details") }
            }
            _ => Self::default(),
        }
    }

    /// The path of a conversation.
    pub fn path(conversation: ConversationId) -> String {
        format!("/c/{conversation}")
    }

    /// The path of a message.
    pub fn message_path(conversation: ConversationId, seq: Seq) -> String {
        format!("/c/{conversation}/{seq}")
    }

    /// The path of a conversation with its details open.
    pub fn details_path(conversation: ConversationId) -> String {
        format!("/c/{conversation}/details")
    }
}

/// The place that the address bar shows now.
pub fn use_place() -> Memo<Place> {
    let path = expect_context::<State>().route.path();
    Memo::new(move |_| path.with(|path| Place::of(path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_path_names_the_place_that_it_was_made_of() {
        let id: ConversationId = 7.try_into().unwrap();
        assert_eq!(Place::of("/"), Place::default());
        assert_eq!(Place::of(&Place::path(id)), Place { conversation: Some(id), details: false });
        assert_eq!(Place::of(&Place::details_path(id)), Place { conversation: Some(id), details: true });
    }

    #[wasm_bindgen_test]
    fn a_path_that_names_nothing_opens_nothing() {
        for path in ["/c/", "/c/0", "/c/-1", "/c/x", "/c/9007199254740992", "/elsewhere"] {
            assert_eq!(Place::of(path).conversation, None, "for {path}");
        }
    }
}
