//! JSON in little code, for the client, in place of `serde_json`: what does not fit is refused without a word of why, each
//! type is compiled for one reader and one writer, and objects are never lists. ARCHITECTURE.md has what the page where
//! one talks weighs with it; what it saves alone was not measured.
//!
//! It reads and writes what `serde_json` does, but for numbers with fractions, which nothing here has.

mod read;
mod write;

pub use read::{Reader, Unreadable, read};
pub use write::{Unwritable, write};

/// A value as it stands in the text: it is read later, or in another way.
pub(crate) use read::Raw;

#[cfg(test)]
mod tests;
