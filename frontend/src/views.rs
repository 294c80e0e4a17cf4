//! What the pages are made of: they read the state and call the actions.

mod composer;
mod details;
mod later;
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
mod ticks;
mod timeline;
mod today;
mod typing;

pub use details::Details;
pub use link_line::LinkLine;
pub use naming::{name_of, title_of};
pub use room::RoomPane;
pub use shortcuts::Shortcuts;
pub use sidebar::Sidebar;
pub use start::StartDialog;
pub use ticks::WhoRead;
pub use today::follow_the_calendar;
