//! What the pages are made of: they read the state and call the actions.

mod cards;
mod choosing;
mod composer;
mod details;
mod emoji;
mod finder;
mod forward;
mod jump;
mod left_over;
mod link_line;
mod markup;
mod menu;
mod message;
mod naming;
mod pins;
mod room;
mod row;
mod scheduled;
mod search;
mod sheets;
mod shortcuts;
mod sidebar;
mod start;
mod switcher;
mod talk;
mod thread;
mod ticks;
mod timeline;
mod today;
mod typing;
mod versions;

pub use finder::Search;
pub use jump::Jump;
pub use link_line::LinkLine;
pub use menu::OpenThread;
pub use naming::{name_of, title_of};
pub use room::RoomPane;
pub use sidebar::Sidebar;
pub use switcher::Ahead;
pub use today::follow_the_calendar;

use leptos::prelude::*;
use shared::id::{ConversationId, Seq};

use crate::later::later;
use cards::{CardOf, ChainDialog, PlusMenu, PollDialog};
use choosing::ChoosingBar;
use details::{Details, Kept};
use emoji::EmojiPicker;
use forward::ForwardDialog;
use left_over::{LeftOver, LeftOverLines};
use menu::MessageMenu;
use message::Drawn;
use pins::PinsDialog;
use search::SearchPane;
use shortcuts::Shortcuts;
use start::StartDialog;
use switcher::Switcher;
use thread::ThreadPane;
use ticks::WhoRead;
use versions::VersionsDialog;

later! {
    /// Starting a conversation.
    pub fn start_dialog(open: RwSignal<bool>) in dialogs { view! { <StartDialog open/> }.into_any() }
}

later! {
    /// The sheet of shortcuts.
    pub fn shortcuts(open: RwSignal<bool>) in dialogs { view! { <Shortcuts open/> }.into_any() }
}

later! {
    /// What can be done with a message.
    pub fn message_menu(open: RwSignal<bool>) in messages { view! { <MessageMenu open/> }.into_any() }
}

later! {
    /// What people fill in below a message.
    pub fn card_of(drawn: Memo<Drawn>, is_near: RwSignal<bool>) in messages {
        view! { <CardOf drawn is_near/> }.into_any()
    }
}

later! {
    /// What else than text a message can be.
    pub fn plus_menu(open: RwSignal<bool>) in messages { view! { <PlusMenu open/> }.into_any() }
}

later! {
    /// Making a poll.
    pub fn poll_dialog(open: RwSignal<bool>) in messages { view! { <PollDialog open/> }.into_any() }
}

later! {
    /// Making a chain.
    pub fn chain_dialog(open: RwSignal<bool>) in messages { view! { <ChainDialog open/> }.into_any() }
}

later! {
    /// What people come back to in a conversation.
    pub fn kept(id: ConversationId) in messages { view! { <Kept id/> }.into_any() }
}

later! {
    /// A thread beside its conversation.
    pub fn thread_pane(id: ConversationId, root: Seq) in messages { view! { <ThreadPane id root/> }.into_any() }
}

later! {
    /// Choosing where to forward to.
    pub fn forward_dialog(open: RwSignal<bool>) in messages { view! { <ForwardDialog open/> }.into_any() }
}

later! {
    /// What a message said before.
    pub fn versions_dialog(open: RwSignal<bool>) in messages { view! { <VersionsDialog open/> }.into_any() }
}

later! {
    /// All that is pinned.
    pub fn pins_dialog(open: RwSignal<bool>) in messages { view! { <PinsDialog open/> }.into_any() }
}

later! {
    /// What one does with several messages.
    pub fn choosing_bar() in messages { view! { <ChoosingBar/> }.into_any() }
}

later! {
    /// Jumping to anyone by a few letters; it knows which conversation is open.
    pub fn switcher(open: RwSignal<bool>, at: Memo<Option<ConversationId>>) in switcher {
        view! { <Switcher open at/> }.into_any()
    }
}

later! {
    /// What is found.
    pub fn search_pane() in search { view! { <SearchPane/> }.into_any() }
}

later! {
    /// A panel to pick an emoji from.
    pub fn emoji_picker(on_pick: Callback<String>, on_close: Callback<()>) in emoji {
        view! { <EmojiPicker on_pick on_close/> }.into_any()
    }
}

later! {
    /// Who has read a message.
    pub fn who_read(open: RwSignal<bool>) in messages { view! { <WhoRead open/> }.into_any() }
}

later! {
    /// The details of a conversation.
    pub fn details(id: ConversationId) in room { view! { <Details id/> }.into_any() }
}

later! {
    /// What was written to a conversation that one is in no more.
    pub fn left_over(id: ConversationId) in room { view! { <LeftOver id/> }.into_any() }
}

later! {
    /// The way to all that.
    pub fn left_over_lines() in room { view! { <LeftOverLines/> }.into_any() }
}
