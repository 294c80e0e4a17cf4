//! What the address bar says: which conversation is open, and whether its details are.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use shared::id::ConversationId;

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

    /// The path of a conversation with its details open.
    pub fn details_path(conversation: ConversationId) -> String {
        format!("/c/{conversation}/details")
    }
}

/// The place that the address bar shows now.
pub fn use_place() -> Memo<Place> {
    let path = use_location().pathname;
    Memo::new(move |_| path.with(|path| Place::of(path)))
}
