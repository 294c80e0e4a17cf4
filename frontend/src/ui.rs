//! Parts that know nothing of Magpie's state: they take props and callbacks.

mod avatar;
mod choice;
mod dialog;
mod field;
mod icon;
mod title;
mod typing;

pub use avatar::{Avatar, Face};
pub use choice::{Choice, Switch};
pub use dialog::{Dialog, DialogHeader};
pub use field::{Fault, Field, PasswordField};
pub use icon::Icon;
pub use title::show_title;
pub use typing::is_composed;
