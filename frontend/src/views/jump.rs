//! Going to a message: from what quotes it, from what was found, from what is pinned.

use leptos::prelude::*;
use shared::id::{ConversationId, Seq};

use crate::place::Place;
use crate::route::Route;

/// A context of the chat page. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Jump {
    route: Route,
    /// How often somebody went somewhere: also to where the address bar leads already.
    count: RwSignal<u32>,
}

impl Jump {
    pub fn new(route: Route) -> Self {
        Self { route, count: RwSignal::new(0) }
    }

    /// Goes to a message of a conversation. From within that conversation, an arrow leads back to where one was.
    pub fn to(self, conversation: ConversationId, message: Seq) {
        self.count.update(|count| *count += 1);
        let path = Place::message_path(conversation, message);
        if *self.route.path().read_untracked() != path {
            self.route.go(&path);
        }
    }

    pub(super) fn count(self) -> u32 {
        self.count.get()
    }
}
