//! What the pages are made of: they read the state and call the actions.

mod composer;
mod details;
mod emoji;
mod left_over;
mod link_line;
mod markup;
mod message;
mod naming;
mod room;
mod row;
mod shortcuts;
mod sidebar;
mod start;
mod switcher;
mod timeline;
mod today;

pub use details::Details;
pub use link_line::LinkLine;
pub use naming::title_of;
pub use room::RoomPane;
pub use sidebar::Sidebar;
pub use today::follow_the_calendar;

use leptos::prelude::*;
use shared::id::ConversationId;

use crate::later::later;
use emoji::EmojiPicker;
use shortcuts::Shortcuts;
use start::StartDialog;
use switcher::Switcher;

later! {
    /// Starting a conversation.
    pub fn start_dialog(open: RwSignal<bool>) in dialogs { view! { <StartDialog open/> }.into_any() }
}

later! {
    /// The sheet of shortcuts.
    pub fn shortcuts(open: RwSignal<bool>) in dialogs { view! { <Shortcuts open/> }.into_any() }
}

later! {
    /// Jumping to anyone by a few letters; it knows which conversation is open.
    pub fn switcher(open: RwSignal<bool>, at: Memo<Option<ConversationId>>) in switcher {
        view! { <Switcher open at/> }.into_any()
    }
}

later! {
    /// A panel to pick an emoji from.
    pub fn emoji_picker(on_pick: Callback<String>, on_close: Callback<()>) in emoji {
        view! { <EmojiPicker on_pick on_close/> }.into_any()
    }
}
