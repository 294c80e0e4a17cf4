//! What the pages are made of: they read the state and call the actions.

mod composer;
mod details;
mod left_over;
mod link_line;
mod message;
mod naming;
mod room;
mod row;
mod shortcuts;
mod sidebar;
mod start;
mod timeline;
mod today;

pub use details::Details;
pub use link_line::LinkLine;
pub use naming::title_of;
pub use room::RoomPane;
pub use sidebar::Sidebar;
pub use today::follow_the_calendar;

use leptos::prelude::*;

use crate::later::later;
use shortcuts::Shortcuts;
use start::StartDialog;

later! {
    /// Starting a conversation.
    pub fn start_dialog(open: RwSignal<bool>) in dialogs { view! { <StartDialog open/> }.into_any() }
}

later! {
    /// The sheet of shortcuts.
    pub fn shortcuts(open: RwSignal<bool>) in dialogs { view! { <Shortcuts open/> }.into_any() }
}
