//! Maps and sets that are sorted lists. A client holds some thousand entries at most and adds most of them at the end; with
//! the trees of the standard library the page where one talks was 24,000 compressed bytes larger.
//!
//! What is put in or taken out before the end moves all that stands behind it, so that these are for what a client holds,
//! and not for what a server keeps of all.

mod map;
mod set;

pub use map::Map;
pub use set::Set;

#[cfg(test)]
mod tests;
