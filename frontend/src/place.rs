//! What the address bar says: which conversation is open, at which message, and whether its details or a thread are.

use leptos::prelude::*;
use shared::id::{ConversationId, Seq};

use crate::state::State;

/// Where one is in the chat page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The open conversation.
    pub conversation: Option<ConversationId>,
    /// The message one went to in it.
    pub message: Option<Seq>,
    /// Whether its details are shown.
    pub details: bool,
    /// The thread that is shown beside it, by its first message.
    pub thread: Option<Seq>,
}

impl Place {
    /// The place that a path names: `/`, `/c/7`, `/c/7/58`, `/c/7/details`, `/c/7/58/details`,
    /// `/c/7/t/55` or `/c/7/58/t/55`.
    pub fn of(path: &str) -> Self {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        if parts.next() != Some("c") {
            return Self::default();
        }
        let conversation = parts.next().and_then(|id| id.parse().ok());
        let mut part = parts.next();
        let number: Option<u64> = part.and_then(|part| part.parse().ok());
        let message = number.and_then(seq);
        if number.is_some() {
            part = parts.next();
        }
        let thread =
            if part == Some("t") { parts.next().and_then(|part| seq(part.parse().ok()?)) } else { None };
        Self { conversation, message, details: part == Some("details"), thread }
    }

    /// The path of this place.
    pub fn link(self) -> String {
        let mut path = self.conversation.map_or_else(|| "/".to_owned(), Self::path);
        if let Some(message) = self.message {
            path = format!("{path}/{message}");
        }
        match self.thread {
            Some(thread) => format!("{path}/t/{thread}"),
            None if self.details => format!("{path}/details"),
            None => path,
        }
    }

    /// The path of a conversation.
    pub fn path(conversation: ConversationId) -> String {
        format!("/c/{conversation}")
    }

    /// The path of a message.
    pub fn message_path(conversation: ConversationId, message: Seq) -> String {
        format!("/c/{conversation}/{message}")
    }
}

fn seq(number: u64) -> Option<Seq> {
    number.try_into().ok().filter(|seq| *seq > Seq::ZERO)
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
        let place = Place { conversation: Some(id), ..Place::default() };
        assert_eq!(Place::of(&Place::path(id)), place);
        let seq: Seq = 58_u64.try_into().unwrap();
        let message = Some(seq);
        assert_eq!(Place::of(&Place::message_path(id, seq)), Place { message, ..place });
        for message in [None, message] {
            for details in [false, true] {
                let place = Place { message, details, ..place };
                assert_eq!(Place::of(&place.link()), place);
                let place = Place { details: false, thread: Some(55_u64.try_into().unwrap()), ..place };
                assert_eq!(Place::of(&place.link()), place);
            }
        }
    }

    #[wasm_bindgen_test]
    fn a_path_that_names_nothing_opens_nothing() {
        for path in ["/c/", "/c/0", "/c/-1", "/c/x", "/c/9007199254740992", "/elsewhere"] {
            assert_eq!(Place::of(path).conversation, None, "for {path}");
        }
        for path in ["/c/7/t/0", "/c/7/t/x", "/c/7/t"] {
            assert_eq!(Place::of(path).thread, None, "for {path}");
        }
        for path in ["/c/7/0", "/c/7/-1", "/c/7/x", "/c/7/9007199254740992"] {
            assert_eq!(Place::of(path).message, None, "for {path}");
        }
    }
}
